"""Plans after a signed screening, found by project, person and reference."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import ColumnElement, and_, exists, select
from sqlalchemy.orm import Session, aliased

from eqia.domain.permissions import Thing
from eqia.domain.plans import Plan, PlanStatus
from eqia.domain.screenings import Status
from eqia.persistence.queries.gathered import (
    Gathered,
    actions,
    findings,
    gather,
    gather_all,
    grace,
    groups_of,
    ids_of_measures,
    measures,
)
from eqia.persistence.tables.imports import ImportUndoRow
from eqia.persistence.tables.measures import (
    ReadingRow,
)
from eqia.persistence.tables.plans import (
    ActionRow,
    FindingActionRow,
    FindingRow,
    PlanMoveRow,
    PlanRow,
)
from eqia.persistence.tables.projects import ProjectMemberRow
from eqia.persistence.tables.screenings import ScreeningRow

__all__ = [
    "LIVE",
    "Gathered",
    "action",
    "actions",
    "answered_by",
    "facts_of",
    "finding",
    "findings",
    "gather",
    "gather_all",
    "get",
    "grace",
    "groups_of",
    "ids_of_measures",
    "measures",
    "moves",
    "newest_signed",
    "of_person",
    "of_project",
    "of_reference",
    "pauses_of",
    "thing_of",
    "undone",
]

_Later = aliased(ReadingRow)


def undone(reading: type[ReadingRow]) -> ColumnElement[bool]:
    """Whether the import a reading came with was taken back."""
    return exists().where(ImportUndoRow.batch_id == reading.import_batch_id)


#: readings that nothing has corrected; what an undone import brought counts for nothing
LIVE = and_(
    ~undone(ReadingRow),
    ~exists().where(_Later.supersedes == ReadingRow.id, ~undone(_Later)),
)


def get(session: Session, plan_id: UUID) -> PlanRow | None:
    """Find a plan."""
    return session.get(PlanRow, plan_id)


def thing_of(plan: PlanRow) -> Thing:
    """Give the facts a permission depends on."""
    return Thing(project_id=plan.project_id)


def facts_of(row: PlanRow) -> Plan:
    """Read a row as what the plan says."""
    return Plan(
        aim=row.aim,
        lead=row.lead,
        sponsor=row.sponsor,
        start_date=row.start_date,
        end_date=row.end_date,
        change_start=row.change_start,
        next_review=row.next_review,
    )


def of_reference(session: Session, reference: str) -> PlanRow | None:
    """Find the plan of a screening, whichever version it was opened for."""
    return session.scalar(select(PlanRow).where(PlanRow.reference == reference))


def of_project(session: Session, project_id: UUID) -> Sequence[PlanRow]:
    """List the plans of a project, newest first."""
    return session.scalars(
        select(PlanRow)
        .where(PlanRow.project_id == project_id)
        .order_by(PlanRow.created_at.desc(), PlanRow.id)
    ).all()


def of_person(session: Session, person_id: UUID) -> Sequence[PlanRow]:
    """List the open plans of the projects somebody is in, by their next review."""
    mine = select(ProjectMemberRow.project_id).where(
        ProjectMemberRow.person_id == person_id, ProjectMemberRow.until_at.is_(None)
    )
    return session.scalars(
        select(PlanRow)
        .where(PlanRow.project_id.in_(mine), PlanRow.status == PlanStatus.OPEN.value)
        .order_by(PlanRow.next_review, PlanRow.created_at, PlanRow.id)
    ).all()


def moves(session: Session, plan: PlanRow) -> Sequence[PlanMoveRow]:
    """List when a plan was paused, gone on with or closed, and why; the last time first."""
    return session.scalars(
        select(PlanMoveRow)
        .where(PlanMoveRow.plan_id == plan.id)
        .order_by(PlanMoveRow.created_at.desc(), PlanMoveRow.id)
    ).all()


def newest_signed(session: Session, reference: str) -> ScreeningRow | None:
    """Find the version in force under a reference."""
    return session.scalar(
        select(ScreeningRow)
        .where(
            ScreeningRow.reference == reference,
            ScreeningRow.status == Status.SIGNED,
        )
        .order_by(ScreeningRow.number.desc())
        .limit(1)
    )


def action(session: Session, plan: PlanRow, action_id: UUID) -> ActionRow | None:
    """Find an action of this plan."""
    row = session.get(ActionRow, action_id)
    return row if row is not None and row.plan_id == plan.id else None


def finding(session: Session, plan: PlanRow, finding_id: UUID) -> FindingRow | None:
    """Find a finding of this plan."""
    row = session.get(FindingRow, finding_id)
    return row if row is not None and row.plan_id == plan.id else None


def answered_by(session: Session, action: ActionRow) -> Sequence[FindingActionRow]:
    """List the links of an action to findings."""
    return session.scalars(
        select(FindingActionRow)
        .where(FindingActionRow.action_id == action.id)
        .order_by(FindingActionRow.created_at, FindingActionRow.id)
    ).all()


def pauses_of(plan: PlanRow) -> tuple[tuple[date, date | None], ...]:
    """Read the days on which a plan rests."""
    return tuple(
        (date.fromisoformat(first), date.fromisoformat(last) if last else None)
        for first, last in plan.pauses
    )

"""Plans after a signed screening, with all that hangs on them, in a fixed number of statements."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, exists, select
from sqlalchemy.orm import InstrumentedAttribute, Session, aliased

from eqia.domain.permissions import Thing
from eqia.domain.plans import Plan, PlanStatus
from eqia.domain.screenings import Status
from eqia.domain.standings import ENGINE, Standing, from_json
from eqia.persistence.queries import risks
from eqia.persistence.tables.imports import ImportUndoRow
from eqia.persistence.tables.measures import (
    MeasureRow,
    MeasureVersionRow,
    ReadingRow,
)
from eqia.persistence.tables.organisations import OrganisationRow
from eqia.persistence.tables.people import PersonRow
from eqia.persistence.tables.plan_parts import RiskRow
from eqia.persistence.tables.plans import (
    ActionMeasureRow,
    ActionRow,
    FindingActionRow,
    FindingRow,
    PlanReviewRow,
    PlanRow,
)
from eqia.persistence.tables.projects import ProjectMemberRow
from eqia.persistence.tables.screenings import ScreeningRow
from eqia.persistence.tables.standings import MeasureStandingRow

_Later = aliased(ReadingRow)


def _undone(reading: type[ReadingRow]) -> ColumnElement[bool]:
    """Whether the import a reading came with was taken back."""
    return exists().where(ImportUndoRow.batch_id == reading.import_batch_id)


#: readings that nothing has corrected; what an undone import brought counts for nothing
LIVE = and_(
    ~_undone(ReadingRow),
    ~exists().where(_Later.supersedes == ReadingRow.id, ~_undone(_Later)),
)


@dataclass(frozen=True, slots=True)
class Gathered:
    """The rows of one plan, each kind in its order."""

    plan: PlanRow
    findings: Sequence[FindingRow]
    actions: Sequence[ActionRow]
    answering: Sequence[FindingActionRow]
    showing: Sequence[ActionMeasureRow]
    measures: Sequence[MeasureRow]
    versions: Sequence[MeasureVersionRow]
    #: how each stands, as kept when its readings last changed
    standings: Mapping[UUID, Standing]
    #: days after which a reading that is due counts as overdue
    grace: int
    reviews: Sequence[PlanReviewRow]
    risks: Sequence[RiskRow]
    #: the number of a later signed version of the screening, or 0
    newer: int
    inactive: frozenset[str]


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


def gather(session: Session, plan: PlanRow) -> Gathered:
    """Read everything a plan has."""
    screening = newest_signed(session, plan.reference)
    newer = screening.number if screening and screening.id != plan.screening_id else 0
    return Gathered(
        plan,
        findings(session, plan),
        actions(session, plan),
        session.scalars(
            select(FindingActionRow)
            .join(ActionRow, ActionRow.id == FindingActionRow.action_id)
            .where(ActionRow.plan_id == plan.id)
            .order_by(FindingActionRow.created_at, FindingActionRow.id)
        ).all(),
        session.scalars(
            select(ActionMeasureRow)
            .join(ActionRow, ActionRow.id == ActionMeasureRow.action_id)
            .where(ActionRow.plan_id == plan.id)
            .order_by(ActionMeasureRow.created_at, ActionMeasureRow.id)
        ).all(),
        measures(session, plan),
        session.scalars(
            select(MeasureVersionRow)
            .join(MeasureRow, MeasureRow.id == MeasureVersionRow.measure_id)
            .where(MeasureRow.plan_id == plan.id)
            .order_by(MeasureVersionRow.number, MeasureVersionRow.id)
        ).all(),
        standings(session, ids_of_measures(plan)),
        grace(session),
        reviews(session, plan),
        risks.of_plan(session, plan),
        newer,
        frozenset(
            session.scalars(
                select(PersonRow.name).where(
                    ~PersonRow.active, PersonRow.name.in_(_owners_of(plan))
                )
            )
        ),
    )


def findings(session: Session, plan: PlanRow) -> Sequence[FindingRow]:
    """List the findings a plan answers, in the order of the form."""
    return session.scalars(
        select(FindingRow)
        .where(FindingRow.plan_id == plan.id)
        .order_by(FindingRow.created_at, FindingRow.position, FindingRow.id)
    ).all()


def actions(session: Session, plan: PlanRow) -> Sequence[ActionRow]:
    """List the actions of a plan, in the order they were made."""
    return session.scalars(
        select(ActionRow)
        .where(ActionRow.plan_id == plan.id)
        .order_by(ActionRow.created_at, ActionRow.due, ActionRow.cause, ActionRow.id)
    ).all()


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


def measures(session: Session, plan: PlanRow) -> Sequence[MeasureRow]:
    """List the measures of a plan, in the order they were made."""
    return session.scalars(
        select(MeasureRow)
        .where(MeasureRow.plan_id == plan.id)
        .order_by(MeasureRow.created_at, MeasureRow.cause, MeasureRow.id)
    ).all()


def ids_of_measures(plan: PlanRow) -> Select[UUID]:
    """Choose the measures of a plan."""
    return select(MeasureRow.id).where(MeasureRow.plan_id == plan.id)


def standings(session: Session, wanted: Select[UUID]) -> dict[UUID, Standing]:
    """Give how measures stand, as kept; without those that another engine worked out."""
    return _standings(session, wanted, MeasureStandingRow.exact)


def published_standings(session: Session, wanted: Select[UUID]) -> dict[UUID, Standing]:
    """Give the same as people outside the team see it, with small numbers hidden."""
    return _standings(session, wanted, MeasureStandingRow.published)


def _standings(
    session: Session, wanted: Select[UUID], kept: InstrumentedAttribute[dict[str, Any]]
) -> dict[UUID, Standing]:
    rows = session.execute(
        select(MeasureStandingRow.measure_id, kept).where(
            MeasureStandingRow.measure_id.in_(wanted), MeasureStandingRow.engine == ENGINE
        )
    )
    return {measure_id: from_json(one) for measure_id, one in rows}


def grace(session: Session) -> int:
    """Give the days of grace the organisation allows for readings."""
    return session.scalar(select(OrganisationRow.grace_days)) or 0


def reviews(session: Session, plan: PlanRow) -> Sequence[PlanReviewRow]:
    """List the reviews that were held, the latest first."""
    return session.scalars(
        select(PlanReviewRow)
        .where(PlanReviewRow.plan_id == plan.id)
        .order_by(PlanReviewRow.held_on.desc(), PlanReviewRow.created_at.desc(), PlanReviewRow.id)
    ).all()


def pauses_of(plan: PlanRow) -> tuple[tuple[date, date | None], ...]:
    """Read the days on which a plan rests."""
    return tuple(
        (date.fromisoformat(first), date.fromisoformat(last) if last else None)
        for first, last in plan.pauses
    )


def _owners_of(plan: PlanRow) -> Select[str]:
    owned = select(ActionRow.owner).where(ActionRow.plan_id == plan.id)
    read = select(MeasureRow.owner).where(MeasureRow.plan_id == plan.id)
    risky = select(RiskRow.owner).where(RiskRow.plan_id == plan.id)
    everybody = owned.union(read, risky).subquery()
    return select(everybody.c.owner)

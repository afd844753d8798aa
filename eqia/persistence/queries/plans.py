"""Plans after a signed screening, with all that hangs on them, in a fixed number of statements."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, aliased

from eqia.domain.permissions import Thing
from eqia.domain.plans import Plan, PlanStatus
from eqia.domain.screenings import Status
from eqia.persistence.tables.measures import (
    BaselineRow,
    MeasureRow,
    MeasureVersionRow,
    ReadingRow,
    TargetRow,
)
from eqia.persistence.tables.people import PersonRow
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

_Later = aliased(ReadingRow)
#: readings that nothing has corrected
LIVE = ~select(_Later.id).where(_Later.supersedes == ReadingRow.id).exists()


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
    baselines: Sequence[BaselineRow]
    targets: Sequence[TargetRow]
    readings: Sequence[ReadingRow]
    reviews: Sequence[PlanReviewRow]
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
    versions = _versions_of(plan)
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
            .where(MeasureVersionRow.id.in_(versions))
            .order_by(MeasureVersionRow.number, MeasureVersionRow.id)
        ).all(),
        session.scalars(
            select(BaselineRow)
            .where(BaselineRow.version_id.in_(versions))
            .order_by(BaselineRow.created_at, BaselineRow.id)
        ).all(),
        session.scalars(
            select(TargetRow)
            .where(TargetRow.version_id.in_(versions))
            .order_by(TargetRow.created_at, TargetRow.id)
        ).all(),
        session.scalars(
            select(ReadingRow)
            .where(ReadingRow.version_id.in_(versions), LIVE)
            .order_by(ReadingRow.period_start, ReadingRow.member, ReadingRow.id)
        ).all(),
        reviews(session, plan),
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


def _versions_of(plan: PlanRow) -> Select[UUID]:
    return (
        select(MeasureVersionRow.id)
        .join(MeasureRow, MeasureRow.id == MeasureVersionRow.measure_id)
        .where(MeasureRow.plan_id == plan.id)
    )


def _owners_of(plan: PlanRow) -> Select[str]:
    owned = select(ActionRow.owner).where(ActionRow.plan_id == plan.id)
    read = select(MeasureRow.owner).where(MeasureRow.plan_id == plan.id)
    both = owned.union(read).subquery()
    return select(both.c.owner)

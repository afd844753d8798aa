"""What of plans waits for a person: figures that give concern, and readings that are overdue."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import exists, or_, select
from sqlalchemy.orm import Session

from eqia.domain.due_dates import DueItem, Pause, Terms
from eqia.domain.people import Person, Role
from eqia.domain.plans import PlanStatus
from eqia.domain.standings import ENGINE, Standing, spans_from
from eqia.persistence.queries import measures
from eqia.persistence.queries.plans import grace, pauses_of
from eqia.persistence.queries.start import MOST
from eqia.persistence.tables.measures import MeasureRow
from eqia.persistence.tables.plans import PlanReviewRow, PlanRow
from eqia.persistence.tables.projects import ProjectRow
from eqia.persistence.tables.standings import MeasureStandingRow


@dataclass(frozen=True, slots=True)
class Concern:
    """A measure that gives reason to worry, with no review held since."""

    plan_id: UUID
    project_title: str
    measure_title: str
    since: date


@dataclass(frozen=True, slots=True)
class Overdue:
    """A plan with readings that are overdue, how many and since when the oldest was due."""

    plan_id: UUID
    project_title: str
    count: int
    oldest: date


def concerns(session: Session, person: Person) -> list[Concern]:
    """List what gives concern in somebody's projects; a reviewer looks after all of them."""
    reviewed = exists().where(
        PlanReviewRow.plan_id == PlanRow.id,
        PlanReviewRow.held_on >= MeasureStandingRow.concern_since,
    )
    mine = PlanRow.project_id.in_(list(person.projects))
    # What only hidden figures give reason for, people outside the team do not know.
    told = MeasureStandingRow.told_since.is_not(None)
    theirs = or_(mine, told) if Role.REVIEWER in person.roles else mine
    rows = session.execute(
        select(PlanRow.id, ProjectRow.title, MeasureRow.title, MeasureStandingRow.concern_since)
        .join(MeasureRow, MeasureRow.id == MeasureStandingRow.measure_id)
        .join(PlanRow, PlanRow.id == MeasureRow.plan_id)
        .join(ProjectRow, ProjectRow.id == PlanRow.project_id)
        .where(
            MeasureStandingRow.concern_since.is_not(None),
            MeasureRow.status == "live",
            PlanRow.status == PlanStatus.OPEN,
            ~reviewed,
            theirs,
        )
        .order_by(MeasureStandingRow.concern_since, MeasureRow.id)
        .limit(MOST)
    )
    return [Concern(plan_id, title, name, day) for plan_id, title, name, day in rows if day]


def overdue(session: Session, person: Person, today: date) -> list[Overdue]:
    """Count the overdue readings of somebody's open plans, the longest overdue first."""
    if not person.projects:
        return []
    late: dict[UUID, list[DueItem]] = {}
    titles: dict[UUID, str] = {}
    for plan, title, items in _due(session, person, today):
        found = [one for one in items if one.is_late]
        if found:
            late.setdefault(plan.id, []).extend(found)
            titles[plan.id] = title
    told = [
        Overdue(plan_id, titles[plan_id], len(items), min(one.due for one in items))
        for plan_id, items in late.items()
    ]
    return sorted(told, key=lambda one: (one.oldest, one.project_title))[:MOST]


def _due(
    session: Session, person: Person, today: date
) -> Iterator[tuple[PlanRow, str, Sequence[DueItem]]]:
    """Read only which periods were read: of the figures nothing is said here."""
    kept = MeasureStandingRow.exact
    rows = session.execute(
        select(MeasureRow, PlanRow, ProjectRow.title, kept["confirmed"], kept["early"])
        .join(PlanRow, PlanRow.id == MeasureRow.plan_id)
        .join(ProjectRow, ProjectRow.id == PlanRow.project_id)
        .join(MeasureStandingRow, MeasureStandingRow.measure_id == MeasureRow.id)
        .where(
            PlanRow.project_id.in_(list(person.projects)),
            PlanRow.status == PlanStatus.OPEN,
            MeasureStandingRow.engine == ENGINE,
        )
        .order_by(MeasureRow.id)
    ).all()
    days = grace(session) if rows else 0
    for row, plan, title, confirmed, early in rows:
        standing = Standing(confirmed=spans_from(confirmed), early=spans_from(early))
        pauses = tuple(Pause(first, last) for first, last in pauses_of(plan))
        terms = Terms(row.lag_days, days, pauses)
        yield plan, title, measures.due_of(row, standing, today, terms)

"""What of plans waits for a person: what gives concern, what reviews decided, what is overdue."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import Select, exists, func, or_, select
from sqlalchemy.orm import Session

from eqia.domain.days import london_day
from eqia.domain.due_dates import DueItem, Pause, Terms
from eqia.domain.people import Person, Role
from eqia.domain.pictures import Picture
from eqia.domain.plan_reviews import is_answered
from eqia.domain.plans import ActionStatus, PlanStatus, ReviewDecision
from eqia.domain.review_answers import Rescreening
from eqia.domain.standings import ENGINE, Standing, spans_from
from eqia.persistence.queries import measures
from eqia.persistence.queries.plans import gather_all, grace, pauses_of
from eqia.persistence.queries.start import MOST
from eqia.persistence.tables.measures import MeasureRow, MeasureVersionRow
from eqia.persistence.tables.plans import ActionRow, PlanReviewRow, PlanRow
from eqia.persistence.tables.projects import ProjectRow
from eqia.persistence.tables.standings import MeasureStandingRow

#: when a measure was first defined
_MADE = (
    select(func.min(MeasureVersionRow.created_at))
    .where(MeasureVersionRow.measure_id == MeasureRow.id)
    .scalar_subquery()
)


@dataclass(frozen=True, slots=True)
class Concern:
    """A measure that gives reason to worry, with no review held since."""

    plan_id: UUID
    project_title: str
    measure_title: str
    since: date
    is_paused: bool


@dataclass(frozen=True, slots=True)
class Again:
    """A review of a plan decided to screen again, and that is not signed yet."""

    plan_id: UUID
    project_id: UUID
    project_title: str
    screening_id: UUID
    decision: Rescreening
    is_paused: bool


@dataclass(frozen=True, slots=True)
class LateAction:
    """An action past its day: somebody's own, nobody's, or anybody's in a project they lead."""

    plan_id: UUID
    project_title: str
    title: str
    due: date
    owner: str
    is_mine: bool


@dataclass(frozen=True, slots=True)
class Overdue:
    """A plan with readings that are overdue, how many and since when the oldest was due."""

    plan_id: UUID
    project_title: str
    count: int
    oldest: date


def after_reviews(
    session: Session, person: Person, today: date
) -> tuple[list[Concern], list[Again]]:
    """List what no review has answered in somebody's projects, and what reviews decided to do.

    A reviewer looks after all plans, and knows of others what people outside the team know.
    """
    rows = session.execute(_asking(person)).all()
    titles = {plan.id: title for plan, title in rows}
    mine = [plan for plan, _ in rows if plan.project_id in person.projects]
    others = [plan for plan, _ in rows if plan.project_id not in person.projects]
    found: list[Concern] = []
    again: list[Again] = []
    for some, outside in ((mine, False), (others, True)):
        several = gather_all(session, some, outside=outside) if some else []
        for one, shown in zip(several, measures.shown_all(session, several, today), strict=True):
            title = titles[one.plan.id]
            found += _unanswered(one.plan, title, measures.picture(one, shown, today))
            if one.again is not None:
                plan = one.plan
                named = (plan.id, plan.project_id, title, plan.screening_id)
                again.append(Again(*named, one.again, _is_paused(plan)))
    found.sort(key=lambda one: (one.since, one.project_title, one.measure_title))
    again.sort(key=lambda one: (one.decision.due or date.max, one.project_title))
    return found[:MOST], again[:MOST]


def _asking(person: Person) -> Select[PlanRow, str]:
    """Choose the plans in which something may ask for a review, or follows from one.

    Pausing a plan puts off its readings; what was seen in them goes on to wait.
    """
    mine = PlanRow.project_id.in_(list(person.projects))
    # What only hidden figures give reason for, people outside the team do not know.
    told = MeasureStandingRow.told_since.is_not(None)
    is_reviewer = Role.REVIEWER in person.roles
    worried = exists().where(
        MeasureRow.plan_id == PlanRow.id,
        MeasureRow.id == MeasureStandingRow.measure_id,
        MeasureRow.status == "live",
        MeasureStandingRow.concern_since.is_not(None),
        or_(mine, told) if is_reviewer else mine,
    )
    decided = exists().where(
        PlanReviewRow.plan_id == PlanRow.id, PlanReviewRow.decision == ReviewDecision.RESCREEN
    )
    return (
        select(PlanRow, ProjectRow.title)
        .join(ProjectRow, ProjectRow.id == PlanRow.project_id)
        .where(
            PlanRow.status != PlanStatus.CLOSED,
            or_(worried, decided),
            *(() if is_reviewer else (mine,)),
        )
        .order_by(PlanRow.reference, PlanRow.id)
    )


def _unanswered(plan: PlanRow, title: str, picture: Picture) -> Iterator[Concern]:
    for one in picture.measures:
        if one.live and one.concern is not None and not is_answered(picture, one):
            yield Concern(plan.id, title, one.title, one.concern[0], _is_paused(plan))


def _is_paused(plan: PlanRow) -> bool:
    return plan.status == PlanStatus.PAUSED


def actions(session: Session, person: Person, today: date) -> list[LateAction]:
    """List the actions past their day that somebody owns or has to see to, in open plans.

    Who leads a project sees to all of its actions, whoever owns them.
    """
    led = [project_id for project_id in person.projects if person.leads(project_id)]
    name = person.name.lower()
    rows = session.execute(
        select(ActionRow, PlanRow.id, ProjectRow.title)
        .join(PlanRow, PlanRow.id == ActionRow.plan_id)
        .join(ProjectRow, ProjectRow.id == PlanRow.project_id)
        .where(
            PlanRow.project_id.in_(list(person.projects)),
            PlanRow.status == PlanStatus.OPEN,
            ActionRow.status == ActionStatus.OPEN,
            ActionRow.due < today,
            or_(func.lower(ActionRow.owner).in_([name, ""]), PlanRow.project_id.in_(led)),
        )
        .order_by(ActionRow.due, ActionRow.id)
        .limit(MOST)
    )
    return [
        LateAction(plan_id, title, row.title, row.due, row.owner, row.owner.lower() == name)
        for row, plan_id, title in rows
        if row.due
    ]


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
        select(MeasureRow, PlanRow, ProjectRow.title, kept["confirmed"], kept["early"], _MADE)
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
    for row, plan, title, confirmed, early, made in rows:
        standing = Standing(confirmed=spans_from(confirmed), early=spans_from(early))
        pauses = tuple(Pause(first, last) for first, last in pauses_of(plan))
        terms = Terms(row.lag_days, days, pauses, london_day(made or row.created_at))
        yield plan, title, measures.due_of(row, standing, today, terms)

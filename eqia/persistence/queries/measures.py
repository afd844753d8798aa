"""Measures with their definitions in force, how they stand and when the next readings are due."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from sqlalchemy import and_, select
from sqlalchemy.orm import Session, aliased

from eqia.domain.coverage import ActionView, FindingView, MeasureFacts, MeasureView, Picture
from eqia.domain.days import add_months, london_day
from eqia.domain.due_dates import DueItem, DueState, Pause, Terms, due_items, next_due, open_items
from eqia.domain.errors import Refusal
from eqia.domain.findings import Direction
from eqia.domain.judgements import standing_of
from eqia.domain.periods import Frequency, Period, Schedule, starting
from eqia.domain.plans import PlanStatus
from eqia.domain.published_readings import published
from eqia.domain.standings import NOTHING_READ, Standing
from eqia.persistence.queries import plan_reviews, risks
from eqia.persistence.queries.definitions import definition_of, figure_of
from eqia.persistence.queries.plans import LIVE, Gathered, pauses_of, undone
from eqia.persistence.queries.readings import views_of
from eqia.persistence.tables.measures import MeasureRow, MeasureVersionRow, ReadingRow
from eqia.persistence.tables.people import PersonRow
from eqia.persistence.tables.plans import ActionMeasureRow, PlanRow

__all__ = [
    "Corrected",
    "Read",
    "Shown",
    "actions_of",
    "coming",
    "comments_of",
    "corrections_of",
    "definition_of",
    "due_of",
    "figure_of",
    "get",
    "live_readings",
    "picture",
    "read",
    "schedule_of",
    "shown",
    "shown_all",
    "version_of",
    "views_of",
]

#: of which no reading is waited for any more
_SETTLED = frozenset({DueState.GIVEN, DueState.NOT_COLLECTED, DueState.EARLIER, DueState.BASELINE})
#: how far ahead of today the next period is looked for, in months
_AHEAD = 14


@dataclass(frozen=True, slots=True)
class Shown:
    """A measure with the version of its definition in force, and how it stands."""

    row: MeasureRow
    version: MeasureVersionRow | None
    view: MeasureFacts


@dataclass(frozen=True, slots=True)
class Read:
    """A measure with the version of its definition in force, and all that was read by it."""

    row: MeasureRow
    version: MeasureVersionRow | None
    view: MeasureView


def get(session: Session, plan: PlanRow, measure_id: UUID) -> MeasureRow | None:
    """Find a measure of this plan."""
    row = session.get(MeasureRow, measure_id)
    return row if row is not None and row.plan_id == plan.id else None


def version_of(session: Session, measure: MeasureRow) -> MeasureVersionRow | None:
    """Find the definition in force."""
    return session.scalar(
        select(MeasureVersionRow)
        .where(MeasureVersionRow.measure_id == measure.id)
        .order_by(MeasureVersionRow.number.desc())
        .limit(1)
    )


def actions_of(session: Session, measure: MeasureRow) -> Sequence[UUID]:
    """List the actions a measure is linked to."""
    return session.scalars(
        select(ActionMeasureRow.action_id)
        .where(ActionMeasureRow.measure_id == measure.id, ActionMeasureRow.ended_at.is_(None))
        .order_by(ActionMeasureRow.created_at, ActionMeasureRow.id)
    ).all()


def live_readings(
    session: Session, version: MeasureVersionRow, period: Period
) -> dict[str, ReadingRow]:
    """Give the live readings of one period, by member."""
    rows = session.scalars(
        select(ReadingRow)
        .where(
            ReadingRow.version_id == version.id,
            ReadingRow.period_start == period.start,
            ReadingRow.period_end == period.end,
            LIVE,
        )
        .order_by(ReadingRow.member)
    )
    return {row.member: row for row in rows}


@dataclass(frozen=True, slots=True)
class Corrected:
    """A reading that holds no more, and the one in its place with who entered it; or none."""

    before: ReadingRow
    after: ReadingRow | None
    who: str


def corrections_of(session: Session, version: MeasureVersionRow) -> Sequence[Corrected]:
    """List the readings that were corrected since, the latest period first."""
    later = aliased(ReadingRow)
    rows = session.execute(
        select(ReadingRow, later, PersonRow.name)
        .select_from(ReadingRow)
        .outerjoin(later, and_(later.supersedes == ReadingRow.id, ~undone(later)))
        .outerjoin(PersonRow, PersonRow.id == later.created_by)
        .where(ReadingRow.version_id == version.id, ~LIVE)
        .order_by(ReadingRow.period_start.desc(), ReadingRow.member, ReadingRow.created_at)
    )
    return [Corrected(before, after, who or "") for before, after, who in rows]


def comments_of(session: Session, version: MeasureVersionRow) -> Iterable[tuple[date, date, str]]:
    """Give what was said about the figures of each period, the newest first, each once."""
    said = session.execute(
        select(ReadingRow.period_start, ReadingRow.period_end, ReadingRow.comment)
        .where(ReadingRow.version_id == version.id, ReadingRow.comment != "", LIVE)
        .order_by(ReadingRow.period_start.desc(), ReadingRow.member.desc(), ReadingRow.id)
    )
    return dict.fromkeys((start, end, comment) for start, end, comment in said)


def schedule_of(row: MeasureRow) -> Schedule | None:
    """Give the periods of a measure, once it says how often it is read and since when."""
    if not row.frequency or row.first_period is None:
        return None
    return Schedule(Frequency(row.frequency), row.first_period)


def shown(session: Session, gathered: Gathered, today: date) -> tuple[Shown, ...]:
    """Give each measure of a plan as it stands today."""
    return shown_all(session, [gathered], today)[0]


def shown_all(
    session: Session, several: Sequence[Gathered], today: date
) -> list[tuple[Shown, ...]]:
    """Give the measures of some plans, in as many statements as of one.

    What is not kept, or was worked out by another engine, is worked out from the readings.
    """
    stale = [one for one in several if any(row.id not in one.standings for row in one.measures)]
    fresh = _judged(session, stale) if stale else {}
    return [_shown_of(one, {**one.standings, **fresh}, today) for one in several]


def _judged(session: Session, several: Sequence[Gathered]) -> dict[UUID, Standing]:
    views = views_of(session, [row for one in several for row in one.measures])
    found: dict[UUID, Standing] = {}
    for one in several:
        mine = {row.id: views[row.id] for row in one.measures}
        try:
            found |= _standings(mine, outside=one.outside)
        except Refusal:
            # Readings from before periods were checked may overlap: the measure's page says so.
            found |= dict.fromkeys(mine, NOTHING_READ)
    return found


def _standings(views: Mapping[UUID, MeasureView], *, outside: bool) -> dict[UUID, Standing]:
    if outside:
        told = zip(views, published(list(views.values())), strict=True)
        return {measure_id: view.standing for measure_id, view in told}
    return {measure_id: standing_of(view) for measure_id, view in views.items()}


def _shown_of(
    gathered: Gathered, standings: Mapping[UUID, Standing], today: date
) -> tuple[Shown, ...]:
    # In the order of their numbers, so that the last one of each is in force.
    versions = {one.measure_id: one for one in gathered.versions}
    return tuple(
        _shown(gathered, row, versions.get(row.id), standings[row.id], today)
        for row in gathered.measures
    )


def read(session: Session, gathered: Gathered, shown: Shown, today: date) -> Read:
    """Give a measure of a plan with all that was read by it, and every period until now."""
    row = shown.row
    view = views_of(session, [row])[row.id]
    standing = standing_of(view)
    due = due_of(row, standing, today, _terms(gathered, row, standing), due_items)
    whole = replace(view, standing=standing, due=due, next_due=next_due(due, today))
    return Read(row, shown.version, whole)


def coming(gathered: Gathered, shown: Shown, today: date) -> tuple[DueItem, ...]:
    """List every reading that waits, overdue or up to a year and more ahead."""
    if shown.version is None:
        return ()
    terms = _terms(gathered, shown.row, shown.view.standing)
    found = due_of(shown.row, shown.view.standing, today, terms, due_items)
    return tuple(one for one in found if one.state not in _SETTLED)


def picture(gathered: Gathered, measures: Iterable[Shown], today: date) -> Picture:
    """See a whole plan on one day."""
    plan = gathered.plan
    answers: dict[UUID, set[str]] = {}
    for link in gathered.answering:
        answers.setdefault(link.action_id, set()).add(str(link.finding_id))
    shows: dict[UUID, set[str]] = {}
    for one in gathered.showing:
        shows.setdefault(one.action_id, set()).add(str(one.measure_id))
    return Picture(
        today=today,
        is_open=plan.status == PlanStatus.OPEN,
        change_start=plan.change_start,
        findings=tuple(
            FindingView(
                id=str(row.id),
                group=row.group_id,
                label=row.label,
                direction=Direction(row.direction),
                no_action=bool(row.no_action_reason),
                current=row.screening_id == plan.screening_id,
            )
            for row in gathered.findings
        ),
        actions=tuple(
            ActionView(
                id=str(row.id),
                title=row.title,
                kind=row.kind,
                owner=row.owner,
                due=row.due,
                status=row.status,
                done_date=row.done_date,
                unmeasurable=bool(row.no_measure_reason),
                findings=frozenset(answers.get(row.id, ())),
                measures=frozenset(shows.get(row.id, ())),
            )
            for row in gathered.actions
        ),
        measures=tuple(one.view for one in measures),
        risks=tuple(risks.view_of(row) for row in gathered.risks),
        last_unasked=plan_reviews.last_unasked(gathered.reviews),
        answers=plan_reviews.answers_of(gathered.reviews),
        again=gathered.again,
        newer_version=gathered.newer,
        inactive=gathered.inactive,
    )


def _shown(
    gathered: Gathered,
    row: MeasureRow,
    version: MeasureVersionRow | None,
    standing: Standing,
    today: date,
) -> Shown:
    due = due_of(row, standing, today, _terms(gathered, row, standing))
    facts = MeasureFacts(
        id=str(row.id),
        title=row.title,
        owner=row.owner,
        live=row.status == "live",
        frequency=row.frequency,
        definition=definition_of(version) if version else None,
        standing=standing,
        due=due,
        next_due=next_due(due, today),
    )
    return Shown(row, version, facts)


def due_of(
    row: MeasureRow,
    standing: Standing,
    today: date,
    terms: Terms,
    listed: Callable[..., tuple[DueItem, ...]] = open_items,
) -> tuple[DueItem, ...]:
    """Say how the reading of each period stands: of those that wait for one, or of all."""
    schedule = schedule_of(row)
    if schedule is None or row.first_period is None or row.status != "live":
        return ()
    first = schedule.around(row.first_period).start
    if listed is open_items:
        # What is given in one row from the start on needs no look.
        first = standing.confirmed.after(first)
    return listed(
        starting(schedule, first),
        max(add_months(today, _AHEAD), row.first_period),
        today,
        terms=terms,
        confirmed=standing.confirmed,
        early=standing.early,
    )


def _terms(gathered: Gathered, row: MeasureRow, standing: Standing) -> Terms:
    pauses = tuple(Pause(first, last) for first, last in pauses_of(gathered.plan))
    first = gathered.defined.get(row.id, row.created_at)
    return Terms(row.lag_days, gathered.grace, pauses, london_day(first), _asked(standing))


def _asked(standing: Standing) -> Period | None:
    """Give the days of the baseline."""
    held = standing.baseline
    return (
        Period(held.from_date, held.to_date) if held and held.from_date and held.to_date else None
    )

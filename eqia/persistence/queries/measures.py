"""Measures with their definitions in force, their readings and when the next ones are due."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from eqia.domain.concerns import concern_of
from eqia.domain.coverage import ActionView, FindingView, MeasureView, Picture
from eqia.domain.due_dates import DueItem, Pause, Terms, due_items, next_due
from eqia.domain.findings import Direction
from eqia.domain.flags import add_months, london_day
from eqia.domain.measures import OVERALL, Baseline, Definition, Target, members_of
from eqia.domain.periods import Frequency, Period, Schedule, starting
from eqia.domain.plans import PlanStatus
from eqia.domain.readings import Figure, Reading, ReadingState
from eqia.persistence.queries.plans import LIVE, Gathered, pauses_of
from eqia.persistence.tables.measures import (
    BaselineRow,
    MeasureRow,
    MeasureVersionRow,
    ReadingRow,
    TargetRow,
)
from eqia.persistence.tables.plans import ActionMeasureRow, PlanRow

#: how far ahead of today the next period is looked for, in months
_AHEAD = 14


@dataclass(frozen=True, slots=True)
class Shown:
    """A measure with the version of its definition in force, and how it stands."""

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
        .where(ActionMeasureRow.measure_id == measure.id)
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


def corrections_of(session: Session, version: MeasureVersionRow) -> Sequence[ReadingRow]:
    """List the readings that were corrected since, the latest period first."""
    return session.scalars(
        select(ReadingRow)
        .where(ReadingRow.version_id == version.id, ~LIVE)
        .order_by(ReadingRow.period_start.desc(), ReadingRow.member, ReadingRow.created_at)
    ).all()


def definition_of(row: MeasureVersionRow) -> Definition:
    """Read a row as the definition it holds."""
    return Definition(
        shape=row.shape,
        numerator=row.numerator,
        denominator=row.denominator,
        direction=row.direction,
        per=row.per,
        unit=row.unit,
        inclusion=row.inclusion,
        exclusion=row.exclusion,
        characteristic=row.characteristic,
        category_set=row.category_set,
        members=members_of(row.members),
        reference=row.reference,
    )


def figure_of(row: ReadingRow) -> Figure:
    """Read a row as the figure it holds."""
    return Figure(row.member, row.numerator, row.denominator, row.value, row.state)


def schedule_of(row: MeasureRow) -> Schedule | None:
    """Give the periods of a measure, once it says how often it is read and since when."""
    if not row.frequency or row.first_period is None:
        return None
    return Schedule(Frequency(row.frequency), row.first_period)


def shown(gathered: Gathered, today: date) -> tuple[Shown, ...]:
    """Give each measure of a plan as it stands today."""
    series: dict[UUID, list[ReadingRow]] = {}
    for reading in gathered.readings:
        series.setdefault(reading.version_id, []).append(reading)
    return tuple(_shown(gathered, row, series, today) for row in gathered.measures)


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
        last_review=gathered.reviews[0].held_on if gathered.reviews else None,
        newer_version=gathered.newer,
        inactive=gathered.inactive,
    )


def _shown(
    gathered: Gathered, row: MeasureRow, series: Mapping[UUID, list[ReadingRow]], today: date
) -> Shown:
    versions = [one for one in gathered.versions if one.measure_id == row.id]
    version = versions[-1] if versions else None
    readings = _readings(series.get(version.id, ()) if version else ())
    due = _due(gathered.plan, row, readings, today)
    earlier = {one.id for one in versions[:-1]}
    view = MeasureView(
        id=str(row.id),
        title=row.title,
        owner=row.owner,
        live=row.status == "live",
        frequency=row.frequency,
        definition=definition_of(version) if version else None,
        baseline=_baseline(gathered.baselines, version),
        had_baseline=any(one.version_id in earlier for one in gathered.baselines),
        targets=_targets(gathered.targets, version),
        readings=readings,
        due=due,
        next_due=next_due(due, today),
    )
    return Shown(row, version, replace(view, concern=concern_of(view)))


def _readings(rows: Iterable[ReadingRow]) -> tuple[Reading, ...]:
    return tuple(
        Reading(
            Period(row.period_start, row.period_end), figure_of(row), london_day(row.created_at)
        )
        for row in rows
    )


def _baseline(rows: Sequence[BaselineRow], version: MeasureVersionRow | None) -> Baseline | None:
    """Give the baseline set last."""
    mine = [row for row in rows if version is not None and row.version_id == version.id]
    if not mine:
        return None
    row = mine[-1]
    return Baseline(row.from_date, row.to_date, row.state, row.note)


def _targets(rows: Sequence[TargetRow], version: MeasureVersionRow | None) -> tuple[Target, ...]:
    return tuple(
        Target(row.member, row.kind, row.value, row.from_date, row.to_date, row.source)
        for row in rows
        if version is not None and row.version_id == version.id
    )


def _due(
    plan: PlanRow, row: MeasureRow, readings: Iterable[Reading], today: date
) -> tuple[DueItem, ...]:
    """Say for each period until now, and the one under way, how its reading stands."""
    schedule = schedule_of(row)
    if schedule is None or row.first_period is None or row.status != "live":
        return ()
    given = tuple(readings)
    early = {one.period for one in given if one.figure.state == ReadingState.PROVISIONAL}
    confirmed = {one.period for one in given} - early
    pauses = tuple(Pause(first, last) for first, last in pauses_of(plan))
    terms = Terms(lag_days=row.lag_days, pauses=pauses)
    until = max(add_months(today, _AHEAD), row.first_period)
    return due_items(
        starting(schedule, row.first_period),
        until,
        today,
        terms=terms,
        confirmed=confirmed,
        early=early,
    )


def latest(view: MeasureView, member: str = OVERALL) -> Reading | None:
    """Give the latest reading of a member."""
    found = view.of(member)
    return found[-1] if found else None

"""The demonstration's measures: defined, with two years of readings typed or taken from files."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from decimal import Decimal

from eqia.domain.adjustments import Adjustment
from eqia.domain.categories import load_category_sets
from eqia.domain.days import add_months
from eqia.domain.exported_readings import EVERYBODY, TEMPLATE
from eqia.domain.measures import (
    Baseline,
    BaselineState,
    Definition,
    Member,
    Routine,
    Shape,
    Target,
    members_from,
    members_in,
)
from eqia.domain.periods import Frequency, Period, Schedule
from eqia.domain.readings import Figure
from eqia.domain.spreadsheets import csv_text
from eqia.persistence.queries import measures as queries
from eqia.persistence.queries import plans as plan_queries
from eqia.persistence.tables.measures import MeasureRow
from eqia.persistence.tables.plans import PlanRow
from eqia.services import adjustments, import_files, imports, measures, readings, targets
from eqia.services.demonstration_story import Acts, By, Stage, Story
from eqia.services.import_files import Sent

#: figures of a period are entered so many days after it
_ENTERED_AFTER = timedelta(days=10)
#: periods with what was read in them
Rows = list[tuple[Period, tuple[Figure, ...]]]
_MONTHS_IN: dict[str, int] = {Frequency.MONTH.value: 1, Frequency.QUARTER.value: 3}


def add(stage: Stage, told: Story, one: Story, plan: PlanRow) -> Acts:
    """Define a measure, enter what was read, say what it is compared with, change its charts.

    What is read later is entered when it is.
    """
    opened = stage.at(told["opened"])
    yield opened
    definition = _definition(one)
    measure = _define(stage, told, one, plan, definition)
    rows = [
        (period, _figures(definition, row))
        for period, row in zip(_periods(stage, told, one), one["readings"], strict=False)
    ]
    compared = False
    for name, some in _entries(one, rows):
        moment = _entered(stage, told, some[-1][0])
        if moment > opened:
            if not compared:
                _compare(stage, told, one, plan, measure)
                _change_charts(stage, told, one, plan, measure)
                compared = True
            yield moment
        if name:
            _import(stage, told, plan, measure, name, some)
        else:
            _type(stage, told, plan, measure, some)
    if not compared:
        _compare(stage, told, one, plan, measure)
        _change_charts(stage, told, one, plan, measure)


def _entries(one: Story, rows: Rows) -> Iterator[tuple[str, Rows]]:
    """Give what is entered at once: the rows of a file with its name, and each row typed."""
    first = 0
    for file in one.get("files", ()):
        yield file["name"], rows[first : file["until"]]
        first = file["until"]
    for row in rows[first:]:
        yield "", [row]


def _definition(one: Story) -> Definition:
    return Definition(
        shape=one.get("shape", Shape.PROPORTION.value),
        per=one.get("per", 1),
        unit=one.get("unit", ""),
        numerator=one["numerator"],
        denominator=one.get("denominator", ""),
        direction=one["direction"],
        characteristic=one["characteristic"],
        category_set=one.get("set", ""),
        members=_members(one),
        reference=one["reference"],
    )


def _members(one: Story) -> tuple[Member, ...]:
    if "set" not in one:
        return members_from(one["members"])
    code, edition = one["set"].split("|")
    return members_in(load_category_sets()[code, edition])


def _define(
    stage: Stage, told: Story, one: Story, plan: PlanRow, definition: Definition
) -> MeasureRow:
    now = stage.at(told["opened"])
    rows = plan_queries.gather(stage.session, plan)
    promised = rows.measures[0] if one.get("promised") else None
    groups = {row.id for row in rows.findings if row.group_id == one["characteristic"]}
    routine = Routine(
        title=promised.title if promised else one["title"],
        kind=one["kind"],
        owner=one["owner"],
        source=one["source"],
        frequency=_frequency(one),
        first_period=_first(stage, told, one),
        lag_days=one["lag_days"],
    )
    return measures.define(
        stage.session,
        actor=stage.person(told["lead"], now),
        now=now,
        plan=plan,
        defined=measures.Defined(
            routine,
            definition,
            tuple(link.action_id for link in rows.answering if link.finding_id in groups),
            promised.id if promised else None,
            promised.version if promised else 0,
        ),
    )


def _frequency(one: Story) -> str:
    return str(one.get("frequency", Frequency.MONTH.value))


def _first(stage: Stage, told: Story, one: Story) -> date:
    """Go back from the month, or the quarter of the calendar, that is not over yet."""
    today = stage.today.date()
    months_in = _MONTHS_IN[_frequency(one)]
    begun = today.replace(month=today.month - (today.month - 1) % months_in, day=1)
    return add_months(begun, -told["months"])


def _periods(stage: Stage, told: Story, one: Story) -> list[Period]:
    """List the periods that were read; nobody has entered some at the end yet."""
    schedule = Schedule(Frequency(_frequency(one)), _first(stage, told, one))
    count = told["months"] // _MONTHS_IN[_frequency(one)] - one["skip_last"]
    return [schedule.period(number) for number in range(count)]


def _figures(definition: Definition, row: list[float]) -> tuple[Figure, ...]:
    """Read a row: averages, everybody's first; or so many of so many, and all are their sum."""
    codes = [place.code for place in definition.places]
    if definition.shape == Shape.MEAN:
        return tuple(
            Figure(code, value=Decimal(str(value))) for code, value in zip(codes, row, strict=True)
        )
    parts = [(int(n), int(d)) for n, d in zip(row[::2], row[1::2], strict=True)]
    whole = (sum(n for n, _ in parts), sum(d for _, d in parts))
    return tuple(Figure(code, *part) for code, part in zip(codes, (whole, *parts), strict=True))


def _entered(stage: Stage, told: Story, period: Period) -> datetime:
    """Enter the past on the day the plan was opened, and each later period soon after its end."""
    ended = stage.today + (period.end - stage.today.date()) + _ENTERED_AFTER
    return min(max(stage.at(told["opened"]), ended), stage.today)


def _type(stage: Stage, told: Story, plan: PlanRow, measure: MeasureRow, rows: Rows) -> None:
    for period, figures in rows:
        now = _entered(stage, told, period)
        readings.add_readings(
            stage.session,
            actor=stage.person(told["lead"], now),
            now=now,
            plan=plan,
            measure_id=measure.id,
            entry=readings.Entry(period, figures),
        )


def _import(
    stage: Stage, told: Story, plan: PlanRow, measure: MeasureRow, name: str, rows: Rows
) -> None:
    """Take in our own form as somebody filled it in; each file can be taken back."""
    session, now = stage.session, _entered(stage, told, rows[-1][0])
    by: By = {"actor": stage.person(told["lead"], now), "now": now}
    version = queries.version_of(session, measure)
    labels = queries.definition_of(version).label if version else str
    lines = [
        _line(measure, period, labels(one.member), one) for period, some in rows for one in some
    ]
    sent = Sent(name, csv_text(TEMPLATE, lines).encode())
    file = import_files.send(session, **by, plan=plan, measure_id=measure.id, sent=sent)
    opened = import_files.open_file(session, measure, file)
    import_files.begin(session, **by, opened=opened, kind="own", sheet="")
    seen = import_files.preview(session, opened, **by).mark
    imports.confirm(session, **by, plan=plan, opened=opened, yes=imports.Yes(seen))


def _line(measure: MeasureRow, period: Period, label: str, one: Figure) -> tuple[str, ...]:
    parts = (one.numerator, one.denominator, one.value)
    return (
        str(measure.id),
        period.start.isoformat(),
        period.end.isoformat(),
        "",
        label if one.member else EVERYBODY,
        *("" if part is None else str(part) for part in parts),
        *("", "", "", ""),
    )


def _compare(stage: Stage, told: Story, one: Story, plan: PlanRow, measure: MeasureRow) -> None:
    """Set the baseline of the first periods, and the targets after it."""
    now = stage.at(told["opened"])
    actor = stage.person(told["lead"], now)
    periods = _periods(stage, told, one)
    starts = stage.day(told["change_start"])
    before = [period for period in periods if period.end < starts][: one.get("baseline")]
    measures.set_baseline(
        stage.session,
        actor=actor,
        now=now,
        plan=plan,
        measure_id=measure.id,
        baseline=Baseline(before[0].start, before[-1].end, BaselineState.AGREED.value),
    )
    for aimed in one["targets"]:
        begins = stage.day(aimed.get("from", told["change_start"]))
        value, by = Decimal(aimed["value"]), stage.day(aimed["by"])
        targets.set_target(
            stage.session,
            actor=actor,
            now=now,
            plan=plan,
            measure_id=measure.id,
            target=Target(aimed["member"], aimed["kind"], value, begins, by),
        )


def _change_charts(
    stage: Stage, told: Story, one: Story, plan: PlanRow, measure: MeasureRow
) -> None:
    """Note on the charts what happened, set aside what does not count, work limits out anew."""
    now = stage.at(told["opened"])
    periods = _periods(stage, told, one)
    for change in one["charts"]:
        adjustments.adjust(
            stage.session,
            actor=stage.person(told["lead"], now),
            now=now,
            plan=plan,
            measure_id=measure.id,
            wanted=Adjustment(
                change["kind"],
                periods[change["at"]].start,
                change.get("member"),
                change["reason"],
            ),
        )

"""The readings of one member as a series: one settings record feeds the signals and the chart."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from fractions import Fraction

from eqia.domain.adjustments import (
    Adjustment,
    AdjustmentKind,
    new_limits_at,
    on_the_axis,
    set_aside_at,
)
from eqia.domain.chart_settings import Settings, read_series
from eqia.domain.measure_charts import MeasureChart, measure_chart
from eqia.domain.measure_drawing import Act
from eqia.domain.measure_words import Reading as Read
from eqia.domain.measure_words import verdict
from eqia.domain.measures import LEVELS, OVERALL, Definition, Goal, Shape
from eqia.domain.periods import Period
from eqia.domain.pictures import MeasureView
from eqia.domain.readings import HIDDEN, Figure, ReadingState, value_of
from eqia.domain.series import Point
from eqia.domain.spc import Conflict
from eqia.domain.spc_icons import (
    CONCERNS,
    VARIATION_WORDS,
    Icons,
    Level,
    Method,
    new_limits_suggested,
)
from eqia.domain.suppression import State

LATE_BASELINE = (
    "The baseline does not start with the first reading, so the limits stand on all readings."
)
#: why there is no figure, for each state of a reading without one
EMPTY_STATES: Mapping[str, State] = {
    ReadingState.MASKED: State.MASKED,
    HIDDEN: State.MASKED,
    ReadingState.NOT_COLLECTED: State.NOT_COLLECTED,
    ReadingState.NOT_APPLICABLE: State.NOT_APPLICABLE,
}


def chart_of(view: MeasureView, member: str, acts: Iterable[Act] = ()) -> MeasureChart | None:
    """Draw the readings of a member; None before anything was defined or read."""
    if view.definition is None or not view.of(member):
        return None
    points = _points(view, view.definition, member)
    drawn = measure_chart(points, _settings(view, view.definition, member, points, tuple(acts)))
    if drawn.method is Method.LINE or not _is_late(view, member):
        return drawn
    return replace(drawn, warnings=(*drawn.warnings, LATE_BASELINE))


def icons_of(view: MeasureView, member: str) -> Icons:
    """Say what the last figure of a member tells against chance and against the target."""
    if view.definition is None:
        return Icons()
    return _read(view, view.definition, member).icons


def is_withheld(view: MeasureView, member: str) -> bool:
    """Whether nothing is worked out for a member: figures are hidden, or rounded too far."""
    return view.definition is not None and _read(view, view.definition, member).is_hidden


def _read(view: MeasureView, definition: Definition, member: str) -> Read:
    if ("read", member) not in view.worked:
        points = _points(view, definition, member)
        settings = _settings(view, definition, member, points, ())
        view.worked["read", member] = read_series(points, settings)
    return view.worked["read", member]  # type: ignore[no-any-return]


def said_of(view: MeasureView, about: Adjustment) -> str:
    """Say what each chart shows that a change is about, without a figure; equals are told once."""
    told: dict[str, list[str]] = {}
    for place in view.definition.places if view.definition else ():
        if about.is_about(place.code) and view.of(place.code) and view.definition:
            words = verdict(_read(view, view.definition, place.code))
            told.setdefault(words, []).append(place.label)
    return "\n".join(f"{'; '.join(labels)}: {words}" for words, labels in told.items())


def signal_of(view: MeasureView, member: str) -> str:
    """Say in words what concern the last figure of a member gives; "" if none."""
    found = icons_of(view, member).variation
    return VARIATION_WORDS[found] if found is not None and found in CONCERNS else ""


def new_limits_fit(view: MeasureView, member: str, acts: Iterable[Act]) -> Period | None:
    """Find the period in which a shift begins and something was done; a person decides."""
    if view.definition is None:
        return None
    points = _points(view, view.definition, member)
    settings = _settings(view, view.definition, member, points, ())
    read = read_series(points, settings)
    if read.method is not Method.XMR or read.is_hidden:
        return None
    at = new_limits_suggested(read.analysis, [one.on for one in acts])
    known = {one.on for one in view.adjustments if one.kind == AdjustmentKind.NEW_LIMITS}
    period = points[at].period if at is not None else None
    return period if period and period.start not in known else None


def _points(view: MeasureView, definition: Definition, member: str) -> list[Point]:
    """Give every period a point, from the first to the last that anybody read."""
    figures = {one.period: one.figure for one in view.of(member)}
    return [_point(definition, one, figures.get(one)) for one in view.periods]


def _point(definition: Definition, period: Period, figure: Figure | None) -> Point:
    value = value_of(definition, figure) if figure else None
    if figure is None or value is None:
        return Point(period, None)
    repeats = definition.shape == Shape.RATE
    return Point(period, value, figure.numerator, figure.denominator, repeats)


def _settings(
    view: MeasureView,
    definition: Definition,
    member: str,
    points: list[Point],
    acts: tuple[Act, ...],
) -> Settings:
    figures = {one.period: one.figure.state for one in view.of(member)}
    states = {at: EMPTY_STATES.get(figures.get(one.period, "")) for at, one in enumerate(points)}
    return Settings(
        goal=Goal(definition.direction),
        shape=definition.shape,
        unit=_unit(definition),
        conflict=Conflict(definition.conflict),
        excluded=set_aside_at(points, view.adjustments, member),
        recalculations=new_limits_at(points, view.adjustments, member),
        baseline=_baseline(view, member),
        targets=levels_of(view, definition, member),
        is_group=member != OVERALL,
        rounded_to=view.rounded_to,
        states={at: state for at, state in states.items() if state is not None},
        acts=(*acts, *_marked(view, member)),
    )


def _marked(view: MeasureView, member: str) -> Iterator[Act]:
    for one in on_the_axis(view.adjustments, member):
        yield Act(one.on, one.words)


def _unit(definition: Definition) -> str:
    return f"per {definition.per:,}" if definition.shape == Shape.RATE else definition.unit


def _is_late(view: MeasureView, member: str) -> bool:
    """Whether earlier readings came in since, so that the baseline no longer starts the series."""
    live = view.counted(member)
    return bool(live and view.baseline and not view.baseline.covers(live[0].period))


def _baseline(view: MeasureView, member: str) -> int | None:
    """Count the live points of the baseline, if it starts where the series does."""
    live = view.counted(member)
    starts = bool(live) and view.baseline is not None and view.baseline.covers(live[0].period)
    return (len(view.before(member)) or None) if starts else None


def levels_of(view: MeasureView, definition: Definition, member: str) -> tuple[Level, ...]:
    """Give the targets that the figures of a member themselves are set against."""
    scale = 100 if definition.shape == Shape.PROPORTION else 1
    return tuple(
        Level(Fraction(one.value) / scale, one.from_date, one.to_date)
        for one in view.targets
        if one.member == member and one.kind in LEVELS and one.value is not None
    )

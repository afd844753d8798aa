"""The gap of a group over time, as a series of its own: good is towards nought from the baseline.

Measures.md section 7: neither way is good where there was no gap. A gap is as sure as the figures
of both sides, so that its icons are withheld where those of either side would be.
"""

from collections.abc import Iterable
from datetime import date
from fractions import Fraction

from eqia.domain.adjustments import new_limits_at, on_the_axis
from eqia.domain.chart_settings import Settings
from eqia.domain.gaps import good_way
from eqia.domain.measure_charts import MeasureChart, measure_chart
from eqia.domain.measure_drawing import Act
from eqia.domain.measure_series import EMPTY_STATES
from eqia.domain.measures import IN_PARTS, OVERALL, Definition, Shape, TargetKind
from eqia.domain.periods import Period
from eqia.domain.pictures import MeasureView
from eqia.domain.readings import Figure, Reading, pooled, value_of
from eqia.domain.series import Point
from eqia.domain.spc import Conflict
from eqia.domain.spc_icons import WARNING_WORDS, Level, withholding
from eqia.domain.suppression import State

_Figures = dict[Period, Figure]


def gap_series_of(
    view: MeasureView, member: str, acts: tuple[Act, ...] = ()
) -> MeasureChart | None:
    """Draw the gap between a group and those it is compared with, period by period."""
    definition = view.definition
    # From rounded counts the differences would move as the rounding does, not as people do.
    if definition is None or definition.shape not in IN_PARTS or view.rounded_to > 1:
        return None
    mine, theirs = _figures(view.of(member)), _figures(view.others_of(member))
    periods = sorted(set(mine) | set(theirs))
    if member == OVERALL or not set(mine) & set(theirs):
        return None
    points = [_point(definition, one, mine.get(one), theirs.get(one)) for one in periods]
    marks = tuple(Act(one.on, one.words) for one in on_the_axis(view.adjustments, member))
    aside = view.set_aside(member)
    return measure_chart(
        points,
        Settings(
            goal=good_way(float(_baseline_gap(view, definition, member))),
            shape=Shape.MEAN,
            unit=_unit(definition),
            is_gap=True,
            conflict=Conflict(definition.conflict),
            excluded=frozenset(at for at, one in enumerate(points) if one.period.start in aside),
            recalculations=new_limits_at(points, view.adjustments, member),
            baseline=_baseline(view, points, aside),
            targets=_targets(view, member),
            states=_states(points, mine, theirs),
            withheld=_withheld(definition, mine, theirs),
            acts=(*acts, *marks),
        ),
    )


def _figures(readings: Iterable[Reading]) -> _Figures:
    return {one.period: one.figure for one in readings}


def _point(
    definition: Definition, period: Period, mine: Figure | None, theirs: Figure | None
) -> Point:
    one = value_of(definition, mine) if mine else None
    two = value_of(definition, theirs) if theirs else None
    if one is None or two is None:
        return Point(period, None)
    # Points of a hundred for a share, as people speak of them.
    scale = 100 if definition.shape == Shape.PROPORTION else 1
    return Point(period, (one - two) * scale)


def _unit(definition: Definition) -> str:
    if definition.shape == Shape.PROPORTION:
        return "points"
    return f"per {definition.per:,}"


def _baseline_gap(view: MeasureView, definition: Definition, member: str) -> Fraction:
    both = (view.before(member), view.others_before(member))
    one, two = (pooled(definition, figures) for figures in both)
    return Fraction(0) if one is None or two is None else one - two


def _baseline(view: MeasureView, points: list[Point], aside: frozenset[date]) -> int | None:
    """Count the live points of the baseline, if it starts where the series does."""
    live = [p for p in points if p.value is not None and p.period.start not in aside]
    if view.baseline is None or not live or not view.baseline.covers(live[0].period):
        return None
    return sum(view.baseline.covers(point.period) for point in live)


def _targets(view: MeasureView, member: str) -> tuple[Level, ...]:
    return tuple(
        Level(Fraction(one.value), one.from_date, one.to_date)
        for one in view.targets
        if one.member == member and one.kind == TargetKind.GAP and one.value is not None
    )


def _states(points: list[Point], mine: _Figures, theirs: _Figures) -> dict[int, State]:
    """Say why a period has no gap: hidden on either side comes first."""
    found = {}
    for at, point in enumerate(points):
        both = (figures.get(point.period) for figures in (mine, theirs))
        states = [EMPTY_STATES.get(one.state) if one else None for one in both]
        told = [one for one in states if one is not None]
        if point.value is None and told:
            found[at] = State.MASKED if State.MASKED in told else told[0]
    return found


def _withheld(definition: Definition, mine: _Figures, theirs: _Figures) -> tuple[str, ...]:
    """Give the reasons for which either side's own icons would be withheld."""
    repeats = definition.shape == Shape.RATE
    reasons = {
        reason: None
        for figures in (mine, theirs)
        for reason in withholding(
            [
                Point(period, None, one.numerator, one.denominator, repeats)
                for period, one in figures.items()
            ]
        )
    }
    return tuple(WARNING_WORDS[one] for one in reasons)

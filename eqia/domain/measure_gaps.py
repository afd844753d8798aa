"""The gaps of a measure drawn and told: each group beside those it is compared with."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from eqia.domain.charts import Chart
from eqia.domain.concerns import gaps_of, is_compared, points_of, unit_of
from eqia.domain.gap_charts import GroupGap, gap_chart
from eqia.domain.gaps import Pair
from eqia.domain.measure_series import EMPTY_STATES
from eqia.domain.measures import Definition, Shape
from eqia.domain.pictures import MeasureView
from eqia.domain.suppression import STATE_SPOKEN, STATE_TEXTS, State

GAP_HEADING = ("Group", "Compared with", "Gap", "Lower limit", "Upper limit", "In", "How sure")


@dataclass(frozen=True, slots=True)
class GapPicture:
    """The gaps of all groups in one drawing, with the same figures as a table."""

    chart: Chart
    rows: tuple[tuple[str, ...], ...]

    @property
    def told(self) -> list[list[str]]:
        """The table for people: a star alone says nothing to them."""
        star, words = STATE_TEXTS[State.MASKED], STATE_SPOKEN[State.MASKED]
        return [[f"{star} ({words})" if one == star else one for one in row] for row in self.rows]


def gaps_drawn(view: MeasureView) -> GapPicture | None:
    """Draw the gap of each group; None where nobody is compared or nothing was read of both."""
    definition = view.definition
    if definition is None or not is_compared(definition):
        return None
    gaps = {gap.label: gap.now for gap in gaps_of(view)}
    groups = tuple(_groups(view, definition, gaps))
    if not any(one.pair or one.state is State.MASKED for one in groups):
        return None
    reference, write = definition.label(definition.reference), points_of(definition)
    rows = tuple((one.label, reference, *_cells(one, definition)) for one in groups)
    return GapPicture(gap_chart(groups, reference, write), rows)


def _groups(
    view: MeasureView, definition: Definition, gaps: Mapping[str, Pair]
) -> Iterator[GroupGap]:
    for member in definition.substantive:
        if member.code != definition.reference:
            pair = gaps.get(member.label)
            yield GroupGap(member.label, pair, _state(view, member.code))


def _state(view: MeasureView, code: str) -> State:
    """Say why there is no gap: one side is hidden, or was not read."""
    sides = view.of(code), view.others_of(code)
    latest = [mine[-1].figure.state for mine in sides if mine]
    found = {EMPTY_STATES.get(state, State.MISSING) for state in latest}
    return State.MASKED if State.MASKED in found else State.MISSING


def _cells(one: GroupGap, definition: Definition) -> tuple[str, ...]:
    """Write numbers as numbers, with their unit apart: a spreadsheet can go on with them."""
    if one.pair is None:
        return STATE_TEXTS[one.state], "", "", "", ""
    share = definition.shape == Shape.PROPORTION
    gap, scale = one.pair.gap, 100 if share else 1
    numbers = (f"{value * scale:.1f}" for value in (gap.value, gap.lower, gap.upper))
    return *numbers, unit_of(definition), _sure(one.pair)


def _sure(pair: Pair) -> str:
    if pair.is_untold:
        return "cannot be told once rounded"
    return "a clear gap" if pair.is_clear else "may be chance"

"""The gaps of several groups in one drawing: each with its limits around the line of no gap.

Measures.md sections 7 and 12: a gap is clear where its limits leave out 0, in shape and words.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from eqia.domain.charts import WIDE, WIDTH, Anchor, Chart, Line, Mark, Marker, Shape, Words
from eqia.domain.gaps import Pair, limit_words, side_words
from eqia.domain.suppression import STATE_SPOKEN, STATE_TEXTS, State

HIDDEN_GAPS = "The latest figures are hidden because they are small, so no gap is worked out."
_LEFT, _TOP = 8, 26
_ROW, _LINE, _TICK, _SINK = 40, 17, 4, 4
#: how far the line of no gap reaches beyond the limits
_REACH = 9
_KEY, _WORDS, _EDGE = 18, 20, 8
#: letters of a name at most
_LONGEST = {WIDTH: 28, WIDE: 60}
#: how wide a letter is at most, on average
_LETTER = 7
#: how wide a bold one is, on average
_BOLD = 7


@dataclass(frozen=True, slots=True)
class GroupGap:
    """One group and its gap; without one the state says why."""

    label: str
    pair: Pair | None
    state: State = State.MISSING


def gap_chart(groups: Sequence[GroupGap], reference: str, write: Callable[[float], str]) -> Chart:
    """Draw the gap of each group to those it is compared with, on one scale."""
    headline = _headline(groups, reference, write)
    told = " ".join([headline, *(_told(one, write) for one in groups)])
    below = _TOP + _ROW * len(groups)
    # Without a gap there is no scale to explain.
    is_drawn = any(one.pair for one in groups)
    height = below + 2 * _KEY + _EDGE if is_drawn else below
    narrow, wide = (
        tuple(_marks(groups, reference, write, _Scale(groups, width))) for width in (WIDTH, WIDE)
    )
    twin = Chart(headline, told, height, wide, WIDE)
    return Chart(headline, told, height, narrow, wide=twin)


def _marks(
    groups: Sequence[GroupGap], reference: str, write: Callable[[float], str], scale: "_Scale"
) -> Iterator[Mark]:
    is_drawn = any(one.pair for one in groups)
    if is_drawn:
        zero = scale.x(0)
        yield Line(zero, _TOP - _EDGE, zero, _TOP - 2)
        yield from _middle(scale, reference)
    for at, one in enumerate(groups):
        yield from _group(one, at, scale, write)
    if is_drawn:
        yield from _key(_TOP + _ROW * len(groups) + _EDGE)


class _Scale:
    """Where a gap lies: no gap is always on the drawing."""

    def __init__(self, groups: Sequence[GroupGap], width: int) -> None:
        self.width, self.right, self.longest = width, width - _LEFT, _LONGEST[width]
        found = [one.pair.gap for one in groups if one.pair]
        self._low = min([0.0, *(gap.lower for gap in found)])
        self._high = max([0.0, *(gap.upper for gap in found)])

    def x(self, value: float) -> float:
        span = self._high - self._low
        share = (value - self._low) / span if span else 0.5
        return _LEFT + (self.right - _LEFT) * share


def _middle(scale: _Scale, reference: str) -> Iterator[Mark]:
    zero = scale.x(0)
    # The words stand on the side where there is more room, and no longer than it.
    is_left = zero < scale.width / 2
    room = int((scale.right - zero if is_left else zero) / _LETTER)
    words = _cut(f"same as {reference}", min(room, scale.longest))
    yield Words(
        zero,
        _TOP - 2 * _SINK - 2,
        words,
        anchor=Anchor.START if is_left else Anchor.END,
    )


def _group(one: GroupGap, at: int, scale: _Scale, write: Callable[[float], str]) -> Iterator[Mark]:
    y = _TOP + _ROW * at + _LINE
    figure = f": {STATE_TEXTS[one.state] if one.pair is None else write(one.pair.gap.value)}"
    room = min(scale.longest, scale.width // _BOLD - len(figure))
    yield Words(0, y - _SINK, _cut(one.label, room) + figure, bold=True)
    if one.pair is None:
        return
    gap = one.pair.gap
    y += _SINK * 2
    # Only beside the limits, so that it does not cross the words.
    yield Line(scale.x(0), y - _REACH, scale.x(0), y + _REACH)
    low, high = scale.x(gap.lower), scale.x(gap.upper)
    yield Line(low, y, high, y, weight=2)
    yield Line(low, y - _TICK, low, y + _TICK)
    yield Line(high, y - _TICK, high, y + _TICK)
    yield Marker(scale.x(gap.value), y, _shape(one.pair))


def _shape(pair: Pair) -> Shape:
    return Shape.DIAMOND if pair.is_clear else Shape.RING


def _key(y: float) -> Iterator[Mark]:
    told = ((Shape.DIAMOND, "a clear gap"), (Shape.RING, "may be chance"))
    for at, (shape, words) in enumerate(told):
        yield Marker(_LEFT, y + _KEY * at + _EDGE, shape)
        yield Words(_WORDS, y + _KEY * at + _EDGE + _SINK, words)


def _headline(groups: Sequence[GroupGap], reference: str, write: Callable[[float], str]) -> str:
    apart = [
        f"{one.label} ({_side(one.pair, write)})"
        for one in groups
        if one.pair and one.pair.is_clear
    ]
    if not any(one.pair for one in groups):
        hidden = any(one.state is State.MASKED for one in groups)
        return HIDDEN_GAPS if hidden else "There is no gap to show yet."
    if not apart:
        return f"No group is clearly apart from {reference}."
    return f"Clearly apart from {reference}: {', '.join(apart)}."


def _side(pair: Pair, write: Callable[[float], str]) -> str:
    return side_words(pair.gap.value, write)


def _told(one: GroupGap, write: Callable[[float], str]) -> str:
    if one.pair is None:
        return f"{one.label}: {STATE_SPOKEN[one.state]}."
    gap = one.pair.gap
    clear = "a clear gap" if one.pair.is_clear else "may be chance"
    limits = limit_words(gap.lower, gap.upper, write)
    return f"{one.label}: {_side(one.pair, write)}, {limits}, {clear}."


def _cut(words: str, longest: int) -> str:
    return words if len(words) <= longest else f"{words[: longest - 1]}…"

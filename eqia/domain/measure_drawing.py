"""The marks of a measure's chart: readings, lines and a key, told apart by shape and words.

Interface.md section 8: narrow enough for a telephone, and no colour says anything.
"""

import textwrap
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from eqia.domain.charts import WIDE, WIDTH, Anchor, Line, Mark, Marker, Shape, Words

_LEFT, _EDGE, _TOP = 46, 8, 20
#: how high the drawing is without its key
_BOTTOM = {WIDTH: 170, WIDE: 210}
_ROW, _SINK, _BELOW, _KEY_LINE, _KEY_WORDS = 18, 4, 9, 26, 34
#: how wide a letter is at most, on average
_LETTER = 6.4
#: how wide half a letter of a label is
_HALF = 3
_BIG, _SMALL, _TINY = 6, 4, 1.5
_CROWDED = 0.4
#: how far apart two numbers stand at least, above the lines of what was done
_APART = 4


@dataclass(frozen=True, slots=True)
class Act:
    """Something done on a day that may have changed the figures."""

    on: date
    label: str


@dataclass(frozen=True, slots=True)
class Dot:
    """A reading on its day; `stands_out` draws it large, and one set aside is not joined."""

    on: date
    value: float
    shape: Shape = Shape.DISC
    stands_out: bool = False


@dataclass(frozen=True, slots=True)
class Level:
    """Level lines from one day to another, such as an average or two limits."""

    first: date
    last: date
    values: tuple[float, ...]
    dashed: bool = False
    weight: float = 1


@dataclass(frozen=True, slots=True)
class KeyLine:
    """What a line or shape means."""

    words: str
    shape: Shape | None = None
    dashed: bool = False
    weight: float = 1


@dataclass(frozen=True, slots=True)
class Frame:
    """The days and values a chart spans, and what stands at its ends."""

    first: date
    last: date
    low: float
    high: float
    most: str
    least: str
    start: str
    end: str
    #: the days on which the first and the last reading stand
    start_on: date
    end_on: date
    width: int = WIDTH

    @property
    def right(self) -> float:
        """Where the drawing ends."""
        return self.width - _EDGE

    @property
    def bottom(self) -> float:
        """Where the time axis lies."""
        return _BOTTOM[self.width]

    def x(self, day: date) -> float:
        """Find the place of a day; beyond the frame it lies on its edge."""
        span = (self.last - self.first).days
        inside = min(max(day, self.first), self.last) - self.first
        # A single reading stands in the middle.
        return _LEFT + (self.right - _LEFT) * (inside.days / span if span else 0.5)

    def y(self, value: float) -> float:
        """Find the place of a value; beyond the frame it lies on its edge."""
        inside = min(max(value, self.low), self.high)
        span = self.high - self.low or 1
        return self.bottom - (self.bottom - _TOP) * (inside - self.low) / span


@dataclass(frozen=True, slots=True)
class Drawn:
    """The marks and how much room they take."""

    marks: tuple[Mark, ...]
    height: float


def spanned(values: Sequence[float], least: float) -> tuple[float, float]:
    """Give the ends of some values; a level line stands in the middle of some room."""
    low, high = min(values), max(values)
    room = max(least, abs(low) / 10) if low == high else 0
    return low - room, high + room


def draw(
    dots: Sequence[Dot | None],
    levels: Sequence[Level],
    acts: Sequence[Act],
    key: Sequence[KeyLine],
    frame: Frame,
    *,
    joined: bool = True,
) -> Drawn:
    """Draw readings in their order; none of a period leaves a gap in the line.

    Not `joined` where a line would go up and down by no more than rounding.
    """
    numbered = [KeyLine(f"{at}: {act.label}", dashed=True) for at, act in enumerate(acts, start=1)]
    lines = [(line, words) for line in [*key, *numbered] for words in _wrapped(line, frame)]
    marks: list[Mark] = [
        *_frame(frame),
        *_level_lines(levels, frame),
        *_act_lines(acts, frame),
        *(_joined(dots, frame) if joined else ()),
        *_markers(dots, frame),
        *_key(lines, frame),
    ]
    height = frame.bottom + _ROW * (len(lines) + 1) + _BELOW
    return Drawn(tuple(marks), height)


def _frame(frame: Frame) -> Iterator[Mark]:
    bottom, right = frame.bottom, frame.right
    yield Line(_LEFT, _TOP, _LEFT, bottom)
    yield Line(_LEFT, bottom, right, bottom)
    yield Words(_LEFT - 4, _TOP + _SINK, frame.most, anchor=Anchor.END)
    yield Words(_LEFT - 4, bottom + _SINK, frame.least, anchor=Anchor.END)
    # Under their readings, which stand in the middle of their periods.
    left = frame.x(frame.start_on) - _HALF * len(frame.start)
    yield Words(max(_LEFT, left), bottom + _ROW, frame.start)
    if frame.end != frame.start:
        end = frame.x(frame.end_on) + _HALF * len(frame.end)
        yield Words(min(right, end), bottom + _ROW, frame.end, anchor=Anchor.END)


def _level_lines(levels: Sequence[Level], frame: Frame) -> Iterator[Mark]:
    for level in levels:
        first, last = frame.x(level.first), frame.x(level.last)
        for value in level.values:
            y = frame.y(value)
            yield Line(first, y, last, y, weight=level.weight, dashed=level.dashed)


def _act_lines(acts: Sequence[Act], frame: Frame) -> Iterator[Mark]:
    labels: list[_Label] = []
    for at, act in enumerate(acts, start=1):
        x = frame.x(act.on)
        yield Line(x, _TOP, x, frame.bottom, dashed=True)
        labels.append(_Label(x, at, at))
        # Where one cycle ends and the next begins, two numbers would cover each other.
        while len(labels) > 1 and labels[-1].left(frame) < labels[-2].right(frame) + _APART:
            last = labels.pop()
            labels[-1] = replace(labels[-1], last=last.last)
    for one in labels:
        yield Words(one.left(frame), _TOP - _SINK, one.words, bold=True)


@dataclass(frozen=True, slots=True)
class _Label:
    """The numbers over the lines of what was done, beside the first of their lines."""

    x: float
    first: int
    last: int

    @property
    def words(self) -> str:
        """Say which; they follow each other, so the ends tell all of them."""
        if self.last - self.first > 1:
            return f"{self.first} to {self.last}"
        return ", ".join(str(one) for one in sorted({self.first, self.last}))

    @property
    def _width(self) -> float:
        return _LETTER * len(self.words)

    def left(self, frame: Frame) -> float:
        """Where they begin: to the right of their line, and inside the drawing."""
        return min(self.x + 2, frame.right - self._width)

    def right(self, frame: Frame) -> float:
        """Where they end."""
        return self.left(frame) + self._width


def _joined(dots: Sequence[Dot | None], frame: Frame) -> Iterator[Mark]:
    before: Dot | None = None
    for dot in dots:
        # One set aside is left out, and its neighbours become adjacent.
        if dot and dot.shape is Shape.RING:
            continue
        if before and dot:
            ends = frame.x(before.on), frame.y(before.value), frame.x(dot.on), frame.y(dot.value)
            yield Line(*ends, weight=1.5)
        before = dot


def _markers(dots: Sequence[Dot | None], frame: Frame) -> Iterator[Mark]:
    room = (frame.right - _LEFT) / max(1, len(dots))
    plain = max(_TINY, min(_SMALL, room * _CROWDED))
    for dot in dots:
        if dot:
            radius = _BIG if dot.stands_out else _SMALL if dot.shape is Shape.RING else plain
            yield Marker(frame.x(dot.on), frame.y(dot.value), dot.shape, radius)


def _wrapped(line: KeyLine, frame: Frame) -> Sequence[tuple[bool, str]]:
    """Break the words of the key to lines that fit; whatever is long goes on below itself."""
    fits = int((frame.width - _KEY_WORDS) / _LETTER)
    found = textwrap.wrap(line.words, fits) or [""]
    return [(at == 0, words) for at, words in enumerate(found)]


def _key(lines: Sequence[tuple[KeyLine, tuple[bool, str]]], frame: Frame) -> Iterator[Mark]:
    for at, (line, (is_first, words)) in enumerate(lines):
        y = frame.bottom + _ROW * (at + 2)
        if is_first and line.shape:
            yield Marker(_KEY_LINE / 2, y, line.shape, _SMALL + 1)
        elif is_first:
            yield Line(0, y, _KEY_LINE, y, weight=line.weight, dashed=line.dashed)
        yield Words(_KEY_WORDS, y + _SINK, words)

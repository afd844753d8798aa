"""Run charts: Anhoej's two signals around the median (measures.md section 6)."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from itertools import groupby, pairwise
from math import comb

from eqia.domain.series import Part, Point, check_order, live, parts_of
from eqia.domain.spc import values_at

USEFUL_FROM = 10
#: one in twenty
_CHANCE = 20
_RUN_EXTRA = 3


class Signal(StrEnum):
    """What chance alone would rarely do."""

    LONG_RUN_ABOVE = "long_run_above"
    LONG_RUN_BELOW = "long_run_below"
    FEW_CROSSINGS = "few_crossings"


SIGNAL_WORDS = {
    Signal.LONG_RUN_ABOVE: "an unusually long run above the middle",
    Signal.LONG_RUN_BELOW: "an unusually long run below the middle",
    Signal.FEW_CROSSINGS: "fewer changes of side than chance would give",
}


@dataclass(frozen=True, slots=True)
class RunSegment:
    """A part of the series around its median, and what it shows."""

    part: Part
    median: Fraction | None
    useful: int
    longest: int
    crossings: int
    signals: tuple[Signal, ...]

    @property
    def longest_allowed(self) -> int | None:
        """The longest run that is no signal; none with too few useful points."""
        return longest_run_allowed(self.useful) if self.useful >= USEFUL_FROM else None

    @property
    def crossings_needed(self) -> int | None:
        """The fewest crossings that are no signal; none with too few useful points."""
        return fewest_crossings(self.useful) if self.useful >= USEFUL_FROM else None


def run_chart(
    points: Sequence[Point],
    *,
    excluded: Collection[int] = (),
    recalculations: Iterable[int] = (),
    baseline: int | None = None,
) -> tuple[RunSegment, ...]:
    """Judge each part of a series by its runs and crossings."""
    check_order(points)
    parts = parts_of(points, live(points, excluded), recalculations, baseline)
    return tuple(_segment(part, points) for part in parts)


def median_of(values: Sequence[Fraction]) -> Fraction:
    """Find the middle value, or the mean of the middle two."""
    ordered = sorted(values)
    half = len(ordered) // 2
    return ordered[half] if len(ordered) % 2 else (ordered[half - 1] + ordered[half]) / 2


def longest_run_allowed(useful: int) -> int:
    """Give round(log2 n) + 3 in whole numbers; log2 n never lies half way between two."""
    floor = useful.bit_length() - 1
    return floor + (useful * useful > 1 << (2 * floor + 1)) + _RUN_EXTRA


def fewest_crossings(useful: int) -> int:
    """Give the smallest c with P(X <= c) >= 0.05, X being Binomial(n - 1, 0.5)."""
    tries, total, fewest = useful - 1, 0, 0
    while True:
        total += comb(tries, fewest)
        if _CHANCE * total >= 1 << tries:
            return fewest
        fewest += 1


def _segment(part: Part, points: Sequence[Point]) -> RunSegment:
    basis = values_at(points, part.basis)
    if not basis:
        return RunSegment(part, None, 0, 0, 0, ())
    median = median_of(basis)
    # A point on the median is skipped: it neither breaks a run nor lengthens it.
    sides = [value > median for value in values_at(points, part.members) if value != median]
    runs = [(above, len(list(group))) for above, group in groupby(sides)]
    longest = max((length for _, length in runs), default=0)
    crossings = sum(one != following for one, following in pairwise(sides))
    signals = _signals(runs, len(sides), crossings)
    return RunSegment(part, median, len(sides), longest, crossings, signals)


def _signals(runs: Sequence[tuple[bool, int]], useful: int, crossings: int) -> tuple[Signal, ...]:
    if useful < USEFUL_FROM:
        return ()
    allowed = longest_run_allowed(useful)
    found = {
        Signal.LONG_RUN_ABOVE if above else Signal.LONG_RUN_BELOW
        for above, length in runs
        if length > allowed
    }
    if crossings < fewest_crossings(useful):
        found.add(Signal.FEW_CROSSINGS)
    return tuple(sorted(found))

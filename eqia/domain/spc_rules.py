"""The rules by which a point of an XmR chart stands out (measures.md section 5)."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from itertools import groupby, pairwise

#: the rule sets whose words these are; stored with every result
RULE_SET = "NHS England Making Data Count, SQL tool 2.5 and the two-of-three of November 2023"
RULE_SET_VERSION = "mdc-2.5-2023-11"

#: 2.66 times the mean moving range on either side of the mean
_LIMIT = Fraction(133, 50)
_TWO_SIGMA = _LIMIT * 2 / 3
_RUN = 7
_THREE, _TWO = 3, 2


class Rule(StrEnum):
    """One way to stand out."""

    ABOVE_UPL = "above_upl"
    BELOW_LPL = "below_lpl"
    SHIFT_HIGH = "shift_high"
    SHIFT_LOW = "shift_low"
    TREND_UP = "trend_up"
    TREND_DOWN = "trend_down"
    TWO_OF_THREE_HIGH = "two_of_three_high"
    TWO_OF_THREE_LOW = "two_of_three_low"


#: What each rule says, after "because it".
RULE_WORDS: Mapping[Rule, str] = {
    Rule.ABOVE_UPL: "is above the upper limit",
    Rule.BELOW_LPL: "is below the lower limit",
    Rule.SHIFT_HIGH: "is one of seven or more in a row above the average",
    Rule.SHIFT_LOW: "is one of seven or more in a row below the average",
    Rule.TREND_UP: "is one of seven or more in a row that rise",
    Rule.TREND_DOWN: "is one of seven or more in a row that fall",
    Rule.TWO_OF_THREE_HIGH: "is one of two in three close to the upper limit",
    Rule.TWO_OF_THREE_LOW: "is one of two in three close to the lower limit",
}
HIGH = frozenset({Rule.ABOVE_UPL, Rule.SHIFT_HIGH, Rule.TREND_UP, Rule.TWO_OF_THREE_HIGH})


@dataclass(frozen=True, slots=True)
class Limits:
    """The mean of a part and how far its points may lie from it by chance."""

    mean: Fraction
    #: none for a single point, which has no range
    spread: Fraction | None

    @property
    def lower(self) -> Fraction | None:
        """The lower limit; it may be negative."""
        return None if self.spread is None else self.mean - _LIMIT * self.spread

    @property
    def upper(self) -> Fraction | None:
        """The upper limit; it may be over 100 per cent."""
        return None if self.spread is None else self.mean + _LIMIT * self.spread

    @property
    def near(self) -> tuple[Fraction, Fraction] | None:
        """Two thirds of the way to the limits."""
        if self.spread is None:
            return None
        return self.mean - _TWO_SIGMA * self.spread, self.mean + _TWO_SIGMA * self.spread


#: positions in a list of live values
Found = Iterator[tuple[int, Rule]]


def within_part(values: Sequence[Fraction], limits: Limits) -> Found:
    """Find what stands out against the limits of one part; positions count within it."""
    sides = [_sign(value - limits.mean) for value in values]
    yield from _runs(sides, {1: Rule.SHIFT_HIGH, -1: Rule.SHIFT_LOW}, _RUN)
    if limits.lower is None or limits.upper is None or limits.near is None:
        return
    yield from _outside(values, limits.lower, limits.upper)
    yield from _two_of_three(values, sides, limits.near)


def trends(values: Sequence[Fraction]) -> Found:
    """Find where values rise or fall seven in a row, across parts too."""
    steps = [_sign(after - before) for before, after in pairwise(values)]
    names = {1: Rule.TREND_UP, -1: Rule.TREND_DOWN}
    found: set[tuple[int, Rule]] = set()
    for at, rule in _runs(steps, names, _RUN - 1):
        found |= {(at, rule), (at + 1, rule)}
    yield from sorted(found)


def _sign(value: Fraction) -> int:
    return (value.numerator > 0) - (value.numerator < 0)


def _runs(signs: Sequence[int], names: Mapping[int, Rule], length: int) -> Found:
    for sign, group in groupby(range(len(signs)), key=signs.__getitem__):
        members = list(group)
        if sign and len(members) >= length:
            yield from ((at, names[sign]) for at in members)


def _outside(values: Sequence[Fraction], lower: Fraction, upper: Fraction) -> Found:
    for at, value in enumerate(values):
        if value > upper:
            yield at, Rule.ABOVE_UPL
        elif value < lower:
            yield at, Rule.BELOW_LPL


def _two_of_three(
    values: Sequence[Fraction], sides: Sequence[int], near: tuple[Fraction, Fraction]
) -> Found:
    lower, upper = near
    beyond: Mapping[int, Callable[[Fraction], bool]] = {
        1: lambda value: value > upper,
        -1: lambda value: value < lower,
    }
    names = {1: Rule.TWO_OF_THREE_HIGH, -1: Rule.TWO_OF_THREE_LOW}
    found: set[tuple[int, Rule]] = set()
    for first in range(len(values) - _THREE + 1):
        side = sides[first]
        three = range(first, first + _THREE)
        if not side or any(sides[at] != side for at in three):
            continue
        far = [at for at in three if beyond[side](values[at])]
        if len(far) >= _TWO:
            found |= {(at, names[side]) for at in far}
    yield from sorted(found)

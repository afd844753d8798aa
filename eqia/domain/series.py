"""A series of readings as exact numbers, for charts and signals (measures.md section 5)."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from itertools import pairwise
from math import lcm

from eqia.domain.days import ONE_DAY
from eqia.domain.errors import Refusal
from eqia.domain.periods import Period

_MOST_DIGITS = 30

Number = int | float | str | Decimal | Fraction


@dataclass(frozen=True, slots=True)
class Point:
    """What was read for one period; without a value nothing was."""

    period: Period
    value: Fraction | None
    numerator: int | None = None
    denominator: int | None = None
    #: whether it may come to a person more than once, so that nobody is left over to count
    repeats: bool = False

    @property
    def on(self) -> date:
        """The day it stands for: the last of its period."""
        return self.period.end


def exact(number: Number) -> Fraction:
    """Take a number as it is written: 0.1 is a tenth, never the binary fraction near it."""
    refusal = Refusal(f"{number!s:.40} is not a number we can use.", code="not_a_number")
    if isinstance(number, Fraction):
        return number
    try:
        written = Decimal(str(number).strip())
    except InvalidOperation:
        raise refusal from None
    # An exponent of millions is short to write and would fill the memory.
    if not written.is_finite() or abs(written.adjusted()) > _MOST_DIGITS:
        raise refusal
    return Fraction(written)


def proportion(period: Period, numerator: int, denominator: int, per: int = 1) -> Point:
    """Make a point of two counts, kept beside the value."""
    if denominator <= 0:
        raise Refusal("A share needs a number above zero to be of.", code="no_denominator")
    return Point(period, Fraction(numerator * per, denominator), numerator, denominator)


def check_order(points: Sequence[Point]) -> None:
    """Refuse a period that comes twice, overlaps another or is out of order."""
    for one, following in pairwise(points):
        if following.period == one.period:
            raise Refusal("Two readings are for the same period.", code="duplicate_period")
        if following.period.start <= one.period.end:
            raise Refusal("Readings overlap or are out of order.", code="periods_disordered")


def live(points: Sequence[Point], excluded: Collection[int]) -> list[int]:
    """Find the points that count: those with a value that nobody set aside."""
    return [at for at, point in enumerate(points) if point.value is not None and at not in excluded]


def has_missing(points: Sequence[Point]) -> bool:
    """Say whether a period between the first and the last has no reading."""
    empty = any(point.value is None for point in points)
    return empty or any(b.period.start > a.period.end + ONE_DAY for a, b in pairwise(points))


def mean_of(values: Sequence[Fraction]) -> Fraction:
    """Average exactly; over one common denominator, which is far faster than one by one."""
    return total_of(values) / len(values)


def total_of(values: Sequence[Fraction]) -> Fraction:
    """Add exactly."""
    shared = lcm(*(value.denominator for value in values))
    return Fraction(sum(v.numerator * (shared // v.denominator) for v in values), shared)


@dataclass(frozen=True, slots=True)
class Part:
    """The live points from one recalculation to the next; limits come from the basis alone."""

    first: int
    members: tuple[int, ...]
    basis: tuple[int, ...]


def parts_of(
    points: Sequence[Point],
    alive: Sequence[int],
    recalculations: Iterable[int],
    baseline: int | None,
) -> list[Part]:
    """Cut a series where its limits were worked out anew; the baseline rules the first part."""
    starts = sorted(set(recalculations))
    if starts and not 0 < starts[0] <= starts[-1] < len(points):
        raise Refusal("Limits can only be worked out anew from a later reading.", code="bad_part")
    edges = [0, *starts, len(points)]
    cut = [
        Part(first, members, members)
        for first, end in pairwise(edges)
        for members in [tuple(at for at in alive if first <= at < end)]
    ]
    return [_with_baseline(cut[0], baseline, bool(starts)), *cut[1:]]


def _with_baseline(part: Part, baseline: int | None, is_cut: bool) -> Part:
    if baseline is None:
        return part
    if baseline < 1:
        raise Refusal("A baseline needs at least one reading.", code="baseline_empty")
    if is_cut and baseline > len(part.members):
        raise Refusal("The baseline overlaps new limits.", code="baseline_overlaps")
    return Part(part.first, part.members, part.members[:baseline])

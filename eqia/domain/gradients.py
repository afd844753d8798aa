"""How a figure changes over ordered groups: slope and ratio from the most to the least deprived.

Measures.md section 7: least squares over cumulative midpoints, weighted by people; limits by a
bootstrap with a fixed seed, so that the same figures always give the same limits.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate
from math import ceil, log, sqrt
from random import Random
from statistics import NormalDist

from eqia.domain.categories import load_category_sets
from eqia.domain.concerns import points_of
from eqia.domain.errors import Refusal
from eqia.domain.gaps import limit_words, side_words
from eqia.domain.measures import IN_PARTS, Definition, Shape
from eqia.domain.periods import Period, period_name
from eqia.domain.pictures import MeasureView
from eqia.domain.readings import Figure

_FEWEST_STEPS = 5
SEED, DRAWS = 20210321, 400
_SAME = 1e-9
#: the tail on either side of 95 per cent limits
_TAIL = 0.025
#: from this spread on the normal curve stands for drawing one by one
_MANY = 25
#: which way a figure goes from the most to the least deprived end
_WAYS = ("lower", "higher")


@dataclass(frozen=True, slots=True)
class Step:
    """One of several ordered groups: its figure and how many people it has."""

    value: float
    people: float


@dataclass(frozen=True, slots=True)
class Gradient:
    """The slope over ordered groups, as a difference and as a ratio."""

    slope: float
    ratio: float | None


def gradient(steps: Sequence[Step]) -> Gradient:
    """Fit a line over cumulative midpoints, weighted by people; most deprived first."""
    if len(steps) < _FEWEST_STEPS or any(step.people <= 0 for step in steps):
        raise Refusal("A slope needs five or more groups with people in each.", code="few_groups")
    total = sum(step.people for step in steps)
    ends = accumulate(step.people for step in steps)
    places = [(end - step.people / 2) / total for end, step in zip(ends, steps, strict=True)]
    # The mean of the midpoints, weighted by people, is a half whatever the sizes.
    level = sum(step.value * step.people for step in steps) / total
    both = list(zip(places, steps, strict=True))
    top = sum(s.people * (x - 0.5) * (s.value - level) for x, s in both)
    slope = top / sum(s.people * (x - 0.5) ** 2 for x, s in both)
    start = level - slope / 2
    # What floats cannot tell from nought is nought, or the ratio would be some huge number.
    touches = abs(start) <= _SAME * (abs(level) + abs(slope))
    return Gradient(slope, None if touches else (start + slope) / start)


@dataclass(frozen=True, slots=True)
class Limits:
    """The lower and the upper limit of a slope and of a ratio."""

    slope: tuple[float, float]
    ratio: tuple[float, float] | None


@dataclass(frozen=True, slots=True)
class Told:
    """A slope in words, for the latest period that every group was read in."""

    period: str
    slope: str
    ratio: str


#: how many were counted, of how many, group by group
Counts = tuple[tuple[int, int], ...]


@lru_cache(maxsize=200)
def limits_of(counts: Counts, *, is_rate: bool) -> Limits:
    """Draw every group anew many times, always in the same way, and take the middle 95 per cent."""
    chance = Random(SEED)  # noqa: S311 - figures, not secrets: the same ones every time
    draw = _poisson if is_rate else _binomial
    found = [
        gradient([Step(draw(chance, count, of) / of, of) for count, of in counts])
        for _ in range(DRAWS)
    ]
    ratios = [one.ratio for one in found if one.ratio is not None]
    whole = len(ratios) == len(found)
    return Limits(_middle([one.slope for one in found]), _middle(ratios) if whole else None)


def gradient_told(view: MeasureView) -> Told | None:
    """Put the slope of a measure over ordered groups in words; None where there is none.

    Of rounded counts there is none: it could be that of the rounding.
    """
    definition = view.definition
    if definition is None or definition.shape not in IN_PARTS or view.rounded_to > 1:
        return None
    if not is_ordered(definition):
        return None
    found = _latest(view, definition)
    if found is None or len(found[1]) < _FEWEST_STEPS:
        return None
    period, figures = found
    counts = tuple((one.numerator or 0, one.denominator or 1) for one in figures)
    is_rate = definition.shape == Shape.RATE
    slope = gradient([Step(count / of, of) for count, of in counts])
    limits = limits_of(counts, is_rate=is_rate)
    per = definition.per if is_rate else 1
    return Told(
        period_name(period),
        _slope_words(slope.slope * per, [end * per for end in limits.slope], definition),
        _ratio_words(slope.ratio, limits.ratio),
    )


def is_ordered(definition: Definition) -> bool:
    """Whether the groups of a measure are those of a set with an order to them."""
    code, _, edition = definition.category_set.partition("|")
    found = load_category_sets().get((code, edition))
    return found is not None and found.ordered


def _latest(view: MeasureView, definition: Definition) -> tuple[Period, list[Figure]] | None:
    """Find the latest period in which every group has people and a figure that counts."""
    by_group = [
        {one.period: one.figure for one in view.counted(member.code) if one.figure.denominator}
        for member in definition.substantive
    ]
    both = set.intersection(*(set(one) for one in by_group)) if by_group else set()
    if not both:
        return None
    last = max(both)
    return last, [one[last] for one in by_group]


def _slope_words(slope: float, limits: Iterable[float], definition: Definition) -> str:
    write = points_of(definition)
    lower, upper = limits
    size, between = side_words(slope, write, _WAYS), limit_words(lower, upper, write, _WAYS)
    if lower <= 0 <= upper:
        return (
            f"There is no clear slope: {size} from the first group to the last,"
            f" and it may lie {between}."
        )
    return (
        f"At the least deprived end the figure is {size} than at the most deprived end; the slope"
        f" lies {between}."
    )


def _ratio_words(ratio: float | None, limits: tuple[float, float] | None) -> str:
    if ratio is None or ratio < 0:
        return "There is no ratio: the line touches nought at one end, or falls below it."
    between = f", between {limits[0]:.2f} and {limits[1]:.2f}" if limits else ""
    return f"That is {ratio:.2f} times the figure at the most deprived end{between}."


def _middle(values: Sequence[float]) -> tuple[float, float]:
    ordered = sorted(values)
    at = ceil(len(ordered) * _TAIL) - 1
    return ordered[at], ordered[-1 - at]


def _binomial(chance: Random, count: int, of: int) -> int:
    share = count / of
    if share > 1 / 2:
        return of - _binomial(chance, of - count, of)
    if of * share * (1 - share) > _MANY:
        return _rounded(chance, of * share, of * share * (1 - share), of)
    return _skipped(chance, of, share)


def _skipped(chance: Random, of: int, share: float) -> int:
    """Draw one by one, skipping straight from one that is counted to the next."""
    if not share:
        return 0
    place, found, step = 0.0, 0, log(1 - share)
    while True:
        place += 1 + int(log(1 - chance.random()) / step)
        if place > of:
            return found
        found += 1


def _poisson(chance: Random, count: int, _of: int) -> int:
    if count > _MANY:
        return _rounded(chance, count, count, None)
    spent, found = -log(1 - chance.random()), 0
    while spent < count:
        found += 1
        spent -= log(1 - chance.random())
    return found


def _rounded(chance: Random, mean: float, variance: float, most: int | None) -> int:
    drawn = mean + sqrt(variance) * NormalDist().inv_cdf(chance.random() or _TAIL)
    whole = max(0, round(drawn))
    return whole if most is None else min(whole, most)

"""How sure a figure is: limits of shares, rates and what is worked out from two of them.

Measures.md section 7 names each method; both ends are 95 per cent limits unless told otherwise.
"""

from collections.abc import Callable
from dataclasses import dataclass
from math import exp, hypot, lgamma, log, sqrt
from statistics import NormalDist

from eqia.domain.errors import Refusal

#: how many standard errors 95 and 99.8 per cent limits lie from the middle
Z95 = NormalDist().inv_cdf(0.975)
Z998 = NormalDist().inv_cdf(0.999)

#: fewer events than this need an exact method
FEW = 10
_HALVINGS = 200


@dataclass(frozen=True, slots=True)
class Estimate:
    """A figure with its limits and the method they come from."""

    value: float
    lower: float
    upper: float
    method: str
    #: what the figure may be before it was rounded, where it was
    span: tuple[float, float] | None = None
    #: how near its limits may lie below and above it then
    nearest: tuple[float, float] = (0.0, 0.0)

    @property
    def ends(self) -> tuple["Estimate", ...]:
        """What it may have been before it was rounded, as low, as high and as sure as may be."""
        if self.span is None:
            return (self,)
        below, above = self.nearest
        return tuple(
            Estimate(one, one - below, one + above, self.method) for one in dict.fromkeys(self.span)
        )

    def excludes(self, value: float) -> bool:
        """Whether a value lies strictly outside the limits."""
        return value < self.lower or value > self.upper


def wilson(count: int, of: int, z: float = Z95) -> Estimate:
    """Give a share with Wilson's limits: exactly 0 below for none, exactly 1 above for all."""
    if not 0 <= count <= of or not of:
        raise Refusal("A share is a count of at most as many.", code="not_a_share")
    share, square = count / of, z * z
    middle, side = 2 * count + square, z * sqrt(square + 4 * count * (1 - share))
    below = 0.0 if count == 0 else (middle - side) / (2 * (of + square))
    above = 1.0 if count == of else (middle + side) / (2 * (of + square))
    return Estimate(share, below, above, "Wilson")


def poisson_rate(count: int, of: float, per: float = 1, z: float = Z95) -> Estimate:
    """Give a rate: exact Poisson limits under ten events, Byar's from there."""
    if count < 0 or of <= 0:
        raise Refusal("A rate is a count for a number above zero.", code="not_a_rate")
    exactly = count < FEW
    lower, upper = _poisson_exact(count, z) if exactly else _byar(count, z)
    scale = per / of
    method = "exact Poisson" if exactly else "Byar"
    return Estimate(count * scale, lower * scale, upper * scale, method)


def supplied(value: float, lower: float, upper: float) -> Estimate:
    """Take limits as somebody else worked them out; they are never corrected."""
    return Estimate(value, lower, upper, "as supplied, method unknown")


def difference(one: Estimate, two: Estimate) -> Estimate:
    """Subtract two figures, with Newcombe's hybrid limits.

    What chance may do to both sides partly evens out; what rounding may have done is added up.
    """
    gap = one.value - two.value
    (lowest, highest), (least, most) = one.span or (one.value,) * 2, two.span or (two.value,) * 2
    below = hypot(lowest - one.lower, two.upper - most)
    above = hypot(one.upper - highest, least - two.lower)
    span = (lowest - most, highest - least)
    rounded = one.span is not None or two.span is not None
    return Estimate(gap, span[0] - below, span[1] + above, "Newcombe", span if rounded else None)


def quotient(one: Estimate, two: Estimate) -> Estimate | None:
    """Divide two shares, with MOVER-R limits; none only where the second is 0."""
    p1, p2 = one.value, two.value
    if p2 == 0:
        return None
    product = p1 * p2
    below = one.lower * (2 * p1 - one.lower), two.upper * (2 * p2 - two.upper)
    above = one.upper * (2 * p1 - one.upper), two.lower * (2 * p2 - two.lower)
    lower = 0.0 if p1 == 0 else below[0] / (product + _root(product, *below))
    upper = (product + _root(product, *above)) / above[1]
    return Estimate(p1 / p2, lower, upper, "MOVER-R")


@dataclass(frozen=True, slots=True)
class Events:
    """How many events there were, for how many."""

    count: int
    of: int


def rate_ratio(one: Events, two: Events, z: float = Z95) -> Estimate | None:
    """Divide two rates; exact limits if either has under ten events, none without any."""
    if two.count == 0:
        return None
    ratio = one.count * two.of / (one.of * two.count)
    if min(one.count, two.count) < FEW:
        scale = two.of / one.of
        lower, upper = _clopper_pearson(one.count, one.count + two.count, z)
        top = float("inf") if upper == 1 else upper / (1 - upper)
        return Estimate(ratio, lower / (1 - lower) * scale, top * scale, "exact conditional")
    side = z * sqrt(1 / one.count + 1 / two.count)
    return Estimate(ratio, exp(log(ratio) - side), exp(log(ratio) + side), "log normal")


def against(estimate: Estimate, benchmark: float, *, higher_is_better: bool) -> str:
    """Say better or worse only where the limits lie strictly beyond the benchmark."""
    if not estimate.excludes(benchmark):
        return "similar"
    return "better" if (estimate.lower > benchmark) is higher_is_better else "worse"


def _root(product: float, one: float, two: float) -> float:
    # Rounding may take what is zero a little below it.
    return sqrt(max(0.0, product * product - one * two))


def _byar(count: int, z: float) -> tuple[float, float]:
    more = count + 1
    below = count * (1 - 1 / (9 * count) - z / (3 * sqrt(count))) ** 3
    return below, more * (1 - 1 / (9 * more) + z / (3 * sqrt(more))) ** 3


def _poisson_exact(count: int, z: float) -> tuple[float, float]:
    tail = 1 - NormalDist().cdf(z)
    most = 10.0 * (count + 10)
    lower = 0.0
    if count:
        lower = _solve(lambda mean: 1 - _poisson_up_to(count - 1, mean), tail, most)
    return lower, _solve(lambda mean: -_poisson_up_to(count, mean), -tail, most)


def _poisson_up_to(count: int, mean: float) -> float:
    term = total = exp(-mean)
    for k in range(1, count + 1):
        term *= mean / k
        total += term
    return total


def _clopper_pearson(count: int, of: int, z: float) -> tuple[float, float]:
    if count > of - count:
        lower, upper = _clopper_pearson(of - count, of, z)
        return 1 - upper, 1 - lower
    tail = 1 - NormalDist().cdf(z)
    lower = 0.0
    if count:
        lower = _solve(lambda share: 1 - _binomial_up_to(count - 1, of, share), tail, 1)
    return lower, _solve(lambda share: -_binomial_up_to(count, of, share), -tail, 1)


def _binomial_up_to(count: int, of: int, share: float) -> float:
    if share in {0, 1}:
        return float(share == 0)
    return sum(
        exp(
            lgamma(of + 1)
            - lgamma(k + 1)
            - lgamma(of - k + 1)
            + k * log(share)
            + (of - k) * log(1 - share)
        )
        for k in range(count + 1)
    )


def _solve(rising: Callable[[float], float], wanted: float, most: float) -> float:
    """Find where a rising function reaches a value, by halving."""
    low, high = 0.0, float(most)
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        if middle in {low, high}:
            break
        low, high = (middle, high) if rising(middle) < wanted else (low, middle)
    return (low + high) / 2

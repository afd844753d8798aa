"""When nothing is worked out from a series: figures are hidden, or rounded too far."""

from collections.abc import Collection
from fractions import Fraction
from itertools import pairwise

from eqia.domain.measure_words import HIDDEN
from eqia.domain.series import Point
from eqia.domain.spc import Analysis
from eqia.domain.spc_icons import Method, method_for
from eqia.domain.suppression import State

COARSE = (
    "The counts are rounded further than they go up and down, so nothing is worked out from them,"
    " and no line joins the points."
)
ALL_HIDDEN = "Every figure is hidden because it is small, so there is nothing to draw."
UNJOINED = "The counts are rounded further than they go up and down, so no line joins the points."


def withheld_from(analysis: Analysis, states: Collection[State], step: int) -> str:
    """Say why there is no mean, no limit and no icon (measures.md section 8); "" if there is."""
    coarse = is_coarse(analysis, step)
    if State.MASKED in states and not analysis.live:
        return ALL_HIDDEN
    if State.MASKED in states:
        return f"{HIDDEN} {UNJOINED}" if coarse else HIDDEN
    return COARSE if coarse else ""


def is_coarse(analysis: Analysis, step: int) -> bool:
    """Whether it goes up and down by no more than rounding may make of it.

    Limits would be those of rounding where counts move by less than their step; and few points
    may all be one and the same figure.
    """
    if step == 1:
        return False
    points = [one.point for one in analysis.live if one.point.numerator is not None]
    if len(points) > 1 and _may_be_one(points, step):
        return True
    if method_for(len(analysis.live)) is Method.LINE:
        return False
    moved = [abs((b.numerator or 0) - (a.numerator or 0)) for a, b in pairwise(points)]
    return bool(moved) and sum(moved) < step * len(moved)


def _may_be_one(points: Collection[Point], step: int) -> bool:
    """Whether one figure lies within the rounding of all points."""
    ends = [_ends(one.numerator or 0, one.denominator, step // 2) for one in points]
    return max(least for least, _ in ends) <= min(most for _, most in ends)


def _ends(count: int, of: int | None, slack: int) -> tuple[Fraction, Fraction]:
    most, fewest = (1, 1) if of is None else (of + slack, max(1, of - slack))
    return Fraction(max(0, count - slack), most), Fraction(count + slack, fewest)

"""When nothing is worked out from a series: figures are hidden, or rounded too far."""

from collections.abc import Collection
from itertools import pairwise

from eqia.domain.measure_words import HIDDEN
from eqia.domain.spc import Analysis
from eqia.domain.spc_icons import Method, method_for
from eqia.domain.suppression import State

COARSE = (
    "The counts are rounded further than they go up and down, so nothing is worked out from them."
)


def withheld_from(analysis: Analysis, states: Collection[State], step: int) -> str:
    """Say why there is no mean, no limit and no icon (measures.md section 8); "" if there is."""
    if State.MASKED in states:
        return HIDDEN
    return COARSE if _is_coarse(analysis, step) else ""


def _is_coarse(analysis: Analysis, step: int) -> bool:
    """Whether rounded counts move by less than their step: limits would be those of rounding."""
    if step == 1 or method_for(len(analysis.live)) is Method.LINE:
        return False
    counts = [one.point.numerator for one in analysis.live]
    moved = [abs(b - a) for a, b in pairwise(counts) if a is not None and b is not None]
    return bool(moved) and sum(moved) < step * len(moved)

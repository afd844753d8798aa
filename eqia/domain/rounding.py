"""How far a figure of rounded counts may lie from the exact one (measures.md section 8).

Where two figures may be the same but for rounding, nobody can say which way it went.
"""

from collections.abc import Iterable
from fractions import Fraction

from eqia.domain.measures import IN_PARTS, Definition, Shape
from eqia.domain.readings import COUNTED, Figure

Span = tuple[Fraction, Fraction]


def span_of(definition: Definition, figures: Iterable[Figure], step: int) -> Span | None:
    """Give the least and the most that some figures may be together; None if none was rounded."""
    counted = [one for one in figures if one.state in COUNTED and one.numerator is not None]
    if step == 1 or not counted or definition.shape == Shape.MEAN:
        return None
    tops = [_both(one.numerator or 0, step) for one in counted]
    least, most = (sum(one[end] for one in tops) for end in (0, 1))
    if definition.shape not in IN_PARTS:
        return Fraction(least, len(counted)), Fraction(most, len(counted))
    bottoms = [_both(one.denominator or 0, step) for one in counted]
    fewest, more = (max(1, sum(one[end] for one in bottoms)) for end in (0, 1))
    per = definition.per if definition.shape == Shape.RATE else 1
    highest = Fraction(most * per, fewest)
    if definition.shape == Shape.PROPORTION:
        highest = min(highest, Fraction(1))
    return Fraction(least * per, more), highest


def overlap(one: tuple[float, float] | Span | None, two: tuple[float, float] | Span | None) -> bool:
    """Whether two figures may be the same but for rounding; exact ones are what they are."""
    if one is None or two is None:
        return False
    return one[0] <= two[1] and two[0] <= one[1]


def _both(count: int, step: int) -> tuple[int, int]:
    return max(0, count - step // 2), count + step // 2

"""What somebody works out of counts that are hidden, from the others and from how they add up."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

#: the lowest and the highest count that one could be
Range = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Sum:
    """Counts that add up to another: a breakdown, a parent, or periods that run on."""

    total: str
    parts: tuple[str, ...]


#: a total and its parts, each by its place in a list
Places = tuple[int, tuple[int, ...]]
#: places on one side and on the other: there is as much on both
_Equation = tuple[tuple[int, ...], tuple[int, ...]]
_Sides = tuple[frozenset[int], frozenset[int]]
#: how often what is left of sums is subtracted again
_ROUNDS = 2


def narrowed(ranges: Sequence[Range], sums: tuple[Places, ...]) -> list[Range] | None:
    """Narrow every range by every sum until nothing changes; none if they contradict."""
    low, high = [one[0] for one in ranges], [one[1] for one in ranges]
    equations = _equations(sums)
    changed = True
    while changed:
        changed = False
        for left, right in equations:
            found = _narrow(left, right, low, high)
            if found is None:
                return None
            changed |= found
    return list(zip(low, high, strict=True))


# The periods of a measure, and measures of the same groups, add up alike.
@lru_cache(maxsize=500)
def _equations(sums: tuple[Places, ...]) -> tuple[_Equation, ...]:
    """Give the sums, and what is left of them without the counts that they have in common."""
    found = dict.fromkeys((frozenset(parts), frozenset((total,))) for total, parts in sums)
    new: Iterable[_Sides] = tuple(found)
    for _ in range(_ROUNDS):
        new = [one for one in _differences(tuple(found), new) if one not in found]
        found |= dict.fromkeys(new)
    return tuple((tuple(left), tuple(right)) for left, right in found)


def _narrow(
    left: tuple[int, ...], right: tuple[int, ...], low: list[int], high: list[int]
) -> bool | None:
    """Leave each count what the others leave it; say whether anything changed, none if nothing is.

    With the other side subtracted the whole lies between `least` and `most`, and it is 0.
    """
    least = sum(low[at] for at in left) - sum(high[at] for at in right)
    most = sum(high[at] for at in left) - sum(low[at] for at in right)
    changed = False
    for side, is_left in ((left, True), (right, False)):
        for at in side:
            first, last = low[at], high[at]
            if is_left:
                new = max(first, last - most), min(last, first - least)
            else:
                new = max(first, last + least), min(last, first + most)
            if new[0] > new[1]:
                return None
            if new != (first, last):
                changed = True
                low[at], high[at] = new
                up, down = new[0] - first, last - new[1]
                # The whole is as much narrower.
                least += up if is_left else down
                most -= down if is_left else up
    return changed


def _differences(known: Sequence[_Sides], new: Iterable[_Sides]) -> Iterator[_Sides]:
    """Subtract sums with counts in common from each other: what is left needs none of these.

    Of a year and of its first half, told month by month, the second half follows, however little
    is known of the months.
    """
    beside: dict[int, list[_Sides]] = {}
    for one in known:
        for at in one[0] | one[1]:
            beside.setdefault(at, []).append(one)
    for one in new:
        common = Counter(other for at in one[0] | one[1] for other in beside[at])
        for other, times in common.items():
            # One count in common passes on all that it knows without this.
            if times > 1 and other != one and not (one[0] & other[1] or one[1] & other[0]):
                left = (one[0] - other[0]) | (other[1] - one[1])
                right = (one[1] - other[1]) | (other[0] - one[0])
                if (right, left) not in known:
                    yield left, right

"""The figures of groups beside those of everybody: a part is never larger than the whole.

What cannot be is refused; what only seems wrong, because somebody may be in no group or in two, is
asked about.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from eqia.domain.measures import IN_PARTS, OVERALL, Definition, Shape
from eqia.domain.readings import COUNTED, Figure


class Count(StrEnum):
    """What of a figure is compared."""

    COUNTED = "Counted"
    OUT_OF = "Out of"
    #: of a share, those who were not counted
    NOT_COUNTED = "Not counted"
    AVERAGE = "Average"


#: why a group with more than everybody is refused
PART_OF = "A group is a part of Everybody, so one of the two is wrong"
_LARGER: Mapping[Count, str] = {
    Count.COUNTED: "{:,} counted",
    Count.OUT_OF: "out of {:,}",
    Count.NOT_COUNTED: "{:,} not counted",
}


@dataclass(frozen=True, slots=True)
class Larger:
    """A group with more than everybody together."""

    member: str
    count: Count
    group: int
    everybody: int

    @property
    def words(self) -> str:
        """What is refused, and why."""
        told = _LARGER[self.count].format(self.group)
        return f"{told} is more than the {self.everybody:,} of Everybody"


@dataclass(frozen=True, slots=True)
class Beyond:
    """An average of everybody that lies outside those of all groups."""

    least: Decimal
    most: Decimal
    everybody: Decimal
    count: Count = Count.AVERAGE

    @property
    def words(self) -> str:
        """All three numbers."""
        return (
            f"{self.count}: those of the groups lie from {self.least:f} to {self.most:f},"
            f" that of Everybody is {self.everybody:f}"
        )


@dataclass(frozen=True, slots=True)
class Sum:
    """What the groups add up to, where that is not what everybody is."""

    count: Count
    added: int
    everybody: int

    @property
    def words(self) -> str:
        """Both numbers."""
        return f"{self.count}: the groups add up to {self.added:,}, Everybody is {self.everybody:,}"


Odd = Sum | Beyond


def larger_than_everybody(definition: Definition, figures: Mapping[str, Figure]) -> list[Larger]:
    """Find the groups that have more than everybody together, each told by the first of its counts.

    Of shares, those who were not counted are compared too: 90 of 100 cannot be left out of
    50 of 120.
    """
    whole = figures.get(OVERALL)
    if whole is None or whole.state not in COUNTED:
        return []
    most = _counts(definition, whole)
    found = []
    for one in definition.members:
        part = figures.get(one.code)
        mine = _counts(definition, part) if part and part.state in COUNTED else {}
        over = (Larger(one.code, count, n, most[count]) for count, n in mine.items())
        found += [one for one in over if one.group > one.everybody][:1]
    return found


def sums_of(
    definition: Definition, figures: Mapping[str, Figure], apart: Collection[str] = ()
) -> tuple[Odd, ...]:
    """Find where the figures of the groups do not add up to those of everybody.

    Where a figure is missing or hidden, they can only be too many. `apart` are members that are a
    part of another one. An average of everybody lies among those of the groups.
    """
    wanted = [one.code for one in definition.members if one.code not in apart]
    parts = [one for code in wanted if (one := figures.get(code)) and one.state in COUNTED]
    whole = figures.get(OVERALL)
    if whole is None or whole.state not in COUNTED or not parts:
        return ()
    is_whole = len(parts) == len(wanted)
    if definition.shape == Shape.MEAN:
        return tuple(_beyond(whole, parts)) if is_whole else ()
    return tuple(
        one
        for one in _sums(definition, whole, parts)
        if one.added > one.everybody or (is_whole and one.added < one.everybody)
    )


def sums_told(sums: Sequence[Odd]) -> str:
    """Say where groups do not add up, with both numbers."""
    return " ".join(f"{one.words}." for one in sums)


def _beyond(whole: Figure, parts: Sequence[Figure]) -> Iterator[Beyond]:
    values = [one.value for one in parts if one.value is not None]
    if values and whole.value is not None and not min(values) <= whole.value <= max(values):
        yield Beyond(min(values), max(values), whole.value)


def _sums(definition: Definition, whole: Figure, parts: Sequence[Figure]) -> Iterator[Sum]:
    for count, everybody in _counts(definition, whole).items():
        if count is not Count.NOT_COUNTED:
            yield Sum(count, sum(_counts(definition, one)[count] for one in parts), everybody)


def _counts(definition: Definition, figure: Figure) -> dict[Count, int]:
    """Give what can be added and compared; nothing of averages."""
    if definition.shape == Shape.MEAN:
        return {}
    above, below = figure.numerator or 0, figure.denominator or 0
    found = {Count.COUNTED: above}
    if definition.shape in IN_PARTS:
        found[Count.OUT_OF] = below
    if definition.shape == Shape.PROPORTION:
        found[Count.NOT_COUNTED] = below - above
    return found

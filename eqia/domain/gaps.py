"""Gaps between groups: how large, how sure, and which side moved (measures.md section 7).

A gap is never called unfair: its size, certainty and direction are stated.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import product

from eqia.domain.intervals import Estimate, difference
from eqia.domain.measures import Goal
from eqia.domain.rounding import overlap

#: figures nearer than this are the same: what floats cannot tell apart
_SAME = 1e-9


class Change(StrEnum):
    """What became of a gap."""

    NO_CLEAR_CHANGE = "no_clear_change"
    NARROWED = "narrowed"
    WIDENED = "widened"
    REVERSED = "reversed"


CHANGE_WORDS: Mapping[Change, str] = {
    Change.NO_CLEAR_CHANGE: "There is no clear change in the gap",
    Change.NARROWED: "The gap has narrowed",
    Change.WIDENED: "The gap has widened",
    Change.REVERSED: "The gap has turned round",
}


class Moved(StrEnum):
    """How one side went from before to after."""

    IMPROVED = "improved"
    WORSENED = "worsened"
    ROSE = "rose"
    FELL = "fell"
    SAME = "stayed the same"
    CLOSE = "stayed about the same once rounded"


#: how a difference is called that is under nought, and one that is over it
Ways = tuple[str, str]
SIDES: Ways = ("below", "above")
UNTOLD = "Whether there is a clear gap cannot be told once rounded"
UNTOLD_CHANGE = "Whether the gap has changed cannot be told once rounded"
NO_EVENTS = "There are not enough events to compare."
LEVELLING_DOWN = "The gap narrowed because the others got worse, which helps nobody."


@dataclass(frozen=True, slots=True)
class Pair:
    """A group and those it is compared with, at one time."""

    group: Estimate
    reference: Estimate

    @property
    def gap(self) -> Estimate:
        """The group's figure less the reference's."""
        return difference(self.group, self.reference)

    @property
    def is_empty(self) -> bool:
        """Whether nothing was counted on either side, so that nothing can be compared."""
        return self.group.value == self.reference.value == 0

    @property
    def is_rounded(self) -> bool:
        """Whether it was worked out from rounded counts."""
        return any(one.span is not None for one in (self.group, self.reference))

    @property
    def is_clear(self) -> bool:
        """Whether the limits of the gap leave out 0; never whether the two figures' overlap."""
        return self.gap.excludes(0)

    @property
    def ends(self) -> tuple[Estimate, ...]:
        """The gaps it may have been before it was rounded, those furthest apart."""
        return tuple(
            difference(one, two) for one, two in product(self.group.ends, self.reference.ends)
        )

    @property
    def is_untold(self) -> bool:
        """Whether only the exact counts show if it is clear: rounding may have hidden that."""
        return self.is_rounded and not self.is_clear and any(one.excludes(0) for one in self.ends)


@dataclass(frozen=True, slots=True)
class GapChange:
    """What became of a gap, how sure that is, and which side moved."""

    change: Change
    #: the later gap less the earlier one
    by: Estimate
    group: Moved
    reference: Moved
    #: whether only the exact counts show what became of it
    is_untold: bool = False

    @property
    def words(self) -> str:
        """What became of it, in words."""
        return UNTOLD_CHANGE if self.is_untold else CHANGE_WORDS[self.change]

    @property
    def is_levelling_down(self) -> bool:
        """Whether the gap is smaller at least in part because the reference got worse."""
        return self.change is Change.NARROWED and self.reference is Moved.WORSENED

    @property
    def sides(self) -> str:
        """Which side moved, in words."""
        if self.group is self.reference:
            return f"both {self.group}"
        return f"the group {self.group} and the others {self.reference}"


def gap_change(before: Pair, after: Pair, goal: Goal) -> GapChange:
    """Compare a later gap with the baseline's; the two are taken as independent."""
    by = difference(after.gap, before.gap)
    return GapChange(
        _change(before.gap.value, after.gap.value, clear=by.excludes(0)),
        by,
        _moved(before.group, after.group, goal),
        _moved(before.reference, after.reference, goal),
        _is_untold(before, after, by),
    )


def _is_untold(before: Pair, after: Pair, by: Estimate) -> bool:
    """Whether a change that is not clear may be, were neither gap rounded."""
    if by.excludes(0) or not (before.is_rounded or after.is_rounded):
        return False
    both = product(after.ends, before.ends)
    return any(difference(later, earlier).excludes(0) for later, earlier in both)


def is_clearly_wider(before: Pair, after: Pair) -> bool:
    """Say whether a gap grew more than chance would make it, so that people must look again."""
    found = gap_change(before, after, Goal.NEITHER)
    grown = abs(after.gap.value) > abs(before.gap.value)
    return found.change is Change.WIDENED or (found.change is Change.REVERSED and grown)


def gap_words(pair: Pair, write: Callable[[float], str]) -> str:
    """State the size, direction and certainty of a gap."""
    if pair.is_empty:
        return NO_EVENTS
    gap, about = pair.gap, "about " if pair.is_rounded else ""
    size, limits = (
        f"{about}{side_words(gap.value, write)}",
        limit_words(gap.lower, gap.upper, write),
    )
    if pair.is_untold:
        return f"{UNTOLD}: {size}, and it may lie {limits}."
    if not pair.is_clear:
        return f"There is no clear gap: {size}, and it may lie {limits}."
    return f"The group is {size} the others; the gap lies {limits}."


def side_words(value: float, write: Callable[[float], str], ways: Ways = SIDES) -> str:
    """Say how large a difference is and which way it goes: a minus sign is soon overlooked."""
    if not value:
        return write(0.0)
    return f"{write(abs(value))} {ways[value > 0]}"


def limit_words(
    lower: float, upper: float, write: Callable[[float], str], ways: Ways = SIDES
) -> str:
    """Say between which two differences one lies, the way they go once where it is the same."""
    near, far = sorted((lower, upper), key=abs)
    if near and (near > 0) == (far > 0):
        return f"between {write(abs(near))} and {side_words(far, write, ways)}"
    return f"between {side_words(lower, write, ways)} and {side_words(upper, write, ways)}"


def change_words(before: Pair, after: Pair, goal: Goal, write: Callable[[float], str]) -> str:
    """Say what became of a gap, and always which side moved, with both before and after."""
    found = gap_change(before, after, goal)
    group = write(before.group.value), write(after.group.value)
    others = write(before.reference.value), write(after.reference.value)
    # What reads the same did not move for whoever reads it.
    as_read = replace(
        found,
        group=_read_as(found.group, *group),
        reference=_read_as(found.reference, *others),
    )
    about = "about " if before.is_rounded or after.is_rounded else ""
    theirs = _went("the others", others, about, found.reference)
    told = [
        f"{found.words}: {as_read.sides}.",
        f"{_went('The group', group, about, found.group)}, {theirs}.",
    ]
    return " ".join([*told, *([LEVELLING_DOWN] if as_read.is_levelling_down else [])])


def _went(whom: str, figures: tuple[str, str], about: str, moved: Moved) -> str:
    """Say from where to where a side went, unless rounding alone may have moved it."""
    if moved is Moved.CLOSE:
        return f"{whom} stayed at about {figures[1]}, too close to the figure before to tell"
    return f"{whom} went from {about}{figures[0]} to {about}{figures[1]}"


def _read_as(moved: Moved, before: str, after: str) -> Moved:
    return Moved.SAME if before == after and moved is not Moved.CLOSE else moved


def good_way(baseline: float) -> Goal:
    """Say which way a series of gaps is better: towards zero; neither if there was none."""
    if baseline == 0:
        return Goal.NEITHER
    return Goal.DOWN if baseline > 0 else Goal.UP


def _change(before: float, after: float, *, clear: bool) -> Change:
    if not clear:
        return Change.NO_CLEAR_CHANGE
    if before * after < 0:
        return Change.REVERSED
    return Change.NARROWED if abs(after) < abs(before) else Change.WIDENED


def _moved(earlier: Estimate, later: Estimate, goal: Goal) -> Moved:
    before, after = earlier.value, later.value
    if overlap(earlier.span, later.span):
        return Moved.CLOSE
    if abs(after - before) <= _SAME * max(abs(before), abs(after)):
        return Moved.SAME
    rose = after > before
    if goal is Goal.NEITHER:
        return Moved.ROSE if rose else Moved.FELL
    return Moved.IMPROVED if rose is (goal is Goal.UP) else Moved.WORSENED

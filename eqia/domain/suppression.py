"""Small numbers hidden, so that no figure that leaves the team tells about a person.

Measures.md section 8. A masked cell must not follow from what else is shown: after the small
numbers, others are hidden until nobody can work a hidden one out.
"""

from collections.abc import Collection, Mapping, Sequence, Set
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from eqia.domain.inference import Places, Range, Sum, narrowed


class State(StrEnum):
    """What a cell holds, or why it holds nothing: five empty states, never mixed up."""

    NUMBER = "number"
    ZERO = "zero"
    MASKED = "masked"
    MISSING = "missing"
    NOT_COLLECTED = "not_collected"
    NOT_APPLICABLE = "not_applicable"


STATE_TEXTS: Mapping[State, str] = {
    State.ZERO: "0",
    State.MASKED: "*",
    State.MISSING: "no reading yet",
    State.NOT_COLLECTED: "not collected",
    State.NOT_APPLICABLE: "does not apply",
}
#: what a reader who hears the page is told
STATE_SPOKEN: Mapping[State, str] = {**STATE_TEXTS, State.MASKED: "hidden, small number"}


class Profile(StrEnum):
    """How small numbers are hidden."""

    MASK7_ROUND5 = "mask7_round5"
    MASK4_SECONDARY = "mask4_secondary"
    MASK9_ROUND5 = "mask9_round5"


DEFAULT = Profile.MASK7_ROUND5


@dataclass(frozen=True, slots=True)
class Rules:
    """Counts from 1 to `highest` are hidden, the others rounded to the nearest `step`."""

    highest: int
    step: int

    @property
    def fewest_open(self) -> int:
        """How many small numbers a hidden one must leave open: more than half of them."""
        return self.highest // 2 + 1

    def hides(self, count: int) -> bool:
        """Whether a count is small enough to tell about a person."""
        return 1 <= count <= self.highest

    def rounded(self, count: int) -> int:
        """Round from the exact count; halves do not come up, steps being odd."""
        return (count + self.step // 2) // self.step * self.step


RULES: Mapping[Profile, Rules] = {
    Profile.MASK7_ROUND5: Rules(7, 5),
    Profile.MASK4_SECONDARY: Rules(4, 1),
    Profile.MASK9_ROUND5: Rules(9, 5),
}


#: what a team can choose beside the default
PROFILE_LABELS: Mapping[str, str] = {
    Profile.MASK9_ROUND5: "1 to 9 hidden, the rest rounded to 5",
    Profile.MASK4_SECONDARY: "1 to 4 hidden, and others that would give them away; none rounded",
}
PROFILE_WORDS: Mapping[Profile, str] = {
    Profile.MASK7_ROUND5: (
        "Counts from 1 to 7 are hidden, and so are others from which they could be worked out."
        " All other counts are rounded to the nearest 5, and percentages come from them."
    ),
    Profile.MASK4_SECONDARY: (
        "Counts from 1 to 4 are hidden, and so are others from which they could be worked out."
    ),
    Profile.MASK9_ROUND5: (
        "Counts from 1 to 9 are hidden, and so are others from which they could be worked out."
        " All other counts are rounded to the nearest 5, and percentages come from them."
    ),
}


@dataclass(frozen=True, slots=True)
class Shown:
    """A cell as it may be shown."""

    state: State
    count: int | None = None

    @property
    def text(self) -> str:
        """What stands in its place."""
        return _worded(self, STATE_TEXTS)

    @property
    def spoken(self) -> str:
        """What is read out."""
        return _worded(self, STATE_SPOKEN)


MASKED = Shown(State.MASKED)


#: an exact count, or why there is none
Cell = int | State


def suppress(
    cells: Mapping[str, Cell],
    sums: Sequence[Sum] = (),
    profile: Profile = DEFAULT,
    also: Collection[str] = (),
    unseen: Collection[str] = (),
) -> dict[str, Shown]:
    """Hide small counts, and `also` those named, and as many more as protect them.

    Those `unseen` are shown to nobody: small ones must not follow from the others either.
    """
    keys, rules = tuple(cells), RULES[profile]
    at = {key: number for number, key in enumerate(keys)}
    hidden = _hidden(
        tuple(cells.values()),
        tuple((at[one.total], tuple(at[key] for key in one.parts)) for one in sums),
        profile,
        frozenset(at[key] for key in also if _count(cells[key])),
        frozenset(at[key] for key in unseen),
    )
    return {key: _shown(cell, at[key] in hidden, rules) for key, cell in cells.items()}


# One reading more leaves the other periods as they are, and many are like each other.
@lru_cache(maxsize=5_000)
def _hidden(
    cells: tuple[Cell, ...],
    sums: tuple[Places, ...],
    profile: Profile,
    also: frozenset[int],
    unseen: frozenset[int],
) -> frozenset[int]:
    attack = _Attack(cells, sums, RULES[profile], also, unseen)
    hidden = {*attack.small, *also, *unseen}
    while exposed := attack.exposed(hidden):
        more = attack.next_to_hide(hidden, exposed)
        if more is None:
            break
        hidden.add(more)
    return frozenset(hidden | attack.none_beside_the_told())


def is_safe(
    cells: Mapping[str, Cell], hidden: Collection[str], sums: Sequence[Sum], profile: Profile
) -> bool:
    """Say whether what is hidden leaves enough small numbers open, whatever is assumed."""
    at = {key: number for number, key in enumerate(cells)}
    places = tuple((at[one.total], tuple(at[key] for key in one.parts)) for one in sums)
    attack = _Attack(tuple(cells.values()), places, RULES[profile])
    return not attack.exposed({at[key] for key in hidden})


class _Attack:
    """Somebody who knows all that is shown, what adds up, and how it was hidden and rounded."""

    def __init__(
        self,
        cells: tuple[Cell, ...],
        sums: tuple[Places, ...],
        rules: Rules,
        few_left: frozenset[int] = frozenset(),
        unseen: frozenset[int] = frozenset(),
    ) -> None:
        self._cells, self._sums, self._rules = cells, sums, rules
        self._counts = [_count(cell) for cell in cells]
        self.small = frozenset(at for at, n in enumerate(self._counts) if rules.hides(n))
        self._few_left, self._unseen = few_left - self.small, unseen
        self._at_source = {at for at, cell in enumerate(cells) if cell is State.MASKED}
        self._most = sum(self._counts) + len(cells) * (rules.step + rules.highest)
        #: how few numbers are left open where hiding all that can be hidden does not help
        self._best: dict[int, int] | None = None

    def exposed(self, hidden: Set[int]) -> dict[int, bool]:
        """Find what is hidden and follows, or nearly, for somebody who guesses which are small.

        Either all that is hidden (who may be wrong: then there is no answer), or just those that
        are; for these it holds whatever is taken for granted. What hiding all there is does not
        help need only be as well hidden as that leaves it.
        """
        if not (self.small or self._at_source):
            return {}
        right, all_ = self._near(hidden, self.small), self._near(hidden, hidden)
        if (right or all_) and self._best is None:
            counted = {at for at, count in enumerate(self._counts) if count}
            self._best = self._near(counted | self._unseen, self.small)
        best = self._best or {}
        return {
            at: is_right
            for near, is_right in ((all_, False), (right, True))
            for at, left in near.items()
            if left < best.get(at, left + 1)
        }

    def _near(self, hidden: Set[int], taken_for_small: Set[int]) -> dict[int, int]:
        """Say how few numbers are open for what is too near."""
        taken = [self._range(at, hidden, taken_for_small) for at in range(len(self._cells))]
        ranges = narrowed(taken, self._sums)
        if ranges is None:
            return {}
        watched = (hidden - self._unseen) | self.small | self._at_source
        open_ = {at: self._open(at, ranges[at]) for at in watched}
        return {at: left for at, (left, least) in open_.items() if left < least}

    def _open(self, at: int, one: Range) -> tuple[int, int]:
        """Say how many numbers a hidden count could be, and how many it has to leave open."""
        low, high = one
        highest, least = self._rules.highest, self._rules.fewest_open
        # What was hidden at source must not follow from our figures either.
        if at in self.small or (at in self._at_source and high <= highest):
            return min(high, highest) - max(low, 1) + 1, least
        return high - low + 1, 2

    def _range(self, at: int, hidden: Set[int], taken_for_small: Set[int]) -> Range:
        """Say what a count could be by itself."""
        cell, rules = self._cells[at], self._rules
        if at in self._unseen:
            return (1, rules.highest) if at in self.small else (0, self._most)
        if at in self._at_source or at in hidden:
            # Who takes 58 of 60 for hidden takes the two for few, not the 58.
            is_small = at in taken_for_small and at not in self._few_left
            return 1, rules.highest if is_small else self._most
        if isinstance(cell, State):
            return 0, self._most
        if cell == 0:
            return 0, 0
        shown, half = rules.rounded(cell), rules.step // 2
        return max(shown - half, rules.highest + 1), shown + half

    def next_to_hide(self, hidden: Set[int], exposed: Mapping[int, bool]) -> int | None:
        """Choose the smallest count beside an exposed one, ties in order; the totals come last.

        Of those left out that nobody sees, the counts they come from are hidden. If all beside it
        are hidden, it may follow from what adds up to these.
        """
        near = self._around(exposed)
        found = self._smallest([near, self._wider(near, self._unseen)], hidden)
        far = self._around([at for at, is_right in exposed.items() if is_right])
        while found is None and far:
            wider = self._wider(far, frozenset(range(len(self._cells))), once=True)
            if len(wider) == len(far):
                break
            far = wider
            found = self._smallest([far], hidden)
        return found

    def _smallest(self, levels: Sequence[Sequence[Places]], hidden: Set[int]) -> int | None:
        for is_total in (False, True):
            for sums in levels:
                if free := self._free(sums, is_total) - hidden:
                    return min(free, key=lambda at: (self._counts[at], at))
        return None

    def _around(self, exposed: Collection[int]) -> list[Places]:
        return [one for one in self._sums if not {one[0], *one[1]}.isdisjoint(exposed)]

    def _free(self, sums: Sequence[Places], is_total: bool) -> set[int]:
        """Find the counts in sums that could be hidden: the totals, or all but these."""
        totals = {total for total, _ in sums}
        among = totals if is_total else {at for _, parts in sums for at in parts} - totals
        return {at for at in among if self._counts[at]}

    def _wider(
        self, sums: Sequence[Places], through: Set[int], *, once: bool = False
    ) -> list[Places]:
        """Add the sums that meet these in some counts, and unless once those that meet them."""
        found = list(sums)
        while True:
            met = {at for total, parts in found for at in (total, *parts)} & through
            more = [one for one in self._around(met) if one not in found]
            found += more
            if once or not more:
                return found

    def none_beside_the_told(self) -> set[int]:
        """Find who has none beside those whom hiding all others does not help.

        Of seven that add up to seven each is one: then even who has none is not told.
        """
        near = self._around(self._best or ())
        return {at for _, parts in near for at in parts if self._cells[at] == 0}


def _worded(shown: Shown, words: Mapping[State, str]) -> str:
    return f"{shown.count:,}" if shown.count else words[shown.state]


def _count(cell: Cell) -> int:
    return 0 if isinstance(cell, State) else cell


def _shown(cell: Cell, is_hidden: bool, rules: Rules) -> Shown:
    if isinstance(cell, State):
        return Shown(cell)
    if is_hidden:
        return MASKED
    return Shown(State.NUMBER, rules.rounded(cell)) if cell else Shown(State.ZERO, 0)

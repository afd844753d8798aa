"""Small numbers hidden, so that no figure that leaves the team tells about a person.

Measures.md section 8. A masked cell must not follow from what else is shown: after the small
numbers, others are hidden until nobody can work a hidden one out.
"""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

#: numbers of people that a person may be recognised by, in free text
_TELLING = re.compile(r"(?<![\d.,/])[1-7](?![\d.,/%]\d|\d|%)")
_NEAR = 40


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


@dataclass(frozen=True, slots=True)
class Sum:
    """Cells that add up to another: a breakdown, a parent, or periods that run on."""

    total: str
    parts: tuple[str, ...]


#: an exact count, or why there is none
Cell = int | State
Range = tuple[int, int]


@dataclass(frozen=True, slots=True)
class ShownShare:
    """A share as it may be shown, with the counts that are shown beside it."""

    numerator: Shown
    denominator: Shown

    @property
    def value(self) -> Fraction | None:
        """The share of the figures shown; none if either is hidden or absent."""
        top, bottom = self.numerator.count, self.denominator.count
        return None if top is None or not bottom else Fraction(min(top, bottom), bottom)


def suppress(
    cells: Mapping[str, Cell],
    sums: Sequence[Sum] = (),
    profile: Profile = DEFAULT,
    also: Collection[str] = (),
) -> dict[str, Shown]:
    """Hide small counts, and `also` those named, and as many more as protect them."""
    rules = RULES[profile]
    hidden = {
        key for key, cell in cells.items() if not isinstance(cell, State) and rules.hides(cell)
    } | {key for key in also if _count(cells, key)}
    while exposed := _exposed(cells, sums, hidden, rules):
        more = _next_to_hide(cells, sums, hidden, exposed)
        if more is None:
            # Of seven that add up to seven each is one: then even who has none is not told.
            near = [one for one in sums if exposed & {one.total, *one.parts}]
            hidden |= {key for one in near for key in one.parts if cells[key] == 0}
            break
        hidden.add(more)
    return {key: _shown(cell, key in hidden, rules) for key, cell in cells.items()}


def suppress_shares(
    shares: Mapping[str, tuple[int, int] | State],
    sums: Sequence[Sum] = (),
    profile: Profile = DEFAULT,
) -> dict[str, ShownShare]:
    """Hide shares of small counts, and those that tell about a few people who are not counted."""
    rules = RULES[profile]
    tops = {key: one if isinstance(one, State) else one[0] for key, one in shares.items()}
    bottoms = {key: one if isinstance(one, State) else one[1] for key, one in shares.items()}
    # 58 of 60 tells about two people.
    few_left = {
        key
        for key, one in shares.items()
        if not isinstance(one, State) and rules.hides(one[1] - one[0])
    }
    numerators = suppress(tops, sums, profile, few_left)
    denominators = suppress(bottoms, sums, profile)
    return {key: ShownShare(numerators[key], denominators[key]) for key in shares}


def possible(
    shown: Mapping[str, Shown], sums: Sequence[Sum], profile: Profile, *, only_small: bool = True
) -> dict[str, Range] | None:
    """Find from what is shown the lowest and highest count each cell could have.

    An attacker who takes every hidden cell for a small one may be wrong: then there is no answer.
    """
    rules = RULES[profile]
    most = sum(one.count or 0 for one in shown.values()) + len(shown) * (rules.step + rules.highest)
    ranges = {key: _range(one, rules, only_small, most) for key, one in shown.items()}
    return _narrowed(ranges, sums)


def is_safe(shown: Mapping[str, Shown], sums: Sequence[Sum], profile: Profile) -> bool:
    """Say whether every hidden cell could be at least two counts, whatever is assumed."""
    for only_small in (True, False):
        ranges = possible(shown, sums, profile, only_small=only_small)
        if ranges and any(
            low == high for key, (low, high) in ranges.items() if shown[key] == MASKED
        ):
            return False
    return True


def small_numbers_beside(text: str, labels: Collection[str]) -> tuple[str, ...]:
    """Find numbers under 8 that stand near the name of a group in what somebody wrote."""
    return tuple(dict.fromkeys(_telling(text, labels)))


def _telling(text: str, labels: Collection[str]) -> Iterator[str]:
    folded = text.casefold()
    names = {one: re.compile(rf"(?<!\w){re.escape(one.casefold())}(?!\w)") for one in labels}
    spans = [found.span() for name in names.values() for found in name.finditer(folded)]
    for found in _TELLING.finditer(folded):
        # A number in the name of a group, such as “Under 5”, tells nothing.
        if not any(first <= found.start() < last for first, last in spans):
            around = folded[max(0, found.start() - _NEAR) : found.end() + _NEAR]
            near = (label for label, name in names.items() if name.search(around))
            yield from (f"{found.group()} near {label}" for label in near)


def _worded(shown: Shown, words: Mapping[State, str]) -> str:
    return f"{shown.count:,}" if shown.count else words[shown.state]


def _count(cells: Mapping[str, Cell], key: str) -> int:
    cell = cells[key]
    return 0 if isinstance(cell, State) else cell


def _shown(cell: Cell, is_hidden: bool, rules: Rules) -> Shown:
    if isinstance(cell, State):
        return Shown(cell)
    if is_hidden:
        return MASKED
    return Shown(State.NUMBER, rules.rounded(cell)) if cell else Shown(State.ZERO, 0)


def _range(shown: Shown, rules: Rules, only_small: bool, most: int) -> Range:
    if shown.state is State.MASKED:
        return 1, rules.highest if only_small else most
    if shown.count is None:
        return 0, most
    if shown.count == 0:
        return 0, 0
    half = rules.step // 2
    return max(shown.count - half, rules.highest + 1), shown.count + half


def _narrowed(ranges: dict[str, Range], sums: Sequence[Sum]) -> dict[str, Range] | None:
    """Narrow every range by every sum until nothing changes; none if they contradict."""
    while True:
        before = dict(ranges)
        for one in sums:
            low = sum(ranges[key][0] for key in one.parts)
            high = sum(ranges[key][1] for key in one.parts)
            total = ranges[one.total]
            for key in one.parts:
                mine = ranges[key]
                # What is left for it if all the others are as large, or as small, as they can be.
                left = total[0] - (high - mine[1]), total[1] - (low - mine[0])
                ranges[key] = max(mine[0], left[0]), min(mine[1], left[1])
            ranges[one.total] = max(total[0], low), min(total[1], high)
        if any(low > high for low, high in ranges.values()):
            return None
        if ranges == before:
            return ranges


def _exposed(
    cells: Mapping[str, Cell], sums: Sequence[Sum], hidden: Collection[str], rules: Rules
) -> set[str]:
    shown = {key: _shown(cell, key in hidden, rules) for key, cell in cells.items()}
    profile = next(one for one, found in RULES.items() if found == rules)
    found: set[str] = set()
    for only_small in (True, False):
        ranges = possible(shown, sums, profile, only_small=only_small) or {}
        # What was hidden at source must not follow from our figures either.
        masked = (key for key in ranges if shown[key] == MASKED)
        found |= {key for key in masked if ranges[key][0] == ranges[key][1]}
    return found


def _next_to_hide(
    cells: Mapping[str, Cell], sums: Sequence[Sum], hidden: set[str], exposed: set[str]
) -> str | None:
    """Choose the smallest cell beside an exposed one, ties in order; the totals come last."""
    near = [one for one in sums if exposed & {one.total, *one.parts}]
    totals = {one.total for one in near}
    order = list(cells)
    parts = {key for one in near for key in one.parts} - totals
    for among in (parts, totals):
        free = [key for key in among - hidden if _count(cells, key)]
        if free:
            return min(free, key=lambda key: (_count(cells, key), order.index(key)))
    return None

"""A definition that changes: the same thing in other words, or something else that is counted.

Measures.md section 2: the definition is frozen and another one breaks the series. Other words for
the same count break nothing: what was said before is kept beside them.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from eqia.domain.errors import Invalid, Problem
from eqia.domain.measures import REWORDED, Definition
from eqia.domain.periods import Period, period_name

#: the code of a refusal that only asks what a change of the definition means
ASKS = "asks_what_changes"


class Change(StrEnum):
    """What a change of a definition means for the readings so far."""

    SAME = "same"
    OTHER = "other"


CHANGE_LABELS: Mapping[str, str] = {
    Change.SAME: "The same thing in other words: the readings so far go on",
    Change.OTHER: "Something else: a new series starts, and the readings so far stand apart",
}
WORD_LABELS: Mapping[str, str] = {
    "numerator": "What is counted",
    "denominator": "Out of",
    "unit": "The unit",
    "inclusion": "Who is included",
    "exclusion": "Who is left out",
    "reference": "Compared with",
}


@dataclass(frozen=True, slots=True)
class Rewording:
    """One thing a definition said before, and what it says instead."""

    label: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Stands:
    """What stands on a definition, and would stand apart if another one took its place."""

    readings: int = 0
    first: Period | None = None
    last: Period | None = None
    has_baseline: bool = False
    targets: int = 0
    adjustments: int = 0

    def __bool__(self) -> bool:
        """Whether anything does."""
        return bool(self.readings or self.has_baseline or self.targets or self.adjustments)

    @property
    def days(self) -> str:
        """Say from when to when it was read."""
        if self.first is None or self.last is None:
            return ""
        first, last = period_name(self.first), period_name(self.last)
        return first if first == last else f"{first} to {last}"

    @property
    def words(self) -> tuple[str, ...]:
        """Name each thing that would stand apart."""
        found = [f"{_many(self.readings, 'reading')}, {self.days}"] if self.readings else []
        found += ["the baseline"] if self.has_baseline else []
        found += [_many(self.targets, "target")] if self.targets else []
        found += [_many(self.adjustments, "change to its charts", "changes to its charts")] * bool(
            self.adjustments
        )
        return tuple(found)


def _many(count: int, one: str, more: str = "") -> str:
    return f"{count:,} {one if count == 1 else more or f'{one}s'}"


def words_of(definition: Definition) -> dict[str, str]:
    """Give everything of a definition that can be said in other words."""
    return {name: getattr(definition, name) for name in REWORDED}


def may_go_on(before: Definition, after: Definition) -> bool:
    """Whether a series can go on: nothing but words changed, or it is compared for the first time.

    Comparing with somebody else than before could take a gap away that gives concern.
    """
    words: dict[str, Any] = words_of(before)
    if before.reference:
        del words["reference"]
    return replace(after, **words) == before


def rewordings(before: Mapping[str, str], after: Mapping[str, str]) -> Iterator[Rewording]:
    """List what is said differently."""
    for name, label in WORD_LABELS.items():
        if before.get(name, "") != after.get(name, ""):
            yield Rewording(label, before.get(name, ""), after.get(name, ""))


def check_change(change: str, reason: str, *, goes_on: bool) -> Change:
    """Refuse a change that does not say what it means for the readings so far, or why.

    `goes_on` is whether the series can go on at all.
    """
    if not goes_on and change != Change.OTHER:
        words = "What you changed starts a new series. Say that you mean it, or change it back"
        raise Invalid([Problem("change", words)], code=ASKS)
    if change not in set(Change):
        words = "Say whether it counts the same thing in other words, or something else"
        raise Invalid([Problem("change", words)], code=ASKS)
    if change == Change.OTHER and not reason.strip():
        raise Invalid([Problem("reason", "Say why something else is counted now")], code=ASKS)
    return Change(change)

"""Readings that gave way to others: what stood before may not fall silent before a review looks.

A correction can take a concern away as well as a reading set aside can (eqia.domain.adjustments).
An early figure was announced as one, so that the one in its place corrects nothing.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime

from eqia.domain.days import london_day
from eqia.domain.measures import Definition
from eqia.domain.periods import Period, period_name
from eqia.domain.readings import Reading
from eqia.domain.record_times import in_words

Place = tuple[Period, str]


@dataclass(frozen=True, slots=True)
class Correction:
    """A reading that counted until another stood in its place, or its import was taken back."""

    before: Reading
    made: datetime
    is_undone: bool = False

    @property
    def place(self) -> Place:
        """The period and the group it is of."""
        return self.before.period, self.before.figure.member

    @property
    def is_slip(self) -> bool:
        """Whether it was corrected on the day on which it was entered."""
        return self.before.entered == london_day(self.made)


@dataclass(frozen=True, slots=True)
class Corrected:
    """What was corrected on one day."""

    on: date
    made: datetime
    corrections: tuple[Correction, ...]

    @property
    def before(self) -> dict[Place, Reading]:
        """What stood in each place before that day."""
        return {one.place: one.before for one in reversed(self.corrections)}

    def words(self, definition: Definition | None) -> str:
        """Say without which correction something would be told."""
        if all(one.is_undone for one in self.corrections):
            return f"Before an import was undone on {in_words(self.on)}"
        found = self.before
        if len(found) > 1 or definition is None:
            return f"Without the corrections of {len(found):,} readings on {in_words(self.on)}"
        ((period, member),) = found
        return f"Without the correction of {definition.label(member)} for {period_name(period)}"


def corrected_unseen(
    corrections: Iterable[Correction], saw: Callable[[datetime], bool]
) -> tuple[Corrected, ...]:
    """Put together by their day what no review has looked at; slips count for nothing."""
    days: dict[date, list[Correction]] = {}
    for one in sorted(corrections, key=lambda one: one.made):
        if not one.is_slip and not saw(one.made):
            days.setdefault(london_day(one.made), []).append(one)
    return tuple(Corrected(day, some[-1].made, tuple(some)) for day, some in days.items())


def as_it_stood(readings: Iterable[Reading], before: Iterable[Reading]) -> tuple[Reading, ...]:
    """Put readings back in their places."""
    now = {(one.period, one.figure.member): one for one in readings}
    return tuple((now | {(one.period, one.figure.member): one for one in before}).values())

"""What a file changes, row by row: counted by what happens, and every row within reach."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from eqia.domain.imports.previews import Clash, Held, Preview
from eqia.domain.imports.questions import Asked
from eqia.domain.imports.takings import Fault, Given
from eqia.domain.imports.undoings import Left
from eqia.domain.measures import Definition
from eqia.domain.periods import Frequency, Period, Schedule, period_name
from eqia.domain.readings import figure_words
from eqia.persistence.queries.imports import Lines
from eqia.persistence.queries.measures import figure_of
from eqia.persistence.tables.measures import ReadingRow

#: the lists, as their addresses end
CHANGED, NEW, SAME, REFUSED, BARE, LEFT = "changed", "new", "same", "refused", "without", "left-out"
#: rows of a list on a page
PAGE_SIZE = 100
_APRIL = 4
_BESIDE = "{}, with other limits or another note"
Row = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Kind:
    """One list: what it is called, and what its columns say."""

    label: str
    headings: tuple[str, ...]
    #: what one row of it is called, and several
    one: str
    many: str = ""


KINDS: Mapping[str, Kind] = {
    CHANGED: Kind(
        "Corrections", ("Period", "Group", "There now", "In the file", "Row"), "correction"
    ),
    NEW: Kind("New readings", ("Period", "Group", "In the file", "Row"), "new reading"),
    SAME: Kind("Unchanged", ("Period", "Group", "There already", "Row"), "unchanged reading"),
    REFUSED: Kind("Refused", ("Row", "Column", "Why"), "refused row"),
    BARE: Kind("Without a figure", ("Row", "Why"), "row without a figure", "rows without a figure"),
    LEFT: Kind(
        "About other places, people or groups",
        ("Row", "Left out by", "There it says"),
        "row that is left out",
        "rows that are left out",
    ),
}


def named(period: Period, schedule: Schedule | None) -> str:
    """Name a period of a measure; a year by when it begins: 2015, or 2015/16."""
    yearly = schedule is not None and schedule.frequency is Frequency.YEAR
    return period_name(period, schedule.anchor.month if schedule and yearly else _APRIL)


def written(lines: Lines, definition: Definition, schedule: Schedule | None) -> list[Row]:
    """Word readings that were written with what counted before them, and what counts after."""

    def words(row: ReadingRow | None) -> str:
        return figure_words(definition, figure_of(row) if row else None)

    return [
        (
            named(Period(row.period_start, row.period_end), schedule),
            definition.label(row.member),
            words(row),
            words(before),
        )
        for row, before in lines.first
    ]


@dataclass(frozen=True)
class Lists:
    """The rows of a file, told apart by what happens to them."""

    asked: Asked
    found: Preview

    @property
    def counts(self) -> dict[str, int]:
        """How many rows each list has."""
        return {which: len(rows) for which, rows in self._all.items()}

    def rows(self, which: str, first: int, most: int) -> list[Row]:
        """Word some rows of a list, from the first one wanted."""
        word = self._words[which]
        return [word(one) for one in self._all[which][first : first + most]]

    def period(self, period: Period) -> str:
        """Name a period of the file."""
        return named(period, self.asked.schedule)

    @cached_property
    def _all(self) -> Mapping[str, Sequence[object]]:
        taken = self.found.taken
        faults = (*taken.faults, *(self._fault(one) for one in self.found.clashes))
        return {
            CHANGED: self.found.correcting,
            NEW: self.found.new,
            SAME: self.found.unchanged,
            REFUSED: sorted(faults, key=lambda one: one.row),
            BARE: taken.bare,
            LEFT: taken.left,
        }

    @property
    def _words(self) -> Mapping[str, Callable[..., Row]]:
        return {
            CHANGED: self._changed,
            NEW: self._given,
            SAME: self._given,
            REFUSED: lambda one: (f"{one.row:,}", one.column or "The whole row", one.reason),
            BARE: lambda one: (f"{one.row:,}", one.reason),
            LEFT: lambda one: (f"{one.row:,}", one.column, one.reason or "(blank)"),
        }

    def _given(self, one: Given) -> Row:
        definition = self.asked.definition
        return (
            self.period(one.period),
            definition.label(one.figure.member),
            figure_words(definition, one.figure),
            f"{one.row:,}",
        )

    def _changed(self, pair: tuple[Given, Held]) -> Row:
        one, before = pair
        period, group, words, row = self._given(one)
        there = figure_words(self.asked.definition, before.figure)
        beside = words if one.figure != before.figure else _BESIDE.format(words)
        return period, group, there, beside, row

    def _fault(self, clash: Clash) -> Fault:
        """Tell a group that is larger than everybody as a row that is refused."""
        label = self.asked.definition.label(clash.larger.member)
        words = f"{label}, {self.period(clash.period)}: {clash.larger.words}"
        return Fault(clash.row, "", words)


def sums_in_words(lists: Lists, most: int) -> Iterable[str]:
    """Say of some periods in which the groups do not add up what they add up to."""
    for doubt in lists.found.doubts[:most]:
        told = " ".join(f"{one.words}." for one in doubt.sums)
        yield f"{lists.period(doubt.period)}. {told}"


def left_in_words(
    left: Sequence[Left], definition: Definition, schedule: Schedule | None
) -> list[str]:
    """Say which groups the undoing of an import would leave with more than everybody."""
    return [
        f"{named(one.period, schedule)}, {definition.label(one.larger.member)}: {one.larger.words}"
        for one in left
    ]

"""A table of texts as it came in a file: one row of headings, then rows under them."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from eqia.domain.errors import Invalid, Problem
from eqia.domain.spreadsheets import RISKY
from eqia.domain.texts import LONGEST_TEXT, clean_text

MOST_COLUMNS = 200
#: how many faults of one kind are named before the rest is only counted
NAMED = 20
FILE = "file"
_LETTERS = 26
_RANGE = re.compile(r"([A-Z]+)([0-9]+)(?::([A-Z]+)([0-9]+))?")

#: a row: its number as a spreadsheet counts, and its cells
Line = tuple[int, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet: what its columns are called, and its rows, all as wide."""

    name: str
    headings: tuple[str, ...]
    lines: tuple[Line, ...]

    def column(self, heading: str) -> int:
        """Find a column by its heading; -1 if there is none."""
        return self.headings.index(heading) if heading in self.headings else -1

    def values(self, heading: str) -> dict[str, int]:
        """Count how often each text stands in a column, in the order of the rows."""
        at, found = self.column(heading), dict[str, int]()
        if at >= 0:
            for _, cells in self.lines:
                found[cells[at]] = found.get(cells[at], 0) + 1
        return found

    def with_column(self, heading: str, texts: Iterable[str]) -> "Sheet":
        """Add a column that was worked out."""
        lines = zip(self.lines, texts, strict=True)
        return Sheet(
            self.name,
            (*self.headings, heading),
            tuple((number, (*cells, text)) for (number, cells), text in lines),
        )

    def as_json(self) -> dict[str, Any]:
        """Give it as plain values, to be kept."""
        return {"name": self.name, "headings": self.headings, "lines": self.lines}


def sheet_from_json(kept: Mapping[str, Any]) -> Sheet:
    """Read a sheet as kept."""
    lines = tuple((number, tuple(cells)) for number, cells in kept["lines"])
    return Sheet(kept["name"], tuple(kept["headings"]), lines)


def folded(text: str) -> str:
    """Give a text as it is compared: case, outer and doubled blanks do not count."""
    return " ".join(text.casefold().split())


def make_sheet(
    name: str, rows: Iterable[tuple[int, Sequence[str]]], merged: Iterable[str] = ()
) -> Sheet:
    """Take the first row that holds anything as the headings; refuse what cannot be told apart."""
    held = (
        (number, [_tidy(cell, number, at) for at, cell in enumerate(row)]) for number, row in rows
    )
    filled = [(number, cells) for number, cells in held if any(cells)]
    if not filled:
        raise refused(f"There is nothing in {_called(name)}")
    first, top = filled[0]
    headings = tuple(" ".join(cell.split()) for cell in _trimmed(top))
    problems = [*_twice(headings), *_merged(merged, first)]
    if len(filled) == 1:
        problems.append(f"There are no rows under the headings in {_called(name)}")
    elif len([one for one in headings if one]) == 1 and len(_trimmed(filled[1][1])) > 1:
        problems.append(f"Row {first} must hold the headings of the columns, and nothing else")
    problems += _overlong(filled[1:], headings)
    if problems:
        raise refused(*problems)
    wide = len(headings)
    lines = tuple(
        (number, (*cells[:wide], *[""] * (wide - len(cells)))) for number, cells in filled[1:]
    )
    return Sheet(name, headings, lines)


def refused(*messages: str) -> Invalid:
    """Say what is wrong with a file as a whole."""
    shown = [*messages[:NAMED]]
    if len(messages) > NAMED:
        shown.append(f"There are {len(messages) - NAMED:,} more faults like these")
    return Invalid([Problem(FILE, message) for message in shown])


def cell_name(row: int, column: int) -> str:
    """Name a cell as a spreadsheet does: B7. Columns count from 0."""
    letters, rest = "", column + 1
    while rest:
        rest, letter = divmod(rest - 1, _LETTERS)
        letters = chr(ord("A") + letter) + letters
    return f"{letters}{row}"


def _tidy(cell: str, row: int, column: int) -> str:
    """Strip blanks and the apostrophe that guards against formulas."""
    text = cell.strip()
    if text.startswith("'") and text[1:].startswith(RISKY):
        text = text[1:]
    if len(text) <= LONGEST_TEXT and text.isascii() and text.isprintable():
        return text
    try:
        return clean_text(text).strip()
    except Invalid as refusal:
        message = refusal.problems[0].message
        raise refused(f"Cell {cell_name(row, column)}: {message}") from None


def _trimmed(cells: Sequence[str]) -> list[str]:
    wide = max((at + 1 for at, cell in enumerate(cells) if cell), default=0)
    return list(cells[:wide])


def _twice(headings: Sequence[str]) -> Iterable[str]:
    seen: dict[str, str] = {}
    if len(headings) > MOST_COLUMNS:
        yield f"There are {len(headings):,} columns. Keep {MOST_COLUMNS} or fewer"
    for heading in headings:
        key = folded(heading)
        if key and key in seen:
            yield f"Two columns are called “{heading[:80]}”. Give each a name of its own"
        seen[key] = heading


def _merged(ranges: Iterable[str], first: int) -> Iterable[str]:
    """Only the first of merged cells holds a text: the others would read as blank."""
    for one in ranges:
        found = _RANGE.fullmatch(one)
        if found is None or int(found[4] or found[2]) > first:
            yield f"Cells {one} are merged, so only the first holds a value. Unmerge them"


def _overlong(rows: Iterable[tuple[int, Sequence[str]]], headings: Sequence[str]) -> Iterable[str]:
    for number, cells in rows:
        if any(cells[len(headings) :]):
            yield f"Row {number} has more cells than there are headings"


def _called(name: str) -> str:
    return f"the sheet “{name}”" if name else "this file"

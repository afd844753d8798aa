"""The figure of one row: how many, of how many, a value, or why there is none."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from eqia.domain.imports.layouts import Layout, Role
from eqia.domain.imports.numbers import (
    Absent,
    Written,
    count_written,
    is_dash,
    mark_written,
    number_written,
)
from eqia.domain.imports.sheets import Sheet, folded
from eqia.domain.measures import IN_PARTS, Definition, Shape
from eqia.domain.readings import COUNTED, STATE_LABELS, Figure, ReadingState

#: how far a rate in a file may lie from that of its parts before it is told
_NEAR = Decimal("0.006")
_PERCENT = 100
_STATES: dict[str, ReadingState] = {
    **{state.value: state for state in ReadingState},
    **{folded(label): ReadingState(state) for state, label in STATE_LABELS.items()},
    # As official statistics mark figures that stand, and may yet change.
    **dict.fromkeys(("p", "[p]"), ReadingState.PROVISIONAL),
    **dict.fromkeys(("r", "[r]", "revised"), ReadingState.FINAL),
}
_STATE_OF: Mapping[Absent, ReadingState] = {
    Absent.MASKED: ReadingState.MASKED,
    Absent.NOT_APPLICABLE: ReadingState.NOT_APPLICABLE,
}
#: what a mark in a cell is read as, in words
READ_AS: Mapping[Absent, str] = {
    **{absent: STATE_LABELS[state] for absent, state in _STATE_OF.items()},
    Absent.NOT_AVAILABLE: "Not available, so that no reading is kept",
}
_NOUGHT = "0"
_NUMBERS = (Role.NUMERATOR, Role.MINUS, Role.DENOMINATOR, Role.VALUE)
_NO_FIGURE = "There is no figure in this row"
_Numbers = tuple[Written | int, Written | int, Written]


class Refused(Exception):  # noqa: N818 - a refused cell, told as a fault
    """A cell cannot be read."""

    def __init__(self, column: str, reason: str) -> None:
        super().__init__(reason)
        self.column, self.reason = column, reason


class Bare(Exception):  # noqa: N818 - a row without a figure, told as such
    """A row holds no figure, and says why or says nothing."""


@dataclass(frozen=True, slots=True)
class Cells:
    """One row by the parts its columns play."""

    layout: Layout
    at: Mapping[Role, int]
    missing: frozenset[str]
    row: tuple[str, ...] = ()

    def text(self, role: Role) -> str:
        """Give what stands in the column that plays a part; nothing if none does."""
        at = self.at[role]
        return self.row[at] if at >= 0 else ""

    def count(self, role: Role) -> int | Absent:
        """Read how many."""
        try:
            return count_written(self.text(role), self.missing)
        except ValueError as error:
            raise Refused(self.layout.role(role), str(error)) from None

    def number(self, role: Role) -> Written:
        """Read a number."""
        try:
            return number_written(self.text(role), self.missing)
        except ValueError as error:
            raise Refused(self.layout.role(role), str(error)) from None

    def limit(self, role: Role) -> Decimal | None:
        """Take a limit as it was supplied, whatever method it came from."""
        found = self.number(role)
        return None if isinstance(found, Absent) else found


def positions(sheet: Sheet, layout: Layout) -> dict[Role, int]:
    """Find the column of each part; -1 where none plays it."""
    return {role: sheet.column(layout.role(role)) for role in Role}


def figure_in(cells: Cells, member: str, definition: Definition) -> Figure:
    """Read the figure of a row; Refused if it cannot be one, Bare if there is none."""
    state = _stated(cells)
    if state not in COUNTED:
        return _without(cells, member, state)
    numbers = _READERS[Shape(definition.shape)](cells)
    if Absent.MASKED in numbers:
        return Figure(member, state=ReadingState.MASKED.value)
    if Absent.NOT_AVAILABLE in numbers:
        raise Bare(_not_available(cells))
    if Absent.NOT_APPLICABLE in numbers:
        return Figure(member, state=ReadingState.NOT_APPLICABLE.value)
    above, below, value = (None if isinstance(one, Absent) else one for one in numbers)
    if above is None and below is None and value is None:
        raise Bare(_NO_FIGURE)
    return Figure(
        member,
        None if above is None else int(above),
        None if below is None else int(below),
        None if value is None else Decimal(value),
        state.value,
    )


def marks_in(cells: Cells) -> set[tuple[str, str]]:
    """Give the marks of a row that stand for a number, each with what it is read as."""
    found = set()
    for role in _NUMBERS:
        text = cells.text(role)
        if not text or text[0].isdigit():
            continue
        if mark := mark_written(text):
            found.add((text, READ_AS[mark]))
        elif is_dash(text):
            found.add((text, _NOUGHT))
    return found


def faulty(cells: Cells, figure: Figure, definition: Definition) -> str:
    """Name the column by which a figure fails."""
    if definition.shape == Shape.MEAN:
        return cells.layout.role(Role.VALUE)
    no_below = definition.shape in IN_PARTS and not figure.denominator
    role = Role.DENOMINATOR if no_below and figure.numerator is not None else Role.NUMERATOR
    return cells.layout.role(role) or cells.layout.role(Role.MINUS)


def is_unlike(cells: Cells, figure: Figure, definition: Definition) -> bool:
    """Whether the value in the file is not what the two numbers beside it give."""
    if figure.numerator is None or not figure.denominator or not cells.text(Role.VALUE):
        return False
    value = cells.number(Role.VALUE)
    if isinstance(value, Absent):
        return False
    per = definition.per if definition.shape == Shape.RATE else _PERCENT
    worked = Decimal(figure.numerator) * per / figure.denominator
    return abs(value - worked) > _NEAR * max(worked, Decimal(1))


def _stated(cells: Cells) -> ReadingState:
    """Read what the column of states says; without one, a figure stands."""
    text, heading = cells.text(Role.STATE), cells.layout.role(Role.STATE)
    if not text:
        return ReadingState.FINAL
    mark = mark_written(text)
    if mark is Absent.NOT_AVAILABLE:
        _refuse_figure(cells, text)
        raise Bare(f"Not available in the file: “{heading[:80]}”")
    state = _STATE_OF[mark] if mark else _STATES.get(folded(text))
    if state is None:
        raise Refused(heading, f"“{text[:40]}” is no state we know")
    return state


def _refuse_figure(cells: Cells, state: str) -> None:
    """Refuse a figure beside a state that says there is none."""
    for role in (Role.NUMERATOR, Role.DENOMINATOR, Role.VALUE):
        if isinstance(cells.number(role), Decimal):
            words = f"There is a figure, and the state says “{state[:40]}”"
            raise Refused(cells.layout.role(role), words)


def _not_available(cells: Cells) -> str:
    """Name the columns of which the file says that there is no number."""
    found = [
        f"“{cells.layout.role(role)[:80]}”"
        for role in _NUMBERS
        if cells.at[role] >= 0 and cells.number(role) is Absent.NOT_AVAILABLE
    ]
    return f"Not available in the file: {', '.join(found)}"


def _without(cells: Cells, member: str, state: ReadingState) -> Figure:
    """Take a row that says why there is no figure; a figure beside that contradicts it."""
    _refuse_figure(cells, STATE_LABELS[state])
    return Figure(member, state=state.value)


def _parts(cells: Cells) -> _Numbers:
    """Read how many of how many; how many can be what is left of a column less another."""
    below = cells.count(Role.DENOMINATOR)
    if cells.at[Role.MINUS] < 0:
        return cells.count(Role.NUMERATOR), below, Absent.BLANK
    less = cells.count(Role.MINUS)
    if isinstance(less, Absent) or isinstance(below, Absent):
        return less if isinstance(less, Absent) else below, below, Absent.BLANK
    if less > below:
        words = "The number taken away is above the number it is taken from"
        raise Refused(cells.layout.role(Role.MINUS), words)
    return below - less, below, Absent.BLANK


def _mean(cells: Cells) -> _Numbers:
    return Absent.BLANK, Absent.BLANK, cells.number(Role.VALUE)


def _count(cells: Cells) -> _Numbers:
    """Read a plain count; a file may have it in its column of values."""
    role = Role.NUMERATOR if cells.text(Role.NUMERATOR) else Role.VALUE
    return cells.count(role), Absent.BLANK, Absent.BLANK


_READERS: Mapping[Shape, Callable[[Cells], _Numbers]] = {
    Shape.PROPORTION: _parts,
    Shape.RATE: _parts,
    Shape.MEAN: _mean,
    Shape.COUNT: _count,
}

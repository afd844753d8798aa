"""The rows of a file read as readings; every row that cannot be is named with its reason."""

from dataclasses import dataclass, field, replace
from datetime import date

from eqia.domain.errors import Invalid
from eqia.domain.exported_readings import EVERYBODY as EVERYBODY_LABEL
from eqia.domain.exported_readings import EXACT, REPLACED
from eqia.domain.imports.figures import (
    Bare,
    Cells,
    Refused,
    faulty,
    figure_in,
    is_unlike,
    marks_in,
    positions,
)
from eqia.domain.imports.layouts import LEFT_OUT, Layout, Role
from eqia.domain.imports.own_forms import MeasureName
from eqia.domain.imports.periods_written import Hints, day_written, period_written
from eqia.domain.imports.presets import OWN, PRESETS
from eqia.domain.imports.row_filters import OTHER, PART, RowFilter
from eqia.domain.imports.sheets import Sheet, folded
from eqia.domain.imports.takings import Fault, Given, Mark, Taken
from eqia.domain.measures import OVERALL, Definition
from eqia.domain.periods import Period, Schedule
from eqia.domain.readings import check_period, checked

#: notes and rows in doubt that are shown
_SHOWN = 5
_NOBODY = "?"


@dataclass(frozen=True, slots=True)
class Terms:
    """What readings of a measure must be."""

    definition: Definition
    schedule: Schedule | None
    today: date
    hints: Hints = field(default_factory=Hints)
    #: what the measure is called in a form of ours
    name: MeasureName = field(default_factory=MeasureName)


def take(sheet: Sheet, layout: Layout, terms: Terms) -> Taken:
    """Read every row of a file."""
    return _Taking(sheet, layout, terms).all()


class _Taking:
    """One reading of a file, with what it found so far."""

    def __init__(self, sheet: Sheet, layout: Layout, terms: Terms) -> None:
        self.sheet, self.layout, self.terms = sheet, layout, terms
        preset = PRESETS[layout.kind]
        self.kept = RowFilter.of(sheet, preset, layout)
        self.empty = Cells(layout, positions(sheet, layout), preset.missing)
        self.by = sheet.column(layout.by)
        self.known = {one.code for one in terms.definition.places}
        self.own = {folded(one.label): one.code for one in terms.definition.members}
        self.own |= {folded(EVERYBODY_LABEL): OVERALL, "": OVERALL}
        self.seen: dict[tuple[Period, str], int] = {}
        self.periods: dict[tuple[str, str, str], Period] = {}
        self.notes: dict[str, int] = {}
        self.marks: dict[tuple[str, str], int] = {}
        self.unlike: list[int] = []

    def all(self) -> Taken:
        """Go through the rows."""
        given: list[Given] = []
        faults: list[Fault] = []
        bare: list[Fault] = []
        left: list[Fault] = []
        for number, row in self.sheet.lines:
            who = self.kept(row)
            try:
                if out := self._other(row, who):
                    left.append(Fault(number, *out))
                    continue
                member = self._member(row) if who == PART else OVERALL
                if member == LEFT_OUT:
                    left.append(Fault(number, self.layout.by, row[self.by]))
                    continue
                self._count_marks(row)
                given.append(self._given(number, row, member))
            except Refused as refusal:
                faults.append(Fault(number, refusal.column, refusal.reason))
            except Bare as why:
                note = replace(self.empty, row=row).text(Role.NOTE)
                bare.append(Fault(number, "", note or str(why)))
        marks = tuple(Mark(*said, rows) for said, rows in self.marks.items())
        told = tuple(self._warnings())
        return Taken(tuple(given), tuple(faults), tuple(bare), tuple(left), told, marks)

    def _other(self, row: tuple[str, ...], who: str) -> tuple[str, str] | None:
        """Say why a row is none of those that are read."""
        if self.layout.kind == OWN and (until := self._cell(REPLACED, row)):
            # An export holds what earlier definitions read as well: that is another series.
            return REPLACED, until
        return self.kept.why_other(row) if who == OTHER else None

    def _count_marks(self, row: tuple[str, ...]) -> None:
        for said in marks_in(replace(self.empty, row=row)):
            self.marks[said] = self.marks.get(said, 0) + 1

    def _member(self, row: tuple[str, ...]) -> str:
        label = row[self.by]
        if self.layout.kind == OWN:
            return self._own_member(label, row)
        code = self.layout.members.get(label, _NOBODY)
        if code not in self.known and code != LEFT_OUT:
            raise Refused(self.layout.by, f"“{label[:80]}” is matched to no group")
        return code

    def _own_member(self, label: str, row: tuple[str, ...]) -> str:
        """Find the group a row of our own form names, once it is about this measure at all."""
        definition = self.terms.definition
        if not self.terms.name.is_meant(self._cell("measure_ref", row)):
            raise Refused("measure_ref", "This row is of another measure")
        if self._cell("suppression", row) not in {"", EXACT}:
            words = "These figures were hidden or rounded for others to see"
            raise Refused("suppression", words)
        code = self.own.get(folded(label), label)
        if code not in self.known:
            raise Refused(self.layout.by, f"“{label[:80]}” is not a group of this measure")
        wanted = definition.category_set or definition.characteristic
        if code != OVERALL and self._cell("dimension", row) not in {"", wanted}:
            raise Refused("dimension", f"The groups of this measure are by “{wanted}”")
        return code

    def _cell(self, heading: str, row: tuple[str, ...]) -> str:
        at = self.sheet.column(heading)
        return row[at] if at >= 0 else ""

    def _given(self, number: int, row: tuple[str, ...], member: str) -> Given:
        definition, cells = self.terms.definition, replace(self.empty, row=row)
        figure = figure_in(cells, member, definition)
        period = self._period(cells)
        try:
            figure = checked(definition, figure, period, self.terms.today)
        except Invalid as refusal:
            column = faulty(cells, figure, definition)
            raise Refused(column, refusal.problems[0].message) from None
        first = self.seen.setdefault((period, member), number)
        if first != number:
            label = definition.label(member)
            raise Refused("", f"Row {first} is for the same period and group already: {label}")
        note = cells.text(Role.NOTE)
        if note:
            self.notes[note] = self.notes.get(note, 0) + 1
        if is_unlike(cells, figure, definition):
            self.unlike.append(number)
        return Given(number, period, figure, cells.limit(Role.LOWER), cells.limit(Role.UPPER), note)

    def _period(self, cells: Cells) -> Period:
        key = (cells.text(Role.PERIOD), cells.text(Role.START), cells.text(Role.END))
        found = self.periods.get(key)
        if found is None:
            role = Role.PERIOD if cells.at[Role.PERIOD] >= 0 else Role.START
            try:
                found = self._in_schedule(self._written(*key))
            except ValueError as error:
                raise Refused(self.layout.role(role), str(error)) from None
            except Invalid as refusal:
                raise Refused(self.layout.role(role), refusal.problems[0].message) from None
            self.periods[key] = found
        return found

    def _written(self, whole: str, start: str, end: str) -> Period:
        hints = self.terms.hints
        if self.layout.period or not start:
            return period_written(self.layout.period or whole, hints)
        first, last = day_written(start, hints), day_written(end, hints)
        if last < first:
            raise ValueError("The period ends before it starts")
        return Period(first, last)

    def _in_schedule(self, period: Period) -> Period:
        """Refuse a period that has not begun, or is none of the measure's."""
        check_period(period, self.terms.today)
        schedule = self.terms.schedule
        if schedule is None or schedule.around(period.start) != period:
            span = f"{period.start:%d/%m/%Y} to {period.end:%d/%m/%Y}"
            raise ValueError(f"{span} is none of the periods of this measure")
        return period

    def _warnings(self) -> list[str]:
        found = [
            f"The file says of {count:,} of these rows: “{note[:200]}”"
            for note, count in list(self.notes.items())[:_SHOWN]
        ]
        if self.unlike:
            rows = ", ".join(f"{one:,}" for one in self.unlike[:_SHOWN])
            found.append(
                f"In {len(self.unlike):,} rows the value in the file is not what its two numbers"
                f" give by the measure's definition, such as row {rows}. The two numbers are"
                " taken; limits stay as the file has them"
            )
        return found

"""What has to be asked of the person about a file, page by page, and what can be offered."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property

from eqia.domain.categories import CategorySet
from eqia.domain.imports.groups import alike, edition_fault, offered
from eqia.domain.imports.layouts import LEFT_OUT, NO_GROUPS, Layout, Role
from eqia.domain.imports.periods_written import Hints, hints_for, is_day, order_of
from eqia.domain.imports.presets import OWN, PLAIN, PRESETS, TABLE, WHOLE, Preset, prepared
from eqia.domain.imports.row_filters import PART, RowFilter
from eqia.domain.imports.sheets import Sheet, folded
from eqia.domain.measures import IN_PARTS, Definition, Shape
from eqia.domain.periods import Frequency, Schedule

#: more different values than this in a column are not offered one by one
MOST_CHOICES = 500
MOST_LABELS = 150
#: the pages, in order
COLUMNS, ROWS, GROUPS, PREVIEW = "columns", "rows", "groups", "preview"
_NUMBERS_OF: Mapping[str, tuple[Role, ...]] = {
    Shape.PROPORTION: (Role.NUMERATOR, Role.MINUS, Role.DENOMINATOR),
    Shape.RATE: (Role.NUMERATOR, Role.MINUS, Role.DENOMINATOR),
    Shape.MEAN: (Role.VALUE,),
    Shape.COUNT: (Role.NUMERATOR,),
}


@dataclass(frozen=True)
class Asked:
    """A file with what is known of how to read it: what is still open, and what can be chosen."""

    raw: Sheet
    given: Layout
    definition: Definition
    schedule: Schedule | None = None
    standard: CategorySet | None = None
    #: every set of groups there is
    sets: tuple[CategorySet, ...] = ()

    @property
    def preset(self) -> Preset:
        """The kind of file it is."""
        return PRESETS[self.given.kind]

    @cached_property
    def sheet(self) -> Sheet:
        """The rows, with what a kind keeps in several columns put together."""
        return prepared(self.given.kind, self.raw, self.given)

    @cached_property
    def layout(self) -> Layout:
        """What was said, and what goes without saying."""
        preset, said = self.preset, dict(self.given.columns)
        for role, names in preset.columns.items():
            found = next((one for one in names if one in self.sheet.headings), "")
            if found:
                said[role] = found
        by = "" if self.given.by == NO_GROUPS else self.given.by
        options = self.by_options
        if not self.asks_by:
            by = options[0] if options and self.definition.members else ""
        apart = preset.apart or self.given.apart
        return replace(
            self.given,
            columns=said,
            by=by,
            apart=tuple(one for one in apart if one != by and one in self.sheet.headings),
        )

    @property
    def by_options(self) -> tuple[str, ...]:
        """The columns that can hold the groups."""
        if self.given.kind == PLAIN:
            return tuple(one for one in self.sheet.headings if one)
        known = [one for one in self.preset.by if one in self.sheet.headings]
        if self.given.kind in {OWN, TABLE}:
            return tuple(known)
        return tuple(one for one in known if len(self.sheet.values(one)) > 1)

    @property
    def roles(self) -> tuple[Role, ...]:
        """The parts that somebody must find columns for."""
        numbers = _NUMBERS_OF[self.definition.shape]
        shown = {Role.PERIOD, Role.NOTE, Role.LOWER, Role.UPPER, *numbers}
        return tuple(one for one in self.preset.asks if one in shown)

    @property
    def asks_by(self) -> bool:
        """Whether somebody must say which column holds the groups."""
        if not self.definition.members:
            return False
        return self.given.kind == PLAIN or len(self.by_options) > 1

    @cached_property
    def choices(self) -> dict[str, dict[str, str]]:
        """The columns of which one value must be chosen, each value with its words."""
        found = {}
        for heading in self.layout.apart:
            values = self._worded(heading)
            if len(values) > 1:
                found[heading] = values
        chosen_set = self.preset.sets.get(self.layout.by, "")
        if chosen_set in self.sheet.headings:
            names = [one for one in self.sheet.values(chosen_set) if folded(one) not in WHOLE]
            if len(names) > 1:
                found[chosen_set] = {one: one for one in names}
        return found

    @cached_property
    def asks_length(self) -> bool:
        """Whether only the first days of periods are given."""
        return any(is_day(text) for text in self._period_texts(Role.PERIOD))

    @cached_property
    def asks_order(self) -> bool:
        """Whether days can be read in two ways."""
        return self._order == ""

    @cached_property
    def order(self) -> str:
        """In which order days are written: as the column itself tells, or as somebody said."""
        return self._order or self.given.order

    @cached_property
    def _order(self) -> str | None:
        texts: dict[str, int] = {}
        for role in (Role.PERIOD, Role.START, Role.END):
            texts |= self._period_texts(role)
        return order_of(texts)

    @property
    def hints(self) -> Hints:
        """What tells apart ways of writing a period that look the same."""
        length = Frequency(self.given.length) if self.given.length else None
        return replace(hints_for(self.schedule), length=length, order=self.order)

    @cached_property
    def labels(self) -> dict[str, int]:
        """The labels of groups in the rows that count, each with how many rows have it."""
        at = self.sheet.column(self.layout.by)
        kept = RowFilter.of(self.sheet, self.preset, self.layout)
        found: dict[str, int] = {}
        for _, cells in self.sheet.lines:
            if at >= 0 and kept(cells) == PART:
                found[cells[at]] = found.get(cells[at], 0) + 1
        return found

    @cached_property
    def offer(self) -> dict[str, str]:
        """The group offered for each label; what somebody said goes before."""
        own = {label: code for label, code in self.matched.items() if label in self.labels}
        return offered(tuple(self.labels), self.definition, self.standard) | own

    @cached_property
    def matched(self) -> dict[str, str]:
        """The labels that somebody matched to a group the measure still has."""
        known = {one.code for one in self.definition.places} | {LEFT_OUT}
        return {label: code for label, code in self.given.members.items() if code in known}

    @property
    def other_sets(self) -> tuple[CategorySet, ...]:
        """The sets that have all these labels, where the measure's own has not."""
        fits = self.standard is not None and alike(tuple(self.labels), [self.standard])
        return () if fits else alike(tuple(self.labels), self.sets)

    @property
    def edition_fault(self) -> str:
        """Why these groups cannot be the measure's; empty if they can."""
        names = list(self.labels)
        chosen_set = self.preset.sets.get(self.layout.by, "")
        return edition_fault([*names, self.given.chosen.get(chosen_set, "")], self.standard)

    @property
    def rows_open(self) -> bool:
        """Whether something about the rows is not said yet."""
        return bool(
            any(
                self.given.chosen.get(heading) not in values
                for heading, values in self.choices.items()
            )
            or (self.asks_length and not self.given.length)
            or (self.asks_order and not self.given.order)
            or (self.preset.asks_period and not self.given.period)
            or (self.preset.asks_year and not self.given.year)
        )

    @property
    def columns_open(self) -> bool:
        """Whether a column that is needed is not found yet."""
        have = {role for role in Role if self.layout.role(role)}
        numbers = {Role.NUMERATOR, Role.MINUS} if Role.NUMERATOR in self.roles else {Role.VALUE}
        needed_by = self.asks_by and not self.given.by
        lacks_number = bool(self.roles) and not numbers & have
        lacks_below = self.definition.shape in IN_PARTS and Role.DENOMINATOR not in have
        lacks_period = Role.PERIOD in self.roles and Role.PERIOD not in have
        return needed_by or lacks_number or lacks_below or lacks_period

    @property
    def groups_open(self) -> bool:
        """Whether a label is not matched to a group by somebody."""
        if self.given.kind == OWN or not self.layout.by:
            return False
        if self.edition_fault:
            return True
        return any(label not in self.matched for label in self.labels)

    @property
    def pages(self) -> tuple[str, ...]:
        """The pages that have something to ask, and the preview."""
        rows = self.choices or self.asks_length or self.asks_order
        own = self.preset.asks_period or self.preset.asks_year
        asks = {
            COLUMNS: bool(self.roles) or self.asks_by,
            ROWS: bool(rows or own),
            GROUPS: bool(self.layout.by) and self.given.kind != OWN,
            PREVIEW: True,
        }
        return tuple(page for page, has in asks.items() if has)

    @property
    def next_page(self) -> str:
        """The first page with something open."""
        if self.columns_open:
            return COLUMNS
        if self.rows_open:
            return ROWS
        return GROUPS if self.groups_open else PREVIEW

    def _worded(self, heading: str) -> dict[str, str]:
        """Give each value of a column with the words beside it, in the order of the rows."""
        words_in = self.preset.apart.get(heading, "")
        at, words_at = self.sheet.column(heading), self.sheet.column(words_in)
        found: dict[str, str] = {}
        for _, cells in self.sheet.lines:
            if cells[at] not in found:
                words = f"{cells[words_at]} ({cells[at]})" if words_at >= 0 else cells[at]
                found[cells[at]] = words or "(blank)"
        return found

    def _period_texts(self, role: Role) -> dict[str, int]:
        return self.sheet.values(self.layout.role(role)) if self.layout.role(role) else {}

"""Which rows of a file count: those of one place, one age and sex, and one set of groups."""

from dataclasses import dataclass
from typing import Self

from eqia.domain.imports.layouts import Layout
from eqia.domain.imports.presets import WHOLE, Preset
from eqia.domain.imports.sheets import Sheet, folded

#: a row is about other people, about everybody, or about one group
OTHER, EVERYBODY, PART = "other", "everybody", "part"
Cells = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RowFilter:
    """Tells which rows count, and for whom."""

    #: column, its place and the value that counts
    wanted: tuple[tuple[str, int, str], ...]
    #: columns with the groups of other sets: only rows about everybody count
    foreign: tuple[tuple[str, int], ...]
    #: the column that names the set of groups, its place, and the set that counts
    ours: tuple[str, int, str | None]
    by: str

    @classmethod
    def of(cls, sheet: Sheet, preset: Preset, layout: Layout) -> Self:
        """Make it from what was said about a file."""
        chosen = [(name, sheet.column(name), layout.chosen.get(name)) for name in layout.apart]
        sets = {by: (name, sheet.column(name)) for by, name in preset.sets.items()}
        name, at = sets.pop(layout.by, ("", -1))
        return cls(
            tuple((one, at, value) for one, at, value in chosen if at >= 0 and value is not None),
            tuple(one for one in sets.values() if one[1] >= 0),
            (name, at, layout.chosen.get(name)),
            layout.by,
        )

    def __call__(self, cells: Cells) -> str:
        """Tell for whom a row counts."""
        if self._elsewhere(cells) is not None:
            return OTHER
        _, ours, set_name = self.ours
        if ours < 0:
            return PART if self.by else EVERYBODY
        if folded(cells[ours]) in WHOLE:
            return EVERYBODY
        return PART if set_name in {None, cells[ours]} else OTHER

    def why_other(self, cells: Cells) -> tuple[str, str]:
        """Tell by which column a row is about others, and what stands there."""
        name, at, _ = self.ours
        return self._elsewhere(cells) or (name, cells[at])

    def _elsewhere(self, cells: Cells) -> tuple[str, str] | None:
        for name, at, value in self.wanted:
            if cells[at] != value:
                return name, cells[at]
        for name, at in self.foreign:
            if folded(cells[at]) not in WHOLE:
                return name, cells[at]
        return None

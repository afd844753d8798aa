"""Which rows of a file count: those of one place, one age and sex, and one set of groups."""

from collections.abc import Callable

from eqia.domain.imports.layouts import Layout
from eqia.domain.imports.presets import WHOLE, Preset
from eqia.domain.imports.sheets import Sheet, folded

#: a row is about other people, about everybody, or about one group
OTHER, EVERYBODY, PART = "other", "everybody", "part"


def row_filter(sheet: Sheet, preset: Preset, layout: Layout) -> Callable[[tuple[str, ...]], str]:
    """Tell which rows count, and for whom."""
    chosen = [(sheet.column(name), layout.chosen.get(name)) for name in layout.apart]
    wanted = [(at, value) for at, value in chosen if at >= 0 and value is not None]
    sets = {by: sheet.column(name) for by, name in preset.sets.items()}
    ours = sets.pop(layout.by, -1)
    foreign = [at for at in sets.values() if at >= 0]
    set_name = layout.chosen.get(preset.sets.get(layout.by, ""))

    def kept(cells: tuple[str, ...]) -> str:
        if any(cells[at] != value for at, value in wanted):
            return OTHER
        if any(folded(cells[at]) not in WHOLE for at in foreign):
            return OTHER
        if ours < 0:
            return PART if layout.by else EVERYBODY
        if folded(cells[ours]) in WHOLE:
            return EVERYBODY
        return PART if set_name in {None, cells[ours]} else OTHER

    return kept

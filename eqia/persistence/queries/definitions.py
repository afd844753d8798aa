"""Rows of measures read as the values they hold."""

from eqia.domain.measures import REWORDED, Definition, members_of
from eqia.domain.readings import Figure
from eqia.persistence.tables.measures import MeasureVersionRow, ReadingRow


def definition_of(row: MeasureVersionRow) -> Definition:
    """Read a row as the definition it holds, in the words that are in force."""
    at_first: dict[str, str] = {name: getattr(row, name) for name in REWORDED}
    words = {name: (row.worded or {}).get(name, said) for name, said in at_first.items()}
    return Definition(
        **words,
        shape=row.shape,
        direction=row.direction,
        per=row.per,
        characteristic=row.characteristic,
        category_set=row.category_set,
        members=members_of(row.members),
        conflict=row.conflict_rule,
        suppression=row.suppression,
        at_first=at_first if row.worded else {},
    )


def figure_of(row: ReadingRow) -> Figure:
    """Read a row as the figure it holds."""
    return Figure(row.member, row.numerator, row.denominator, row.value, row.state)

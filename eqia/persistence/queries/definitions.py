"""Rows of measures read as the values they hold."""

from eqia.domain.measures import Definition, members_of
from eqia.domain.readings import Figure
from eqia.persistence.tables.measures import MeasureVersionRow, ReadingRow


def definition_of(row: MeasureVersionRow) -> Definition:
    """Read a row as the definition it holds."""
    return Definition(
        shape=row.shape,
        numerator=row.numerator,
        denominator=row.denominator,
        direction=row.direction,
        per=row.per,
        unit=row.unit,
        inclusion=row.inclusion,
        exclusion=row.exclusion,
        characteristic=row.characteristic,
        category_set=row.category_set,
        members=members_of(row.members),
        reference=row.reference,
        conflict=row.conflict_rule,
        suppression=row.suppression,
    )


def figure_of(row: ReadingRow) -> Figure:
    """Read a row as the figure it holds."""
    return Figure(row.member, row.numerator, row.denominator, row.value, row.state)

"""What is still wrong with what was said about a file, beside the box it was said in."""

from collections.abc import Iterator

from eqia.domain.errors import Problem
from eqia.domain.imports.groups import twice
from eqia.domain.imports.layouts import LEFT_OUT, Role
from eqia.domain.imports.periods_written import period_written
from eqia.domain.imports.questions import MOST_LABELS, Asked
from eqia.domain.imports.row_filters import OTHER, RowFilter
from eqia.domain.measures import IN_PARTS

BY, APART, LENGTH, ORDER, YEAR, PERIOD = "by", "apart", "length", "order", "year", "period"


def column_field(role: Role) -> str:
    """Name the box for the column of a part."""
    return f"column.{role.value}"


def choice_field(number: int) -> str:
    """Name the box for the value of a column, by its place among those asked."""
    return f"choice.{number}"


def group_field(number: int) -> str:
    """Name the box for the group of a label, by its place among the labels."""
    return f"group.{number}"


def column_problems(asked: Asked) -> Iterator[Problem]:
    """Find columns that are needed, said twice or unfit."""
    layout, roles = asked.layout, asked.roles
    have = {role: layout.role(role) for role in Role if layout.role(role)}
    if Role.PERIOD in roles and Role.PERIOD not in have:
        yield Problem(column_field(Role.PERIOD), "Choose the column with the periods")
    if Role.VALUE in roles and Role.VALUE not in have:
        yield Problem(column_field(Role.VALUE), "Choose the column with the average")
    if Role.NUMERATOR in roles:
        yield from _counted(asked, have)
    needs_below = asked.definition.shape in IN_PARTS and Role.DENOMINATOR in roles
    if needs_below and Role.DENOMINATOR not in have:
        yield Problem(column_field(Role.DENOMINATOR), "Choose the column with out of how many")
    if asked.asks_by and not asked.given.by:
        yield Problem(BY, "Choose the column with the groups, or say that there is none")
    if len(asked.labels) > MOST_LABELS:
        words = f"This column has {len(asked.labels):,} different names. Choose the one with groups"
        yield Problem(BY, words)
    yield from _used_twice(asked, have)


def _counted(asked: Asked, have: dict[Role, str]) -> Iterator[Problem]:
    both = {Role.NUMERATOR, Role.MINUS} & set(have)
    if not both:
        yield Problem(column_field(Role.NUMERATOR), "Choose the column with how many")
    if len(both) > 1 and Role.MINUS in asked.roles:
        words = "Choose the column with how many, or the one to take away, not both"
        yield Problem(column_field(Role.MINUS), words)


def _used_twice(asked: Asked, have: dict[Role, str]) -> Iterator[Problem]:
    seen: set[str] = set()
    for role in asked.roles:
        heading = have.get(role, "")
        if heading and heading in seen:
            yield Problem(column_field(role), "This column is chosen above already")
        seen.add(heading)
    if asked.layout.by and asked.layout.by in seen:
        yield Problem(BY, "This column is chosen above already")


def row_problems(asked: Asked) -> Iterator[Problem]:
    """Find what is not said about the rows, and choices that no row meets."""
    for number, (heading, values) in enumerate(asked.choices.items()):
        if asked.given.chosen.get(heading) not in values:
            yield Problem(choice_field(number), f"Choose one of “{heading[:80]}”")
    if asked.asks_length and not asked.given.length:
        yield Problem(LENGTH, "Choose how long a period is")
    if asked.asks_order and not asked.given.order:
        yield Problem(ORDER, "Choose what comes first in the days")
    if asked.preset.asks_year and not asked.given.year:
        yield Problem(YEAR, "Choose which years these are")
    if asked.preset.asks_period:
        yield from _period_problem(asked)
    if not asked.rows_open and not _any_row(asked):
        yield Problem(choice_field(0), "No row of the file has all of these together")


def _period_problem(asked: Asked) -> Iterator[Problem]:
    try:
        period_written(asked.given.period, asked.hints)
    except ValueError as error:
        yield Problem(PERIOD, str(error) if asked.given.period else "Enter the period")


def _any_row(asked: Asked) -> bool:
    kept = RowFilter.of(asked.sheet, asked.preset, asked.layout)
    return any(kept(cells) != OTHER for _, cells in asked.sheet.lines)


def group_problems(asked: Asked) -> Iterator[Problem]:
    """Find labels without a group, two with the same one, and groups of another edition."""
    if asked.edition_fault:
        yield Problem(group_field(0), asked.edition_fault)
        return
    members = {label: asked.matched.get(label, "") for label in asked.labels}
    fields = {label: group_field(number) for number, label in enumerate(asked.labels)}
    missing = [label for label in asked.labels if label not in asked.matched]
    for label in missing:
        yield Problem(fields[label], f"Choose the group of “{label[:80] or '(blank)'}”")
    for label, first in twice(members):
        if label not in missing and first not in missing:
            words = f"“{label[:80]}” and “{first[:80]}” cannot be the same group"
            yield Problem(fields[label], words)
    if not missing and members and set(members.values()) == {LEFT_OUT}:
        yield Problem(group_field(0), "All rows are left out. Keep at least one group")

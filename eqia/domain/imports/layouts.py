"""How a file is to be read: which column says what, which rows count, which label is whose."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from enum import StrEnum
from typing import Any, Self

from eqia.domain.imports.periods_written import DAY_FIRST, MONTH_FIRST
from eqia.domain.imports.sheets import Sheet
from eqia.domain.periods import YearKind

#: a group of the file that is none of the measure's
LEFT_OUT = "-"
#: said instead of a column: the rows are not about groups
NO_GROUPS = "-"


class Role(StrEnum):
    """What a column says."""

    PERIOD = "period"
    START = "start"
    END = "end"
    NUMERATOR = "numerator"
    #: taken from the denominator: in four hours = attendances - breaches
    MINUS = "minus"
    DENOMINATOR = "denominator"
    VALUE = "value"
    LOWER = "lower"
    UPPER = "upper"
    STATE = "state"
    NOTE = "note"


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """Everything a person said about how to read a file."""

    kind: str = ""
    sheet: str = ""
    #: which heading plays which part
    columns: Mapping[str, str] = field(default_factory=dict)
    #: the column with the groups; empty if there are none
    by: str = ""
    #: the columns of which only rows with one value count, and the value
    apart: tuple[str, ...] = ()
    chosen: Mapping[str, str] = field(default_factory=dict)
    #: how long a period is of which the first day is given
    length: str = ""
    order: str = ""
    year: str = ""
    #: the one period of a table that names none
    period: str = ""
    #: label -> code of a group, everybody or left out
    members: Mapping[str, str] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        """Give it as plain values, to be kept."""
        return asdict(self) | {"apart": list(self.apart)}

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> Self:
        """Read it as kept."""
        names = [one for one in cls.__dataclass_fields__ if one in kept]
        return cls(**{name: kept[name] for name in names} | {"apart": tuple(kept.get("apart", ()))})

    def role(self, role: Role) -> str:
        """Give the heading that plays a part; empty if none does."""
        return self.columns.get(role, "")


def fitting(layout: Layout, sheet: Sheet) -> Layout:
    """Keep of an earlier layout what this file has too; its one period is asked every time."""
    known = set(sheet.headings)
    return replace(
        layout,
        sheet=sheet.name,
        columns={role: one for role, one in layout.columns.items() if one in known},
        by=layout.by if layout.by in {*known, NO_GROUPS} else "",
        apart=tuple(one for one in layout.apart if one in known),
        chosen={one: value for one, value in layout.chosen.items() if one in known},
        period="",
    )


ORDERS: Mapping[str, str] = {
    DAY_FIRST: "The day is first: 3/4/2026 is 3 April",
    MONTH_FIRST: "The month is first: 3/4/2026 is 4 March",
}
YEARS: Mapping[str, str] = {
    YearKind.CALENDAR: "Calendar years, from January",
    YearKind.FINANCIAL: "Financial years, from April",
}

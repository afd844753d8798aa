"""What is taken from a file: readings, rows that cannot be read, and rows without a figure."""

from dataclasses import dataclass
from decimal import Decimal

from eqia.domain.periods import Period
from eqia.domain.readings import Figure


@dataclass(frozen=True, slots=True)
class Given:
    """One reading as a row of the file gives it."""

    row: int
    period: Period
    figure: Figure
    lower: Decimal | None = None
    upper: Decimal | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Fault:
    """Why a row cannot be read, or holds no figure: where and in words."""

    row: int
    column: str
    reason: str


@dataclass(frozen=True, slots=True)
class Mark:
    """What stands in a file in place of numbers, and what it was read as."""

    text: str
    read_as: str
    rows: int


@dataclass(frozen=True, slots=True)
class Taken:
    """Everything a file holds, row by row."""

    given: tuple[Given, ...] = ()
    faults: tuple[Fault, ...] = ()
    #: rows of the right place and group without a figure
    bare: tuple[Fault, ...] = ()
    #: rows that are about other places or people, or groups that are left out, each with why
    left: tuple[Fault, ...] = ()
    warnings: tuple[str, ...] = ()
    marks: tuple[Mark, ...] = ()

    @property
    def others(self) -> int:
        """How many rows are not about this measure's people."""
        return len(self.left)

"""The few kinds of block a record is made of, for the page and the PDF alike."""

from collections.abc import Sequence
from dataclasses import dataclass

from eqia.domain.charts import Chart

#: Every text in a block is plain: whoever writes it out escapes it.


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading inside a section, at level 3 or 4."""

    text: str
    level: int = 3


@dataclass(frozen=True, slots=True)
class Text:
    """A paragraph in the service's own words. Kinds: plain, note."""

    text: str
    kind: str = "plain"


@dataclass(frozen=True, slots=True)
class Quote:
    """Words somebody typed, unchanged, under a label."""

    text: str
    label: str = ""


@dataclass(frozen=True, slots=True)
class Facts:
    """Names and values, one under the other, kept together under a title if it has one."""

    rows: tuple[tuple[str, str], ...]
    title: str = ""


@dataclass(frozen=True, slots=True)
class Bullets:
    """A list of short lines."""

    items: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """A table of up to four columns; `widths` are shares of the line."""

    caption: str
    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    widths: tuple[int, ...]
    #: the language of each column that is not in the record's own; empty: it is (WCAG 3.1.2)
    languages: tuple[str, ...] = ()

    def language(self, column: int) -> str:
        """Say in which other language the cells of a column are."""
        return self.languages[column] if self.languages else ""


@dataclass(frozen=True, slots=True)
class Panel:
    """The status and the outcome, set apart at the start."""

    status: str
    outcome: str


@dataclass(frozen=True, slots=True)
class Picture:
    """A drawing; the table that follows gives the same in words."""

    chart: Chart


Block = Heading | Text | Quote | Facts | Bullets | Table | Panel | Picture


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the record; a nation's own report stands between the numbered ones."""

    id: str
    title: str
    blocks: tuple[Block, ...]
    number: int | None = None

    @property
    def heading(self) -> str:
        """Give the title with its number, if it has one."""
        return f"{self.number}. {self.title}" if self.number else self.title


@dataclass(frozen=True, slots=True)
class Contents:
    """The whole record in reading order."""

    language: str
    #: EQS-2026-0042 v3
    name: str
    title: str
    organisation: str
    #: what the header says beside the organisation
    kind: str
    status: str
    #: what the list of sections is called
    index: str
    sections: tuple[Section, ...]


def listed(blocks: Sequence[Block | None]) -> tuple[Block, ...]:
    """Leave out what there is nothing to say about."""
    return tuple(block for block in blocks if block is not None)

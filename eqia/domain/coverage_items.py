"""One thing missing in a plan: the rule, the row, what is wrong and how to put it right."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from eqia.domain.texts import first_line


class Level(StrEnum):
    """What an item stops."""

    BLOCKS = "blocks"
    WARN = "warn"
    INFO = "info"


LEVEL_LABELS: Mapping[str, str] = {
    Level.BLOCKS: "Stops the plan being closed",
    Level.WARN: "Warning",
    Level.INFO: "For information",
}


class On(StrEnum):
    """The kind of row an item is about, where its fix is made."""

    PLAN = "plan"
    FINDING = "finding"
    ACTION = "action"
    MEASURE = "measure"
    RISK = "risk"


def names(labels: Iterable[str]) -> str:
    """List names in a sentence, so that a comma in one is not read as the end of it."""
    found = list(labels)
    return ("; " if any("," in one for one in found) else ", ").join(found)


@dataclass(frozen=True, slots=True)
class Item:
    """One thing missing: the rule, the row it is about, what is wrong and how to put it right."""

    rule: str
    level: Level
    on: On
    row: str
    name: str
    text: str
    fix: str
    #: the finding that is not covered because of it
    finding: str = ""

    @property
    def words(self) -> str:
        """What is wrong with what, in one line and without the number of the rule."""
        first = first_line(self.name)
        return f"{first}: {self.text}"

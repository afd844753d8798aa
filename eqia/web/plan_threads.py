"""What the page of a plan lays out: threads from finding to reading, and what waits."""

from collections.abc import Sequence
from dataclasses import dataclass

from eqia.domain.coverage import Item
from eqia.domain.due_dates import DueItem
from eqia.persistence.queries.measures import Shown
from eqia.persistence.tables.plans import ActionRow, FindingRow


@dataclass(frozen=True, slots=True)
class Latest:
    """The latest figure of one group, and what of it is out of the usual."""

    label: str
    period: str
    words: str
    before: str
    icons: tuple[str, ...]

    def line(self, *, dated: bool) -> str:
        """Say it in a line; with its period where not all groups were read of the same."""
        when = f", {self.period}" if dated and self.period else ""
        before = f"; baseline {self.before}" if self.before else ""
        return ". ".join((f"{self.label}: {self.words}{when}{before}", *self.icons))


@dataclass(frozen=True, slots=True)
class Thread:
    """One finding with the actions that answer it and the measures that show whether they work."""

    finding: FindingRow
    actions: Sequence[tuple[ActionRow, str]]
    measures: Sequence[Shown]
    missing: Sequence[Item]


@dataclass(frozen=True, slots=True)
class Waiting:
    """A reading that is due, with the measure it is of."""

    shown: Shown
    item: DueItem
    period: str

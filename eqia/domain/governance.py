"""What those who watch over all plans look for: what is overdue, stuck, or gives concern."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from eqia.domain.coverage import Item, Level, Picture, items
from eqia.domain.due_dates import DueState
from eqia.domain.plans import ActionStatus, PlanStatus

PAGE_SIZE = 25
#: what gives concern is told apart from what else keeps a plan from being closed
_CONCERN = "C14"


class Trouble(StrEnum):
    """A kind of trouble a plan may be in."""

    READINGS = "readings"
    BLOCKERS = "blockers"
    CONCERNS = "concerns"
    ACTIONS = "actions"


TROUBLE_LABELS: Mapping[str, str] = {
    Trouble.READINGS: "Readings overdue",
    Trouble.BLOCKERS: "Something stops it being closed",
    Trouble.CONCERNS: "Cause for concern, no review since",
    Trouble.ACTIONS: "Actions overdue",
}


@dataclass(frozen=True, slots=True)
class Sought:
    """Which plans somebody looks for; empty means all."""

    text: str = ""
    group: str = ""
    status: str = PlanStatus.OPEN
    trouble: str = ""
    page: int = 1


@dataclass(frozen=True, slots=True)
class Watched:
    """The trouble one plan is in today."""

    late: int
    #: of those, the ones for more than a whole period
    longest: int
    blockers: tuple[Item, ...]
    concerns: tuple[Item, ...]
    actions: int

    @property
    def counts(self) -> Mapping[str, int]:
        """How much there is of each kind."""
        return {
            Trouble.READINGS: self.late,
            Trouble.BLOCKERS: len(self.blockers),
            Trouble.CONCERNS: len(self.concerns),
            Trouble.ACTIONS: self.actions,
        }

    def is_in(self, trouble: str) -> bool:
        """Whether it is in this kind of trouble; in any, if none is named."""
        return not trouble or self.counts[trouble] > 0

    def rank(self, trouble: str) -> tuple[int, ...]:
        """Give what puts the worst first: the trouble that is looked for, then each in turn."""
        first = [-self.counts[trouble]] if trouble else []
        return (*first, *(-count for count in self.counts.values()))


def watched(picture: Picture) -> Watched:
    """See how a plan stands today for those who watch over all."""
    late = [one for measure in picture.measures for one in measure.due if one.is_late]
    # A plan that rests or is over asks for no reading.
    late = late if picture.is_open else []
    found = items(picture)
    return Watched(
        late=len(late),
        longest=sum(one.state is DueState.ALERT for one in late),
        blockers=tuple(_blockers(found)),
        concerns=tuple(one for one in found if one.rule == _CONCERN),
        actions=sum(
            one.status == ActionStatus.OPEN and one.due is not None and one.due < picture.today
            for one in picture.actions
        ),
    )


def _blockers(found: Iterable[Item]) -> Iterable[Item]:
    """Give each thing that blocks once, though it may leave several findings uncovered."""
    seen = {
        (one.rule, one.row): one
        for one in found
        if one.level is Level.BLOCKS and one.rule != _CONCERN
    }
    return seen.values()

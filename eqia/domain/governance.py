"""What those who watch over all plans look for: what is overdue, stuck, or gives concern."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from eqia.domain.courses import Course
from eqia.domain.coverage import Item, On, Picture, blocking, items, once, owed
from eqia.domain.days import add_months
from eqia.domain.due_dates import DueState
from eqia.domain.measures import Member
from eqia.domain.pictures import MeasureFacts
from eqia.domain.plans import PLAN_LABELS, ActionStatus, PlanStatus
from eqia.domain.review_answers import Rescreening
from eqia.domain.untold import Untold, untold_in, untold_of

PAGE_SIZE = 25
#: what gives concern is told in a column of its own as well
_CONCERN = "C14"
#: what is said of a figure where nothing else is
DOUBLED = "At least twice as bad as in the baseline"
WORSE = "Gives cause for concern"
#: plans closed in so many months are pointed at: they vanish from what is shown at first
LATELY = 3


class Trouble(StrEnum):
    """A kind of trouble a plan may be in."""

    READINGS = "readings"
    BLOCKERS = "blockers"
    CONCERNS = "concerns"
    AGAIN = "again"
    UNTOLD = "untold"
    ACTIONS = "actions"


TROUBLE_LABELS: Mapping[str, str] = {
    Trouble.READINGS: "Readings overdue",
    Trouble.BLOCKERS: "Something stops it being closed",
    Trouble.CONCERNS: "Cause for concern, no review since",
    Trouble.AGAIN: "To be screened again: a review decided so",
    Trouble.UNTOLD: "Cannot be told here: figures are hidden",
    Trouble.ACTIONS: "Actions overdue",
}


class Among(StrEnum):
    """Plans of more than one status, or only some of one."""

    CURRENT = "current"
    ANY = "any"
    LATELY_CLOSED = "lately"


STATUS_CHOICES: Mapping[str, str] = {
    Among.CURRENT: "Open or paused",
    **PLAN_LABELS,
    Among.LATELY_CLOSED: "Closed in the last three months",
    Among.ANY: "Open, paused or closed",
}
#: the statuses each choice stands for
STATUSES: Mapping[str, tuple[str, ...]] = {
    Among.CURRENT: (PlanStatus.OPEN, PlanStatus.PAUSED),
    **{one.value: (one.value,) for one in PlanStatus},
    Among.LATELY_CLOSED: (PlanStatus.CLOSED,),
    Among.ANY: tuple(PlanStatus),
}


@dataclass(frozen=True, slots=True)
class Sought:
    """Which plans somebody looks for; empty means all."""

    text: str = ""
    group: str = ""
    status: str = Among.CURRENT
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
    #: of whom it cannot be told here
    untold: tuple[Untold, ...] = ()
    #: what the next screening is not signed without, though the plan could be closed
    owed: tuple[Item, ...] = ()
    #: the decision to screen again that is not carried out yet
    again: Rescreening | None = None
    #: the readings of a paused plan that were overdue before it: they are waited for afterwards
    resting: int = 0

    @property
    def counts(self) -> Mapping[str, int]:
        """How much there is of each kind."""
        return {
            Trouble.READINGS: self.late,
            Trouble.BLOCKERS: len(self.blockers),
            Trouble.CONCERNS: len(self.concerns),
            Trouble.AGAIN: int(self.again is not None),
            Trouble.UNTOLD: len(self.untold),
            Trouble.ACTIONS: self.actions,
        }

    def is_in(self, trouble: str) -> bool:
        """Whether it is, or may be, in this kind of trouble; in any, if none is named."""
        return not trouble or self.counts[trouble] > 0 or self.may_be_in(trouble)

    def may_be_in(self, trouble: str) -> bool:
        """Whether hidden figures keep it from being told: a concern stops a plan being closed."""
        return trouble == Trouble.BLOCKERS and bool(self.untold)

    def rank(self, trouble: str) -> tuple[int, ...]:
        """Give what puts the worst first: the trouble that is looked for, then each in turn."""
        first = [-self.counts[trouble]] if trouble else []
        return (*first, *(-count for count in self.counts.values()))


def watched(picture: Picture) -> Watched:
    """See how a plan stands today for those who watch over all."""
    overdue = [one for measure in picture.measures for one in measure.due if one.is_late]
    # A plan that rests or is over asks for no reading.
    late = overdue if picture.is_open else []
    found = items(picture)
    return Watched(
        late=len(late),
        longest=sum(one.state is DueState.ALERT for one in late),
        blockers=once(blocking(found)),
        concerns=tuple(one for one in found if one.rule == _CONCERN and one.on is On.MEASURE),
        actions=sum(
            one.status == ActionStatus.OPEN and one.due is not None and one.due < picture.today
            for one in picture.actions
        ),
        untold=untold_in(picture),
        owed=once(owed(found)),
        again=picture.again,
        resting=len(overdue) - len(late),
    )


def latest_told(measure: MeasureFacts, member: Member) -> tuple[int, tuple[str, ...]]:
    """Say what the latest figure of somebody tells, and how soon it is to be read: 0 is first.

    A gap that is clear, or a harm that doubled, needs no row of readings to be seen.
    """
    place = measure.place(member.code)
    start = f"{member.label} compared with "
    gaps = [one for one in measure.standing.clear_gaps if one.pair.startswith(start)]
    is_worse = place.course == Course.WORSE or place.is_doubled
    found = [
        *place.told,
        *([DOUBLED] if place.is_doubled else []),
        *((one.words if is_worse else one.now).removesuffix(".") for one in gaps),
    ]
    if is_worse and not found:
        found = [WORSE]
    soon = (is_worse, bool(gaps), place.cannot_tell, True)
    return soon.index(True), tuple(found)


def is_sought(measure: MeasureFacts, sought: Sought) -> bool:
    """Whether a measure is one of those for which its plan was looked for."""
    of_group = measure.definition is not None and measure.definition.characteristic == sought.group
    return (not sought.group or of_group) and _TROUBLED.get(sought.trouble, _any)(measure)


def _any(_measure: MeasureFacts) -> bool:
    return True


_TROUBLED = {
    Trouble.READINGS.value: lambda one: any(item.is_late for item in one.due),
    Trouble.CONCERNS.value: lambda one: one.concern is not None,
    Trouble.UNTOLD.value: lambda one: bool(untold_of(one)),
}


def lately(today: date) -> date:
    """Give the day since which plans count as closed lately."""
    return add_months(today, -LATELY)

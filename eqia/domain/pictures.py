"""A plan on one day, as values: findings, actions and measures with all that was read."""

from dataclasses import dataclass
from datetime import date

from eqia.domain.due_dates import DueItem
from eqia.domain.findings import NEED_ACTION, Direction
from eqia.domain.measures import Baseline, Definition, Target
from eqia.domain.plans import ActionStatus
from eqia.domain.readings import Figure, Reading


@dataclass(frozen=True, slots=True, kw_only=True)
class FindingView:
    """A finding with what is done about it."""

    id: str
    group: str
    label: str
    direction: Direction
    no_action: bool = False
    #: whether it is one of the version that is in force now
    current: bool = True

    @property
    def needs_action(self) -> bool:
        """Whether something has to be done, or a reason given why not."""
        return self.direction in NEED_ACTION


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionView:
    """An action with the findings it answers and the measures that show whether it works."""

    id: str
    title: str
    kind: str
    owner: str = ""
    due: date | None = None
    status: str = ActionStatus.OPEN
    done_date: date | None = None
    unmeasurable: bool = False
    findings: frozenset[str] = frozenset()
    measures: frozenset[str] = frozenset()

    @property
    def live(self) -> bool:
        """Whether it counts: it was not given up."""
        return self.status != ActionStatus.CANCELLED


@dataclass(frozen=True, slots=True, kw_only=True)
class MeasureView:
    """A measure as it stands: its definition in force, and all that was read by it."""

    id: str
    title: str
    owner: str = ""
    live: bool = True
    frequency: str = ""
    definition: Definition | None = None
    baseline: Baseline | None = None
    #: whether an earlier definition had a baseline
    had_baseline: bool = False
    targets: tuple[Target, ...] = ()
    readings: tuple[Reading, ...] = ()
    due: tuple[DueItem, ...] = ()
    next_due: DueItem | None = None
    #: the day since which it gives reason to worry, and why
    concern: tuple[date, str] | None = None

    def of(self, member: str) -> tuple[Reading, ...]:
        """Give the readings of one member, in order."""
        mine = (one for one in self.readings if one.figure.member == member)
        return tuple(sorted(mine, key=lambda one: one.period))

    def before(self, member: str) -> tuple[Figure, ...]:
        """Give the figures of a member that make up the baseline."""
        if self.baseline is None:
            return ()
        return tuple(
            one.figure for one in self.of(member) if one.counts and self.baseline.covers(one.period)
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """A whole plan on one day."""

    today: date
    is_open: bool = True
    change_start: date | None = None
    findings: tuple[FindingView, ...] = ()
    actions: tuple[ActionView, ...] = ()
    measures: tuple[MeasureView, ...] = ()
    last_review: date | None = None
    #: the number of a newer signed version whose findings were not taken over
    newer_version: int = 0
    #: owners whose account is not active any more
    inactive: frozenset[str] = frozenset()

    def answering(self, finding: FindingView) -> tuple[ActionView, ...]:
        """Give the live actions that answer a finding."""
        return tuple(one for one in self.actions if one.live and finding.id in one.findings)

    def showing(self, finding: FindingView) -> tuple[MeasureView, ...]:
        """Give the live measures linked to a finding, by way of its actions."""
        ids = {one for action in self.answering(finding) for one in action.measures}
        return tuple(one for one in self.measures if one.live and one.id in ids)

    def split(self, finding: FindingView) -> tuple[MeasureView, ...]:
        """Give those of them that are broken down by the finding's characteristic."""
        return tuple(
            one
            for one in self.showing(finding)
            if one.definition is not None and one.definition.characteristic == finding.group
        )

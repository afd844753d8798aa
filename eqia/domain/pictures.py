"""A plan on one day, as values: findings, actions and measures with all that was read."""

from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from eqia.domain.adjustments import Adjustment, Earlier, days_set_aside
from eqia.domain.due_dates import DueItem
from eqia.domain.findings import NEED_ACTION, Direction
from eqia.domain.measures import OVERALL, REST, Baseline, Definition, Shape, Target
from eqia.domain.periods import Period
from eqia.domain.plans import ActionStatus
from eqia.domain.readings import Figure, Reading, less
from eqia.domain.review_answers import Answer, Rescreening
from eqia.domain.risks import RiskView
from eqia.domain.standings import NOTHING_READ, Place, Standing
from eqia.domain.suppression import DEFAULT, Profile


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
class MeasureFacts:
    """A measure as a plan sees it: its definition in force, how it stands, and what is due."""

    id: str
    title: str
    owner: str = ""
    live: bool = True
    frequency: str = ""
    definition: Definition | None = None
    due: tuple[DueItem, ...] = ()
    next_due: DueItem | None = None
    standing: Standing = NOTHING_READ

    @property
    def concern(self) -> tuple[date, str] | None:
        """The day since which it gives reason to worry, and why."""
        return self.standing.concern

    def place(self, member: str) -> Place:
        """Say how everybody together, or a group, stands."""
        return self.standing.place(member)


@dataclass(frozen=True, slots=True, kw_only=True)
class MeasureView(MeasureFacts):
    """A measure with all that was read by it."""

    baseline: Baseline | None = None
    #: whether an earlier definition had a baseline
    had_baseline: bool = False
    targets: tuple[Target, ...] = ()
    readings: tuple[Reading, ...] = ()
    #: how its small numbers are hidden from people outside the team
    suppression: Profile = DEFAULT
    #: to what its counts are rounded, where they are those that people outside may see
    rounded_to: int = 1
    #: what people changed on its charts
    adjustments: tuple[Adjustment, ...] = ()
    #: what stood on them before each change that no review has looked at, the newest first
    earlier: tuple[Earlier, ...] = ()
    #: what follows from the rest, worked out once: thousands of readings are asked for often
    worked: dict[tuple[str, str], Any] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )

    def of(self, member: str) -> tuple[Reading, ...]:
        """Give the readings of one member, in order."""
        if ("apart", "") not in self.worked:
            found: dict[str, list[Reading]] = {}
            for one in sorted(self.readings, key=lambda one: one.period):
                found.setdefault(one.figure.member, []).append(one)
            self.worked["apart", ""] = {code: tuple(mine) for code, mine in found.items()}
        return self.worked["apart", ""].get(member, ())  # type: ignore[no-any-return]

    @property
    def periods(self) -> tuple[Period, ...]:
        """Every period that was read or is due, from the first to the last that anybody read."""
        if ("periods", "") not in self.worked:
            read = {one.period for one in self.readings}
            due = {one.period for one in self.due}
            last = max(read, default=None)
            found = sorted(one for one in read | due if last is not None and one <= last)
            self.worked["periods", ""] = tuple(found)
        return self.worked["periods", ""]  # type: ignore[no-any-return]

    def counted(self, member: str) -> tuple[Reading, ...]:
        """Give those of a member that hold a figure which nobody set aside, in order."""
        aside = days_set_aside(self.adjustments, member)
        return tuple(one for one in self.of(member) if one.counts and one.period.start not in aside)

    def latest(self, member: str) -> Reading | None:
        """Give the last reading of a member that nobody set aside."""
        aside = days_set_aside(self.adjustments, member)
        left = (one for one in reversed(self.of(member)) if one.period.start not in aside)
        return next(left, None)

    def others_of(self, member: str) -> tuple[Reading, ...]:
        """Give the readings of those a member is compared with; nobody with themselves.

        Everybody together contains the group, so that it is compared with the rest of them.
        """
        reference = self.definition.reference if self.definition else ""
        if reference != REST:
            return self.of(reference) if reference not in {"", member} else ()
        whole = {one.period: one.figure for one in self.of(OVERALL)}
        is_share = self.definition is not None and self.definition.shape == Shape.PROPORTION
        return tuple(
            replace(one, figure=less(whole[one.period], one.figure, is_share=is_share))
            for one in self.of(member)
            if member != OVERALL and one.period in whole
        )

    def others_counted(self, member: str) -> tuple[Reading, ...]:
        """Give those of them that hold a figure which nobody set aside."""
        aside = self.set_aside(member)
        found = self.others_of(member)
        return tuple(one for one in found if one.counts and one.period.start not in aside)

    def others_before(self, member: str) -> tuple[Figure, ...]:
        """Give the figures of those others that make up the baseline; none if one is hidden."""
        if self.baseline is None or any(
            one.is_hidden and self.baseline.covers(one.period) for one in self.others_of(member)
        ):
            return ()
        found = self.others_counted(member)
        return tuple(one.figure for one in found if self.baseline.covers(one.period))

    def set_aside(self, member: str) -> frozenset[date]:
        """Give the first days of the periods in which a gap of a member does not count."""
        reference = self.definition.reference if self.definition else ""
        sides = {member, OVERALL if reference == REST else reference}
        return frozenset().union(*(days_set_aside(self.adjustments, one) for one in sides))

    def before(self, member: str) -> tuple[Figure, ...]:
        """Give the figures of a member that make up the baseline; none if one is hidden."""
        if self.baseline is None or self.hides_baseline(member):
            return ()
        return tuple(one.figure for one in self.counted(member) if self.baseline.covers(one.period))

    def hides_baseline(self, member: str) -> bool:
        """Whether a figure of the baseline is kept from this reader."""
        mine = (one for one in self.of(member) if one.is_hidden)
        return self.baseline is not None and any(self.baseline.covers(one.period) for one in mine)


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """A whole plan on one day."""

    today: date
    is_open: bool = True
    change_start: date | None = None
    findings: tuple[FindingView, ...] = ()
    actions: tuple[ActionView, ...] = ()
    measures: tuple[MeasureFacts, ...] = ()
    risks: tuple[RiskView, ...] = ()
    #: the last review that was not asked for an answer to each concern, as none were at first
    last_unasked: date | None = None
    #: what reviews made of what was open
    answers: tuple[Answer, ...] = ()
    #: the decision to screen again that is not carried out yet
    again: Rescreening | None = None
    #: the number of a newer signed version whose findings were not taken over
    newer_version: int = 0
    #: owners whose account is not active any more
    inactive: frozenset[str] = frozenset()

    def answering(self, finding: FindingView) -> tuple[ActionView, ...]:
        """Give the live actions that answer a finding."""
        return tuple(one for one in self.actions if one.live and finding.id in one.findings)

    def showing(self, finding: FindingView) -> tuple[MeasureFacts, ...]:
        """Give the live measures linked to a finding, by way of its actions."""
        ids = {one for action in self.answering(finding) for one in action.measures}
        return tuple(one for one in self.measures if one.live and one.id in ids)

    def split(self, finding: FindingView) -> tuple[MeasureFacts, ...]:
        """Give those of them that are broken down by the finding's characteristic."""
        return tuple(
            one
            for one in self.showing(finding)
            if one.definition is not None and one.definition.characteristic == finding.group
        )

"""What is missing between finding, action, measure and reading; each item names row and fix."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from fractions import Fraction

from eqia.domain.due_dates import DueItem, DueState
from eqia.domain.findings import Direction
from eqia.domain.measures import (
    IN_PARTS,
    OVERALL,
    Baseline,
    BaselineState,
    Definition,
    Figure,
    MemberKind,
    Reading,
    ReadingState,
    Target,
    improved,
    pooled,
    value_of,
)
from eqia.domain.plans import ActionKind, ActionStatus

FEW_PEOPLE = 20
#: readings after an action by which it should have shown
ENOUGH_READINGS = 3
#: the share of people whose group is not known from which a breakdown says little
MOST_UNKNOWN = Fraction(1, 5)


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
        return self.direction in {Direction.NEGATIVE, Direction.UNKNOWN}


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


@dataclass(frozen=True, slots=True)
class Covered:
    """How many findings that need action have all they need, and which do not."""

    total: int
    open: tuple[str, ...] = field(default=())

    @property
    def done(self) -> int:
        """How many have."""
        return self.total - len(self.open)

    @property
    def words(self) -> str:
        """Say so, never as a bare percentage."""
        if not self.total:
            return "No finding needs action"
        if not self.open:
            return f"{self.done} of {self.total} findings that need action are covered"
        names = ", ".join(self.open)
        return f"{self.done} of {self.total} findings that need action are covered. Not: {names}"


_COVERING = frozenset(f"C{number:02d}" for number in range(1, 11))
#: what keeps a plan from being closed (measures.md section 3)
CLOSING = frozenset({"C03", "C04", "C05", "C07", "C10", "C14", "C19"})


def items(picture: Picture) -> tuple[Item, ...]:
    """List everything that is missing, rule by rule."""
    found = [item for rule in _RULES for item in rule(picture)]
    return tuple(sorted(found, key=lambda one: (_ORDER[one.level], one.rule)))


def covered(picture: Picture, found: Iterable[Item]) -> Covered:
    """Count the findings that have all they need (C01 to C10)."""
    bare = {one.finding for one in found if one.rule in _COVERING and one.finding}
    needing = [one for one in picture.findings if one.current and one.needs_action]
    return Covered(len(needing), tuple(one.label for one in needing if one.id in bare))


def blocking(found: Iterable[Item]) -> tuple[Item, ...]:
    """Give the items that keep a plan from being closed."""
    return tuple(one for one in found if one.rule in CLOSING)


_ORDER = {Level.BLOCKS: 0, Level.WARN: 1, Level.INFO: 2}


def _needing(picture: Picture) -> Iterator[FindingView]:
    """Walk the findings that need action and have no signed reason why there is none."""
    for finding in picture.findings:
        if finding.current and finding.needs_action and not finding.no_action:
            yield finding


def _measured(picture: Picture) -> Iterator[FindingView]:
    """Walk the findings whose actions must be measured.

    Not an unknown one with data gap actions alone, nor one of which all that is done cannot be
    measured and says so.
    """
    for finding in _needing(picture):
        actions = picture.answering(finding)
        finding_out = finding.direction is Direction.UNKNOWN and all(
            one.kind == ActionKind.DATA_GAP for one in actions
        )
        told = all(one.unmeasurable for one in actions)
        if actions and not finding_out and not told:
            yield finding


def _about(rule: str, level: Level, finding: FindingView, text: str, fix: str) -> Item:
    return Item(rule, level, On.FINDING, finding.id, finding.label, text, fix, finding.id)


def _unanswered(picture: Picture) -> Iterator[Item]:
    for finding in _needing(picture):
        if not picture.answering(finding):
            yield _about(
                "C01",
                Level.BLOCKS,
                finding,
                "Nothing is done about this finding.",
                "Add an action, or sign a reason why there is none",
            )


def _nobody_or_never(picture: Picture) -> Iterator[Item]:
    for action in picture.actions:
        gaps = [word for word, has in (("owner", action.owner), ("date", action.due)) if not has]
        if action.live and gaps:
            yield from _for_each(
                action, "C02", f"This action has no {' and no '.join(gaps)}.", "Say who and by when"
            )


def _for_each(action: ActionView, rule: str, text: str, fix: str) -> Iterator[Item]:
    """Name the action once for each finding it leaves uncovered, or once."""
    for finding in sorted(action.findings) or [""]:
        yield Item(rule, Level.BLOCKS, On.ACTION, action.id, action.title, text, fix, finding)


def _unmeasured(picture: Picture) -> Iterator[Item]:
    for action in picture.actions:
        bare = not action.measures and not action.unmeasurable
        if action.live and action.kind == ActionKind.MITIGATION and bare:
            yield from _for_each(
                action,
                "C03",
                "No measure shows whether this works.",
                "Link a measure, or say why it cannot be measured",
            )


def _not_split(picture: Picture) -> Iterator[Item]:
    for finding in _measured(picture):
        if not picture.split(finding):
            yield _about(
                "C04",
                Level.BLOCKS,
                finding,
                f"No linked measure is broken down by {finding.label.lower()}.",
                "Define a measure that counts these groups apart",
            )


def _each_split(picture: Picture) -> Iterator[tuple[FindingView, MeasureView, Definition]]:
    for finding in _measured(picture):
        for measure in picture.split(finding):
            if measure.definition is not None:
                yield finding, measure, measure.definition


def _of(
    rule: str, level: Level, pair: tuple[FindingView, MeasureView], text: str, fix: str
) -> Item:
    finding, measure = pair
    return Item(rule, level, On.MEASURE, measure.id, measure.title, text, fix, finding.id)


def _group_left_out(picture: Picture) -> Iterator[Item]:
    for finding, measure, definition in _each_split(picture):
        if not definition.substantive:
            text = "None of the groups affected is counted."
            yield _of("C05", Level.BLOCKS, (finding, measure), text, "Name the groups to count")


def _no_reference(picture: Picture) -> Iterator[Item]:
    for finding, measure, definition in _each_split(picture):
        if not definition.reference:
            text = "There is no group to compare with."
            yield _of("C06", Level.WARN, (finding, measure), text, "Choose whom you compare with")


def _no_baseline(picture: Picture) -> Iterator[Item]:
    for finding, measure, definition in _each_split(picture):
        bare = [one.label for one in definition.substantive if not measure.before(one.code)]
        baseline = measure.baseline
        if baseline is not None and baseline.state == BaselineState.NONE_EARLIER:
            continue
        late = bool(
            baseline
            and baseline.to_date
            and picture.change_start
            and baseline.to_date >= picture.change_start
        )
        if baseline is None or bare or late:
            names = f": {', '.join(bare)}" if baseline and bare else ""
            text = f"There is no baseline for every group from before the change starts{names}."
            fix = "Enter earlier readings and set the baseline, or say why there are none"
            yield _of("C07", Level.BLOCKS, (finding, measure), text, fix)


def _few_people(picture: Picture) -> Iterator[Item]:
    for finding, measure, definition in _each_split(picture):
        few = [
            one.label
            for one in definition.substantive
            if definition.shape in IN_PARTS and 0 < _people(measure.before(one.code)) < FEW_PEOPLE
        ]
        if few:
            text = f"The baseline is indicative: under {FEW_PEOPLE} people in {', '.join(few)}."
            yield _of("C08", Level.WARN, (finding, measure), text, "Say so wherever it is used")


def _people(figures: Iterable[Figure]) -> int:
    return sum(one.denominator or 0 for one in figures)


def _no_target(picture: Picture) -> Iterator[Item]:
    for finding, measure, _ in _each_split(picture):
        if not measure.targets:
            text = "There is no target with a value and a date."
            yield _of("C09", Level.WARN, (finding, measure), text, "Set a target")


def _never_due(picture: Picture) -> Iterator[Item]:
    for finding in _measured(picture):
        for measure in picture.showing(finding):
            if picture.is_open and (not measure.frequency or measure.next_due is None):
                text = "No next reading is due."
                fix = "Say how often it is read and when it starts"
                yield _of("C10", Level.BLOCKS, (finding, measure), text, fix)


def _late(picture: Picture) -> Iterator[Item]:
    for measure in picture.measures:
        late = [one for one in measure.due if one.is_late]
        if measure.live and late:
            longest = any(one.state is DueState.ALERT for one in late)
            still = ", one for more than a whole period" if longest else ""
            number = f"{len(late)} reading{'s are' if len(late) > 1 else ' is'} overdue{still}."
            yield _on_measure("C11", Level.WARN, measure, number, "Add the reading")


def _on_measure(rule: str, level: Level, measure: MeasureView, text: str, fix: str) -> Item:
    return Item(rule, level, On.MEASURE, measure.id, measure.title, text, fix)


def _live(picture: Picture) -> Iterator[tuple[MeasureView, Definition]]:
    for measure in picture.measures:
        if measure.live and measure.definition is not None:
            yield measure, measure.definition


def _overall_alone(picture: Picture) -> Iterator[Item]:
    for measure, definition in _live(picture):
        overall = measure.of(OVERALL)
        if not overall:
            continue
        there = {one.figure.member for one in measure.readings if one.period == overall[-1].period}
        missing = [one.label for one in definition.substantive if one.code not in there]
        if missing:
            text = f"The latest period has the whole but not {', '.join(missing)}."
            yield _on_measure("C12", Level.WARN, measure, text, "Add the readings of these groups")


def _all_masked(picture: Picture) -> Iterator[Item]:
    for measure, definition in _live(picture):
        hidden = [
            one.label
            for one in definition.substantive
            if (mine := measure.of(one.code))
            and all(reading.figure.state == ReadingState.MASKED for reading in mine)
        ]
        if hidden:
            text = f"Every reading of {', '.join(hidden)} is hidden at source."
            fix = "Use longer periods, or find other evidence"
            yield _on_measure("C13", Level.WARN, measure, text, fix)


def _concern(picture: Picture) -> Iterator[Item]:
    for measure in picture.measures:
        if measure.concern is None:
            continue
        since, why = measure.concern
        if picture.last_review is None or picture.last_review < since:
            fix = "Hold a review, and decide whether to screen again"
            yield _on_measure("C14", Level.BLOCKS, measure, why, fix)


def _without_effect(picture: Picture) -> Iterator[Item]:
    measures = {one.id: one for one in picture.measures}
    for action in picture.actions:
        if action.status != ActionStatus.DONE or action.done_date is None:
            continue
        shown = [measures[one] for one in sorted(action.measures) if one in measures]
        for measure in shown:
            flat = list(_not_improved(measure, action.done_date))
            if flat:
                text = (
                    f"This is done, and after {ENOUGH_READINGS} readings or more"
                    f" {', '.join(flat)} did not improve: {measure.title}."
                )
                fix = "Hold a review and decide what to do"
                yield Item("C15", Level.WARN, On.ACTION, action.id, action.title, text, fix)


def _not_improved(measure: MeasureView, done: date) -> Iterator[str]:
    definition = measure.definition
    if definition is None:
        return
    for member in definition.substantive:
        before = pooled(definition, measure.before(member.code))
        after = [
            value
            for one in measure.of(member.code)
            if one.period.start > done and (value := value_of(definition, one.figure)) is not None
        ]
        if before is not None and len(after) >= ENOUGH_READINGS:
            better = improved(definition, before, after[-1])
            if better is False:
                yield member.label


def _no_way_to_know(picture: Picture) -> Iterator[Item]:
    for finding in _needing(picture):
        dated = [
            one
            for one in picture.answering(finding)
            if one.kind == ActionKind.DATA_GAP and one.due is not None
        ]
        if finding.direction is Direction.UNKNOWN and not dated:
            yield _about(
                "C16",
                Level.BLOCKS,
                finding,
                "Nobody has a date by which this becomes known.",
                "Add an action that finds it out, with its date",
            )


def _redefined(picture: Picture) -> Iterator[Item]:
    for measure in picture.measures:
        if measure.live and measure.had_baseline and measure.baseline is None:
            text = "What is counted has changed since the baseline."
            yield _on_measure("C17", Level.WARN, measure, text, "Set a baseline for the new series")


def _not_taken_over(picture: Picture) -> Iterator[Item]:
    if picture.newer_version:
        text = f"Version {picture.newer_version} of the screening was signed since."
        fix = "Take over its findings and confirm the links"
        yield Item("C19", Level.BLOCKS, On.PLAN, "", "The plan", text, fix)


def _gone(picture: Picture) -> Iterator[Item]:
    for action in picture.actions:
        if action.status == ActionStatus.OPEN and action.owner in picture.inactive:
            text = f"{action.owner} has no account any more."
            yield Item(
                "C20", Level.WARN, On.ACTION, action.id, action.title, text, "Name another owner"
            )
    for measure in picture.measures:
        if measure.live and measure.owner in picture.inactive:
            text = f"{measure.owner} has no account any more."
            yield _on_measure("C20", Level.WARN, measure, text, "Name another owner")


def _many_unknown(picture: Picture) -> Iterator[Item]:
    for measure, definition in _live(picture):
        counted = [one for one in measure.readings if one.counts and one.figure.member != OVERALL]
        if definition.shape not in IN_PARTS or not counted:
            continue
        latest = max(one.period for one in counted)
        unknown = {m.code for m in definition.members if m.kind is MemberKind.UNKNOWN}
        now = [one.figure for one in counted if one.period == latest]
        hidden = _people(one for one in now if one.member in unknown)
        if hidden > MOST_UNKNOWN * _people(now):
            text = f"The group of {hidden:,} of {_people(now):,} is not known."
            yield _on_measure("C21", Level.WARN, measure, text, "Find out how to record it better")


def _linked_to_nothing(picture: Picture) -> Iterator[Item]:
    linked = {one.id for finding in picture.findings for one in picture.showing(finding)}
    for measure in picture.measures:
        if measure.live and measure.id not in linked:
            text = "This measures the project, not a finding."
            yield _on_measure("C22", Level.INFO, measure, text, "Nothing, or link it to an action")


#: C18 asks of risks, which the plan does not hold yet.
_RULES: tuple[Callable[[Picture], Iterator[Item]], ...] = (
    _unanswered,
    _nobody_or_never,
    _unmeasured,
    _not_split,
    _group_left_out,
    _no_reference,
    _no_baseline,
    _few_people,
    _no_target,
    _never_due,
    _late,
    _overall_alone,
    _all_masked,
    _concern,
    _without_effect,
    _no_way_to_know,
    _redefined,
    _not_taken_over,
    _gone,
    _many_unknown,
    _linked_to_nothing,
)

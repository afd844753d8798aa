"""The coverage rules about measures: are they read, and what do the readings ask for."""

from collections.abc import Iterator
from datetime import date
from fractions import Fraction

from eqia.domain.coverage_items import Item, Level, On
from eqia.domain.due_dates import DueState
from eqia.domain.measures import IN_PARTS, OVERALL, Definition, MemberKind
from eqia.domain.pictures import MeasureView, Picture
from eqia.domain.plans import ActionStatus
from eqia.domain.readings import ReadingState, improved, people, pooled, value_of

#: readings after an action by which it should have shown
ENOUGH_READINGS = 3
#: the share of people whose group is not known from which a breakdown says little
MOST_UNKNOWN = Fraction(1, 5)


def late(picture: Picture) -> Iterator[Item]:
    """Raise C11: a reading that is overdue."""
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


def overall_alone(picture: Picture) -> Iterator[Item]:
    """Raise C12: a period with the whole but not the group."""
    for measure, definition in _live(picture):
        overall = measure.of(OVERALL)
        if not overall:
            continue
        there = {one.figure.member for one in measure.readings if one.period == overall[-1].period}
        missing = [one.label for one in definition.substantive if one.code not in there]
        if missing:
            text = f"The latest period has the whole but not {', '.join(missing)}."
            yield _on_measure("C12", Level.WARN, measure, text, "Add the readings of these groups")


def all_masked(picture: Picture) -> Iterator[Item]:
    """Raise C13: a group of which every reading is hidden."""
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


def concern(picture: Picture) -> Iterator[Item]:
    """Raise C14: a concern with no review after it."""
    for measure in picture.measures:
        if measure.concern is None:
            continue
        since, why = measure.concern
        if picture.last_review is None or picture.last_review < since:
            fix = "Hold a review, and decide whether to screen again"
            yield _on_measure("C14", Level.BLOCKS, measure, why, fix)


def without_effect(picture: Picture) -> Iterator[Item]:
    """Raise C15: an action that is done and did not help."""
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


def redefined(picture: Picture) -> Iterator[Item]:
    """Raise C17: a measure that was defined anew since its baseline."""
    for measure in picture.measures:
        if measure.live and measure.had_baseline and measure.baseline is None:
            text = "What is counted has changed since the baseline."
            yield _on_measure("C17", Level.WARN, measure, text, "Set a baseline for the new series")


def not_taken_over(picture: Picture) -> Iterator[Item]:
    """Raise C19: a newer version of the screening."""
    if picture.newer_version:
        text = f"Version {picture.newer_version} of the screening was signed since."
        fix = "Take over its findings and confirm the links"
        yield Item("C19", Level.BLOCKS, On.PLAN, "", "The plan", text, fix)


def gone(picture: Picture) -> Iterator[Item]:
    """Raise C20: an owner who has left."""
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


def many_unknown(picture: Picture) -> Iterator[Item]:
    """Raise C21: a breakdown that many people are missing from."""
    for measure, definition in _live(picture):
        counted = [one for one in measure.readings if one.counts and one.figure.member != OVERALL]
        if definition.shape not in IN_PARTS or not counted:
            continue
        latest = max(one.period for one in counted)
        unknown = {m.code for m in definition.members if m.kind is MemberKind.UNKNOWN}
        now = [one.figure for one in counted if one.period == latest]
        hidden = people(one for one in now if one.member in unknown)
        if hidden > MOST_UNKNOWN * people(now):
            text = f"The group of {hidden:,} of {people(now):,} is not known."
            yield _on_measure("C21", Level.WARN, measure, text, "Find out how to record it better")


def linked_to_nothing(picture: Picture) -> Iterator[Item]:
    """Raise C22: a measure that belongs to no finding."""
    linked = {one.id for finding in picture.findings for one in picture.showing(finding)}
    for measure in picture.measures:
        if measure.live and measure.id not in linked:
            text = "This measures the project, not a finding."
            yield _on_measure("C22", Level.INFO, measure, text, "Nothing, or link it to an action")

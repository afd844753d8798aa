"""The coverage rules about measures: are they read, and what do the readings ask for."""

from collections.abc import Iterator
from datetime import date

from eqia.domain.coverage_items import Item, Level, On, names
from eqia.domain.due_dates import DueState
from eqia.domain.judgements import ENOUGH_READINGS
from eqia.domain.measures import Definition
from eqia.domain.pictures import MeasureFacts, Picture
from eqia.domain.plan_reviews import is_answered
from eqia.domain.plans import ActionStatus


def late(picture: Picture) -> Iterator[Item]:
    """Raise C11: a reading that is overdue."""
    for measure in picture.measures:
        late = [one for one in measure.due if one.is_late]
        if measure.live and late:
            longest = any(one.state is DueState.ALERT for one in late)
            still = ", one for more than a whole period" if longest else ""
            number = f"{len(late)} reading{'s are' if len(late) > 1 else ' is'} overdue{still}."
            yield _on_measure("C11", Level.WARN, measure, number, "Add the reading")
        asked = sum(one.state is DueState.BASELINE for one in measure.due)
        if measure.live and asked:
            text = f"The baseline is still to be entered: {asked} of its readings"
            still = f"{text} {'are' if asked > 1 else 'is'} not there yet."
            yield _on_measure("C11", Level.WARN, measure, still, "Add the readings")


def _on_measure(rule: str, level: Level, measure: MeasureFacts, text: str, fix: str) -> Item:
    return Item(rule, level, On.MEASURE, measure.id, measure.title, text, fix)


def _live(picture: Picture) -> Iterator[tuple[MeasureFacts, Definition]]:
    for measure in picture.measures:
        if measure.live and measure.definition is not None:
            yield measure, measure.definition


def overall_alone(picture: Picture) -> Iterator[Item]:
    """Raise C12: a period with the whole but not the group."""
    for measure in picture.measures:
        missing = measure.standing.lacking
        if measure.live and missing:
            text = f"The latest period has the whole but not {names(missing)}."
            yield _on_measure("C12", Level.WARN, measure, text, "Add the readings of these groups")


def all_masked(picture: Picture) -> Iterator[Item]:
    """Raise C13: a group of which every reading is hidden."""
    for measure, definition in _live(picture):
        hidden = [one.label for one in definition.substantive if measure.place(one.code).is_hidden]
        if hidden:
            text = f"Every reading of {names(hidden)} is hidden at source."
            fix = "Use longer periods, or find other evidence"
            yield _on_measure("C13", Level.WARN, measure, text, fix)


def concern(picture: Picture) -> Iterator[Item]:
    """Raise C14: a concern no review has answered, or a review's decision not carried out yet."""
    again = picture.again
    if again is not None:
        yield Item("C14", Level.BLOCKS, On.PLAN, again.version, "The plan", again.words, again.task)
    for measure in picture.measures:
        if measure.concern is not None and not is_answered(picture, measure):
            fix = "Hold a review, and decide whether to screen again"
            yield _on_measure("C14", Level.BLOCKS, measure, measure.concern[1], fix)


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
                    f" {names(flat)} did not improve: {measure.title}."
                )
                fix = "Hold a review and decide what to do"
                yield Item("C15", Level.WARN, On.ACTION, action.id, action.title, text, fix)


def _not_improved(measure: MeasureFacts, done: date) -> Iterator[str]:
    for member in measure.definition.substantive if measure.definition else ():
        place = measure.place(member.code)
        if place.third is not None and place.third > done and place.improved is False:
            yield member.label


def redefined(picture: Picture) -> Iterator[Item]:
    """Raise C17: a measure that was defined anew since its baseline."""
    for measure in picture.measures:
        if measure.live and measure.standing.had_baseline and measure.standing.baseline is None:
            text = "What is counted, or how often, has changed since the baseline."
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
    for measure in picture.measures:
        text = measure.standing.many_unknown
        if measure.live and text:
            yield _on_measure("C21", Level.WARN, measure, text, "Find out how to record it better")


def linked_to_nothing(picture: Picture) -> Iterator[Item]:
    """Raise C22: a measure that belongs to no finding."""
    linked = {one.id for finding in picture.findings for one in picture.showing(finding)}
    for measure in picture.measures:
        if not measure.live or measure.id in linked:
            continue
        group = measure.definition.characteristic if measure.definition else ""
        meant = next((one for one in picture.findings if one.current and one.group == group), None)
        if meant is None or not meant.needs_action:
            text = "This measures the project, not a finding."
            yield _on_measure("C22", Level.INFO, measure, text, "Nothing, or link it to an action")
        else:
            text = f"It is broken down for {meant.label}, but linked to no action that answers it."
            yield _on_measure("C22", Level.WARN, measure, text, "Link it to an action")

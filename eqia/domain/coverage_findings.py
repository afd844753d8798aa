"""The coverage rules about findings: is each one answered, and can its answer be seen to work."""

from collections.abc import Iterator

from eqia.domain.coverage_items import Item, Level, On, names
from eqia.domain.findings import Direction
from eqia.domain.measures import BaselineState, Definition
from eqia.domain.pictures import ActionView, FindingView, MeasureFacts, Picture
from eqia.domain.plans import ActionKind

FEW_PEOPLE = 20


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


def unanswered(picture: Picture) -> Iterator[Item]:
    """Raise C01: a finding that nothing is done about."""
    for finding in _needing(picture):
        if not picture.answering(finding):
            yield _about(
                "C01",
                Level.BLOCKS,
                finding,
                "Nothing is done about this finding.",
                "Add an action, or sign a reason why there is none",
            )


def nobody_or_never(picture: Picture) -> Iterator[Item]:
    """Raise C02: an action without owner or date."""
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


def unmeasured(picture: Picture) -> Iterator[Item]:
    """Raise C03: a mitigating action that nothing measures."""
    for action in picture.actions:
        bare = not action.measures and not action.unmeasurable
        if action.live and action.kind == ActionKind.MITIGATION and bare:
            yield from _for_each(
                action,
                "C03",
                "No measure shows whether this works.",
                "Link a measure, or say why it cannot be measured",
            )


def not_split(picture: Picture) -> Iterator[Item]:
    """Raise C04: a finding for which no measure is broken down."""
    for finding in _measured(picture):
        if not picture.split(finding):
            yield _about(
                "C04",
                Level.BLOCKS,
                finding,
                f"No linked measure is broken down by {finding.label.lower()}.",
                "Define a measure that counts these groups apart",
            )


def _each_split(picture: Picture) -> Iterator[tuple[FindingView, MeasureFacts, Definition]]:
    for finding in _measured(picture):
        for measure in picture.split(finding):
            if measure.definition is not None:
                yield finding, measure, measure.definition


def _of(
    rule: str, level: Level, pair: tuple[FindingView, MeasureFacts], text: str, fix: str
) -> Item:
    finding, measure = pair
    return Item(rule, level, On.MEASURE, measure.id, measure.title, text, fix, finding.id)


def group_left_out(picture: Picture) -> Iterator[Item]:
    """Raise C05: a measure that leaves out the group affected."""
    for finding, measure, definition in _each_split(picture):
        if not definition.substantive:
            text = "None of the groups affected is counted."
            yield _of("C05", Level.BLOCKS, (finding, measure), text, "Name the groups to count")


def no_reference(picture: Picture) -> Iterator[Item]:
    """Raise C06: a measure with nobody to compare with."""
    for finding, measure, definition in _each_split(picture):
        if not definition.reference:
            text = "There is no group to compare with."
            yield _of("C06", Level.WARN, (finding, measure), text, "Choose whom you compare with")


def no_baseline(picture: Picture) -> Iterator[Item]:
    """Raise C07: a measure without a baseline for the group from before the change."""
    for finding, measure, definition in _each_split(picture):
        places = [(one.label, measure.place(one.code)) for one in definition.substantive]
        bare = [label for label, place in places if not place.has_baseline]
        baseline = measure.standing.baseline
        if baseline is not None and baseline.state == BaselineState.NONE_EARLIER:
            continue
        late = bool(
            baseline
            and baseline.to_date
            and picture.change_start
            and baseline.to_date >= picture.change_start
        )
        if baseline is None or bare or late:
            whom = f": {names(bare)}" if baseline and bare else ""
            text = f"There is no baseline for every group from before the change starts{whom}."
            fix = "Enter earlier readings and set the baseline, or say why there are none"
            yield _of("C07", Level.BLOCKS, (finding, measure), text, fix)


def few_people(picture: Picture) -> Iterator[Item]:
    """Raise C08: a baseline that rests on few people."""
    for finding, measure, definition in _each_split(picture):
        few = [
            one.label
            for one in definition.substantive
            if 0 < measure.place(one.code).before_people < FEW_PEOPLE
        ]
        if few:
            text = f"The baseline is indicative: under {FEW_PEOPLE} people in {names(few)}."
            yield _of("C08", Level.WARN, (finding, measure), text, "Say so wherever it is used")


def no_target(picture: Picture) -> Iterator[Item]:
    """Raise C09: a measure without a target."""
    for finding, measure, _ in _each_split(picture):
        if not measure.standing.has_target:
            text = "There is no target with a value and a date."
            yield _of("C09", Level.WARN, (finding, measure), text, "Set a target")


def never_due(picture: Picture) -> Iterator[Item]:
    """Raise C10: a measure of which no reading is due."""
    for finding in _measured(picture):
        for measure in picture.showing(finding):
            if picture.is_open and (not measure.frequency or measure.next_due is None):
                text = "No next reading is due."
                fix = "Say how often it is read and when it starts"
                yield _of("C10", Level.BLOCKS, (finding, measure), text, fix)


def no_way_to_know(picture: Picture) -> Iterator[Item]:
    """Raise C16: something not known that nobody will find out."""
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

"""What keeps a screening from being signed: harm nobody answers, and what nobody will find out.

Measures.md section 3: rules C01, C02 and C16 alone, answered from the form's own rows, which are
found by the part their question plays. The highest outcome carries them into its plan instead.
"""

from collections.abc import Iterable, Iterator

from eqia.domain.answers import Answers
from eqia.domain.coverage_items import Item, Level, On
from eqia.domain.errors import NotAllowed
from eqia.domain.findings import (
    Direction,
    Finding,
    Promise,
    findings_of,
    fixes_of,
    gaps_of,
    measures_of,
)
from eqia.domain.questions import QuestionSet

REFUSED = "This screening cannot be signed yet."


def open_points(
    question_set: QuestionSet, answers: Answers, outcome: str, language: str
) -> tuple[Item, ...]:
    """List what has to be put right before this outcome can be signed."""
    if question_set.outcome(outcome) == question_set.top:
        return ()
    findings = findings_of(question_set, answers, language)
    fixes = fixes_of(question_set, answers, language)
    gaps = gaps_of(question_set, answers, language)
    measures = measures_of(question_set, answers, language)
    return (
        *_unanswered(question_set, findings, fixes, gaps),
        *_nobody_or_never((*fixes, *gaps, *measures)),
        *_no_way_to_know(question_set, findings, gaps),
    )


def check_open_points(
    question_set: QuestionSet, answers: Answers, outcome: str, language: str
) -> None:
    """Refuse to sign while something is open, naming each row and what to do."""
    found = open_points(question_set, answers, outcome, language)
    if found:
        told = " ".join(f"{one.rule}, {one.name}: {one.text} {one.fix}." for one in found)
        raise NotAllowed(f"{REFUSED} {told}", code="coverage")


def _unanswered(
    question_set: QuestionSet,
    findings: Iterable[Finding],
    fixes: Iterable[Promise],
    gaps: Iterable[Promise],
) -> Iterator[Item]:
    """Raise C01: harm that nothing is done about, or something not known, with no row at all."""
    fixed = {one.group for one in fixes}
    found_out = any(True for _ in gaps)
    for finding in findings:
        harmed = finding.direction is Direction.NEGATIVE and _asks_for_a_fix(question_set, finding)
        unknown = finding.direction is Direction.UNKNOWN and question_set.id_for("gaps")
        if harmed and not fixed & {finding.group, ""}:
            yield _on(finding, "C01", "Nothing is done about the harm.", _FIX)
        elif unknown and not found_out:
            yield _on(finding, "C01", "Nothing is done to find out the effect.", _FIND_OUT)


def _asks_for_a_fix(question_set: QuestionSet, finding: Finding) -> bool:
    """Whether the form has a row for it: what a set does not ask cannot be answered on it."""
    asked = [question_set.question(one) for one in question_set.ids("mitigation")]
    return any(
        not one.scope or finding.group in {group.id for group in question_set.groups_for(one)}
        for one in asked
    )


def _nobody_or_never(promises: Iterable[Promise]) -> Iterator[Item]:
    """Raise C02: something promised by nobody, or without a date."""
    for one in promises:
        gaps = [word for word, has in (("owner", one.owner), ("date", one.due)) if not has]
        if gaps:
            text = f"This has no {' and no '.join(gaps)}."
            fix = "Return it to the team, to say who and by when"
            yield Item("C02", Level.BLOCKS, On.ACTION, one.cause, one.title, text, fix)


def _no_way_to_know(
    question_set: QuestionSet, findings: Iterable[Finding], gaps: Iterable[Promise]
) -> Iterator[Item]:
    """Raise C16: something not known, and no day by which it will be."""
    dated = any(one.due for one in gaps)
    for finding in findings:
        unknown = finding.direction is Direction.UNKNOWN
        if unknown and not dated and question_set.id_for("gaps"):
            text = "There is no day by which the effect becomes known."
            yield _on(finding, "C16", text, _FIND_OUT)


_FIX = "Return it to the team, to say what will be done, by whom and by when"
_FIND_OUT = "Return it to the team, to say how it will be found out, by whom and by when"


def _on(finding: Finding, rule: str, text: str, fix: str) -> Item:
    place = f"{finding.question}:{finding.group}"
    return Item(rule, Level.BLOCKS, On.FINDING, place, finding.label, text, fix, place)

"""A signed decision taken again from the record alone: its own questions, rules and answers."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from eqia.domain.answer_parsing import parse_answers
from eqia.domain.decisions import Decision, decide
from eqia.domain.errors import Invalid
from eqia.domain.question_set_loading import from_snapshot
from eqia.domain.questions import QuestionSet, digest_of, text_in


@dataclass(frozen=True, slots=True)
class Replay:
    """What came of taking a decision again."""

    #: None where it could not be taken again
    same: bool | None
    words: str
    #: what differs, each in a sentence
    because: tuple[str, ...] = ()
    #: the outcome within the words, and its language
    outcome: str = ""
    language: str = "en"


_UNREADABLE = (
    "This version of the service can no longer read the questions or answers of the record."
)


def replay(record: Mapping[str, Any]) -> Replay:
    """Take the decision of a record again, and say whether it comes out the same, and why not."""
    told = record["question_set"]
    try:
        form = from_snapshot(told["snapshot"])
        answers = parse_answers(form, record["answers"])
    except Invalid:
        return Replay(None, _UNREADABLE)
    decision = decide(form, answers, language=record["language"])
    because = (
        *_questions_changed(told),
        *_outcome_changed(form, record, decision),
        *_rules_changed(record, decision),
    )
    if because:
        return Replay(False, "Changed, because:", because)
    label = _label(form, record, decision.outcome)
    words = f"Same outcome: {label}."
    return Replay(True, words, outcome=label, language=record["language"])


def _questions_changed(told: Mapping[str, Any]) -> list[str]:
    if digest_of(told["snapshot"]) == told["digest"]:
        return []
    return ["The questions and rules in the record are not those whose digest it gives."]


def _outcome_changed(form: QuestionSet, record: Mapping[str, Any], decision: Decision) -> list[str]:
    was = record["outcome"]["calculated"]["id"]
    if was == decision.outcome:
        return []
    now, then = (_label(form, record, one) for one in (decision.outcome, was))
    return [f"The outcome was “{then}” and is now “{now}”."]


def _rules_changed(record: Mapping[str, Any], decision: Decision) -> list[str]:
    """Name the rules that gave a reason then and give none now, and the other way round."""
    then = [reason["rule"] for reason in record["outcome"]["reasons"]]
    now = [reason.rule for reason in decision.reasons]
    gone = [f"Rule {rule} gave a reason then, and gives none now." for rule in _without(then, now)]
    new = [f"Rule {rule} gives a reason now, and gave none then." for rule in _without(now, then)]
    return gone + new


def _without(these: list[str], those: list[str]) -> list[str]:
    return [one for one in dict.fromkeys(these) if one not in those]


def _label(form: QuestionSet, record: Mapping[str, Any], outcome: str) -> str:
    known = {one.id: text_in(one.label, record["language"]) for one in form.outcomes}
    return known.get(outcome, outcome)

"""The JSON of `eqia decide`, in and out."""

import json
from collections.abc import Mapping
from datetime import date

from eqia.domain.answer_parsing import parse_answers
from eqia.domain.answers import Answers
from eqia.domain.decisions import Decision, decide
from eqia.domain.errors import Invalid, Problem
from eqia.domain.explanations import CitedAnswer
from eqia.domain.question_set_loading import QuestionSets, in_force
from eqia.domain.questions import QuestionSet
from eqia.domain.what_would_change import Change, what_would_change

#: One form is refused beyond this; a careful one with every text full is far smaller.
LARGEST_FORM = 8_000_000

KEYS = ("question_set", "version", "answers")


def decide_json(text: str, sets: QuestionSets, today: date) -> str:
    """Decide one form given as JSON and give the decision as one line of JSON.

    Raises Invalid naming each field that cannot be used.
    """
    question_set, answers = read_form(text, sets, today)
    decision = decide(question_set, answers)
    changes = what_would_change(question_set, answers) if decision.settled else ()
    return json.dumps(decision_as_json(question_set, decision, changes), ensure_ascii=False)


def read_form(text: str, sets: QuestionSets, today: date) -> tuple[QuestionSet, Answers]:
    """Read a form: which set, and its answers."""
    raw = read_json(text)
    problems = [Problem(key, "Unknown key") for key in raw if key not in KEYS]
    if problems:
        raise Invalid(problems)
    question_set = _question_set(raw, sets, today)
    answers = raw.get("answers")
    if not isinstance(answers, dict):
        raise Invalid([Problem("answers", "Should be an object of answers")])
    return question_set, parse_answers(question_set, answers)


def read_json(text: str) -> dict[str, object]:
    """Read one JSON object; a repeated key, NaN or nesting without end is refused."""
    if len(text) > LARGEST_FORM:
        raise Invalid([Problem("form", "Is too large")])
    try:
        raw = json.loads(text, object_pairs_hook=_no_repeats, parse_constant=_no_constant)
    except RecursionError as error:
        raise Invalid([Problem("form", "Is nested too deeply")]) from error
    except ValueError as error:
        raise Invalid([Problem("form", f"Is not JSON: {error}")]) from error
    if not isinstance(raw, dict):
        raise Invalid([Problem("form", "Should be an object")])
    return raw


def _no_repeats(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found: dict[str, object] = {}
    for key, value in pairs:
        if key in found:
            raise Invalid([Problem(key, "The key is there twice")])
        found[key] = value
    return found


def _no_constant(name: str) -> object:
    raise Invalid([Problem("form", f"{name} is not JSON")])


def _question_set(raw: Mapping[str, object], sets: QuestionSets, today: date) -> QuestionSet:
    name, version = raw.get("question_set"), raw.get("version")
    if not isinstance(name, str):
        raise Invalid([Problem("question_set", "Should name a question set")])
    latest = in_force(sets, name, today)
    if latest is None:
        raise Invalid([Problem("question_set", f"Unknown question set {name[:60]!r}")])
    if version is None:
        return latest
    if not isinstance(version, int) or isinstance(version, bool):
        raise Invalid([Problem("version", "Should be a whole number")])
    found = sets.get((name, version))
    if found is None:
        raise Invalid([Problem("version", f"Unknown version of {name}")])
    return found


def decision_as_json(
    question_set: QuestionSet, decision: Decision, changes: tuple[Change, ...]
) -> dict[str, object]:
    """Give a decision in the shape of `eqia decide`."""
    return {
        "question_set": question_set.id,
        "version": question_set.version,
        "outcome": decision.outcome,
        "reasons": [
            {
                "rule": reason.rule,
                "outcome": reason.outcome,
                "text": reason.text,
                "answers": [cited_as_json(cited) for cited in reason.answers],
            }
            for reason in decision.reasons
        ],
        "duties": list(decision.duties),
        "what_would_change": [
            {
                "outcome": change.outcome,
                "changes": [cited_as_json(cited) for cited in change.changes],
                "text": change.text,
            }
            for change in changes
        ],
        "unanswered": [
            {"question": blank.question, "group": blank.group} for blank in decision.unanswered
        ],
    }


def cited_as_json(cited: CitedAnswer) -> dict[str, object]:
    """Give an answer with its question and group; the answer keeps the type it came in."""
    return {
        "question": cited.question,
        "group": cited.group,
        "answer": list(cited.answer) if isinstance(cited.answer, tuple) else cited.answer,
    }

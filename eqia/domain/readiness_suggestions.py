"""Answers the data suggest; a person confirms each of them, and none sets itself."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from eqia.domain.plans import ActionStatus
from eqia.domain.questions import text_in
from eqia.domain.readiness import AnswerCode, Checklist
from eqia.domain.readiness_facts import ReadinessFacts


@dataclass(frozen=True, slots=True)
class Suggestion:
    """An answer and what it rests on, in words."""

    answer: str
    words: str


def suggestions(checklist: Checklist, facts: ReadinessFacts) -> Mapping[str, Suggestion]:
    """Suggest what the data bear, by the id of the part."""
    found = {part.id: SUGGESTED[part.suggest](facts) for part in checklist.parts if part.suggest}
    return {part: one for part, one in found.items() if one is not None}


def _involvement(facts: ReadinessFacts) -> Suggestion | None:
    """Take what the screening says about involving people."""
    asked = facts.question_set
    question = asked.id_for("involvement")
    code = facts.answers.visible(asked).get(question) if question else None
    answer = facts.meaning(asked).involvement.get(code) if isinstance(code, str) else None
    if answer is None:
        return None
    label = asked.question(question).label_of(str(code), facts.language)
    text = text_in(asked.question(question).text, facts.language)
    return Suggestion(answer, f"The screening says “{label}” to {question}: {text}")


def _dated_actions(facts: ReadinessFacts) -> Suggestion:
    live = [one for one in facts.plan.actions if one.live]
    good = [one for one in live if one.status == ActionStatus.DONE or (one.due and one.owner)]
    words = f"{len(good)} of {len(live)} actions of the plan have an owner and a date."
    return _share(len(good), len(live), words, "The plan has no action yet.")


def _baselines(facts: ReadinessFacts) -> Suggestion:
    live = [one for one in facts.plan.measures if one.live]
    good = [one for one in live if one.standing.baseline is not None]
    words = f"{len(good)} of {len(live)} measures of the plan have a baseline."
    return _share(len(good), len(live), words, "The plan has no measure yet.")


def _coverage(facts: ReadinessFacts) -> Suggestion | None:
    done, total, words = facts.coverage
    return _share(done, total, f"{words}.", "") if total else None


def _risks(facts: ReadinessFacts) -> Suggestion:
    live = [one for one in facts.plan.risks if one.is_open]
    good = [one for one in live if one.response]
    words = f"{len(good)} of {len(live)} open risks of the plan say what is done about them."
    if facts.plan.risks and not live:
        return Suggestion(AnswerCode.YES.value, "Every risk of the plan is closed.")
    return _share(len(good), len(live), words, "The plan has no risk written down yet.")


def _cycles(facts: ReadinessFacts) -> Suggestion:
    decided = sum(one.decided for one in facts.cycles)
    number = len(facts.cycles)
    if not number:
        return Suggestion(AnswerCode.NOT_YET.value, "The plan has no PDSA cycle yet.")
    words = f"The plan has {number} PDSA cycle{'s' if number > 1 else ''}, {decided} decided."
    return Suggestion((AnswerCode.YES if decided else AnswerCode.PARTLY).value, words)


def _share(good: int, total: int, words: str, none: str) -> Suggestion:
    if not total:
        return Suggestion(AnswerCode.NOT_YET.value, none)
    answer = AnswerCode.NOT_YET if not good else AnswerCode.PARTLY
    return Suggestion((AnswerCode.YES if good == total else answer).value, words)


#: what can suggest an answer, by the name a checklist gives it
SUGGESTED: Mapping[str, Callable[[ReadinessFacts], Suggestion | None]] = MappingProxyType(
    {
        "involvement": _involvement,
        "dated_actions": _dated_actions,
        "baselines": _baselines,
        "coverage": _coverage,
        "risks": _risks,
        "cycles": _cycles,
    }
)

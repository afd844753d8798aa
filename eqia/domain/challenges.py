"""What a reviewer should look twice at: thin or copied reasons, and dates in the wrong order.

They warn and never block; a reviewer judges (product.md section 1, Hotak, AB v Scottish Borders).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from eqia.domain.answers import Answers
from eqia.domain.explanations import in_words
from eqia.domain.flags import day_answered
from eqia.domain.questions import Question, QuestionSet, text_in
from eqia.domain.reviews import answers_to

#: A reason with fewer words than this seldom says what exactly happens to people.
FEW_WORDS = 8
#: One reason may stand for several groups that fare no differently; above this it is flagged.
MANY_SHARED = 4


@dataclass(frozen=True, slots=True)
class Challenge:
    """Something to look at twice, and the answer it is about."""

    words: str
    question: str = ""
    group: str = ""
    #: the names of groups within the words, in the language of the screening
    about: str = ""


def challenges(
    question_set: QuestionSet, answers: Answers, *, starts: date | None, language: str = "en"
) -> tuple[Challenge, ...]:
    """List everything to look at twice, thin reasons first."""
    labels = _labels(question_set, language)
    return (
        *_thin(question_set, answers, labels),
        *_copied(question_set, answers, labels, language),
        *_late_fixes(question_set, answers, starts, labels),
        *_late_involvement(question_set, answers),
    )


def _thin(
    question_set: QuestionSet, answers: Answers, labels: Mapping[str, str]
) -> tuple[Challenge, ...]:
    return tuple(
        Challenge(f"The reason for {name} is very short.", question, group, name)
        for question, group, text in _reasons(question_set, answers)
        for name in (labels.get(group, group),)
        if len(text.split()) < FEW_WORDS
    )


def _copied(
    question_set: QuestionSet, answers: Answers, labels: Mapping[str, str], language: str
) -> tuple[Challenge, ...]:
    same = _unaffected(question_set, answers)
    shared: dict[str, list[tuple[str, str]]] = {}
    for question, group, text in _reasons(question_set, answers):
        shared.setdefault(" ".join(text.casefold().split()), []).append((question, group))
    found = []
    for places in shared.values():
        groups = list(dict.fromkeys(group for _, group in places))
        allowed = MANY_SHARED if set(groups) <= same else 1
        if len(groups) > allowed:
            names = in_words([labels.get(group, group) for group in groups], language)
            words = f"The same reason is given for {names}."
            found.append(Challenge(words, *places[0], names))
    return tuple(found)


def _late_fixes(
    question_set: QuestionSet, answers: Answers, starts: date | None, labels: Mapping[str, str]
) -> tuple[Challenge, ...]:
    if starts is None:
        return ()
    found = []
    for question, group, answer in answers_to(question_set, answers, "mitigation"):
        due = _due(question_set.question(question), answer)
        if due is not None and due > starts:
            name = labels.get(group or "", "this")
            words = f"The fix for {name} is due after the project starts."
            found.append(Challenge(words, question, group or "", labels.get(group or "", "")))
    return tuple(found)


def _due(question: Question, answer: object) -> date | None:
    """Read the first date column of a fix."""
    if not isinstance(answer, Mapping):
        return None
    dated = (answer.get(column.id) for column in question.fields if column.type == "date")
    try:
        return next((date.fromisoformat(str(day)) for day in dated if day), None)
    except ValueError:
        return None


def _late_involvement(question_set: QuestionSet, answers: Answers) -> tuple[Challenge, ...]:
    planned = day_answered(question_set, answers, "involvement_date")
    decided = day_answered(question_set, answers, "decision_date")
    shown = answers_to(question_set, answers, "involvement_date")
    if not shown or planned is None or decided is None or planned <= decided:
        return ()
    words = "Involving people is planned for after the decision date."
    return (Challenge(words, question_set.id_for("involvement_date")),)


def _reasons(question_set: QuestionSet, answers: Answers) -> list[tuple[str, str, str]]:
    return [
        (question, group, answer)
        for question, group, answer in answers_to(question_set, answers, "reason")
        if group is not None and isinstance(answer, str)
    ]


def _unaffected(question_set: QuestionSet, answers: Answers) -> frozenset[str]:
    same = frozenset(question_set.codes("same_codes"))
    return frozenset(
        group
        for _, group, answer in answers_to(question_set, answers, "effect")
        if group is not None and isinstance(answer, str) and answer in same
    )


def _labels(question_set: QuestionSet, language: str) -> Mapping[str, str]:
    return {
        group.id: text_in(group.label, language)
        for group_list in question_set.groups
        for group in group_list.groups
    }

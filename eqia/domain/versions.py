"""What a change touches: sections of a new version, and questions of a newer set."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from eqia.domain.answers import Answers
from eqia.domain.project_changes import differences
from eqia.domain.projects import MATERIAL
from eqia.domain.questions import Group, Question, QuestionSet

#: Which parts of a form rest on which fact of the project, by the set's `uses`.
RESTS_ON: Mapping[str, tuple[str, ...]] = {
    "start_date": ("review_date",),
    "end_date": ("review_date",),
    "decision_date": ("decision_date",),
    "sites": ("summary", "kind_of_change", "effect"),
    "groups_served": ("summary", "effect"),
    "supplier": ("summary", "effect"),
    "bodies": ("bodies",),
    "people_a_year": ("people", "effect"),
}


def affected_sections(
    question_set: QuestionSet,
    answers: Answers,
    signed: Mapping[str, object],
    current: Mapping[str, object],
) -> frozenset[str]:
    """List the sections that a change of the project's facts, or a new question, touches."""
    uses = {use for fact in _moved(question_set, signed, current) for use in RESTS_ON[fact]}
    questions = {question for use in uses for question in question_set.ids(use)}
    questions |= {one.question for one in answers.missing(question_set)}
    return frozenset(
        section for question in questions for section in sections_of(question_set, question)
    )


def _moved(
    question_set: QuestionSet, signed: Mapping[str, object], current: Mapping[str, object]
) -> Iterator[str]:
    """Walk the facts that differ in a way that matters, by their names."""
    if not signed:
        return
    for fact in MATERIAL:
        if (signed.get(fact) or None) != (current.get(fact) or None):
            yield fact
    same = {**current, "people_a_year": signed.get("people_a_year")}
    if len(differences(question_set, signed, current)) > len(
        differences(question_set, signed, same)
    ):
        yield "people_a_year"


def sections_of(question_set: QuestionSet, question_id: str) -> frozenset[str]:
    """List the sections a question stands in: one, or one for each group list."""
    question = question_set.question(question_id)
    if not question.scope:
        return frozenset({question.section})
    lists = (question_set.group_list(list_id) for list_id in question.scope)
    return frozenset(one.section or question.section for one in lists)


def sections_about(question_set: QuestionSet, groups: Collection[str]) -> frozenset[str]:
    """List the sections in which the effect on some groups is asked."""
    return frozenset(
        one.section or question.section
        for question in map(question_set.question, question_set.ids("effect"))
        for one in map(question_set.group_list, question.scope)
        if any(group.id in groups for group in one.groups)
    )


@dataclass(frozen=True, slots=True)
class SetChanges:
    """What a newer set asks differently, question by question."""

    added: tuple[Question, ...] = ()
    changed: tuple[Question, ...] = ()
    removed: tuple[Question, ...] = ()
    groups_added: tuple[Group, ...] = ()
    groups_removed: tuple[Group, ...] = ()


def set_changes(old: QuestionSet, new: QuestionSet) -> SetChanges:
    """List what moving a draft from one set to another changes."""
    before = {question.id: question for question in old.questions}
    after = {question.id: question for question in new.questions}
    had = {group.id: group for one in old.groups for group in one.groups}
    has = {group.id: group for one in new.groups for group in one.groups}
    return SetChanges(
        added=tuple(q for q in new.questions if q.id not in before),
        changed=tuple(q for q in new.questions if q.id in before and before[q.id] != q),
        removed=tuple(q for q in old.questions if q.id not in after),
        groups_added=tuple(group for group in has.values() if group.id not in had),
        groups_removed=tuple(group for group in had.values() if group.id not in has),
    )

"""Why a rule matched: the answers that made it true, and the sentence that says so."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import ClassVar

from eqia.domain.answers import Answer, Answers
from eqia.domain.conditions import AllOf, AnyOf, Blank, Condition, Not, Some, Test
from eqia.domain.evaluation import Program
from eqia.domain.questions import Question, QuestionSet, Texts, text_in

#: What joins the last of several names; in Welsh the word would change the name after it.
LAST_JOIN = {"en": " and "}


@dataclass(frozen=True, slots=True)
class CitedAnswer:
    """One answer on the form that a reason rests on."""

    question: str
    group: str | None
    answer: Answer


@dataclass(frozen=True, slots=True)
class Explainer:
    """Walks a condition that is true (or false) and collects the answers that make it so."""

    program: Program
    state: list[int]
    #: (question, group) of every answer met so far
    met: dict[tuple[str, str | None], None]

    def explain(self, condition: Condition, row: int, group: str | None) -> None:
        """Collect what makes the condition true or false, whichever it is, for one row."""
        self._by_type[type(condition)](self, condition, row, group)

    def true(self, condition: Condition, row: int) -> bool:
        """Whether a condition holds, for a row or for the form."""
        return bool(self.state[self.program.conditions[condition]] & row)

    def _leaf(self, leaf: Test | Blank, row: int, group: str | None) -> None:
        per_group = bool(self.program.inputs[leaf.question].bits)
        if self.state[self.program.shown[leaf.question]] & row:
            self.met[leaf.question, group if per_group else None] = None

    def _all(self, condition: AllOf, row: int, group: str | None) -> None:
        """Explain: a true one rests on every part, a false one on the parts that fail."""
        whole = self.true(condition, row)
        for part in condition.parts:
            if whole or not self.true(part, row):
                self.explain(part, row, group)

    def _any(self, condition: AnyOf, row: int, group: str | None) -> None:
        """Explain: a true one rests on the parts that hold, a false one on every part."""
        whole = self.true(condition, row)
        for part in condition.parts:
            if not whole or self.true(part, row):
                self.explain(part, row, group)

    def _not(self, condition: Not, row: int, group: str | None) -> None:
        self.explain(condition.part, row, group)

    def _some(self, condition: Some, _row: int, _group: str | None) -> None:
        """Explain: a true one rests on the rows that match, a false one on every row shown."""
        found = self.true(condition, self.program.full)
        for list_id in condition.over:
            rows = self.state[self.program.rows[list_id]]
            for group in self.program.question_set.group_list(list_id).groups:
                bit = self.program.bits[list_id, group.id]
                if rows & bit and (not found or self.true(condition.where, bit)):
                    self.explain(condition.where, bit, group.id)

    _by_type: ClassVar[Mapping[type, Callable[..., None]]] = {
        Test: _leaf,
        Blank: _leaf,
        AllOf: _all,
        AnyOf: _any,
        Not: _not,
        Some: _some,
    }


def cited_answers(
    program: Program, state: list[int], condition: Condition, answers: Answers
) -> tuple[CitedAnswer, ...]:
    """List the answers a true condition rests on, in form order; blanks are not on the form."""
    explainer = Explainer(program, state, {})
    explainer.explain(condition, program.full, None)
    order = program.order
    found = []
    for question, group in sorted(explainer.met, key=lambda met: order[met]):
        answer = answers.get(question, group)
        if answer is not None:
            found.append(CitedAnswer(question, group, answer))
    return tuple(found)


def reason_text(
    question_set: QuestionSet, texts: Texts, cited: tuple[CitedAnswer, ...], language: str
) -> str:
    """Write the sentence of a rule, naming the groups or questions it rests on."""
    sentence = text_in(texts, language)
    if "{groups}" in sentence:
        sentence = sentence.replace("{groups}", _groups(question_set, cited, language))
    if "{questions}" in sentence:
        sentence = sentence.replace("{questions}", _questions(question_set, cited, language))
    return sentence


def _groups(question_set: QuestionSet, cited: tuple[CitedAnswer, ...], language: str) -> str:
    labels: dict[str, None] = {}
    for one in cited:
        if one.group is not None:
            question = question_set.question(one.question)
            labels[group_label(question_set, question, one.group, language)] = None
    return in_words(list(labels), language)


def _questions(question_set: QuestionSet, cited: tuple[CitedAnswer, ...], language: str) -> str:
    ids = dict.fromkeys(one.question for one in cited)
    names = [question_name(question_set.question(question), language) for question in ids]
    return in_words(names, language)


def group_label(question_set: QuestionSet, question: Question, group: str, language: str) -> str:
    """Give the words for a group."""
    groups = question_set.groups_for(question)
    return next((text_in(g.label, language) for g in groups if g.id == group), group)


def question_name(question: Question, language: str) -> str:
    """Name a question by its id and its few words."""
    short = text_in(question.short, language)
    return f"{question.id} ({short})" if short else question.id


def in_words(names: list[str], language: str) -> str:
    """Join names with commas, the last in English with "and"."""
    if len(names) <= 1:
        return "".join(names)
    return f"{', '.join(names[:-1])}{LAST_JOIN.get(language, ', ')}{names[-1]}"

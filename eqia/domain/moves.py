"""Every change of one answer that a question set allows to be thought of (section 6)."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from eqia.domain.answers import Answer, Answers, Shown
from eqia.domain.evaluation import Program, part_of
from eqia.domain.questions import Move, Question, QuestionSet

#: A fix nobody has written yet: words and a day that stand for what the team would fill in.
SOMETHING = "…"
SOME_DAY = "2099-12-31"


@dataclass(frozen=True, slots=True)
class Trial:
    """One answer changed."""

    question: str
    group: str | None
    bit: int
    answer: Answer
    #: whether action or finding out can make it true; else it is only worse
    is_step: bool
    #: place on the form
    order: int


def trials(question_set: QuestionSet, answers: Answers, view: Shown) -> Iterator[Trial]:
    """List every allowed change of one shown answer, in form order."""
    program, order = view.program, 0
    for question in question_set.questions:
        if not (question.steps or question.worse):
            continue
        for group, bit in _places(program, view, question):
            made: set[str] = set()
            current = answers.get(question.id, group)
            for is_step, move in _moves(question):
                for answer in _APPLY[move.kind](question, move, current):
                    if answer != current and repr(answer) not in made:
                        made.add(repr(answer))
                        order += 1
                        dated = _dated(question_set, answers, question, answer)
                        yield Trial(question.id, group, bit, dated, is_step, order)


def _moves(question: Question) -> Iterator[tuple[bool, Move]]:
    """List the steps first: a change that is both counts as a step."""
    yield from ((True, move) for move in question.steps)
    yield from ((False, move) for move in question.worse)


def _places(program: Program, view: Shown, question: Question) -> Iterator[tuple[str | None, int]]:
    if not question.scope:
        if view.asks(question.id):
            yield None, program.full
        return
    bits = program.inputs[question.id].bits
    for group in view.groups(question):
        yield group, bits[group]


def _to(question: Question, move: Move, current: Answer | None) -> Iterator[Answer]:
    if move.part:
        value = part_of(question, current, move.part)
        if isinstance(current, Mapping) and value in move.of:
            yield from ({**current, move.part: code} for code in move.codes)
    elif current is not None and (not move.of or current in move.of):
        yield from move.codes


def _gain(question: Question, move: Move, current: Answer | None) -> Iterator[Answer]:
    """Gain a tick; one that stands alone gives way."""
    if isinstance(current, tuple):
        alone = {choice.code for choice in question.choices if choice.exclusive}
        kept = {code for code in current if isinstance(code, str)} - alone
        for code in move.codes:
            yield tuple(c for c in question.codes if c == code or c in kept)


def _becomes(_question: Question, move: Move, current: Answer | None) -> Iterator[Answer]:
    if isinstance(current, tuple) and all(code in move.of for code in current):
        yield from ((code,) for code in move.codes)


def _fix(question: Question, move: Move, current: Answer | None) -> Iterator[Answer]:
    """Complete a plan: what is written stays, the rest is filled in."""
    written = current if isinstance(current, Mapping) else {}
    blank = {c.id: SOME_DAY if c.type == "date" else SOMETHING for c in question.fields}
    for code in move.codes:
        yield {**blank, **written, "residual": code}


def _empty(question: Question, _move: Move, current: Answer | None) -> Iterator[Answer]:
    if part_of(question, current, "complete") == "yes":
        yield {}


_APPLY: Mapping[str, Callable[[Question, Move, Answer | None], Iterator[Answer]]] = {
    "to": _to,
    "gain": _gain,
    "becomes": _becomes,
    "fix": _fix,
    "empty": _empty,
}


def _dated(
    question_set: QuestionSet, answers: Answers, question: Question, answer: Answer
) -> Answer:
    """Date an imagined fix by the decision, where that day is known."""
    decided = answers.get(question_set.id_for("decision_date"))
    if not isinstance(answer, Mapping) or not isinstance(decided, str):
        return answer
    days = {c.id for c in question.fields if c.type == "date" and answer.get(c.id) == SOME_DAY}
    return {**answer, **dict.fromkeys(days, decided)}

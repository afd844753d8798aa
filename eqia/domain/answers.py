"""What was answered: raw values turned into Answers, and what is missing, unknown or hidden."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import cast

from eqia.domain.compilation import compile_set
from eqia.domain.evaluation import Program, is_blank
from eqia.domain.questions import Question, QuestionSet

#: text, one, date -> str; many -> codes; mitigation -> column values; list -> rows of columns
Answer = str | tuple[str, ...] | Mapping[str, str] | tuple[Mapping[str, str], ...]


@dataclass(frozen=True, slots=True)
class Unanswered:
    """A required question nobody has answered; `group` is None for a form question."""

    question: str
    group: str | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Answers:
    """The answers given, each parsed once; what is hidden is kept and never counts."""

    #: question -> answer, or question -> group -> answer for questions asked per group
    values: Mapping[str, Answer | Mapping[str, Answer]] = field(default_factory=dict)

    def get(self, question: str, group: str | None = None) -> Answer | None:
        """Give the answer, or None while it is blank."""
        value: object = self.values.get(question)
        if group is not None:
            value = value.get(group) if isinstance(value, Mapping) else None
        return None if is_blank(value) else cast("Answer", value)

    def items(self, question_set: QuestionSet) -> Iterator[tuple[str, str | None, Answer]]:
        """Walk every answer as (question, group, answer), in form order."""
        for question in question_set.questions:
            for group in groups_or_form(question_set, question):
                answer = self.get(question.id, group)
                if answer is not None:
                    yield question.id, group, answer

    def visible(self, question_set: QuestionSet) -> "Answers":
        """Drop the answers to hidden questions and rows."""
        view = shown(question_set, self)
        values: dict[str, Answer | Mapping[str, Answer]] = {}
        for question_id, value in self.values.items():
            if not view.asks(question_id):
                continue
            if question_set.question(question_id).scope and isinstance(value, Mapping):
                rows = {g: a for g, a in value.items() if view.asks(question_id, g)}
                values[question_id] = cast("Mapping[str, Answer]", rows)
            else:
                values[question_id] = value
        return Answers(values)

    def missing(
        self, question_set: QuestionSet, *, outcome: str | None = None, stopped: bool = False
    ) -> tuple[Unanswered, ...]:
        """List what has to be answered before submitting, companions and short texts included.

        `outcome` is the decided one, for questions required only for it. `stopped`: after "Stop
        here" only the questions named in `uses.stop_required` remain.
        """
        view = shown(question_set, self)
        stop = frozenset(question_set.ids("stop_required")) if stopped else None
        found: list[Unanswered] = []
        for question in question_set.questions:
            if stop is not None and question.id not in stop:
                continue
            found += [
                Unanswered(question.id, group)
                for group in groups_or_form(question_set, question)
                if view.requires(question.id, group, outcome)
                and not _good(view, question, group, self.get(question.id, group))
            ]
        return tuple(found)

    def as_json(self) -> dict[str, object]:
        """Give the answers in the JSON shape of `eqia decide`."""
        return {question: _json(value) for question, value in self.values.items()}


def groups_or_form(question_set: QuestionSet, question: Question) -> tuple[str | None, ...]:
    """List the groups a question is asked of, or None alone for a form question."""
    groups = question_set.groups_for(question)
    return tuple(group.id for group in groups) if question.scope else (None,)


@dataclass(frozen=True, slots=True, eq=False)
class Shown:
    """Which questions and rows a form shows, and which of them it needs."""

    program: Program
    state: list[int]

    def asks(self, question: str, group: str | None = None) -> bool:
        """Whether a question is shown at all, or for one group."""
        return bool(self.state[self.program.shown[question]] & self._bit(question, group))

    def requires(self, question: str, group: str | None = None, outcome: str | None = None) -> bool:
        """Whether it must be answered; `required_for` wins over the folding of a short form."""
        if outcome in self.program.question_set.question(question).required_for:
            return self.asks(question, group)
        return bool(self.state[self.program.needed[question]] & self._bit(question, group))

    def all_ticks(self, question: str, group: str | None = None) -> bool:
        """Whether every choice has to be ticked."""
        return bool(self.state[self.program.all_ticks[question]] & self._bit(question, group))

    def groups(self, question: Question) -> tuple[str, ...]:
        """List the groups a question is shown for; none for a form question."""
        bits = self.program.inputs[question.id].bits
        here = self.state[self.program.shown[question.id]]
        return tuple(group for group, bit in bits.items() if here & bit)

    def rows(self, list_id: str) -> tuple[str, ...]:
        """List the groups of a list whose rows are shown."""
        here = self.state[self.program.rows[list_id]]
        bits = self.program.bits
        groups = self.program.question_set.group_list(list_id).groups
        return tuple(group.id for group in groups if here & bits[list_id, group.id])

    def holds(self, condition_name: str) -> bool:
        """Whether a named condition of the set is true of this form."""
        condition = self.program.question_set.conditions.get(condition_name)
        if condition is None:
            return False
        return bool(self.state[self.program.conditions[condition]])

    def _bit(self, question: str, group: str | None) -> int:
        bits = self.program.inputs[question].bits
        return self.program.full if group is None else bits.get(group, 0)


def shown(question_set: QuestionSet, answers: Answers) -> Shown:
    """Work out which questions and rows these answers show."""
    program = compile_set(question_set)
    return Shown(program, program.run(answers.values))


def _good(view: Shown, question: Question, group: str | None, answer: Answer | None) -> bool:
    """Whether an answer is enough to submit with."""
    if answer is None:
        return False
    if isinstance(answer, str):
        return len(answer.strip()) >= question.min_length
    if isinstance(answer, Mapping):
        return _filled(question, answer)
    if question.type == "list":
        return all(_filled(question, row) for row in answer if isinstance(row, Mapping))
    if view.all_ticks(question.id, group):
        return set(question.codes) <= set(answer)
    return True


def _filled(question: Question, row: Mapping[str, str]) -> bool:
    return all(not is_blank(row.get(c.id)) for c in question.fields if c.required)


def _json(value: object) -> object:
    if isinstance(value, Mapping):
        return {key: _json(item) for key, item in value.items()}
    if isinstance(value, tuple):
        return [_json(item) for item in value]
    return value

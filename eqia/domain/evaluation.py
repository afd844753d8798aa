"""A question set compiled once, so that a form is decided in microseconds.

Every group row has one bit. A condition about a row is worked out for all rows at once, as the
bits of the rows it is true for; a condition about the form is all bits or none. Shared parts of
conditions are worked out once. Hidden questions and rows count as blank here, whatever they
hold, so that nothing built on top can read them (questions.md section 3, semantics 1).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from eqia.domain.conditions import ALWAYS, Condition
from eqia.domain.questions import Question, QuestionSet

AND, OR, NOT, ATLEAST = range(4)

#: node, operator, operands: a straight-line program
Step = tuple[int, int, int, int]
Values = Mapping[str, object]


def is_blank(value: object) -> bool:
    """Whether an answer says nothing: a blank is never a "no"."""
    if value is None:
        return True
    if isinstance(value, str):
        return not value.strip()
    if isinstance(value, Mapping):
        return all(is_blank(item) for item in value.values())
    return all(is_blank(item) for item in value) if isinstance(value, tuple | list) else False


def part_of(question: Question, value: object, part: str) -> object:
    """Take a part of an answer that rules may read: a column, or `complete` as yes or no."""
    if not part:
        return value
    columns = value if isinstance(value, Mapping) else {}
    if part != "complete":
        return columns.get(part)
    if is_blank(value):
        return None
    filled = all(not is_blank(columns.get(c.id)) for c in question.fields if c.required)
    return "yes" if filled else "no"


_TESTS: Mapping[str, Callable[[object, tuple[str, ...]], bool]] = {
    "is": lambda value, codes: value == codes[0],
    "in": lambda value, codes: value in codes,
    "has": lambda value, codes: any(code in codes for code in _ticks(value)),
    "only": lambda value, codes: bool(_ticks(value)) and all(c in codes for c in _ticks(value)),
    "answered": lambda value, _codes: not is_blank(value),
}


def _ticks(value: object) -> tuple[str, ...]:
    return value if isinstance(value, tuple) else ()


@dataclass(slots=True)
class Input:
    """One question's way into the program: which nodes an answer makes true."""

    question: Question
    #: group -> bit; empty for a form question
    bits: Mapping[str, int]
    #: node -> (part, operator, codes)
    tests: dict[int, tuple[str, str, tuple[str, ...]]] = field(default_factory=dict)
    _known: dict[object, tuple[int, ...]] = field(default_factory=dict)

    def nodes(self, value: object) -> tuple[int, ...]:
        """List the nodes an answer makes true."""
        key = self._key(value)
        found = self._known.get(key)
        if found is None:
            found = tuple(
                node
                for node, (part, operator, codes) in self.tests.items()
                if _TESTS[operator](part_of(self.question, value, part), codes)
            )
            if len(self._known) < 1000:  # noqa: PLR2004 - open texts must not fill the memory
                self._known[key] = found
        return found

    def _key(self, value: object) -> object:
        if self.question.type == "one":
            return value
        if isinstance(value, Mapping):
            tested = {part for part, _, _ in self.tests.values()}
            parts = (part_of(self.question, value, part) for part in sorted(tested - {""}))
            return (*parts, is_blank(value))
        if self.question.type in {"text", "date", "list"}:
            return is_blank(value)
        return value


@dataclass(eq=False)
class Program:
    """What a question set compiles to."""

    question_set: QuestionSet
    full: int = 0
    size: int = 0
    steps: list[Step] = field(default_factory=list)
    inputs: dict[str, Input] = field(default_factory=dict)
    #: (list, group) -> bit
    bits: dict[tuple[str, str], int] = field(default_factory=dict)
    #: group list -> node of its rows that are shown
    rows: dict[str, int] = field(default_factory=dict)
    shown: dict[str, int] = field(default_factory=dict)
    needed: dict[str, int] = field(default_factory=dict)
    all_ticks: dict[str, int] = field(default_factory=dict)
    answered: dict[str, int] = field(default_factory=dict)
    #: required, shown and blank
    missing: dict[str, int] = field(default_factory=dict)
    rules: tuple[tuple[int, int], ...] = ()
    duties: tuple[int, ...] = ()
    #: the questions `eqia decide` asks for
    asked_for: tuple[Question, ...] = ()
    #: (question, group) -> place on the form
    order: dict[tuple[str, str | None], int] = field(default_factory=dict)
    #: a blank that rules read stands in the way
    incomplete: int = 0
    #: the questions a node reads, form and row alike
    reads: list[frozenset[str]] = field(default_factory=list)
    constants: dict[int, int] = field(default_factory=dict)
    conditions: dict[Condition, int] = field(default_factory=dict)
    #: the same node for the same operation
    _made: dict[tuple[int, int, int], int] = field(default_factory=dict)
    _tests: dict[tuple[str, str, str, tuple[str, ...]], int] = field(default_factory=dict)
    _reading: dict[str, int] = field(default_factory=dict)
    _row_tests: tuple[int, ...] = ()
    _after: dict[tuple[str, ...], tuple[Step, ...]] = field(default_factory=dict)

    def run(self, values: Values) -> list[int]:
        """Work out every node for a form."""
        state = [0] * self.size
        for node, constant in self.constants.items():
            state[node] = constant
        for question_id, value in values.items():
            self._enter(state, self.inputs[question_id], value)
        self.work(state, self.steps)
        return state

    def _enter(self, state: list[int], entry: Input, value: object) -> None:
        if not entry.bits:
            for node in entry.nodes(value):
                state[node] = self.full
        elif isinstance(value, Mapping):
            for group, answer in value.items():
                bit = entry.bits.get(group, 0)
                for node in entry.nodes(answer):
                    state[node] |= bit

    def work(self, state: list[int], steps: list[Step] | tuple[Step, ...]) -> None:
        """Work out some nodes from those before them."""
        full = self.full
        for node, operator, a, b in steps:
            if operator == AND:
                state[node] = state[a] & state[b]
            elif operator == OR:
                state[node] = state[a] | state[b]
            elif operator == NOT:
                state[node] = full ^ state[a]
            else:
                state[node] = full if state[a].bit_count() >= b else 0

    def changed(self, state: list[int], question_id: str, bit: int, value: object) -> list[int]:
        """Copy a state with one answer changed; nothing else is worked out yet."""
        entry = self.inputs[question_id]
        copy = state.copy()
        keep = self.full ^ bit
        for node in entry.tests:
            copy[node] &= keep
        for node in entry.nodes(value):
            copy[node] |= bit
        return copy

    def after(self, questions: tuple[str, ...]) -> tuple[Step, ...]:
        """List the steps that read any of these questions, in order."""
        found = self._after.get(questions)
        if found is None:
            names = frozenset(questions)
            found = tuple(s for s in self.steps if not names.isdisjoint(self.reads[s[0]]))
            self._after[questions] = found
        return found

    def rules_reading(self, question_id: str) -> int:
        """Mark the rules that read a question, and the bit for blanks after them."""
        if question_id not in self._reading:
            nodes = [*(node for node, _ in self.rules), self.incomplete]
            self._reading[question_id] = sum(
                1 << i for i, node in enumerate(nodes) if question_id in self.reads[node]
            )
        return self._reading[question_id]

    def row_tests(self) -> tuple[int, ...]:
        """List the nodes that tell one row from another: its answers and whether it is shown."""
        if not self._row_tests:
            tests = [node for entry in self.inputs.values() if entry.bits for node in entry.tests]
            self._row_tests = (*tests, *self.rows.values())
        return self._row_tests

    @cached_property
    def odd_rows(self) -> int:
        """Mark the rows that are shown only at times: no other row is like them."""
        groups = self.question_set.groups_in(one.id for one in self.question_set.groups)
        return sum(self.bits[g.list_id, g.id] for g in groups if g.show_if != ALWAYS)

    @cached_property
    def step_of(self) -> Mapping[int, Step]:
        """The step that works out each node."""
        return {step[0]: step for step in self.steps}

    # Making nodes

    def node(self, reads: frozenset[str]) -> int:
        """Make room for a value."""
        self.reads.append(reads)
        self.size += 1
        return self.size - 1

    def constant(self, value: int) -> int:
        """Make a node that never changes."""
        for node, known in self.constants.items():
            if known == value:
                return node
        node = self.node(frozenset())
        self.constants[node] = value
        return node

    def make(self, operator: int, a: int, b: int) -> int:
        """Make, or find, the node for an operation."""
        key = (operator, a, b)
        if key not in self._made:
            reads = self.reads[a] | (self.reads[b] if operator in {AND, OR} else frozenset())
            node = self.node(reads)
            self.steps.append((node, *key))
            self._made[key] = node
        return self._made[key]

    def both(self, a: int, b: int) -> int:
        """Make `a and b`."""
        all_true = self.constant(self.full)
        return b if a == all_true else a if b == all_true else self.make(AND, a, b)

    def either(self, a: int, b: int) -> int:
        """Make `a or b`."""
        nothing = self.constant(0)
        return b if a == nothing else a if b == nothing else self.make(OR, a, b)

    def test(self, question_id: str, part: str, operator: str, codes: tuple[str, ...]) -> int:
        """Make, or find, the node for one answer held against codes."""
        key = (question_id, part, operator, codes)
        if key not in self._tests:
            node = self.node(frozenset({question_id}))
            self._tests[key] = node
            self.inputs[question_id].tests[node] = (part, operator, codes)
        return self._tests[key]

"""Question set into program: every condition once, in the order in which they read each other."""

from collections.abc import Callable, Mapping
from functools import lru_cache
from itertools import chain

from eqia.domain.conditions import (
    ALWAYS,
    AllOf,
    AnyOf,
    Blank,
    Condition,
    Not,
    Some,
    Test,
    leaves,
)
from eqia.domain.evaluation import ATLEAST, NOT, Input, Program
from eqia.domain.questions import Question, QuestionSet


@lru_cache(maxsize=64)
def compile_set(question_set: QuestionSet) -> Program:
    """Compile a set; the same content compiles once."""
    program = Program(question_set)
    rows = [(group_list.id, g) for group_list in question_set.groups for g in group_list.groups]
    program.bits = {(list_id, g.id): 1 << i for i, (list_id, g) in enumerate(rows)}
    program.full = (1 << max(len(rows), 1)) - 1
    for question in question_set.questions:
        program.inputs[question.id] = Input(question, _bits(program, question))
    for question in question_set.questions:
        _compile_question(program, question)
    _compile_rules(program)
    return program


def _bits(program: Program, question: Question) -> dict[str, int]:
    groups = program.question_set.groups_for(question)
    return {group.id: program.bits[group.list_id, group.id] for group in groups}


def rows_of(program: Program, list_ids: tuple[str, ...]) -> int:
    """Combine the bits of some group lists."""
    groups = program.question_set.groups_in(list_ids)
    return sum(program.bits[group.list_id, group.id] for group in groups)


def _compile_rows(program: Program, list_ids: tuple[str, ...]) -> int:
    """Make, or find, the node of the rows of some lists that are shown."""
    node = program.constant(0)
    for list_id in list_ids:
        if list_id not in program.rows:
            program.rows[list_id] = _compile_list(program, list_id)
        node = program.either(node, program.rows[list_id])
    return node


def _compile_list(program: Program, list_id: str) -> int:
    always = program.constant(program.full)
    groups = program.question_set.groups_in((list_id,))
    fixed = sum(program.bits[list_id, g.id] for g in groups if g.show_if == ALWAYS)
    node = program.constant(fixed)
    for group in groups:
        condition = compile_condition(program, group.show_if)
        if condition != always:
            bit = program.constant(program.bits[list_id, group.id])
            node = program.either(node, program.both(condition, bit))
    return node


def _compile_question(program: Program, question: Question) -> None:
    # The loader lets a group or question read only what is asked before it, so by now every
    # question that a condition here may read has its `shown` node.
    shown = compile_condition(program, question.show_if)
    if question.scope:
        shown = program.both(shown, _compile_rows(program, question.scope))
    program.shown[question.id] = shown


def _compile_rules(program: Program) -> None:
    question_set = program.question_set
    for group_list in question_set.groups:
        _compile_rows(program, (group_list.id,))
    for condition in question_set.conditions.values():
        compile_condition(program, condition)
    ranks = {outcome.id: outcome.rank for outcome in question_set.outcomes}
    program.rules = tuple(
        (compile_condition(program, rule.when), ranks[rule.outcome]) for rule in question_set.rules
    )
    program.duties = tuple(compile_condition(program, d.raised_when) for d in question_set.duties)
    read = read_by_rules(question_set)
    program.asked_for = tuple(q for q in question_set.questions if q.id in read or _asked(q))
    program.order = _order(question_set)
    program.incomplete = program.constant(0)
    for question in question_set.questions:
        shown = program.shown[question.id]
        needed = program.both(shown, compile_condition(program, question.required_if))
        ticks = program.both(shown, compile_condition(program, question.tick_all_if))
        answered = _answered(program, question.id, "")
        missing = program.both(needed, program.make(NOT, answered, 0))
        program.answered[question.id] = answered
        program.needed[question.id] = needed
        program.all_ticks[question.id] = ticks
        program.missing[question.id] = missing
        if question.id in read:
            rows = rows_of(program, tuple(sorted(read[question.id]))) or program.full
            counted = program.both(missing, program.constant(rows))
            program.incomplete = program.either(
                program.incomplete, program.make(ATLEAST, counted, 1)
            )


def _asked(question: Question) -> bool:
    """Whether `eqia decide` asks for it: texts, companions and offers can be left out."""
    left_out = question.companion_of or question.offer or question.record_only
    return question.type != "text" and not left_out


def _order(question_set: QuestionSet) -> dict[tuple[str, str | None], int]:
    places: list[tuple[str, str | None]] = []
    for question in question_set.questions:
        groups = question_set.groups_for(question)
        places += [(question.id, group.id) for group in groups] or [(question.id, None)]
    return {place: i for i, place in enumerate(places)}


def read_by_rules(question_set: QuestionSet) -> dict[str, frozenset[str]]:
    """Map each question rules read to the group lists they read it over."""
    found: dict[str, frozenset[str]] = {}
    for leaf, over in chain.from_iterable(leaves(rule.when) for rule in question_set.rules):
        question = question_set.question(leaf.question)
        lists = frozenset(over) & frozenset(question.scope)
        found[question.id] = found.get(question.id, frozenset()) | lists
    return found


def compile_condition(program: Program, condition: Condition) -> int:
    """Make, or find, the node for a condition."""
    if condition not in program.conditions:
        program.conditions[condition] = _COMPILERS[type(condition)](program, condition)
    return program.conditions[condition]


def _answered(program: Program, question_id: str, part: str) -> int:
    raw = program.test(question_id, part, "answered", ())
    return program.both(raw, program.shown[question_id])


def _compile_test(program: Program, condition: Test) -> int:
    raw = program.test(condition.question, condition.part, condition.operator, condition.codes)
    return program.both(raw, program.shown[condition.question])


def _compile_blank(program: Program, condition: Blank) -> int:
    return program.make(NOT, _answered(program, condition.question, condition.part), 0)


def _compile_all(program: Program, condition: AllOf) -> int:
    node = program.constant(program.full)
    for part in condition.parts:
        node = program.both(node, compile_condition(program, part))
    return node


def _compile_any(program: Program, condition: AnyOf) -> int:
    nodes = [compile_condition(program, part) for part in condition.parts]
    node = program.constant(0)
    for other in nodes:
        node = program.either(node, other)
    return node


def _compile_not(program: Program, condition: Not) -> int:
    return program.make(NOT, compile_condition(program, condition.part), 0)


def _compile_some(program: Program, condition: Some) -> int:
    rows = _compile_rows(program, condition.over)
    found = program.both(compile_condition(program, condition.where), rows)
    return program.make(ATLEAST, found, condition.n)


_COMPILERS: Mapping[type, Callable[..., int]] = {
    Test: _compile_test,
    Blank: _compile_blank,
    AllOf: _compile_all,
    AnyOf: _compile_any,
    Not: _compile_not,
    Some: _compile_some,
}

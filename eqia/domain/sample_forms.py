"""Random forms for a question set, calm and stormy, to try its rules on."""

from collections.abc import Callable, Mapping
from functools import lru_cache
from random import Random

from eqia.domain.questions import Choice, Field, Question, QuestionSet

#: How often an answer strays from the calm one. Without calm forms low outcomes go untried,
#: without stormy ones the rare rules do (questions.md section 4).
STORMS = (0.0, 0.02, 0.05, 0.1, 0.2, 0.4, 1.0)

A_TEXT = "Enough words to count as an answer here."
A_DAY = "2027-01-31"

Form = dict[str, object]


def random_form(question_set: QuestionSet, chance: Random) -> Form:
    """Fill in every question of a form, hidden ones too, in the JSON shape of `eqia decide`."""
    storm, row_storm = chance.choice(STORMS), chance.choice(STORMS)
    form: Form = {}
    for question in question_set.questions:
        groups = question_set.groups_for(question)
        fill = _FILLERS[question.type]
        if question.scope:
            form[question.id] = {group.id: fill(question, chance, row_storm) for group in groups}
        else:
            form[question.id] = fill(question, chance, storm)
    return form


def _text(question: Question, _chance: Random, _storm: float) -> str:
    return A_TEXT[: question.max_length]


def _date(_question: Question, _chance: Random, _storm: float) -> str:
    return A_DAY


def _one(question: Question, chance: Random, storm: float) -> str:
    stray = chance.random() < storm
    return chance.choice(question.codes if stray else calm_codes(question))


@lru_cache(maxsize=1000)
def calm_codes(question: Question) -> tuple[str, ...]:
    """List the codes that no worse move leads to and that nobody has to find out about."""
    reached = {code for move in question.worse for code in move.codes}
    open_ends = {code for move in question.steps for code in move.of}
    return tuple(c for c in question.codes if c not in reached | open_ends) or question.codes


def _many(question: Question, chance: Random, storm: float) -> list[str]:
    if not question.choices:
        return ["somebody"]
    calm = [c for c in question.choices if c.code in calm_codes(question)]
    choices = question.choices if chance.random() < storm else calm
    alone = [choice.code for choice in choices if choice.exclusive]
    if alone and chance.random() < 1 / 4:
        return [chance.choice(alone)]
    others = [choice.code for choice in choices if not choice.exclusive]
    if not others:
        return alone[:1]
    return chance.sample(others, chance.randint(1, min(2, len(others))))


def _mitigation(question: Question, chance: Random, storm: float) -> Mapping[str, str]:
    stray = chance.random() < storm
    columns = [c for c in question.fields if not stray or chance.random() < 4 / 5]
    return {column.id: _column(column, chance, stray=stray) for column in columns}


def _list(question: Question, chance: Random, _storm: float) -> list[Mapping[str, str]]:
    return [{column.id: _column(column, chance, stray=False) for column in question.fields}]


def _column(column: Field, chance: Random, *, stray: bool) -> str:
    if column.choices:
        return _choice(column.choices, chance, stray=stray).code
    return A_DAY if column.type == "date" else A_TEXT


def _choice(choices: tuple[Choice, ...], chance: Random, *, stray: bool) -> Choice:
    return chance.choice(choices if stray else choices[:2])


_FILLERS: Mapping[str, Callable[[Question, Random, float], object]] = {
    "text": _text,
    "one": _one,
    "many": _many,
    "date": _date,
    "mitigation": _mitigation,
    "list": _list,
}

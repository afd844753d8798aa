"""Raw values, from JSON or a web form, into Answers; every fault names its field."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import cast

from eqia.domain.answers import Answer, Answers, shown
from eqia.domain.errors import Invalid, Problem
from eqia.domain.questions import Choice, Field, Question, QuestionSet
from eqia.domain.texts import clean_text

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)

#: A list question holds no more rows than this, and an open list no more names.
MOST_ROWS = 200

Place = tuple[str, str | None]


def parse_answers(question_set: QuestionSet, raw: Mapping[str, object]) -> Answers:
    """Parse the answers, or raise Invalid naming every field that cannot be used.

    What stands in a hidden question or row is not read, whatever it holds: a fault there is none.
    """
    answers, problems = read_answers(question_set, raw)
    if problems:
        raise Invalid(problems)
    return answers


def read_answers(
    question_set: QuestionSet, raw: Mapping[str, object]
) -> tuple[Answers, tuple[Problem, ...]]:
    """Parse what can be parsed, and list what is wrong in what is shown."""
    parsing = _Parsing(question_set)
    for question_id, value in raw.items():
        if not question_set.has_question(question_id):
            parsing.lost.append(Problem(str(question_id), "Unknown question"))
        elif value is not None:
            parsing.question(question_set.question(question_id), value)
    answers = Answers(parsing.values)
    if not parsing.faults:
        return answers, tuple(parsing.lost)
    view = shown(question_set, answers)
    seen = [p for (question, group), p in parsing.faults if view.asks(question, group)]
    return answers, (*parsing.lost, *seen)


@dataclass(slots=True)
class _Parsing:
    """The answers parsed so far, and what is wrong with which."""

    question_set: QuestionSet
    values: dict[str, Answer | Mapping[str, Answer]] = field(default_factory=dict)
    faults: list[tuple[Place, Problem]] = field(default_factory=list)
    lost: list[Problem] = field(default_factory=list)

    def question(self, question: Question, value: object) -> None:
        if not question.scope:
            answer = self._answer(question, None, value)
            if answer is not None:
                self.values[question.id] = answer
        elif isinstance(value, Mapping):
            self._rows(question, value)
        else:
            self._fault(question.id, None, "Should hold one answer per group")

    def _rows(self, question: Question, rows: Mapping[str, object]) -> None:
        known = {group.id for group in self.question_set.groups_for(question)}
        parsed = {}
        for group, value in rows.items():
            if group not in known:
                self._fault(question.id, None, "Unknown group", f"{question.id}.{group}")
            elif value is not None:
                answer = self._answer(question, group, value)
                if answer is not None:
                    parsed[group] = answer
        self.values[question.id] = parsed

    def _answer(self, question: Question, group: str | None, value: object) -> Answer | None:
        name = question.id if group is None else f"{question.id}.{group}"
        try:
            return _PARSERS[question.type](question, value, name)
        except Invalid as refusal:
            self.faults += [((question.id, group), problem) for problem in refusal.problems]
            return None

    def _fault(self, question: str, group: str | None, message: str, name: str = "") -> None:
        self.faults.append(((question, group), Problem(name or question, message)))


def _refuse(name: str, message: str) -> Invalid:
    return Invalid([Problem(name, message)])


def _text(question: Question, value: object, name: str) -> str:
    if not isinstance(value, str):
        raise _refuse(name, "Should be text")
    text = clean_text(value, field=name)
    if len(text) > question.max_length:
        raise _refuse(name, f"Use {question.max_length:,} characters or fewer")
    return text


def _one(question: Question, value: object, name: str) -> str | None:
    return _code(question.choices, value, name)


def _code(choices: tuple[Choice, ...], value: object, name: str) -> str | None:
    if not isinstance(value, str):
        raise _refuse(name, "Should be one code")
    if value.strip() and all(choice.code != value for choice in choices):
        raise _refuse(name, f"Unknown code {_short(value)}")
    return value if value.strip() else None


def _many(question: Question, value: object, name: str) -> tuple[str, ...]:
    if not isinstance(value, list | tuple) or not all(isinstance(code, str) for code in value):
        raise _refuse(name, "Should be a list of codes")
    codes = cast("tuple[str, ...]", tuple(value))
    if not question.choices:
        return _names(codes, name)
    if len(set(codes)) != len(codes):
        raise _refuse(name, "The same code is there twice")
    for code in codes:
        _code(question.choices, code, name)
    alone = [c.code for c in question.choices if c.exclusive and c.code in codes]
    if alone and len(codes) > 1:
        raise _refuse(name, f"{alone[0]!r} cannot stand beside another answer")
    # Form order, so that the order of ticks changes nothing.
    return tuple(code for code in question.codes if code in codes)


def _names(codes: tuple[str, ...], name: str) -> tuple[str, ...]:
    """Take an open list of names: any text is a name."""
    if len(codes) > MOST_ROWS:
        raise _refuse(name, f"Use {MOST_ROWS} or fewer")
    cleaned = (clean_text(code, field=name) for code in codes)
    return tuple(dict.fromkeys(code for code in cleaned if code.strip()))


def _date(_question: Question, value: object, name: str) -> str | None:
    return _day(value, name)


def _day(value: object, name: str) -> str | None:
    if not isinstance(value, str):
        raise _refuse(name, "Should be a date such as 2027-06-30")
    if not value.strip():
        return None
    try:
        if _DAY.fullmatch(value):
            return date.fromisoformat(value).isoformat()
    except ValueError:
        pass
    raise _refuse(name, f"{_short(value)} is not a real date such as 2027-06-30")


def _mitigation(question: Question, value: object, name: str) -> Mapping[str, str]:
    return _columns(question, value, name)


def _list(question: Question, value: object, name: str) -> tuple[Mapping[str, str], ...]:
    if not isinstance(value, list | tuple):
        raise _refuse(name, "Should be a list of rows")
    if len(value) > MOST_ROWS:
        raise _refuse(name, f"Use {MOST_ROWS} rows or fewer")
    rows = (_columns(question, row, f"{name}[{i}]") for i, row in enumerate(value, 1))
    return tuple(row for row in rows if row)


def _columns(question: Question, value: object, name: str) -> dict[str, str]:
    if not isinstance(value, Mapping):
        raise _refuse(name, "Should hold one answer per column")
    known = {column.id: column for column in question.fields}
    for key in value:
        if key not in known:
            raise _refuse(f"{name}.{key}", "Unknown column")
    parsed = {}
    for column_id, column in known.items():
        answer = _column(column, value.get(column_id), f"{name}.{column_id}")
        if answer:
            parsed[column_id] = answer
    return parsed


def _column(column: Field, value: object, name: str) -> str | None:
    if value is None:
        return None
    if column.type == "date":
        return _day(value, name)
    if column.type == "one":
        return _code(column.choices, value, name)
    if not isinstance(value, str):
        raise _refuse(name, "Should be text")
    text = clean_text(value, field=name)
    return text if text.strip() else None


def _short(value: str) -> str:
    return repr(value if len(value) <= 60 else value[:60] + "…")  # noqa: PLR2004 - fits a line


_PARSERS: Mapping[str, Callable[[Question, object, str], Answer | None]] = {
    "text": _text,
    "one": _one,
    "many": _many,
    "date": _date,
    "mitigation": _mitigation,
    "list": _list,
}

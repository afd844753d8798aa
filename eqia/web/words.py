"""Answers in words, as check pages, panels and conflicts show them."""

from collections.abc import Mapping

from eqia.domain.edits import Typed
from eqia.domain.questions import Field, Question, text_in
from eqia.web.filters import day
from eqia.web.wording import say

Names = Mapping[str, str]


def lines_of(
    question: Question, typed: Typed, language: str, names: Names | None = None
) -> list[str]:
    """Put what stands in a place in words, one text for each tick or row."""
    if typed.raw is not None and typed.value is None:
        return [f"{_raw(typed.raw)} {say(language, 'unreadable')}"]
    return answer_lines(question, typed.value, language, names)


def answer_lines(
    question: Question, value: object, language: str, names: Names | None = None
) -> list[str]:
    """Put an answer in words."""
    if value is None or value == "":
        return []
    if isinstance(value, Mapping):
        return [_row(question.fields, value, language)]
    if isinstance(value, tuple | list):
        return [_entry(question, one, language, names or {}) for one in value]
    text = str(value)
    if question.type == "date":
        return [day(text, language)]
    return [question.label_of(text, language) if question.choices else text]


def _entry(question: Question, entry: object, language: str, names: Names) -> str:
    if isinstance(entry, Mapping):
        return _row(question.fields, entry, language)
    code = str(entry)
    return names.get(code) or question.label_of(code, language)


def _row(fields: tuple[Field, ...], row: Mapping[str, object], language: str) -> str:
    parts = []
    for column in fields:
        value = str(row.get(column.id) or "")
        if value:
            label = text_in(column.label, language).rstrip("?")
            parts.append(f"{label}: {_cell(column, value, language)}")
    return "\n".join(parts)


def _cell(column: Field, value: str, language: str) -> str:
    if column.type == "date":
        return day(value, language)
    labels = {choice.code: text_in(choice.label, language) for choice in column.choices}
    return labels.get(value, value)


def _raw(raw: object) -> str:
    """Show what was typed and did not parse."""
    if isinstance(raw, Mapping):
        return " ".join(_raw(part) for part in raw.values() if part)
    if isinstance(raw, list | tuple):
        return "; ".join(_raw(part) for part in raw if part)
    return str(raw)

"""The form of one page, built from the question set."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from eqia.domain.edits import Place, Typed
from eqia.domain.evidence import Source, covered, from_evidence
from eqia.domain.journeys import Kind, Page
from eqia.domain.questions import Choice, Question, QuestionSet, text_in
from eqia.domain.texts import LONGEST_TEXT
from eqia.web.forms.fields import (
    CheckboxesField,
    Column,
    DayField,
    Form,
    HiddenField,
    ListField,
    LongTextField,
    MitigationField,
    NamesField,
    RadiosField,
    SelectChoice,
    TextField,
    VersionField,
    choice,
)
from eqia.web.forms.shared_reasons import ReasonsField
from eqia.web.wording import say

#: A text of this many characters or fewer is asked in one line.
ONE_LINE = 300
OTHERS = ".others"


def _no_offer(_name: str) -> str:
    return ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """What a page's form is built from: the set, what is stored and what is offered."""

    asked: QuestionSet
    language: str
    typed: Mapping[Place, Typed]
    sources: tuple[Source, ...] = ()
    #: organisations that may decide, code and name
    bodies: Mapping[str, str] = field(default_factory=dict)
    #: words the default an `offer` of the set suggests
    offer: Callable[[str], str] = _no_offer

    def held(self, place: Place) -> Typed:
        """Give what stands in a place."""
        return self.typed.get(place, Typed())

    def label(self, group: str, question: Question) -> str:
        """Name a group."""
        found = (g for g in self.asked.groups_for(question) if g.id == group)
        return next((text_in(one.label, self.language) for one in found), group)


def name_of(place: Place) -> str:
    """Name the field of a place."""
    question, group = place
    return f"{question}.{group}" if group else question


def places_on(asked: QuestionSet, page: Page) -> tuple[Place, ...]:
    """List the places a page asks for, group by group."""
    found = [asked.question(question) for question in page.questions]
    return tuple(
        (question.id, group)
        for group in page.groups or ("",)
        for question in found
        if not group or any(group == one.id for one in asked.groups_for(question))
    )


def page_form(sheet: Sheet, page: Page, *, version: int, warned: bool = False) -> Form:
    """Build the form of a page; nothing is chosen that nobody chose."""
    fields: dict[str, Any] = {"version": VersionField(), "warned": HiddenField()}
    values: dict[str, object] = {"version": version, "warned": "1" if warned else ""}
    for place, made, value in _fields(sheet, page):
        fields[place], values[place] = made, value
    kind = type("PageForm", (Form.spoken(sheet.language),), fields)
    form: Form = kind(data=values)
    return form


def _fields(sheet: Sheet, page: Page) -> Iterator[tuple[str, Any, object]]:
    """Walk the fields of a page: name, field, what stands in it."""
    shared = shared_reasons(sheet.asked, page)
    if shared is not None:
        made = _reasons(sheet, page, shared)
        yield shared.id, made, _reasons_held(sheet, page, shared)
    for place in places_on(sheet.asked, page):
        question = sheet.asked.question(place[0])
        if question is shared:
            continue
        held = sheet.held(place)
        stored = held.raw if held.raw is not None else held.value
        yield name_of(place), MAKERS[question.type](sheet, page, question, place[1]), stored
        if is_open(sheet, question):
            yield name_of(place) + OTHERS, _others(sheet.language), _unlisted(sheet, stored)


def shared_reasons(asked: QuestionSet, page: Page) -> Question | None:
    """Find the reason that a page lets be written once for several groups."""
    if page.kind is not Kind.SAME or len(page.groups) < 2:  # noqa: PLR2004 - one group shares with none
        return None
    reasons = set(asked.ids("reason")) & set(page.questions)
    return next((asked.question(one) for one in page.questions if one in reasons), None)


def _reasons(sheet: Sheet, page: Page, question: Question) -> Any:
    labels = {group: sheet.label(group, question) for group in page.groups}
    return ReasonsField(
        numbered(question, text_in(question.text_same or question.text, sheet.language)),
        hint=text_in(question.help, sheet.language),
        groups=labels,
    )


def _reasons_held(sheet: Sheet, page: Page, question: Question) -> object:
    raw = sheet.held((question.id, reasons_place(page))).raw
    if raw is not None:
        return raw
    blocks: dict[str, list[str]] = {}
    for group in page.groups:
        value = sheet.held((question.id, group)).value
        if isinstance(value, str) and value.strip():
            blocks.setdefault(value, []).append(group)
    return [{"text": text, "groups": groups} for text, groups in blocks.items()]


def reasons_place(page: Page) -> str:
    """Name where shared reasons wait that do not say yet which groups they are for."""
    return page.id[:40]


def _hint(sheet: Sheet, question: Question) -> str:
    offered = sheet.offer(question.offer) if question.offer else ""
    least = say(sheet.language, "least", question.min_length) if question.min_length else ""
    parts = (text_in(question.help, sheet.language), least, offered)
    return " ".join(part for part in parts if part)


def numbered(question: Question, text: str) -> str:
    """Put a question's id before it; one that follows from another has none worth reading."""
    return text if question.companion_of else f"{question.id}. {text}"


def _label(sheet: Sheet, page: Page, question: Question, group: str) -> str:
    """Word a question; in rows of groups the group alone names the row."""
    if not group:
        return numbered(question, text_in(question.text, sheet.language))
    label = sheet.label(group, question)
    if page.kind in {Kind.OVERVIEW, Kind.SAME}:
        return label
    return numbered(question, text_in(question.text, sheet.language).replace("{group}", label))


def _choices(choices: Iterable[Choice], language: str) -> list[SelectChoice]:
    return [
        choice(
            one.code,
            text_in(one.label, language),
            hint=text_in(one.hint, language),
            exclusive=one.exclusive,
        )
        for one in choices
    ]


def _text(sheet: Sheet, page: Page, question: Question, group: str) -> Any:
    kind = TextField if question.max_length <= ONE_LINE else LongTextField
    return kind(
        _label(sheet, page, question, group),
        hint=_row_hint(sheet, page, question),
        limit=question.max_length if question.max_length < LONGEST_TEXT else 0,
    )


def _one(sheet: Sheet, page: Page, question: Question, group: str) -> Any:
    return RadiosField(
        _label(sheet, page, question, group),
        hint=_row_hint(sheet, page, question),
        choices=_choices(question.choices, sheet.language),
    )


def _row_hint(sheet: Sheet, page: Page, question: Question) -> str:
    """Give the help; an overview says it once above its rows."""
    return "" if page.kind is Kind.OVERVIEW else _hint(sheet, question)


def _many(sheet: Sheet, page: Page, question: Question, group: str) -> Any:
    label = _label(sheet, page, question, group)
    if question.id in sheet.asked.ids("basis"):
        return _basis(sheet, question, group, label)
    if not question.choices and not sheet.bodies:
        lines = say(sheet.language, "one_a_line")
        hint = f"{_hint(sheet, question)} {lines}".strip()
        return NamesField(label, hint=hint)
    options = _choices(question.choices, sheet.language) or sheet.bodies
    return CheckboxesField(label, hint=_row_hint(sheet, page, question), choices=options)


def _basis(sheet: Sheet, question: Question, group: str, label: str) -> Any:
    """Offer what is ticked by hand; what the sources give is shown, not ticked."""
    given = covered(sheet.asked, sheet.sources, group)
    by_source = from_evidence(sheet.asked)
    offered = [
        one
        for one in question.choices
        if one.code not in by_source and not (given and one.exclusive)
    ]
    names = [question.label_of(code, sheet.language) for code in question.codes if code in given]
    hint = say(sheet.language, "sources_give", ", ".join(names)) if names else _no_source(sheet)
    return CheckboxesField(label, hint=hint, choices=_choices(offered, sheet.language))


def _no_source(sheet: Sheet) -> str:
    """Say that no source covers a group, and where one is entered."""
    place = sheet.asked.id_for("evidence_section")
    if not place:
        return say(sheet.language, "no_source")
    title = text_in(sheet.asked.section(place).title, sheet.language)
    add = say(sheet.language, "add_source", title)
    return f"{say(sheet.language, 'no_source')} {add}"


def is_open(sheet: Sheet, question: Question) -> bool:
    """Whether names that are on no list may be added to the ticks."""
    return question.type == "many" and not question.choices and bool(sheet.bodies)


def _others(language: str) -> Any:
    return NamesField(say(language, "others"), hint=say(language, "one_a_line"))


def _unlisted(sheet: Sheet, stored: object) -> tuple[str, ...]:
    listed = stored if isinstance(stored, list | tuple) else ()
    return tuple(str(name) for name in listed if name not in sheet.bodies)


def _date(sheet: Sheet, page: Page, question: Question, group: str) -> Any:
    return DayField(
        _label(sheet, page, question, group),
        hint=_row_hint(sheet, page, question),
        called=text_in(question.short, sheet.language) or question.id,
    )


def _columns(sheet: Sheet, question: Question) -> tuple[Column, ...]:
    made = []
    for number, column in enumerate(question.fields):
        label = text_in(column.label, sheet.language)
        kind = "long" if column.type == "text" and number == 0 else column.type
        made.append(
            Column(
                column.id,
                label if column.required else say(sheet.language, "optional", label),
                kind,
                _choices(column.choices, sheet.language),
            )
        )
    return tuple(made)


def _mitigation(sheet: Sheet, page: Page, question: Question, group: str) -> Any:
    return MitigationField(
        _label(sheet, page, question, group),
        hint=f"{_hint(sheet, question)} {say(sheet.language, 'leave_empty')}".strip(),
        columns=_columns(sheet, question),
    )


def _list(sheet: Sheet, page: Page, question: Question, group: str) -> Any:
    return ListField(
        _label(sheet, page, question, group),
        hint=f"{_hint(sheet, question)} {say(sheet.language, 'leave_empty')}".strip(),
        columns=_columns(sheet, question),
    )


MAKERS: Mapping[str, Callable[[Sheet, Page, Question, str], Any]] = {
    "text": _text,
    "one": _one,
    "many": _many,
    "date": _date,
    "mitigation": _mitigation,
    "list": _list,
}

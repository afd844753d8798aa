"""Every answer of a record in words, and what they find for each group of people."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from eqia.domain.answers import Answer, Answers, Shown, groups_or_form, shown
from eqia.domain.questions import Group, GroupList, Question, QuestionSet, text_in

Names = Mapping[str, str]


def answer_sheet(
    form: QuestionSet, answers: Answers, language: str, names: Names
) -> list[dict[str, Any]]:
    """List every question that was asked, by section, with its answer in words."""
    view = shown(form, answers)
    sections = []
    for section in form.sections:
        asked = [
            _question(form, view, question, answers, language, names)
            for question in form.questions_in(section.id)
            if view.asks(question.id)
        ]
        if asked:
            title = text_in(section.title, language)
            sections.append({"id": section.id, "title": title, "questions": asked})
    return sections


def _question(
    form: QuestionSet,
    view: Shown,
    question: Question,
    answers: Answers,
    language: str,
    names: Names,
) -> dict[str, Any]:
    labels = {g.id: text_in(g.label, language) for g in form.groups_for(question)}
    groups = [g for g in groups_or_form(form, question) if view.asks(question.id, g)]
    entries = [
        {
            "group": group,
            "group_label": labels.get(group, "") if group else "",
            "answer": _words(question, answers.get(question.id, group), language, names),
        }
        for group in groups
    ]
    return {
        "id": question.id,
        "text": text_in(question.text, language),
        "short": text_in(question.short, language),
        "type": question.type,
        "required": any(view.requires(question.id, group) for group in groups),
        "columns": [text_in(column.label, language) for column in question.fields],
        "entries": entries,
    }


def _words(question: Question, answer: Answer | None, language: str, names: Names) -> object:
    """Put an answer in words: a text, a list of ticks, or rows of cells; None while blank."""
    if answer is None:
        return None
    if isinstance(answer, str):
        return question.label_of(answer, language) if question.choices else answer
    if isinstance(answer, Mapping):
        return [_cells(question, answer, language)]
    if question.type == "list":
        return [_cells(question, row, language) for row in answer if isinstance(row, Mapping)]
    return [names.get(str(c), question.label_of(str(c), language)) for c in answer]


def _cells(question: Question, row: Mapping[str, str], language: str) -> list[str]:
    cells = []
    for column in question.fields:
        value = row.get(column.id) or ""
        labels = {c.code: text_in(c.label, language) for c in column.choices}
        cells.append(labels.get(value, value))
    return cells


def sheet_changes(
    before: Sequence[Mapping[str, Any]], after: Sequence[Mapping[str, Any]]
) -> list[dict[str, Any]]:
    """List the answers that differ between the sheets of two versions, old and new."""
    old, new = _by_place(before), _by_place(after)
    return [
        {
            "question": place[0],
            "group_label": (new.get(place) or old[place])["group_label"],
            "short": (new.get(place) or old[place])["short"],
            "before": old[place]["answer"] if place in old else None,
            "after": new[place]["answer"] if place in new else None,
        }
        for place in dict.fromkeys((*new, *old))
        if (old.get(place) or {}).get("answer") != (new.get(place) or {}).get("answer")
    ]


def _by_place(sheet: Sequence[Mapping[str, Any]]) -> dict[tuple[str, str], dict[str, Any]]:
    return {
        (question["id"], entry["group"] or ""): {**entry, "short": question["short"]}
        for section in sheet
        for question in section["questions"]
        for entry in question["entries"]
    }


def findings(form: QuestionSet, answers: Answers, language: str) -> list[dict[str, Any]]:
    """Say for every group of every list how it fares and why; a row left out has its reason."""
    view = shown(form, answers)
    return [
        {
            "id": group_list.id,
            "label": text_in(group_list.label, language),
            "protected": group_list.protected,
            "asked_by_group": bool(_asked_of(form, "effect", group_list)),
            "groups": [
                _finding(form, view, group_list, group, answers, language)
                for group in group_list.groups
            ],
        }
        for group_list in form.groups
    ]


def _finding(
    form: QuestionSet,
    view: Shown,
    group_list: GroupList,
    group: Group,
    answers: Answers,
    language: str,
) -> dict[str, Any]:
    asked = group.id in view.rows(group_list.id)
    found: dict[str, Any] = {
        "id": group.id,
        "label": text_in(group.label, language),
        "asked": asked,
        "not_asked": "" if asked else text_in(group.not_asked, language),
    }
    if not asked:
        return found
    effect, code = _first(form, "effect", group_list, group, answers)
    basis, ticks = _first(form, "basis", group_list, group, answers)
    _, reason = _first(form, "reason", group_list, group, answers)
    mitigation, plan = _first(form, "mitigation", group_list, group, answers)
    return {
        **found,
        "question": effect.id if effect else "",
        "required": effect is not None and view.requires(effect.id, group.id),
        "effect": effect.label_of(code, language) if effect and isinstance(code, str) else "",
        "direction": form.table("direction").get(code, "") if isinstance(code, str) else "",
        "basis": _words(basis, ticks, language, {}) if basis and ticks else [],
        "reason": reason if isinstance(reason, str) else "",
        "action": _plan(mitigation, plan, language),
    }


def _plan(question: Question | None, plan: Answer | None, language: str) -> list[dict[str, str]]:
    """Name each part of a planned action: what, who, by when, harm left."""
    if question is None or not isinstance(plan, Mapping):
        return []
    cells = _cells(question, plan, language)
    labels = [text_in(column.label, language) for column in question.fields]
    return [{"label": a, "value": b} for a, b in zip(labels, cells, strict=True) if b]


def _asked_of(form: QuestionSet, use: str, group_list: GroupList) -> list[Question]:
    questions = [form.question(question) for question in form.ids(use)]
    return [question for question in questions if group_list.id in question.scope]


def _first(
    form: QuestionSet, use: str, group_list: GroupList, group: Group, answers: Answers
) -> tuple[Question | None, Answer | None]:
    """Find the question of this list that plays the part, answered if any is."""
    asked = _asked_of(form, use, group_list)
    for question in asked:
        answer = answers.get(question.id, group.id)
        if answer is not None:
            return question, answer
    return (asked[0], None) if asked else (None, None)


def sources_missing(
    form: QuestionSet,
    answers: Answers,
    evidence: Iterable[Mapping[str, Any]],
    language: str,
) -> list[str]:
    """Name the groups that were asked about and that no piece of evidence covers."""
    view = shown(form, answers)
    covered = {group for one in evidence for group in one.get("groups", ())}
    lists: Sequence[GroupList] = [g for g in form.groups if _asked_of(form, "effect", g)]
    # A group can stand in two lists; it is missing once.
    found = {
        group.id: text_in(group.label, language)
        for group_list in lists
        for group in group_list.groups
        if group.id in view.rows(group_list.id) and group.id not in covered
    }
    return list(found.values())

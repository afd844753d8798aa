"""Group lists, sections and questions out of a question-set file."""

from collections.abc import Mapping
from dataclasses import dataclass

from eqia.domain.question_set_reading import CODE, ID, Reading, Table, no_repeats
from eqia.domain.questions import Choice, Field, Group, GroupList, Move, Question, Section

TYPES = frozenset({"text", "one", "many", "date", "mitigation", "list"})
COLUMN_TYPES = frozenset({"text", "one", "date"})
#: which moves fit which type of question
MOVES: Mapping[str, tuple[str, ...]] = {
    "one": ("to",),
    "many": ("gain", "becomes"),
    "mitigation": ("to", "fix", "empty"),
}
OFFERS = frozenset({"", "bodies", "review_date"})


@dataclass(frozen=True, slots=True)
class Draft:
    """A question whose conditions are still plain values: they may name any other question."""

    question: Question
    show_if: object
    required_if: object
    tick_all_if: object


def parse_sections(reading: Reading, top: Table) -> tuple[Section, ...]:
    """Read the sections; a file without any has one, named after the set."""
    found = []
    for raw in top.items("sections", []):
        table = reading.open(raw, "sections")
        intro = table.texts("intro", required=False)
        found.append(Section(table.id(), table.texts("title"), intro))
        table.close()
    no_repeats([section.id for section in found], "id", "sections", reading.faults)
    return tuple(found) or (Section("form", dict.fromkeys(reading.languages, "Form")),)


def parse_groups(
    reading: Reading, top: Table
) -> tuple[tuple[GroupList, ...], Mapping[tuple[str, str], object]]:
    """Read the group lists, and beside them the conditions of their groups as they stand."""
    about = {}
    for raw in top.items("group_lists", []):
        table = reading.open(raw, "group_lists")
        about[table.id()] = (
            table.texts("label"),
            table.flag("protected", default=True),
            table.text("section", ""),
        )
        table.close()
    lists, conditions = [], {}
    for list_id, rows in top.table("groups").items():
        where = f"groups.{list_id}"
        if not ID.fullmatch(list_id):
            reading.faults.add("groups", f"bad id {list_id!r}")
        unnamed = (dict.fromkeys(reading.languages, list_id), True, "")
        label, protected, section = about.pop(list_id, unnamed)
        groups = []
        for raw in rows if isinstance(rows, list) else [rows]:
            table = reading.open(raw, where)
            groups.append(_group(table, list_id, protected=protected))
            conditions[list_id, groups[-1].id] = table.raw("show_if")
            table.close()
        no_repeats([group.id for group in groups], "id", where, reading.faults)
        lists.append(GroupList(list_id, label, protected, tuple(groups), section))
    for list_id in about:
        reading.faults.add("group_lists", f"unknown group list {list_id!r}")
    return tuple(lists), conditions


def _group(table: Table, list_id: str, *, protected: bool) -> Group:
    return Group(
        id=table.id(),
        label=table.texts("label"),
        list_id=list_id,
        protected=protected,
        not_asked=table.texts("not_asked", required=False),
    )


def parse_questions(
    reading: Reading, top: Table, lists: tuple[GroupList, ...], sections: tuple[Section, ...]
) -> tuple[Draft, ...]:
    """Read the questions, their conditions still plain."""
    shared = {
        name: _choices(reading, raw, f"choice_lists {name}")
        for name, raw in top.table("choice_lists", {}).items()
    }
    drafts = tuple(_draft(reading, raw, shared, sections) for raw in top.items("questions"))
    questions = [draft.question for draft in drafts]
    no_repeats([question.id for question in questions], "id", "questions", reading.faults)
    known = {question.id for question in questions}
    for question in questions:
        where = f"questions {question.id}"
        _check_scope(reading, question, lists)
        if question.companion_of and question.companion_of not in known:
            reading.faults.add(where, f"unknown question {question.companion_of!r}")
    return drafts


def _draft(
    reading: Reading,
    raw: object,
    shared: Mapping[str, tuple[Choice, ...]],
    sections: tuple[Section, ...],
) -> Draft:
    table = reading.open(raw, "questions")
    scope = tuple(name for name in table.names("scope", ()) if name != "form")
    names = ("group",) if scope else ()
    question_id = table.id()
    question = Question(
        id=question_id,
        section=table.text("section", sections[0].id),
        page=table.text("page", question_id),
        type=table.text("type"),
        text=table.texts("text", placeholders=names),
        text_same=table.texts("text_same", required=False, placeholders=names),
        short=table.texts("short", required=False, placeholders=names),
        help=table.texts("help", required=False, placeholders=names),
        scope=scope,
        choices=_question_choices(reading, table, shared),
        fields=_fields(reading, table),
        companion_of=table.text("companion_of", ""),
        required_for=table.names("required_for", ()),
        min_length=table.number("min_length", 0),
        max_length=table.number("max_length", 20_000),
        offer=table.text("offer", ""),
        legal=table.text("legal", ""),
        record_only=table.flag("record_only", default=False),
        worse=_moves(reading, table, "worse"),
        steps=_moves(reading, table, "steps"),
    )
    draft = Draft(
        question, table.raw("show_if"), table.raw("required_if"), table.raw("tick_all_if")
    )
    _check_question(table, question, sections)
    table.close()
    return draft


def _question_choices(
    reading: Reading, table: Table, shared: Mapping[str, tuple[Choice, ...]]
) -> tuple[Choice, ...]:
    raw = table.raw("choices")
    if isinstance(raw, str):
        if raw not in shared:
            table.fault(f"unknown choice list {raw!r}")
        return shared.get(raw, ())
    return _choices(reading, raw if raw is not None else [], table.where)


def _choices(reading: Reading, raw: object, where: str) -> tuple[Choice, ...]:
    if not isinstance(raw, list):
        reading.faults.add(where, "'choices' should be a list")
        return ()
    found = []
    for entry in raw:
        table = reading.single(entry, where)
        found.append(
            Choice(
                code=table.code(),
                label=table.texts("label"),
                hint=table.texts("hint", required=False),
                exclusive=table.flag("exclusive", default=False),
            )
        )
        table.close()
    no_repeats([choice.code for choice in found], "code", where, reading.faults)
    return tuple(found)


def _fields(reading: Reading, table: Table) -> tuple[Field, ...]:
    found = []
    for raw in table.items("fields", []):
        column = reading.open(raw, f"{table.where} fields")
        kind = column.text("type")
        if kind and kind not in COLUMN_TYPES:
            column.fault(f"unknown type {kind!r}")
        raw_choices = column.raw("choices")
        choices = _choices(reading, raw_choices or [], column.where)
        if kind == "one" and not choices:
            column.fault("needs choices")
        required = column.flag("required", default=True)
        found.append(Field(column.id(), kind, column.texts("label"), choices, required))
        column.close()
    no_repeats([column.id for column in found], "id", f"{table.where} fields", reading.faults)
    return tuple(found)


def _check_question(table: Table, question: Question, sections: tuple[Section, ...]) -> None:
    if question.type and question.type not in TYPES:
        table.fault(f"unknown type {question.type!r}")
    if question.section not in {section.id for section in sections}:
        table.fault(f"unknown section {question.section!r}")
    if question.offer not in OFFERS:
        table.fault(f"unknown offer {question.offer!r}")
    if question.type == "one" and not question.choices:
        table.fault("needs choices")
    if question.type in {"mitigation", "list"} and not question.fields:
        table.fault("needs fields")
    if not 0 <= question.min_length <= question.max_length:
        table.fault("'min_length' should be from 0 to 'max_length'")
    for move in (*question.worse, *question.steps):
        _check_move(table, question, move)


def _check_scope(reading: Reading, question: Question, lists: tuple[GroupList, ...]) -> None:
    where = f"questions {question.id}"
    known = {group_list.id: group_list for group_list in lists}
    for name in question.scope:
        if name not in known:
            reading.faults.add(where, f"unknown group list {name!r} in 'scope'")
    groups = [g.id for name in question.scope if name in known for g in known[name].groups]
    no_repeats(groups, "group", where, reading.faults)


def _moves(reading: Reading, table: Table, key: str) -> tuple[Move, ...]:
    found = []
    for raw in table.items(key, []):
        move = reading.single(raw, f"{table.where} {key}")
        kinds = [kind for kind in ("to", "gain", "becomes", "fix", "empty") if move.has(kind)]
        if len(kinds) != 1:
            move.fault("needs exactly one of 'to', 'gain', 'becomes', 'fix', 'empty'")
            continue
        (kind,) = kinds
        codes = () if kind == "empty" else move.names(kind)
        move.raw(kind)
        found.append(Move(kind, codes, move.names("from", ()), move.text("part", "")))
        move.close()
    return tuple(found)


def _check_move(table: Table, question: Question, move: Move) -> None:
    if move.kind not in MOVES.get(question.type, ()):
        table.fault(f"move {move.kind!r} does not fit type {question.type!r}")
        return
    columns = {column.id: column for column in question.fields}
    if question.type == "mitigation":
        part = move.part or "residual"
        if part not in columns:
            table.fault(f"unknown part {part!r} in a move")
            return
        known = {choice.code for choice in columns[part].choices}
    else:
        known = set(question.codes)
    for code in (*move.codes, *move.of):
        if code not in known:
            table.fault(f"unknown code {code!r} in a move")
        elif not CODE.fullmatch(code):
            table.fault(f"bad code {code!r}")

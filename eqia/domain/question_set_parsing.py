"""One question set out of its plain values; every fault of section 7, all at once."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

from eqia.domain.condition_reading import ConditionReader, Place
from eqia.domain.conditions import ALWAYS, NEVER, Condition, leaves
from eqia.domain.errors import Problem
from eqia.domain.question_parsing import Draft, parse_groups, parse_questions, parse_sections
from eqia.domain.question_set_reading import Faults, Reading, Table, no_repeats
from eqia.domain.questions import GroupList, Question, QuestionSet, Texts, digest_of
from eqia.domain.rule_parsing import (
    parse_default,
    parse_duties,
    parse_law,
    parse_outcomes,
    parse_review,
    parse_rules,
    parse_signoff,
    parse_uses,
)
from eqia.domain.rules import Rule

NO_DEFAULT_REASON = {
    "en": "The answers so far do not settle it.",
    "cy": "Nid yw'r atebion hyd yma yn ei setlo.",
}


def parse_question_set(
    raw: Mapping[str, object], file: str, known: Mapping[tuple[str, int], str]
) -> tuple[QuestionSet | None, tuple[Problem, ...]]:
    """Parse a set; it is None if any problem is listed."""
    faults = Faults(file)
    top = Table(dict(raw), "top level", faults)
    parsed = _parse(dict(raw), top, faults)
    top.close()
    if known.get(parsed.key, parsed.digest) != parsed.digest:
        name = f"{parsed.id} version {parsed.version}"
        faults.add(name, "is already known with other content: give it a new version")
    return (None if faults.problems else parsed), tuple(faults.problems)


def _parse(raw: dict[str, object], top: Table, faults: Faults) -> QuestionSet:
    top.languages = top.names("languages")
    if not top.languages:
        top.fault("needs a language")
    no_repeats(top.languages, "language", "top level", faults)
    reading = Reading(faults, top.languages)
    lists, group_conditions = parse_groups(reading, top)
    sections = parse_sections(reading, top)
    outcomes = parse_outcomes(reading, top)
    _check_list_sections(lists, {section.id for section in sections}, faults)
    drafts = parse_questions(reading, top, lists, sections)
    limits = _limits(reading, top)
    reader = ConditionReader(
        questions={draft.question.id: draft.question for draft in drafts},
        lists={group_list.id: group_list for group_list in lists},
        named=top.table("conditions", {}),
        limits=limits,
        faults=faults,
        sections=frozenset(section.id for section in sections),
    )
    questions = _with_conditions(drafts, reader)
    _check_required_for(questions, {outcome.id for outcome in outcomes}, faults)
    effective_from, effective_to = _period(top)
    rules = parse_rules(reading, top, reader, outcomes)
    _check_record_only(questions, rules, faults)
    return QuestionSet(
        id=top.id(),
        version=_version(top),
        title=top.texts("title"),
        effective_from=effective_from,
        effective_to=effective_to,
        jurisdiction=top.text("jurisdiction"),
        languages=top.languages,
        default=parse_default(top, outcomes),
        default_reason=_default_reason(top),
        law=parse_law(reading, top),
        groups=_shown_groups(lists, group_conditions, questions, reader),
        sections=sections,
        outcomes=outcomes,
        conditions=_named_conditions(reader),
        questions=questions,
        rules=rules,
        duties=parse_duties(reading, top, reader),
        signoff=parse_signoff(reading, top),
        review=parse_review(reading, top),
        uses=parse_uses(reading, top, reader),
        limits=limits,
        translation_status=_translation_status(reading, top),
        source=raw,
        digest=digest_of(raw),
    )


def _check_list_sections(lists: tuple[GroupList, ...], sections: set[str], faults: Faults) -> None:
    for group_list in lists:
        if group_list.section and group_list.section not in sections:
            faults.add(f"group_lists {group_list.id}", f"unknown section {group_list.section!r}")


def _version(top: Table) -> int:
    version = top.number("version")
    if version < 1 and top.has("version"):
        top.fault(f"bad version {version!r}")
    return version


def _period(top: Table) -> tuple[date, date | None]:
    first = top.day("effective_from", required=True) or date.min
    last = top.day("effective_to", required=False)
    if last is not None and last < first:
        top.fault("'effective_to' is before 'effective_from'")
    return first, last


def _limits(reading: Reading, top: Table) -> Mapping[str, int]:
    raw = top.table("limits", {})
    table = reading.single(raw, "limits")
    return {name: table.number(name) for name in raw}


def _default_reason(top: Table) -> Texts:
    if top.has("default_reason"):
        return top.texts("default_reason")
    english = NO_DEFAULT_REASON["en"]
    return {language: NO_DEFAULT_REASON.get(language, english) for language in top.languages}


def _translation_status(reading: Reading, top: Table) -> Texts:
    table = reading.single(top.table("translation_status", {}), "translation_status")
    found = {name: table.text(name) for name in reading.languages if table.has(name)}
    table.close()
    return found


def _with_conditions(drafts: tuple[Draft, ...], reader: ConditionReader) -> tuple[Question, ...]:
    found = []
    for place, draft in enumerate(drafts):
        question = draft.question
        where, rows = f"questions {question.id}", question.scope or None
        found.append(
            replace(
                question,
                show_if=_read(reader, draft.show_if, Place(where, rows, place)),
                required_if=_read(reader, draft.required_if, Place(where, rows)),
                tick_all_if=_read(reader, draft.tick_all_if, Place(where, rows), NEVER),
            )
        )
    return tuple(found)


def _read(
    reader: ConditionReader, raw: object, place: Place, absent: Condition = ALWAYS
) -> Condition:
    return absent if raw is None else reader.read(raw, place)


def _shown_groups(
    lists: tuple[GroupList, ...],
    conditions: Mapping[tuple[str, str], object],
    questions: tuple[Question, ...],
    reader: ConditionReader,
) -> tuple[GroupList, ...]:
    """Give groups their conditions, which may read only what is asked before their rows."""
    shown = []
    for group_list in lists:
        rows = [i for i, question in enumerate(questions) if group_list.id in question.scope]
        before = min(rows, default=len(questions))
        groups = tuple(
            replace(
                group,
                show_if=_read(
                    reader,
                    conditions.get((group_list.id, group.id)),
                    Place(f"groups.{group_list.id} {group.id}", None, before),
                ),
            )
            for group in group_list.groups
        )
        shown.append(replace(group_list, groups=groups))
    return tuple(shown)


def _named_conditions(reader: ConditionReader) -> Mapping[str, Condition]:
    """Read the named conditions; those about one row live only where they are used."""
    found = {}
    for name in reader.named:
        condition = reader.read({"use": name}, Place(f"conditions {name}", loose=True))
        if all(
            over or not reader.questions[leaf.question].scope for leaf, over in leaves(condition)
        ):
            found[name] = condition
    return found


def _check_record_only(
    questions: tuple[Question, ...], rules: tuple[Rule, ...], faults: Faults
) -> None:
    kept = {question.id for question in questions if question.record_only}
    for rule in rules:
        for leaf, _ in leaves(rule.when):
            if leaf.question in kept:
                faults.add(f"rules {rule.id}", f"reads {leaf.question!r}, kept for the record only")


def _check_required_for(
    questions: tuple[Question, ...], outcomes: set[str], faults: Faults
) -> None:
    for question in questions:
        for outcome in question.required_for:
            if outcome not in outcomes:
                faults.add(f"questions {question.id}", f"unknown outcome {outcome!r}")

"""A screening laid out for somebody who judges it: every answer in words, by section and group."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from eqia.domain.answers import Answers, Shown, shown
from eqia.domain.questions import GroupList, Question, QuestionSet, text_in
from eqia.domain.record_times import day_in_words
from eqia.domain.record_words import Words

Place = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Line:
    """One answer, with where it stands and what the question asks in a few words."""

    question: str
    group: str
    label: str
    group_label: str
    answer: str

    @property
    def place(self) -> Place:
        """Question and group."""
        return self.question, self.group

    @property
    def anchor(self) -> str:
        """Where on the page it is."""
        return f"a-{self.question}-{self.group}" if self.group else f"a-{self.question}"


@dataclass(frozen=True, slots=True)
class GroupSheet:
    """All that is said about one group; or why it was not asked about."""

    id: str
    label: str
    not_asked: str
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class ListSheet:
    """The groups of one list; protected and local groups never share one."""

    id: str
    label: str
    protected: bool
    groups: tuple[GroupSheet, ...]

    @property
    def asked(self) -> bool:
        """Whether anything was asked of any of its groups."""
        return any(group.lines for group in self.groups)


@dataclass(frozen=True, slots=True)
class SectionSheet:
    """The answers of one section that are given once."""

    title: str
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Sheet:
    """The whole screening in words."""

    sections: tuple[SectionSheet, ...]
    lists: tuple[ListSheet, ...]

    def lines(self) -> dict[Place, Line]:
        """Find every answer by its place."""
        flat = [line for section in self.sections for line in section.lines]
        flat += [line for one in self.lists for group in one.groups for line in group.lines]
        return {line.place: line for line in flat}


@dataclass(frozen=True, slots=True)
class Difference:
    """An answer that changed: what it said and what it says."""

    label: str
    group_label: str
    before: str
    after: str


class Change(Protocol):
    """One saved change of one answer, as stored."""

    question: str
    group_id: str
    before: Any
    after: Any


class Reader:
    """Puts the answers of one set in words, in one language."""

    def __init__(
        self, question_set: QuestionSet, language: str, names: Mapping[str, str] | None = None
    ) -> None:
        self.question_set = question_set
        self.language = language
        #: what an answer that names a body by its code calls it
        self.names = names or {}
        #: our own words between the answers, as the record has them
        self.said = Words(language)
        self.groups = {
            group.id: text_in(group.label, language)
            for group_list in question_set.groups
            for group in group_list.groups
        }

    def label(self, question_id: str) -> str:
        """Name a question by its id and a few words; one that follows from another by words."""
        if not self.question_set.has_question(question_id):
            return question_id
        question = self.question_set.question(question_id)
        text = text_in(question.short or question.text, self.language)
        name = text if question.companion_of else f"{question_id} {text}"
        return name.replace("{group}", "this group")

    def words(self, question_id: str, answer: object) -> str:
        """Put an answer in words; nothing is "Not answered", never "no"."""
        if answer is None or answer in ("", [], (), {}):
            return self.said("not_answered")
        if not self.question_set.has_question(question_id):
            return str(answer)
        return self._words(self.question_set.question(question_id), answer)

    def _words(self, question: Question, answer: object) -> str:
        if isinstance(answer, str):
            if question.type == "date":
                return day_in_words(answer, self.language)
            return self.names.get(answer) or question.label_of(answer, self.language)
        if isinstance(answer, Mapping):
            return self._row(question, answer)
        if isinstance(answer, list | tuple):
            parts = [self._words(question, one) for one in answer]
            return ("\n\n" if question.fields else ", ").join(parts)
        return str(answer)

    def _row(self, question: Question, row: Mapping[str, object]) -> str:
        parts = []
        for column in question.fields:
            value = str(row.get(column.id) or "")
            labels = {c.code: text_in(c.label, self.language) for c in column.choices}
            day = day_in_words(value, self.language) if column.type == "date" else ""
            said = day or labels.get(value, value)
            if said:
                name = text_in(column.label, self.language).rstrip("?")
                parts.append(f"{name}: {said}")
        return "\n".join(parts)

    def sheet(self, answers: Answers) -> Sheet:
        """Lay out every answer that the form shows."""
        view = shown(self.question_set, answers)
        sections = tuple(
            SectionSheet(
                text_in(section.title, self.language),
                self._lines(view, answers, self._once(section.id), None),
            )
            for section in self.question_set.sections
        )
        lists = tuple(self._list(view, answers, one) for one in self.question_set.groups)
        return Sheet(tuple(one for one in sections if one.lines), lists)

    def _once(self, section_id: str) -> list[Question]:
        return [one for one in self.question_set.questions_in(section_id) if not one.scope]

    def _list(self, view: Shown, answers: Answers, one: GroupList) -> ListSheet:
        asked = [question for question in self.question_set.questions if one.id in question.scope]
        rows, not_asked = view.rows(one.id), self.said("not_asked")
        groups = tuple(
            GroupSheet(
                group.id,
                self.groups[group.id],
                "" if group.id in rows else text_in(group.not_asked, self.language) or not_asked,
                self._lines(view, answers, asked, group.id),
            )
            for group in one.groups
        )
        return ListSheet(one.id, text_in(one.label, self.language), one.protected, groups)

    def _lines(
        self, view: Shown, answers: Answers, asked: Iterable[Question], group: str | None
    ) -> tuple[Line, ...]:
        return tuple(
            self._line(question, group or "", answers.get(question.id, group))
            for question in asked
            if view.asks(question.id, group)
        )

    def _line(self, question: Question, group: str, answer: object) -> Line:
        words = self.words(question.id, answer)
        return Line(question.id, group, self.label(question.id), self.groups.get(group, ""), words)

    def changed(self, changes: Iterable[Change]) -> tuple[Difference, ...]:
        """Say what changed from the first to the last of some saved changes, place by place."""
        first: dict[Place, Any] = {}
        last: dict[Place, Any] = {}
        for change in changes:
            place = change.question, change.group_id
            first.setdefault(place, change.before)
            last[place] = change.after
        return tuple(
            self._difference(place, first[place], last[place])
            for place in first
            if first[place] != last[place]
        )

    def between(self, before: Answers, after: Answers) -> tuple[Difference, ...]:
        """Say what differs between two versions, answer by answer."""
        old = {(q, g or ""): a for q, g, a in before.items(self.question_set)}
        new = {(q, g or ""): a for q, g, a in after.items(self.question_set)}
        return tuple(
            self._difference(place, old.get(place), new.get(place))
            for place in dict.fromkeys((*new, *old))
            if old.get(place) != new.get(place)
        )

    def _difference(self, place: Place, before: object, after: object) -> Difference:
        question, group = place
        return Difference(
            self.label(question),
            self.groups.get(group, ""),
            self.words(question, before),
            self.words(question, after),
        )

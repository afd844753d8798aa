"""The answers of a record on their way into its public copy: typed words through the sieve."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from eqia.domain.publication_sieve import Where
from eqia.domain.record_reading import Reading
from eqia.domain.record_words import Words

if TYPE_CHECKING:
    from eqia.domain.publication_sieve import Sieve
    from eqia.domain.record_reading import Record

_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)


@dataclass(frozen=True, slots=True)
class Kind:
    """What can be chosen as an answer; all else was typed, such as a name added to a list."""

    labels: frozenset[str] = frozenset()
    is_day: bool = False

    def chose(self, value: str) -> bool:
        """Whether this is one of the answers on offer, or a day."""
        return value in self.labels or (self.is_day and _DAY.fullmatch(value) is not None)


TYPED = Kind()


class Answering:
    """The project and the answers of one record, through one sieve."""

    def __init__(self, record: Record, sieve: Sieve) -> None:
        self._record, self._sieve = record, sieve
        self._words = Words(record["language"])
        self._reading = Reading(record, self._words)
        snapshot = record["question_set"]["snapshot"]
        lists = snapshot.get("choice_lists", {})
        self._kinds = {one["id"]: _kind(one, lists) for one in snapshot["questions"]}
        self._columns = {
            one["id"]: tuple(_kind(field, lists) for field in one.get("fields", ()))
            for one in snapshot["questions"]
        }
        #: by the name of a column, for plans that stand apart from their question
        self._parts: dict[str, list[Kind]] = {}
        for question in self._reading.every_question():
            kinds = self._columns.get(question["id"], ())
            for label, kind in zip(question["columns"], kinds, strict=False):
                self._parts.setdefault(label, []).append(kind)

    def typed(self, text: str, section: str, *label: str, echo: bool = False) -> str:
        """Put what somebody typed through the sieve; an echo is shown elsewhere too."""
        if not text:
            return text
        where = Where(section, ", ".join(one for one in label if one), echo=echo)
        return self._sieve.text(text, where)

    def project(self) -> dict[str, Any]:
        """Take over what the record shows of the project."""
        project, words = self._record["project"], self._words
        # The summary is shown only where the form did not ask what will change.
        told = "" if self._reading.text_of("summary") else project["summary"]
        return {
            "title": self.typed(project["title"], "project", words("pub_title")),
            "summary": self.typed(told, "project", words("what")),
            "organisations": self.typed(project["organisations"], "project", words("partners")),
        }

    def sheet(self) -> list[dict[str, Any]]:
        """Take over every question that was asked, with its answer."""
        return [
            {
                "id": section["id"],
                "title": section["title"],
                "questions": [self._question(one) for one in section["questions"]],
            }
            for section in self._record["sheet"]
        ]

    def chosen(self) -> list[str]:
        """List what was chosen, not typed: that is always public."""
        return [
            line
            for question in self._reading.every_question()
            for entry in question["entries"]
            for line in _lines(entry["answer"])
            if self._kind(question).chose(line)
        ]

    def findings(self) -> list[dict[str, Any]]:
        """Take over how every group fares."""
        kept = ("id", "label", "protected", "asked_by_group")
        return [
            {
                **{name: found[name] for name in kept},
                "groups": [self._group(one) for one in found["groups"]],
            }
            for found in self._record["findings"]
        ]

    def changes(self) -> dict[str, Any] | None:
        """Take over what differs from the version before."""
        changes = self._record["changes"]
        if not changes:
            return None
        title = self._words("since", name=changes["since"])
        return {
            "since": changes["since"],
            "outcome": changes["outcome"],
            "summary": self.typed(changes["summary"], "acts", title),
            "answers": [self._change(one) for one in changes["answers"]],
        }

    def _change(self, change: Record) -> dict[str, Any]:
        kept = {name: change[name] for name in ("question", "group_label", "short")}
        question = {"id": change["question"], "short": change["short"], "columns": ()}
        sides = {
            side: self._answer(change[side], question, change["group_label"])
            for side in ("before", "after")
        }
        return {**kept, **sides}

    def _question(self, question: Record) -> dict[str, Any]:
        kept = ("id", "text", "short", "type", "required", "columns")
        entries = [
            {
                "group": entry["group"],
                "group_label": entry["group_label"],
                "answer": self._answer(entry["answer"], question, entry["group_label"]),
            }
            for entry in question["entries"]
        ]
        return {**{name: question[name] for name in kept}, "entries": entries}

    def _kind(self, question: Record) -> Kind:
        return self._kinds.get(question["id"], TYPED)

    def _answer(self, answer: Any, question: Record, group: str) -> Any:  # noqa: ANN401 - JSON
        """Take over what was chosen; what was typed goes through the sieve."""
        if answer is None:
            return None
        place = (f"{question['id']}. {question['short']}", group)
        if isinstance(answer, str):
            return self._value(answer, self._kind(question), *place)
        return [
            self._value(line, self._kind(question), *place)
            if isinstance(line, str)
            else self._cells(line, question, place)
            for line in answer
        ]

    def _cells(self, cells: list[str], question: Record, place: tuple[str, str]) -> list[str]:
        """Take over a row; a cell of an unknown column counts as typed."""
        kinds = [*self._columns.get(question["id"], ()), *(TYPED,) * len(cells)]
        labels = [*question["columns"], *("",) * len(cells)]
        return [
            self._value(cell, kind, *place, label)
            for cell, kind, label in zip(cells, kinds, labels, strict=False)
        ]

    def _value(self, value: str, kind: Kind, *place: str) -> str:
        return value if kind.chose(value) else self.typed(value, "answers", *place)

    def _group(self, group: Record) -> dict[str, Any]:
        kept = {name: group[name] for name in ("id", "label", "asked", "not_asked")}
        if not group["asked"]:
            return kept
        chosen = ("question", "required", "effect", "direction", "basis")
        label = (self._words("what_happens"), group["label"])
        return {
            **kept,
            **{name: group[name] for name in chosen},
            "reason": self.typed(group["reason"], "answers", *label, echo=True),
            "action": [self._part(one, group["label"]) for one in group["action"]],
        }

    def _part(self, part: Record, group: str) -> dict[str, str]:
        value, label = part["value"], part["label"]
        if not any(kind.chose(value) for kind in self._parts.get(label, ())):
            value = self.typed(value, "answers", label, group, echo=True)
        return {"label": label, "value": value}


def _kind(asked: Record, lists: Mapping[str, Any]) -> Kind:
    """Read from a form what can be chosen as an answer, in every language it has."""
    choices = asked.get("choices") or ()
    if isinstance(choices, str):
        choices = lists.get(choices, ())
    labels: set[str] = set()
    for choice in choices:
        label = choice["label"]
        labels.update(label.values() if isinstance(label, Mapping) else [label])
    return Kind(frozenset(labels), is_day=asked["type"] == "date")


def _lines(answer: Any) -> list[str]:  # noqa: ANN401 - JSON values are of any type
    lines = [answer] if isinstance(answer, str) else answer or ()
    return [line for line in lines if isinstance(line, str)]

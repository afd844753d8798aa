"""The answers of a record on their way into its public copy: typed words through the sieve."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from eqia.domain.publication_sieve import Where
from eqia.domain.record_reading import Reading
from eqia.domain.record_words import Words

if TYPE_CHECKING:
    from eqia.domain.publication_sieve import Sieve
    from eqia.domain.record_reading import Record

#: Answers and cells of these types are chosen, not typed; anything else counts as typed.
CHOSEN = frozenset({"one", "many", "date"})


class Answering:
    """The project and the answers of one record, through one sieve."""

    def __init__(self, record: Record, sieve: Sieve) -> None:
        self._record, self._sieve = record, sieve
        self._words = Words(record["language"])
        self._reading = Reading(record, self._words)
        questions = record["question_set"]["snapshot"]["questions"]
        self._kinds: dict[str, str] = {one["id"]: one["type"] for one in questions}
        self._columns: dict[str, tuple[str, ...]] = {
            one["id"]: tuple(field["type"] for field in one.get("fields", ())) for one in questions
        }
        self._chosen_labels = {
            column
            for question in self._reading.every_question()
            for column, kind in zip(
                question["columns"], self._columns.get(question["id"], ()), strict=False
            )
            if kind in CHOSEN
        }

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
        answers = [
            entry["answer"]
            for question in self._reading.every_question()
            if self._kinds.get(question["id"], "") in CHOSEN
            for entry in question["entries"]
        ]
        return [self._reading.in_text(answer) for answer in answers if answer]

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

    def _answer(self, answer: Any, question: Record, group: str) -> Any:  # noqa: ANN401 - JSON
        """Take over what was chosen; what was typed goes through the sieve."""
        if answer is None or self._kinds.get(question["id"], "") in CHOSEN:
            return answer
        place = (f"{question['id']}. {question['short']}", group)
        if isinstance(answer, str):
            return self.typed(answer, "answers", *place)
        return [
            self.typed(line, "answers", *place)
            if isinstance(line, str)
            else self._cells(line, question, place)
            for line in answer
        ]

    def _cells(self, cells: list[str], question: Record, place: tuple[str, str]) -> list[str]:
        """Take over a row; a cell of an unknown column counts as typed."""
        kinds = [*self._columns.get(question["id"], ()), *("",) * len(cells)]
        labels = [*question["columns"], *("",) * len(cells)]
        return [
            cell if kind in CHOSEN else self.typed(cell, "answers", *place, label)
            for cell, kind, label in zip(cells, kinds, labels, strict=False)
        ]

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
        if label not in self._chosen_labels:
            value = self.typed(value, "answers", label, group, echo=True)
        return {"label": label, "value": value}

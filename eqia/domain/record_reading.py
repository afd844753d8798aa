"""Reads a stored record: finds the questions that play a part, and puts values in words."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from eqia.domain.record_times import day_in_words
from eqia.domain.record_words import Words

Record = Mapping[str, Any]

#: A sentence can carry this much of somebody's words; all of them stand in section 7.
LONG = 500


@dataclass(frozen=True, slots=True)
class Reading:
    """A record with the words of its language."""

    record: Record
    words: Words

    def __getitem__(self, key: str) -> Any:  # noqa: ANN401 - JSON values are of any type
        return self.record[key]

    def uses(self, part: str) -> list[str]:
        """List the questions that play a part in this record's form."""
        value = self.record["question_set"]["snapshot"].get("uses", {}).get(part, [])
        return [value] if isinstance(value, str) else [str(item) for item in value]

    def table(self, part: str) -> dict[str, str]:
        """Give a table of parts and the question for each, if this record's form has one."""
        value = self.record["question_set"]["snapshot"].get("uses", {}).get(part)
        return dict(value) if isinstance(value, Mapping) else {}

    def answer_to(self, question_id: str) -> str:
        """Give the answer to one question as one text."""
        for question in self.every_question():
            if question["id"] == question_id and question["entries"]:
                return self.in_text(question["entries"][0]["answer"])
        return ""

    def questions(self, part: str) -> list[Record]:
        """Find the asked questions that play a part."""
        ids = self.uses(part)
        return [question for question in self.every_question() if question["id"] in ids]

    def every_question(self) -> Iterable[Record]:
        """Walk every question that was asked, in order."""
        for section in self.record["sheet"]:
            yield from section["questions"]

    def first_answer(self, part: str) -> Any:  # noqa: ANN401 - JSON values are of any type
        """Give the answer, in words, to the question that plays a part; None while blank."""
        for question in self.questions(part):
            for entry in question["entries"]:
                return entry["answer"]
        return None

    def text_of(self, part: str) -> str:
        """Give an answer as one text."""
        return self.in_text(self.first_answer(part))

    def in_text(self, answer: Any) -> str:  # noqa: ANN401 - JSON values are of any type
        """Put an answer in one text: ticks and rows one to a line."""
        if answer is None:
            return ""
        if isinstance(answer, str):
            return answer
        return "\n".join(
            line if isinstance(line, str) else "; ".join(self.day(cell) for cell in line if cell)
            for line in answer
        )

    def rows(self, part: str) -> list[tuple[tuple[str, str], ...]]:
        """List the rows of a table answer, each cell under the name of its column."""
        found = []
        for question in self.questions(part):
            for entry in question["entries"]:
                found += [self.row(question, cells) for cells in entry["answer"] or ()]
        return found

    def row(self, question: Record, cells: Iterable[str]) -> tuple[tuple[str, str], ...]:
        """Name the filled cells of a row."""
        pairs = zip(question["columns"], cells, strict=True)
        return tuple((column, self.day(cell)) for column, cell in pairs if cell)

    def day(self, text: str | None, otherwise: str = "") -> str:
        """Put a stored date or moment in words."""
        return day_in_words(text, self.words.language) if text else otherwise

    def when(self, entry: Record) -> str:
        """Say when an entry of the timeline happened, or for when it is planned."""
        day = self.day(entry.get("at") or entry["on"])
        return self.words("planned", day=day) if entry["planned"] else day

    def place(self, question: str, group: str | None) -> str:
        """Name a place on the form: the question, and the group if it is asked per group."""
        name = self._short(question) if self._follows(question) else question
        label = self.group_label(group) if group else ""
        return f"{name} ({label})" if label else name

    def numbered(self, question: Record) -> str:
        """Put a question's id before its text; one that follows from another needs none."""
        text = str(question["text"]).replace("{group}", self.words("each_group"))
        return text if self._follows(question["id"]) else f"{question['id']}. {text}"

    def _follows(self, question_id: str) -> bool:
        questions = self.record["question_set"]["snapshot"].get("questions", ())
        return any(one["id"] == question_id and one.get("companion_of") for one in questions)

    def _short(self, question_id: str) -> str:
        found = (one["short"] for one in self.every_question() if one["id"] == question_id)
        return str(next(found, "")) or question_id

    def group_label(self, group: str) -> str:
        """Give the words for a group."""
        for one in self.record["findings"]:
            for found in one["groups"]:
                if found["id"] == group:
                    return str(found["label"])
        return group

    def role(self, role: str) -> str:
        """Give the words for a role of the service; any other title is its own words."""
        return self.words.get(f"p_{role}", role)

    def named(self, part: str) -> str:
        """Name everybody who had a part."""
        return ", ".join(one["name"] for one in self.record["people"] if one["part"] == part)

    def signer(self) -> str:
        """Name who signed, with their role; where a public copy gives roles, the role alone."""
        signed = self.record["sign_off"]
        role = self.role(signed["role"])
        return role if signed["name"] == role else f"{signed['name']} ({role})"

    def reviewers(self) -> str:
        """Name everybody who reviewed it."""
        return self.named("reviewer") or self.words("none")


def shortened(text: str, more: str, limit: int = LONG) -> str:
    """Cut a long text at a word, and say where the rest is."""
    text = text.strip()
    if len(text) <= limit:
        return text
    head = text[:limit]
    cut = head.rsplit(maxsplit=1)[0] if " " in head else head
    return f"{cut} {more}"


def gathered(entries: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """Put labels that share a text together: (labels, text), in order of first use."""
    together: dict[str, list[str]] = {}
    for label, text in entries:
        if text:
            together.setdefault(text, []).append(label)
    return [(", ".join(labels), text) for text, labels in together.items()]

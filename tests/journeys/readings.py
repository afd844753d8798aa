"""Published screenings read as answers to our questions, and the facts they have to agree with."""

from __future__ import annotations

import json
import tomllib
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from eqia.domain.answer_parsing import parse_answers
from tests.domain.forms import question_set

if TYPE_CHECKING:
    from eqia.domain.answers import Answers
    from eqia.domain.questions import QuestionSet

HERE = Path(__file__).parent / "real_screenings"
FOUND_OUT = Path(__file__).parent / "found_out"
SHARED = Path(__file__).parents[3] / "shared" / "data" / "real-screenings"
NAMES = sorted(path.stem for path in HERE.glob("*.toml"))


@dataclass(frozen=True)
class Reading:
    """One published screening in our words; `"*"` stands for every group without its own words."""

    facts: str
    set: str
    published: str
    outcome: str
    rules: list[str]
    compare: str
    project: dict[str, str]
    bodies: dict[str, str]
    answers: dict[str, Any]
    evidence: list[dict[str, Any]]
    duties: tuple[str, ...] = ()
    language: str = "en"

    @property
    def asked(self) -> QuestionSet:
        return question_set(self.set)

    @property
    def parsed(self) -> Answers:
        """The answers as `eqia decide` reads them, each group by name, hidden rows left out."""
        whole = {name: self._spread(name, value) for name, value in self.answers.items()}
        return parse_answers(self.asked, whole).visible(self.asked)

    def _spread(self, name: str, value: Any) -> Any:
        question = self.asked.question(name)
        if not question.scope:
            return value
        groups = [group.id for group in self.asked.groups_for(question)]
        assert set(value) <= {*groups, "*"}, f"{self.facts}: {name}"
        return {group: value.get(group, value.get("*")) for group in groups}


@dataclass(frozen=True)
class FoundOut:
    """What a team could find out once a reviewer returned its screening: stand-ins, not facts."""

    outcome: str
    rules: list[str]
    returned: dict[str, str]
    comment: dict[str, str]
    #: what closes each point to find out, by its cause
    findings: dict[str, str]
    answers: dict[str, Any]
    evidence: list[dict[str, Any]]

    def after(self, read: Reading) -> Reading:
        """The screening as the team sends it again."""
        answers = {**read.answers, **self.answers}
        return replace(read, answers=answers, outcome=self.outcome, rules=self.rules)


def found_out(name: str) -> FoundOut:
    return FoundOut(**tomllib.loads((FOUND_OUT / f"{name}.toml").read_text(encoding="utf-8")))


def reading(name: str) -> Reading:
    return Reading(**tomllib.loads((HERE / f"{name}.toml").read_text(encoding="utf-8")))


def facts_of(read: Reading) -> dict[str, Any]:
    """What the published page was coded as, from the folder beside the project."""
    path = SHARED / f"{read.facts}.json"
    if not path.is_file():
        pytest.skip(f"shared data absent: {path.name}")
    found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return found

"""What the items of the readiness checklist that read live data look at, as values."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any

from eqia.domain.answers import Answers
from eqia.domain.coverage_items import Item
from eqia.domain.pictures import Picture
from eqia.domain.questions import QuestionSet
from eqia.domain.readiness import SetMeaning
from eqia.domain.screenings import Status
from eqia.domain.small_numbers import hidden_outside
from eqia.domain.untold import Untold


@dataclass(frozen=True, slots=True)
class Version:
    """One version of the screening, with its answers."""

    id: str
    #: EQS-2026-0042 v3
    name: str
    status: Status
    question_set: QuestionSet
    answers: Answers


class DeedKind(StrEnum):
    """What a rule can ask for that no measure shows."""

    REPLY = "reply"
    INVOLVEMENT = "involvement"


DEED_LABELS: Mapping[str, str] = {
    DeedKind.REPLY: "Reply to the people who raised a worry",
    DeedKind.INVOLVEMENT: "Involve people who are likely to be affected",
}


@dataclass(frozen=True, slots=True)
class Deed:
    """Something done because a rule asked for it: when, and in whose words what came of it."""

    kind: str
    on: date | None
    words: str
    #: the action of the plan that it was, for involvement
    action: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cycle:
    """A small test, as far as the checklist looks at it."""

    title: str
    decided: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadinessFacts:
    """Everything the checklist reads of one plan and its screening on one day."""

    #: the versions under the reference that are not withdrawn, the newest first
    versions: tuple[Version, ...]
    #: the version the plan follows: its questions, decision and outcome in force
    question_set: QuestionSet
    answers: Answers
    decision: Mapping[str, Any]
    outcome: str
    language: str
    eqia_approved: bool
    plan: Picture
    #: what keeps the plan from being closed (measures.md section 3)
    blocking: tuple[Item, ...]
    #: of whom nobody who sees these facts can know whether they give concern
    untold: tuple[Untold, ...] = ()
    #: whether they are those that people outside the team see, small numbers hidden
    outside: bool = False
    #: the names of all groups, which typed words must not stand beside a small number of
    groups: frozenset[str] = frozenset()
    #: how many findings that need action are covered, in words, and whether all are
    coverage: tuple[int, int, str]
    #: measures in force with a reading of a group -> the group they are broken down by
    read_by: Mapping[str, str] = field(default_factory=dict)
    #: rule -> what was done about it
    deeds: Mapping[str, Deed] = field(default_factory=dict)
    #: the last review held since the version was signed
    review_held: date | None = None
    cycles: tuple[Cycle, ...] = ()
    #: what each question set means, by its id
    meanings: Mapping[str, SetMeaning] = field(default_factory=dict)

    def written(self, text: str) -> str:
        """Give what somebody wrote as the reader of these facts may see it."""
        return hidden_outside(text, self.groups) if self.outside else text

    def meaning(self, question_set: QuestionSet) -> SetMeaning:
        """Say what a question set means for the checklist."""
        return self.meanings.get(question_set.id, SetMeaning())

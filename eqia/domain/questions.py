"""What is asked and how it is decided: question sets as values, read from TOML files."""

import copy
import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property

from eqia.domain.conditions import NEVER, Condition
from eqia.domain.form_parts import Choice, Field, Group, GroupList, Move, Question, Section
from eqia.domain.rules import (
    Duty,
    Law,
    Outcome,
    Review,
    Rule,
    Signoff,
    Statement,
    Texts,
    text_in,
)

__all__ = [
    "Choice",
    "Duty",
    "Field",
    "Group",
    "GroupList",
    "Law",
    "Move",
    "Outcome",
    "Question",
    "QuestionSet",
    "Review",
    "Rule",
    "Section",
    "Signoff",
    "Statement",
    "Texts",
    "text_in",
]


def canonical_json(value: object) -> str:
    """JSON with sorted keys and fixed separators, so that equal content has equal text."""
    return json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def digest_of(snapshot: Mapping[str, object]) -> str:
    """SHA-256 of the canonical JSON of a set."""
    return hashlib.sha256(canonical_json(snapshot).encode()).hexdigest()


@dataclass(frozen=True, eq=False)
class QuestionSet:
    """One published version of a form with its rules; never edited after first use.

    `uses` tells the rest of the service which question plays which part, so that code never
    names one. Values are a question id, a list of ids or codes, or a table:

    - `summary`: the plain words of what changes. `kind_of_change`: its kind.
    - `stage`, `late_stages`: where the decision is, and the codes that mean it came first.
    - `decision_date`, `decision_maker`, `people` (how many a year), `bodies` (who decides).
    - `effect`: list of questions asking the effect per group. `basis`, `reason`, `mitigation`:
      lists of questions per group that go with an effect.
    - `measures`, `gaps`, `involvement`, `review_date`, `review_triggers`.
    - `stop_required`: what stays required after "Stop here".
    - `evidence_basis`: evidence kind -> basis code. `no_basis`: basis code for "nothing yet";
      `hand_basis`: basis codes that are ticked by hand.
    - `harm_codes`, `serious_codes`, `same_codes`, `unknown_codes`: effect codes that mean harm,
      serious harm, no difference, not known. `direction`: effect code -> positive, neutral,
      negative or unknown.
    - `short_path`: name of the condition under which the short form is enough.
    - `never_lowest`: question -> codes that never go with the lowest outcome;
      `never_lowest_long`: the same, unless the short path applies; `never_lowest_protected`:
      the same, on protected rows alone.
    - `involvement_date`: when planned involvement takes place. `evidence_section`: the section
      that holds the sources. `report`: heading -> question, where the law lays down a report.
    - `needs`: the questions on the duty's own needs, for the record's cover.

    Use `ids("effect")`, `id("stage")`, `codes("late_stages")`, `table("direction")`.
    """

    id: str
    version: int
    title: Texts
    effective_from: date
    effective_to: date | None
    jurisdiction: str
    languages: tuple[str, ...]
    default: str
    default_reason: Texts
    law: tuple[Law, ...]
    groups: tuple[GroupList, ...]
    sections: tuple[Section, ...]
    outcomes: tuple[Outcome, ...]
    conditions: Mapping[str, Condition]
    questions: tuple[Question, ...]
    rules: tuple[Rule, ...]
    duties: tuple[Duty, ...]
    signoff: Signoff
    review: Review
    uses: Mapping[str, object]
    limits: Mapping[str, int]
    translation_status: Texts
    source: Mapping[str, object] = field(repr=False)
    digest: str = ""

    def __hash__(self) -> int:
        return hash(self.digest)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, QuestionSet) and other.digest == self.digest

    @cached_property
    def _questions(self) -> Mapping[str, Question]:
        return {question.id: question for question in self.questions}

    @cached_property
    def _outcomes(self) -> Mapping[str, Outcome]:
        return {outcome.id: outcome for outcome in self.outcomes}

    @cached_property
    def _lists(self) -> Mapping[str, GroupList]:
        return {group_list.id: group_list for group_list in self.groups}

    @property
    def key(self) -> tuple[str, int]:
        """Id and version, the name of a published set."""
        return self.id, self.version

    def question(self, question_id: str) -> Question:
        """Find the question with this id; KeyError if there is none."""
        return self._questions[question_id]

    def has_question(self, question_id: str) -> bool:
        """Whether the set asks it."""
        return question_id in self._questions

    def group_list(self, list_id: str) -> GroupList:
        """Find the group list with this id; KeyError if there is none."""
        return self._lists[list_id]

    def groups_in(self, list_ids: Iterable[str]) -> tuple[Group, ...]:
        """Find the groups of some lists, in order."""
        return tuple(g for list_id in list_ids for g in self._lists[list_id].groups)

    def groups_for(self, question: Question) -> tuple[Group, ...]:
        """Find the groups a question is asked of; none for a form question."""
        return self.groups_in(question.scope)

    def outcome(self, outcome_id: str) -> Outcome:
        """Find the outcome with this id; KeyError if there is none."""
        return self._outcomes[outcome_id]

    @property
    def top(self) -> Outcome:
        """The highest outcome."""
        return max(self.outcomes, key=lambda outcome: outcome.rank)

    @property
    def lowest(self) -> Outcome:
        """The lowest outcome."""
        return min(self.outcomes, key=lambda outcome: outcome.rank)

    def section(self, section_id: str) -> Section:
        """Find the section with this id; KeyError if there is none."""
        return next(s for s in self.sections if s.id == section_id)

    def questions_in(self, section_id: str) -> tuple[Question, ...]:
        """Find the questions of a section, in order."""
        return tuple(q for q in self.questions if q.section == section_id)

    def rule(self, rule_id: str) -> Rule | None:
        """Find the rule with this id; none for `default`."""
        return next((rule for rule in self.rules if rule.id == rule_id), None)

    def ids(self, use: str) -> tuple[str, ...]:
        """Find the question ids (or codes) that play a part, possibly none."""
        value = self.uses.get(use, ())
        if isinstance(value, str):
            return (value,) if value else ()
        return tuple(str(item) for item in value) if isinstance(value, list | tuple) else ()

    codes = ids

    def id_for(self, use: str) -> str:
        """Find the one question id that plays a part, or "" where the set lacks it."""
        return next(iter(self.ids(use)), "")

    def table(self, use: str) -> Mapping[str, str]:
        """Give a table of `uses`, such as effect code -> direction."""
        value = self.uses.get(use, {})
        return {str(k): str(v) for k, v in value.items()} if isinstance(value, Mapping) else {}

    @cached_property
    def by_rank(self) -> tuple[Outcome, ...]:
        """The outcomes from the lowest to the highest."""
        return tuple(sorted(self.outcomes, key=lambda outcome: outcome.rank))

    @property
    def short_path(self) -> Condition:
        """The condition under which the short form is enough; never, if the set has none."""
        return self.conditions.get(self.id_for("short_path"), NEVER)

    def to_snapshot(self) -> dict[str, object]:
        """Everything the set says as plain JSON values; `from_snapshot` reads it back."""
        return copy.deepcopy(dict(self.source))

    def with_local_groups(
        self, local: Iterable[tuple[str, str]], *, list_id: str = "local"
    ) -> "QuestionSet":
        """Add an organisation's own groups (`org-…` id, label); the digest covers them."""
        added = [(i, label) for i, label in local if i not in self._group_ids(list_id)]
        if not added or list_id not in self._lists:
            return self
        old = self._lists[list_id]
        labels = [dict.fromkeys(self.languages, label) for _, label in added]
        new = [Group(i, t, list_id, old.protected) for (i, _), t in zip(added, labels, strict=True)]
        source = self.to_snapshot()
        rows = source["groups"][list_id]  # type: ignore[index]
        rows.extend({"id": i, "label": t} for (i, _), t in zip(added, labels, strict=True))
        grown = replace(old, groups=(*old.groups, *new))
        lists = tuple(grown if one.id == list_id else one for one in self.groups)
        return replace(self, groups=lists, source=source, digest=digest_of(source))

    def _group_ids(self, list_id: str) -> frozenset[str]:
        return (
            frozenset(g.id for g in self._lists[list_id].groups)
            if list_id in self._lists
            else frozenset()
        )

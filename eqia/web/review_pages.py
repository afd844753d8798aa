"""What the review page shows, gathered once: answers in words beside all that bears on them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from uuid import UUID

from markupsafe import Markup
from sqlalchemy.orm import Session

from eqia.domain.answers import Answers
from eqia.domain.challenges import Challenge, challenges
from eqia.domain.coverage_items import Item
from eqia.domain.days import london_day
from eqia.domain.flags import Flag, flags_on
from eqia.domain.gates import open_points
from eqia.domain.permissions import Thing
from eqia.domain.plans import PlanStatus
from eqia.domain.questions import Outcome, QuestionSet, text_in
from eqia.domain.records import in_blocks
from eqia.domain.rescreenings import Again
from eqia.domain.review_sheets import Difference, Reader, Sheet
from eqia.domain.screenings import Status
from eqia.persistence.queries import eqias, evidence, people, plans, rescreenings, screenings
from eqia.persistence.queries import flags as flag_queries
from eqia.persistence.queries import reviews as queries
from eqia.persistence.tables import (
    CommentRow,
    EqiaRow,
    EvidenceActionRow,
    EvidenceRow,
    FollowUpRow,
    PlanRow,
    ProjectRow,
    ReceiptRow,
    ReviewRow,
    ScreeningRow,
)
from eqia.web.clock import today
from eqia.web.events import Entry, timeline_of
from eqia.web.wording import say

#: What tags of rules say to a reader.
TAGS: Mapping[str, str] = {
    "advice": "Ask for advice",
    "late": "The decision came first",
    "disagree": "The answers disagree",
    "local": "Local policy or health inequalities, not the equality duty",
}


#: when it matters whether it could be signed
UNDER_REVIEW = frozenset({Status.SUBMITTED, Status.REVIEWED})
_LANG = Markup(' lang="{}"')


@dataclass(frozen=True, slots=True)
class Cited:
    """A reason as the page shows it."""

    rule: str
    text: str
    outcome: str
    answers: tuple[tuple[str, str], ...]
    notes: tuple[str, ...]


class ReviewPage:
    """Everything about one version, each part read when a page asks for it."""

    def __init__(self, session: Session, screening: ScreeningRow) -> None:
        self.session = session
        self.screening = screening
        self.asked: QuestionSet = screenings.question_set_of(session, screening)
        self.language = screening.language

    @property
    def lang(self) -> Markup:
        """Mark words of the set that are not in the page's own language (WCAG 3.1.2)."""
        return Markup() if self.language == "en" else _LANG.format(self.language)

    @cached_property
    def thing(self) -> Thing:
        """What permissions depend on."""
        return screenings.thing_of(self.session, self.screening)

    @cached_property
    def project(self) -> ProjectRow:
        """The project it is about."""
        return self.session.get_one(ProjectRow, self.screening.project_id)

    @cached_property
    def answers(self) -> Answers:
        """The answers as they stand."""
        return screenings.answers_of(self.session, self.screening)

    @cached_property
    def reader(self) -> Reader:
        """Puts answers in words."""
        return Reader(self.asked, self.language, screenings.bodies(self.session))

    @cached_property
    def sheet(self) -> Sheet:
        """The answers in words."""
        return self.reader.sheet(self.answers)

    @cached_property
    def outcome(self) -> Outcome | None:
        """The outcome in force."""
        return self._outcome(self.screening.outcome_in_force)

    @cached_property
    def calculated(self) -> Outcome | None:
        """The outcome as calculated."""
        return self._outcome(self.screening.calculated_outcome)

    def _outcome(self, outcome_id: str) -> Outcome | None:
        known = {one.id: one for one in self.asked.outcomes}
        return known.get(outcome_id)

    def label(self, outcome_id: str) -> str:
        """Give the words for an outcome."""
        found = self._outcome(outcome_id)
        return text_in(found.label, self.language) if found else ""

    def consequence(self, outcome: Outcome) -> str:
        """Say what follows from an outcome."""
        return text_in(outcome.consequence, self.language)

    @cached_property
    def open_points(self) -> tuple[Item, ...]:
        """What keeps the outcome in force from being signed, until it is put right."""
        if self.outcome is None or self.screening.status not in UNDER_REVIEW:
            return ()
        return open_points(self.asked, self.answers, self.outcome.id, self.language)

    @property
    def digest_in_blocks(self) -> str:
        """The digest of what a reader reads, in blocks that people can compare."""
        return in_blocks(self.screening.content_digest)

    @cached_property
    def statements(self) -> tuple[str, ...]:
        """The duty's statements, in full."""
        return tuple(text_in(one.text, self.language) for one in self.asked.signoff.confirm)

    @property
    def decision(self) -> Mapping[str, Any]:
        """The decision as calculated when it was sent; empty before."""
        return self.screening.decision or {}

    @cached_property
    def reasons(self) -> tuple[Cited, ...]:
        """Every rule that matched, with the answers that fired it."""
        return tuple(self._cited(reason) for reason in self.decision.get("reasons", ()))

    def _cited(self, reason: Mapping[str, Any]) -> Cited:
        rule = self.asked.rule(reason["rule"])
        answers = tuple(
            (
                self._place(one["question"], one["group"]),
                self.reader.words(one["question"], one["answer"]),
            )
            for one in reason["answers"]
        )
        notes = [TAGS[tag] for tag in rule.tags if tag in TAGS] if rule else []
        if rule is not None and not rule.overridable:
            notes.append("Nobody may lower the outcome while this applies")
        return Cited(
            reason["rule"], reason["text"], self.label(reason["outcome"]), answers, tuple(notes)
        )

    def _place(self, question: str, group: str | None) -> str:
        label = self.reader.label(question)
        return f"{label}, {self.reader.groups.get(group, group)}" if group else label

    @property
    def changes_outcome(self) -> list[str]:
        """What would change it."""
        return [str(one["text"]) for one in self.decision.get("what_would_change", ())]

    @cached_property
    def duties(self) -> tuple[str, ...]:
        """What other duties the answers raise."""
        raised = set(self.decision.get("duties", ()))
        return tuple(
            text_in(d.requires, self.language) for d in self.asked.duties if d.id in raised
        )

    @cached_property
    def flags(self) -> tuple[Flag, ...]:
        """The flags that hold today, with their causes."""
        facts = flag_queries.facts_of(self.session, self.screening, today())
        return flags_on(facts, today())

    @cached_property
    def challenges(self) -> tuple[Challenge, ...]:
        """What to look at twice."""
        starts = self.project.start_date
        return challenges(self.asked, self.answers, starts=starts, language=self.language)

    @cached_property
    def comments(self) -> Mapping[tuple[str, str], Sequence[tuple[CommentRow, str]]]:
        """Comments and replies by the answer they are about."""
        return screenings.comments_on(self.session, self.screening)

    @cached_property
    def evidence(self) -> Sequence[EvidenceRow]:
        """The sources entered."""
        return evidence.rows_of(self.session, self.screening)

    def covering(self, group: str) -> list[EvidenceRow]:
        """List the sources that cover a group."""
        return [row for row in self.evidence if group in row.groups]

    @cached_property
    def actions(self) -> Sequence[EvidenceActionRow]:
        """What is or was to be found out."""
        return queries.evidence_actions(self.session, self.screening)

    @cached_property
    def acts(self) -> Sequence[tuple[ReviewRow, str]]:
        """What reviewers and approvers did."""
        return queries.acts(self.session, self.screening)

    @cached_property
    def proposal(self) -> ReviewRow | None:
        """The lowering that waits for agreement."""
        return queries.open_proposal(self.session, self.screening)

    @cached_property
    def receipts(self) -> Sequence[tuple[ReceiptRow, str]]:
        """Who read it."""
        return queries.receipts(self.session, self.screening)

    def counts(self, receipt: ReceiptRow) -> bool:
        """Whether a receipt is for what the screening says now."""
        submitted = self.screening.submitted_at
        same = receipt.content_digest == self.screening.content_digest
        return same and submitted is not None and receipt.at >= submitted

    @cached_property
    def eqia(self) -> EqiaRow | None:
        """The full EqIA, if anything was recorded about it."""
        return eqias.of_screening(self.session, self.screening)

    @cached_property
    def follow_ups(self) -> Sequence[FollowUpRow]:
        """Decisions, reviews and triggers as logged."""
        return queries.follow_ups(self.session, self.screening)

    @cached_property
    def changed_after_shown(self) -> tuple[Difference, ...]:
        """What changed after the outcome was first shown to the team."""
        rows = screenings.changes_after_outcome_shown(self.session, self.screening)
        return self.reader.changed(rows)

    @cached_property
    def changed_since_return(self) -> tuple[Difference, ...]:
        """What changed since it was returned."""
        if self.screening.returned_at is None:
            return ()
        rows = screenings.changes_since(self.session, self.screening, self.screening.returned_at)
        return self.reader.changed(rows)

    @cached_property
    def changed_since_version(self) -> tuple[Difference, ...]:
        """What differs from the version before."""
        before = screenings.version_before(self.session, self.screening)
        if before is None:
            return ()
        return self.reader.between(screenings.answers_of(self.session, before), self.answers)

    @cached_property
    def again(self) -> Again | None:
        """The decision to screen again that it answers."""
        return rescreenings.behind(self.session, self.screening)

    @cached_property
    def running(self) -> PlanRow | None:
        """The plan of an earlier version, which goes on while this one is read and signed."""
        plan = plans.of_reference(self.session, self.screening.reference)
        if plan is None or plan.screening_id == self.screening.id:
            return None
        return plan if plan.status != PlanStatus.CLOSED else None

    @cached_property
    def followed(self) -> int:
        """The number of the version that plan follows."""
        row = self.session.get(ScreeningRow, self.running.screening_id) if self.running else None
        return row.number if row else 0

    def say(self, key: str, *values: object) -> str:
        """Give words that the pages of a screening use too; a review is held in English."""
        return say("en", key, *values)

    @cached_property
    def timeline(self) -> list[Entry]:
        """What happened, as the timeline macro wants it."""
        return timeline_of(self.session, self.screening)

    @cached_property
    def reviewer_name(self) -> str:
        """Who has taken it."""
        return screenings.name_of(self.session, self.screening.reviewer_id)

    @cached_property
    def _names(self) -> Mapping[UUID, str]:
        """The names of everybody who followed it up, read together."""
        eqia = self.eqia
        ids: set[UUID | None] = {row.logged_by for row in self.follow_ups}
        ids |= {row.done_by for row in self.actions}
        ids |= {eqia.approved_by, eqia.stated_by, eqia.accepted_by} if eqia else set()
        return people.names(self.session, {one for one in ids if one is not None})

    def name(self, person_id: UUID | None) -> str:
        """Give a person's name."""
        known = self._names.get(person_id) if person_id else ""
        return known if known is not None else screenings.name_of(self.session, person_id)

    @property
    def same_day(self) -> bool:
        """Whether screening, full assessment and approval would fall on one day (product 3)."""
        submitted = self.screening.submitted_at
        approved = self.eqia.approved_at if self.eqia else None
        days = [london_day(moment) for moment in (submitted, approved) if moment]
        return submitted is not None and all(day == today() for day in days)

"""A plan after a screening: what it says, its actions and what a review can decide."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from uuid import UUID

from eqia.domain.days import add_months
from eqia.domain.errors import Invalid, Problem
from eqia.domain.record_times import in_words


class PlanStatus(StrEnum):
    """Whether work goes on."""

    OPEN = "open"
    PAUSED = "paused"
    CLOSED = "closed"


PLAN_LABELS: Mapping[str, str] = {
    PlanStatus.OPEN: "Open",
    PlanStatus.PAUSED: "Paused",
    PlanStatus.CLOSED: "Closed",
}


class ActionKind(StrEnum):
    """What an action is for."""

    MITIGATION = "mitigation"
    ENHANCEMENT = "enhancement"
    DATA_GAP = "data_gap"
    OTHER = "other"


ACTION_LABELS: Mapping[str, str] = {
    ActionKind.MITIGATION: "Prevents or lessens harm",
    ActionKind.ENHANCEMENT: "Makes something better",
    ActionKind.DATA_GAP: "Finds out what we do not know",
    ActionKind.OTHER: "Something else",
}


class ActionStatus(StrEnum):
    """How an action stands."""

    OPEN = "open"
    DONE = "done"
    CANCELLED = "cancelled"


ACTION_STATUS_LABELS: Mapping[str, str] = {
    ActionStatus.OPEN: "Open",
    ActionStatus.DONE: "Done",
    ActionStatus.CANCELLED: "Given up",
}


class ReviewDecision(StrEnum):
    """What a review can end in."""

    CONTINUE = "continue"
    CHANGE = "change"
    STOP = "stop"
    RESCREEN = "rescreen"


DECISION_LABELS: Mapping[str, str] = {
    ReviewDecision.CONTINUE: "Go on as planned",
    ReviewDecision.CHANGE: "Change the plan",
    ReviewDecision.STOP: "Stop the change",
    ReviewDecision.RESCREEN: "Screen again: the answers no longer hold",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What a plan says about itself."""

    aim: str = ""
    lead: str = ""
    sponsor: str = ""
    start_date: date | None = None
    end_date: date | None = None
    change_start: date | None = None
    next_review: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Action:
    """Something that is done, by whom and by when."""

    title: str
    kind: str
    owner: str = ""
    due: date | None = None


@dataclass(frozen=True, slots=True)
class End:
    """How an action ended, when, and what came of it."""

    status: str
    on: date | None
    outcome: str


@dataclass(frozen=True, slots=True)
class Links:
    """The findings an action answers, by their ids, and why it does."""

    findings: tuple[UUID, ...] = ()
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Review:
    """What a review saw and decided."""

    held_on: date | None
    decision: str
    notes: str
    attendees: str = ""
    next_review: date | None = None
    #: who starts the next version of the screening, and by when, where that is decided
    rescreen_by: str = ""
    rescreen_due: date | None = None
    #: what was made of each thing that was open, by the key it was asked under
    answers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Move:
    """Where a plan goes, why, and who looks after what goes on when it is closed."""

    to: PlanStatus
    reason: str
    looked_after_by: str = ""


def check_plan(plan: Plan) -> None:
    """Refuse a plan without an aim, or one that ends before it starts."""
    problems = []
    if not plan.aim.strip():
        problems.append(Problem("aim", "Say what the plan is to achieve"))
    if plan.start_date and plan.end_date and plan.end_date < plan.start_date:
        problems.append(Problem("end_date", "The end date must be the same as or after the start"))
    if problems:
        raise Invalid(problems)


def check_action(action: Action) -> None:
    """Refuse an action without words; an owner or date may follow, and is asked for until then."""
    problems = []
    if not action.title.strip():
        problems.append(Problem("title", "Say what will be done"))
    if action.kind not in set(ActionKind):
        problems.append(Problem("kind", "Choose what the action is for"))
    if problems:
        raise Invalid(problems)


def check_links(links: Links, known: Iterable[UUID]) -> None:
    """Refuse a link to nothing, or without the reason why the action answers the finding."""
    problems = []
    if not set(links.findings) <= set(known):
        problems.append(Problem("findings", "Choose findings from the list"))
    if links.findings and not links.reason.strip():
        problems.append(Problem("reason", "Say why the action answers what was found"))
    if problems:
        raise Invalid(problems)


def check_end(end: End, today: date) -> None:
    """Refuse an end without its day and what came of it."""
    problems = []
    if end.status not in {ActionStatus.DONE, ActionStatus.CANCELLED}:
        problems.append(Problem("status", "Choose how it ended"))
    if end.on is None:
        problems.append(Problem("done_date", "Enter the day"))
    elif end.on > today:
        problems.append(Problem("done_date", "The day must be today or in the past"))
    if not end.outcome.strip():
        problems.append(Problem("outcome", "Say what came of it, or why it was given up"))
    if problems:
        raise Invalid(problems)


#: so few words say nothing that somebody could look up later
_FEWEST_WORDS = 3


def says_something(text: str) -> bool:
    """Whether a text has a few words in it, and not only marks or figures."""
    words = text.split()
    return sum(any(letter.isalpha() for letter in one) for one in words) >= _FEWEST_WORDS


def check_review(
    review: Review, today: date, *, begins: date | None = None, ends: date | None = None
) -> None:
    """Refuse a review without its day, its decision and what was seen.

    `begins` and `ends` are the first and last day of the plan, as far as they are known.
    """
    problems = []
    if review.held_on is None:
        problems.append(Problem("held_on", "Enter the day it was held"))
    elif review.held_on > today:
        problems.append(Problem("held_on", "The day must be today or in the past"))
    elif begins is not None and review.held_on < begins:
        told = f"The plan began on {in_words(begins)}. A review of it cannot have been held before"
        problems.append(Problem("held_on", told))
    if review.decision not in set(ReviewDecision):
        problems.append(Problem("decision", "Choose what was decided"))
    if not review.notes.strip():
        problems.append(Problem("notes", "Say what you saw and why you decided so"))
    problems += _what_follows(review, today, ends)
    if problems:
        raise Invalid(problems)


def _what_follows(review: Review, today: date, ends: date | None) -> Iterator[Problem]:
    """Ask for the dates and names a decision needs to lead anywhere."""
    goes_on = review.decision in {ReviewDecision.CONTINUE, ReviewDecision.CHANGE}
    if goes_on and review.next_review is None:
        yield Problem("next_review", "Enter the day of the next review")
    elif review.next_review is not None and review.next_review <= today:
        yield Problem("next_review", "The next review must be after today")
    elif review.next_review is not None and ends is not None and today < ends < review.next_review:
        told = f"The plan ends on {in_words(ends)}. Choose a day until then, or change its end"
        yield Problem("next_review", told)
    if review.decision == ReviewDecision.RESCREEN:
        yield from _who_and_when(review)


def _who_and_when(review: Review) -> Iterator[Problem]:
    """Ask for whom a decision to screen again waits, and until when: else it leads nowhere."""
    if not review.rescreen_by.strip():
        yield Problem("rescreen_by", "Say who starts the next version of the screening")
    if review.rescreen_due is None:
        yield Problem("rescreen_due", "Enter the day by which it is started")
    elif review.held_on is not None and review.rescreen_due < review.held_on:
        yield Problem("rescreen_due", "The day must be the same as or after the review")
    elif review.held_on is not None and review.rescreen_due > add_months(review.held_on, 12):
        yield Problem("rescreen_due", "The day must be within a year of the review")

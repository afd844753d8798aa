"""Late, stale, overdue …: computed, each with the day from which it holds and why.

Product.md section 3. Days are days in Europe/London. A flag holds when its day has come, so that
lists can compare one stored date with today.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from eqia.domain.answers import Answers
from eqia.domain.days import ONE_DAY, add_months
from eqia.domain.questions import QuestionSet
from eqia.domain.screenings import UNSIGNED, Status

#: "Submitted or later" in product.md section 3; a returned one is back with its team.
SENT = frozenset({Status.SUBMITTED, Status.REVIEWED, Status.SIGNED, Status.SUPERSEDED})


class FlagKind(StrEnum):
    """The five things worth chasing."""

    LATE = "late"
    STALE = "stale"
    INFORMATION_OVERDUE = "information_overdue"
    EQIA_PENDING = "eqia_pending"
    DECIDED_WITHOUT = "decided_without"


#: What a flag says on a page.
FLAG_LABELS: Mapping[FlagKind, str] = {
    FlagKind.LATE: "Late",
    FlagKind.STALE: "Stale",
    FlagKind.INFORMATION_OVERDUE: "Information overdue",
    FlagKind.EQIA_PENDING: "EqIA pending",
    FlagKind.DECIDED_WITHOUT: "Decided without EqIA",
}


@dataclass(frozen=True, slots=True)
class Cause:
    """One reason for a flag, and the day from which it holds."""

    since: date
    words: str


@dataclass(frozen=True, slots=True)
class Flag:
    """A flag with every cause, the earliest first."""

    kind: FlagKind
    causes: tuple[Cause, ...]

    @property
    def since(self) -> date:
        """The first day on which it holds."""
        return self.causes[0].since

    def on(self, today: date) -> "Flag | None":
        """Give the flag as it stands today, without causes still to come; None if none has come."""
        come = tuple(cause for cause in self.causes if cause.since <= today)
        return Flag(self.kind, come) if come else None

    @property
    def label(self) -> str:
        """What it says on a page."""
        return FLAG_LABELS[self.kind]


@dataclass(frozen=True, slots=True)
class OpenAction:
    """Something still to find out, and by when."""

    text: str
    due: date | None


@dataclass(frozen=True, slots=True)
class TriggerSeen:
    """Something that calls for a new look, as logged."""

    code: str
    label: str
    on: date


@dataclass(frozen=True, slots=True)
class Facts:
    """All that the flags of one screening version depend on."""

    status: Status
    created_on: date
    submitted_on: date | None = None
    signed_on: date | None = None
    #: the answer on the stage says that the decision came first
    decided_first: bool = False
    #: the decision date as answered, a best estimate
    stated_decision: date | None = None
    #: the decision as logged
    logged_decision: date | None = None
    #: an earlier version was signed before the decision
    earlier_in_time: bool = False
    outcome_is_top: bool = False
    #: the linked EqIA of this version is approved
    eqia_approved: bool = False
    #: the first approval of an EqIA under this reference, on the day that counts
    eqia_approved_on: date | None = None
    project_start: date | None = None
    #: material project facts that differ from the sign-off snapshot, in words
    changed: tuple[str, ...] = ()
    #: since when they differ
    changed_since: date | None = None
    review_due: date | None = None
    review_held: bool = False
    stale_months: int = 24
    triggers: tuple[TriggerSeen, ...] = ()
    actions: tuple[OpenAction, ...] = ()

    @property
    def decision_date(self) -> date | None:
        """The logged decision, else the date answered."""
        return self.logged_decision or self.stated_decision


def flags_of(facts: Facts) -> tuple[Flag, ...]:
    """List every flag that holds or will hold if nothing more happens."""
    found = []
    for kind, causes_of in _CAUSES.items():
        causes = sorted(causes_of(facts), key=lambda cause: (cause.since, cause.words))
        if causes:
            found.append(Flag(kind, tuple(causes)))
    return tuple(found)


def flags_on(facts: Facts, today: date) -> tuple[Flag, ...]:
    """List the flags that hold today, with the causes that have come."""
    standing = (flag.on(today) for flag in flags_of(facts))
    return tuple(flag for flag in standing if flag is not None)


def _late(facts: Facts) -> Iterator[Cause]:
    """Screening after the decision is a rearguard action (Elias, BAPIO, Kaur and Shah)."""
    if facts.status is Status.WITHDRAWN or facts.earlier_in_time:
        return
    if facts.decided_first:
        yield Cause(
            facts.created_on, "The answers say the decision was taken, or work began, first."
        )
    decided = facts.decision_date
    if decided is None:
        return
    if facts.status in UNSIGNED:
        yield Cause(decided + ONE_DAY, f"The decision date, {_day(decided)}, passed unsigned.")
    elif facts.signed_on is not None and decided < facts.signed_on:
        yield Cause(
            decided + ONE_DAY,
            f"Signed on {_day(facts.signed_on)}, after the decision date, {_day(decided)}.",
        )


def _stale(facts: Facts) -> Iterator[Cause]:
    """Find what makes it one of other people, another place or period (Hough)."""
    if facts.status is not Status.SIGNED or facts.signed_on is None:
        return
    for words in facts.changed:
        since = facts.changed_since or facts.signed_on
        yield Cause(since, f"Since sign-off, {words} changed.")
    if facts.review_due is not None and not facts.review_held:
        yield Cause(
            facts.review_due + ONE_DAY,
            f"The review date, {_day(facts.review_due)}, passed and no review was held.",
        )
    yield Cause(
        add_months(facts.signed_on, facts.stale_months),
        f"It was signed {facts.stale_months} months ago or more.",
    )
    for seen in facts.triggers:
        yield Cause(max(seen.on, facts.signed_on), f"This happened: {seen.label}.")


def _information_overdue(facts: Facts) -> Iterator[Cause]:
    """Missing material is acquired, not left missing (Bracking)."""
    if facts.status in {Status.SUPERSEDED, Status.WITHDRAWN}:
        return
    for action in facts.actions:
        if action.due is not None:
            yield Cause(
                action.due + ONE_DAY, f"Due by {_day(action.due)} and still open: {action.text}"
            )


def _eqia_pending(facts: Facts) -> Iterator[Cause]:
    """Chase a promised EqIA until it is done (McHattie)."""
    open_ = facts.status in SENT and facts.status is not Status.SUPERSEDED
    if open_ and facts.outcome_is_top and not facts.eqia_approved and facts.submitted_on:
        yield Cause(facts.submitted_on, "A full EqIA is needed and has not been approved.")


def _decided_without(facts: Facts) -> Iterator[Cause]:
    """No rescue afterwards: a later approval does not clear it (Rotherham)."""
    if facts.status not in SENT or not facts.outcome_is_top or facts.submitted_on is None:
        return
    for day, words in _decisions(facts, facts.submitted_on):
        approved = facts.eqia_approved_on
        if approved is None or approved > day:
            yield Cause(max(day, facts.submitted_on), f"{words}, with no EqIA approved by then.")


def _decisions(facts: Facts, submitted_on: date) -> Iterator[tuple[date, str]]:
    if facts.logged_decision is not None:
        day = facts.logged_decision
        yield day, f"The decision was taken on {_day(day)}"
    if facts.decided_first:
        day = min(facts.stated_decision or submitted_on, submitted_on)
        yield day, "The answers say the decision was taken, or work began, first"
    if facts.project_start is not None:
        yield facts.project_start, f"The project starts on {_day(facts.project_start)}"


_CAUSES = {
    FlagKind.LATE: _late,
    FlagKind.STALE: _stale,
    FlagKind.INFORMATION_OVERDUE: _information_overdue,
    FlagKind.EQIA_PENDING: _eqia_pending,
    FlagKind.DECIDED_WITHOUT: _decided_without,
}


# What the flags read from a form, through the set's `uses`.


def decided_first(question_set: QuestionSet, answers: Answers) -> bool:
    """Whether the team says that the decision came before the screening."""
    stage = answers.get(question_set.id_for("stage"))
    return isinstance(stage, str) and stage in question_set.codes("late_stages")


def day_answered(question_set: QuestionSet, answers: Answers, use: str) -> date | None:
    """Read the date that plays a part, such as `decision_date` or `review_date`."""
    value = answers.get(question_set.id_for(use))
    try:
        return date.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None


def ticked_triggers(question_set: QuestionSet, answers: Answers) -> frozenset[str]:
    """List the triggers that make it stale: the ticked ones, or all where none can be ticked."""
    known = frozenset(question_set.review.triggers)
    question = question_set.id_for("review_triggers")
    if not question:
        return known
    ticked = answers.get(question)
    return known & frozenset(code for code in ticked or () if isinstance(code, str))


def answers_move_flags(question_set: QuestionSet, before: Answers, after: Answers) -> bool:
    """Whether any answer a flag depends on changed; most edits leave every flag where it was."""
    return _read_by_flags(question_set, before) != _read_by_flags(question_set, after)


def _read_by_flags(question_set: QuestionSet, answers: Answers) -> tuple[object, ...]:
    return (
        decided_first(question_set, answers),
        day_answered(question_set, answers, "decision_date"),
        day_answered(question_set, answers, "review_date"),
        ticked_triggers(question_set, answers),
    )


def _day(day: date) -> str:
    return f"{day.day} {day:%B %Y}"

"""The full EqIA kept elsewhere: its status, and the day of its approval that counts."""

from collections.abc import Mapping
from datetime import date, datetime
from enum import StrEnum
from typing import Protocol
from uuid import UUID

from eqia.domain.days import london_day
from eqia.domain.errors import Invalid, Problem


class EqiaStatus(StrEnum):
    """How far the full EqIA has come."""

    NOT_STARTED = "not_started"
    STARTED = "started"
    APPROVED = "approved"


EQIA_LABELS: Mapping[str, str] = {
    EqiaStatus.NOT_STARTED: "Not started",
    EqiaStatus.STARTED: "Started",
    EqiaStatus.APPROVED: "Approved",
}


class FollowUpKind(StrEnum):
    """What can be logged after a screening is sent."""

    DECISION = "decision"
    REVIEW = "review"
    TRIGGER = "trigger"


FOLLOW_UP_LABELS: Mapping[str, str] = {
    FollowUpKind.DECISION: "Decision taken",
    FollowUpKind.REVIEW: "Review held",
    FollowUpKind.TRIGGER: "Something happened that calls for another look",
}


class Approval(Protocol):
    """The approval of an EqIA, as stored."""

    approved_at: datetime | None
    stated_date: date | None
    accepted_by: UUID | None


def approval_day(eqia: Approval) -> date | None:
    """Give the day that counts: the server's, or an earlier one that a reviewer accepted."""
    if eqia.approved_at is None:
        return None
    approved = london_day(eqia.approved_at)
    if eqia.accepted_by is not None and eqia.stated_date is not None:
        return min(approved, eqia.stated_date)
    return approved


def check_stated(stated: date | None, document: str, reason: str, approved: date | None) -> None:
    """Refuse an earlier date without the document that shows it and the reason it is late."""
    problems = []
    if stated is None:
        problems.append(Problem("stated_date", "Enter the day the EqIA was approved"))
    elif approved is not None and stated >= approved:
        problems.append(
            Problem("stated_date", "Enter a day before the one on which it was marked approved")
        )
    if not document.strip():
        problems.append(Problem("document", "Say which document shows the date, and where it is"))
    if not reason.strip():
        problems.append(Problem("reason", "Say why it was not marked approved on the day"))
    if problems:
        raise Invalid(problems)


def check_follow_up(kind: str, on: date | None, today: date, words: Mapping[str, str]) -> None:
    """Refuse what cannot be logged: no day, a day to come, or a part that is missing."""
    problems = []
    if on is None:
        problems.append(Problem("on_date", "Enter the day it happened"))
    elif on > today:
        problems.append(Problem("on_date", "The day must be today or in the past"))
    problems += [
        Problem(name, message)
        for name, message in _NEEDED.get(kind, {}).items()
        if not words.get(name, "").strip()
    ]
    if problems:
        raise Invalid(problems)


_NEEDED: Mapping[str, Mapping[str, str]] = {
    FollowUpKind.DECISION: {"body": "Say who took the decision"},
    FollowUpKind.REVIEW: {"note": "Say what the review found"},
    FollowUpKind.TRIGGER: {
        "trigger": "Choose what happened",
        "note": "Say in a sentence what happened",
    },
}

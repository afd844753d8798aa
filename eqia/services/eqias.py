"""The full EqIA linked to a screening, and what is logged and found out after it."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy.orm import Session

from eqia.domain import eqias as rules
from eqia.domain.days import london_day
from eqia.domain.eqias import EqiaStatus, FollowUpKind
from eqia.domain.errors import Conflict, Invalid, NotAllowed, NotFound, Problem
from eqia.domain.events import NO_CONTEXT, Context
from eqia.domain.people import Person
from eqia.domain.permissions import Action
from eqia.domain.texts import clean_text
from eqia.persistence.queries import eqias as queries
from eqia.persistence.queries import screenings
from eqia.persistence.tables.eqias import EqiaRow, FollowUpRow
from eqia.persistence.tables.screenings import ScreeningRow
from eqia.services import acts, flags

NO_EQIA = "This screening did not come to a full EqIA, so there is none to follow."


@dataclass(frozen=True, slots=True)
class FollowUp:
    """What happened after a screening was sent, as somebody logs it."""

    kind: FollowUpKind
    on_date: date | None
    body: str = ""
    link: str = ""
    version_read: int | None = None
    trigger: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Kept:
    """Where the full EqIA is kept and how far it has come, and against which version of that."""

    reference: str
    link: str
    status: str
    #: 0 while nothing was kept yet
    version: int = 0


def update(
    session: Session,
    *,
    actor: Person,
    now: datetime,
    screening: ScreeningRow,
    kept: Kept,
    context: Context = NO_CONTEXT,
) -> EqiaRow:
    """Say where the full EqIA is kept and whether it was started; never that it is approved."""
    by = acts.By(actor, now, context)
    if kept.status not in {EqiaStatus.NOT_STARTED, EqiaStatus.STARTED}:
        raise Invalid([Problem("status", "Choose whether the EqIA was started")])
    reference = acts.short(kept.reference, 100, "reference")
    link = acts.link(kept.link, "link")
    with acts.acting(session, by, Action.EDIT_EQIA, screening, raises_version=False):
        before = queries.of_screening(session, screening)
        row = before or _opened(session, screening)
        if row.status == EqiaStatus.APPROVED:
            raise NotAllowed("This EqIA is approved and cannot be changed.", code="frozen")
        if kept.version != (before.version if before else 0):
            raise Conflict(acts.CHANGED)
        row.reference, row.link, row.status = reference, link, kept.status
        row.started_at = (row.started_at or now) if kept.status == EqiaStatus.STARTED else None
        row.version += 1
        session.flush()
        acts.log(session, by, "eqia.changed", screening, {"status": kept.status, "link": link})
    return row


def approve(
    session: Session,
    *,
    actor: Person,
    now: datetime,
    screening: ScreeningRow,
    context: Context = NO_CONTEXT,
) -> EqiaRow:
    """Mark the EqIA approved, today by the server's clock: an approver who is no author."""
    by = acts.By(actor, now, context)
    with acts.acting(session, by, Action.APPROVE_EQIA, screening, raises_version=False):
        row = _opened(session, screening)
        if row.status == EqiaStatus.APPROVED:
            return row
        if not row.reference and not row.link:
            raise Invalid(
                [Problem("approve", "Say first which EqIA it is: its reference or where it is")]
            )
        row.status, row.approved_at, row.approved_by = EqiaStatus.APPROVED.value, now, actor.id
        row.version += 1
        session.flush()
        flags.refresh_versions(session, screening, by.today)
        acts.log(session, by, "eqia.approved", screening, {"eqia": str(row.id)})
    return row


def state_date(
    session: Session,
    *,
    actor: Person,
    now: datetime,
    screening: ScreeningRow,
    stated_date: date | None,
    document: str,
    reason: str,
    context: Context = NO_CONTEXT,
) -> EqiaRow:
    """State that the EqIA was approved earlier; it counts only once a reviewer accepts it."""
    by = acts.By(actor, now, context)
    document = acts.short(document, 2000, "document")
    reason = clean_text(reason, field="reason").strip()
    with acts.acting(session, by, Action.EDIT_EQIA, screening, raises_version=False):
        row = _opened(session, screening)
        if row.approved_at is None:
            raise NotAllowed("An approver must mark the EqIA approved first.", code="status")
        if row.accepted_by is not None:
            raise NotAllowed("A reviewer has accepted the earlier date.", code="frozen")
        rules.check_stated(stated_date, document, reason, london_day(row.approved_at))
        row.stated_date, row.stated_document, row.stated_reason = stated_date, document, reason
        row.stated_by = actor.id
        row.version += 1
        session.flush()
        payload = {"stated": stated_date.isoformat() if stated_date else ""}
        texts = {"document": document, "reason": reason}
        acts.log(session, by, "eqia.date_stated", screening, payload, texts)
    return row


def accept_stated_date(
    session: Session,
    *,
    actor: Person,
    now: datetime,
    screening: ScreeningRow,
    version: int,
    context: Context = NO_CONTEXT,
) -> EqiaRow:
    """Accept the earlier date: a reviewer who is no author and did not state it."""
    by = acts.By(actor, now, context)
    with acts.acting(session, by, Action.ACCEPT_STATED_DATE, screening, raises_version=False):
        row = _opened(session, screening)
        if row.stated_date is None:
            raise NotAllowed("Nobody has stated an earlier date.", code="status")
        if row.accepted_by is not None:
            return row
        if row.version != version:
            raise Conflict(acts.CHANGED)
        if actor.id in {row.stated_by, row.approved_by}:
            words = "You stated the date or approved the EqIA, so another reviewer must accept it."
            raise NotAllowed(words, code="same_person")
        row.accepted_by, row.accepted_at = actor.id, now
        row.version += 1
        session.flush()
        flags.refresh_versions(session, screening, by.today)
        payload = {"accepted": row.stated_date.isoformat()}
        acts.log(session, by, "eqia.date_accepted", screening, payload)
    return row


def log_follow_up(
    session: Session,
    *,
    actor: Person,
    now: datetime,
    screening: ScreeningRow,
    follow_up: FollowUp,
    context: Context = NO_CONTEXT,
) -> FollowUpRow:
    """Log a decision taken, a review held or a trigger that occurred."""
    by = acts.By(actor, now, context)
    one = _cleaned(follow_up)
    _check(session, screening, one, by.today)
    with acts.acting(session, by, Action.LOG_FOLLOW_UP, screening, raises_version=False):
        row = FollowUpRow(
            screening_id=screening.id,
            kind=one.kind.value,
            on_date=one.on_date,
            body=one.body,
            link=one.link,
            version_read=one.version_read,
            trigger=one.trigger,
            note=one.note,
            logged_by=actor.id,
            at=now,
        )
        session.add(row)
        session.flush()
        flags.refresh_versions(session, screening, by.today)
        payload = {"follow_up": str(row.id), "on": row.on_date.isoformat(), "code": row.trigger}
        texts = {"body": row.body, "note": row.note}
        acts.log(session, by, f"follow_up.{row.kind}", screening, payload, texts)
    return row


def close_evidence_action(
    session: Session,
    *,
    actor: Person,
    now: datetime,
    screening: ScreeningRow,
    action_id: UUID,
    finding: str,
    context: Context = NO_CONTEXT,
) -> None:
    """Close something to find out, with what was found."""
    by = acts.By(actor, now, context)
    found = acts.words("finding", finding, "Say what you found out")
    with acts.acting(session, by, Action.CLOSE_EVIDENCE_ACTION, screening, raises_version=False):
        row = queries.evidence_action(session, screening, action_id)
        if row is None:
            raise NotFound("There is nothing like this to find out for this screening.")
        if row.done_at is not None:
            raise NotAllowed("This was closed already.", code="frozen")
        row.done_at, row.done_by, row.finding = now, actor.id, found
        session.flush()
        flags.refresh(session, screening, by.today)
        payload = {"action": str(row.id), "cause": row.cause}
        acts.log(session, by, "evidence_action.closed", screening, payload, {"finding": found})


def _opened(session: Session, screening: ScreeningRow) -> EqiaRow:
    """Find the EqIA of a version, or open it where the outcome in force calls for one."""
    row = queries.of_screening(session, screening)
    if row is not None:
        return row
    asked = screenings.question_set_of(session, screening)
    outcome = screening.outcome_in_force
    if not outcome or not asked.outcome(outcome).opens_eqia:
        raise NotAllowed(NO_EQIA, code="status")
    row = EqiaRow(screening_id=screening.id)
    session.add(row)
    session.flush()
    return row


def _cleaned(one: FollowUp) -> FollowUp:
    return FollowUp(
        kind=one.kind,
        on_date=one.on_date,
        body=acts.short(one.body, 200, "body"),
        link=acts.link(one.link, "link"),
        version_read=one.version_read,
        trigger=one.trigger,
        note=clean_text(one.note, field="note").strip(),
    )


def _check(session: Session, screening: ScreeningRow, one: FollowUp, today: date) -> None:
    asked = screenings.question_set_of(session, screening)
    words = {"body": one.body, "note": one.note, "trigger": one.trigger}
    rules.check_follow_up(one.kind, one.on_date, today, words)
    if one.kind is FollowUpKind.TRIGGER and one.trigger not in asked.review.triggers:
        raise Invalid([Problem("trigger", "Choose what happened from the list")])
    versions = {version.number for version in screenings.versions(session, screening.reference)}
    if one.version_read is not None and one.version_read not in versions:
        raise Invalid([Problem("version_read", "There is no such version of this screening")])

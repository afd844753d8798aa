"""What reviewers do with a submitted screening: claim, comment, return, confirm, raise, lower.

The answers are frozen meanwhile; nothing here changes one of them.
"""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy.orm import Session

from eqia.domain import reviews as rules
from eqia.domain.errors import Conflict, Invalid, NotAllowed, Problem
from eqia.domain.events import NO_CONTEXT, Context
from eqia.domain.people import Person, Role
from eqia.domain.permissions import Action, can
from eqia.domain.reviews import ReviewKind
from eqia.domain.screenings import Status
from eqia.domain.texts import clean_text
from eqia.persistence.database import writing
from eqia.persistence.queries import people, screenings
from eqia.persistence.queries import reviews as queries
from eqia.persistence.tables.reviews import ReviewRow
from eqia.persistence.tables.screenings import ScreeningRow
from eqia.services import acts, flags, tokens
from eqia.services.comments import comment, reply
from eqia.services.sign_offs import give_receipt, sign_off
from eqia.services.submissions import content_digest_of

__all__ = [
    "agree_lowering",
    "claim",
    "comment",
    "confirm",
    "give_receipt",
    "matched_rules",
    "propose_lowering",
    "raise_outcome",
    "reassign",
    "reply",
    "send_back",
    "sign_off",
]


def claim(
    session: Session,
    *,
    actor: Person,
    now: datetime,
    screening: ScreeningRow,
    context: Context = NO_CONTEXT,
) -> None:
    """Take a submitted screening as its reviewer."""
    by = acts.By(actor, now, context)
    with acts.acting(session, by, Action.CLAIM, screening):
        if screening.reviewer_id not in {None, actor.id}:
            raise Conflict("Another reviewer has taken this screening. Ask them to hand it over.")
        screening.reviewer_id = actor.id
        acts.log(session, by, "review.claimed", screening)


def reassign(
    session: Session,
    *,
    actor: Person,
    now: datetime,
    screening: ScreeningRow,
    reviewer_id: UUID,
    context: Context = NO_CONTEXT,
) -> None:
    """Hand a submitted screening to another reviewer who has no part in it."""
    by = acts.By(actor, now, context)
    with acts.acting(session, by, Action.CLAIM, screening) as thing:
        other = people.person_with_grants(session, reviewer_id, now)
        if other is None or Role.REVIEWER not in other.roles:
            raise Invalid([Problem("reviewer", "Choose somebody who is a reviewer")])
        permission = can(other, Action.CLAIM, thing)
        if not permission.allowed:
            words = f"{other.name} cannot review it: they worked on it themselves"
            raise Invalid([Problem("reviewer", words)])
        screening.reviewer_id = other.id
        acts.log(session, by, "review.reassigned", screening, {"reviewer": str(other.id)})


def send_back(
    session: Session,
    *,
    actor: Person,
    now: datetime,
    screening: ScreeningRow,
    reason: str,
    due: date | None,
    version: int | None = None,
    context: Context = NO_CONTEXT,
) -> ReviewRow:
    """Return a screening to its team; review and receipts so far no longer count."""
    by = acts.By(actor, now, context)
    rules.check_return(reason, due, by.today)
    with acts.acting(session, by, Action.RETURN, screening, version=version):
        row = _add(
            session, by, screening, ReviewRow(kind=ReviewKind.RETURN, reason=reason, due=due)
        )
        screening.status = Status.RETURNED
        screening.returned_at, screening.return_due = now, due
        screening.confirmed_outcome, screening.reviewed_at = "", None
        screening.outcome_in_force = screening.calculated_outcome
        screening.content_digest = content_digest_of(session, screening, "")
        _done(session, by, "review.returned", screening, row)
    return row


def confirm(
    session: Session,
    *,
    actor: Person,
    now: datetime,
    screening: ScreeningRow,
    token: str,
    reason: str = "",
    version: int | None = None,
    context: Context = NO_CONTEXT,
) -> ScreeningRow:
    """Confirm the calculated outcome; a repeated token gives the first result back."""
    by = acts.By(actor, now, context)
    with writing(session):
        session.refresh(screening, with_for_update=True)
        if tokens.result_of(session, token=token, actor=actor) is not None:
            return screening
        with acts.acting(session, by, Action.CONFIRM, screening, version=version):
            outcome = screening.calculated_outcome
            confirmed = ReviewRow(kind=ReviewKind.CONFIRM, outcome=outcome, reason=reason)
            row = _settled(session, by, screening, confirmed)
            tokens.use(
                session, token=token, actor=actor, action="confirm", now=now, result=screening.id
            )
            _done(session, by, "review.confirmed", screening, row)
    return screening


def raise_outcome(
    session: Session,
    *,
    actor: Person,
    now: datetime,
    screening: ScreeningRow,
    outcome: str,
    reason: str,
    version: int | None = None,
    context: Context = NO_CONTEXT,
) -> ReviewRow:
    """Raise the outcome: any reviewer may, with a reason."""
    by = acts.By(actor, now, context)
    asked = screenings.question_set_of(session, screening)
    with acts.acting(session, by, Action.RAISE, screening, version=version):
        rules.check_raise(asked, screening.outcome_in_force, outcome, reason)
        raised = ReviewRow(kind=ReviewKind.RAISE, outcome=outcome, reason=reason)
        row = _settled(session, by, screening, raised)
        _done(session, by, "review.raised", screening, row)
    return row


def propose_lowering(
    session: Session,
    *,
    actor: Person,
    now: datetime,
    screening: ScreeningRow,
    lowering: rules.Lowering,
    version: int | None = None,
    context: Context = NO_CONTEXT,
) -> ReviewRow:
    """Propose a lower outcome, which waits for a second reviewer."""
    by = acts.By(actor, now, context)
    asked = screenings.question_set_of(session, screening)
    with acts.acting(session, by, Action.PROPOSE_LOWERING, screening, version=version):
        in_force = screening.outcome_in_force
        rules.check_proposal(asked, matched_rules(screening), in_force, lowering)
        row = _add(
            session,
            by,
            screening,
            ReviewRow(
                kind=ReviewKind.PROPOSE_LOWERING,
                outcome=lowering.outcome,
                reason=lowering.reason,
                evidence=lowering.evidence,
            ),
        )
        _done(session, by, "review.lowering_proposed", screening, row)
    return row


def agree_lowering(
    session: Session,
    *,
    actor: Person,
    now: datetime,
    screening: ScreeningRow,
    reason: str,
    version: int | None = None,
    context: Context = NO_CONTEXT,
) -> ReviewRow:
    """Agree a proposed lowering: a second reviewer, neither proposer nor author."""
    by = acts.By(actor, now, context)
    asked = screenings.question_set_of(session, screening)
    with acts.acting(session, by, Action.AGREE_LOWERING, screening, version=version):
        proposal = queries.open_proposal(session, screening)
        if proposal is None:
            raise NotAllowed("No lower outcome waits to be agreed.", code="status")
        rules.check_may_lower(asked, matched_rules(screening))
        why = acts.words("reason", reason, "Say why you agree")
        agreed = ReviewRow(
            kind=ReviewKind.AGREE_LOWERING,
            outcome=proposal.outcome,
            reason=why,
            proposal_id=proposal.id,
        )
        row = _settled(session, by, screening, agreed)
        _done(session, by, "review.lowering_agreed", screening, row)
    return row


def matched_rules(screening: ScreeningRow) -> tuple[str, ...]:
    """List the rules that matched when the screening was submitted."""
    decision = screening.decision or {}
    return tuple(str(reason["rule"]) for reason in decision.get("reasons", ()))


def _settled(session: Session, by: acts.By, screening: ScreeningRow, row: ReviewRow) -> ReviewRow:
    """Put the reviewer's outcome in force and name the content that receipts are for.

    The review is stored first: the database lets nothing become reviewed without one.
    """
    digest = content_digest_of(session, screening, row.outcome)
    _add(session, by, screening, row)
    screening.confirmed_outcome = screening.outcome_in_force = row.outcome
    screening.content_digest = digest
    screening.status = Status.REVIEWED
    screening.reviewed_at = by.now
    screening.reviewer_id = by.actor.id
    return row


def _add(session: Session, by: acts.By, screening: ScreeningRow, row: ReviewRow) -> ReviewRow:
    row.screening_id = screening.id
    row.outcome = row.outcome or screening.confirmed_outcome
    row.reason = clean_text(row.reason or "", field="reason").strip()
    row.evidence = clean_text(row.evidence or "", field="evidence").strip()
    row.reviewer_id, row.at = by.actor.id, by.now
    row.submitted_at = screening.submitted_at or by.now
    session.add(row)
    session.flush()
    return row


def _done(
    session: Session, by: acts.By, action: str, screening: ScreeningRow, row: ReviewRow
) -> None:
    session.flush()
    flags.refresh(session, screening, by.today)
    payload = {
        "review": str(row.id),
        "calculated": screening.calculated_outcome,
        "outcome": row.outcome,
        "due": row.due.isoformat() if row.due else None,
    }
    texts = {"reason": row.reason, "evidence": row.evidence}
    acts.log(session, by, action, screening, payload, {k: v for k, v in texts.items() if v})

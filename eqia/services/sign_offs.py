"""Reading receipts and the sign-off: the last acts on a reviewed screening."""

from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from eqia.domain import reviews as rules
from eqia.domain.answers import Answers
from eqia.domain.errors import NotAllowed
from eqia.domain.events import NO_CONTEXT, Context
from eqia.domain.flags import day_answered, decided_first
from eqia.domain.gates import check_open_points
from eqia.domain.people import Person, Role
from eqia.domain.permissions import Action
from eqia.domain.questions import QuestionSet
from eqia.domain.records import SignOff
from eqia.domain.screenings import Status
from eqia.domain.texts import clean_text
from eqia.persistence.database import writing
from eqia.persistence.queries import projects, screenings
from eqia.persistence.queries import reviews as queries
from eqia.persistence.tables.organisations import OrganisationRow
from eqia.persistence.tables.projects import ProjectRow
from eqia.persistence.tables.reviews import ReceiptRow, SignOffRow
from eqia.persistence.tables.screenings import ScreeningRow
from eqia.services import acts, flags, records, tokens
from eqia.services.guards import must
from eqia.services.records import Frozen, Printing

#: the first role that names somebody in a receipt or a sign-off
_NAMED = (Role.APPROVER, Role.REVIEWER, Role.AUDITOR, Role.ADMINISTRATOR)
NO_RECEIPT = "Read this version and say that you have read it before you sign."
TOO_LATE = "The decision has been taken. Reading it now cannot count as regard before it."


def give_receipt(
    session: Session,
    *,
    actor: Person,
    now: datetime,
    screening: ScreeningRow,
    digest: str,
    context: Context = NO_CONTEXT,
) -> ReceiptRow:
    """Say that one has read exactly this version; said twice, it counts once."""
    by = acts.By(actor, now, context)
    with acts.acting(session, by, Action.GIVE_RECEIPT, screening, raises_version=False):
        if digest != screening.content_digest:
            raise NotAllowed(acts.CHANGED, code="digest")
        given = queries.valid_receipt(session, screening, actor.id)
        if given is not None:
            return given
        late = is_after_decision(session, screening, by.today)
        if late and screening.status is Status.SIGNED:
            raise NotAllowed(TOO_LATE, code="status")
        row = ReceiptRow(
            screening_id=screening.id,
            person_id=actor.id,
            role_used=role_of(actor, context),
            organisation=session.scalar(select(OrganisationRow.name)) or "",
            content_digest=screening.content_digest,
            after_decision=late,
            at=now,
        )
        session.add(row)
        session.flush()
        payload = {"receipt": str(row.id), "content_digest": digest, "after_decision": late}
        acts.log(session, by, "receipt.given", screening, payload)
    return row


def is_after_decision(session: Session, screening: ScreeningRow, today: date) -> bool:
    """Whether reading it now comes too late to count as due regard (Elias, Kaur and Shah)."""
    logged = queries.logged_decision(session, screening)
    if logged is not None:
        return logged <= today
    asked = screenings.question_set_of(session, screening)
    answers = screenings.answers_of(session, screening)
    stated = day_answered(asked, answers, "decision_date")
    return decided_first(asked, answers) or (stated is not None and stated < today)


def sign_off(
    session: Session,
    *,
    actor: Person,
    now: datetime,
    screening: ScreeningRow,
    signing: rules.Signing,
    token: str,
    printing: Printing | None = None,
    context: Context = NO_CONTEXT,
) -> ScreeningRow:
    """Sign a reviewed screening and freeze it; a repeated token gives the first result back.

    The record is made before the write gate and everything it rests on is checked again behind
    it, so that either all is stored or nothing is signed (documents.md section 1).
    """
    if tokens.result_of(session, token=token, actor=actor) is not None:
        return screening
    by = acts.By(actor, now, context)
    signing = _cleaned(signing)
    _ready(session, by, screening, signing)
    act = _act(by, signing)
    frozen = records.prepare(session, screening=screening, sign_off=act, now=now, printing=printing)
    with writing(session):
        session.refresh(screening, with_for_update=True)
        if tokens.result_of(session, token=token, actor=actor) is not None:
            return screening
        _sign(session, by, screening, signing, frozen)
        tokens.use(session, token=token, actor=actor, action="sign", now=now, result=screening.id)
    return screening


def role_of(actor: Person, context: Context) -> str:
    """Name the role somebody acts in."""
    named = next((role.value for role in _NAMED if role in actor.roles), "member")
    return context.role_used or named


def _ready(
    session: Session,
    by: acts.By,
    screening: ScreeningRow,
    signing: rules.Signing,
) -> tuple[QuestionSet, Answers, ReceiptRow]:
    """Check everything a signature needs, before the record is made and again before it counts."""
    must(by.actor, Action.SIGN_OFF, screenings.thing_of(session, screening))
    asked = screenings.question_set_of(session, screening)
    answers = screenings.answers_of(session, screening)
    rules.check_signable(asked, screening.confirmed_outcome)
    check_open_points(asked, answers, screening.confirmed_outcome, screening.language)
    if signing.digest != screening.content_digest:
        raise NotAllowed(acts.CHANGED, code="digest")
    receipt = queries.valid_receipt(session, screening, by.actor.id)
    if receipt is None:
        raise NotAllowed(NO_RECEIPT, code="digest")
    rules.check_sign_off(asked, answers, screening.confirmed_outcome, signing)
    return asked, answers, receipt


def _act(by: acts.By, signing: rules.Signing) -> SignOff:
    return SignOff(
        name=by.actor.name,
        role=role_of(by.actor, by.context),
        at=by.now,
        statements=signing.statements,
        benefits=signing.weight.benefits,
        harms=signing.weight.harms,
        proportionate=signing.weight.proportionate,
        supplied=signing.supplied.as_json(),
    )


def _sign(
    session: Session,
    by: acts.By,
    screening: ScreeningRow,
    signing: rules.Signing,
    frozen: Frozen,
) -> None:
    """Check everything again behind the gate, then store the act and its record as one."""
    asked, answers, receipt = _ready(session, by, screening, signing)
    row = _row(by, screening, signing, receipt)
    session.add(row)
    records.store(session, screening=screening, frozen=frozen, now=by.now)
    _mark(session, by, screening, rules.review_day(asked, answers, signing.supplied))
    payload = {
        "sign_off": str(row.id),
        "receipt": str(receipt.id),
        "outcome": screening.confirmed_outcome,
        "content_digest": signing.digest,
        "record_sha256": frozen.sha256,
    }
    words = {"benefits": row.benefits, "harms": row.harms, "proportionate": row.proportionate}
    acts.log(session, by, "screening.signed", screening, payload, words)


def _row(
    by: acts.By, screening: ScreeningRow, signing: rules.Signing, receipt: ReceiptRow
) -> SignOffRow:
    return SignOffRow(
        screening_id=screening.id,
        person_id=by.actor.id,
        role_used=role_of(by.actor, by.context),
        receipt_id=receipt.id,
        content_digest=screening.content_digest,
        statements=list(signing.statements),
        benefits=signing.weight.benefits,
        harms=signing.weight.harms,
        proportionate=signing.weight.proportionate,
        supplied=signing.supplied.as_json(),
        at=by.now,
    )


def _mark(session: Session, by: acts.By, screening: ScreeningRow, review_due: date | None) -> None:
    """Mark the version signed, the one before it superseded, and both their flags anew."""
    project = session.get_one(ProjectRow, screening.project_id)
    screening.project_snapshot = projects.facts_of(project).snapshot()
    screening.status, screening.signed_at = Status.SIGNED, by.now
    screening.review_due = review_due
    screening.version += 1
    screening.updated_at = by.now
    for version in screenings.versions(session, screening.reference):
        if version.number < screening.number and version.status is Status.SIGNED:
            version.status = Status.SUPERSEDED
            version.version += 1
    session.flush()
    flags.refresh_versions(session, screening, by.today)


def _cleaned(signing: rules.Signing) -> rules.Signing:
    weight, supplied = signing.weight, signing.supplied
    return rules.Signing(
        digest=signing.digest,
        statements=signing.statements,
        weight=rules.Weight(
            *(
                clean_text(getattr(weight, name), field=name).strip()
                for name in ("benefits", "harms", "proportionate")
            )
        ),
        supplied=rules.Supplied(
            measure=clean_text(supplied.measure, field="measure").strip(),
            owner=clean_text(supplied.owner, field="owner").strip(),
            due=supplied.due,
            review_date=supplied.review_date,
        ),
    )

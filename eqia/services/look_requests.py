"""Requests from outside for another look at a published record, and their answers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from eqia.domain.errors import Conflict, Invalid, NotFound, Problem, Refusal
from eqia.domain.events import NO_CONTEXT, Context
from eqia.domain.permissions import Action
from eqia.domain.texts import clean_text
from eqia.persistence.database import writing
from eqia.persistence.queries import publications as queries
from eqia.persistence.tables import LookAnswerRow, LookRequestRow, PublicationRow, ScreeningRow
from eqia.services import acts, events

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime
    from uuid import UUID

    from sqlalchemy.orm import Session

    from eqia.domain.people import Person

#: What the public may send is no longer than this.
LONGEST_REQUEST, LONGEST_CONTACT = 4000, 200
#: So many requests may come from one address in an hour, and about one copy in a day.
MOST_AN_HOUR, MOST_A_DAY = 5, 50

NOT_PUBLISHED = "This version is not published."
ANSWERED = "Somebody answered this request while you had the page open."


class TooManyRequests(Refusal):
    """The public form is slowed down; what was typed is not lost."""

    code = "throttled"


@dataclass(frozen=True, slots=True)
class Asking:
    """What somebody outside sends: what is wrong, and perhaps how to reach them."""

    wrong: str
    contact: str
    token: str
    #: what this address was called yesterday and is called today; the last one is kept
    senders: Sequence[str]


def ask_for_another_look(
    session: Session,
    *,
    now: datetime,
    publication: PublicationRow,
    asking: Asking,
    context: Context = NO_CONTEXT,
) -> LookRequestRow:
    """Log what somebody outside says is wrong with a public copy; a form counts once."""
    wrong, contact = _cleaned(asking)
    with writing(session):
        sent = queries.request_with_token(session, asking.token)
        if sent is not None:
            return sent
        if queries.taken_down(session, publication) is not None:
            raise NotFound(NOT_PUBLISHED)
        _not_too_many(session, now, publication, asking.senders)
        row = LookRequestRow(
            publication_id=publication.id,
            screening_id=publication.screening_id,
            wrong=wrong,
            contact=contact,
            token=asking.token,
            sender=asking.senders[-1],
            at=now,
        )
        session.add(row)
        session.flush()
        events.append(
            session,
            now=now,
            actor=None,
            action="request.made",
            entity="screening",
            entity_id=publication.screening_id,
            entity_version=publication.number,
            payload={"request": str(row.id), "publication": str(publication.id)},
            texts={"wrong": wrong, "contact": contact},
            context=context,
        )
    return row


def answer_request(
    session: Session,
    *,
    actor: Person,
    now: datetime,
    screening: ScreeningRow,
    request_id: UUID,
    answer: str,
    context: Context = NO_CONTEXT,
) -> LookAnswerRow:
    """Answer a request for another look; the answer is dated and stays."""
    by = acts.By(actor, now, context)
    words = acts.words("answer", answer, "Enter your answer")
    with acts.acting(session, by, Action.ANSWER_REQUEST, screening, raises_version=False):
        asked = queries.request(session, request_id)
        if asked is None or asked.screening_id != screening.id:
            raise NotFound("There is no such request.")
        if queries.answer_to(session, request_id) is not None:
            raise Conflict(ANSWERED)
        row = LookAnswerRow(request_id=request_id, answer=words, person_id=actor.id, at=now)
        session.add(row)
        session.flush()
        about = {"request": str(request_id), "answer": str(row.id)}
        acts.log(session, by, "request.answered", screening, about, {"answer": words})
    return row


def _cleaned(asking: Asking) -> tuple[str, str]:
    """Clean what the public typed; every problem is named at once."""
    wrong = clean_text(asking.wrong, field="wrong").strip()
    contact = clean_text(asking.contact, field="contact").strip()
    problems = []
    if not wrong:
        problems.append(Problem("wrong", "Say what you think is wrong"))
    if len(wrong) > LONGEST_REQUEST:
        problems.append(Problem("wrong", f"Use {LONGEST_REQUEST:,} characters or fewer"))
    if len(contact) > LONGEST_CONTACT:
        problems.append(Problem("contact", f"Use {LONGEST_CONTACT} characters or fewer"))
    if problems:
        raise Invalid(problems)
    return wrong, contact


def _not_too_many(
    session: Session, now: datetime, publication: PublicationRow, senders: Sequence[str]
) -> None:
    hour, day = now - timedelta(hours=1), now - timedelta(days=1)
    if queries.asked_since(session, hour, senders=senders) >= MOST_AN_HOUR:
        raise TooManyRequests(
            "You sent several requests in a short time. Wait an hour, then send it"
        )
    if queries.asked_since(session, day, publication_id=publication.id) >= MOST_A_DAY:
        raise TooManyRequests("Many people asked about this record today. Send it tomorrow")

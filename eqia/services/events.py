"""Append to the event log, one act one event."""

import secrets
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import insert, text
from sqlalchemy.orm import Session

from eqia.domain.events import (
    NO_CONTEXT,
    Broken,
    Context,
    Event,
    event_hash,
    event_values,
    plain_payload,
    verify_chain,
    with_texts,
)
from eqia.domain.people import Person
from eqia.persistence.database import is_writing
from eqia.persistence.queries import events as queries
from eqia.persistence.tables import EventRow

# Any fixed number will do, as long as nothing else in the database locks on it.
_LOCK = text("SELECT pg_advisory_xact_lock(77012010)")

_INSERT = insert(queries.EVENT)


def append(  # noqa: PLR0913 - one argument per column of the log
    session: Session,
    *,
    now: datetime,
    actor: Person | None,
    action: str,
    entity: str,
    entity_id: UUID | None,
    entity_version: int | None = None,
    payload: Mapping[str, Any] | None = None,
    texts: Mapping[str, str] | None = None,
    context: Context = NO_CONTEXT,
) -> EventRow:
    """Log what the act under way did; call it last in the act, inside `writing`."""
    salt = secrets.token_hex(16) if texts else ""
    seq, last = _locked_head(session)
    event = Event(
        id=uuid4(),
        seq=seq + 1,
        org=queries.HOST,
        at_utc=now,
        actor_id=actor.id if actor else None,
        on_behalf_of=None,
        role_used=context.role_used,
        session_id=context.session_id,
        request_id=context.request_id,
        action=action,
        entity=entity,
        entity_id=entity_id,
        entity_version=entity_version,
        payload=plain_payload(with_texts(payload or {}, texts, salt) if texts else payload or {}),
        prev_hash=last,
    )
    values = {**event_values(event), "hash": event_hash(event), "salt": salt}
    # Past the unit of work, which would take three times as long while others wait.
    session.execute(_INSERT, values)
    return EventRow(**values)


def head(session: Session) -> tuple[int, str]:
    """Give the number and hash of the last event, for an anchor outside the database."""
    return queries.head(session)


def verify(session: Session) -> Broken | None:
    """Find the first event that was tampered with, if any."""
    return verify_chain(queries.chain(session))


def _locked_head(session: Session) -> tuple[int, str]:
    """Find the last event, with the door shut behind it until the act is committed."""
    if not is_writing(session):
        msg = "an event belongs to an act: append it inside writing()"
        raise RuntimeError(msg)
    # What the act changed is locked first and the log last, so that two acts cannot deadlock.
    session.flush()
    if session.get_bind().dialect.name == "postgresql":
        session.execute(_LOCK)
    return queries.head(session)

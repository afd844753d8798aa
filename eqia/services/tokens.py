"""Single-use submit tokens: a double click or Back gives the first result, never a second one."""

import secrets
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from eqia.domain.errors import Conflict
from eqia.domain.people import Person
from eqia.persistence.tables.screenings import SubmitTokenRow


def new_token() -> str:
    """Make a token for a form that must count once."""
    return secrets.token_urlsafe(24)


def result_of(session: Session, *, token: str, actor: Person) -> UUID | None:
    """Give what the first use of a token led to, or None if it is unused."""
    row = session.scalar(select(SubmitTokenRow).where(SubmitTokenRow.token == token))
    if row is None:
        return None
    if row.person_id != actor.id:
        raise Conflict("This form was already sent. Open the page again to go on.")
    return row.result_id


def use(
    session: Session, *, token: str, actor: Person, action: str, now: datetime, result: UUID
) -> None:
    """Spend a token inside the act it belongs to; its uniqueness is the database's to keep."""
    session.add(
        SubmitTokenRow(
            token=token, person_id=actor.id, action=action, used_at=now, result_id=result
        )
    )
    session.flush()

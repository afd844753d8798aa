"""Whether the service can do its work."""

from datetime import UTC, datetime

from sqlalchemy import Engine

from eqia.persistence.database import make_session, writing
from eqia.persistence.tables.people import LoginAttemptRow


def can_write(engine: Engine) -> bool:
    """Write a row and take it back; an error of the database passes through."""
    with make_session(engine) as session, writing(session):
        session.add(LoginAttemptRow(account="", address="", at=datetime.now(UTC), succeeded=True))
        session.flush()
        session.rollback()
    return True

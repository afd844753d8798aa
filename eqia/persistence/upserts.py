"""Insert or update in one statement, so that two people cannot come between."""

from sqlalchemy import Table
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

Upsert = sqlite.Insert | postgresql.Insert

_INSERTS: dict[str, type[Upsert]] = {"sqlite": sqlite.Insert, "postgresql": postgresql.Insert}


def insert_into(session: Session, table: Table) -> Upsert:
    """Begin an INSERT that can go on with `on_conflict_do_update`, on either database."""
    return _INSERTS[session.get_bind().dialect.name](table)

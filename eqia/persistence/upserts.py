"""Insert or update in one statement, so that two people cannot come between."""

from collections.abc import Callable
from functools import cache

from sqlalchemy import Executable, Table
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

Upsert = sqlite.Insert | postgresql.Insert

_INSERTS: dict[str, type[Upsert]] = {"sqlite": sqlite.Insert, "postgresql": postgresql.Insert}


def insert_into(session: Session, table: Table) -> Upsert:
    """Begin an INSERT that can go on with `on_conflict_do_update`, on either database."""
    return _INSERTS[session.get_bind().dialect.name](table)


def made_once(
    table: Table, finish: Callable[[Upsert], Executable]
) -> Callable[[Session], Executable]:
    """Write such a statement once for each database; what runs behind the gate is not rebuilt."""

    @cache
    def made(dialect: str) -> Executable:
        return finish(_INSERTS[dialect](table))

    return lambda session: made(session.get_bind().dialect.name)

"""Go round the service: say it in SQL and hear what the database answers."""
# ruff: noqa: S608 - the names are our own tables'

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from eqia.persistence.tables import Row


def said(session: Session, sql: str, **values) -> str:
    """The code a statement is refused with; empty when the database does as it is told."""
    try:
        with session.begin_nested():
            session.execute(text(sql), values)
    except DBAPIError as error:
        return str(error.orig).partition(":")[0]
    return ""


def raw(session: Session, row: Row) -> str:
    """A row's id as SQL in this database spells it."""
    return row.id.hex if session.get_bind().dialect.name == "sqlite" else str(row.id)


def copied(session: Session, row: Row, verb: str, **changes) -> str:
    """What an INSERT of a copy of the row is refused with."""
    table = row.__tablename__
    found = session.execute(
        text(f"SELECT * FROM {table} WHERE id = :id"), {"id": raw(session, row)}
    )
    values = {**found.mappings().one(), **changes}
    names = ", ".join(values)
    marks = ", ".join(f":{name}" for name in values)
    return said(session, f"{verb} INTO {table} ({names}) VALUES ({marks})", **values)

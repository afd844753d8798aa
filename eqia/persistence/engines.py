"""Engines for the two databases, set up so that neither loses or blocks anything quietly."""

import sqlite3
from pathlib import Path
from time import monotonic
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import DisconnectionError
from sqlalchemy.pool import ConnectionPoolEntry, StaticPool

from eqia.persistence.gate import refuse_network_disk

#: The execution option that makes a transaction a writing one on SQLite.
BEGIN = "sqlite_begin"

_IDLE_SINCE = "idle_since"
_FRESH_SECONDS = 1

_IN_MEMORY = (None, "", ":memory:")

_PRAGMAS = (
    "journal_mode=WAL",
    "synchronous=FULL",
    "foreign_keys=ON",
    "busy_timeout=5000",
    "trusted_schema=OFF",
)

# A stuck statement or a forgotten transaction must not stop everybody (operations.md section 5).
_POSTGRES_OPTIONS = (
    "-c statement_timeout=10s -c lock_timeout=3s"
    " -c idle_in_transaction_session_timeout=30s -c timezone=UTC"
)


def make_engine(url: str) -> Engine:
    """Connect to SQLite or PostgreSQL with the settings this service relies on."""
    if make_url(url).get_backend_name() == "sqlite":
        return _sqlite_engine(url)
    engine = create_engine(url, connect_args={"options": _POSTGRES_OPTIONS})
    event.listen(engine, "checkin", _note_idle)
    event.listen(engine, "checkout", _try_if_idle)
    return engine


def database_file(engine: Engine) -> Path | None:
    """Find the SQLite file behind an engine; none for PostgreSQL and for a database in memory."""
    name = engine.url.database
    in_file = engine.dialect.name == "sqlite" and name not in _IN_MEMORY
    return Path(str(name)) if in_file else None


def _sqlite_engine(url: str) -> Engine:
    in_memory = make_url(url).database in _IN_MEMORY
    kept: dict[str, Any] = {"poolclass": StaticPool} if in_memory else {}
    engine = create_engine(url, connect_args={"check_same_thread": False}, **kept)
    file = database_file(engine)
    if file is not None:
        refuse_network_disk(file)
    event.listen(engine, "connect", _prepare)
    event.listen(engine, "begin", _begin)
    return engine


def _prepare(connection: sqlite3.Connection, _record: object) -> None:
    """Take transactions into our own hands: the driver's break savepoints and start too late."""
    connection.isolation_level = None
    for pragma in _PRAGMAS:
        connection.execute(f"PRAGMA {pragma}")


def _note_idle(_connection: object, record: ConnectionPoolEntry) -> None:
    record.info[_IDLE_SINCE] = monotonic()


def _try_if_idle(connection: Any, record: ConnectionPoolEntry, _proxy: object) -> None:  # noqa: ANN401 - the driver's own
    """Try a connection that lay idle: the server may have restarted since.

    SQLAlchemy would try it at every turn, several times a request.
    """
    since = record.info.get(_IDLE_SINCE)
    if since is None or monotonic() - since < _FRESH_SECONDS:
        return
    try:
        connection.execute("")
        connection.rollback()
    except Exception as error:  # whatever it is, this connection is of no use
        raise DisconnectionError from error


def _begin(connection: Connection) -> None:
    """Say BEGIN, or BEGIN IMMEDIATE for an act that writes."""
    driver: Any = connection.connection.dbapi_connection
    # Sessions that share the one connection of a database in memory share its transaction too.
    if not driver.in_transaction:
        # Through the engine, it would cost as much as the reads of a page together.
        driver.execute(f"BEGIN {connection.get_execution_options().get(BEGIN, '')}")

"""Engines for the two databases, set up so that neither loses or blocks anything quietly."""

import sqlite3
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, make_url
from sqlalchemy.pool import StaticPool

from eqia.persistence.gate import refuse_network_disk

#: The execution option that makes a transaction a writing one on SQLite.
BEGIN = "sqlite_begin"

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
    return create_engine(url, pool_pre_ping=True, connect_args={"options": _POSTGRES_OPTIONS})


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


def _begin(connection: Connection) -> None:
    """Say BEGIN, or BEGIN IMMEDIATE for an act that writes."""
    driver: Any = connection.connection.dbapi_connection
    # Sessions that share the one connection of a database in memory share its transaction too.
    if not driver.in_transaction:
        connection.exec_driver_sql(f"BEGIN {connection.get_execution_options().get(BEGIN, '')}")

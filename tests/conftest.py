"""Fixtures for every folder of tests: an empty database on each engine."""

from __future__ import annotations

from contextlib import contextmanager
from itertools import count
from typing import TYPE_CHECKING

import pytest
from sqlalchemy.orm import Session

from eqia.persistence.database import create_all_for_tests, make_engine
from tests.postgres import Cluster, running_cluster, server_programs
from tests.requirements import missing

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from sqlalchemy import Engine

_numbers = count(1)


@pytest.fixture(scope="session")
def postgres() -> Iterator[Cluster]:
    """A throw-away PostgreSQL server for the whole run."""
    programs = server_programs()
    if programs is None:
        missing("no PostgreSQL server programs on this machine", "EQIA_REQUIRE_POSTGRES")
    else:
        with running_cluster(programs) as cluster:
            yield cluster


@pytest.fixture(scope="session")
def postgres_url(postgres: Cluster) -> str:
    """Address of that server's own database, for tests that make their own databases."""
    return postgres.url()


@pytest.fixture
def sqlite_database_url(tmp_path: Path) -> str:
    """A database file that does not exist yet."""
    return f"sqlite:///{tmp_path / 'eqia.sqlite3'}"


@pytest.fixture
def postgres_database_url(postgres: Cluster) -> Iterator[str]:
    """A fresh empty PostgreSQL database, dropped after the test."""
    name = f"eqia_test_{next(_numbers)}"
    yield postgres.create(name)
    postgres.drop(name)


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest) -> str:
    """A fresh empty database; the test runs once on each engine."""
    names = {"sqlite": "sqlite_database_url", "postgresql": "postgres_database_url"}
    return request.getfixturevalue(names[request.param])


@contextmanager
def prepared(url: str) -> Iterator[Engine]:
    """Make every table and trigger, and let go of the database afterwards."""
    engine = make_engine(url)
    try:
        create_all_for_tests(engine)
        yield engine
    finally:
        engine.dispose()


@pytest.fixture
def database_engine(database_url: str) -> Iterator[Engine]:
    """A database of its own with every table and trigger, for tests that commit or race."""
    with prepared(database_url) as engine:
        yield engine


@pytest.fixture(scope="session")
def shared_sqlite() -> Iterator[Engine]:
    """One database in memory for every test that is undone afterwards."""
    with prepared("sqlite://") as engine:
        yield engine


@pytest.fixture(scope="session")
def shared_postgres(postgres: Cluster) -> Iterator[Engine]:
    """One PostgreSQL database for every test that is undone afterwards."""
    with prepared(postgres.create("eqia_shared")) as engine:
        yield engine


@contextmanager
def undone(engine: Engine) -> Iterator[Session]:
    """Open a session whose commits are real to the test and undone after it."""
    with engine.connect() as connection, connection.begin() as outer:
        session = Session(
            connection, join_transaction_mode="create_savepoint", expire_on_commit=False
        )
        yield session
        session.close()
        outer.rollback()


@pytest.fixture
def session(shared_sqlite: Engine) -> Iterator[Session]:
    """Open a session on an empty SQLite database, undone after the test."""
    with undone(shared_sqlite) as session:
        yield session


@pytest.fixture
def postgres_session(shared_postgres: Engine) -> Iterator[Session]:
    """Open a session on an empty PostgreSQL database, undone after the test."""
    with undone(shared_postgres) as session:
        yield session


@pytest.fixture(params=["sqlite", "postgresql"])
def database_session(request: pytest.FixtureRequest) -> Session:
    """Open a session on an empty database, undone after the test; runs once on each engine."""
    names = {"sqlite": "session", "postgresql": "postgres_session"}
    return request.getfixturevalue(names[request.param])

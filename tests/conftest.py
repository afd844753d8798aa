"""Fixtures for every folder of tests: an empty database on each engine."""

from __future__ import annotations

from itertools import count
from typing import TYPE_CHECKING

import pytest

from tests.postgres import Cluster, running_cluster, server_programs
from tests.requirements import missing

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

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

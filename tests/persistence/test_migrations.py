"""Migrations are numbered, end in one head, and leave exactly the tables and triggers we mean."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from flask import Flask
from sqlalchemy import Engine, inspect

from eqia.persistence import triggers
from eqia.persistence.database import Database, make_engine, make_session, migrate, writing
from eqia.persistence.schema import FOLDER, is_current
from eqia.persistence.tables import BodyRow, Row
from eqia.persistence.upgrades import Migrations

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    engine = make_engine(database_url)
    yield engine
    engine.dispose()


@pytest.fixture
def app(database_url: str) -> Iterator[Flask]:
    """The smallest app that has the `db` command's parts."""
    app = Flask("eqia")
    app.config["DATABASE_URL"] = database_url
    database, app.extensions["migrations"] = Database(), Migrations()
    database.init_app(app)
    app.extensions["migrations"].init_app(app)
    with app.app_context():
        yield app
        database.dispose()


def test_migrations_are_numbered_without_gaps():
    numbers = [path.name[:4] for path in sorted(FOLDER.glob("*.py"))]
    assert numbers == [f"{number:04d}" for number in range(1, len(numbers) + 1)]
    for path in FOLDER.glob("*.py"):
        assert re.search(rf"^revision = .{path.name[:4]}.$", path.read_text(), re.MULTILINE)


def test_up_from_nothing_gives_the_tables_we_mean(engine: Engine):
    assert not is_current(engine)
    migrate(engine)
    assert is_current(engine)
    with engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), Row.metadata) == []
        assert triggers.installed(connection) == triggers.expected(engine.dialect.name)


def test_checks_and_keys_are_the_same_as_those_of_the_tables(engine: Engine):
    """Comparing metadata does not look at CHECK constraints, so their names are compared here."""
    migrate(engine)
    found = inspect(engine)
    for table in Row.metadata.sorted_tables:
        meant = {str(one.name) for one in table.constraints if one.name}
        checks = {one["name"] for one in found.get_check_constraints(table.name)}
        named = {name for name in meant if name.startswith("ck_")}
        assert checks == named, table.name


def test_migrating_twice_keeps_what_is_there(engine: Engine):
    migrate(engine)
    with make_session(engine) as session, writing(session):
        session.add(BodyRow(code="icb", name="Integrated care board"))
    migrate(engine)
    with make_session(engine) as session:
        assert session.query(BodyRow).one().name == "Integrated care board"


def test_the_db_command_goes_up_and_down(app: Flask):
    migrations: Migrations = app.extensions["migrations"]
    migrations.upgrade()
    engine = app.extensions["sqlalchemy"].engine
    assert not migrations.needs_upgrade()
    assert not migrations.needs_revision()
    assert len(migrations.heads()) == 1
    assert migrations.rev_id() == f"{len(list(FOLDER.glob('*.py'))) + 1:04d}"
    with engine.connect() as connection:
        assert triggers.installed(connection) == triggers.expected(engine.dialect.name)
    migrations.downgrade("base")
    assert set(inspect(engine).get_table_names()) == {"alembic_version"}


def test_a_failed_migration_leaves_the_database_as_it_was(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
):
    migrate(engine)
    nonsense = dict.fromkeys(("sqlite", "postgresql"), _nonsense)
    monkeypatch.setattr(triggers, "_STATEMENTS", nonsense)
    with pytest.raises(Exception, match="NONSENSE"):
        migrate(engine)
    monkeypatch.undo()
    with engine.connect() as connection:
        assert triggers.installed(connection) == triggers.expected(engine.dialect.name)


def _nonsense(_rule: object) -> list[str]:
    return ["NONSENSE"]

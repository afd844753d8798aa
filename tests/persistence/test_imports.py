"""What the database itself keeps of imports: one live reading, and an undo that breaks no chain."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING
from uuid import uuid4

import pytest
from alembic.runtime.migration import MigrationContext
from flask import Flask
from sqlalchemy import Engine, select, text
from sqlalchemy.exc import IntegrityError

from eqia.domain.errors import NotAllowed
from eqia.persistence import triggers
from eqia.persistence.database import Database, make_engine, make_session, migrate
from eqia.persistence.queries.plans import LIVE
from eqia.persistence.tables import MeasureVersionRow, ReadingRow
from eqia.persistence.upgrades import Migrations
from tests.persistence.by_sql import raw, said
from tests.plan_builders import (
    make_batch,
    make_measure,
    make_plan,
    make_reading,
    make_series,
    make_version,
    undo,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy.orm import Session


@pytest.fixture
def plan(database_session):
    return make_plan(database_session)


@pytest.fixture
def version(database_session, plan):
    return make_version(
        database_session, plan=plan, measure=make_measure(database_session, plan=plan)
    )


def live(session: Session) -> list[int]:
    return sorted(session.scalars(select(ReadingRow.numerator).where(LIVE)))


def test_undone_readings_count_no_more_and_corrected_ones_return(database_session, plan, version):
    session = database_session
    first = make_reading(session, plan=plan, version=version, numerator=10)
    batch = make_batch(session, plan=plan, version=version)
    of_it = {"plan": plan, "version": version, "import_batch_id": batch.id}
    make_reading(session, **of_it, numerator=11, supersedes=first.id)
    make_reading(session, **of_it, numerator=20, member="under_65")
    assert live(session) == [11, 20]
    undo(session, plan=plan, batch=batch)
    assert live(session) == [10]


def test_after_an_undo_a_place_is_filled_again_and_only_once(database_session, plan, version):
    session = database_session
    batch = make_batch(session, plan=plan, version=version)
    of_it = {"plan": plan, "version": version}
    make_reading(session, **of_it, numerator=10, import_batch_id=batch.id)
    undo(session, plan=plan, batch=batch)
    again = make_reading(session, **of_it, numerator=11, after_undone=1)
    with pytest.raises((NotAllowed, IntegrityError)):
        make_reading(session, **of_it, numerator=12, after_undone=2)
    with pytest.raises((NotAllowed, IntegrityError)):
        make_reading(session, **of_it, numerator=12)
    make_reading(session, **of_it, numerator=13, supersedes=again.id)
    assert live(session) == [13]


def test_a_correction_takes_the_place_of_an_undone_one(database_session, plan, version):
    session = database_session
    of_it = {"plan": plan, "version": version}
    first = make_reading(session, **of_it, numerator=10)
    batch = make_batch(session, plan=plan, version=version)
    wrong = make_reading(
        session, **of_it, numerator=11, supersedes=first.id, import_batch_id=batch.id
    )
    undo(session, plan=plan, batch=batch)
    with pytest.raises(NotAllowed):
        make_reading(session, **of_it, numerator=12, supersedes=wrong.id)
    make_reading(session, **of_it, numerator=12, supersedes=first.id, after_undone=1)
    with pytest.raises(NotAllowed):
        make_reading(session, **of_it, numerator=13, supersedes=first.id, after_undone=2)
    assert live(session) == [12]


def test_an_import_that_later_corrections_build_on_stays(database_session, plan, version):
    session = database_session
    batch = make_batch(session, plan=plan, version=version)
    of_it = {"plan": plan, "version": version}
    first = make_reading(session, **of_it, numerator=10, import_batch_id=batch.id)
    later = make_batch(session, plan=plan, version=version)
    make_reading(session, **of_it, numerator=11, supersedes=first.id, import_batch_id=later.id)
    with pytest.raises(NotAllowed):
        undo(session, plan=plan, batch=batch)
    undo(session, plan=plan, batch=later)
    undo(session, plan=plan, batch=batch)
    assert live(session) == []


def test_an_undone_import_takes_in_no_more(database_session, plan, version):
    session = database_session
    batch = make_batch(session, plan=plan, version=version)
    undo(session, plan=plan, batch=batch)
    with pytest.raises(NotAllowed):
        make_reading(session, plan=plan, version=version, import_batch_id=batch.id)


def test_a_reading_comes_from_an_import_of_its_own_measure(database_session, plan, version):
    other = make_version(
        database_session, plan=plan, measure=make_measure(database_session, plan=plan)
    )
    batch = make_batch(database_session, plan=plan, version=other)
    with pytest.raises(IntegrityError):
        make_reading(database_session, plan=plan, version=version, import_batch_id=batch.id)


def test_nobody_replaces_an_undone_start(session):
    plan = make_plan(session)
    version = make_version(session, plan=plan, measure=make_measure(session, plan=plan))
    batch = make_batch(session, plan=plan, version=version)
    row = make_reading(session, plan=plan, version=version, import_batch_id=batch.id)
    undo(session, plan=plan, batch=batch)
    names = [c.name for c in ReadingRow.__table__.columns if c.name not in {"id", "numerator"}]
    copied = ", ".join(names)
    sql = (
        f"INSERT OR REPLACE INTO reading (id, numerator, {copied})"  # noqa: S608 - our own names
        f" SELECT :new, 70, {copied} FROM reading WHERE id = :id"
    )
    assert said(session, sql, id=raw(session, row), new=uuid4().hex) == "append_only"


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    engine = make_engine(database_url)
    yield engine
    engine.dispose()


def down(engine: Engine, to: str) -> None:
    """Go down as the `db` command does."""
    app = Flask("eqia")
    app.config["DATABASE_URL"] = engine.url.render_as_string(hide_password=False)
    database, migrations = Database(), Migrations()
    database.init_app(app)
    migrations.init_app(app)
    with app.app_context():
        migrations.downgrade(to)
        database.dispose()


def test_readings_and_their_corrections_survive_going_down_and_up(engine: Engine):
    migrate(engine)
    with make_session(engine) as session:
        plan = make_series(session)
        (first,) = session.scalars(select(ReadingRow))
        version = session.get_one(MeasureVersionRow, first.version_id)
        make_reading(session, plan=plan, version=version, numerator=13, supersedes=first.id)
        batch = make_batch(session, plan=plan, version=version)
        of_it = {"member": "under_65", "import_batch_id": batch.id}
        make_reading(session, plan=plan, version=version, numerator=40, **of_it)
        undo(session, plan=plan, batch=batch)
        session.commit()
    down(engine, "0005")
    with engine.connect() as connection:
        rows = connection.execute(text("SELECT numerator FROM reading ORDER BY numerator"))
        assert [n for (n,) in rows] == [12, 13]
    migrate(engine)
    with engine.connect() as connection:
        assert MigrationContext.configure(connection).get_current_revision() > "0005"
        assert triggers.installed(connection) == triggers.expected(engine.dialect.name)
    with make_session(engine) as session:
        assert live(session) == [13]
        first = session.scalars(select(ReadingRow).where(ReadingRow.supersedes.is_(None))).one()
        assert first.period_start == date(2026, 4, 1)

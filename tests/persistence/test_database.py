"""Connections are set up as we mean, acts are whole, and everybody gets a turn to write."""

from __future__ import annotations

import time
from contextlib import nullcontext
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from multiprocessing import Pipe, get_context
from pathlib import Path
from signal import SIGKILL
from threading import Event, Thread
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest
from flask import Flask
from sqlalchemy import Column, Integer, MetaData, Table, insert, select, text
from sqlalchemy.exc import StatementError

from eqia.persistence import engines
from eqia.persistence.columns import Exact, Moment
from eqia.persistence.database import Database, is_writing, make_engine, make_session, writing
from eqia.persistence.gate import NetworkDiskError, gate, refuse_network_disk
from eqia.persistence.tables import BodyRow, PersonRow
from tests.builders import NOW, make_person

if TYPE_CHECKING:
    from multiprocessing.connection import Connection

    from sqlalchemy import Engine
    from sqlalchemy.orm import Session

    from tests.postgres import Cluster


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("journal_mode", "wal"),
        ("synchronous", 2),
        ("foreign_keys", 1),
        ("busy_timeout", 5000),
        ("trusted_schema", 0),
    ],
)
def test_sqlite_is_durable_and_strict(sqlite_database_url: str, setting: str, value: object):
    engine = make_engine(sqlite_database_url)
    with engine.connect() as connection:
        assert connection.scalar(text(f"PRAGMA {setting}")) == value
    engine.dispose()


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("statement_timeout", "10s"),
        ("lock_timeout", "3s"),
        ("idle_in_transaction_session_timeout", "30s"),
        ("TimeZone", "UTC"),
    ],
)
def test_postgresql_gives_up_on_what_is_stuck(postgres_session: Session, setting: str, value: str):
    assert postgres_session.scalar(text(f"SHOW {setting}")) == value


def test_a_connection_that_died_while_idle_is_replaced(
    postgres: Cluster, postgres_database_url: str, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(engines, "_FRESH_SECONDS", 0)
    engine = make_engine(postgres_database_url)
    for _ in range(2):
        with engine.connect() as connection:
            assert connection.scalar(text("SELECT 1")) == 1
        postgres.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname LIKE 'eqia_test_%'"
        )
    engine.dispose()


@pytest.mark.parametrize(
    "moment",
    [
        datetime(2026, 3, 29, 0, 59, 59, 999999, tzinfo=ZoneInfo("Europe/London")),
        datetime(2026, 10, 25, 1, 30, fold=1, tzinfo=ZoneInfo("Europe/London")),
        datetime(2026, 6, 1, 12, 0, tzinfo=timezone(timedelta(hours=5, minutes=30))),
    ],
)
def test_a_moment_comes_back_as_the_same_moment_in_utc(database_session: Session, moment: datetime):
    row = make_person(database_session, created_at=moment)
    database_session.expire_all()
    # Python calls a repeated hour unequal to every other zone's, so compare in UTC.
    assert row.created_at == moment.astimezone(UTC)
    assert row.created_at.tzinfo is UTC
    found = database_session.scalars(select(PersonRow).where(PersonRow.created_at == moment))
    assert found.one() is row


def test_a_moment_without_a_time_zone_is_refused(database_session: Session):
    naive = datetime(2026, 1, 1)  # noqa: DTZ001 - the mistake under test
    with pytest.raises(StatementError, match="needs a time zone"):
        make_person(database_session, created_at=naive)


@pytest.mark.parametrize("digits", ["0.1234567891234567891", "-12345678901234567890.5", "1.50"])
def test_a_decimal_keeps_every_digit(database_session: Session, digits: str):
    figures = Table("figures", MetaData(), Column("id", Integer), Column("figure", Exact()))
    connection = database_session.connection()
    figures.create(connection)
    connection.execute(insert(figures).values(id=1, figure=Decimal(digits)))
    assert str(connection.scalar(select(figures.c.figure))) == digits
    assert Moment.cache_ok
    assert Exact.cache_ok


def test_an_act_that_fails_leaves_nothing(database_session: Session):
    def act() -> None:
        with writing(database_session):
            make_person(database_session)
            raise ValueError

    with pytest.raises(ValueError):  # noqa: PT011 - any error will do
        act()
    assert database_session.query(PersonRow).count() == 0
    assert not is_writing(database_session)


def test_an_act_within_an_act_is_part_of_it(database_session: Session):
    with writing(database_session):
        person = make_person(database_session)
        assert person.id is not None
        assert is_writing(database_session)
    assert not is_writing(database_session)
    assert database_session.query(PersonRow).count() == 1


def test_rows_changed_before_an_act_are_a_mistake(database_session: Session):
    person = make_person(database_session)
    person.name = "Changed too early"
    with pytest.raises(RuntimeError, match="before writing"), writing(database_session):
        pass


def test_an_act_sees_what_others_wrote_since_its_page_was_read(database_engine: Engine):
    with make_session(database_engine) as mine, make_session(database_engine) as theirs:
        person = make_person(mine, name="Before")
        assert mine.get_one(PersonRow, person.id).name == "Before"
        with writing(theirs):
            theirs.get_one(PersonRow, person.id).name = "After"
        with writing(mine):
            assert person.name == "After"


def test_reading_does_not_keep_others_from_writing(database_engine: Engine):
    with make_session(database_engine) as reader, make_session(database_engine) as writer:
        assert reader.query(PersonRow).count() == 0
        make_person(writer)
        with writing(reader):
            assert reader.query(PersonRow).count() == 1


def test_two_writers_in_tight_loops_take_turns(sqlite_database_url: str):
    """Without the gate SQLite lets one of them through some four thousand times as often."""
    engine = make_engine(sqlite_database_url)
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE turn (who INTEGER)"))
    stop = Event()

    def write(who: int) -> None:
        with make_session(engine) as session:
            while not stop.is_set():
                with writing(session):
                    session.execute(text("INSERT INTO turn VALUES (:who)"), {"who": who})

    threads = [Thread(target=write, args=(who,)) for who in (1, 2)]
    for thread in threads:
        thread.start()
    time.sleep(2)
    stop.set()
    for thread in threads:
        thread.join()
    with engine.connect() as connection:
        turns = dict(connection.execute(text("SELECT who, count(*) FROM turn GROUP BY who")).all())
    engine.dispose()
    # Far from the thousands to one of no gate, and wide enough for a busy machine.
    assert min(turns.values()) * 3 > max(turns.values())


def hold(file: Path, ready: Connection) -> None:
    with gate(file):
        ready.send("inside")
        time.sleep(60)


def test_the_gate_is_free_again_after_its_holder_is_killed(tmp_path: Path):
    mine, theirs = Pipe()
    holder = get_context("spawn").Process(target=hold, args=(tmp_path / "database", theirs))
    holder.start()
    assert mine.recv() == "inside"
    holder.kill()
    holder.join()
    with gate(tmp_path / "database"):
        assert holder.exitcode == -SIGKILL


def test_the_gate_is_free_again_after_an_error(tmp_path: Path):
    file = tmp_path / "database"
    for _ in range(2):
        with pytest.raises(ValueError, match="inside"), gate(file):
            raise ValueError("inside")
    with gate(None):
        pass


@pytest.mark.parametrize(
    ("mounts", "refused"),
    [
        ("/dev/sda1 / ext4 rw 0 0\nserver:/x /srv nfs4 rw 0 0", True),
        ("server:/x / nfs4 rw 0 0\n/dev/sda1 /srv/eqia ext4 rw 0 0", False),
        ("//server/x /srv/eqi cifs rw 0 0", False),
        ("", False),
    ],
)
def test_a_database_on_a_network_disk_is_refused(mounts: str, refused: bool):
    file = Path("/srv/eqia/eqia.sqlite3")
    with pytest.raises(NetworkDiskError, match="nfs4") if refused else nullcontext():
        refuse_network_disk(file, mounts)


def test_each_context_has_a_session_of_its_own(sqlite_database_url: str):
    app, database = Flask("eqia"), Database()
    database.init_app(app, sqlite_database_url)
    assert app.extensions["sqlalchemy"] is database
    with app.app_context():
        first = database.session
        assert database.session is first
        assert database.engines == {"default": database.engine}
    with app.app_context():
        assert database.session is not first
        database.dispose()


def test_sessions_on_a_database_in_memory_share_its_one_connection():
    engine = make_engine("sqlite://")
    with make_session(engine) as one, make_session(engine) as two:
        one.execute(text("SELECT 1"))
        BodyRow.metadata.create_all(two.connection())
        two.commit()
        with writing(one):
            one.add(BodyRow(code="icb", name="Board"))
        assert two.query(BodyRow).one().code == "icb"
    engine.dispose()
    assert NOW.tzinfo is UTC

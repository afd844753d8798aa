"""Any byte changed in the log is found, and the command names the entry."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING
from uuid import uuid4

import pytest
from click.testing import CliRunner
from sqlalchemy import delete, insert, update

from eqia.cli import main
from eqia.domain.events import Context, Event, Logged, event_hash, verify_chain
from eqia.persistence import triggers
from eqia.persistence.database import make_engine, make_session, migrate, writing
from eqia.persistence.queries import events as queries
from eqia.persistence.tables import EventRow
from eqia.services import events
from tests.builders import NOW, acting, make_person

if TYPE_CHECKING:
    from pathlib import Path

    from click.testing import Result
    from sqlalchemy import Engine
    from sqlalchemy.orm import Session

TABLE = EventRow.__table__
#: Every column, since each says something.
COLUMNS = sorted(column.name for column in TABLE.columns)


def fill(session: Session, number: int = 5) -> None:
    actor = acting(make_person(session))
    for turn in range(number):
        with writing(session):
            events.append(
                session,
                now=NOW,
                actor=actor,
                action="screening.saved",
                entity="screening",
                entity_id=uuid4(),
                entity_version=turn,
                payload={"section": "about"},
                texts={"reason": f"text {turn}"},
                context=Context(uuid4(), "a1b2c3", "lead"),
            )


def flipped(value: object) -> object:
    """The same value with one byte of it changed."""
    if isinstance(value, str):
        return value[:-1] + chr(ord(value[-1]) ^ 1)
    if isinstance(value, int):
        return value ^ 1
    if isinstance(value, dict):
        return json.loads(json.dumps(value).replace("about", "abouu"))
    if hasattr(value, "hex"):
        return type(value)(int=value.int ^ 1)
    return value + timedelta(microseconds=1) if value else uuid4()


@pytest.fixture
def unguarded(database_engine: Engine) -> Engine:
    """A filled log in the hands of somebody who may do anything to the database."""
    with make_session(database_engine) as session:
        fill(session)
    with database_engine.begin() as connection:
        triggers.drop_all(connection)
    return database_engine


@pytest.mark.parametrize("column", COLUMNS)
def test_a_flipped_byte_in_any_column_is_found(unguarded: Engine, column: str):
    with unguarded.begin() as connection:
        value = connection.scalar(
            TABLE.select().with_only_columns(TABLE.c[column]).where(TABLE.c.seq == 3)
        )
        changed = 99 if column == "seq" else flipped(value)
        assert changed != value
        connection.execute(update(TABLE).where(TABLE.c.seq == 3).values({column: changed}))
    with make_session(unguarded) as session:
        broken = events.verify(session)
    # An event under another organisation's name is missing from ours.
    assert broken is not None
    assert broken.seq == 3


@pytest.mark.parametrize("seq", [1, 3])
def test_a_removed_event_is_found(unguarded: Engine, seq: int):
    with unguarded.begin() as connection:
        connection.execute(delete(TABLE).where(TABLE.c.seq == seq))
    with make_session(unguarded) as session:
        broken = events.verify(session)
    assert broken is not None
    assert broken.seq == seq


def test_an_event_put_in_is_found(unguarded: Engine):
    with make_session(unguarded) as session:
        seq, last = queries.head(session)
        found, *_ = (entry.event for entry in queries.chain(session))
    forged = replace(found, id=uuid4(), seq=seq + 1, prev_hash=flipped(last))
    values = {name: getattr(forged, name) for name in Event.__slots__}
    with unguarded.begin() as connection:
        connection.execute(insert(TABLE).values(**values, hash=event_hash(forged), salt=""))
    with make_session(unguarded) as session:
        assert events.verify(session).seq == 6


def test_an_erased_salt_leaves_the_chain_whole(unguarded: Engine):
    with unguarded.begin() as connection:
        connection.execute(update(TABLE).values(salt=""))
    with make_session(unguarded) as session:
        assert events.verify(session) is None


def test_a_chain_rewritten_from_the_middle_is_found():
    one = Event(
        id=uuid4(),
        seq=1,
        org="host",
        at_utc=NOW,
        actor_id=None,
        on_behalf_of=None,
        role_used="",
        session_id=None,
        request_id="",
        action="started",
        entity="screening",
        entity_id=None,
        entity_version=1,
    )
    two = replace(one, seq=2, prev_hash=event_hash(one))
    forged = replace(one, action="withdrawn")
    assert verify_chain([Logged(one, event_hash(one)), Logged(two, event_hash(two))]) is None
    broken = verify_chain([Logged(forged, event_hash(forged)), Logged(two, event_hash(two))])
    assert (broken.seq, broken.why) == (2, "it does not follow the event before it")


def verify(folder: Path, url: str) -> Result:
    settings = {
        "EQIA_INSTANCE_PATH": str(folder),
        "EQIA_DATABASE_URL": url,
        "EQIA_ENV": "development",
        "EQIA_SECRET_KEY": "only for this test",
    }
    return CliRunner().invoke(main, ["verify-events"], env=settings)


def test_the_command_names_the_first_bad_entry(database_url: str, tmp_path: Path):
    engine = make_engine(database_url)
    migrate(engine)
    with make_session(engine) as session:
        fill(session)
    good = verify(tmp_path, database_url)
    assert (good.exit_code, good.output) == (0, "All 5 events are as they were written.\n")
    with engine.begin() as connection:
        triggers.drop_all(connection)
        connection.execute(update(TABLE).where(TABLE.c.seq.in_((2, 4))).values(action="signed"))
    engine.dispose()
    bad = verify(tmp_path, database_url)
    assert bad.exit_code == 1
    assert bad.stderr == "Event 2 is not as it was written: its contents do not match its hash.\n"

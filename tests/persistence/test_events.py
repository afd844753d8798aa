"""The event log shows every tampering, and eight writers never fork it."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING
from uuid import uuid4

import pytest
from sqlalchemy import Engine, func, insert, select
from sqlalchemy.exc import IntegrityError

from eqia.persistence.database import make_session, writing
from eqia.persistence.queries import events as queries
from eqia.persistence.tables import EventRow
from eqia.services import events
from tests.builders import NOW, acting, make_person

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


def log(session: Session, **overrides) -> EventRow:
    with writing(session):
        values = {"actor": None, "action": "changed", "entity": "project", "entity_id": None}
        return events.append(session, now=NOW, **{**values, **overrides})


def test_each_event_follows_the_one_before(database_session: Session):
    first, second = log(database_session), log(database_session)
    assert (first.seq, second.seq) == (1, 2)
    assert second.prev_hash == first.hash
    assert queries.head(database_session) == (2, second.hash)
    assert events.verify(database_session) is None


def test_a_text_leaves_only_its_digest(database_session: Session):
    actor = acting(make_person(database_session))
    log(database_session, actor=actor, texts={"reason": "Ward 7 closes"}, payload={"id": actor.id})
    database_session.expire_all()
    row = database_session.scalars(select(EventRow)).one()
    assert "Ward 7" not in str(row.payload)
    assert row.payload["id"] == str(actor.id)
    assert events.verify(database_session) is None


def test_an_event_outside_an_act_is_a_mistake(database_session: Session):
    with pytest.raises(RuntimeError, match="inside writing"):
        events.append(database_session, now=NOW, actor=None, action="x", entity="y", entity_id=None)


def test_the_last_entry_is_found_however_long_the_log(session: Session):
    """Every act reads it while others wait, so it must not cost more as the log grows."""
    statement = f"EXPLAIN QUERY PLAN {queries.LAST.compile(session.get_bind())}"
    plan = [step[-1] for step in session.connection().exec_driver_sql(statement, ("host", 1, 0))]
    assert any("org=?" in step for step in plan)
    assert not any("TEMP B-TREE" in step or "SCAN" in step for step in plan)


def test_eight_writers_never_fork_the_chain(database_engine: Engine):
    def write(_number: int) -> None:
        with make_session(database_engine) as session:
            for _ in range(20):
                log(session)

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(write, range(8)))
    with make_session(database_engine) as session:
        assert session.scalar(select(func.count()).select_from(EventRow)) == 160
        assert queries.head(session)[0] == 160
        assert events.verify(session) is None


def test_the_database_itself_refuses_a_fork(database_session: Session):
    """The lock makes forks impossible; the unique constraint is there if the lock is not."""
    log(database_session)
    values = dict(database_session.execute(select(EventRow.__table__)).mappings().one())
    fork = {**values, "id": uuid4(), "seq": 2, "hash": "f" * 64}
    with pytest.raises(IntegrityError), database_session.begin_nested():
        database_session.execute(insert(EventRow.__table__), fork)
    assert queries.head(database_session)[0] == 1

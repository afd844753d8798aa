"""What the database itself refuses, said in SQL by somebody who goes round the service."""
# ruff: noqa: S608 - the names are our own tables'

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from sqlalchemy import inspect, text
from sqlalchemy.exc import IntegrityError

from eqia.domain.errors import NotAllowed
from eqia.domain.screenings import MOVES, Status
from eqia.persistence import triggers
from eqia.persistence.database import refusal_from, writing
from eqia.persistence.tables import (
    AnswerRow,
    EvidenceRow,
    ReceiptRow,
    RecordRow,
    ReviewRow,
    Row,
    SignOffRow,
)
from eqia.persistence.trigger_rules import APPEND_ONLY, NEVER_EMPTIED
from eqia.services import events
from tests.builders import (
    NOW,
    change,
    kept,
    make_answer_to_request,
    make_evidence,
    make_person,
    make_publication,
    make_record,
    make_request,
    make_review,
    make_screening,
    move,
    take_down,
)
from tests.persistence.by_sql import copied, raw, said
from tests.plan_builders import make_series
from tests.readiness_builders import make_readiness

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

CLOSED = sorted(set(Status) - {Status.DRAFT, Status.RETURNED})


def one_of_each(session: Session) -> dict[str, Row]:
    """One row of every append-only table, on a signed screening."""
    screening = make_screening(session, status=Status.SIGNED, answers={"A1": "text"})
    publication = make_publication(session, record=make_record(session, screening=screening))
    make_answer_to_request(session, request=make_request(session, publication=publication))
    take_down(session, publication=publication)
    make_readiness(session, plan=make_series(session))
    with writing(session):
        events.append(
            session, now=NOW, actor=None, action="signed", entity="screening", entity_id=None
        )
    mappers = {mapper.class_.__tablename__: mapper.class_ for mapper in Row.registry.mappers}
    return {table: session.query(mappers[table]).first() for table in APPEND_ONLY}


def test_every_trigger_is_in_place(database_session: Session):
    connection = database_session.connection()
    assert triggers.installed(connection) == triggers.expected(connection.dialect.name)
    assert len(triggers.installed(connection)) > 50


@pytest.mark.parametrize("table", APPEND_ONLY)
def test_what_is_logged_is_neither_changed_nor_removed(database_session: Session, table: str):
    row = one_of_each(database_session)[table]
    for sql in (
        f"UPDATE {table} SET id = id",
        f"DELETE FROM {table}",
        f"DELETE FROM {table} WHERE id = :id",
    ):
        values = {"id": raw(database_session, row)} if ":id" in sql else {}
        assert said(database_session, sql, **values) == "append_only", sql


@pytest.mark.parametrize("table", APPEND_ONLY)
def test_sqlite_cannot_replace_what_is_logged(session: Session, table: str):
    row = one_of_each(session)[table]
    assert copied(session, row, "INSERT OR REPLACE").partition(":")[0] == "append_only"
    rowid = session.scalar(
        text(f"SELECT rowid FROM {table} WHERE id = :id"), {"id": raw(session, row)}
    )
    fresh = {"id": "0" * 32, "rowid": rowid}
    assert copied(session, row, "INSERT OR REPLACE", **fresh) == "append_only"


@pytest.mark.parametrize("key", ["seq", "hash", "prev_hash"])
def test_sqlite_cannot_replace_an_event_by_any_key(session: Session, key: str):
    row = one_of_each(session)["event"]
    fresh = {"id": "0" * 32, "seq": 99, "hash": "f" * 64, "prev_hash": "e" * 64}
    del fresh[key]
    assert copied(session, row, "INSERT OR REPLACE", **fresh) == "append_only"


def test_postgresql_cannot_upsert_over_an_event(postgres_session: Session):
    row = one_of_each(postgres_session)["event"]
    found = dict(postgres_session.execute(text("SELECT * FROM event")).mappings().one())
    found["payload"] = "{}"
    names, marks = ", ".join(found), ", ".join(f":{name}" for name in found)
    sql = (
        f"INSERT INTO event ({names}) VALUES ({marks})"
        " ON CONFLICT (id) DO UPDATE SET action = 'forged'"
    )
    assert said(postgres_session, sql, **found) == "append_only"
    assert row.action == "signed"


@pytest.mark.parametrize("table", NEVER_EMPTIED)
def test_postgresql_cannot_empty_a_table_in_one_stroke(postgres_session: Session, table: str):
    assert said(postgres_session, f"TRUNCATE {table} CASCADE") == "append_only"


@pytest.mark.parametrize("status", CLOSED)
def test_answers_stand_still_from_submission_on(database_session: Session, status: Status):
    screening = make_screening(database_session, status=status, answers={"A1": "before"})
    answer = database_session.query(AnswerRow).one()
    identity = {"id": raw(database_session, answer)}
    assert (
        said(database_session, "UPDATE answer SET question = 'B1' WHERE id = :id", **identity)
        == "frozen"
    )
    assert said(database_session, "DELETE FROM answer WHERE id = :id", **identity) == "frozen"
    with pytest.raises(NotAllowed) as refused:
        kept(database_session, AnswerRow(screening_id=screening.id, question="Z9", value="new"))
    assert refused.value.code == "frozen"
    with pytest.raises(NotAllowed):
        make_evidence(database_session, screening=screening)
    with pytest.raises(NotAllowed):
        change(database_session, screening=screening, actor=make_person(database_session))


@pytest.mark.parametrize("status", [Status.DRAFT, Status.RETURNED])
def test_answers_of_an_open_screening_can_change(database_session: Session, status: Status):
    screening = make_screening(database_session, status=status, answers={"A1": "before"})
    with writing(database_session):
        database_session.query(AnswerRow).one().value = "after"
    make_evidence(database_session, screening=screening)
    assert database_session.query(EvidenceRow).count() == 1


@pytest.mark.parametrize("table", ["answer", "evidence"])
def test_nothing_moves_into_or_out_of_a_signed_screening(database_session: Session, table: str):
    draft = make_screening(database_session, answers={"A1": "draft"})
    make_evidence(database_session, screening=draft)
    signed = make_screening(database_session, answers={"A2": ["new"]})
    make_evidence(database_session, screening=signed)
    for step in (Status.SUBMITTED, Status.REVIEWED, Status.SIGNED):
        move(database_session, screening=signed, to=step, actor=make_person(database_session))
    into = f"UPDATE {table} SET screening_id = :to WHERE screening_id = :from"
    for source, target in ((draft, signed), (signed, draft)):
        places = {"from": raw(database_session, source), "to": raw(database_session, target)}
        assert said(database_session, into, **places) == "frozen"


def test_sqlite_cannot_replace_a_frozen_answer_or_a_signed_screening(session: Session):
    signed = make_screening(session, status=Status.SIGNED, answers={"A1": "signed"})
    draft = make_screening(session, answers={"A1": "draft"})
    frozen, own = (
        session.query(AnswerRow).filter_by(screening_id=one.id).one() for one in (signed, draft)
    )
    assert copied(session, signed, "INSERT OR REPLACE", status="draft") == "frozen"
    fresh = {"id": "0" * 32, "status": "draft"}
    assert copied(session, signed, "INSERT OR REPLACE", **fresh) == "frozen"
    moved = {"screening_id": draft.id.hex, "question": "B1"}
    assert copied(session, frozen, "INSERT OR REPLACE", **moved) == "frozen"
    for name in ("id", "rowid"):
        sql = (
            f"UPDATE OR REPLACE answer SET {name} ="
            f" (SELECT {name} FROM answer WHERE id = :frozen) WHERE id = :own"
        )
        assert said(session, sql, frozen=frozen.id.hex, own=own.id.hex) == "frozen"
    for name in ("id", "rowid", "reference"):
        sql = (
            f"UPDATE OR REPLACE screening SET {name} ="
            f" (SELECT {name} FROM screening WHERE id = :signed) WHERE id = :draft"
        )
        assert said(session, sql, signed=signed.id.hex, draft=draft.id.hex) == "frozen"


@pytest.mark.parametrize(
    "column", ["confirmed_outcome", "signed_at", "decision", "content_digest", "stop_reason"]
)
@pytest.mark.parametrize("status", [Status.SIGNED, Status.SUPERSEDED, Status.WITHDRAWN])
def test_a_signed_screening_keeps_its_content(
    database_session: Session, column: str, status: Status
):
    values = {"signed_at": "'2020-01-01 00:00:00'", "decision": "'{}'"}
    screening = make_screening(database_session, status=status, decision={"outcome": "none"})
    sql = f"UPDATE screening SET {column} = {values.get(column, repr('other'))} WHERE id = :id"
    assert said(database_session, sql, id=raw(database_session, screening)) == "frozen"


def test_flags_of_a_signed_screening_can_still_be_set(database_session: Session):
    screening = make_screening(database_session, status=Status.SIGNED)
    with writing(database_session):
        screening.stale_from = NOW.date()
        screening.review_due = NOW.date()
        screening.version += 1
    assert screening.stale_from == NOW.date()


@pytest.mark.parametrize("after", sorted(Status))
@pytest.mark.parametrize("before", sorted(Status))
def test_only_listed_moves_can_be_made(database_session: Session, before: Status, after: Status):
    screening = make_screening(database_session, status=before)
    if before is after:
        return
    if (before, after) in MOVES:
        move(database_session, screening=screening, to=after, actor=make_person(database_session))
        assert screening.status is after
        return
    sql = "UPDATE screening SET status = :after, confirmed_outcome = 'none' WHERE id = :id"
    refused = said(database_session, sql, after=after.value, id=raw(database_session, screening))
    assert refused in ("status", "frozen")


def test_a_screening_is_reviewed_and_signed_only_by_an_act(database_session: Session):
    screening = make_screening(database_session, status=Status.SUBMITTED)
    sql = "UPDATE screening SET status = :after, confirmed_outcome = 'none' WHERE id = :id"
    identity = raw(database_session, screening)
    assert said(database_session, sql, after="reviewed", id=identity) == "status"
    make_review(database_session, screening=screening)
    assert said(database_session, sql, after="reviewed", id=identity) == ""
    assert said(database_session, sql, after="signed", id=identity) == "status"


def test_a_screening_is_born_a_draft_and_keeps_its_reference(database_session: Session):
    screening = make_screening(database_session)
    fresh = {"id": "0" * 32, "status": "signed", "confirmed_outcome": "none", "number": 2}
    if database_session.get_bind().dialect.name == "sqlite":
        assert copied(database_session, screening, "INSERT", **fresh) == "status"
    for column in ("reference", "number", "created_by"):
        other = {"number": "7", "created_by": f"'{raw(database_session, screening)}'"}
        sql = f"UPDATE screening SET {column} = {other.get(column, repr('EQS-1'))}"
        assert said(database_session, sql) == "frozen"


def test_any_other_error_is_no_refusal(database_session: Session):
    with pytest.raises(IntegrityError) as error, writing(database_session):
        database_session.execute(text("INSERT INTO local_group (id) VALUES (NULL)"))
    assert refusal_from(error.value) is None


def test_the_tables_named_by_the_rules_exist(session: Session):
    assert set(NEVER_EMPTIED) <= set(inspect(session.connection()).get_table_names())
    assert {ReceiptRow, RecordRow, ReviewRow, SignOffRow} <= {
        mapper.class_ for mapper in Row.registry.mappers
    }

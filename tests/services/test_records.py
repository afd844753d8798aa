from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm.attributes import set_committed_value

from eqia.documents import fonts
from eqia.domain.errors import Conflict, NotAllowed
from eqia.domain.questions import digest_of
from eqia.domain.records import SignOff, canonical, digest
from eqia.domain.screenings import Status
from eqia.persistence.database import writing
from eqia.persistence.tables import OrganisationRow, RecordRow
from eqia.services import records
from eqia.services.records import Printing
from tests.builders import NOW, make_evidence, make_person, make_receipt, make_screening, move
from tests.documents.fixtures import english

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from eqia.persistence.tables import ScreeningRow

SIGN_OFF = SignOff(
    name="Priya Nair",
    role="approver",
    at=NOW,
    statements=("need_a", "need_b", "need_c"),
    benefits="Later hours.",
    harms="A longer walk.",
    proportionate="Transport takes the harm away.",
)


def reviewed(session: Session, **overrides: Any) -> ScreeningRow:
    values = {"confirmed_outcome": "conditions", **overrides}
    screening = make_screening(session, answers=english(), **values)
    make_evidence(session, screening=screening, title="Visits by age")
    for step in (Status.SUBMITTED, Status.REVIEWED):
        move(session, screening=screening, to=step)
    make_receipt(session, screening=screening, person=make_person(session, name="Priya Nair"))
    return screening


def freeze(session: Session, screening: ScreeningRow, **more: Any) -> records.Frozen:
    return records.prepare(session, screening=screening, sign_off=SIGN_OFF, now=NOW, **more)


def signed(session: Session) -> RecordRow:
    screening = reviewed(session)
    frozen = freeze(session, screening)
    with writing(session):
        return records.store(session, screening=screening, frozen=frozen, now=NOW)


def test_what_is_stored_is_what_was_prepared(database_session: Session) -> None:
    row = signed(database_session)
    database_session.expire_all()
    assert row.sha256 == digest(row.canonical_json)
    assert row.pdf_sha256 == hashlib.sha256(row.pdf).hexdigest()
    assert row.canonical_json == canonical(json.loads(row.canonical_json))


def test_a_record_holds_what_was_in_the_rows(session: Session) -> None:
    session.add(OrganisationRow(name="Northmere Health", role_mailbox="equality@example.org"))
    session.commit()
    record = json.loads(signed(session).canonical_json)
    assert record["organisation"] == {
        "name": "Northmere Health",
        "mailbox": "equality@example.org",
    }
    assert record["answers"]["A1"] == english()["A1"]
    assert [one["title"] for one in record["evidence"]] == ["Visits by age"]
    assert [one["name"] for one in record["receipts"]] == ["Priya Nair"]
    assert record["outcome"]["confirmed"]["id"] == "conditions"
    snapshot = record["question_set"]["snapshot"]
    assert digest_of(snapshot) == record["question_set"]["digest"]


def test_preparing_changes_nothing(session: Session) -> None:
    screening = reviewed(session)
    freeze(session, screening)
    assert not session.new
    assert not session.dirty
    assert session.scalars(select(RecordRow)).all() == []


def test_two_freezings_differ_by_their_salt_alone(session: Session) -> None:
    screening = reviewed(session)
    first, second = (json.loads(freeze(session, screening).json_text) for _ in range(2))
    assert first.pop("salt") != second.pop("salt")
    assert first == second


@pytest.mark.parametrize(
    "change",
    [{"version": 7}, {"content_digest": "f" * 64}, {"status": Status.RETURNED}],
    ids=["row", "content", "status"],
)
def test_a_change_after_preparing_refuses_the_record(
    session: Session, change: dict[str, Any]
) -> None:
    screening = reviewed(session)
    frozen = freeze(session, screening)
    for name, value in change.items():
        set_committed_value(screening, name, value)
    with pytest.raises(Conflict):
        stored_again(session, screening, frozen)


def stored_again(session: Session, screening: ScreeningRow, frozen: records.Frozen) -> RecordRow:
    """Store inside an act that does not read the row again."""
    session.info["eqia.writing"] = True
    try:
        return records.store(session, screening=screening, frozen=frozen, now=NOW)
    finally:
        del session.info["eqia.writing"]


def test_a_record_is_stored_once(session: Session) -> None:
    screening = reviewed(session)
    frozen = freeze(session, screening)
    with writing(session):
        records.store(session, screening=screening, frozen=frozen, now=NOW)
    with pytest.raises(Conflict), writing(session):
        records.store(session, screening=screening, frozen=frozen, now=NOW)


def test_a_record_is_stored_with_its_act_or_not_at_all(session: Session) -> None:
    screening = reviewed(session)
    frozen = freeze(session, screening)
    with pytest.raises(RuntimeError, match="inside writing"):
        records.store(session, screening=screening, frozen=frozen, now=NOW)


def test_a_welsh_set_is_refused_in_production_without_welsh_letters(
    session: Session, monkeypatch: pytest.MonkeyPatch, tmp_path: Any
) -> None:
    monkeypatch.setattr(fonts, "BUILT", tmp_path)
    fonts.load.cache_clear()
    screening = make_screening(
        session, status=Status.REVIEWED, set_id="wales-reg8", confirmed_outcome="more_information"
    )
    try:
        with pytest.raises(NotAllowed, match="Welsh letters"):
            freeze(session, screening)
        assert freeze(session, screening, printing=Printing(production=False)).pdf
    finally:
        fonts.load.cache_clear()

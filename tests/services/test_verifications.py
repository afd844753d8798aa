"""A file is checked against what is stored, or with a certificate alone."""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING

import pytest
from cryptography.hazmat.primitives.serialization import Encoding

from eqia.documents import records as documents
from eqia.documents.seal_keys import pem_of
from eqia.domain.records import read
from eqia.domain.screenings import Status
from eqia.domain.verdicts import Overall, State
from eqia.persistence.database import writing
from eqia.persistence.tables import RecordRow
from eqia.services import publications, records, verifications
from eqia.services.records import Printing
from eqia.services.verifications import CertificateUnusable, verify, verify_alone
from tests.builders import NOW, make_screening, move, take_down
from tests.documents.fixtures import english
from tests.documents.seal_material import seal_key, write_pem
from tests.documents.sealed_records import failing, sealed, short_record
from tests.domain.publishable import decided
from tests.services.test_publications import record as record_of_world
from tests.services.test_publications import signed as signed_world
from tests.services.test_records import SIGN_OFF, reviewed
from tests.services.test_seals import seals_of

if TYPE_CHECKING:
    from pathlib import Path

    from sqlalchemy.orm import Session

    from eqia.persistence.tables import PublicationRow, ScreeningRow
    from eqia.services.seals import Seals


@pytest.fixture
def seals(tmp_path: Path) -> Seals:
    write_pem(tmp_path, seal_key())
    return seals_of(tmp_path, key="key.pem", certificate="certificate.pem")


def stored(
    session: Session, seals: Seals | None, screening: ScreeningRow | None = None
) -> RecordRow:
    screening = screening or reviewed(session)
    printing = Printing(seals=seals, production=False, address="https://eqia.example/records/1")
    frozen = records.prepare(
        session, screening=screening, sign_off=SIGN_OFF, now=NOW, printing=printing
    )
    with writing(session):
        row = records.store(session, screening=screening, frozen=frozen, now=NOW)
    move(session, screening=screening, to=Status.SIGNED)
    return row


def test_a_stored_file_is_genuine_and_says_what_it_is(
    database_session: Session, seals: Seals
) -> None:
    row = stored(database_session, seals)
    found = verify(database_session, row.pdf, seals=seals)
    assert found.verdict.overall is Overall.GENUINE
    assert {line.state for line in found.verdict.lines} == {State.HOLDS}
    record = read(row.canonical_json)
    assert found.about.name == record["name"]
    assert found.about.title == record["project"]["title"]
    assert found.about.signed_at == "24 November 2026 at 10:00am"
    assert found.replay.same is True
    assert found.newer is None


def test_a_record_signed_without_a_seal_is_what_it_is(session: Session, seals: Seals) -> None:
    row = stored(session, None)
    found = verify(session, row.pdf, seals=seals)
    assert found.verdict.overall is Overall.STORED
    assert failing(found.verdict) == set()
    altered = verify(session, row.pdf + b"\n", seals=seals)
    assert altered.verdict.overall is Overall.NOT_GENUINE


def test_a_record_of_the_first_renderer_is_what_it_is(session: Session, seals: Seals) -> None:
    """Signed before files had tags, data inside or a seal: made here as it was then."""
    row = stored(session, None)
    seal = '"seal":{"fingerprint":"","kind":"none","name":""}'
    assert seal in row.canonical_json
    pdf = b"%PDF-1.7 as it was\n%%EOF"
    old = RecordRow(
        screening_id=make_screening(session, status=Status.REVIEWED, answers=english()).id,
        canonical_json=row.canonical_json.replace(seal, '"seal":"none"'),
        sha256="e" * 64,
        pdf=pdf,
        pdf_sha256=sha256(pdf).hexdigest(),
        renderer="renderer 1, reportlab 5.1.0",
        head_seq=1,
        head_hash="a" * 64,
        created_at=NOW,
    )
    with writing(session):
        session.add(old)
    found = verify(session, old.pdf, seals=seals)
    assert found.verdict.overall is Overall.STORED
    assert [line.state for line in found.verdict.lines] == [
        *[State.NOT_CHECKED] * 3,
        State.HOLDS,
        *[State.NOT_CHECKED] * 2,
    ]
    assert found.replay.same is True


def test_a_newer_signed_version_is_named(session: Session, seals: Seals) -> None:
    first = reviewed(session, reference="EQS-2026-0042")
    row = stored(session, seals, first)
    draft = make_screening(
        session, reference="EQS-2026-0042", number=2, previous_id=first.id, answers=english()
    )
    assert verify(session, row.pdf, seals=seals).newer is None
    with writing(session):
        draft.signed_at = NOW
    found = verify(session, row.pdf, seals=seals)
    assert found.newer.name == "EQS-2026-0042 v2"
    assert found.verdict.overall is Overall.GENUINE


def test_a_file_that_is_not_ours_learns_only_the_reference(session: Session, seals: Seals) -> None:
    row = stored(session, seals)
    found = verify(session, row.pdf + b"\n%", seals=seals)
    assert failing(found.verdict) == {3, 4}
    assert found.about.name == read(row.canonical_json)["name"]
    assert (found.about.title, found.about.organisation, found.about.signed_at) == ("", "", "")
    assert found.replay is None


def test_a_file_nobody_knows_learns_nothing(session: Session, seals: Seals) -> None:
    found = verify(session, sealed(), seals=seals)
    assert failing(found.verdict) == {4}
    assert (found.about, found.newer, found.replay) == (None, None, None)


def test_after_the_key_changed_old_seals_hold(
    session: Session, seals: Seals, tmp_path: Path
) -> None:
    row = stored(session, seals)
    (tmp_path / "old.pem").write_text(pem_of([seal_key().certificate]))
    write_pem(tmp_path, seal_key(number=1))
    names = {"key": "key.pem", "certificate": "certificate.pem"}
    turned = seals_of(tmp_path, **names, retired=["old.pem"])
    assert turned.told_on(NOW) == seal_key(number=1).seal
    assert verify(session, row.pdf, seals=turned).verdict.overall is Overall.GENUINE
    forgotten = seals_of(tmp_path, **names)
    assert failing(verify(session, row.pdf, seals=forgotten).verdict) == {2}


def test_made_by_another_version_it_is_not_made_again(
    session: Session, seals: Seals, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = stored(session, seals)
    monkeypatch.setattr(documents, "RENDERER", 99)
    found = verify(session, row.pdf, seals=seals)
    assert found.verdict.overall is Overall.GENUINE
    assert found.verdict.lines[5].state is State.NOT_CHECKED


def test_with_a_certificate_alone_what_it_vouches_for_is_made_again(tmp_path: Path) -> None:
    seals = tmp_path / "known.pem"
    seals.write_text(pem_of([seal_key(number=1).certificate, seal_key().certificate]))
    found = verify_alone(sealed(), certificates=[seals])
    assert found.verdict.overall is Overall.SEALED
    assert found.verdict.lines[3].state is State.NOT_CHECKED
    assert found.about.name == short_record()["name"]
    assert found.replay.same is True


def test_what_no_certificate_vouches_for_is_not_worked_with(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    known = tmp_path / "another.der"
    known.write_bytes(seal_key(number=1).certificate.public_bytes(Encoding.DER))

    def never(*_: object, **__: object) -> bytes:
        raise AssertionError

    monkeypatch.setattr(documents, "render", never)
    for given in ([known], []):
        found = verify_alone(sealed(), certificates=given)
        assert found.verdict.overall in {Overall.NOT_GENUINE, Overall.UNSURE}
        assert (found.about, found.replay) == (None, None)


def test_a_certificate_that_is_none_is_told(tmp_path: Path) -> None:
    (tmp_path / "nothing.pem").write_text("nothing")
    with pytest.raises(CertificateUnusable, match=r"nothing\.pem holds no certificate"):
        verify_alone(b"%PDF-1.7", certificates=[tmp_path / "nothing.pem"])


def test_the_structure_of_any_file_is_told_and_never_raises() -> None:
    assert verifications.structure(sealed()) == ()
    assert verifications.structure(b"%PDF-1.7 nonsense")


# Public copies


def published(session: Session, seals: Seals) -> PublicationRow:
    """The public copy of a signed record, with a file of its own under a seal of its own."""
    world = signed_world(session)
    record = record_of_world(world)
    return publications.publish(
        session,
        actor=world.reviewer,
        now=world.at,
        record=record,
        decided=decided(read(record.canonical_json)),
        token=world.token(),
        printing=Printing(seals=seals, address="https://eqia.example/public/1"),
    )


def test_a_public_copy_is_checked_against_its_own_data(session: Session, seals: Seals) -> None:
    copy = published(session, seals)
    found = verify(session, copy.pdf, seals=seals)
    assert found.verdict.overall is Overall.GENUINE, found.verdict
    assert {line.state for line in found.verdict.lines} == {State.HOLDS}
    assert found.about.name == read(copy.canonical_json)["name"]
    assert found.replay is None
    assert verifications.structure(copy.pdf) == ()


def test_a_public_copy_taken_down_still_verifies_and_says_so(
    session: Session, seals: Seals
) -> None:
    copy = published(session, seals)
    assert not verify(session, copy.pdf, seals=seals).taken_down
    take_down(session, publication=copy)
    found = verify(session, copy.pdf, seals=seals)
    assert found.taken_down
    assert found.verdict.overall is Overall.GENUINE


def test_an_altered_public_copy_is_found(session: Session, seals: Seals) -> None:
    copy = published(session, seals)
    assert failing(verify(session, copy.pdf + b"\n%", seals=seals).verdict) == {3, 4}
    assert 1 in failing(verify(session, copy.pdf[:-300], seals=seals).verdict)


def test_a_public_copy_holds_with_a_certificate_alone(
    session: Session, seals: Seals, tmp_path: Path
) -> None:
    copy = published(session, seals)
    found = verify_alone(copy.pdf, certificates=[tmp_path / "certificate.pem"])
    assert found.verdict.overall is Overall.SEALED
    assert found.verdict.lines[5].state is State.NOT_CHECKED

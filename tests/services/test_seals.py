"""Records are sealed as they are signed, or nothing is signed."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from hashlib import sha256
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import select

from eqia.documents import checking, seal_keys, sealing
from eqia.documents.examining import examine
from eqia.documents.records import render
from eqia.domain.errors import NotAllowed
from eqia.domain.record_contents import contents
from eqia.domain.records import digest, read
from eqia.domain.seals import NO_SEAL, SealKind, seal_in
from eqia.persistence.tables import RecordRow
from eqia.services.records import Printing
from eqia.services.seals import SealBrokenError, Seals, SealSettings, SealUnusable
from tests.builders import NOW
from tests.documents.seal_material import (
    NAME,
    certificate,
    private_key,
    seal_key,
    write_pem,
    write_pkcs12,
)
from tests.documents.sealed_records import unsealed
from tests.services.test_records import freeze, reviewed

if TYPE_CHECKING:
    from pathlib import Path

    from sqlalchemy.orm import Session

    from eqia.services.records import Frozen

PASSPHRASE = "three random words"


def seals_of(folder: Path, **given: Any) -> Seals:
    return Seals(SealSettings(instance=folder, **given))


@pytest.fixture
def organisation(tmp_path: Path) -> Seals:
    """An instance in production with a key of its own."""
    write_pkcs12(tmp_path, seal_key(), PASSPHRASE)
    return seals_of(tmp_path, pkcs12="seal.p12", passphrase=PASSPHRASE)


def frozen(session: Session, seals: Seals | None) -> Frozen:
    printing = Printing(
        seals=seals,
        production=False,
        address="https://eqia.example/records/1",
        verify_address="https://eqia.example/verify",
    )
    return freeze(session, reviewed(session), printing=printing)


def test_a_record_is_sealed_and_says_with_what(session: Session, organisation: Seals) -> None:
    made = frozen(session, organisation)
    record = read(made.json_text)
    assert record["seal"] == {
        "kind": "organisation",
        "name": NAME,
        "fingerprint": seal_key().seal.fingerprint,
    }
    (seal,) = examine(made.pdf).seals
    assert (seal.name, seal.moment) == (NAME, NOW)
    assert made.pdf_sha256 == sha256(made.pdf).hexdigest()
    assert made.sha256 == digest(made.json_text)
    assert checking.findings(made.pdf) == ()


def test_made_again_from_its_data_the_file_is_what_was_sealed(
    session: Session, organisation: Seals
) -> None:
    made = frozen(session, organisation)
    assert made.pdf.startswith(render(read(made.json_text)))


def test_the_last_page_names_the_seal_and_where_to_check(
    session: Session, organisation: Seals
) -> None:
    text = last_section(frozen(session, organisation).json_text)
    assert f"Sealed by {NAME}." in text
    assert seal_key().seal.fingerprint[:8] in text
    assert "https://eqia.example/verify" in text


def last_section(json_text: str) -> str:
    return str(contents(read(json_text)).sections[-1])


def test_a_development_seal_says_so_loudly(session: Session, tmp_path: Path) -> None:
    made = frozen(session, seals_of(tmp_path, production=False))
    assert seal_in(read(made.json_text)).kind is SealKind.DEVELOPMENT
    assert "DEVELOPMENT SEAL" in last_section(made.json_text)
    assert "Do not rely on this file" in last_section(made.json_text)
    assert examine(made.pdf).seals[0].development


def test_without_a_key_a_record_in_production_has_no_seal_and_says_so(
    session: Session, tmp_path: Path
) -> None:
    made = frozen(session, seals_of(tmp_path))
    assert seal_in(read(made.json_text)) == NO_SEAL
    assert "This file carries no digital seal" in last_section(made.json_text)
    assert examine(made.pdf).signatures == 0
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("days", [("2020-01-01", "2021-01-01"), ("2030-01-01", "2031-01-01")])
def test_with_a_certificate_that_does_not_hold_nothing_is_signed(
    session: Session, tmp_path: Path, days: tuple[str, str]
) -> None:
    start, end = (datetime.fromisoformat(day).replace(tzinfo=UTC) for day in days)
    private = private_key()
    key = replace(seal_key(), certificate=certificate(private, start=start, end=end))
    write_pem(tmp_path, key)
    seals = seals_of(tmp_path, key="key.pem", certificate="certificate.pem")
    with pytest.raises(NotAllowed, match="Nothing was signed") as refused:
        frozen(session, seals)
    assert refused.value.code == "seal"
    assert f"1 January {start.year}" in refused.value.message
    assert session.scalars(select(RecordRow)).all() == []


def test_without_its_time_service_nothing_is_signed(session: Session, tmp_path: Path) -> None:
    seals = seals_of(tmp_path, production=False, time_service="http://127.0.0.1:9")
    with pytest.raises(NotAllowed, match=r"did not answer\. Nothing was signed\."):
        frozen(session, seals)


def test_a_seal_that_does_not_hold_is_never_stored(
    session: Session, organisation: Seals, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = sealing.seal
    monkeypatch.setattr(sealing, "seal", lambda *a, **k: whole(*a, **k) + b"junk")
    with pytest.raises(SealBrokenError, match="Something was added"):
        frozen(session, organisation)


def test_a_file_sealed_as_other_bytes_is_never_stored(
    session: Session, organisation: Seals, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = sealing.seal
    monkeypatch.setattr(
        sealing,
        "seal",
        lambda pdf, *a, **k: whole(pdf.replace(b"%PDF", b"%PDF", 1) + b"\n", *a, **k),
    )
    monkeypatch.setattr(sealing, "seal", lambda _pdf, *a, **k: whole(unsealed(), *a, **k))
    with pytest.raises(SealBrokenError, match="came out different"):
        frozen(session, organisation)


# Which key


def test_a_development_key_is_refused_in_production_and_the_setting_named(tmp_path: Path) -> None:
    seal_keys.development(tmp_path)
    file = seal_keys.DEVELOPMENT_FILE
    seals = seals_of(tmp_path, key=file, certificate=file)
    with pytest.raises(SealUnusable, match="EQIA_SEAL_KEY names a development key"):
        seals.check()


def test_a_wrong_passphrase_names_the_setting(tmp_path: Path) -> None:
    write_pkcs12(tmp_path, seal_key(), PASSPHRASE)
    with pytest.raises(SealUnusable, match=r"EQIA_SEAL_PKCS12: seal\.p12 cannot be opened"):
        seals_of(tmp_path, pkcs12="seal.p12", passphrase="wrong").check()


def test_a_retired_certificate_that_is_none_names_the_setting(tmp_path: Path) -> None:
    with pytest.raises(SealUnusable, match=r"EQIA_SEAL_RETIRED: .*old\.pem cannot be read"):
        seals_of(tmp_path, retired=["old.pem"]).check()


def test_files_may_lie_anywhere(tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    key, cert = write_pem(elsewhere, seal_key())
    seals = seals_of(tmp_path / "instance", key=str(key), certificate=str(cert))
    assert seals.told_on(NOW) == seal_key().seal


def test_the_certificate_in_use_comes_before_the_retired_ones(tmp_path: Path) -> None:
    write_pem(tmp_path, seal_key())
    (tmp_path / "old.pem").write_text(seal_keys.pem_of([seal_key(number=1).certificate]))
    seals = seals_of(tmp_path, key="key.pem", certificate="certificate.pem", retired=["old.pem"])
    assert list(seals.known) == [
        seal_key().seal.fingerprint,
        seal_key(number=1).seal.fingerprint,
    ]
    assert seals.certificates_as_text().count("BEGIN CERTIFICATE") == 2


def test_secrets_are_not_printed(tmp_path: Path) -> None:
    assert PASSPHRASE not in repr(SealSettings(instance=tmp_path, passphrase=PASSPHRASE))

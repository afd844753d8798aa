"""Anyone has a file checked, without signing in, and gets an answer in words."""

from __future__ import annotations

import io
import re
from html import unescape
from typing import TYPE_CHECKING

import pytest

from eqia.documents import seal_keys
from eqia.domain.examinations import MOST_BYTES
from eqia.domain.records import in_blocks, read
from eqia.domain.screenings import Status
from eqia.persistence.database import create_all_for_tests, writing
from eqia.persistence.tables import EventRow, RecordRow
from eqia.services import records
from eqia.services.records import Printing
from eqia.web import verify
from eqia.web.extensions import db
from eqia.web.factory import create_app
from eqia.web.settings import Environment, SettingError, Settings, load_settings
from tests.builders import NOW, make_person, make_project, make_screening, move
from tests.documents.fixtures import english
from tests.documents.seal_material import seal_key, write_pem, write_pkcs12
from tests.documents.sealed_records import sealed
from tests.pages import CheckingClient
from tests.services.test_records import SIGN_OFF

if TYPE_CHECKING:
    from pathlib import Path

    from flask import Flask
    from sqlalchemy.orm import Session

    from tests.page import Page

MARK_UP = "<script>alert(1)</script>"


@pytest.fixture(autouse=True)
def _everybody_new() -> None:
    verify.turns.forget()


@pytest.fixture
def record(app: Flask, session: Session) -> RecordRow:
    """A record signed in this instance, whose seal is for trying out."""
    screening = make_screening(
        session,
        answers=english(),
        project=make_project(session, title=f"Moving {MARK_UP}"),
        status=Status.REVIEWED,
        confirmed_outcome="conditions",
        reference="EQS-2026-0042",
    )
    printing = Printing(production=False, seals=app.extensions["seals"])
    frozen = records.prepare(
        session, screening=screening, sign_off=SIGN_OFF, now=NOW, printing=printing
    )
    with writing(session):
        row = records.store(session, screening=screening, frozen=frozen, now=NOW)
    move(session, screening=screening, to=Status.SIGNED)
    return row


def send(
    client: CheckingClient, content: bytes, name: str = "record.pdf", *, expect: int = 200
) -> Page:
    """Send a file as a browser does, without the test client's own files on disk."""
    quoted = name.replace('"', "%22").replace("\r", "%0D").replace("\n", "%0A")
    head = f'--x\r\nContent-Disposition: form-data; name="file"; filename="{quoted}"\r\n\r\n'
    return client._ask(  # noqa: SLF001 - a body of our own making
        "POST",
        "/verify",
        expect,
        data=head.encode() + content + b"\r\n--x--\r\n",
        content_type="multipart/form-data; boundary=x",
    )


def told(page: Page) -> list[str]:
    """How the six checks came out."""
    return re.findall(r"(Holds|Fails|Not checked)\s*</strong>", page.html)


def test_the_page_is_open_and_says_what_is_checked(client: CheckingClient) -> None:
    page = client.get("/verify")
    assert "You do not need to sign in" in page.text
    assert "for trying the service out only" in page.text
    assert "Check a record" in page.links


def test_a_record_is_told_as_it_is(client: CheckingClient, record: RecordRow) -> None:
    page = send(client, record.pdf)
    stored = read(record.canonical_json)
    assert page.title.startswith("This file is unchanged, but its seal is only for trying")
    assert told(page) == ["Holds"] * 6
    for words in (stored["name"], stored["organisation"]["name"], "Same outcome: "):
        assert words in page.text
    assert in_blocks(record.pdf_sha256) in page.text
    assert "No newer version of this record has been signed." in page.text


def test_a_record_that_was_replaced_says_so_first(
    client: CheckingClient, session: Session, record: RecordRow
) -> None:
    newer = make_screening(
        session, reference="EQS-2026-0042", number=2, previous_id=record.screening_id
    )
    with writing(session):
        newer.signed_at = NOW
    page = send(client, record.pdf)
    assert "A newer version of this record took its place: EQS-2026-0042 v2" in page.text
    assert page.text.index("took its place") < page.text.index("What we checked")


def test_an_altered_record_is_told_in_the_first_words(
    client: CheckingClient, record: RecordRow
) -> None:
    page = send(client, record.pdf + b"\n% more\n")
    assert page.title.startswith("Do not rely on this file")
    assert told(page) == ["Holds", "Holds", "Fails", "Fails", "Holds", "Holds"]
    assert "Ask the organisation for the record" in page.text
    assert "Moving" not in page.text


def test_a_file_of_another_instance_is_not_ours(client: CheckingClient) -> None:
    page = send(client, sealed())
    assert told(page) == ["Holds", "Fails", "Holds", "Fails", "Not checked", "Not checked"]
    assert "Anyone can make such a seal" in page.text


@pytest.mark.parametrize(
    ("content", "name", "status", "words"),
    [
        (b"", "", 422, "Choose a file to check"),
        (b"", "empty.pdf", 422, "This file is empty"),
        (b"<p>Hello</p>", "page.html", 422, "This file is not a PDF"),
        (b"%PDF-1.7" + bytes(MOST_BYTES), "large.pdf", 413, "This file is larger than 5 MB"),
        (b"%PDF-1.7" + bytes(9_000_000), "huge.pdf", 413, "This file is larger than 5 MB"),
        (b"%PDF-1.7" + bytes(50_000_000), "50.pdf", 413, "This file is larger than 5 MB"),
    ],
    ids=["none", "empty", "a web page", "a byte too many", "9 MB", "50 MB"],
)
def test_what_cannot_be_checked_is_told_at_the_box(
    client: CheckingClient, content: bytes, name: str, status: int, words: str
) -> None:
    page = send(client, content, name, expect=status)
    assert page.errors == [words] or any(words in error for error in page.errors)
    assert page.title.startswith("Error: Check a record")
    assert 'aria-describedby="file-hint file-error"' in page.html


def test_a_post_without_any_file_is_told(client: CheckingClient) -> None:
    for data in ({}, {"file": "not a file"}, {"file": ["a", "b"]}, {"other": "x"}):
        page = client.post("/verify", data, expect=422, csrf=False)
        assert page.errors == ["Choose a file to check"]


def test_two_files_at_once_are_told(client: CheckingClient) -> None:
    files = [(io.BytesIO(b"%PDF-1.7"), "a.pdf"), (io.BytesIO(b"%PDF-1.7"), "b.pdf")]
    response = client.raw.post("/verify", data={"file": files})
    assert response.status_code == 422
    assert "Choose one file, not several" in response.text


@pytest.mark.parametrize(
    "name",
    [MARK_UP, "../../etc/passwd", "\u202egpj.exe", "a" * 5000, "caf\u00e9 \U0001f600.pdf", "\x01"],
    ids=["mark-up", "path", "direction", "long", "letters", "control"],
)
def test_a_file_name_is_text_and_nothing_else(client: CheckingClient, name: str) -> None:
    page = send(client, sealed(), name)
    assert "<script>alert" not in page.html
    assert len(max(re.findall(r"<dd[^>]*>(.*?)</dd>", page.html, re.DOTALL), key=len)) < 600


def test_words_in_a_record_are_text_and_nothing_else(
    client: CheckingClient, record: RecordRow
) -> None:
    page = send(client, record.pdf)
    assert "<script>alert" not in page.html
    assert f"Moving {MARK_UP}" in unescape(page.html)


def test_too_many_files_from_one_address_must_wait(client: CheckingClient, clock) -> None:
    for _ in range(verify.MOST_FILES):
        send(client, b"%PD", expect=422)
    page = send(client, b"%PD", expect=429)
    assert "Wait a few minutes, then try again" in page.errors[0]
    assert int(page.headers["Retry-After"]) <= verify.PERIOD.total_seconds()
    clock.move(minutes=11)
    send(client, b"%PD", expect=422)


def test_when_every_place_is_taken_the_file_waits_and_is_then_refused(
    client: CheckingClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(verify, "PATIENCE_SECONDS", 0.01)
    for _ in range(verify.AT_ONCE):
        verify.places.acquire()
    try:
        page = send(client, sealed(), expect=503)
    finally:
        for _ in range(verify.AT_ONCE):
            verify.places.release()
    assert "Many files are being checked just now" in page.errors[0]


def test_nothing_is_kept(client: CheckingClient, session: Session, record: RecordRow) -> None:
    before = session.query(EventRow).count()
    send(client, record.pdf)
    session.expire_all()
    assert session.query(EventRow).count() == before
    assert session.query(RecordRow).count() == 1


def test_the_certificates_are_there_for_anyone(client: CheckingClient, app: Flask) -> None:
    page = client.get("/verify/certificates.pem")
    assert page.response.mimetype == "application/x-pem-file"
    assert page.response.text == app.extensions["seals"].certificates_as_text()


def test_a_record_page_leads_to_the_check(
    client: CheckingClient, session: Session, record: RecordRow
) -> None:
    page = client.sign_in(make_person(session)).get(f"/records/{record.screening_id}")
    assert page.links["have the document checked"] == "/verify"


# Settings


def in_production(folder: Path, **given: str) -> Flask:
    settings = Settings.for_tests(
        env=Environment.PRODUCTION, secret_key="0123456789abcdef0123", **given
    )
    app = create_app(settings, instance_path=folder)
    with app.app_context():
        create_all_for_tests(db.engine)
    return app


def test_without_a_seal_the_page_says_so(tmp_path: Path) -> None:
    client = CheckingClient(in_production(tmp_path))
    assert "Records are signed here without a seal." in client.get("/verify").text
    client.get("/verify/certificates.pem", expect=404)
    assert list(tmp_path.glob("*.pem")) == []


def test_with_a_seal_the_page_names_it(tmp_path: Path) -> None:
    write_pem(tmp_path, seal_key())
    app = in_production(tmp_path, seal_key="key.pem", seal_certificate="certificate.pem")
    page = CheckingClient(app).get("/verify")
    assert in_blocks(seal_key().seal.fingerprint) in page.text
    assert "trying the service out" not in page.text


def test_a_development_key_stops_the_start_in_production(tmp_path: Path) -> None:
    seal_keys.development(tmp_path)
    file = seal_keys.DEVELOPMENT_FILE
    with pytest.raises(SettingError, match="EQIA_SEAL_KEY names a development key"):
        in_production(tmp_path, seal_key=file, seal_certificate=file)


def test_a_wrong_passphrase_stops_the_start(tmp_path: Path) -> None:
    write_pkcs12(tmp_path, seal_key(), "three random words")
    with pytest.raises(SettingError, match=r"EQIA_SEAL_PKCS12: .*the passphrase is wrong"):
        in_production(tmp_path, seal_pkcs12="seal.p12", seal_passphrase="wrong")


@pytest.mark.parametrize(
    ("given", "named"),
    [
        ({"EQIA_SEAL_KEY": "a.pem"}, "EQIA_SEAL_CERTIFICATE is missing"),
        ({"EQIA_SEAL_CERTIFICATE": "a.pem"}, "EQIA_SEAL_KEY is missing"),
        (
            {"EQIA_SEAL_PKCS12": "a.p12", "EQIA_SEAL_KEY": "a.pem"},
            "Give EQIA_SEAL_PKCS12, or EQIA_SEAL_KEY with EQIA_SEAL_CERTIFICATE",
        ),
        ({"EQIA_SEAL_TIME_SERVICE": "file:///etc/passwd"}, "EQIA_SEAL_TIME_SERVICE"),
    ],
    ids=["no certificate", "no key", "both", "no web address"],
)
def test_settings_that_do_not_fit_each_other_are_named(
    tmp_path: Path, given: dict[str, str], named: str
) -> None:
    with pytest.raises(SettingError, match=named):
        load_settings(tmp_path, {"EQIA_SECRET_KEY": "0123456789abcdef0123", **given})


def test_the_passphrase_is_not_printed(tmp_path: Path) -> None:
    given = {"EQIA_SECRET_KEY": "0123456789abcdef0123", "EQIA_SEAL_PASSPHRASE": "hunter2"}
    settings = load_settings(tmp_path, given)
    assert settings.seal_passphrase == "hunter2"
    assert "hunter2" not in repr(settings)

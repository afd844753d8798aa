from __future__ import annotations

import csv
import hashlib
import io
import re
from typing import TYPE_CHECKING, Any

import pytest

from eqia.domain.record_contents import SECTIONS
from eqia.domain.records import read
from eqia.domain.screenings import Status
from eqia.persistence.database import writing
from eqia.persistence.tables import ProjectRow
from eqia.services import records
from eqia.services.records import Printing
from tests.builders import NOW, make_person, make_receipt, make_screening, move
from tests.documents.fixtures import ANSWERS, english
from tests.services.test_records import SIGN_OFF

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from eqia.persistence.tables import RecordRow, ScreeningRow
    from tests.pages import CheckingClient


def make_signed(
    session: Session, *, answers: dict[str, Any] | None = None, **overrides: Any
) -> tuple[ScreeningRow, RecordRow]:
    """A signed screening with its real record."""
    values = {"confirmed_outcome": "conditions", "reference": "EQS-2026-0042", **overrides}
    screening = make_screening(
        session, answers=answers or english(), status=Status.REVIEWED, **values
    )
    frozen = records.prepare(
        session,
        screening=screening,
        sign_off=SIGN_OFF,
        now=NOW,
        printing=Printing(production=False),
    )
    with writing(session):
        row = records.store(session, screening=screening, frozen=frozen, now=NOW)
    move(session, screening=screening, to=Status.SIGNED)
    return screening, row


@pytest.fixture
def reader(session: Session, client: CheckingClient) -> CheckingClient:
    return client.sign_in(make_person(session))


def test_everyone_signed_in_reads_a_record(session: Session, reader: CheckingClient) -> None:
    screening, record = make_signed(session)
    page = reader.get(f"/records/{screening.id}")
    headings = [text.split(". ", 1)[-1] for text in re.findall(r"<h2[^>]*>(.*?)</h2>", page.html)]
    assert [one for one in headings if one in TITLES] == list(TITLES)
    assert english()["A1"] in page.text
    assert record.sha256[:8] in page.text


TITLES = (
    "Summary",
    "Outcome and why",
    "Conditions and measures",
    "Due-regard timeline",
    "Sign-offs",
    "Groups of people",
    "All answers",
    "Evidence",
    "Law and versions",
    "Check this record",
)


def test_the_order_is_that_of_the_document() -> None:
    assert len(TITLES) == len(SECTIONS)


@pytest.mark.parametrize(
    ("kind", "mimetype"),
    [("pdf", "application/pdf"), ("json", "application/json"), ("csv", "text/csv")],
)
def test_each_file_has_its_type_and_name(
    session: Session, reader: CheckingClient, kind: str, mimetype: str
) -> None:
    screening, _ = make_signed(session)
    page = reader.get(f"/records/{screening.id}.{kind}")
    assert page.response.mimetype == mimetype
    disposition = page.response.headers["Content-Disposition"]
    assert f'filename="EQS-2026-0042-v1.{kind}"' in disposition


def test_the_stored_bytes_are_the_bytes_sent(session: Session, reader: CheckingClient) -> None:
    screening, record = make_signed(session)
    pdf = reader.get(f"/records/{screening.id}.pdf").response.data
    text = reader.get(f"/records/{screening.id}.json").response.data
    assert pdf == record.pdf
    assert hashlib.sha256(pdf).hexdigest() == record.pdf_sha256
    assert hashlib.sha256(text).hexdigest() == record.sha256


def test_links_say_type_and_size(session: Session, reader: CheckingClient) -> None:
    screening, record = make_signed(session)
    page = reader.get(f"/records/{screening.id}")
    assert f"(PDF, {round(len(record.pdf) / 1000)} kB)" in page.text
    assert f"(JSON, {round(len(record.canonical_json.encode()) / 1000)} kB)" in page.text


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_no_answer_runs_as_a_formula(session: Session, reader: CheckingClient, start: str) -> None:
    screening, _ = make_signed(session, answers={**english(), "A1": f"{start}cmd|' /C calc'!A0"})
    data = reader.get(f"/records/{screening.id}.csv").response.data.decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(data, newline="")))
    answer = next(row[3] for row in rows if row[0] == "A1")
    assert answer == f"'{start}cmd|' /C calc'!A0"


def test_the_spreadsheet_names_the_group_in_its_question(
    session: Session, reader: CheckingClient
) -> None:
    screening, _ = make_signed(session)
    data = reader.get(f"/records/{screening.id}.csv").response.data.decode("utf-8-sig")
    assert "what is the likely effect on Age?" in data
    assert "{group}" not in data


def test_a_record_never_changes_when_rows_change(session: Session, reader: CheckingClient) -> None:
    screening, record = make_signed(session)
    before = reader.get(f"/records/{screening.id}")
    with writing(session):
        project = session.get_one(ProjectRow, screening.project_id)
        project.title, project.sites = "Another title", "Elsewhere"
    after = reader.get(f"/records/{screening.id}")
    assert after.text == before.text
    assert reader.get(f"/records/{screening.id}.json").response.data.decode() == (
        record.canonical_json
    )


def test_a_later_version_is_named_and_the_old_one_stays(
    session: Session, reader: CheckingClient
) -> None:
    first, record = make_signed(session)
    second, _ = make_signed(session, number=2, previous_id=first.id, reference=first.reference)
    move(session, screening=first, to=Status.SUPERSEDED)
    page = reader.get(f"/records/{first.id}")
    assert "A newer version of this record has been signed" in page.text
    assert f"/records/{second.id}" in page.html
    assert reader.get(f"/records/{first.id}.pdf").response.data == record.pdf
    assert f'href="/records/{first.id}"' in reader.get(f"/records/{second.id}").html
    changes = read(reader.get(f"/records/{second.id}.json").response.data.decode())["changes"]
    assert changes["since"] == "EQS-2026-0042 v1"
    assert changes["answers"] == []


def test_a_later_receipt_shows_on_the_page_alone(session: Session, reader: CheckingClient) -> None:
    screening, record = make_signed(session)
    late = NOW.replace(hour=23)
    person = make_person(session, name="Board Member")
    make_receipt(session, screening=screening, person=person, at=late)
    assert "Board Member on 24 November 2026" in reader.get(f"/records/{screening.id}").text
    assert "Board Member" not in record.canonical_json


def test_hostile_text_prints_as_text(session: Session, reader: CheckingClient) -> None:
    hostile = "<script>alert(1)</script> <img src=x onerror=y> {{ 7*7 }} javascript:alert(1)"
    screening, _ = make_signed(session, answers={**english(), "A1": hostile})
    page = reader.get(f"/records/{screening.id}")
    assert hostile in page.text
    assert "<script>alert" not in page.html


def test_a_welsh_record_is_in_welsh(session: Session, reader: CheckingClient) -> None:
    screening, _ = make_signed(
        session,
        answers=ANSWERS["wales-reg8"](),
        set_id="wales-reg8",
        language="cy",
        confirmed_outcome="full_and_publish",
    )
    page = reader.get(f"/records/{screening.id}")
    assert 'lang="cy"' in page.html
    assert "Y canlyniad a pham" in page.text
    assert "rheoliad 8(2)" in page.text


@pytest.mark.parametrize("kind", ["", ".pdf", ".json", ".csv"])
def test_a_draft_has_no_record(session: Session, reader: CheckingClient, kind: str) -> None:
    screening = make_screening(session)
    reader.get(f"/records/{screening.id}{kind}", expect=404)


@pytest.mark.parametrize("kind", ["", ".pdf", ".json", ".csv"])
def test_nobody_reads_a_record_without_signing_in(
    session: Session, client: CheckingClient, kind: str
) -> None:
    screening, _ = make_signed(session)
    client.get(f"/records/{screening.id}{kind}", expect=302)

"""What anyone can read and ask, without signing in; and nothing besides."""

from __future__ import annotations

import hashlib
import json
import re
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import select

from eqia.domain.people import Role
from eqia.domain.records import read
from eqia.domain.screenings import Status
from eqia.persistence.tables import LookRequestRow, PublicationRow
from eqia.services import publications
from eqia.services.look_requests import MOST_AN_HOUR
from eqia.services.records import Printing
from tests.builders import (
    NOW,
    acting,
    make_person,
    make_publication,
    make_record,
    make_screening,
    move,
    take_down,
)
from tests.documents.fixtures import english
from tests.domain.publishable import WITHHELD, decided
from tests.web.test_records import make_signed

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from eqia.persistence.tables import RecordRow
    from tests.pages import CheckingClient

ADDRESS = "/published/EQS-2026-0042/1"
SECRET = "Estates lead"
IDS = {"screening_id", "project_id", "person_id"}
TITLE = "Clinic at Mill Road"


@pytest.fixture
def stranger(client: CheckingClient) -> CheckingClient:
    return client


def publish(session: Session, record: RecordRow, **left_out: Any) -> PublicationRow:
    person = make_person(session, name="Rita Reviewer", roles=[Role.REVIEWER])
    choices = left_out or {SECRET: WITHHELD}
    return publications.publish(
        session,
        actor=acting(person, roles=[Role.REVIEWER]),
        now=NOW,
        record=record,
        decided=decided(read(record.canonical_json), choices),
        token=f"token-{record.id}",
        printing=Printing(production=False, address=f"http://localhost{ADDRESS}"),
    )


@pytest.fixture
def published(session: Session) -> PublicationRow:
    _, record = make_signed(session)
    return publish(session, record)


# Reading


@pytest.mark.usefixtures("published")
def test_a_stranger_reads_the_copy_and_sees_what_is_missing(stranger):
    page = stranger.get(ADDRESS)
    assert "Public copy, published on 24 November 2026" in page.text
    assert "About this public copy" in page.text
    assert "It could point at a person" in page.text
    assert "[Withheld: It could point at a person]" in page.text
    assert SECRET not in page.html
    assert "Priya Nair" not in page.html


def test_the_files_are_the_stored_bytes(published, stranger):
    page = stranger.get(ADDRESS)
    assert f"(PDF, {round(len(published.pdf) / 1000)} kB)" in page.text
    pdf = stranger.get(f"{ADDRESS}.pdf").response
    text = stranger.get(f"{ADDRESS}.json").response
    assert (pdf.mimetype, text.mimetype) == ("application/pdf", "application/json")
    assert hashlib.sha256(pdf.data).hexdigest() == published.pdf_sha256
    assert hashlib.sha256(text.data).hexdigest() == published.sha256
    assert published.sha256[:8] in page.text


@pytest.mark.usefixtures("published")
@pytest.mark.parametrize("place", ["/published", "/published.json", ADDRESS, f"{ADDRESS}.pdf"])
def test_reading_needs_no_cookie_and_may_be_cached(stranger, place):
    response = stranger.get(place).response
    assert "Set-Cookie" not in response.headers
    assert response.headers["Cache-Control"] == "public, max-age=60"


@pytest.mark.usefixtures("published")
def test_a_page_with_somebodys_menu_is_not_cached(session, client):
    reader = client.sign_in(make_person(session))
    assert reader.get(ADDRESS).response.headers["Cache-Control"] == "no-store"


@pytest.mark.usefixtures("published")
def test_a_file_that_is_known_is_not_sent_again(stranger):
    etag = stranger.get(f"{ADDRESS}.pdf").response.headers["ETag"]
    stranger.get(f"{ADDRESS}.pdf", headers={"If-None-Match": etag}, expect=304)


@pytest.mark.usefixtures("published")
def test_larger_print_is_a_link_away_and_back(stranger):
    page = stranger.get(ADDRESS)
    assert "eqia-record--large" not in page.html
    large = stranger.get(page.links["Read this page in large print"])
    assert "eqia-record--large" in large.html
    assert large.links["Read this page in ordinary print"] == ADDRESS


def test_mark_up_in_a_published_text_prints_as_text(session, stranger):
    hostile = "<script>alert(1)</script> <img src=x onerror=y> {{ 7*7 }}"
    _, record = make_signed(session, answers=_answers(A1=hostile))
    publish(session, record)
    page = stranger.get(ADDRESS)
    assert hostile in page.text
    assert "<script>alert" not in page.html


def _answers(**changed: Any) -> dict[str, Any]:
    return {**english(), **changed}


# The list and the feed


@pytest.mark.usefixtures("published")
def test_the_list_shows_what_is_published_and_finds_it(stranger):
    page = stranger.get("/published")
    assert "1 published screening found" in page.text
    assert ADDRESS in page.links.values()
    assert "0 published screenings found" in stranger.get("/published?text=nothing").text
    assert "1 published screening found" in stranger.get("/published?text=eqs-2026").text


@pytest.mark.usefixtures("published")
@pytest.mark.parametrize("query", ["text=%00", "page=-1", "page=99999999999", "text=a&text=b"])
def test_an_odd_search_is_a_search(stranger, query):
    assert stranger.get(f"/published?{query}", expect=None).status in {200, 422}


@pytest.mark.usefixtures("published")
def test_a_search_far_too_long_is_refused_in_words(stranger):
    page = stranger.get(f"/published?text={'x' * 300}", expect=422)
    assert "Search for 200 characters or fewer" in page.text


def test_the_feed_tells_programs_the_same(published, stranger):
    feed = json.loads(stranger.get("/published.json").response.data)
    assert feed["version"] == "https://jsonfeed.org/version/1.1"
    (item,) = feed["items"]
    assert item["url"] == f"http://localhost{ADDRESS}"
    assert item["date_published"] == "2026-11-24T10:00:00Z"
    assert {one["mime_type"] for one in item["attachments"]} == {
        "application/pdf",
        "application/json",
    }
    assert item["_eqia"]["sha256"] == published.sha256
    assert set(item["_eqia"]) == {
        "reference",
        "version",
        "outcome",
        "signed_at",
        "superseded",
        "sha256",
        "pdf_sha256",
    }


def test_list_and_feed_go_on_over_pages(session, stranger):
    for number in range(27):
        record = _signed_without_file(session, f"EQS-2020-7{number:03d}")
        make_publication(session, record=record)
    first, second = (stranger.get(f"/published?page={n}") for n in (1, 2))
    assert len(re.findall('class="eqia-card"', first.html)) == 25
    assert len(re.findall('class="eqia-card"', second.html)) == 2
    feed = json.loads(stranger.get("/published.json").response.data)
    more = json.loads(stranger.get(feed["next_url"]).response.data)
    assert (len(feed["items"]), len(more["items"])) == (25, 2)
    assert "next_url" not in more


def _signed_without_file(session: Session, reference: str) -> RecordRow:
    screening = make_screening(session, status=Status.SIGNED, reference=reference)
    return make_record(session, screening=screening)


# What is not published


@pytest.mark.parametrize("ending", ["", ".pdf", ".json", "/ask", "/asked"])
def test_what_was_taken_down_is_gone_and_says_so(session, published, stranger, ending):
    take_down(session, publication=published)
    page = stranger.get(f"{ADDRESS}{ending}", expect=410)
    assert "This is not published any more" in page.text
    assert TITLE not in page.text
    assert "0 published" in stranger.get("/published").text
    assert json.loads(stranger.get("/published.json").response.data)["items"] == []


@pytest.mark.parametrize("ending", ["", ".pdf", ".json", "/ask", "/asked"])
def test_a_signed_record_that_is_not_published_is_not_there(session, stranger, ending):
    make_signed(session)
    stranger.get(f"{ADDRESS}{ending}", expect=404)


@pytest.mark.usefixtures("published")
@pytest.mark.parametrize(
    "place",
    ["EQS-2026-0042/2", "EQS-2026-0042/0", "EQS-2026-0042/99999999999", "%00/1", "%F0%9F%92%A9/1"],
)
def test_an_address_nobody_gave_is_not_there(stranger, place):
    stranger.get(f"/published/{place}", expect=404)


def test_a_published_copy_is_no_way_to_anything_else(published, stranger, app):
    """Every id and digest of the copy, put into every address that asks for an id."""
    known = set(re.findall(r"[0-9a-f]{8}-[0-9a-f-]{27}", stranger.get(ADDRESS).html))
    known |= {str(i) for i in (published.id, published.record_id, published.screening_id)}
    assert str(published.screening_id) not in stranger.get(ADDRESS).html
    assert str(published.screening_id) not in published.canonical_json
    doors = [
        rule
        for rule in app.url_map.iter_rules()
        if {"screening_id", "project_id", "person_id"} & set(rule.arguments)
        and "GET" in rule.methods
    ]
    assert len(doors) > 30
    for rule in doors:
        for one in known:
            values = dict.fromkeys(rule.arguments, one) | {"section": "about", "page_id": "a"}
            values |= {"kind": "decision"} if "kind" in rule.arguments else {}
            with app.test_request_context():
                path = app.url_map.bind("localhost").build(
                    rule.endpoint, {k: values[k] for k in rule.arguments}
                )
            page = stranger.get(path, expect=None)
            assert page.status == 302, path
            assert "/account/sign-in" in page.location
            assert SECRET not in page.html


@pytest.mark.usefixtures("published")
def test_every_link_of_the_public_pages_stays_public(stranger):
    for place in ("/published", ADDRESS, f"{ADDRESS}/ask", f"{ADDRESS}/asked"):
        inside = {
            href.split("#")[0]
            for href in stranger.get(place).links.values()
            if href.startswith("/") and not href.startswith("/static")
        }
        assert inside - {"/", "", "/account/accessibility", "/accessibility"} <= {
            *("/published", "/published.json", ADDRESS, f"{ADDRESS}.pdf", f"{ADDRESS}.json"),
            *(f"{ADDRESS}?print=large", f"{ADDRESS}/ask", "/verify"),
        }


def test_a_superseded_copy_stays_and_leads_to_the_newer_one(session, stranger):
    first, record = make_signed(session)
    publish(session, record)
    _, newer = make_signed(session, number=2, previous_id=first.id, reference=first.reference)
    move(session, screening=first, to=Status.SUPERSEDED)
    page = stranger.get(ADDRESS)
    assert "A newer version of this screening took its place" in page.text
    assert "The newer version is not published" in page.text
    publish(session, newer)
    page = stranger.get(ADDRESS)
    assert page.links["Read version 2"] == "/published/EQS-2026-0042/2"
    assert "Replaced by a newer version" in stranger.get("/published").text


# Asking for another look


@pytest.mark.usefixtures("published")
def test_a_stranger_asks_for_another_look(session, stranger):
    form = stranger.get(stranger.get(ADDRESS).links["Ask for another look"])
    assert "We do not keep your internet address" in form.text
    done = stranger.submit_form(form, wrong="No bus stops there.", contact="me@example.org")
    assert "We have your request" in stranger.follow(done).text
    (row,) = session.scalars(select(LookRequestRow)).all()
    assert (row.wrong, row.contact) == ("No bus stops there.", "me@example.org")
    assert "127.0.0.1" not in row.sender
    assert "Set-Cookie" not in done.response.headers


@pytest.mark.usefixtures("published")
def test_a_form_sent_twice_counts_once(session, stranger):
    form = stranger.get(f"{ADDRESS}/ask")
    for _ in range(2):
        stranger.submit_form(form, wrong="No bus stops there.")
    assert len(session.scalars(select(LookRequestRow)).all()) == 1


@pytest.mark.usefixtures("published")
@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"wrong": " "}, "Say what you think is wrong"),
        ({"wrong": "w" * 4001}, "What you tell us must be 4,000 characters or fewer"),
        ({"wrong": "The bus.", "contact": "c" * 201}, "200 characters or fewer"),
    ],
)
def test_what_cannot_be_used_comes_back_with_what_was_typed(session, stranger, given, words):
    page = stranger.submit_form(stranger.get(f"{ADDRESS}/ask"), data=given, expect=422)
    assert words in page.text
    assert all(text.strip() in page.html for text in given.values())
    assert session.scalars(select(LookRequestRow)).all() == []


@pytest.mark.usefixtures("published")
def test_too_many_requests_are_slowed_down_and_lose_nothing(stranger):
    for _ in range(MOST_AN_HOUR):
        stranger.submit_form(stranger.get(f"{ADDRESS}/ask"), wrong="No bus stops there.")
    page = stranger.submit_form(stranger.get(f"{ADDRESS}/ask"), wrong="One more.", expect=429)
    assert "Wait an hour, then send it" in page.text
    assert "One more." in page.html


@pytest.mark.usefixtures("published")
def test_requests_show_nowhere_in_public(stranger):
    stranger.submit_form(stranger.get(f"{ADDRESS}/ask"), wrong="Mrs Tansley was not asked.")
    for place in ("/published", "/published.json", ADDRESS, f"{ADDRESS}/asked"):
        assert b"Tansley" not in stranger.get(place).response.data

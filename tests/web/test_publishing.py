"""A reviewer chooses part by part, looks at the copy, publishes it, takes it down, and answers."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import select

from eqia.domain.people import Role
from eqia.domain.publications import parts_of
from eqia.domain.records import read
from eqia.persistence.tables import LookAnswerRow, PublicationRow, RecordRow, UnpublicationRow
from tests.builders import make_person, make_publication, make_request, take_down
from tests.documents.fixtures import english
from tests.web.test_records import make_signed

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from tests.page import Page
    from tests.pages import CheckingClient

SECRET = "Estates lead"
PUBLIC = "/published/EQS-2026-0042/1"


@pytest.fixture
def record(session: Session) -> RecordRow:
    _, record = make_signed(session)
    return record


@pytest.fixture
def reviewer(session: Session, client: CheckingClient) -> CheckingClient:
    return client.sign_in(make_person(session, name="Rita Reviewer", roles=[Role.REVIEWER]))


def place(record: RecordRow, page: str = "publish") -> str:
    return f"/records/{record.screening_id}/{page}"


def choices(record: RecordRow, **left_out: str) -> dict[str, str]:
    """What a reviewer posts: everything published but what begins with SECRET."""
    given = {"names": "roles"}
    for part in parts_of(read(record.canonical_json)):
        given[part.id] = "person" if part.text == SECRET else "publish"
    return {**given, **left_out}


def box(record: RecordRow, text: str) -> str:
    parts = parts_of(read(record.canonical_json))
    return next(part.id for part in parts if part.text.startswith(text))


def preview(client: CheckingClient, record: RecordRow, *, expect: int = 200, **more: Any) -> Page:
    page = client.get(place(record))
    return client.submit_form(page, data=choices(record, **more), expect=expect)


def test_every_text_stands_beside_its_choice_and_nothing_is_chosen(record, reviewer):
    page = reviewer.get(place(record))
    parts = parts_of(read(record.canonical_json))
    assert len(parts) >= 30
    assert all(" ".join(part.text.split()) in page.text for part in parts)
    form = page.form()
    assert {part.id for part in parts} <= set(form.names)
    assert not [part.id for part in parts if part.id in form.values]
    assert form.values["names"] == "roles"


def test_a_reviewer_looks_at_the_copy_and_then_publishes_it(session, record, reviewer):
    shown = preview(reviewer, record)
    assert "It is not published yet" in shown.text
    assert "[Withheld: It could point at a person]" in shown.text
    assert SECRET not in shown.text
    assert session.scalars(select(PublicationRow)).all() == []
    done = reviewer.submit_form(shown, button="publish")
    page = reviewer.follow(done)
    assert page.url == PUBLIC
    (row,) = session.scalars(select(PublicationRow)).all()
    assert SECRET not in row.canonical_json
    assert read(row.canonical_json)["address"] == f"http://localhost{PUBLIC}"
    assert read(row.canonical_json)["verify_address"] == "http://localhost/verify"


def test_a_sealed_copy_is_checked_without_a_word_of_what_it_leaves_out(
    session, record, reviewer, client
):
    title = read(record.canonical_json)["project"]["title"]
    shown = preview(reviewer, record, **{box(record, title): "confidential"})
    reviewer.submit_form(shown, button="publish")
    (row,) = session.scalars(select(PublicationRow)).all()
    assert read(row.canonical_json)["seal"]["kind"] == "development"
    stranger = client.sign_out()
    for content in (row.pdf + b"\n% more", record.pdf[:-9] + row.pdf[-9:], row.pdf):
        files = {"file": [(io.BytesIO(content), "copy.pdf")]}
        page = stranger.post("/verify", files, expect=None, csrf=False)
        assert title not in page.text
        assert SECRET not in page.text
    assert "It is the stored file, byte for byte" in page.text
    assert "[Withheld: It is confidential]" in page.text


def test_what_was_chosen_is_still_chosen_after_going_back(record, reviewer):
    shown = preview(reviewer, record, names="names")
    back = reviewer.submit_form(shown, button="change", expect=200)
    form = back.form()
    assert form.values[box(record, SECRET)] == "person"
    assert form.values[box(record, "Community Services")] == "publish"
    assert form.values["names"] == "names"
    assert not back.errors


def test_a_text_nobody_chose_about_is_named_and_the_rest_is_kept(session, record, reviewer):
    page = reviewer.get(place(record))
    given = {k: v for k, v in choices(record).items() if k != box(record, "Community Services")}
    again = reviewer.submit_form(page, data=given, expect=422)
    assert "Choose what to do with “A5_who. Decision-maker”" in again.text
    assert again.form().values[box(record, SECRET)] == "person"
    assert session.scalars(select(PublicationRow)).all() == []


def test_a_reason_of_ones_own_is_needed_and_then_published(record, reviewer):
    name = box(record, SECRET)
    again = preview(reviewer, record, expect=422, **{name: "other"})
    assert "Give the reason for" in again.text
    reason = {f"{name}-reason": "The post is being filled"}
    shown = preview(reviewer, record, **{name: "other"}, **reason)
    assert "[Withheld: The post is being filled]" in shown.text


def test_a_copy_that_gives_away_what_it_leaves_out_is_refused_at_the_place(session, reviewer):
    answers = {**english(), "F1_who": "We asked the Estates lead and forty people."}
    _, record = make_signed(session, answers=answers)
    again = preview(reviewer, record, expect=422)
    assert "repeats words you leave out" in again.text
    assert f'href="#{box(record, "We asked")}"' in again.html


def test_a_second_click_shows_the_first_copy(session, record, reviewer):
    shown = preview(reviewer, record)
    for _ in range(2):
        assert reviewer.submit_form(shown, button="publish").location.endswith(PUBLIC)
    assert len(session.scalars(select(PublicationRow)).all()) == 1


def test_somebody_was_quicker_and_nothing_is_lost(session, record, reviewer):
    shown = preview(reviewer, record)
    make_publication(session, record=record)
    page = reviewer.submit_form(shown, button="publish", expect=409)
    assert "published already" in page.text
    assert page.form().values[box(record, SECRET)] == "person"


def test_taking_down_what_somebody_took_down_keeps_the_words(session, record, reviewer):
    copy = make_publication(session, record=record)
    form = reviewer.get(place(record, "unpublish"))
    take_down(session, publication=copy)
    page = reviewer.submit_form(form, reason="It names a street.", expect=409)
    assert "This version is not published" in page.text
    assert "It names a street." in page.html


def test_a_published_record_says_so_and_can_be_taken_down(session, record, reviewer):
    make_publication(session, record=record)
    page = reviewer.get(f"/records/{record.screening_id}")
    assert page.links["read the public copy"] == PUBLIC
    down = reviewer.get(page.links["Unpublish it"])
    reviewer.submit_form(down, expect=422)
    done = reviewer.submit_form(reviewer.get(down.url), reason="It names a street.")
    assert "This record is not published any more" in reviewer.follow(done).text
    assert session.scalars(select(UnpublicationRow.reason)).all() == ["It names a street."]
    reviewer.get(PUBLIC, expect=410)


@pytest.mark.parametrize("role", [None, Role.AUDITOR, Role.ADMINISTRATOR])
def test_others_see_neither_link_nor_form(session, record, client, role):
    person = client.sign_in(make_person(session, roles=[role] if role else []))
    page = person.get(f"/records/{record.screening_id}")
    assert "Publish a copy of it" not in page.links
    person.get(place(record), expect=403)
    person.get(place(record, "unpublish"), expect=403)


# Requests


@pytest.fixture
def asked(session: Session, record: RecordRow):
    publication = make_publication(session, record=record)
    return make_request(session, publication=publication, contact="me@example.org")


@pytest.mark.usefixtures("asked")
def test_a_request_waits_on_the_home_page_until_it_is_answered(session, reviewer):
    home = reviewer.get("/")
    link = "Foot clinic at Mill Road: somebody asks for another look"
    form = reviewer.get(home.links[link])
    assert "The bus does not stop there any more." in form.text
    assert "me@example.org" in form.text
    reviewer.submit_form(form, answer=" ", expect=422)
    done = reviewer.submit_form(reviewer.get(form.url), answer="We rang the bus company.")
    page = reviewer.follow(done)
    assert "Answered on 24 November 2026 at 10:00am by Rita Reviewer" in page.text
    assert session.scalars(select(LookAnswerRow.answer)).all() == ["We rang the bus company."]
    assert link not in reviewer.get("/").links


def test_everyone_signed_in_reads_requests_and_only_reviewers_how_to_reach_people(
    session, record, asked, client
):
    reader = client.sign_in(make_person(session))
    page = reader.get(f"/records/{record.screening_id}")
    listed = reader.get(page.links["Requests for another look: 1"])
    assert asked.wrong in listed.text
    assert "Not answered yet" in listed.text
    assert "me@example.org" not in listed.html
    reader.get(f"{place(record, 'requests')}/{asked.id}", expect=403)


@pytest.mark.usefixtures("asked")
def test_the_register_marks_what_is_published_and_asked_about(session, client):
    register = client.sign_in(make_person(session)).get("/register")
    assert any(text.startswith("Published") for text in register.links)
    assert any(text.startswith("Another look asked for") for text in register.links)


def test_a_request_about_another_record_is_not_there(session, asked, reviewer):
    other, _ = make_signed(session, reference="EQS-2026-0099")
    reviewer.get(f"/records/{other.id}/requests/{asked.id}", expect=404)


def test_the_record_in_larger_print(record, reviewer):
    page = reviewer.get(f"/records/{record.screening_id}")
    large = reviewer.get(page.links["Read this page in large print"])
    assert "eqia-record--large" in large.html
    assert "Read this page in ordinary print" in large.links

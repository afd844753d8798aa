"""What somebody typed outlives their session, a forged form and a dead database."""

from __future__ import annotations

import pytest
from sqlalchemy.exc import OperationalError

from eqia.domain.people import Role
from eqia.persistence.tables import KeptFormRow, ProjectRow
from eqia.web import kept
from eqia.web.access import public
from eqia.web.extensions import db
from tests.builders import make_person, make_screening
from tests.pages import CheckingClient
from tests.web.test_account import PASSWORD, with_password

TYPED = {"title": "Move the <b>clinic</b>", "summary": "Line one\r\nline “two”", "password": "no"}


def ended(client, session, clock, data=TYPED):
    """Post a form after the session ran out; gives the person and the sign-in page."""
    person = with_password(session)
    client.sign_in(person).get("/projects/new")
    clock.move(minutes=31)
    return person, client.post("/projects/new", data, expect=401)


def test_the_text_posted_after_the_session_ended_is_back_after_signing_in(client, session, clock):
    person, page = ended(client, session, clock)
    assert "What you typed is kept" in page.text
    answer = client.submit_form(page, email=person.email, password=PASSWORD)
    assert answer.location.startswith("/projects/new?kept=")
    form = client.follow(answer).form("/projects/new")
    assert form.values["title"] == TYPED["title"]
    assert form.values["summary"] == TYPED["summary"]
    assert session.query(ProjectRow).count() == 0


def test_a_wrong_password_first_does_not_lose_the_text(client, session, clock):
    person, page = ended(client, session, clock)
    page = client.submit_form(page, email=person.email, password="wrong wrong one", expect=422)
    answer = client.submit_form(page, email=person.email, password=PASSWORD)
    assert client.follow(answer).form("/projects/new").values["title"] == TYPED["title"]


def test_passwords_and_tokens_are_never_kept(client, session, clock):
    person, page = ended(client, session, clock)
    client.submit_form(page, email=person.email, password=PASSWORD)
    names = {name for name, _ in session.query(KeptFormRow).one().body}
    assert names == {"title", "summary"}


def test_kept_text_is_for_its_person_and_its_page_alone(client, app, session, clock):
    person, page = ended(client, session, clock)
    address = client.submit_form(page, email=person.email, password=PASSWORD).location
    other = CheckingClient(app).sign_in(make_person(session))
    assert other.get(address).form("/projects/new").values["title"] == ""
    query = address.partition("?")[2]
    assert client.get(f"/account/password?{query}").form().values.get("title") is None


@pytest.mark.parametrize("kept_id", ["", "x", "0" * 36, "00000000-0000-0000-0000-000000000000"])
def test_an_unknown_kept_form_is_no_form(client, session, kept_id):
    client.sign_in(make_person(session))
    client.get(f"/projects/new?kept={kept_id}")


def test_kept_text_is_forgotten_after_a_day(client, session, clock):
    person, page = ended(client, session, clock)
    client.submit_form(page, email=person.email, password=PASSWORD)
    clock.move(hours=25)
    person, page = ended(client, session, clock)
    client.submit_form(page, email=person.email, password=PASSWORD)
    assert session.query(KeptFormRow).count() == 1


def test_a_form_without_its_token_can_be_sent_again(client, session):
    client.sign_in(make_person(session)).get("/projects/new")
    page = client.post("/projects/new", TYPED, csrf=False, expect=400)
    form = page.form()
    assert form.values["title"] == TYPED["title"]
    assert form.values["summary"] == TYPED["summary"].replace("\r", "")
    assert "password" not in form.values


def test_a_form_without_token_or_session_leads_to_the_sign_in_page_with_the_text(client):
    page = client.post("/projects/new", TYPED, csrf=False, expect=401)
    assert page.form().values["kept-title"] == TYPED["title"]


@pytest.fixture
def dead(own_app):
    """A page whose database is away."""

    @own_app.route("/dead", methods=["GET", "POST"])
    @public
    def dead():
        raise OperationalError("SELECT 1", {}, Exception("server closed the connection"))

    return own_app


def test_while_the_database_is_away_the_text_stays_in_a_form_to_resend(dead):
    with dead.app_context():
        person = make_person(db.session)
    client = CheckingClient(dead).sign_in(person)
    client.get("/projects/new")
    page = client.post("/dead", TYPED, expect=503)
    assert page.headers["Retry-After"] == "5"
    form = page.form()
    assert (form.action, form.values["title"]) == ("/dead", TYPED["title"])
    assert "server closed" not in page.html


def test_the_page_for_a_dead_database_does_not_ask_the_database(dead, monkeypatch):
    client = CheckingClient(dead)

    def fail(*_args, **_named):
        raise AssertionError("asked the database")

    monkeypatch.setattr("sqlalchemy.orm.Session.execute", fail)
    monkeypatch.setattr("sqlalchemy.orm.Session.scalar", fail)
    assert "Try again" in client.get("/dead", expect=503).text


@pytest.mark.parametrize(
    ("target", "safe"),
    [
        ("/projects?x=1", "/projects?x=1"),
        ("//evil.example", "/"),
        ("///evil.example", "/"),
        ("/\\evil.example", "/"),
        ("\\\\evil.example", "/"),
        ("https://evil.example", "/"),
        ("javascript:alert(1)", "/"),
        ("/a\nSet-Cookie: x", "/"),
        ("/" + "a" * 2_000, "/"),
        ("", "/"),
        (None, "/"),
    ],
)
def test_only_addresses_on_this_site_are_gone_on_to(target, safe):
    assert kept.safe_address(target) == safe


def test_a_form_posted_to_an_address_that_is_no_page_leads_back_to_where_it_stood(
    client, session, clock
):
    person = with_password(session)
    client.sign_in(person).get("/account")
    clock.move(minutes=31)
    page = client.post(
        "/account/sessions/00000000-0000-0000-0000-000000000000/end",
        {"note": "typed"},
        headers={"Referer": "http://localhost/account"},
        expect=401,
    )
    answer = client.submit_form(page, email=person.email, password=PASSWORD)
    assert answer.location.startswith("/account?kept=")


def test_answers_posted_after_the_session_ended_are_back_on_the_same_question(
    client, session, clock
):
    person = with_password(session)
    screening = make_screening(session, author=person)
    client.sign_in(person)
    hub = client.get(f"/screenings/{screening.id}")
    address = next(link for link in hub.links.values() if "/pages/" in link)
    form = client.get(address).form()
    name = next(box.get("name") for box in form.element.iter("textarea"))
    clock.move(minutes=31)
    page = client.post(form.action, {**form.values, name: "Typed “late”"}, expect=401)
    answer = client.submit_form(page, email=person.email, password=PASSWORD)
    assert answer.location.startswith(form.action.partition("?")[0])
    assert client.follow(answer).form().values[name] == "Typed “late”"


def test_what_was_chosen_survives_the_question_who_you_are(client, session, clock):
    admin = with_password(session, roles=[Role.ADMINISTRATOR])
    other = make_person(session)
    address = f"/people/{other.id}"
    client.sign_in(admin)
    page = client.get(address)
    clock.move(minutes=16)
    asked = client.submit_form(page, page.form(address), {"role": "auditor"})
    assert asked.location.startswith("/account/confirm?next=")
    back = client.submit_form(client.follow(asked), password=PASSWORD)
    form = client.follow(back).form(address)
    assert form.values["role"] == "auditor"
    client.submit_form(client.last, form)


def test_the_page_somebody_comes_back_to_has_its_question_in_the_address(client, session, clock):
    person = with_password(session)
    client.sign_in(person).get("/projects/new")
    clock.move(minutes=31)
    page = client.post("/projects/new?from=A1&note=%E2%80%9C&kept=x", TYPED, expect=401)
    answer = client.submit_form(page, email=person.email, password=PASSWORD)
    assert answer.location.startswith("/projects/new?from=A1&note=%E2%80%9C&kept=")
    assert answer.location.count("kept=") == 1
    assert client.follow(answer).form("/projects/new").values["title"] == TYPED["title"]

"""Signing in, sessions that end, and passwords."""

from __future__ import annotations

import pytest

from eqia.persistence.tables import CredentialRow, IdentityRow, PersonSessionRow
from eqia.services.accounts import digest
from eqia.services.passwords import Passwords
from tests.builders import NOW, make_person
from tests.pages import CheckingClient

PASSWORD = "three random words"
CHEAP = Passwords(memory_kib=8, passes=1)


def with_password(session, **overrides):
    person = make_person(session, **overrides)
    session.add(IdentityRow(person_id=person.id, issuer="local", subject=person.email))
    session.add(
        CredentialRow(
            person_id=person.id,
            kind="password",
            secret_hash=CHEAP.hash(PASSWORD),
            created_at=NOW,
        )
    )
    session.commit()
    return person


def sign_in(client, person, *, password=PASSWORD, expect=302, next_page=""):
    page = client.get(f"/account/sign-in?next={next_page}")
    return client.submit_form(page, email=person.email, password=password, expect=expect)


def test_somebody_with_a_password_signs_in_and_sees_their_account(client, session):
    person = with_password(session)
    assert sign_in(client, person, next_page="/account").location == "/account"
    assert person.name in client.get("/account").text


def test_the_address_may_be_written_in_capitals(client, session):
    person = with_password(session)
    person.email = person.email.upper()
    assert sign_in(client, person).location == "/"


def test_a_wrong_password_is_told_without_saying_whether_there_is_an_account(client, session):
    known = sign_in(client, with_password(session), password="not this one at all", expect=422)
    unknown = make_person(session)
    session.expunge(unknown)
    unknown.email = "nobody@example.org"
    assert sign_in(client, unknown, expect=422).errors == known.errors


@pytest.mark.parametrize(
    "target",
    ["//evil.example", "https://evil.example/", "/\\evil.example", "javascript:alert(1)", "", "x"],
)
def test_signing_in_never_leads_to_another_site(client, session, target):
    page = client.get("/account/sign-in", query_string={"next": target})
    person = with_password(session)
    answer = client.submit_form(page, email=person.email, password=PASSWORD)
    assert answer.location == "/"


def test_a_page_behind_the_door_sends_to_the_sign_in_page_and_back(client, session):
    sent = client.get("/account?x=1", expect=302)
    assert sent.location.startswith("/account/sign-in?next=")
    page = client.follow(sent)
    answer = client.submit_form(page, email=with_password(session).email, password=PASSWORD)
    assert answer.location == "/account?x=1"


@pytest.mark.parametrize(
    ("minutes", "pages_between", "status"), [(29, 0, 200), (31, 0, 302), (31, 1, 200)]
)
def test_a_session_rests_for_half_an_hour(client, session, clock, minutes, pages_between, status):
    client.sign_in(with_password(session))
    for _ in range(pages_between):
        clock.move(minutes=minutes / 2)
        client.get("/account")
        minutes /= 2
    clock.move(minutes=minutes)
    client.get("/account", expect=status)


def test_a_session_ends_after_twelve_hours_however_busy(client, session, clock):
    client.sign_in(with_password(session))
    for _ in range(12 * 3 - 1):
        clock.move(minutes=20)
        client.get("/account")
    clock.move(minutes=20)
    client.get("/account", expect=302)


def test_being_seen_is_noted_at_most_once_a_minute(client, session, clock):
    client.sign_in(with_password(session))
    for seconds, seen in ((30, 0), (29, 0), (1, 60), (30, 60)):
        clock.move(seconds=seconds)
        client.get("/account")
        session.expire_all()
        row = session.query(PersonSessionRow).one()
        assert (row.last_seen_at - NOW).total_seconds() == seen


def test_signing_out_ends_the_session_itself_not_just_the_cookie(client, session):
    client.sign_in(with_password(session))
    with client.raw.session_transaction() as cookie:
        token = cookie["token"]
    client.submit_form(client.get("/account"), form_of(client, "/account/sign-out"))
    with client.raw.session_transaction() as cookie:
        cookie["token"] = token
    client.get("/account", expect=302)


def form_of(client, action):
    return next(form for form in client.last.forms if form.action.endswith(action))


def test_a_person_ends_a_session_on_another_device(client, app, session):
    person = with_password(session)
    elsewhere = CheckingClient(app).sign_in(person)
    page = client.sign_in(person).get("/account")
    with elsewhere.raw.session_transaction() as cookie:
        token = cookie["token"]
    row = by_token(session, token)
    client.submit_form(page, form_of(client, f"/account/sessions/{row.id}/end"))
    elsewhere.get("/account", expect=302)
    client.get("/account")


def by_token(session, token):
    return session.query(PersonSessionRow).filter_by(token_hash=digest(token)).one()


def test_nobody_ends_somebody_elses_session(client, app, session):
    CheckingClient(app).sign_in(with_password(session))
    theirs = session.query(PersonSessionRow).one()
    client.sign_in(with_password(session)).get("/account")
    client.post(f"/account/sessions/{theirs.id}/end", expect=404)


def test_the_tenth_failure_makes_people_wait_and_waiting_helps(client, session, clock):
    person = with_password(session)
    for _ in range(10):
        clock.move(seconds=1)
        sign_in(client, person, password="wrong wrong wrong", expect=422)
    page = sign_in(client, person, expect=429)
    assert "Wait 2 seconds" in page.errors[0]
    clock.move(seconds=2)
    sign_in(client, person)


def test_every_further_failure_doubles_the_wait_but_never_locks(client, session, clock):
    person = with_password(session)
    for _ in range(10):
        sign_in(client, person, password="wrong wrong wrong", expect=422)
    for seconds in (2, 4, 8, 16):
        assert f"Wait {seconds} seconds" in sign_in(client, person, expect=429).errors[0]
        clock.move(seconds=seconds)
        sign_in(client, person, password="wrong wrong wrong", expect=422)
    clock.move(minutes=5)
    sign_in(client, person)


def test_changing_a_password_asks_again_who_you_are_after_a_quarter_of_an_hour(
    client, session, clock
):
    client.sign_in(with_password(session))
    clock.move(minutes=16)
    asked = client.get("/account/password", expect=302)
    assert asked.location.startswith("/account/confirm")
    confirmed = client.submit_form(client.follow(asked), password=PASSWORD)
    assert confirmed.location == "/account/password"
    client.follow(confirmed)


def test_confirming_gives_the_session_a_new_token(client, session):
    client.sign_in(with_password(session))
    with client.raw.session_transaction() as cookie:
        before = cookie["token"]
    client.submit_form(client.get("/account/confirm"), password=PASSWORD)
    with client.raw.session_transaction() as cookie:
        assert cookie["token"] != before
        cookie["token"] = before
    client.get("/account", expect=302)


@pytest.mark.parametrize(
    ("password", "words"),
    [
        ("short", "12 characters"),
        ("x" * 129, "128 characters"),
        ("aaaaaaaaaaaaaaa", "repeats"),
        ("passwordpassword", "Many people"),
        ("Password123456", "Many people"),
        ("northmere2026!", "organisation"),
    ],
)
def test_a_password_that_is_easily_guessed_is_refused(client, session, password, words):
    client.sign_in(with_password(session))
    page = client.submit_form(client.get("/account/password"), password=password, expect=422)
    assert words in page.errors[0]


def test_changing_a_password_ends_every_other_session(client, app, session):
    person = with_password(session)
    elsewhere = CheckingClient(app).sign_in(person)
    client.sign_in(person)
    client.submit_form(client.get("/account/password"), password="a heron by the weir")
    client.get("/account")
    elsewhere.get("/account", expect=302)
    client.sign_out()
    sign_in(client, person, password="a heron by the weir")


def test_there_are_more_than_three_thousand_common_passwords():
    assert len(CHEAP.common) > 3_000


def test_the_cookie_cannot_be_read_by_scripts_and_stays_on_this_site(client, session):
    answer = sign_in(client, with_password(session))
    cookie = answer.headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie


def test_somebody_made_inactive_is_out_at_once(client, session):
    person = with_password(session)
    client.sign_in(person).get("/account")
    person.active = False
    session.commit()
    client.get("/account", expect=302)
    client.sign_out()
    sign_in(client, person, expect=422)


def test_a_stray_cookie_signs_nobody_out(client, session):
    client.sign_in(with_password(session))
    client.raw.set_cookie("remember_token", "from another site on this host")
    client.get("/account")

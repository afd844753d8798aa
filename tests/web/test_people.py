"""Invitations, roles and leaving, as an administrator does them."""

from __future__ import annotations

import pytest

from eqia.domain.people import Role
from eqia.persistence.tables import InvitationRow, PersonRow, RoleGrantRow
from eqia.services import invitations
from eqia.services.accounts import digest
from tests.builders import NOW, make_person, make_project
from tests.pages import CheckingClient

PASSWORD = "a heron by the weir"


@pytest.fixture
def administrator(client, session):
    person = make_person(session, roles=[Role.ADMINISTRATOR])
    client.sign_in(person)
    return person


def invite(client, **values):
    page = client.get("/people/invite")
    given = {"name": "Ada Osei", "email": "ada@example.org", **values}
    made = client.submit_form(page, data=given, expect=200)
    return next(code.text for code in made.tree.iter("code"))


def accept(app, link, **values):
    visitor = CheckingClient(app)
    path = link.removeprefix("http://localhost")
    page = visitor.get(path)
    visitor.submit_form(page, data={"password": PASSWORD, **values})
    return visitor


def test_somebody_invited_makes_an_account_with_the_roles_of_the_invitation(
    client, app, session, administrator
):
    link = invite(client, roles=["reviewer", "auditor"])
    visitor = accept(app, link)
    assert "Ada Osei" in visitor.get("/account").text
    person = session.query(PersonRow).filter_by(email="ada@example.org").one()
    granted = session.query(RoleGrantRow).filter_by(person_id=person.id)
    assert {row.role for row in granted} == {Role.REVIEWER, Role.AUDITOR}
    assert {row.granted_by for row in granted} == {administrator.id}


@pytest.mark.usefixtures("administrator")
def test_a_link_works_once(client, app):
    link = invite(client)
    accept(app, link)
    gone = CheckingClient(app).get(link.removeprefix("http://localhost"), expect=404)
    assert gone.h1 == "This link no longer works"


@pytest.mark.usefixtures("administrator")
def test_a_link_works_for_a_week(client, app, clock):
    link = invite(client).removeprefix("http://localhost")
    clock.move(days=6, hours=23)
    CheckingClient(app).get(link)
    clock.move(hours=1)
    CheckingClient(app).get(link, expect=404)


@pytest.mark.usefixtures("administrator")
def test_only_the_hash_of_a_link_is_stored(client, session):
    token = invite(client).rpartition("/")[2]
    row = session.query(InvitationRow).one()
    assert row.token_hash == digest(token)
    assert token not in repr(vars(row))


@pytest.mark.usefixtures("administrator")
def test_somebody_with_an_account_is_not_invited_again(client, session):
    email = make_person(session).email.upper()
    page = client.get("/people/invite")
    page = client.submit_form(page, name="Again", email=email, expect=422)
    assert "already has an account" in page.errors[0]


@pytest.mark.usefixtures("administrator")
def test_a_bad_password_leaves_the_link_usable_and_the_name_typed(client, app):
    path = invite(client).removeprefix("http://localhost")
    visitor = CheckingClient(app)
    page = visitor.submit_form(visitor.get(path), name="Ada O", password="short", expect=422)
    assert page.form().values["name"] == "Ada O"
    visitor.submit_form(page, password=PASSWORD)


@pytest.mark.usefixtures("administrator")
def test_a_reset_link_sets_a_new_password_and_ends_every_session(client, app, session):
    visitor = accept(app, invite(client))
    person = session.query(PersonRow).filter_by(email="ada@example.org").one()
    made = client.submit_form(client.get(f"/people/{person.id}/reset"), expect=200)
    link = next(code.text for code in made.tree.iter("code"))
    accept(app, link, password="another heron, same weir")
    visitor.get("/account", expect=302)
    page = visitor.get("/account/sign-in")
    visitor.submit_form(page, email=person.email, password=PASSWORD, expect=422)
    visitor.submit_form(page, email=person.email, password="another heron, same weir")


@pytest.mark.usefixtures("administrator")
def test_a_role_is_given_for_a_time(client, session, clock):
    person = make_person(session)
    days = {"until_day-day": "30", "until_day-month": "11", "until_day-year": "2026"}
    page = client.get(f"/people/{person.id}")
    form = page.form(f"/people/{person.id}")
    client.submit_form(page, form, {"role": "reviewer", **days})
    them = CheckingClient(client.app).sign_in(person)
    assert "Reviewer" in them.get("/account").text
    grant = session.query(RoleGrantRow).filter_by(person_id=person.id).one()
    assert grant.until_at.isoformat() == "2026-12-01T00:00:00+00:00"
    clock.move(days=7)
    assert "Reviewer" not in them.sign_in(person).get("/account").text


@pytest.mark.usefixtures("administrator")
def test_a_role_cannot_end_before_it_starts(client, session):
    person = make_person(session)
    page = client.get(f"/people/{person.id}")
    days = {"until_day-day": "1", "until_day-month": "1", "until_day-year": "2020"}
    form = page.form(f"/people/{person.id}")
    client.submit_form(page, form, {"role": "reviewer", **days}, expect=422)


def end_of_grant(session, person):
    grant = session.query(RoleGrantRow).filter_by(person_id=person.id).one()
    return f"/people/{person.id}/grants/{grant.id}/end"


def test_the_last_administrator_keeps_the_role_and_the_account(client, session, administrator):
    client.get(f"/people/{administrator.id}")
    refused = client.post(end_of_grant(session, administrator), expect=403)
    assert "always be one administrator" in refused.text
    client.get(f"/people/{administrator.id}")
    client.post(f"/people/{administrator.id}/deactivate", expect=403)
    client.get("/people")


@pytest.mark.usefixtures("administrator")
def test_with_another_administrator_one_may_go(client, session):
    other = make_person(session, roles=[Role.ADMINISTRATOR])
    client.get("/people/invite")
    client.post(end_of_grant(session, other))
    client.get(f"/people/{other.id}")
    client.post(f"/people/{other.id}/deactivate")
    client.get(f"/people/{other.id}")
    client.post(f"/people/{other.id}/reactivate")


def test_an_administrator_for_a_time_does_not_count_as_the_last(client, session, administrator):
    make_person(session, roles=[])
    temporary = make_person(session)
    session.add(
        RoleGrantRow(
            person_id=temporary.id,
            role=Role.ADMINISTRATOR,
            from_at=NOW,
            until_at=NOW.replace(year=2030),
        )
    )
    session.commit()
    client.get("/people/invite")
    client.post(end_of_grant(session, administrator), expect=403)


def test_the_first_link_sets_up_the_organisation_and_works_once(app, session):
    token = invitations.first_administrator_link(session, now=NOW)
    visitor = CheckingClient(app)
    page = visitor.get(f"/account/invitation/{token}")
    visitor.submit_form(
        page,
        name="Bea Lund",
        email="Bea@Example.org",
        organisation="Northmere Health",
        password=PASSWORD,
    )
    assert visitor.get("/people").h1 == "People"
    assert invitations.first_administrator_link(session, now=NOW) is None
    CheckingClient(app).get(f"/account/invitation/{token}", expect=404)


def test_a_second_first_link_makes_the_one_before_worthless(app, session):
    before = invitations.first_administrator_link(session, now=NOW)
    after = invitations.first_administrator_link(session, now=NOW)
    CheckingClient(app).get(f"/account/invitation/{before}", expect=404)
    CheckingClient(app).get(f"/account/invitation/{after}")


def test_the_first_link_lasts_an_hour(app, session, clock):
    token = invitations.first_administrator_link(session, now=NOW)
    clock.move(minutes=60)
    CheckingClient(app).get(f"/account/invitation/{token}", expect=404)


@pytest.mark.parametrize("url", ["/people", "/people/invite", "/organisation"])
def test_people_who_are_no_administrators_are_told_who_may(client, session, url):
    client.sign_in(make_person(session, roles=[Role.REVIEWER, Role.APPROVER, Role.AUDITOR]))
    assert "an administrator" in client.get(url, expect=403).text


def test_another_persons_page_is_not_there_for_others(client, session):
    client.sign_in(make_person(session))
    client.get(f"/people/{make_person(session).id}", expect=404)


@pytest.mark.usefixtures("administrator")
def test_an_administrator_sees_events_about_people_and_none_about_screenings(client, session):
    invite(client)
    lead = make_person(session)
    project = make_project(session, lead=lead)
    client_of_lead = CheckingClient(client.app).sign_in(lead)
    client_of_lead.submit_form(client_of_lead.get(f"/projects/{project.id}/edit"), title="New name")
    told = client.get("/people/log").text
    assert "invited" in told.lower()
    assert "roject" not in told.partition("Newest first")[2]

"""The organisation's settings, bodies and local groups."""

from __future__ import annotations

import pytest

from eqia.domain.people import Role
from eqia.persistence.tables import BodyRow, LocalGroupRow, OrganisationRow
from tests.builders import make_person


@pytest.fixture(autouse=True)
def administrator(client, session):
    person = make_person(session, roles=[Role.ADMINISTRATOR])
    client.sign_in(person)
    return person


def test_name_and_colour_show_on_every_page(client):
    page = client.get("/organisation")
    client.submit_form(page, name="Ferrow Council", logo_text="", colour="#7A1F5C")
    page = client.get("/account")
    assert "Ferrow Council" in page.title
    sheet = next(a.get("href") for a in page.tree.iter("link") if "organisation" in a.get("href"))
    answer = client.raw.get(sheet)
    assert b"#7a1f5c" in answer.data
    assert answer.mimetype == "text/css"


@pytest.mark.parametrize("colour", ["#ffdd00", "#ffffff", "red", "#12345", "#0f4c4f;}"])
def test_a_colour_white_letters_cannot_be_read_on_is_refused(client, session, colour):
    page = client.get("/organisation")
    refused = client.submit_form(page, name="Kept as typed", colour=colour, expect=422)
    assert refused.form().values["name"] == "Kept as typed"
    session.expire_all()
    assert session.query(OrganisationRow).one().colour == ""


def test_the_palest_allowed_colour_is_allowed(client):
    client.submit_form(client.get("/organisation"), colour="#767676")


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("retention_years", "0"),
        ("retention_years", "x"),
        ("stale_months", ""),
        ("grace_days", ""),
        ("grace_days", "366"),
    ],
)
def test_settings_are_numbers_that_make_sense(client, field, value):
    client.submit_form(client.get("/organisation"), data={field: value}, expect=422)


def test_two_administrators_do_not_overwrite_each_other(client):
    first = client.get("/organisation")
    second = client.get("/organisation")
    client.submit_form(first, name="First name")
    told = client.submit_form(second, name="Second name", expect=409)
    assert "First name" in told.text
    assert "Second name" in told.text


def test_a_body_is_added_once_taken_off_and_offered_again(client, session):
    client.submit_form(client.get("/organisation/bodies"), name="Ferrow Council")
    page = client.get("/organisation/bodies")
    form = page.form("/organisation/bodies")
    client.submit_form(page, form, name="ferrow council", expect=422)
    row = session.query(BodyRow).one()
    assert (row.code, row.active) == ("ferrow-council", True)
    for active in (False, True):
        page = client.get("/organisation/bodies")
        client.submit_form(page, page.form(f"/organisation/bodies/{row.id}"))
        session.expire_all()
        assert session.query(BodyRow).one().active is active


def test_local_groups_have_ids_of_their_own(client, session):
    for label in ("Care leavers", "Pobl sy'n gadael gofal", "Care leavers!"):
        page = client.get("/organisation/groups")
        client.submit_form(page, page.form("/organisation/groups"), label=label)
    codes = [row.code for row in session.query(LocalGroupRow).order_by(LocalGroupRow.code)]
    assert codes == ["org-care-leavers", "org-care-leavers-2", "org-pobl-sy-n-gadael-gofal"]


def test_there_is_no_colour_before_one_is_chosen(client):
    assert client.raw.get("/organisation.css").data == b""


@pytest.mark.parametrize("act", ["", "delete", "use retire", "<b>"])
def test_only_the_buttons_of_a_list_do_something(client, session, act):
    client.submit_form(client.get("/organisation/bodies"), name="Ferrow Council")
    row = session.query(BodyRow).one()
    client.get("/organisation/bodies")
    client.post(f"/organisation/bodies/{row.id}", {"act": act}, expect=422)
    session.expire_all()
    assert session.query(BodyRow).one().active

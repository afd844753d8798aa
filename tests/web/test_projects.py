import pytest

from eqia.persistence.queries import projects as queries
from tests.builders import make_person, make_project

FACTS = {
    "title": "Falls checks at home",
    "summary": "A therapist visits <b>you</b>.",
    "question_set_id": "bhp-nhs",
    "start_date-day": "4",
    "start_date-month": "January",
    "start_date-year": "2027",
    "people_a_year": "1,200",
}


@pytest.fixture
def lead(session):
    return make_person(session)


def test_a_project_is_started_with_its_facts(client, session, lead):
    client.sign_in(lead)
    page = client.submit_form(client.get("/projects/new"), data=FACTS)
    shown = client.follow(page)
    [project] = queries.of_person(session, lead.id)
    assert (project.people_a_year, str(project.start_date)) == (1200, "2027-01-04")
    assert "A therapist visits &lt;b&gt;you&lt;/b&gt;." in shown.html
    assert "Start the screening" in shown.html


def test_back_and_send_again_makes_no_second_project(client, session, lead):
    client.sign_in(lead)
    page = client.get("/projects/new")
    first = client.submit_form(page, data=FACTS)
    assert client.submit_form(page, data=FACTS).location == first.location
    assert len(queries.of_person(session, lead.id)) == 1


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"title": " "}, "Enter a title for the project"),
        ({"title": "x" * 201}, "The title must be 200 characters or fewer"),
        ({"start_date-month": "13"}, "month"),
        ({"end_date-day": "1", "end_date-month": "1", "end_date-year": "2026"}, "end date"),
        ({"people_a_year": "many"}, "must be a whole number"),
        ({"question_set_id": ""}, "Choose which questions fit"),
    ],
)
def test_what_cannot_be_is_named_and_nothing_typed_is_lost(client, lead, wrong, message):
    client.sign_in(lead)
    page = client.submit_form(client.get("/projects/new"), data={**FACTS, **wrong}, expect=422)
    assert message in page.html
    assert "A therapist visits" in page.html


def test_an_unknown_body_or_set_is_no_choice(client, lead):
    client.sign_in(lead)
    page = client.get("/projects/new")
    sent = {**page.form().values.to_dict(), **FACTS, "question_set_id": "mars"}
    assert "Choose an answer from the list" in client.post("/projects/new", sent, expect=422).html


def test_two_people_at_once_both_see_both_texts(client, session, lead):
    project = make_project(session, lead=lead, sites="Yate")
    client.sign_in(lead)
    url = f"/projects/{project.id}/edit"
    mine, theirs = client.get(url), client.get(url)
    client.submit_form(theirs, data={"sites": "Thornbury"})
    page = client.submit_form(mine, data={"sites": "Bedminster"}, expect=409)
    assert "Thornbury" in page.html
    assert "Bedminster" in page.html
    client.submit_form(page)
    session.refresh(project)
    assert project.sites == "Bedminster"


def test_another_teams_project_is_not_there(client, session, lead):
    project = make_project(session)
    client.sign_in(lead)
    for path in ("", "/edit", "/people"):
        client.get(f"/projects/{project.id}{path}", expect=404)


def test_a_lead_invites_somebody_with_an_account_at_once(client, session, lead):
    project = make_project(session, lead=lead)
    other = make_person(session, name="Bo Lind", email="bo@example.org")
    client.sign_in(lead)
    page = client.get(f"/projects/{project.id}/people")
    form = page.form(f"/projects/{project.id}/people")
    done = client.submit_form(page, form, name="Bo", email="Bo@example.org", expect=200)
    assert "Bo Lind already has an account" in done.html
    assert queries.membership(session, project.id, other.id) is not None


def test_a_lead_invites_somebody_new_by_a_link_that_works(client, session, lead):
    project = make_project(session, lead=lead)
    client.sign_in(lead)
    page = client.get(f"/projects/{project.id}/people")
    form = page.form(f"/projects/{project.id}/people")
    done = client.submit_form(page, form, name="New One", email="new@example.org", expect=200)
    path = done.html.split("http://localhost")[1].split("<")[0].strip()
    client.sign_out()
    assert "New One" in client.get(path).html


def test_a_member_is_made_lead_with_one_button(client, session, lead):
    project = make_project(session, lead=lead)
    other = make_person(session, member_of=[project])
    client.sign_in(lead)
    page = client.get(f"/projects/{project.id}/people")
    client.post(f"/projects/{project.id}/people/change", {"person": str(other.id), "act": "lead"})
    assert page
    session.expire_all()
    assert queries.membership(session, project.id, other.id).role.value == "lead"

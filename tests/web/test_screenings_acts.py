from datetime import timedelta

import pytest

from eqia.domain.people import Role
from eqia.domain.screenings import Status
from eqia.persistence.database import writing
from eqia.persistence.queries import projects as project_queries
from eqia.persistence.tables import CommentRow, LocalGroupRow, ScreeningRow
from tests.builders import NOW, kept, make_person, make_project, move
from tests.journeys.filling import start, walk
from tests.journeys.test_short_path import NOBODY


@pytest.fixture
def lead(session):
    return make_person(session, name="Ada Lead")


@pytest.fixture
def project(session, lead):
    return make_project(session, lead=lead)


@pytest.fixture
def home(client, lead, project):
    return start(client.sign_in(lead), project.id)


@pytest.fixture
def signed(client, session, home, lead, project):
    walk(client, home, NOBODY)
    client.submit_form(client.get(f"{home}/submit"))
    row = session.query(ScreeningRow).one()
    with writing(session):
        row.project_snapshot = project_queries.facts_of(project).snapshot()
        row.confirmed_outcome = row.calculated_outcome
    for step in (Status.REVIEWED, Status.SIGNED):
        move(session, screening=row, to=step, actor=lead)
    return home


def test_sending_twice_is_one_submission(client, session, home):
    walk(client, home, NOBODY)
    page = client.get(f"{home}/submit")
    client.submit_form(page)
    again = client.submit_form(page, expect=None)
    assert again.status in {302, 403}
    session.expire_all()
    assert session.query(ScreeningRow).one().status is Status.SUBMITTED


def test_a_change_after_the_send_page_was_opened_is_told(client, session, home):
    walk(client, home, NOBODY)
    page = client.get(f"{home}/submit")
    client.submit_form(client.get(f"{home}/pages/what"), A1="Changed in another tab.")
    client.submit_form(page, expect=409)
    session.expire_all()
    assert session.query(ScreeningRow).one().status is Status.DRAFT


def test_starting_twice_with_one_page_is_one_screening(client, session, lead):
    project = make_project(session, lead=lead)
    page = client.sign_in(lead).get(f"/screenings/new/{project.id}")
    first = client.submit_form(page).location
    assert client.submit_form(page).location == first
    assert session.query(ScreeningRow).filter_by(project_id=project.id).count() == 1


def test_a_sent_screening_is_read_and_no_longer_changed(client, home):
    walk(client, home, NOBODY)
    old = client.get(f"{home}/pages/what")
    client.submit_form(client.get(f"{home}/submit"))
    client.submit_form(old, A1="Too late.", expect=403)
    page = client.get(f"{home}/check")
    assert "Too late." not in page.text
    assert "Change" not in page.links


def test_a_new_version_asks_only_what_the_change_touches(client, session, signed):
    hub = client.get(signed)
    page = client.get(hub.links["Start a new version"])
    client.submit_form(page, expect=422)
    made = client.submit_form(page, summary="It now runs at night too.", sections=["about"])
    again = client.submit_form(page, summary="It now runs at night too.", sections=["about"])
    assert made.location == again.location
    home = made.location
    page = client.get(home)
    assert "It now runs at night too." in page.text
    items = ["".join(i.itertext()) for i in page.having_class("govuk-task-list__item")]
    assert ["Completed" in item for item in items][:2] == [False, True]
    edit = client.get(f"{home}/pages/what")
    client.submit_form(edit, A1="A cooling unit is swapped at night, twice.")
    assert "Changed in this version" in client.get(f"{home}/check").text
    wrong = client.submit_form(client.get(f"{home}/submit"), confirm="yes", expect=422)
    assert any("Look at this part again" in message for message in wrong.errors)
    client.submit_form(client.get(f"{home}/sections/about"), completed="yes")
    page = client.get(f"{home}/submit")
    assert client.submit_form(page, expect=422).errors == [
        "Confirm that the answers carried over still hold"
    ]
    client.submit_form(page, confirm="yes")
    assert session.query(ScreeningRow).filter_by(number=2).one().status is Status.SUBMITTED


def test_newer_questions_are_offered_with_what_is_different(client, session, home):
    kept(session, LocalGroupRow(code="org-farmers", label="Farm workers"))
    hub = client.get(home)
    page = client.get(hub.links["Newer questions are in force. See what is different"])
    assert "Farm workers" in page.text
    client.submit_form(page)
    assert "Newer questions" not in client.get(home).text
    client.get(f"{home}/newer-questions", expect=302)


def test_a_reviewers_comment_stands_beside_its_answer(client, session, home):
    reviewer = make_person(session, name="Rea Viewer", roles=[Role.REVIEWER])
    row = session.query(ScreeningRow).one()
    kept(
        session,
        CommentRow(
            screening_id=row.id, question="A1", body="Which ward?", author_id=reviewer.id, at=NOW
        ),
    )
    page = client.get(f"{home}/pages/what")
    assert "Which ward?" in page.text
    assert "Rea Viewer" in page.text


def test_text_posted_after_the_session_ended_comes_back_on_the_same_page(client, clock, home, lead):
    page = client.get(f"{home}/pages/what")
    clock.now += timedelta(hours=2)
    ended = client.submit_form(page, A1="A long answer.", expect=401)
    assert "A long answer." in ended.html
    assert client.sign_in(lead).get(home).status == 200


def test_text_posted_with_an_old_token_is_offered_to_be_sent_again(client, home, session):
    page = client.get(f"{home}/pages/what")
    lost = client.submit_form(
        page, data={"csrf_token": "stale", "A1": "A long answer."}, expect=400
    )
    client.submit_form(lost)
    session.expire_all()
    assert "A long answer." in client.get(f"{home}/check").text

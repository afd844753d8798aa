"""The days of a plan as a calendar file, and of all readings of somebody's projects."""

from datetime import date

import pytest
from sqlalchemy import select

from eqia.domain.screenings import Status
from eqia.persistence.tables import ActionRow
from tests.builders import make_member, make_person, make_project, make_screening
from tests.plan_builders import make_action, make_finding, make_measure, make_plan, make_version


@pytest.fixture
def lead(client, session):
    person = make_person(session)
    client.sign_in(person)
    return person


def planned(session, lead, **overrides):
    project = make_project(session, title="Moving, the clinic")
    return make_plan(session, screening=signed(session, project, lead), **overrides)


def signed(session, project, lead):
    make_member(session, project=project, person=lead)
    return make_screening(session, project=project, status=Status.SIGNED)


def with_measure(session, plan):
    action = make_action(
        session, plan=plan, finding=make_finding(session, plan=plan), owner="Sam Carter"
    )
    measure = make_measure(session, plan=plan, action=action, owner="Sam Carter")
    make_version(session, plan=plan, measure=measure)
    return measure


def text_of(client, url):
    answer = client.raw.get(url)
    assert answer.status_code == 200
    assert answer.mimetype == "text/calendar"
    return answer.get_data(as_text=True)


def lines(text):
    return text.replace("\r\n ", "").split("\r\n")


def test_a_plan_gives_its_readings_actions_and_review(client, session, lead):
    plan = planned(session, lead, next_review=date(2027, 1, 15))
    measure = with_measure(session, plan)
    text = text_of(client, f"/plans/{plan.id}/calendar.ics")
    assert "SUMMARY:Reading due: Missed visits\\, Q3 of 2026/27" in text
    assert f"SUMMARY:Action due: Ring people ({plan.reference})" in lines(text)
    told = f"SUMMARY:Review of the plan: Moving\\, the clinic ({plan.reference})"
    assert told in lines(text)
    assert "DTSTART;VALUE=DATE:20270115" in text
    assert f"UID:reading-{measure.id}-2026-10-01@eqia" in text
    here = f"http://localhost/plans/{plan.id}"
    [action] = [one.id for one in session.scalars(select(ActionRow))]
    for to in (
        f"measures/{measure.id}/readings/2026-10-01",
        f"actions/{action}/finish",
    ):
        assert f"URL:{here}/{to}" in lines(text), text
    # Somebody of the team who holds no reviews is led to the plan.
    assert f"URL:{here}" in lines(text)
    assert "Sam Carter" not in text


def test_the_same_day_has_the_same_name_when_it_is_fetched_again(client, session, lead, clock):
    plan = planned(session, lead)
    with_measure(session, plan)
    url = f"/plans/{plan.id}/calendar.ics"
    first = [one for one in lines(text_of(client, url)) if one.startswith("UID:")]
    clock.move(minutes=20)
    second = [one for one in lines(text_of(client, url)) if one.startswith("UID:")]
    assert first == second
    assert len(set(first)) == len(first)


@pytest.mark.parametrize(("status", "readings"), [("open", True), ("paused", False)])
def test_readings_are_due_of_an_open_plan_alone(client, session, lead, status, readings):
    plan = planned(session, lead, status=status)
    with_measure(session, plan)
    text = text_of(client, f"/plans/{plan.id}/calendar.ics")
    assert ("Reading due" in text) is readings
    assert "Action due" in text


def test_of_a_closed_plan_nothing_is_due(client, session, lead):
    plan = planned(session, lead, status="closed", next_review=date(2027, 1, 15))
    with_measure(session, plan)
    assert "VEVENT" not in text_of(client, f"/plans/{plan.id}/calendar.ics")


def test_my_readings_are_those_of_my_projects(client, session, lead):
    mine, other = planned(session, lead), make_plan(session)
    for plan in (mine, other):
        with_measure(session, plan)
    text = text_of(client, "/readings/calendar.ics")
    assert mine.reference in text
    assert other.reference not in text
    assert "Put these days in your calendar (ICS)" in client.get("/readings").text


@pytest.mark.usefixtures("lead")
def test_somebody_in_no_project_gets_an_empty_calendar(client):
    assert "VEVENT" not in text_of(client, "/readings/calendar.ics")

"""The log and what happened to a screening: plans, too, by their names."""

import pytest

from eqia.domain.people import Role
from tests.builders import make_person
from tests.plan_builders import answers
from tests.web.test_plans import FIRST, day, defined, go, opened


@pytest.fixture
def measure(team, world):
    page = defined(team, world)
    team.submit_form(team.get(f"{page.url}/readings/2026-01-01"), data=FIRST)
    return page


def test_the_log_names_the_plan_and_measure_of_an_entry_and_leads_there(client, measure, world):
    auditor = make_person(world.session, roles=[Role.AUDITOR])
    page = client.sign_in(auditor).get("/events")
    plan = f"Plan of {world.project.title}, {world.screening.reference}"
    assert f"Readings entered {plan}: Missed visits" in page.text
    assert page.links[f"{plan}: Missed visits"] == measure.url
    assert page.links[plan] == measure.url.partition("/measures")[0]
    version = f"{world.project.title}, {world.screening.reference} v1"
    assert page.links[version] == f"/screenings/{world.screening.id}"


@pytest.mark.usefixtures("measure")
def test_the_log_is_narrowed_to_plans(client, world):
    auditor = make_person(world.session, roles=[Role.AUDITOR])
    page = go(client, client.sign_in(auditor).get("/events"), "Plans and measures")
    assert "Plan opened" in page.text
    assert "Signed off" not in page.text
    page = go(client, page, "Screenings")
    assert "Signed off" in page.text
    assert "Plan opened" not in page.text
    assert "Plan opened" in client.get("/events?about=nonsense").text


def test_a_page_after_the_last_one_shows_the_last(client, world):
    auditor = make_person(world.session, roles=[Role.AUDITOR])
    client.sign_in(auditor)
    assert "Sent to review" in client.get("/events?page=99").text
    assert client.get("/events?page=99").links == client.get("/events").links


def test_what_happened_to_a_screening_goes_on_with_its_plan_until_the_next_is_signed(
    team, world, clock
):
    plan = opened(team, world)
    form = go(team, plan, "Hold a review")
    words = {"decision": "continue", "notes": "All is well."} | answers(form)
    days = day("held_on", "2026-11-24") | day("next_review", "2027-02-24")
    team.submit_form(form, data=words | days)
    first = world.screening
    told = team.get(f"/screenings/{first.id}/events")
    assert told.text.index("Signed off") < told.text.index("Plan opened")
    assert "Plan reviewed" in told.text
    clock.move(days=2)
    world.later(days=1).new_version().submit().confirm().later(hours=1).read()
    world.sign()
    clock.move(hours=1)
    team.sign_in(world.lead_row)
    form = go(team, plan, "Pause the plan")
    why = {"reason": "We wait; 3 of Age fell ill."}
    team.submit_form(team.submit_form(form, data=why, expect=422))
    second = team.get(f"/screenings/{world.screening.id}/events").text
    # Why it rests stands beside it, a small number hidden from whoever reads it.
    assert "Plan paused 26 November 2026" in second
    assert "We wait; * of Age fell ill." in second
    assert "Plan reviewed" not in second
    assert "Plan paused" not in team.get(f"/screenings/{first.id}/events").text


def test_the_log_tells_why_a_plan_rests(client, team, world):
    plan = opened(team, world)
    team.submit_form(go(team, plan, "Pause the plan"), data={"reason": "The clinic is shut."})
    auditor = make_person(world.session, roles=[Role.AUDITOR])
    assert "Plan paused: The clinic is shut." in client.sign_in(auditor).get("/events").text


def test_back_from_a_signed_screening_leads_nobody_to_a_project_they_cannot_read(client, world):
    stranger = client.sign_in(make_person(world.session))
    page = stranger.get(f"/screenings/{world.screening.id}")
    assert world.project.title not in page.links
    assert page.links["The register"] == "/register"

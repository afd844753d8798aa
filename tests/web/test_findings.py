"""The page on which a team says how likely a finding is."""

import pytest

from eqia.domain.plans import Plan
from eqia.services import plans


@pytest.fixture
def plan(world):
    return plans.open_plan(
        world.session,
        actor=world.lead,
        now=world.at,
        screening=world.screening,
        plan=Plan(aim="Fair."),
    )


def go(team, page, words):
    return team.get(next(href for text, href in page.links.items() if text.startswith(words)))


def test_how_bad_and_on_what_basis_stand_beside_a_finding_and_likely_is_said(team, plan):
    page = team.get(f"/plans/{plan.id}")
    # How bad it is said to be stands in the answer already, and is said once.
    assert "Small harm" in page.text
    assert "How bad" not in page.text
    assert "It rests on: Local data. How likely: not said yet." in page.text
    form = go(team, page, "Say how likely it is")
    assert "It rests on: Local data." in form.text
    bad = team.submit_form(form, expect=422)
    assert "Choose how likely it is" in bad.errors
    page = team.follow(team.submit_form(form, data={"likelihood": "possible"}))
    assert "How likely: possible." in page.text
    assert any(text.startswith("Change how likely it is") for text in page.links)


def test_a_second_judgement_of_an_older_page_is_told_once(team, plan):
    page = team.get(f"/plans/{plan.id}")
    first, second = (go(team, page, "Say how likely it is") for _ in range(2))
    team.submit_form(first, data={"likelihood": "possible"})
    told = team.submit_form(second, data={"likelihood": "likely"}, expect=409)
    page = team.follow(team.submit_form(told, data={"likelihood": "likely"}))
    assert "How likely: likely." in page.text


def test_a_finding_that_is_not_there_is_not_found(team, plan):
    missing = "00000000-0000-4000-8000-000000000000"
    team.get(f"/plans/{plan.id}/findings/{missing}/likelihood", expect=404)

"""The forms of a measure: what it counts, its baseline, its targets and its readings."""

import pytest

from tests.review_world import fixed, open_world
from tests.web.test_plans import FIRST, day, defined, go

FORMS = ("edit", "baseline", "target", "readings/2026-01-01", "new-limits", "set-aside", "note")


@pytest.fixture
def world(session):
    world = open_world(session, form=fixed()).submit().confirm().later(hours=1)
    world.read()
    return world.sign()


@pytest.fixture
def team(client, world, clock):
    clock.move(hours=2)
    return client.sign_in(world.lead_row)


@pytest.mark.parametrize("name", [*FORMS, "imports"])
def test_the_way_back_from_each_form_leads_to_the_measure(team, world, name):
    page = defined(team, world)
    team.submit_form(team.get(f"{page.url}/readings/2026-01-01"), data=FIRST)
    form = team.get(f"{page.url}/{name}")
    assert form.links["Back to the measure"] == page.url
    assert form.links["Cancel"] == page.url


def test_a_correction_says_why_and_the_table_says_when_by_whom_and_why(team, world):
    page = defined(team, world)
    address = f"{page.url}/readings/2026-01-01"
    form = team.get(address)
    assert "Why are figures corrected?" not in form.text
    team.submit_form(form, data=FIRST)
    changed = {"figure.": "31", "figure.under_65": "11"}
    bad = team.submit_form(team.get(address), data=changed, expect=422)
    assert bad.errors == ["Say why the figures are corrected"]
    team.submit_form(bad, data={"why": "A clinic sent its list late."})
    shown = team.get(page.url)
    told = f"Corrected on 24 November 2026 by {world.lead.name}: A clinic sent its list late."
    assert f"Entered. {told}" in shown.text
    assert f"Everybody: 13.6% (30 of 220), entered on 24 November 2026. {told}" in shown.text


def test_figures_that_do_not_add_up_are_asked_about_before_they_are_saved(team, world):
    page = defined(team, world)
    form = team.get(f"{page.url}/readings/2026-01-01")
    odd = team.submit_form(form, data={**FIRST, "of.": "222"}, expect=422)
    (asked,) = odd.errors
    assert asked.startswith("Out of: the groups add up to 220, Everybody is 222.")
    assert "Save the readings as they are" in odd.text
    assert "30 of 222" not in team.get(page.url).text
    # Other figures than those asked about are asked about again.
    odd = team.submit_form(odd, data={"of.": "223"}, expect=422)
    assert odd.errors[0].startswith("Out of: the groups add up to 220, Everybody is 223.")
    team.submit_form(odd)
    assert "30 of 223" in team.get(page.url).text


def test_a_target_is_changed_and_removed_and_the_page_says_what_it_was(team, world):
    page = defined(team, world)
    days = day("from_date", "2026-10-01") | day("to_date", "2027-09-30")
    words = {**days, "kind": "level", "member": "65_and_over", "value": "12.5"}
    page = team.follow(team.submit_form(go(team, page, "Set a target"), data=words))
    aimed = "65 and over: 12.5%, a level to reach, from 1 October 2026 to 30 September 2027"
    assert aimed in page.text
    form = go(team, page, f"Change the target: {aimed}")
    bad = team.submit_form(form, data={"value": "10"}, expect=422)
    assert bad.errors == ["Say why the target is changed"]
    page = team.follow(team.submit_form(bad, data={"reason": "The board asks for more."}))
    assert "65 and over: 10%" in page.text
    told = f"Changed on 24 November 2026 by {world.lead.name}: The board asks for more."
    assert f"{aimed}. {told}" in page.text
    form = go(team, page, "remove the target")
    page = team.follow(team.submit_form(form, data={"reason": "It was a mistake."}))
    assert "There is no target any more." in page.text
    assert "It was a mistake." in page.text

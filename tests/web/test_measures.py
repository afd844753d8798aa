"""The forms of a measure: what it counts, its baseline, its targets and its readings."""

import pytest

from tests.review_world import fixed, open_world
from tests.web.test_plans import FIRST, defined

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

"""A measure's page compares its groups as a ratio, against targets and over ordered groups."""

from datetime import date
from decimal import Decimal

import pytest

from eqia.domain.categories import load_category_sets
from eqia.domain.measures import members_in
from tests.plan_builders import make_measure, make_plan, make_reading, make_version
from tests.web.test_plans import AIM, MEASURE, go

FIFTHS = load_category_sets()["deprivation_quintiles", "2019"]
DAYS = {"period_start": date(2026, 4, 1), "period_end": date(2026, 6, 30)}


@pytest.fixture
def plan(world):
    return make_plan(world.session, screening=world.screening)


def shown(team, plan, session, figures, **definition):
    measure = make_measure(session, plan=plan)
    version = make_version(session, plan=plan, measure=measure, **definition)
    for member, count in figures.items():
        given = {"member": member, "numerator": count, "denominator": 100, **DAYS}
        make_reading(session, plan=plan, version=version, **given)
    session.commit()
    return team.get(f"/plans/{plan.id}/measures/{measure.id}")


def test_groups_are_compared_as_a_ratio_and_the_lines_are_shown_on_demand(team, plan, session):
    page = shown(team, plan, session, {"65_plus": 30, "under_65": 20})
    assert "1.50 times the figure of Under 65, between" in page.text
    assert "above 1.25" not in page.text
    lines = team.get(page.links["Show the four-fifths lines"])
    assert "The ratio is above 1.25" in lines.text
    assert "not a verdict" in lines.text
    assert "Hide the four-fifths lines" in lines.links


def test_a_slope_is_told_over_fifths_of_deprivation(team, plan, session):
    figures = {str(at): 35 - 5 * at for at in range(1, 6)}
    page = shown(
        team,
        plan,
        session,
        figures,
        characteristic="deprivation",
        category_set="deprivation_quintiles|2019",
        members=[one.as_json() for one in members_in(FIFTHS)],
        reference="5",
    )
    assert "From the most to the least deprived, Q1 of 2026/27" in page.text
    assert "the figure is 25.0 percentage points lower than at the most deprived end" in page.text
    assert "That is 0.23 times the figure at the most deprived end" in page.text


def test_with_one_group_nothing_is_compared(team, plan, session):
    page = shown(team, plan, session, {"65_plus": 30})
    assert "The groups as a ratio" not in page.text
    assert "least deprived" not in page.text


def test_the_gap_of_a_group_is_drawn_over_time_with_its_figures(team, plan, session):
    page = shown(team, plan, session, {"65_plus": 30, "under_65": 20})
    assert "The gap over time" not in page.text
    group = team.get(page.links["65 and over"])
    assert "The gap over time" in group.text
    assert "10 points above in Q1 of 2026/27." in group.text
    name = "Download these figures (CSV): 65 and over compared with Under 65, in percentage points"
    answer = team.raw.get(group.links[name])
    assert "10 points above" in answer.get_data(as_text=True)


@pytest.mark.parametrize("typed", ["Everyone else", " everyone ELSE ", "the others"])
def test_a_team_may_compare_its_groups_with_everyone_else(team, world, typed):
    page = team.get(f"/screenings/{world.screening.id}/plan")
    form = go(team, team.follow(team.submit_form(page, data=AIM)), "Define it")
    page = team.follow(team.submit_form(form, data=MEASURE | {"reference": typed}))
    assert "Compared withEveryone else" in page.text
    form = go(team, page, "Change what it counts")
    assert form.form().values["reference"] == "Everyone else"


def test_averages_are_compared_by_the_limits_that_came_with_them(team, plan, session):
    measure = make_measure(session, plan=plan)
    version = make_version(session, plan=plan, measure=measure, shape="mean", unit="days")
    for member, value, lower, upper in (("65_plus", 12, 10, 15), ("under_65", 8, 7, 10)):
        given = {"value": Decimal(value), "lower": Decimal(lower), "upper": Decimal(upper)}
        bare = {"numerator": None, "denominator": None, "member": member}
        make_reading(session, plan=plan, version=version, **bare, **given, **DAYS)
    session.commit()
    page = team.get(f"/plans/{plan.id}/measures/{measure.id}")
    assert "The group is 4.0 days above the others; the gap lies between 1.2 days" in page.text
    assert "as supplied, by a method we do not know" in page.text

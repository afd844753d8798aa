"""Plan and measure set what the screening said beside the readings, and ask for a review."""

import io
from datetime import date

import pytest

from eqia.domain.exported_readings import TEMPLATE
from eqia.persistence.tables import BaselineRow
from eqia.services import standings
from tests.builders import NOW, kept
from tests.page import text_of
from tests.plan_builders import (
    answers,
    make_action,
    make_finding,
    make_measure,
    make_plan,
    make_reading,
    make_version,
)

QUARTERS = [
    (date(2026, 1, 1), date(2026, 3, 31)),
    (date(2026, 4, 1), date(2026, 6, 30)),
]
SAID = "Review due: Age: 65 and over. The screening said “No different”, and the readings of"


@pytest.fixture
def plan(world):
    plan = make_plan(world.session, screening=world.screening)
    finding = make_finding(world.session, plan=plan, direction="neutral", effect="No different")
    action = make_action(world.session, plan=plan, finding=finding)
    begun = {"first_period": date(2026, 1, 1)}
    measure = make_measure(world.session, plan=plan, action=action, **begun)
    version = make_version(world.session, plan=plan, measure=measure)
    for (start, end), shares in zip(QUARTERS, ((20, 20), (45, 20)), strict=True):
        for member, share in zip(("65_plus", "under_65"), shares, strict=True):
            make_reading(
                world.session,
                plan=plan,
                version=version,
                period_start=start,
                period_end=end,
                member=member,
                numerator=share,
                denominator=100,
            )
    make_baseline(world.session, plan, version)
    standings.refresh(world.session, measure)
    world.session.commit()
    return plan


def make_baseline(session, plan, version):
    start, end = QUARTERS[0]
    given = {"created_by": plan.created_by, "created_at": NOW}
    kept(
        session,
        BaselineRow(version_id=version.id, from_date=start, to_date=end, state="agreed", **given),
    )


def go(team, page, words):
    return team.get(next(href for text, href in page.links.items() if text.startswith(words)))


def test_a_contradiction_asks_for_a_review_until_one_is_held(team, plan):
    page = team.get(f"/plans/{plan.id}")
    assert f"{SAID} “Missed visits” contradict it." in page.text
    assert "The readings contradict the screening: 1." in page.text
    # What gives concern stands once, and above everything that is due.
    wider = "Cause for concern: Missed visits: The gap between 65 and over and Under 65 is clearly"
    assert page.text.index("Look at this first") < page.text.index(wider)
    assert page.text.index(wider) < page.text.index("Overdue")
    missing = page.text.partition("What is missing")[2].partition("From finding to reading")[0]
    assert "clearly wider" not in missing
    assert "45.0% (45 of 100) (before: 20.0%)." in page.text
    form = go(team, page, "Hold a review, and decide whether to screen again")
    assert "The readings contradict the screening" in form.text
    words = {"decision": "rescreen", "notes": "Older people miss more visits than we said."}
    words |= {"rescreen_by": "Asha"} | answers(form)
    for name in ("held_on", "rescreen_due"):
        words |= {f"{name}-day": "24", f"{name}-month": "11", f"{name}-year": "2026"}
    page = team.follow(team.submit_form(form, data=words))
    assert "Review due:" not in page.text
    assert "The readings contradict the screening: 1" in page.text
    told = "The screening said “No different”, and the readings of “Missed visits” contradict it."
    assert f"{told} We looked at it, and it goes on." in page.text
    assert "decided to screen again; Asha, by 24 November 2026; it has not begun." in page.text


def test_the_measure_page_shows_every_group_beside_what_was_said(team, plan):
    measure = go(team, team.get(f"/plans/{plan.id}"), "Missed visits")
    assert SAID in measure.text
    assert "Age: Under 65" not in measure.text
    assert "Age: 65 and over" in measure.text
    assert "The group is 25.0 percentage points above the others" in measure.text


def keep(team, plan, old, young=20):
    measure = go(team, team.get(f"/plans/{plan.id}"), "Missed visits")
    form = team.get(f"{measure.url}/readings/2026-07-01")
    whole = {"figure.": "65", "of.": "200", "figure.under_65": str(young), "of.under_65": "100"}
    typed = {**whole, "figure.65_plus": str(old), "of.65_plus": "100"}
    return team.follow(team.submit_form(form, data=typed | {"figure.": str(young + old)}))


def banners(page):
    return [text_of(one) for one in page.having_class("govuk-notification-banner")]


def test_readings_that_give_concern_are_told_first_and_never_as_good_news(team, plan):
    page = keep(team, plan, 60)
    [told] = banners(page)
    assert "Missed visits: cause for concern." in told
    assert told.endswith("A review has to look at it. The readings of Q2 of 2026/27 were kept.")
    assert not page.having_class("govuk-notification-banner--success")
    assert page.text.index("Look at this:") < page.text.index("Download the readings")


def test_imported_readings_that_give_concern_are_told_so_as_well(team, plan):
    measure = go(team, team.get(f"/plans/{plan.id}"), "Missed visits")
    page = team.get(f"{measure.url}/imports")
    groups = {"Everybody": "80,200", "Under 65": "20,100", "65 and over": "60,100"}
    lines = [f",2026-07-01,2026-09-30,,{one},{parts},,,,," for one, parts in groups.items()]
    file = "\n".join([",".join(TEMPLATE), *lines]).encode()
    page = team.submit_form(page, data={"file": [(io.BytesIO(file), "visits.csv")]})
    for _ in range(2):
        page = team.submit_form(team.follow(page))
    [told] = banners(team.follow(page))
    assert told.startswith("Important Missed visits: cause for concern.")
    assert told.endswith("3 readings were added and 0 were corrected.")


def test_nobody_is_told_that_no_gap_is_clear_by_rounded_numbers(team, plan, world):
    keep(team, plan, 20)
    assert "No gap between groups is clear." in team.get(f"/plans/{plan.id}").text
    team.sign_in(world.rows["Rita Reviewer"])
    page = team.get(f"/plans/{plan.id}")
    assert "No gap between groups is clear." not in page.text
    assert "No clear gap between groups can be told once numbers are rounded" in page.text


def test_a_figure_that_doubled_is_not_good_news_though_chance_may_have_made_it(team, plan):
    # As many of either group, so that no gap is wider: 20 of 100 before, and 40 of 100 now.
    page = keep(team, plan, 40, young=40)
    [told] = banners(page)
    words = "Look at it: at least twice as bad as before the change: Under 65; 65 and over."
    assert words.replace(";", ",") in told
    assert not page.having_class("govuk-notification-banner--success")


def test_readings_that_give_none_are_told_as_kept(team, plan):
    page = keep(team, plan, 20)
    assert page.having_class("govuk-notification-banner--success")
    assert "cause for concern" not in " ".join(banners(page))


def test_without_readings_nothing_is_set_beside_anything(team, world):
    bare = make_plan(world.session, screening=world.screening)
    page = team.get(f"/plans/{bare.id}")
    assert "What was said beside what is read" not in page.text
    assert "Review due" not in page.text

"""Pages on which a team changes the charts of a measure and takes a change back."""

from datetime import date, timedelta

import pytest

from eqia.domain.days import add_months
from eqia.domain.judgements import HIDDEN_CONCERN
from eqia.domain.people import Role
from eqia.persistence.tables import BaselineRow, ChartAdjustmentRow, MeasureVersionRow
from tests.builders import make_person
from tests.plan_builders import (
    make_action,
    make_finding,
    make_measure,
    make_plan,
    make_reading,
    make_version,
)

FIRST = date(2025, 1, 1)
#: eight calm months, then twelve higher ones
SHARES = [11, 10] * 4 + [30, 31] * 6


@pytest.fixture
def plan(world):
    return make_plan(world.session, screening=world.screening)


@pytest.fixture
def measure(world, plan):
    finding = make_finding(world.session, plan=plan)
    done = date(2025, 9, 10)
    action = make_action(
        world.session, plan=plan, finding=finding, status="done", done_date=done, outcome="Rang."
    )
    row = make_measure(
        world.session, plan=plan, action=action, frequency="month", first_period=FIRST
    )
    version = make_version(world.session, plan=plan, measure=row)
    for number, share in enumerate(SHARES):
        start = add_months(FIRST, number)
        days = {
            "period_start": start,
            "period_end": add_months(FIRST, number + 1) - timedelta(days=1),
        }
        make_reading(
            world.session, plan=plan, version=version, numerator=share, denominator=100, **days
        )
    return row


@pytest.fixture
def page(team, plan, measure):
    return team.get(f"/plans/{plan.id}/measures/{measure.id}")


def go(team, page, words):
    return team.get(next(href for text, href in page.links.items() if text.startswith(words)))


def rows(world):
    return world.session.query(ChartAdjustmentRow).all()


def test_new_limits_are_offered_where_the_figures_shift_and_made_by_a_person(team, page, world):
    assert "65 and over: the figures shift in September 2025, when something was done." in page.text
    assert not rows(world)
    form = go(team, page, "work out new limits from September 2025")
    words = {"reason": "A second clinic opened."}
    page = team.follow(team.submit_form(form, data=words))
    assert "The charts have new limits." in page.text
    assert "the figures shift" not in page.text
    assert "New limits, from September 2025, every chart" in page.text
    assert "A second clinic opened." in page.text
    assert "Lee Lead, " in page.text
    assert "Before it, the chart said: 65 and over: Cause for concern: higher than" in page.text
    (row,) = rows(world)
    assert (row.on_date, row.member) == (date(2025, 9, 1), None)


def test_new_limits_silence_no_concern_before_a_review_has_looked_at_them(
    client, team, page, plan, session
):
    form = go(team, page, "Work out new limits")
    words = {"on": "2026-07-01", "reason": "A second clinic opened."}
    page = team.follow(team.submit_form(form, data=words))
    # The chart has no limits for two readings, and the earlier ones stay with their words.
    chart = team.get(f"{page.url}?group=65_plus").text
    assert "Where limits would stand on fewer than 3 readings, there are none yet." in chart
    assert "from Jan 2025" in chart
    told = (
        "Without the new limits from July 2026, 65 and over: cause for concern: higher than usual;"
        " a review has to look at this change."
    )
    assert told in team.get(f"/plans/{plan.id}").text
    auditor = make_person(session, name="Al", roles=[Role.AUDITOR])
    # Rounded to the nearest five, the figures do not show it: that there is something is told.
    assert HIDDEN_CONCERN in client.sign_in(auditor).get(f"/plans/{plan.id}").text


def test_a_reading_is_set_aside_for_one_group_and_taken_back(team, page, world):
    form = go(team, page, "Set a reading aside")
    words = {"member": "65_plus", "on": "2025-03-01", "reason": "A flood."}
    page = team.follow(team.submit_form(form, data=words))
    assert "Reading set aside, March 2025, 65 and over" in page.text
    assert "11.0% (11 of 100)" in page.text
    form = go(team, page, "Take it back")
    assert "A flood." in form.text
    page = team.follow(team.submit_form(form, data={"reason": "It was the next month."}))
    assert "Reading set aside, March 2025, 65 and over: taken back" in page.text
    assert "It was the next month." in page.text
    assert "Take it back" not in page.text
    assert len(rows(world)) == 2


def test_a_note_stands_on_the_chart_and_in_its_description(team, page):
    form = go(team, page, "Put a note on the charts")
    words = {"on-day": "5", "on-month": "6", "on-year": "2025", "reason": "Buses were on strike."}
    page = team.follow(team.submit_form(form, data=words))
    assert "Note on the chart, 5 June 2025, every chart" in page.text
    chart = team.get(f"{page.url}?group=65_plus")
    assert "Buses were on strike, 5 June 2025." in chart.html


def test_only_periods_that_fit_are_offered_and_none_is_explained(team, page, plan, measure, world):
    form = go(team, page, "Work out new limits")
    assert "Where limits would stand on fewer than 3 readings, there are none yet." in form.text
    assert 'value="2025-02-01"' in form.html
    assert 'value="2025-01-01"' not in form.html
    version = world.session.query(MeasureVersionRow).filter_by(measure_id=measure.id).one()
    who = {"created_by": plan.created_by, "created_at": plan.created_at}
    days = {"from_date": FIRST, "to_date": date(2026, 7, 31), "state": "agreed"}
    world.session.add(BaselineRow(version_id=version.id, **days, **who))
    world.session.commit()
    form = go(team, page, "Work out new limits")
    assert 'value="2026-08-01"' in form.html
    assert 'value="2026-07-01"' not in form.html
    days["to_date"] = date(2026, 8, 31)
    later = {**who, "created_at": plan.created_at + timedelta(days=1)}
    world.session.add(BaselineRow(version_id=version.id, **days, **later))
    world.session.commit()
    form = go(team, page, "Work out new limits")
    assert "New limits cannot begin at any period yet." in form.text
    assert "The baseline runs to 31 August 2026. New limits can only begin after it." in form.text
    assert "Why do the old limits no longer hold?" not in form.text
    assert "Set the baseline" in go(team, form, "Set a baseline that ends earlier").text


@pytest.mark.parametrize(
    ("link", "typed", "words"),
    [
        ("Work out new limits", {"on": "", "reason": "Why"}, "Choose a period"),
        ("Work out new limits", {"on": "2025-05-01", "reason": ""}, "Say why the old limits"),
        (
            "Work out new limits",
            {"on": "1999-01-01", "reason": "Why"},
            "Choose an answer from the list",
        ),
        ("Work out new limits", {"on": "2025-01-01", "reason": "Why"}, "after the first reading"),
        ("Set a reading aside", {"on": "2025-05-01", "reason": "Why"}, "Choose whose reading"),
        (
            "Set a reading aside",
            {"on": "2025-05-01", "member": "under_65", "reason": "Why"},
            "There is no reading of this group in this period",
        ),
        ("Put a note on", {"on-day": "31", "on-month": "2", "on-year": "2025"}, "real date"),
        (
            "Put a note on",
            {"on-day": "1", "on-month": "1", "on-year": "2027", "reason": "Soon"},
            "The day must be today or in the past",
        ),
    ],
)
def test_what_does_not_fit_is_told_and_nothing_typed_is_lost(team, page, world, link, typed, words):
    form = go(team, page, link)
    again = team.submit_form(form, data=typed, expect=422)
    assert any(words in one for one in again.errors), again.errors
    if typed.get("reason"):
        assert typed["reason"] in again.html
    assert not rows(world)


def test_a_form_sent_twice_counts_once(team, page, world):
    form = go(team, page, "Work out new limits")
    typed = {"on": "2025-09-01", "reason": "A second clinic opened."}
    team.submit_form(form, data=typed)
    team.submit_form(form, data=typed)
    assert len(rows(world)) == 1


def test_what_was_taken_back_meanwhile_is_told(team, page):
    words = {"member": "65_plus", "on": "2025-03-01", "reason": "A flood."}
    page = team.follow(team.submit_form(go(team, page, "Set a reading aside"), data=words))
    first, second = go(team, page, "Take it back"), go(team, page, "Take it back")
    team.submit_form(first, data={"reason": "Wrong month."})
    late = team.submit_form(second, data={"reason": "I agree."}, expect=409)
    assert "Somebody took this back already" in late.text
    assert "I agree." in late.html


def test_others_read_the_changes_and_are_offered_none(client, team, page, session):
    told = "2 people of 65 and over fell on the stairs."
    small = {"on-day": "5", "on-month": "6", "on-year": "2025", "reason": told}
    # It cannot be changed afterwards: it is shown before it is kept, and one more press keeps it.
    asked = team.submit_form(go(team, page, "Put a note on the charts"), data=small, expect=422)
    assert "(2 near 65 and over)" in asked.errors[0]
    noted = team.follow(team.submit_form(asked))
    assert told in noted.text
    words = {"member": "65_plus", "on": "2025-03-01", "reason": "A flood."}
    page = team.follow(team.submit_form(go(team, page, "Set a reading aside"), data=words))
    auditor = make_person(session, name="Al", roles=[Role.AUDITOR])
    seen = client.sign_in(auditor).get(page.url)
    assert "Reading set aside, March 2025" in seen.text
    # A small number beside the name of a group stays with the team, in the list and on the chart.
    chart = client.get(f"{page.url}?group=65_plus")
    for shown in (seen, chart):
        assert "2 people" not in shown.html
        assert "* people of 65 and over fell on the stairs" in shown.text
    assert "A flood." in seen.text
    for words in ("Take it back", "Work out new limits", "Set a reading aside"):
        assert not any(text.startswith(words) for text in seen.links)


@pytest.mark.parametrize("rest", ["new-limits", "set-aside", "note", f"changes/{'0' * 8}"])
def test_a_measure_that_is_not_there_is_not_found(team, plan, rest):
    missing = "00000000-0000-4000-8000-000000000000"
    if rest.startswith("changes"):
        rest = f"changes/{missing}"
    assert team.get(f"/plans/{plan.id}/measures/{missing}/{rest}", expect=404)

"""The pages of a plan, from the signed screening to the review that screens again."""

import pytest
from sqlalchemy import select

from eqia.persistence.tables import PlanReviewRow, PlanRow, ReadingRow
from tests.builders import make_person

AIM = {"aim": "Nobody misses more visits than before."}
MEASURE = {
    "kind": "outcome",
    "shape": "proportion",
    "numerator": "Visits missed",
    "denominator": "Visits booked",
    "direction": "down",
    "characteristic": "age",
    "members": "Under 65\n65 and over",
    "unknown": "Not recorded",
    "reference": "Under 65",
    "frequency": "quarter",
    "first_period-day": "1",
    "first_period-month": "1",
    "first_period-year": "2026",
    "lag_days": "14",
}
FIRST = {
    "figure.": "30",
    "of.": "220",
    "figure.under_65": "10",
    "of.under_65": "100",
    "figure.65_and_over": "18",
    "of.65_and_over": "100",
    "figure.not_recorded": "2",
    "of.not_recorded": "20",
}


def day(name, text):
    year, month, number = text.split("-")
    return {f"{name}-day": number, f"{name}-month": month, f"{name}-year": year}


def opened(team, world):
    page = team.get(f"/screenings/{world.screening.id}/plan")
    return team.follow(team.submit_form(page, data=AIM | day("change_start", "2026-10-01")))


def go(team, page, words):
    """Follow the first link of a page whose words begin so, as a person would."""
    return team.get(next(href for text, href in page.links.items() if text.startswith(words)))


def defined(team, world):
    page = opened(team, world)
    page = go(team, page, "Define it")
    return team.follow(team.submit_form(page, data=MEASURE))


def test_the_thread_from_the_signed_screening_to_the_next_version(  # noqa: PLR0915 - one walk
    team, world, session
):
    page = opened(team, world)
    assert "0 of 1 findings that need action are covered. Not: Age" in page.text
    assert "Ring people" in page.text
    assert "Missed visits" in page.text
    page = go(team, page, "Define it")
    page = team.follow(team.submit_form(page, data=MEASURE))
    for start, share in (("2026-01-01", "18"), ("2026-04-01", "22")):
        form = team.get(f"{page.url}/readings/{start}")
        figures = {**FIRST, "figure.65_and_over": share, "figure.": str(12 + int(share))}
        page = team.follow(team.submit_form(form, data=figures))
    assert "18.0% (18 of 100)" in page.text
    form = go(team, page, "Set the baseline")
    days = day("from_date", "2026-01-01") | day("to_date", "2026-06-30")
    page = team.follow(team.submit_form(form, data={**days, "state": "agreed"}))
    assert "20.0%" in page.text
    form = go(team, page, "Set a target")
    days = day("from_date", "2026-10-01") | day("to_date", "2027-09-30")
    words = {**days, "kind": "level", "member": "65_and_over", "value": "12.5"}
    page = team.follow(team.submit_form(form, data=words))
    assert "65 and over: 12.5%" in page.text
    plan = team.get(page.url.partition("/measures")[0])
    assert "1 of 1 findings that need action are covered" in plan.text
    assert "Reading: Add a reading: Missed visits, Q3 of 2026/27" in plan.text
    # Three clicks: the reading, its figures, save.
    form = go(team, plan, "Add a reading")
    team.submit_form(form, data={**FIRST, "figure.65_and_over": "45", "figure.": "57"})
    plan = team.get(plan.url)
    wider = "The gap between 65 and over and Under 65 is clearly wider than before."
    assert f"Missed visits: {wider}" in plan.text
    form = go(team, plan, "Hold a review")
    assert "65 and over: 45.0% (45 of 100), provisional, Q3 of 2026/27" in form.text
    (box,) = (name for name in form.form().names if name.startswith("concern-"))
    words = {"decision": "rescreen", "notes": "Older people miss more visits than we said."}
    words |= {box: "The bus was cut. We ring everybody over 65.", "rescreen_by": "Asha"}
    days = day("held_on", "2026-11-24") | day("rescreen_due", "2026-12-01")
    page = team.follow(team.submit_form(form, data=words | days))
    assert "Screen again: the answers no longer hold" in page.text
    assert f"Answered: Missed visits. {wider} The bus was cut." in page.text
    assert f"Look at this: {wider} Answered by the review of 24 November 2026." in page.text
    told = "decided to screen again; Asha, by 1 December 2026; it has not begun."
    assert f"The plan: A review on 24 November 2026 {told}" in page.text
    form = go(team, page, "Start version 2 of the screening")
    words = {"summary": "More visits are missed than we expected.", "sections": ["groups"]}
    page = team.follow(team.submit_form(form, data=words))
    assert f"{world.screening.reference} v2" in page.text
    assert len(session.scalars(select(ReadingRow)).all()) == 12


def test_the_plan_is_linked_from_its_project_and_record(team, world):
    project = f"/projects/{world.project.id}"
    page = go(team, team.get(project), "Open the plan")
    page = team.follow(team.submit_form(page, data=AIM))
    assert go(team, team.get(project), "See the plan").url == page.url
    assert go(team, team.get("/"), "Readings due").text.count("No reading is due") == 1


def test_opening_it_twice_leads_to_the_one_there_is(team, world, session):
    first = opened(team, world)
    again = team.get(f"/screenings/{world.screening.id}/plan", expect=302)
    assert again.location == first.url
    assert len(session.scalars(select(PlanRow)).all()) == 1


def test_readings_are_corrected_and_the_figure_before_stays(team, world):
    page = defined(team, world)
    address = f"{page.url}/readings/2026-01-01"
    team.submit_form(team.get(address), data={**FIRST, "comment": "Two clinics were shut."})
    form = team.get(address)
    assert "Two clinics were shut." in team.get(page.url).text
    assert "Correct the readings" in form.text
    why = {"why": "A clinic sent its list late."}
    team.submit_form(form, data={"figure.": "31", "figure.under_65": "11", **why})
    shown = team.get(page.url)
    assert "31 of 220" in shown.text
    assert "Everybody: 13.6% (30 of 220), entered on 24 November 2026" in shown.text


def test_two_who_enter_the_same_period_are_told_and_can_go_on(team, world):
    page = defined(team, world)
    address = f"{page.url}/readings/2026-01-01"
    mine, theirs = team.get(address), team.get(address)
    team.submit_form(theirs, data=FIRST)
    changed = {**FIRST, "figure.": "33", "figure.under_65": "13"}
    back = team.submit_form(mine, data=changed, expect=409)
    assert "Somebody else entered readings for this period" in back.text
    team.submit_form(back, data={"why": "A clinic sent its list late."})
    assert "33 of 220" in team.get(page.url).text


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"figure.": "221"}, "the number counted cannot be above the number they are out of"),
        ({"figure.": "many"}, "how many must be a whole number, like 120"),
        ({"of.": ""}, "enter out of how many"),
        ({"figure.": "-3"}, "how many must be a whole number, like 120"),
        ({"state.": "not_collected"}, "leave the boxes empty, or choose that there is a figure"),
    ],
)
def test_a_bad_figure_is_told_at_its_box_and_nothing_is_lost(team, world, typed, words):
    page = defined(team, world)
    form = team.get(f"{page.url}/readings/2026-01-01")
    bad = team.submit_form(form, data={**FIRST, **typed}, expect=422)
    assert f"Everybody, Q4 of 2025/26: {words}" in bad.errors
    assert 'value="220"' in bad.html or "of." in typed
    assert "No reading yet" in team.get(page.url).text


@pytest.mark.parametrize("start", ["2026-01-02", "2026-13-01", "yesterday", "9999-12-31"])
def test_a_period_the_measure_does_not_have_is_not_found(team, world, start):
    page = defined(team, world)
    team.get(f"{page.url}/readings/{start}", expect=404)


def test_a_period_to_come_is_refused(team, world):
    page = defined(team, world)
    form = team.get(f"{page.url}/readings/2027-01-01")
    bad = team.submit_form(form, data=FIRST, expect=422)
    assert bad.errors == ["This period has not begun yet"]


def test_empty_forms_say_what_is_missing(team, world):
    page = opened(team, world)
    for link, words in (
        ("Add an action", "Say what will be done"),
        ("Hold a review", "Choose what was decided"),
        ("Add a measure", "Say what you measure"),
        ("Say how it ended", "Say what came of it, or why it was given up"),
    ):
        bad = team.submit_form(go(team, page, link), expect=422)
        assert words in bad.errors, link


def test_an_action_answers_a_finding_with_a_reason(team, world):
    page = opened(team, world)
    form = go(team, page, "Add an action")
    (finding,) = [
        box.get("value") for box in form.tree.iter("input") if box.get("name") == "findings"
    ][:1]
    words = {"title": "Open on Saturdays", "kind": "enhancement", "findings": [finding]}
    bad = team.submit_form(form, data=words, expect=422)
    assert bad.errors == ["Say why the action answers what was found"]
    page = team.follow(team.submit_form(bad, data={"reason": "People who work can come."}))
    assert "Why it answers this: People who work can come." in page.text
    assert "Open on Saturdays: This action has no owner and no date." in page.text


def test_a_plan_is_paused_and_gone_on_with_for_a_reason(team, world):
    page = opened(team, world)
    form = go(team, page, "Pause the plan")
    assert "Say why" in team.submit_form(form, expect=422).errors
    paused = team.follow(team.submit_form(form, data={"reason": "The clinic is shut."}))
    assert "Paused on 24 November 2026 by Lee Lead: The clinic is shut." in paused.text
    form = go(team, paused, "Go on with the plan")
    page = team.follow(team.submit_form(form, data={"reason": "It is open again."}))
    # The reasons stay told.
    assert "Open from 24 November 2026, by Lee Lead: It is open again." in page.text
    assert "Paused from 24 November 2026, by Lee Lead: The clinic is shut." in page.text


def test_what_is_missing_keeps_the_plan_open(team, world):
    page = opened(team, world)
    form = go(team, page, "Close the plan")
    assert "What stops it being closed Age: " in form.text
    sure = team.submit_form(form, data={"reason": "It is done."}, expect=422)
    refused = team.submit_form(sure, expect=403)
    assert "cannot be closed while something is missing" in refused.text


def closable(team, world):
    change = go(team, opened(team, world), "Change the action")
    page = team.get(f"{change.url}/cannot-measure")
    team.submit_form(page, data={"reason": "Nobody records it; we ask ten people instead."})
    return team.get(page.url.partition("/actions")[0])


def test_a_plan_is_closed_on_a_page_of_its_own_after_a_look_at_what_is_open(team, world):
    page = closable(team, world)
    form = go(team, page, "Close the plan")
    assert "Actions that are still open Ring people, Sam, by 31 January 2027" in form.text
    assert "Review on" in form.text
    words = {"reason": "Nobody misses more visits.", "looked_after_by": "Chief pharmacist"}
    sure = team.submit_form(form, data=words, expect=422)
    assert sure.errors == ["Read what is still open once more, then close the plan."]
    changed = team.submit_form(sure, data={"reason": "Nobody misses visits."}, expect=422)
    assert changed.errors == sure.errors
    closed = team.follow(team.submit_form(changed))
    assert "Closed on 24 November 2026 by Lee Lead: Nobody misses visits." in closed.text
    assert "Looks after what goes on: Chief pharmacist" in closed.text
    assert "On that day: 1 of 1 findings that need action are covered" in closed.text
    stays = "Nobody has said how these actions ended: Ring people, Sam, by 31 January 2027"
    assert stays in closed.text
    for gone in ("What is due next", "Overdue", "Review on", "Pause the plan", "What is missing"):
        assert gone not in closed.text
    team.get(f"{closed.url}/pause", expect=302)
    form = go(team, closed, "Go on with the plan")
    opened_again = team.follow(team.submit_form(form, data={"reason": "More came up."}))
    assert "What is due next" in opened_again.text


def test_a_reviewer_reads_the_plan_and_holds_a_review_but_changes_nothing(team, world):
    page = opened(team, world)
    team.sign_in(world.rows["Rita Reviewer"])
    seen = team.get(page.url)
    assert "Hold a review" in seen.text
    assert "Add an action" not in seen.text
    team.get(f"{page.url}/edit", expect=403)


def test_a_small_number_in_what_is_kept_for_good_is_shown_before_it_is_kept(team, world, session):
    page = opened(team, world)
    form = go(team, page, "Hold a review")
    days = day("held_on", "2026-11-24") | day("next_review", "2027-02-24")
    words = {"decision": "continue", "notes": "Age: three people came twice."} | days
    told = team.submit_form(form, data=words, expect=422)
    (error,) = told.errors
    assert "(three near Age)" in error
    assert "Age: three people came twice." in told.html
    assert "Keep it as it is" in told.text
    assert session.scalars(select(PlanReviewRow)).all() == []
    # One more press keeps that text and no other.
    again = team.submit_form(told, data={"notes": "Age: two people came twice."}, expect=422)
    assert "(two near Age)" in again.errors[0]
    kept = team.follow(team.submit_form(again))
    assert "Age: two people came twice." in kept.text
    team.sign_in(world.rows["Rita Reviewer"])
    assert "Age: * people came twice." in team.get(page.url).text
    assert "two people" not in team.get(f"/screenings/{world.screening.id}/eqia").text


def test_a_stranger_does_not_know_of_the_plan(team, world):
    page = opened(team, world)
    team.sign_in(make_person(world.session)).get(page.url, expect=404)


def test_a_newer_version_is_taken_over_with_a_button(team, world):
    page = opened(team, world)
    world.new_version().submit().confirm().later(hours=1).read()
    world.sign()
    page = team.get(page.url)
    assert "Version 2 of the screening was signed since" in page.text
    assert "Take over its findings and confirm the links: The plan." in page.text
    answer = team.submit_form(page, page.form("/take-over"))
    after = team.follow(answer)
    assert f"It follows {world.screening.reference} v2" in after.text
    assert "Take over its findings" not in after.text
    assert "Ring people" in after.text


def test_a_standard_set_gives_the_groups_and_is_never_mixed_with_others(team, world):
    form = go(team, opened(team, world), "Define it")
    own = {"members": "", "unknown": "", "reference": ""}
    sets = form.tree.find(".//select[@name='category_set']")
    offered = [one.get("value") for one in sets.iter("option")]
    own["category_set"] = next(one for one in offered if one.startswith("sex|"))
    bad = team.submit_form(form, data={**MEASURE, "category_set": own["category_set"]}, expect=422)
    assert bad.errors == ["Choose a standard set or list your own groups, not both"]
    asked = team.submit_form(bad, data=own, expect=422)
    page = team.follow(team.submit_form(asked))
    form = team.get(f"{page.url}/readings/2026-01-01")
    assert "How many: Female" in form.text
    known = {"figure.": "9", "of.": "120"}
    boxes = sorted(name for name in form.form().names if name.startswith("of.") and name != "of.")
    known |= dict.fromkeys(boxes, "40") | {name.replace("of.", "figure."): "3" for name in boxes}
    page = team.follow(team.submit_form(form, data=known))
    assert "the group is known for 80 of 120" in page.text
    edit = go(team, page, "Change what it counts")
    assert edit.form().values["category_set"] == own["category_set"]
    team.submit_form(edit)
    assert "Version 1" in team.get(page.url).text

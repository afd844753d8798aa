"""The forms of a measure: what it counts, its baseline, its targets and its readings."""

from datetime import date

import pytest
from sqlalchemy import select

from eqia.persistence.tables import PlanRow, ProjectRow
from tests.web.test_plans import AIM, FIRST, MEASURE, day, defined, go, opened

FORMS = ("edit", "baseline", "target", "readings/2026-01-01", "new-limits", "set-aside", "note")


@pytest.mark.parametrize("name", [*FORMS, "imports"])
def test_the_way_back_from_each_form_leads_to_the_measure(team, world, name):
    page = defined(team, world)
    team.submit_form(team.get(f"{page.url}/readings/2026-01-01"), data=FIRST)
    form = team.get(f"{page.url}/{name}")
    assert form.links["Back to the measure"] == page.url
    # Where nothing can be done, there is nothing to cancel either.
    assert form.links.get("Cancel", page.url) == page.url


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
    assert [one.get("name") for one in odd.having_class("govuk-input--error")] == ["of."]
    assert "30 of 222" not in team.get(page.url).text
    # Other figures than those asked about are asked about again.
    odd = team.submit_form(odd, data={"of.": "223"}, expect=422)
    assert odd.errors[0].startswith("Out of: the groups add up to 220, Everybody is 223.")
    team.submit_form(odd)
    assert "30 of 223" in team.get(page.url).text


def test_a_group_larger_than_everybody_is_told_beside_its_box_and_cannot_be_pressed_through(
    team, world
):
    page = defined(team, world)
    form = team.get(f"{page.url}/readings/2026-01-01")
    for _ in range(2):
        form = team.submit_form(form, data={**FIRST, "of.": "50"}, expect=422)
        assert any("is more than the 50 of Everybody" in one for one in form.errors)
        assert "Save the readings as they are" not in form.text
    assert "of 50" not in team.get(page.url).text


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
    assert "65 and over: 10%" in form.text
    page = team.follow(team.submit_form(form, data={"reason": "It was a mistake."}))
    assert "There is no target any more." in page.text
    assert "It was a mistake." in page.text


def added(team, world, expect=302, **changed):
    """A measure that the screening did not promise, from the plan's own page."""
    form = go(team, opened(team, world), "Add a measure")
    words = {**MEASURE, "title": "Visits missed by age", **changed}
    return team.submit_form(form, data=words, expect=expect)


def test_the_questions_about_groups_stand_together_and_the_standard_set_comes_first(team, world):
    form = go(team, opened(team, world), "Add a measure")
    boxes = [one.get("name") for one in form.form().element.iter() if one.get("name")]
    names = list(dict.fromkeys(boxes))
    wanted = ["characteristic", "category_set", "set_reference", "members", "unknown", "reference"]
    at = names.index("characteristic")
    assert names[at : at + len(wanted)] == wanted
    assert names.index("direction") < at < names.index("frequency")


def test_after_it_was_added_the_baseline_is_asked_for(team, world):
    page = team.follow(added(team, world))
    assert page.h1 == "Set the baseline"
    assert "Visits missed by age" in page.text
    assert "The measure was added." in page.text


def test_a_group_of_the_standard_set_is_chosen_from_a_list(team, world):
    sex = {"category_set": "sex|2021", "members": "", "unknown": "", "reference": ""}
    wrong = added(team, world, 422, **sex, set_reference="age_broad|2021#18-64")
    assert wrong.errors[0].startswith("Choose which group of “Sex, 2021” you compare the others")
    page = team.follow(team.submit_form(wrong, data={"set_reference": "sex|2021#male"}))
    edit = team.get(page.url.replace("/baseline", "/edit"))
    assert edit.form().values["set_reference"] == "sex|2021#male"
    assert "Male" in team.get(page.url.removesuffix("/baseline")).text
    saved = team.follow(team.submit_form(edit, data={"set_reference": "*rest"}))
    assert "Everyone else" in saved.text


def test_a_list_of_a_set_is_of_no_use_to_groups_of_ones_own(team, world):
    bad = added(team, world, 422, set_reference="*rest")
    assert bad.errors == ["Choose a standard set, or say it below your own groups"]


def test_changing_a_measure_says_what_it_is_linked_to_and_offers_the_rest(team, world):
    plan = opened(team, world)
    form = go(team, plan, "Add an action")
    team.submit_form(form, data={"title": "Open on Saturdays", "kind": "other"})
    form = go(team, team.get(plan.url), "Define it")
    (other,) = form.form().choices["actions"]
    page = team.follow(team.submit_form(form, data=MEASURE))
    edit = go(team, page, "Change what it counts")
    assert "It shows the effect of these actions already: Ring people" in edit.text
    assert edit.form().choices["actions"] == (other,)
    page = team.follow(team.submit_form(edit, data={"actions": [other]}))
    edit = go(team, page, "Change what it counts")
    assert "Remove the link to Ring people" in edit.links
    assert "Remove the link to Open on Saturdays" in edit.links
    assert "The plan has no other action to link it to." in edit.text
    # A link can be ended, with a reason, and made again.
    form = go(team, edit, "Remove the link to Open on Saturdays")
    bad = team.submit_form(form, expect=422)
    assert bad.errors == ["Say why"]
    edit = team.follow(team.submit_form(bad, data={"reason": "It was the wrong action."}))
    assert "Remove the link to Open on Saturdays" not in edit.links
    assert edit.form().choices["actions"] == (other,)
    team.get(form.url, expect=404)
    team.submit_form(edit, data={"actions": [other]})
    assert "Remove the link to Open on Saturdays" in team.get(edit.url).links


@pytest.mark.parametrize("name", ["edit", "baseline", "target", "readings/2026-01-01"])
def test_the_forms_of_a_closed_plan_do_not_open(team, world, session, name):
    page = defined(team, world)
    plan = session.scalars(select(PlanRow)).one()
    plan.status = "closed"
    session.commit()
    closed = team.get(f"{page.url}/{name}", expect=403)
    assert "This plan is closed. Its lead can open it again." in closed.text
    team.get(f"/plans/{plan.id}/measures/new", expect=403)


def test_a_plan_takes_its_days_from_the_project_and_says_so(team, world, session):
    project = session.get_one(ProjectRow, world.project.id)
    project.start_date, project.end_date = date(2026, 4, 1), date(2027, 3, 31)
    session.commit()
    page = team.get(f"/screenings/{world.screening.id}/plan")
    assert page.text.count("This is the day from the project.") == 2
    own = day("start_date", "2026-05-01") | day("end_date", "2027-03-31")
    page = team.follow(team.submit_form(page, data=AIM | own))
    assert "Starts1 May 2026" in page.text
    edit = go(team, page, "Change the plan")
    assert "The day from the project is 1 April 2026." in edit.text


def test_outside_the_team_no_reason_gives_a_small_number_away(team, world):
    page = defined(team, world)
    address = f"{page.url}/readings/2026-01-01"
    team.submit_form(team.get(address), data=FIRST)
    days = day("from_date", "2026-10-01") | day("to_date", "2027-09-30")
    words = {**days, "kind": "level", "member": "65_and_over", "value": "12.5"}
    page = team.follow(team.submit_form(go(team, page, "Set a target"), data=words))
    why = "3 of 65 and over were counted twice."
    form = go(team, page, "remove the target")
    again = team.submit_form(form, data={"reason": why}, expect=422)
    assert "It cannot be changed afterwards." in again.errors[0]
    team.submit_form(again)
    fixed = {"figure.": "29", "figure.65_and_over": "17", "why": why}
    again = team.submit_form(team.get(address), data=fixed, expect=422)
    assert "It cannot be changed afterwards." in again.errors[0]
    team.submit_form(again)
    assert team.get(page.url).text.count(why) == 4
    team.sign_in(world.rows["Rita Reviewer"])
    seen = team.get(page.url).text
    assert "Removed on 24 November 2026" in seen
    assert "Corrected on 24 November 2026" in seen
    assert why not in seen


def test_the_questions_about_a_target_are_in_their_order(team, world):
    form = go(team, defined(team, world), "Set a target")
    names = [one.get("name") for one in form.form().element.iter() if one.get("name")]
    asked = [one for one in dict.fromkeys(names) if not one.endswith(("-month", "-year"))]
    wanted = ["kind", "member", "value", "from_date-day", "to_date-day", "source"]
    assert asked[asked.index("kind") :] == wanted


EARLY = "2026-10-01"


def test_an_early_figure_is_told_as_replaced_where_another_stands_in_its_place(team, world):
    page = defined(team, world)
    team.submit_form(team.get(f"{page.url}/readings/{EARLY}"), data=FIRST)
    form = team.get(f"{page.url}/readings/{EARLY}")
    assert "Why do the figures differ from the early ones? (optional)" in form.text
    team.submit_form(form, data={"figure.": "31", "figure.under_65": "11", "why": "All sent."})
    shown = team.get(page.url)
    told = "Early figure 13.6% (30 of 220) replaced by 14.1% (31 of 220), provisional"
    assert f"{told} on 24 November 2026 by {world.lead.name}: All sent." in shown.text
    assert "Confirmed on" not in shown.text
    seen = team.sign_in(world.rows["Rita Reviewer"]).get(page.url)
    assert f"Early figure replaced on 24 November 2026 by {world.lead.name}" in seen.text
    assert "13.6%" not in seen.text


def test_only_the_groups_of_the_chosen_set_are_offered_to_compare_with(team, world):
    sex = {"category_set": "sex|2021", "members": "", "unknown": "", "reference": ""}
    form = go(team, opened(team, world), "Add a measure")
    assert form.form().choices["set_reference"] == ("", "*rest")
    asked = team.submit_form(form, data=MEASURE | sex | {"title": "By sex"}, expect=422)
    assert asked.errors == [
        "Choose which group of “Sex, 2021” you compare the others with; or save again, if with none"
    ]
    offered = asked.form().choices["set_reference"]
    assert offered == ("", "*rest", "sex|2021#female", "sex|2021#male")
    page = team.follow(team.submit_form(asked))
    assert page.h1 == "Set the baseline"


def test_names_beside_a_standard_set_are_refused_beside_their_own_box(team, world):
    both = {"category_set": "sex|2021", "set_reference": "*rest", "members": "", "reference": ""}
    bad = added(team, world, 422, **both, unknown="Not recorded")
    assert bad.links["Choose a standard set or list your own groups, not both"] == "#unknown"


def test_a_baseline_that_reaches_into_the_change_is_asked_about_and_told(team, world, session):
    page = defined(team, world)
    plan = session.scalars(select(PlanRow)).one()
    plan.change_start = date(2026, 6, 1)
    session.commit()
    form = go(team, page, "Set the baseline")
    days = day("from_date", "2026-01-01") | day("to_date", "2026-06-30")
    asked = team.submit_form(form, data={**days, "state": "agreed"}, expect=422)
    (told,) = asked.errors
    assert told.startswith("The change starts on 1 June 2026, so this baseline would show some")
    # Another last day is asked about anew.
    asked = team.submit_form(asked, data=day("to_date", "2026-07-31"), expect=422)
    assert asked.errors == [told]
    shown = team.follow(team.submit_form(asked))
    assert "It reaches into the change, which starts on 1 June 2026" in shown.text


def test_where_nobody_was_in_a_group_the_message_leads_to_the_state_for_it(team, world):
    page = defined(team, world)
    form = team.get(f"{page.url}/readings/2026-01-01")
    assert "choose “Does not apply”" in form.text
    none = {**FIRST, "figure.not_recorded": "0", "of.not_recorded": "0"}
    bad = team.submit_form(form, data=none, expect=422)
    assert "If there was nobody it could happen to, leave both boxes empty" in bad.errors[0]

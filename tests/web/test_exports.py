"""Files of readings, and who sees exact figures: the team, and others by a logged button."""

import csv
import io
import json
from datetime import timedelta

import pytest
from openpyxl import load_workbook
from sqlalchemy import select

from eqia.domain.exported_readings import BESIDE, HEADING, TEMPLATE
from eqia.persistence.tables import EventRow, MeasureRow, PlanReviewRow, ReadingRow
from tests.plan_builders import answers
from tests.web.test_plans import FIRST, day, defined, go

SMALL = {**FIRST, "figure.65_and_over": "3", "figure.under_65": "25"}


@pytest.fixture
def measure(team, world):
    """A measure of which one group has three missed visits."""
    page = defined(team, world)
    form = team.get(f"{page.url}/readings/2026-01-01")
    said = {"comment": "3 visits of people 65 and over were missed in one week."}
    asked = team.submit_form(form, data={**SMALL, **said}, expect=422)
    return team.follow(team.submit_form(asked))


@pytest.fixture
def seen(team, world, measure):
    """The measure as a reviewer sees it, who is signed in now."""
    return team.sign_in(world.rows["Rita Reviewer"]).get(measure.url)


def read_csv(page):
    text = page.response.get_data(as_text=True).removeprefix("\ufeff")
    return list(csv.DictReader(io.StringIO(text)))


def events(session, action):
    return session.scalars(select(EventRow).where(EventRow.action == action)).all()


def test_the_team_sees_exact_figures_and_others_do_not(team, measure, seen):
    assert "3.0% (3 of 100)" in measure.text
    assert "3 of 100" not in seen.text
    assert "* of 100 (hidden, small number)" in seen.text
    assert "Small numbers are hidden here." in seen.text
    assert "about 25% (25 of 100)" in seen.text
    plan = team.get(measure.url.partition("/measures")[0])
    assert "65 and over: * of 100 (hidden, small number)" in plan.text


def test_a_note_with_a_small_number_beside_a_group_stays_inside(measure, seen):
    assert "3 visits of people 65 and over" in measure.text
    assert "3 visits" not in seen.text
    assert "* visits of people 65 and over" in seen.text


def test_a_figure_that_was_corrected_is_not_shown_outside(team, world, measure):
    form = team.get(f"{measure.url}/readings/2026-01-01")
    data = {"figure.65_and_over": "5", "figure.under_65": "23", "why": "Miscounted."}
    page = team.follow(team.submit_form(form, data=data))
    assert "Q4 of 2025/26, 65 and over: 3.0% (3 of 100)" in page.text
    seen = team.sign_in(world.rows["Rita Reviewer"]).get(measure.url)
    assert "Q4 of 2025/26, 65 and over, entered on" in seen.text
    assert "3.0%" not in seen.text


def test_a_reviewer_opens_the_exact_figures_and_it_is_logged(team, seen, session):
    opened = team.follow(team.submit_form(seen, seen.form("/exact")))
    assert "3.0% (3 of 100)" in opened.text
    assert "That you opened them was logged." in opened.text
    assert "Download these figures" not in opened.text
    (event,) = events(session, "plan.exact_opened")
    row = session.scalars(select(MeasureRow).where(MeasureRow.title == "Missed visits")).one()
    assert event.payload["measure"] == str(row.id)


def test_what_was_opened_stays_open_for_a_while_and_only_to_whoever_opened_it(team, world, seen):
    team.submit_form(seen, seen.form("/exact"))
    clock = team.raw.application.config["CLOCK"]
    assert "3 of 100" in team.get(f"{seen.url}?group=65_and_over").text
    plan = seen.url.partition("/measures")[0]
    assert "3 of 100" not in team.get(plan).text
    team.raw.application.config["CLOCK"] = lambda: clock() + timedelta(minutes=21)
    assert "3 of 100" not in team.get(seen.url).text
    team.raw.application.config["CLOCK"] = clock
    assert "3 of 100" in team.get(seen.url).text
    world.person("Ada Auditor", "auditor")
    assert "3 of 100" not in team.sign_in(world.rows["Ada Auditor"]).get(seen.url).text
    assert "3 of 100" not in team.sign_in(world.rows["Rita Reviewer"]).get(seen.url).text


def test_who_opened_them_takes_the_exact_figures_and_it_is_logged(team, seen, session):
    page = team.follow(team.submit_form(seen, seen.form("/exact")))
    file = team.submit_form(page, page.form("/export/opened"), expect=200)
    assert "3" in {row["numerator"] for row in read_csv(file)}
    (event,) = events(session, "plan.exact_exported")
    assert event.payload["kind"] == "csv"


def test_a_hidden_gap_is_put_in_words_on_the_page(seen):
    table = seen.text.split("Figures of the chart: Gaps")[-1]
    assert "* (hidden, small number)" in table.split("Download these figures")[0]


def test_an_auditor_and_the_team_have_no_such_button(team, world, measure):
    assert not [form for form in measure.forms if form.action.endswith("/exact")]
    world.person("Ada Auditor", "auditor")
    team.sign_in(world.rows["Ada Auditor"])
    page = team.get(measure.url)
    assert not [form for form in page.forms if form.action.endswith("/exact")]
    team.post(f"{measure.url}/exact", expect=403)


def test_what_a_review_saw_is_kept_with_small_numbers_hidden(team, measure, session):
    plan = team.get(measure.url.partition("/measures")[0])
    days = day("held_on", "2026-11-24") | day("next_review", "2027-02-24")
    words = {"decision": "continue", "notes": "Go on."} | days
    form = go(team, plan, "Hold a review")
    team.submit_form(form, data=words | answers(form))
    kept = json.dumps(session.scalars(select(PlanReviewRow)).one().snapshot)
    assert "3 of 100" not in kept


@pytest.mark.parametrize("kind", ["csv", "marked", "xlsx", "json"])
def test_a_file_hides_small_numbers_even_from_the_team(team, measure, kind):
    page = go(team, measure, "Download the readings")
    file = team.get(f"{page.url}/{kind}")
    rows = {row["category"]: row for row in rows_in(file, kind)}
    assert rows["65 and over"]["numerator"] == "*"
    assert rows["65 and over"]["masked"] == "by us"
    assert rows["65 and over"]["state"] == "masked"
    assert not rows["65 and over"]["worked_value"]
    assert str(rows["Under 65"]["numerator"]) == "25"
    assert rows["Under 65"]["interval_method"] == "Wilson"
    assert rows["Under 65"]["suppression"] == "mask7_round5"
    assert rows["Everybody"]["note"].startswith("* visits of people 65 and over")
    assert "exact" not in file.headers["Content-Disposition"]


def rows_in(file, kind):
    if kind == "json":
        return json.loads(file.response.data)["measures"][0]["readings"]
    if kind == "xlsx":
        heading, *rows = load_workbook(io.BytesIO(file.response.data)).active.values
        return [dict(zip(heading, row, strict=True)) for row in rows]
    assert file.response.data.startswith(b"\xef\xbb\xbf") is (kind == "marked")
    return read_csv(file)


def test_the_headings_are_the_template_and_what_stands_beside(team, measure):
    page = go(team, measure, "Download the readings")
    (first, *_) = team.get(f"{page.url}/csv").response.get_data(as_text=True).splitlines()
    assert first.split(",") == list(HEADING) == [*TEMPLATE, *BESIDE]


def test_a_member_takes_exact_figures_and_it_is_logged(team, measure, session):
    page = go(team, measure, "Download the readings")
    bad = team.submit_form(page, expect=422)
    assert bad.errors == ["Choose what kind of file you want"]
    file = team.submit_form(bad, data={"kind": "csv"}, expect=200)
    rows = {row["category"]: row for row in read_csv(file)}
    assert rows["65 and over"]["numerator"] == "3"
    assert rows["65 and over"]["masked"] == ""
    assert rows["65 and over"]["note"].startswith("3 visits")
    assert "exact-for-the-team-only" in file.headers["Content-Disposition"]
    (event,) = events(session, "plan.exact_exported")
    assert event.payload["kind"] == "csv"


def test_only_the_team_takes_exact_figures(team, seen):
    page = go(team, seen, "Download the readings")
    assert "Exact figures" not in page.text
    team.post(f"{page.url}/exact", {"kind": "csv"}, expect=403)


def test_a_plan_is_exported_with_all_its_measures(team, measure):
    plan = team.get(measure.url.partition("/measures")[0])
    page = go(team, plan, "Download the readings")
    assert len(read_csv(team.get(f"{page.url}/csv"))) == 4
    file = team.submit_form(page, data={"kind": "json"}, expect=200)
    (only,) = json.loads(file.response.data)["measures"]
    assert only["exact"] is True


def test_a_chart_has_its_figures_as_the_reader_sees_them(team, world, measure):
    exact = {row["Period"]: row for row in read_csv(go(team, measure, "Download these figures"))}
    assert exact["Q4 of 2025/26"]["Counted"] == "30 of 220"
    group = go(team, measure, "65 and over")
    assert "Figures of the chart: 65 and over" in group.text
    mine = team.get(f"{measure.url}/chart.csv?group=65_and_over")
    assert read_csv(mine)[0]["Figure"] == "3%"
    assert "exact-for-the-team-only" in mine.headers["Content-Disposition"]
    theirs = team.sign_in(world.rows["Rita Reviewer"])
    shown = read_csv(theirs.get(f"{measure.url}/chart.csv?group=65_and_over"))
    assert shown[0]["Figure"] == "*"
    theirs.get(f"{measure.url}/chart.csv?group=nobody", expect=404)


def test_the_gaps_have_their_figures_too(team, world, measure):
    (row,) = read_csv(team.get(f"{measure.url}/gaps.csv"))
    assert (row["Gap"], row["In"]) == ("-22.0", "percentage points")
    assert row["How sure"] == "a clear gap"
    (row,) = read_csv(team.sign_in(world.rows["Rita Reviewer"]).get(f"{measure.url}/gaps.csv"))
    assert (row["Gap"], row["How sure"]) == ("*", "")


def test_a_name_that_looks_like_a_formula_is_only_a_text(team, measure, session):
    row = session.scalars(select(ReadingRow).where(ReadingRow.comment != "")).first()
    form = team.get(f"{measure.url}/readings/2026-04-01")
    team.submit_form(form, data={**FIRST, "comment": "=HYPERLINK(1)"})
    assert row is not None
    page = go(team, team.get(measure.url), "Download the readings")
    last = read_csv(team.get(f"{page.url}/csv"))[-1]
    assert last["note"] == "'=HYPERLINK(1)"
    sheet = load_workbook(io.BytesIO(team.get(f"{page.url}/xlsx").response.data)).active
    cell = [row[HEADING.index("note")] for row in sheet.iter_rows()][-1]
    assert (cell.value, cell.data_type) == ("'=HYPERLINK(1)", "s")


def test_a_measure_that_is_not_there_is_not_found(team, measure):
    plan = measure.url.partition("/measures")[0]
    nowhere = f"{plan}/measures/00000000-0000-0000-0000-000000000000"
    for end in ("export", "export/csv", "chart.csv", "gaps.csv"):
        team.get(f"{nowhere}/{end}", expect=404)


def test_a_small_number_beside_a_group_in_a_note_brings_a_warning_and_is_kept(team, world):
    page = defined(team, world)
    form = team.get(f"{page.url}/readings/2026-01-01")
    said = {"comment": "Only 3 visits of people 65 and over were missed."}
    asked = team.submit_form(form, data={**FIRST, **said}, expect=422)
    assert "(3 near 65 and over), which could point at a person" in " ".join(asked.errors)
    saved = team.follow(team.submit_form(asked))
    assert "Only 3 visits" in saved.text
    form = team.get(f"{page.url}/readings/2026-04-01")
    said = {"comment": "Two clinics of 12 were shut."}
    saved = team.follow(team.submit_form(form, data={**FIRST, **said}))
    assert "which could point at a person" not in saved.text


@pytest.mark.parametrize("kind", ["csv", "marked", "xlsx"])
def test_exact_figures_come_back_unchanged_through_an_import(team, measure, kind):
    form = go(team, measure, "Download the readings")
    file = team.submit_form(form, data={"kind": kind}, expect=200)
    name = f"readings.{'xlsx' if kind == 'xlsx' else 'csv'}"
    page = sent_in(team, measure, file.response.data, name)
    page = team.follow(team.submit_form(page))
    assert "Everything in this file is there already" in page.text


def sent_in(team, measure, content, name):
    page = go(team, team.get(measure.url), "Import readings")
    return team.follow(team.submit_form(page, data={"file": [(io.BytesIO(content), name)]}))


def test_a_file_with_hidden_numbers_is_not_taken_for_figures(team, measure):
    page = go(team, measure, "Download the readings")
    content = team.get(f"{page.url}/csv").response.data
    page = team.follow(team.submit_form(sent_in(team, measure, content, "readings.csv")))
    assert not [form for form in page.forms if form.action.endswith("preview")]
    assert "What cannot be read" in page.text


def test_a_team_chooses_how_small_numbers_are_hidden(team, world, measure):
    form = go(team, measure, "Change what it counts")
    asked = team.submit_form(form, data={"suppression": "mask4_secondary"}, expect=422)
    meant = {"change": "other", "reason": "The board wants to see more of it."}
    saved = team.submit_form(asked, data=meant)
    page = team.follow(saved)
    form = team.get(f"{page.url}/readings/2026-01-01")
    team.submit_form(form, data={**FIRST, "figure.": "31", "figure.65_and_over": "19"})
    seen = team.sign_in(world.rows["Rita Reviewer"]).get(page.url)
    assert "Counts from 1 to 4 are hidden" in seen.text
    assert "19.0% (19 of 100)" in seen.text
    assert "* of 20 (hidden, small number)" in seen.text


def test_notes_that_tell_too_much_are_named_before_an_export(team, world, measure):
    page = go(team, measure, "Download the readings")
    assert "They are left out of the files above" in page.text
    assert "3 visits of people 65 and over" in page.text
    seen = team.sign_in(world.rows["Rita Reviewer"]).get(page.url)
    assert "3 visits of people" not in seen.text

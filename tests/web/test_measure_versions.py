"""What a measure counted before, on its page, on a page of its own and in files."""

import csv
import io
import json

import pytest

from tests.web.test_measures import day
from tests.web.test_plans import FIRST, defined, go

ASKED = "Say whether it counts the same thing in other words, or something else"
WORDS = {"numerator": "Visits that were missed"}
OTHER = {"change": "other", "reason": "Rung-off visits count too."}


@pytest.fixture
def measure(team, world):
    """A measure with a quarter read and a baseline."""
    page = defined(team, world)
    team.submit_form(team.get(f"{page.url}/readings/2026-01-01"), data=FIRST)
    form = go(team, page, "Set the baseline")
    days = day("from_date", "2026-01-01") | day("to_date", "2026-03-31")
    team.submit_form(form, data={**days, "state": "agreed"})
    return page


def changed(team, measure, **said):
    form = team.get(f"{measure.url}/edit")
    asked = team.submit_form(form, data=WORDS, expect=422)
    return team.follow(team.submit_form(asked, data=said))


def test_a_changed_word_is_asked_about_and_what_would_stand_apart_is_named(team, measure):
    form = team.get(f"{measure.url}/edit")
    assert "What does your change mean" not in form.text
    assert "This stands on what it counts now: 4 readings" in form.text
    assert "4 readings, Q4 of 2025/26; the baseline" in form.text
    asked = team.submit_form(form, data=WORDS, expect=422)
    assert asked.errors == [ASKED]
    assert asked.form().values["numerator"] == "Visits that were missed"
    assert {"change", "reason"} <= set(asked.form().names)
    bare = team.submit_form(asked, data={"change": "other"}, expect=422)
    assert bare.errors == ["Say why something else is counted now"]


def test_other_words_go_on_and_the_page_says_what_it_said_before(team, world, measure):
    page = changed(team, measure, change="same")
    assert "(30 of 220)" in page.text
    assert "Earlier versions" not in page.text
    told = f"24 November 2026, {world.lead.name}: What is counted:"
    assert told in page.text
    assert "became “Visits that were missed”" in page.text


def test_something_else_leaves_the_earlier_series_on_a_page_of_its_own(team, world, measure):
    page = changed(team, measure, **OTHER)
    assert "There is no baseline yet." in page.text
    assert "Something else was counted until 24 November 2026" in page.text
    assert f"Replaced by {world.lead.name}: Rung-off visits count too." in page.text
    earlier = go(team, page, "See the figures of version 1")
    assert "What was read by it stands apart from what is counted now" in earlier.text
    assert "Rung-off visits count too." in earlier.text
    assert "of 220)" in earlier.text
    assert not earlier.forms or all("measures" not in one.action for one in earlier.forms)
    assert team.get(f"{page.url}/versions/2", expect=302).location == page.url
    team.get(f"{page.url}/versions/3", expect=404)


def test_outside_the_team_small_numbers_of_an_earlier_version_are_hidden(team, world, measure):
    small = {"figure.": "23", "figure.under_65": "3", "why": "Counted again."}
    team.submit_form(team.get(f"{measure.url}/readings/2026-01-01"), data=small)
    changed(team, measure, **OTHER)
    address = f"{measure.url}/versions/1"
    assert "(3 of" in team.get(address).text
    seen = team.sign_in(world.rows["Rita Reviewer"]).get(address)
    assert "Small numbers are hidden here." in seen.text
    assert "(3 of" not in seen.text


def test_an_earlier_version_that_counts_what_is_counted_today_is_not_shown_outside(
    team, world, measure
):
    asked = team.submit_form(team.get(f"{measure.url}/edit"), data={"direction": "up"}, expect=422)
    team.submit_form(asked, data=OTHER)
    address = f"{measure.url}/versions/1"
    assert "of 220)" in team.get(address).text
    seen = team.sign_in(world.rows["Rita Reviewer"]).get(address)
    assert "Its figures are not shown outside the team" in seen.text
    assert "of 220)" not in seen.text


def exported(team, measure, kind):
    return team.raw.get(f"{measure.url}/export/{kind}").get_data(as_text=True)


def test_files_carry_the_readings_of_every_version(team, measure):
    changed(team, measure, **OTHER)
    form = team.get(f"{measure.url}/readings/2026-01-01")
    team.submit_form(form, data=FIRST)
    rows = list(csv.DictReader(io.StringIO(exported(team, measure, "csv"))))
    assert [(row["version"], row["version_until"]) for row in rows] == [
        *[("1", "2026-11-24")] * 4,
        *[("2", "")] * 4,
    ]
    found = json.loads(exported(team, measure, "json"))["measures"]
    assert [(one["version"], one["counted"]) for one in found] == [
        (1, found[0]["counted"]),
        (2, "Visits that were missed"),
    ]
    assert found[0]["counted"] != found[1]["counted"]


def test_an_export_taken_in_again_leaves_the_rows_of_earlier_versions_out(team, measure):
    changed(team, measure, **OTHER)
    page = go(team, team.get(measure.url), "Download the readings")
    form = next(one for one in page.forms if one.action.endswith("/exact"))
    file = team.raw.post(form.action, data={**form.values, "kind": "csv"})
    page = go(team, team.get(measure.url), "Import readings")
    sent = {"file": [(io.BytesIO(file.data), "readings.csv")]}
    kind = team.follow(team.submit_form(page, data=sent))
    preview = team.follow(team.submit_form(kind))
    assert "There is no figure to import" in preview.text
    assert "What cannot be read" not in preview.text

"""The annex of a version signed while its plan ran: on the page, in the file, in the JSON."""

import io
import json

import pypdf
import pytest
from sqlalchemy import select

from eqia.documents import checking
from eqia.documents.records import render
from eqia.domain.records import read
from eqia.persistence.tables import RecordRow
from tests.plan_builders import answers
from tests.web.test_exports import SMALL
from tests.web.test_plans import FIRST, day, defined, go


@pytest.fixture
def signed_again(team, world, clock):
    """A plan with two quarters of readings and a review, and the version signed after it."""
    page = defined(team, world)
    for start, figures in (("2026-01-01", FIRST), ("2026-04-01", SMALL)):
        form = team.get(f"{page.url}/readings/{start}")
        team.submit_form(form, data=figures)
    days = day("from_date", "2026-01-01") | day("to_date", "2026-03-31")
    form = go(team, team.get(page.url), "Set the baseline")
    team.submit_form(form, data={**days, "state": "agreed"})
    plan = team.get(page.url.partition("/measures")[0])
    days = day("held_on", "2026-11-24") | day("next_review", "2027-02-24")
    words = {"decision": "rescreen", "notes": "Fewer visits are missed now."}
    words |= {"rescreen_by": "Asha"} | day("rescreen_due", "2026-12-01")
    form = go(team, plan, "Hold a review")
    team.submit_form(form, data=words | days | answers(form))
    for way, why in (("Pause the plan", "The clinic moves."), ("Go on with", "It has moved.")):
        form = go(team, team.get(plan.url), way)
        team.submit_form(form, data={"reason": why})
    clock.move(days=1)
    world.later(days=1).new_version().submit().confirm().later(hours=1).read()
    world.sign()
    return team.sign_in(world.lead_row).get(f"/records/{world.screening.id}")


def test_the_annex_stands_on_the_page_and_in_the_file_with_small_numbers_hidden(
    signed_again, session
):
    for words in (
        "Annex: the plan and its measures",
        "Age: Small harm",
        "Fewer visits are missed now.",
        "Screen again: the answers no longer hold, kept by Lee Lead",
        "The next version is started by Asha, by 1 December 2026.",
        "Paused from 24 November 2026, by Lee Lead",
        "The clinic moves.",
        "65 and over about 20% * of 100 (hidden, small number), Q1 of 2026/27",
    ):
        assert words in signed_again.text, words
    assert "3 of 100" not in signed_again.text
    row = session.scalars(select(RecordRow).order_by(RecordRow.created_at.desc())).first()
    kept = json.loads(row.canonical_json)["plan"]
    assert "3 of 100" not in row.canonical_json
    assert kept["measures"][0]["suppression"] == "mask7_round5"
    checking.check(row.pdf)
    # From its JSON alone it comes out the same, mark by mark.
    assert render(read(row.canonical_json)) == row.pdf
    text = " ".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(row.pdf)).pages)
    assert "Annex: the plan and its measures" in text
    assert "hidden, small number" in text
    assert "3 of 100" not in text


def test_the_first_version_has_no_annex(team, world):
    page = team.get(f"/records/{world.screening.id}")
    assert "Annex" not in page.text
    assert "plan" not in team.get(f"{page.url}.json").response.get_json()


def test_a_plan_is_printed_as_it_stands_with_small_numbers_hidden(team, world):
    page = defined(team, world)
    form = team.get(f"{page.url}/readings/2026-01-01")
    team.submit_form(form, data=SMALL)
    plan = team.get(page.url.partition("/measures")[0])
    file = go(team, plan, "Print this plan").response.data
    checking.check(file, "publication")
    text = " ".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(file)).pages)
    assert "Plan: " in text
    assert "* of 100" in text
    assert "3 of 100" not in text

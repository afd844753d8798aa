"""A version that a review asked for says why on every page, and asks anew what is in doubt."""

from datetime import date
from uuid import UUID

import pytest

from eqia.persistence.queries import screenings as queries
from eqia.services import standings
from tests.plan_builders import (
    answers,
    make_finding,
    make_measure,
    make_plan,
    make_reading,
    make_version,
)
from tests.review_world import open_world
from tests.web.test_plans import day
from tests.web.test_predictions import QUARTERS, make_baseline

SEEN = "Older people miss more visits than we said."
DECIDED = (
    "A review of the plan on 24 November 2026, kept by Lee Lead, decided to screen again: "
    "version 1 may no longer hold."
)
CONTRADICTED = "Age: 65 and over. Version 1 said “No different”. Readings contradict that:"
SHOWN = "Missed visits: Q1 of 2026/27: about 45"
ASKED = "Asked again because of this, whatever you tick below: Effects on protected groups."
AFTER_ALL = "The bus was cut in June alone, and runs again."
MADE_OF_IT = "The review said: We looked at it, and it goes on."
STILL = "Readings contradict this answer. Change it, or say in your reason why it still holds"


@pytest.fixture
def world(session):
    """A screening signed that says no group fares differently."""
    world = open_world(session).submit().confirm().later(hours=1)
    world.read()
    return world.sign()


@pytest.fixture
def plan(world):
    """Its plan, whose readings contradict what it says of age."""
    plan = make_plan(world.session, screening=world.screening)
    make_finding(world.session, plan=plan, direction="neutral", effect="No different")
    measure = make_measure(world.session, plan=plan, first_period=date(2026, 1, 1))
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


@pytest.fixture
def decided(team, plan, clock):
    """A review decided to screen again."""
    form = team.get(f"/plans/{plan.id}/review")
    words = {"decision": "rescreen", "notes": SEEN, "rescreen_by": "Asha"} | answers(form)
    days = day("held_on", "2026-11-24") | day("rescreen_due", "2026-12-01")
    team.submit_form(form, data=words | days)
    clock.move(minutes=5)
    return plan


def test_a_full_stop_is_no_answer_to_what_is_open(team, plan):
    form = team.get(f"/plans/{plan.id}/review")
    words = {"decision": "continue", "notes": SEEN} | dict.fromkeys(answers(form), ".")
    days = day("held_on", "2026-11-24") | day("next_review", "2027-02-24")
    refused = team.submit_form(form, data=words | days, expect=422)
    assert "Say in a few words what you make of it, and what happens now" in refused.text


@pytest.fixture
def begun(team, decided):
    """The hub of the version that was begun for it."""
    form = team.get(f"/screenings/{decided.screening_id}/new-version")
    for words in (DECIDED, SEEN, CONTRADICTED, ASKED):
        assert words in form.text, words
    return team.follow(team.submit_form(form, summary="Readings came in."))


@pytest.mark.parametrize("page", ["", "/check", "/submit"])
def test_each_page_of_the_version_says_why_it_was_begun(team, begun, page):
    told = team.get(f"{begun.url}{page}")
    for words in (DECIDED, SEEN, CONTRADICTED, SHOWN, MADE_OF_IT):
        assert words in told.text, words
    assert "Read the plan and its reviews" in told.links


def test_it_stands_beside_the_answers_about_the_group(team, begun):
    section = team.get(f"{begun.url}/sections/groups")
    pages = {url for url in section.links.values() if "/pages/" in url}
    beside = [page for url in pages if CONTRADICTED in (page := team.get(url)).text]
    assert beside
    for page in beside:
        assert "Age" in page.text
        assert "say in its reason why it still holds" in page.text


def test_the_section_in_doubt_is_asked_again_and_the_others_are_not(team, begun):
    again = "Look at this part again for the new version, and say it is completed"
    refused = team.get(f"{begun.url}/submit")
    asked = [line for line in refused.links if again in line]
    assert asked == [f"Effects on protected groups: {again}"]


@pytest.fixture
def explained(team, begun):
    """It says in new words why a contradicted answer still holds."""
    team.submit_form(team.get(f"{begun.url}/sections/groups"), completed="yes")
    form = team.get(f"{begun.url}/submit")
    refused = team.submit_form(form, confirm=["yes"], expect=422)
    (link,) = [href for text, href in refused.links.items() if STILL in text]
    page = team.get(link)
    one, two = page.form().values["C3.why-1"], {"C3.why-2": AFTER_ALL, "C3.who-2": ["age"]}
    others = [group for group in page.form().values.getlist("C3.who-1") if group != "age"]
    team.submit_form(page, data={"C3.why-1": one, "C3.who-1": others, **two})
    return begun


def test_a_contradicted_answer_holds_only_with_new_words(team, explained):
    form = team.get(f"{explained.url}/submit")
    assert STILL not in form.text
    sent = team.follow(team.submit_form(form, confirm=["yes"]))
    assert "Submitted" in sent.text


def test_reviewer_and_approver_are_told_and_so_is_the_record(team, world, explained):
    team.submit_form(team.get(f"{explained.url}/submit"), confirm=["yes"])
    world.session.expire_all()
    world.screening = queries.get(world.session, UUID(explained.url.rpartition("/")[2]))
    told = team.sign_in(world.rows["Rita Reviewer"]).get(f"{explained.url}/review")
    for words in (DECIDED, SEEN, CONTRADICTED, SHOWN, MADE_OF_IT):
        assert words in told.text, words
    world.later(hours=3).confirm().read()
    read = team.sign_in(world.rows["Ann Approver"]).get(f"{explained.url}/review/sign")
    for words in (DECIDED, SEEN, CONTRADICTED, SHOWN, MADE_OF_IT):
        assert words in read.text, words
    world.sign()
    record = team.get(f"/records/{world.screening.id}")
    for words in ("might no longer hold", SEEN, CONTRADICTED, SHOWN, MADE_OF_IT):
        assert words in record.text, words


def test_a_version_begun_for_another_reason_says_nothing_of_it(team, plan):
    form = team.get(f"/screenings/{plan.screening_id}/new-version")
    assert "Why it is screened again" not in form.text
    hub = team.follow(team.submit_form(form, summary="We looked again."))
    assert "Why it is screened again" not in hub.text


ANEW = "version 2 was withdrawn on 24 November 2026; it has to be begun anew"


def test_after_a_version_was_withdrawn_another_is_begun(team, begun, decided):
    team.follow(team.submit_form(team.get(f"{begun.url}/withdraw"), reason="Begun too early."))
    plan = team.get(f"/plans/{decided.id}")
    assert ANEW in plan.text
    form = team.get(plan.links["Start version 3 of the screening"])
    assert "Start version 3" in form.text
    third = team.follow(team.submit_form(form, summary="Readings came in."))
    for words in (DECIDED, SEEN, CONTRADICTED, MADE_OF_IT):
        assert words in third.text, words
    told = team.get(plan.url)
    assert ANEW not in told.text
    assert "Go on with version 3" in told.text
    refused = team.get(f"{third.url}/submit")
    again = "Look at this part again for the new version, and say it is completed"
    assert f"Effects on protected groups: {again}" in refused.links
    assert "is carried over from version 1." in team.get(f"{third.url}/check").text


def test_the_signed_version_leads_to_a_new_one_once_another_was_withdrawn(team, begun, decided):
    signed = f"/screenings/{decided.screening_id}"
    assert "Start a new version" not in team.get(signed).links
    team.follow(team.submit_form(team.get(f"{begun.url}/withdraw"), reason="Begun too early."))
    assert "Start a new version" in team.get(signed).links

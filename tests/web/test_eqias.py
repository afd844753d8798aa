"""The page of the full EqIA and of what happens after a screening."""

import pytest

from eqia.domain.eqias import FollowUpKind
from eqia.domain.people import Role
from eqia.persistence.queries import reviews as queries
from tests.builders import make_person
from tests.review_world import FULL, MORE, open_world

DAY = {"on_date-day": "20", "on_date-month": "11", "on_date-year": "2026"}
STATED = {"stated_date-day": "1", "stated_date-month": "10", "stated_date-year": "2026"}
EQIA = {"reference": "EQIA-7", "link": "https://example.org/eqia", "status": "started"}


@pytest.fixture
def world(session):
    return open_world(session, form=FULL).submit().confirm()


def person(world, name, *roles):
    if name not in world.rows:
        world.rows[name] = make_person(world.session, name=name, roles=roles)
    return world.rows[name]


def url(world, rest=""):
    return f"/screenings/{world.screening.id}/eqia{rest}"


def test_from_not_started_to_an_accepted_earlier_date(client, world):
    client.sign_in(world.lead_row)
    assert "Not started" in client.get(url(world)).text
    client.submit_form(client.get(url(world, "/edit")), data=EQIA)
    client.sign_in(person(world, "Ann Approver", Role.APPROVER))
    client.submit_form(client.get(url(world, "/approve")))
    assert "by Ann Approver" in client.get(url(world)).text
    client.sign_in(world.lead_row)
    words = {**STATED, "document": "Minutes, item 4", "reason": "No account yet."}
    client.submit_form(client.get(url(world, "/stated-date")), data=words)
    assert "Not accepted yet, so it does not count." in client.get(url(world)).text
    client.sign_in(person(world, "Sol Second", Role.REVIEWER))
    page = client.get(url(world, "/accept-date"))
    assert "1 October 2026" in page.text
    client.submit_form(page)
    assert "Accepted by Sol Second" in client.get(url(world)).text


def test_two_people_on_one_form_are_told_and_nothing_typed_is_lost(client, world):
    client.sign_in(world.lead_row)
    mine = client.get(url(world, "/edit"))
    theirs = client.get(url(world, "/edit"))
    client.submit_form(theirs, data=EQIA)
    back = client.submit_form(mine, data={**EQIA, "reference": "EQIA-8"}, expect=409)
    assert "Somebody else acted" in back.text
    assert "EQIA-8" in back.html
    client.submit_form(back)
    assert "EQIA-8" in client.get(url(world)).text


def test_a_form_with_a_bad_link_comes_back_whole(client, world):
    client.sign_in(world.lead_row)
    page = client.get(url(world, "/edit"))
    bad = client.submit_form(page, data={**EQIA, "link": "minutes"}, expect=422)
    assert bad.errors == ["Enter a web address that starts with https://"]
    assert "EQIA-7" in bad.html


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("decision", {"body": "The board", "version_read": "1"}),
        ("review", {"note": "All is well."}),
        ("trigger", {"trigger": "complaint", "note": "A letter."}),
    ],
)
def test_what_happened_is_logged(client, world, kind, words):
    client.sign_in(world.lead_row)
    page = client.get(url(world, f"/log/{kind}"))
    client.submit_form(page, data={**DAY, **words})
    shown = client.get(url(world)).text
    assert "20 November 2026" in shown
    assert "Logged by Lee Lead" in shown


@pytest.mark.parametrize("kind", [kind.value for kind in FollowUpKind])
def test_an_empty_log_form_says_what_is_missing(client, world, kind):
    client.sign_in(world.lead_row)
    bad = client.submit_form(client.get(url(world, f"/log/{kind}")), expect=422)
    assert "Enter the day it happened" in bad.errors


def test_a_day_to_come_is_not_logged(client, world):
    client.sign_in(world.lead_row)
    page = client.get(url(world, "/log/review"))
    words = {**DAY, "on_date-year": "2027", "note": "Fine."}
    bad = client.submit_form(page, data=words, expect=422)
    assert bad.errors == ["The day must be today or in the past"]


def test_an_unknown_kind_is_not_found(client, world):
    client.sign_in(world.lead_row).get(url(world, "/log/nonsense"), expect=404)


def test_what_was_found_out_closes_it(client, session):
    world = open_world(session, form=MORE).submit()
    (action,) = queries.evidence_actions(session, world.screening)
    client.sign_in(world.lead_row)
    page = client.get(url(world, f"/actions/{action.id}"))
    client.submit_form(page, finding="It covers this.")
    assert "It covers this." in client.get(url(world)).text
    again = client.get(url(world, f"/actions/{action.id}"))
    client.submit_form(again, finding="Something else.", expect=403)


def test_an_action_of_another_screening_is_not_found(client, session):
    world = open_world(session, form=MORE).submit()
    other = open_world(session, form=MORE).submit()
    (action,) = queries.evidence_actions(session, other.screening)
    client.sign_in(world.lead_row)
    client.get(url(world, f"/actions/{action.id}"), expect=404)


def test_the_team_does_not_approve_its_own_eqia(client, world):
    both = person(world, "Both", Role.APPROVER)
    world.send_back(world.approver)
    world.project_member(both)
    world.later(hours=1).edit(world.as_member(both), A1="Changed a word.")
    world.edit(A1="Changed again.").submit()
    client.sign_in(both)
    page = client.get(url(world, "/approve"), expect=403)
    assert "You wrote, changed or submitted part of this screening" in page.text


def test_an_outcome_without_an_eqia_says_so(client, session):
    world = open_world(session).submit()
    client.sign_in(world.lead_row)
    assert "did not come to a full EqIA" in client.get(url(world)).text
    page = client.get(url(world, "/edit"))
    client.submit_form(page, data=EQIA, expect=403)


@pytest.mark.parametrize(
    "rest", ["", "/edit", "/approve", "/stated-date", "/accept-date", "/log/review"]
)
def test_a_stranger_is_told_of_nothing(client, world, rest):
    client.sign_in(make_person(world.session)).get(url(world, rest), expect=404)

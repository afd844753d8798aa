"""The approver's pages: read, confirm who you are, sign."""

import re

import pytest

from eqia.domain.people import Role
from eqia.domain.records import in_blocks
from eqia.domain.screenings import Status
from eqia.persistence.database import writing
from eqia.persistence.queries import reviews as queries
from tests.builders import make_person
from tests.plan_builders import make_plan
from tests.review_world import MORE, open_world

WEIGHT = {"benefits": "Shorter waits.", "harms": "None seen.", "proportionate": "It is fair."}
NEEDS = ["need_a", "need_b", "need_c"]


@pytest.fixture
def world(session):
    return open_world(session).submit().confirm()


@pytest.fixture
def approver(client, world):
    return client.sign_in(make_approver(world))


def make_approver(world, name="Ann Approver"):
    if name not in world.rows:
        world.rows[name] = make_person(world.session, name=name, roles=[Role.APPROVER])
    return world.rows[name]


def url(world, rest=""):
    return f"/screenings/{world.screening.id}/review{rest}"


def read(client, world):
    page = client.get(url(world, "/receipt"))
    return client.submit_form(page, read=["read"])


def status(world):
    world.session.expire_all()
    return world.screening.status


def test_the_receipt_page_shows_version_needs_and_digest(approver, world):
    page = approver.get(url(world, "/receipt"))
    for words in ("I have thought about the need to foster good relations", "R91"):
        assert words in page.text
    assert in_blocks(world.screening.content_digest) in page.text
    assert f"I have read version 1 of {world.screening.reference}" in page.text


def test_opening_a_page_is_no_receipt(approver, world):
    approver.get(url(world))
    approver.get(url(world, "/receipt"))
    assert not queries.receipts(world.session, world.screening)


def test_an_unticked_box_is_no_receipt(approver, world):
    page = approver.get(url(world, "/receipt"))
    bad = approver.submit_form(page, expect=422)
    assert "Tick the box if you have read it" in bad.errors


def test_read_then_sign(approver, world):
    read(approver, world)
    page = approver.get(url(world, "/sign"))
    form = page.form()
    done = approver.submit_form(page, form, data={"statements": NEEDS, **WEIGHT})
    assert done.location == url(world)
    assert status(world) is Status.SIGNED
    again = approver.submit_form(page, form, data={"statements": NEEDS, **WEIGHT})
    assert again.location == url(world)
    shown = approver.get(url(world))
    assert "Signed" in shown.text


def test_who_signs_the_next_version_is_led_to_the_plan_that_runs_for_the_one_before(
    approver, world
):
    read(approver, world)
    page = approver.get(url(world, "/sign"))
    assert "for version" not in page.text
    approver.submit_form(page, data={"statements": NEEDS, **WEIGHT})
    plan = make_plan(world.session, screening=world.screening)
    world.new_version().submit().confirm()
    read(approver, world)
    page = approver.get(url(world, "/sign"))
    assert "A plan is running for version 1 of this screening." in page.text
    assert page.links["See what is done and what is read there"] == f"/plans/{plan.id}"
    with writing(world.session):
        plan.status = "paused"
    assert "A plan is paused for version 1" in approver.get(url(world, "/sign")).text
    with writing(world.session):
        plan.status = "closed"
    assert "for version 1" not in approver.get(url(world, "/sign")).text


def test_signing_without_reading_leads_to_reading(approver, world):
    assert approver.get(url(world, "/sign"), expect=302).location == url(world, "/receipt")


def test_an_old_sign_in_has_to_be_proved_again_and_keeps_what_was_typed(approver, world, clock):
    read(approver, world)
    page = approver.get(url(world, "/sign"))
    clock.move(minutes=20)
    sent = approver.submit_form(page, data={"statements": NEEDS, **WEIGHT})
    assert sent.location.startswith("/account/confirm")
    assert "kept" in sent.location
    assert status(world) is Status.REVIEWED


@pytest.mark.parametrize("left_out", ["benefits", "harms", "proportionate"])
def test_each_weight_is_needed_and_the_rest_is_kept(approver, world, left_out):
    read(approver, world)
    page = approver.get(url(world, "/sign"))
    given = {"statements": NEEDS, **WEIGHT, left_out: " "}
    bad = approver.submit_form(page, data=given, expect=422)
    assert len(bad.errors) == 1
    kept = next(text for name, text in WEIGHT.items() if name != left_out)
    assert kept in bad.html
    assert len(re.findall(r"\schecked", bad.html)) == 3


def test_each_statement_is_confirmed_by_itself(approver, world):
    read(approver, world)
    page = approver.get(url(world, "/sign"))
    bad = approver.submit_form(page, data={"statements": NEEDS[:2], **WEIGHT}, expect=422)
    assert bad.errors == ["Confirm each statement, or do not sign"]
    assert status(world) is Status.REVIEWED


def test_what_cannot_be_signed_says_why(client, session):
    world = open_world(session, form=MORE).submit().confirm()
    client.sign_in(make_approver(world))
    read(client, world)
    page = client.get(url(world, "/sign"), expect=403)
    assert "“More information needed” cannot be signed" in page.text


def test_the_reviewer_with_both_roles_is_told_that_another_must_sign(client, session):
    world = open_world(session).submit()
    world.rows["Rita Reviewer"] = make_person(
        session, name="Rita Reviewer", roles=[Role.REVIEWER, Role.APPROVER]
    )
    world.confirm()
    client.sign_in(world.rows["Rita Reviewer"])
    read(client, world)
    page = client.get(url(world, "/sign"), expect=403)
    assert "another person must sign it" in page.text


def test_a_text_that_changed_since_it_was_read_is_not_signed(approver, world):
    read(approver, world)
    page = approver.get(url(world, "/sign"))
    form = page.form()
    form.values.setlist("digest", ["0" * 64])
    approver.submit_form(page, form, data={"statements": NEEDS, **WEIGHT}, expect=403)
    assert status(world) is Status.REVIEWED


@pytest.mark.parametrize("odd", ["", "\x00", "\ud800", "x" * 5000, "<script>"])
def test_an_odd_token_or_digest_never_breaks_a_page(approver, world, odd):
    read(approver, world)
    approver.get(url(world, "/sign"))
    raw = odd.encode("utf-8", "surrogatepass")
    sent = {"statements": NEEDS, **WEIGHT, "token": "fine-token", "digest": raw}
    approver.post(url(world, "/sign"), sent, expect=403)
    sent |= {"token": raw, "digest": world.screening.content_digest}
    approver.post(url(world, "/sign"), sent)
    assert status(world) is Status.SIGNED


def test_a_late_receipt_says_so(client, world, clock):
    clock.move(days=300)
    client.sign_in(make_approver(world))
    page = client.get(url(world, "/receipt"))
    assert "after the decision" in page.text
    client.submit_form(page, read=["read"])
    assert "after the decision" in client.get(url(world)).text


def test_somebody_signed_in_may_read_a_signed_one_and_say_so(client, approver, world):
    read(approver, world)
    page = approver.get(url(world, "/sign"))
    approver.submit_form(page, data={"statements": NEEDS, **WEIGHT})
    client.sign_in(make_person(world.session, name="Bo Board"))
    read(client, world)
    assert "Bo Board" in client.get(url(world)).text

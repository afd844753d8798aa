"""The queue, the review page and the pages of each act, as a reviewer's browser sees them."""

import pytest
from sqlalchemy import event

from eqia.domain.people import Role
from eqia.domain.screenings import Status
from eqia.web.extensions import db
from tests.builders import make_person
from tests.review_world import BARRED, MORE, open_world


@pytest.fixture
def world(session):
    return open_world(session).submit()


@pytest.fixture
def reviewer(client, world):
    return client.sign_in(row_of(world, world.reviewer))


def row_of(world, person):
    return world.rows.get(person.name) or world.lead_row


def url(world, rest=""):
    return f"/screenings/{world.screening.id}/review{rest}"


def status(world):
    world.session.expire_all()
    return world.screening.status


def test_the_queue_shows_what_waits_with_its_age_and_outcome(client, world, clock):
    clock.move(days=3)
    page = client.sign_in(row_of(world, world.reviewer)).get("/reviews")
    assert "1 screening found" in page.text
    assert world.screening.reference in page.text
    assert "3 days" in page.text
    assert "Full EqIA not needed" in page.text


def test_the_queue_puts_the_overdue_first(reviewer, world, session):
    late = open_world(session, A5_date="2026-11-20").submit()
    page = reviewer.get("/reviews")
    assert page.text.index(late.screening.reference) < page.text.index(world.screening.reference)
    assert "Overdue" in page.text


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("whose=mine", 0),
        ("whose=free", 1),
        ("outcome=not_required", 1),
        ("outcome=full", 0),
        ("flag=late", 0),
        ("status=reviewed", 0),
        ("status=nonsense&flag=nonsense&outcome=nonsense&page=-1&whose=x", 1),
        ("page=99999999999999999999", 1),
        ("page=%00", 1),
    ],
)
def test_the_queue_is_filtered_from_the_address(reviewer, query, found):
    assert f"{found} screening" in reviewer.get(f"/reviews?{query}").text


def test_a_reviewer_takes_a_review_from_the_queue(reviewer, world):
    page = reviewer.get("/reviews")
    reviewer.post(url(world, "/claim"))
    assert "Rita Reviewer" in reviewer.get("/reviews?whose=mine").text
    assert page.status == 200


def test_the_review_page_shows_answers_reasons_evidence_and_flags(reviewer, world):
    page = reviewer.get(url(world))
    for words in (
        "Full EqIA not needed",
        "R91",
        "Attendances by age",
        "Sex",
        "Gender reassignment",
        "What would change it",
        "Sent to review",
        "The same reason is given for",
        "Confirm the outcome",
    ):
        assert words in page.text, words


def test_the_team_reads_the_review_page_without_the_buttons(client, world):
    client.sign_in(world.lead_row)
    page = client.get(url(world))
    assert "Confirm the outcome" not in page.text
    assert "Full EqIA not needed" in page.text


def test_confirm_by_a_form_and_again_by_a_double_click(reviewer, world):
    page = reviewer.get(url(world, "/confirm"))
    form = page.form()
    reviewer.submit_form(page, form)
    assert status(world) is Status.REVIEWED
    again = reviewer.submit_form(page, form)
    assert again.location == url(world)


def test_return_by_a_form(reviewer, world):
    page = reviewer.get(url(world, "/return"))
    back = {"reason": "Say who.", "due-day": "1", "due-month": "12", "due-year": "2026"}
    done = reviewer.submit_form(page, data=back)
    assert done.location == url(world)
    assert status(world) is Status.RETURNED
    assert "1 December 2026" in reviewer.get(url(world)).text


def test_a_return_without_words_comes_back_with_everything_typed(reviewer, world):
    page = reviewer.get(url(world, "/return"))
    bad = reviewer.submit_form(page, reason="Say who was asked.", expect=422)
    assert "Enter the day you need it back" in bad.text
    assert "Say who was asked." in bad.html
    assert status(world) is Status.SUBMITTED


def test_raise_by_a_form(reviewer, world):
    page = reviewer.get(url(world, "/raise"))
    reviewer.submit_form(page, outcome="full", reason="Two wards are affected.")
    page = reviewer.get(url(world))
    assert "The answers alone came to: Full EqIA not needed" in page.text
    assert "Two wards are affected." in page.text


def test_a_lowering_by_two_reviewers(client, session):
    world = open_world(session, form=MORE).submit()
    world.later(hours=1)
    client.sign_in(row_of(world, world.reviewer))
    page = client.get(url(world, "/propose"))
    words = {"outcome": "not_required", "reason": "It covers this.", "evidence": "EqIA 7"}
    client.submit_form(page, data=words)
    assert "another reviewer must agree it" in client.get(url(world)).text
    client.get(url(world, "/agree"), expect=403)
    client.sign_in(row_of(world, world.second))
    page = client.get(url(world, "/agree"))
    assert "EqIA 7" in page.text
    client.submit_form(page, reason="I looked too.")
    assert status(world) is Status.REVIEWED


def test_a_barred_lowering_is_refused_in_words(client, session):
    world = open_world(session, form=BARRED).submit()
    client.sign_in(row_of(world, world.reviewer))
    page = client.get(url(world, "/propose"))
    assert "cannot be lowered" in page.text
    assert "R01" in page.text
    forced = {"outcome": "conditions", "reason": "x", "evidence": "y", "version": "1"}
    forced["version"] = str(world.screening.version)
    client.post(url(world, "/propose"), forced, expect=403)
    assert status(world) is Status.SUBMITTED


def test_a_comment_and_a_reply(client, reviewer, world):
    page = reviewer.get(url(world, "/comment?question=C3&group=age"))
    reviewer.submit_form(page, body="Which ward? <b>")
    client.sign_in(world.lead_row)
    page = client.get(url(world))
    assert "Which ward? <b>" in page.text
    reply = next(link for link in page.links.values() if "/reply" in link)
    client.submit_form(client.get(reply), body="Ward four.")
    assert "Ward four." in client.get(url(world)).text


def test_a_comment_on_a_question_that_is_not_there(reviewer, world):
    reviewer.get(url(world, "/comment?question=nonsense"), expect=404)
    reviewer.get(url(world, "/comment?question=C3&group=%00"), expect=404)


def test_a_review_is_handed_over_by_a_form(reviewer, world):
    second = row_of(world, world.second)
    page = reviewer.get(url(world, "/reassign"))
    assert "Lee Lead" not in page.text
    reviewer.submit_form(page, reviewer=str(second.id))
    assert "Sol Second" in reviewer.get(url(world)).text


def test_a_form_overtaken_by_somebody_else_comes_back_with_what_was_typed(reviewer, world):
    page = reviewer.get(url(world, "/return"))
    reviewer.post(url(world, "/claim"))
    words = {"reason": "Say who.", "due-day": "1", "due-month": "12", "due-year": "2026"}
    back = reviewer.submit_form(page, data=words, expect=409)
    assert "Somebody else acted" in back.text
    assert "Say who." in back.html
    reviewer.submit_form(back)
    assert status(world) is Status.RETURNED


ACTS = ("/confirm", "/raise", "/propose", "/agree", "/return", "/reassign", "/sign")


@pytest.mark.parametrize("act", ACTS)
@pytest.mark.parametrize("method", ["get", "post"])
def test_an_author_who_is_reviewer_and_approver_is_refused_on_every_route(
    client, session, act, method
):
    world = open_world(session, form=MORE).submit()
    author = make_person(session, name="Both", roles=[Role.REVIEWER, Role.APPROVER])
    world.send_back()
    world.project_member(author)
    world.later(hours=1).edit(world.as_member(author), A1="Changed a word.")
    world.edit(A1="Changed it again.").submit()
    if act == "/sign":
        world.confirm()
    client.sign_in(author)
    client.get(url(world))
    page = getattr(client, method)(url(world, act), expect=403)
    assert "You wrote, changed or submitted part of this screening" in page.text


@pytest.mark.parametrize("act", [*ACTS, "", "/claim", "/comment", "/receipt"])
def test_a_stranger_is_told_of_nothing(client, session, act, world):
    client.sign_in(make_person(session))
    ask = client.post if act == "/claim" else client.get
    ask(url(world, act), expect=404)


def test_an_old_token_of_somebody_else_is_refused(client, reviewer, world):
    page = reviewer.get(url(world, "/confirm"))
    form = page.form()
    reviewer.submit_form(page, form)
    client.sign_in(row_of(world, world.second))
    sent = {name: form.values[name] for name in ("token", "version")}
    client.post(url(world, "/confirm"), sent, expect=409)


def statements_for(client, app, url):
    with app.app_context():
        engine = db.engine
    seen = []

    def note(*given):
        seen.append(given[2])

    event.listen(engine, "before_cursor_execute", note)
    client.get(url)
    event.remove(engine, "before_cursor_execute", note)
    return len(seen)


def test_the_queue_costs_the_same_for_one_and_for_many(reviewer, app, session):
    reviewer.get("/reviews")
    one = statements_for(reviewer, app, "/reviews")
    for _ in range(5):
        open_world(session).submit()
    assert statements_for(reviewer, app, "/reviews") == one <= 6

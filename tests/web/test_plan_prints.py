"""A printed plan tells what waits today, what is missing, its risks and its cycles."""

import io
from datetime import date

import pytest
from pypdf import PdfReader

from tests.part_builders import make_cycle, make_risk
from tests.plan_builders import make_action
from tests.web.test_governance import with_concern
from tests.web.test_plan_parts import home, plan_of
from tests.web.test_start_plans import decided, in_team

__all__ = ["home"]


def words_of(client, address):
    """Read the words of a plan's PDF, as somebody signed in gets it now."""
    pages = PdfReader(io.BytesIO(client.get(f"{address}/plan.pdf").response.data)).pages
    return " ".join(" ".join(page.extract_text() for page in pages).split())


@pytest.fixture
def printed(team, home):
    return lambda: words_of(team, home)


def test_the_page_of_a_plan_leads_to_its_print(team, home):
    link = team.get(home).links["Print this plan (PDF, small numbers hidden)"]
    assert link == f"{home}/plan.pdf"


def test_a_print_says_what_is_overdue_due_next_and_missing(session, home, printed):
    plan = plan_of(session, home)
    make_action(session, plan=plan, title="Ask the wards", due=date(2026, 1, 5))
    make_action(session, plan=plan, title="Nobody yet", owner="", due=None)
    session.commit()
    said = printed()
    assert "Action: Ask the wards" in said
    assert "was due on" in said
    assert "What is due next" in said
    assert "Nobody yet. This action has no owner and no date." in said
    assert "Say who and by when" in said


def test_a_print_begins_with_what_gives_concern_and_says_it_once(client, session):
    plan = with_concern(session)
    client.sign_in(in_team(session, plan))
    said = words_of(client, f"/plans/{plan.id}")
    asked = "Hold a review, and decide whether to screen again. (Stops the plan being closed)"
    assert said.index("Look at this first • Cause for concern: Calls.") < said.index("Overdue")
    assert said.count(asked) == 1


@pytest.mark.parametrize(
    ("due", "under"), [(date(2026, 11, 23), "Overdue"), (date(2026, 11, 30), "What is due next")]
)
def test_a_print_says_that_a_review_decided_to_screen_again(client, session, due, under):
    plan = with_concern(session)
    decided(session, plan, due=due)
    client.sign_in(in_team(session, plan))
    said = words_of(client, f"/plans/{plan.id}")
    heads = ["Look at this first", "Overdue", "What is due next", "What is missing"]
    told = said.index("decided to screen again; Asha, by")
    assert max((head for head in heads if said.index(head) < told), key=said.index) == under


def test_a_print_holds_open_and_closed_risks_and_every_cycle(session, home, printed):
    plan = plan_of(session, home)
    make_risk(session, plan=plan, event="The driver falls ill.", owner="")
    closed = {"closed_on": plan.created_at.date(), "closed_why": "A second driver came."}
    make_risk(session, plan=plan, event="The van breaks.", status="closed", **closed)
    make_cycle(session, plan=plan, objective="Ring people the day before.")
    session.commit()
    said = printed()
    assert "Risk The driver falls ill." in said
    assert "Looked after by Nobody yet" in said
    assert "The van breaks. Closed on" in said
    assert "A second driver came." in said
    assert "Cycle 1 Aim Ring people the day before." in said
    assert "Nothing decided yet" in said


def test_a_plan_without_risks_does_not_say_that_nothing_can_go_wrong(printed):
    said = printed()
    assert "That does not mean that nothing can go wrong." in said
    assert "No cycle was begun yet." in said


def test_a_small_number_beside_a_group_in_typed_words_is_hidden(session, home, printed):
    plan = plan_of(session, home)
    make_risk(session, plan=plan, event="The lift", effect="3 people of Disability wait longest.")
    session.commit()
    said = printed()
    assert "3 people of" not in said
    assert "* people of Disability wait longest." in said


def test_a_closed_plan_asks_for_nothing_in_print(session, home, printed):
    plan = plan_of(session, home)
    make_action(session, plan=plan, title="Ask the wards", due=date(2026, 1, 5))
    plan.status = "closed"
    session.commit()
    said = printed()
    assert "The plan is closed: nothing is asked for any more." in said
    assert "was due on" not in said


def test_a_print_says_why_the_plan_was_paused(team, home, printed):
    form = team.get(f"{home}/pause")
    team.submit_form(form, data={"reason": "The clinic is shut."})
    assert "Paused from" in printed()
    assert "The clinic is shut." in printed()

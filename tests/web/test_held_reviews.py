"""A review held by somebody from outside the team: what they cannot be told, and what they open."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from eqia.domain.people import MemberRole, Role
from eqia.persistence.database import writing
from eqia.persistence.tables import (
    ChartAdjustmentRow,
    EventRow,
    MeasureRow,
    MeasureVersionRow,
    PlanReviewRow,
    ProjectRow,
)
from eqia.services import standings
from tests.builders import NOW, kept, make_member, make_person
from tests.web.test_governance import with_concern, with_hidden
from tests.web.test_plans import day

UNTOLD = "It cannot be told here whether these give cause for concern."
OPEN = "Open the exact figures"
WORDS = {
    "decision": "continue",
    "notes": "We looked at all that we were shown.",
    **day("held_on", "2026-11-24"),
    **day("next_review", "2027-02-24"),
}
BOX = "The ward was moved, and the figures will be looked at again."


@pytest.fixture
def plan(session):
    """A plan of which only hidden figures give concern."""
    return with_hidden(session)


@pytest.fixture
def reviewer(client, session):
    return client.sign_in(make_person(session, roles=[Role.REVIEWER]))


@pytest.fixture
def address(plan):
    return f"/plans/{plan.id}/review"


def boxes(page):
    return [name for name in page.form("/review").names if name.startswith("concern-")]


def opened(client, page):
    return client.follow(client.submit_form(page, page.form("/review/exact")))


def lead(client, session, plan):
    person = make_person(session)
    project = session.get_one(ProjectRow, plan.project_id)
    make_member(session, project=project, person=person, role=MemberRole.LEAD)
    return client.sign_in(person)


def test_whom_it_cannot_be_told_of_is_named_and_stays_open_without_the_figures(
    reviewer, session, plan, address
):
    page = reviewer.get(address)
    assert UNTOLD in page.text
    assert "Falls: Everybody; Under 65; 65 and over" in page.text
    assert "What they would show stays open until a review that sees it answers it." in page.text
    assert boxes(page) == []
    reviewer.submit_form(page, page.form("/review"), data=WORDS)
    (row,) = session.scalars(select(PlanReviewRow))
    assert len(row.snapshot["blind"]) == 1
    mine = lead(reviewer, session, plan).get(address)
    assert UNTOLD not in mine.text
    assert len(boxes(mine)) == 1


def test_opened_for_a_review_they_show_the_list_its_team_sees_and_that_is_logged(
    reviewer, session, plan, address
):
    page = opened(reviewer, reviewer.get(address))
    (event,) = session.scalars(select(EventRow).where(EventRow.action == "plan.exact_opened"))
    (box,) = boxes(page)
    assert event.payload["measure"] == box.removeprefix("concern-")
    assert UNTOLD not in page.text
    assert "You see exact figures here of Falls, until 24 November 2026 at 10:20am." in page.text
    assert "65 and over: cause for concern: higher than usual." in page.text
    told = reviewer.submit_form(page, page.form("/review"), data=WORDS, expect=422)
    assert "Say what you make of it, and what happens now" in told.errors[0]
    reviewer.submit_form(told, told.form("/review"), data={box: BOX})
    (row,) = session.scalars(select(PlanReviewRow))
    assert row.snapshot["blind"] == []
    assert boxes(lead(reviewer, session, plan).get(address)) == []


def test_what_was_typed_is_taken_though_the_figures_have_closed_meanwhile(
    reviewer, session, address, clock
):
    page = opened(reviewer, reviewer.get(address))
    (box,) = boxes(page)
    clock.move(minutes=21)
    assert UNTOLD in reviewer.get(address).text
    reviewer.submit_form(page, page.form("/review"), data={**WORDS, box: BOX})
    (row,) = session.scalars(select(PlanReviewRow))
    assert [one["text"] for one in row.answers] == [BOX]


def test_who_could_not_see_a_change_to_a_chart_has_not_looked_at_it(
    reviewer, session, plan, address
):
    falls = session.scalars(select(MeasureRow).where(MeasureRow.title == "Falls")).one()
    version = session.scalars(
        select(MeasureVersionRow).where(MeasureVersionRow.measure_id == falls.id)
    ).one()
    flood = ChartAdjustmentRow(
        version_id=version.id,
        kind="exclusion",
        on_date=date(2026, 8, 1),
        member="65_plus",
        reason="A flood.",
        created_by=plan.created_by,
        created_at=NOW - timedelta(hours=1),
    )
    kept(session, flood)
    with writing(session):
        standings.refresh(session, falls)

    def told(page):
        return "With the reading of 65 and over for August 2026 counted" in page.text

    page = reviewer.get(address)
    reviewer.submit_form(page, page.form("/review"), data=WORDS)
    page = opened(reviewer, reviewer.get(address))
    assert told(page)
    (box,) = boxes(page)
    reviewer.submit_form(page, page.form("/review"), data={**WORDS, box: BOX})
    assert not told(reviewer.get(address))


def test_where_nothing_is_hidden_nothing_is_offered(reviewer, session):
    page = reviewer.get(f"/plans/{with_concern(session).id}/review")
    assert UNTOLD not in page.text
    assert OPEN not in page.text
    assert len(boxes(page)) == 1

"""What of plans waits on a home page, for whom, and until when."""

from datetime import date

import pytest

from eqia.domain.people import MemberRole, Role
from eqia.persistence.tables import PlanReviewRow, ProjectRow
from tests.builders import NOW, kept, make_member, make_person
from tests.plan_builders import make_action
from tests.web.test_governance import planned, statements, with_concern

WORRIED = "Moving the clinic: a figure gives cause for concern"
LATE = "Moving the clinic: 5 readings overdue"


def home(client, person):
    return client.sign_in(person).get("/").text


def in_team(session, plan, **person):
    row = make_person(session, **person)
    make_member(session, project=session.get_one(ProjectRow, plan.project_id), person=row)
    return row


def test_readings_that_are_overdue_wait_for_the_team(client, session):
    plan = planned(session)
    told = home(client, in_team(session, plan))
    assert LATE in told
    assert "the oldest was due on 30 June 2025" in told
    for role in Role:
        assert LATE not in home(client, make_person(session, roles=[role]))


@pytest.mark.parametrize("status", ["paused", "closed"])
def test_nothing_waits_of_a_plan_that_rests_or_is_over(client, session, status):
    plan = planned(session, status=status)
    assert "Nothing waits for you right now" in home(client, in_team(session, plan))


def test_what_gives_concern_waits_for_the_team_and_for_reviewers(client, session):
    plan = with_concern(session)
    assert WORRIED in home(client, in_team(session, plan))
    assert WORRIED in home(client, make_person(session, roles=[Role.REVIEWER]))
    assert WORRIED not in home(client, make_person(session, roles=[Role.APPROVER]))
    assert WORRIED not in home(client, make_person(session))


def test_what_gives_concern_goes_on_to_wait_in_a_plan_that_rests_until_it_is_over(client, session):
    plan = with_concern(session)
    for row in (in_team(session, plan), make_person(session, roles=[Role.REVIEWER])):
        for status, waits in (("paused", True), ("closed", False), ("open", True)):
            plan.status = status
            session.commit()
            told = home(client, row)
            assert (WORRIED in told) is waits, status
            assert ("The plan is paused" in told) is (status == "paused")


@pytest.mark.parametrize(("held", "waits"), [(date(2026, 11, 23), True), (NOW.date(), False)])
def test_a_review_after_it_answers_it(client, session, held, waits):
    plan = with_concern(session)
    kept(
        session,
        PlanReviewRow(
            plan_id=plan.id,
            held_on=held,
            decision="continue",
            notes="Go on.",
            snapshot={},
            created_by=plan.created_by,
            created_at=NOW,
        ),
    )
    assert (WORRIED in home(client, in_team(session, plan))) is waits


def decided(session, plan, due=date(2026, 11, 30)):
    review = {"plan_id": plan.id, "held_on": NOW.date(), "decision": "rescreen", "notes": "Again."}
    who = {"rescreen_by": "Asha", "rescreen_due": due, "answers": []}
    by = {"created_by": plan.created_by, "created_at": NOW}
    seen = {"coverage": "No finding needs action"}
    return kept(session, PlanReviewRow(**review, **who, snapshot=seen, **by))


def test_a_decision_to_screen_again_waits_for_the_team_and_for_reviewers(client, session):
    plan = planned(session)
    decided(session, plan)
    lead = in_team(session, plan, name="Lou Lead")
    told = "decided to screen again; Asha, by 30 November 2026; it has not begun."
    assert told in home(client, lead)
    assert told in home(client, make_person(session, roles=[Role.REVIEWER]))
    assert told not in home(client, make_person(session, roles=[Role.APPROVER]))


def test_only_who_may_start_the_next_version_is_led_there(client, session):
    plan = planned(session)
    decided(session, plan)
    screening = f"/screenings/{plan.screening_id}"
    for role, address in (
        (MemberRole.LEAD, f"{screening}/new-version"),
        (MemberRole.MEMBER, screening),
    ):
        row = make_person(session)
        project = session.get_one(ProjectRow, plan.project_id)
        make_member(session, project=project, person=row, role=role)
        links = client.sign_in(row).get(f"/plans/{plan.id}").links
        found = {href for text, href in links.items() if text.startswith("Start version 2")}
        assert found == {address}, role


def test_it_is_overdue_when_nobody_began_by_then(client, session):
    plan = planned(session)
    decided(session, plan, due=date(2026, 11, 23))
    told = home(client, in_team(session, plan))
    assert "Overdue: it was to be started by 23 November 2026" in told


def test_a_measure_says_that_a_review_answered_only_what_one_did(client, session):
    plan = with_concern(session)
    client.sign_in(in_team(session, plan))
    measure = client.get(client.get(f"/plans/{plan.id}").links["Calls"])
    assert "Look at this:" in measure.text
    # Somebody of the team who holds no reviews is not asked to.
    assert "A review decides whether to screen again." in measure.text
    asked_of_nothing = {"decision": "continue", "notes": "Go on.", "snapshot": {}, "answers": []}
    who = {"created_by": plan.created_by, "created_at": NOW}
    kept(session, PlanReviewRow(plan_id=plan.id, held_on=NOW.date(), **asked_of_nothing, **who))
    assert "A review decides whether to screen again." in client.get(measure.url).text


def test_a_concern_that_a_review_left_out_still_waits(client, session):
    plan = with_concern(session)
    decided(session, plan)
    assert WORRIED in home(client, in_team(session, plan))


def test_my_own_actions_past_their_day_wait_for_me(client, session):
    plan = planned(session)
    mine = in_team(session, plan, name="Sam Own")
    make_action(session, plan=plan, title="Ring people", owner="sam own", due=date(2026, 11, 1))
    make_action(session, plan=plan, title="Open late", owner="Ada", due=date(2026, 11, 1))
    make_action(session, plan=plan, title="Print slips", owner="Sam Own", due=NOW.date())
    told = home(client, mine)
    assert "your action is overdue Ring people Overdue: it was due on 1 November 2026" in told
    assert "Open late" not in told
    assert "Print slips" not in told


def test_an_action_of_anybody_past_its_day_waits_for_who_leads(client, session):
    plan = planned(session)
    make_action(session, plan=plan, title="Open late", owner="Ada Other", due=date(2026, 11, 1))
    project = session.get_one(ProjectRow, plan.project_id)
    for role, waits in ((MemberRole.LEAD, True), (MemberRole.MEMBER, False)):
        row = make_person(session)
        make_member(session, project=project, person=row, role=role)
        told = home(client, row)
        assert ("an action is overdue Open late Overdue: it was due on" in told) is waits, role
        assert ("It is Ada Other\u2019s" in told) is waits


def test_a_home_page_takes_as_many_statements_however_many_plans_there_are(client, session):
    person = in_team(session, with_concern(session))
    client.sign_in(person)
    few = statements(client, session, "/")
    for number in range(8):
        plan = planned(session, title=f"Plan {number}")
        make_member(session, project=session.get_one(ProjectRow, plan.project_id), person=person)
    assert statements(client, session, "/") == few
    few = statements(client, session, "/readings")
    make_member(
        session, project=session.get_one(ProjectRow, planned(session).project_id), person=person
    )
    assert statements(client, session, "/readings") == few

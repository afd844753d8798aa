"""What a reviewer may do with a submitted screening, and every refusal."""

from datetime import date, timedelta

import pytest

from eqia.domain.errors import Conflict, Invalid, NotAllowed, NotFound
from eqia.domain.people import Role
from eqia.domain.screenings import Status
from eqia.persistence.queries import events, screenings
from eqia.persistence.queries import reviews as queries
from eqia.services import events as event_log
from eqia.services import reviews
from tests.builders import NOW
from tests.review_world import BARRED, CONDITIONS, FULL, MORE, open_world

pytestmark = pytest.mark.usefixtures("database_session")


@pytest.fixture
def world(database_session):
    return open_world(database_session).submit()


def more(session):
    return open_world(session, form=MORE).submit()


def test_confirming_puts_the_calculated_outcome_in_force(world):
    world.confirm()
    screening = world.screening
    assert screening.status is Status.REVIEWED
    assert screening.confirmed_outcome == screening.calculated_outcome == "not_required"
    assert screening.reviewed_at == NOW


def test_one_act_is_one_event_and_the_chain_holds(world):
    before = len(events.timeline(world.session, world.screening))
    world.confirm()
    after = events.timeline(world.session, world.screening)
    assert [row.action for row in after][before:] == ["review.confirmed"]
    assert event_log.verify(world.session) is None


def test_a_second_click_on_confirm_gives_the_first_result(world):
    world.confirm(token="same")
    world.confirm(token="same")
    assert len(queries.acts(world.session, world.screening)) == 1


def test_confirming_changes_the_content_that_receipts_are_for(world):
    before = world.screening.content_digest
    world.confirm()
    assert world.screening.content_digest != before


@pytest.mark.parametrize("role", [None, Role.APPROVER, Role.AUDITOR, Role.ADMINISTRATOR])
def test_only_a_reviewer_confirms(world, role):
    with pytest.raises(NotAllowed) as refusal:
        world.confirm(world.person("Somebody", *([role] if role else [])))
    assert refusal.value.code == "role"


def test_an_author_who_is_also_reviewer_and_approver_can_do_nothing_to_it(world):
    author = world.author_with_every_role
    for act in (
        world.confirm,
        lambda actor: world.raise_outcome(actor=actor),
        lambda actor: world.propose(actor=actor),
        world.send_back,
        lambda actor: reviews.claim(world.session, **world.by(actor)),
    ):
        with pytest.raises(NotAllowed) as refusal:
            act(author)
        assert refusal.value.code == "author"
    assert world.screening.status is Status.SUBMITTED


def test_an_author_can_neither_agree_a_lowering_nor_sign(database_session):
    world = more(database_session)
    world.propose()
    with pytest.raises(NotAllowed, match="wrote"):
        world.agree(world.author_with_every_role)
    world.agree()
    world.read(world.author_with_every_role)
    with pytest.raises(NotAllowed, match="wrote"):
        world.sign(world.author_with_every_role)


# Raise


def test_any_reviewer_may_raise_with_a_reason(world):
    world.raise_outcome("full", "Two wards are affected.")
    assert world.screening.confirmed_outcome == "full"
    assert world.screening.calculated_outcome == "not_required"
    assert world.screening.status is Status.REVIEWED


@pytest.mark.parametrize(
    ("outcome", "reason", "field"),
    [
        ("full", "", "reason"),
        ("full", "   ", "reason"),
        ("not_required", "It is wider.", "outcome"),
        ("nonsense", "It is wider.", "outcome"),
        ("", "It is wider.", "outcome"),
    ],
)
def test_a_raise_needs_a_higher_outcome_and_a_reason(world, outcome, reason, field):
    with pytest.raises(Invalid) as refusal:
        world.raise_outcome(outcome, reason)
    assert [problem.field for problem in refusal.value.problems] == [field]


# Lower


def test_a_lowering_waits_for_a_second_reviewer(database_session):
    world = more(database_session)
    world.propose("not_required")
    assert world.screening.status is Status.SUBMITTED
    assert world.screening.outcome_in_force == "more_info"
    world.agree()
    assert world.screening.confirmed_outcome == "not_required"
    assert world.screening.status is Status.REVIEWED


def test_the_proposer_cannot_agree_their_own_lowering(database_session):
    world = more(database_session)
    world.propose()
    with pytest.raises(NotAllowed) as refusal:
        world.agree(world.reviewer)
    assert refusal.value.code == "same_person"


def test_what_has_to_be_found_out_stays_open_after_a_lowering(database_session):
    world = more(database_session)
    world.propose()
    world.agree()
    actions = queries.evidence_actions(world.session, world.screening)
    assert actions
    assert all(action.done_at is None for action in actions)


@pytest.mark.parametrize("form", [BARRED, {"C1": "major"}])
def test_a_lowering_is_refused_while_a_rule_matches_that_nobody_may_override(
    database_session, form
):
    if "C1" in form:
        base = open_world(database_session)
        effects = screenings.answers_of(database_session, base.screening).values["C1"]
        form = {"C1": {**effects, "sex": "major"}}
    world = open_world(database_session, form=form).submit()
    with pytest.raises(NotAllowed) as refusal:
        world.propose("conditions")
    assert refusal.value.code == "barred"


@pytest.mark.parametrize(
    ("outcome", "words", "fields"),
    [
        ("not_required", {"reason": ""}, ["reason"]),
        ("not_required", {"evidence": " "}, ["evidence"]),
        ("not_required", {"reason": "", "evidence": ""}, ["reason", "evidence"]),
        ("full", {}, ["outcome"]),
        ("more_info", {}, ["outcome"]),
        ("nonsense", {}, ["outcome"]),
    ],
)
def test_a_lowering_needs_a_lower_outcome_a_reason_and_evidence(
    database_session, outcome, words, fields
):
    world = more(database_session)
    with pytest.raises(Invalid) as refusal:
        world.propose(outcome, **words)
    assert [problem.field for problem in refusal.value.problems] == fields


def test_nothing_can_be_agreed_that_was_not_proposed(world):
    with pytest.raises(NotAllowed, match="No lower outcome"):
        world.agree()


def test_a_return_voids_a_proposal(database_session):
    world = more(database_session)
    world.propose()
    world.send_back()
    world.later(hours=1).submit_again()
    with pytest.raises(NotAllowed, match="No lower outcome"):
        world.agree()


# Return


def test_a_reviewer_returns_it_with_a_reason_and_a_day(world):
    world.send_back(due=date(2026, 12, 1))
    assert world.screening.status is Status.RETURNED
    assert world.screening.return_due == date(2026, 12, 1)


@pytest.mark.parametrize(
    ("more_words", "field"),
    [
        ({"reason": " "}, "reason"),
        ({"due": None}, "due"),
        ({"due": NOW.date() - timedelta(days=1)}, "due"),
    ],
)
def test_a_return_needs_a_reason_and_a_day_to_come(world, more_words, field):
    with pytest.raises(Invalid) as refusal:
        world.send_back(**more_words)
    assert [problem.field for problem in refusal.value.problems] == [field]


def test_an_approver_returns_a_reviewed_one_but_not_a_submitted_one(world):
    with pytest.raises(NotAllowed):
        world.send_back(world.approver)
    world.confirm()
    world.send_back(world.approver)
    assert world.screening.status is Status.RETURNED
    assert world.screening.confirmed_outcome == ""


def test_a_reviewer_does_not_return_a_reviewed_one(world):
    world.confirm()
    with pytest.raises(NotAllowed):
        world.send_back(world.second)


def test_a_return_voids_the_review_and_the_receipts_even_when_nothing_is_changed(world):
    world.confirm()
    world.read()
    world.later(hours=1).send_back(world.approver)
    world.later(hours=1).submit_again()
    world.later(hours=1).confirm()
    assert queries.valid_receipt(world.session, world.screening, world.approver.id) is None


# Claim, hand over, comment


def test_a_claim_by_two_reviewers_is_told_to_the_second(world):
    reviews.claim(world.session, **world.by(world.reviewer))
    with pytest.raises(Conflict):
        reviews.claim(world.session, **world.by(world.second))


def test_a_review_is_handed_to_a_reviewer_who_wrote_none_of_it(world):
    reviews.reassign(world.session, **world.by(world.reviewer), reviewer_id=world.second.id)
    assert world.screening.reviewer_id == world.second.id


def test_a_review_is_not_handed_to_somebody_who_is_no_reviewer(world):
    for person in (world.approver, world.lead):
        with pytest.raises(Invalid):
            reviews.reassign(world.session, **world.by(world.reviewer), reviewer_id=person.id)


def test_a_stale_form_is_told_so(world):
    version = world.screening.version
    reviews.claim(world.session, **world.by(world.reviewer))
    with pytest.raises(Conflict):
        world.confirm(version=version)


def test_a_comment_does_not_throw_out_an_open_form(world):
    version = world.screening.version
    made = comment(world)
    world.confirm(version=version)
    assert made.body == "Which ward?"


def comment(world, **changed):
    given = {"question": "C3", "group": "age", "body": "Which ward?", **changed}
    return reviews.comment(world.session, **world.by(world.reviewer), **given)


def test_the_team_replies_to_a_comment(world):
    made = comment(world)
    given = {"comment_id": made.id, "body": "Ward four."}
    world.later(minutes=1)
    reviews.reply(world.session, **world.by(world.lead), **given)
    found = screenings.comments_on(world.session, world.screening)["C3", "age"]
    assert [(row.body, who) for row, who in found] == [
        ("Which ward?", "Rita Reviewer"),
        ("Ward four.", "Lee Lead"),
    ]


@pytest.mark.parametrize(
    "place",
    [
        {"question": "nonsense"},
        {"question": "C3", "group": ""},
        {"question": "C3", "group": "x"},
        {"question": "A1", "group": "age"},
    ],
)
def test_a_comment_is_about_a_question_that_is_there(world, place):
    with pytest.raises(NotFound):
        comment(world, **place)


@pytest.mark.parametrize("body", ["", "  ", "\x00"])
def test_a_comment_says_something(world, body):
    with pytest.raises(Invalid):
        comment(world, body=body)


def test_a_team_member_cannot_make_a_reviewers_comment(world):
    with pytest.raises(NotAllowed):
        reviews.comment(
            world.session, **world.by(world.lead), question="A1", group="", body="Fine."
        )


@pytest.mark.parametrize(("form", "outcome"), [(CONDITIONS, "conditions"), (FULL, "full")])
def test_each_outcome_can_be_confirmed(database_session, form, outcome):
    world = open_world(database_session, form=form).submit().confirm()
    assert world.screening.confirmed_outcome == outcome

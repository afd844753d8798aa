"""Reading receipts and the sign-off, and every refusal of either."""

import json
from datetime import date, timedelta

import pytest

from eqia.domain.eqias import FollowUpKind
from eqia.domain.errors import Invalid, NotAllowed
from eqia.domain.flags import flags_of
from eqia.domain.people import Role
from eqia.domain.reviews import Supplied, Weight
from eqia.domain.screenings import Status
from eqia.persistence.queries import events, records
from eqia.persistence.queries import reviews as queries
from eqia.persistence.queries.flags import facts_of
from eqia.services import eqias as follow
from eqia.services.eqias import FollowUp
from eqia.services.flags import COLUMNS
from tests.builders import make_receipt
from tests.domain.forms import short_form
from tests.review_world import CONDITIONS, MORE, open_world

pytestmark = pytest.mark.usefixtures("database_session")


@pytest.fixture
def world(database_session):
    return open_world(database_session).submit().confirm()


def test_an_approver_who_has_read_it_signs_it(world):
    world.read()
    world.sign()
    screening = world.screening
    assert screening.status is Status.SIGNED
    assert screening.signed_at == world.at
    assert screening.project_snapshot["title"] == world.project.title
    record = records.of_screening(world.session, screening.id)
    assert record.pdf.startswith(b"%PDF")
    last = events.timeline(world.session, screening)[-1]
    assert last.action == "screening.signed"
    assert last.payload["record_sha256"] == record.sha256


def test_a_second_click_on_sign_gives_the_first_result(world):
    world.read()
    world.sign(token="same").sign(token="same")
    signed = [r for r in events.timeline(world.session, world.screening) if "signed" in r.action]
    assert len(signed) == 1


def test_nobody_signs_what_they_have_not_read(world):
    with pytest.raises(NotAllowed, match="Read this version"):
        world.sign()


def test_another_persons_receipt_does_not_count(world):
    world.read(world.person("Other Approver", Role.APPROVER))
    with pytest.raises(NotAllowed, match="Read this version"):
        world.sign()


def test_a_receipt_is_for_one_text_only(world):
    with pytest.raises(NotAllowed):
        world.read(digest="0" * 64)
    world.read()
    with pytest.raises(NotAllowed):
        world.sign(digest="0" * 64)


def test_a_receipt_for_another_text_is_not_valid(world):
    approver = world.approver
    row = world.rows[approver.name]
    make_receipt(world.session, screening=world.screening, person=row, content_digest="0" * 64)
    assert queries.valid_receipt(world.session, world.screening, approver.id) is None
    with pytest.raises(NotAllowed, match="Read this version"):
        world.sign()


def test_a_receipt_said_twice_counts_once(world):
    first = world.read()
    assert world.later(hours=1).read().id == first.id


def test_the_reviewer_of_a_version_does_not_sign_it(world):
    both = world.person("Rita Reviewer", Role.REVIEWER, Role.APPROVER)
    world.read(both)
    with pytest.raises(NotAllowed) as refusal:
        world.sign(both)
    assert refusal.value.code == "same_person"


def test_the_proposer_of_a_lowering_does_not_sign_it(database_session):
    world = open_world(database_session, form=MORE).submit()
    world.propose()
    world.agree()
    both = world.person("Rita Reviewer", Role.REVIEWER, Role.APPROVER)
    world.read(both)
    with pytest.raises(NotAllowed) as refusal:
        world.sign(both)
    assert refusal.value.code == "same_person"


@pytest.mark.parametrize("role", [Role.REVIEWER, Role.AUDITOR, Role.ADMINISTRATOR])
def test_only_an_approver_signs(world, role):
    with pytest.raises(NotAllowed) as refusal:
        world.sign(world.person("Somebody", role))
    assert refusal.value.code == "role"


def test_more_information_cannot_be_signed(database_session):
    world = open_world(database_session, form=MORE).submit().confirm()
    world.read()
    with pytest.raises(NotAllowed, match="cannot be signed"):
        world.sign()


def test_a_lowered_outcome_can_be_signed(database_session):
    world = open_world(database_session, form=MORE).submit()
    world.propose()
    world.agree()
    world.read()
    world.sign()
    assert world.screening.confirmed_outcome == "not_required"


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"statements": ("need_a", "need_b")}, "statements.need_c"),
        ({"weight": Weight("", "None seen.", "Fine.")}, "benefits"),
        ({"weight": Weight("Shorter waits.", " ", "Fine.")}, "harms"),
        ({"weight": Weight("Shorter waits.", "None seen.", "\x00")}, "proportionate"),
    ],
)
def test_each_statement_and_each_weight_is_needed(world, changed, field):
    world.read()
    with pytest.raises(Invalid) as refusal:
        world.sign(**changed)
    assert [problem.field for problem in refusal.value.problems] == [field]
    assert world.screening.status is Status.REVIEWED


def test_conditions_are_signed_with_their_measure(database_session):
    world = open_world(database_session, form=CONDITIONS).submit().confirm()
    world.read()
    world.sign()
    assert world.screening.review_due == date(2028, 6, 30)


def test_conditions_a_reviewer_raised_to_need_a_measure_from_the_team(world):
    world.send_back(world.approver)
    world.later(hours=1).submit_again()
    world.raise_outcome("conditions", "Watch the results.")
    world.read()
    with pytest.raises(Invalid) as refusal:
        world.sign()
    assert [problem.field for problem in refusal.value.problems] == ["measure"]


def test_a_missing_review_date_is_given_by_the_approver(database_session):
    world = open_world(database_session, answers=short_form(A5_who="The board")).submit().confirm()
    world.read()
    with pytest.raises(Invalid) as refusal:
        world.sign()
    assert [problem.field for problem in refusal.value.problems] == ["review_date"]
    world.sign(supplied=Supplied(review_date=date(2027, 12, 1)))
    assert world.screening.review_due == date(2027, 12, 1)
    record = json.loads(records.of_screening(world.session, world.screening.id).canonical_json)
    assert record["sign_off"]["supplied"] == {"review_date": "2027-12-01"}


def test_a_receipt_after_the_decision_date_is_marked_and_still_lets_sign(world):
    world.at = world.at.replace(year=2027, month=7, day=1)
    assert world.read().after_decision
    world.sign()
    assert world.screening.status is Status.SIGNED
    assert world.screening.late_from == date(2027, 7, 1)


def test_a_receipt_on_the_day_of_the_planned_decision_is_in_time(world):
    world.at = world.at.replace(year=2027, month=6, day=30)
    assert not world.read().after_decision


def test_a_receipt_after_a_logged_decision_is_marked(world):
    logged = FollowUp(FollowUpKind.DECISION, world.at.date(), body="The board")
    follow.log_follow_up(world.session, **world.by(world.lead), follow_up=logged)
    assert world.read().after_decision


def test_other_decision_makers_read_a_signed_one_up_to_the_decision(world):
    world.read()
    world.sign()
    member = world.person("Bo Board")
    assert not world.later(days=1).read(member).after_decision
    other = world.person("Late Board")
    world.at = world.at.replace(year=2027, month=7, day=1)
    with pytest.raises(NotAllowed, match="decision has been taken"):
        world.read(other)


def test_signing_supersedes_the_version_before(world):
    world.read()
    world.sign()
    first = world.screening
    world.later(days=1).new_version().submit().later(hours=1).confirm()
    world.read()
    world.sign()
    world.session.refresh(first)
    assert first.status is Status.SUPERSEDED
    assert first.stale_from is None
    assert world.screening.number == 2
    assert world.screening.status is Status.SIGNED


def test_nothing_is_signed_when_the_screening_changed_meanwhile(world):
    world.read()
    signing = world.signing()
    world.send_back(world.approver)
    with pytest.raises(NotAllowed):
        world.sign(digest=signing.digest)
    assert queries.sign_off_of(world.session, world.screening) is None


def test_every_flag_stored_is_what_a_recomputation_gives(world):
    world.read()
    world.sign()
    facts = facts_of(world.session, world.screening, world.at.date() + timedelta(days=1))
    since = {flag.kind: flag.since for flag in flags_of(facts)}
    for kind, column in COLUMNS.items():
        assert getattr(world.screening, column) == since.get(kind)

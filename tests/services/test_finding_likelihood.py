"""A finding says how bad it would be and what that rests on; the team judges how likely it is."""

import pytest
from sqlalchemy.exc import DatabaseError

from eqia.domain.errors import Conflict, Invalid, NotAllowed, NotFound
from eqia.domain.people import Role
from eqia.domain.plans import Plan
from eqia.persistence.queries import plans as queries
from eqia.services import findings, plans
from tests.plan_builders import make_finding, make_plan
from tests.review_world import fixed, open_world


@pytest.fixture
def plan(world):
    return plans.open_plan(
        world.session, **by(world), screening=world.screening, plan=Plan(aim="Fair.")
    )


def by(world, actor=None):
    return {"actor": actor or world.lead, "now": world.at}


@pytest.fixture
def age(world, plan):
    return next(r for r in queries.findings(world.session, plan) if r.group_id == "age")


def judge(world, plan, row, likelihood="likely", seen="", actor=None):
    findings.judge_likelihood(
        world.session, **by(world, actor), plan=plan, row=row, likelihood=likelihood, seen=seen
    )


def test_severity_and_evidence_come_from_the_signed_answers(world, plan, age):
    assert (age.severity, age.evidence, age.likelihood) == ("small", "Local data", "")
    others = [r for r in queries.findings(world.session, plan) if r.group_id != "age"]
    assert {row.severity for row in others} == {""}


def test_the_team_says_how_likely_it_is_and_may_think_again(world, plan, age):
    judge(world, plan, age)
    judge(world, plan, age, "unlikely", seen="likely")
    assert age.likelihood == "unlikely"


def test_another_judgement_meanwhile_is_told(world, plan, age):
    judge(world, plan, age, "possible")
    with pytest.raises(Conflict):
        judge(world, plan, age, "likely", seen="")
    judge(world, plan, age, "possible", seen="")
    assert age.likelihood == "possible"


@pytest.mark.parametrize("likelihood", ["", "certain", "\x00"])
def test_only_what_is_offered_is_kept(world, plan, age, likelihood):
    with pytest.raises(Invalid):
        judge(world, plan, age, likelihood)


def test_a_finding_of_another_plan_and_another_persons_plan_are_refused(world, plan, age):
    other = open_world(world.session, form=fixed()).submit().confirm().later(hours=1)
    other.read()
    other.sign()
    foreign = make_finding(world.session, plan=make_plan(world.session, screening=other.screening))
    with pytest.raises(NotFound):
        judge(world, plan, foreign)
    with pytest.raises((NotAllowed, NotFound)):
        judge(world, plan, age, actor=world.person("Al", Role.AUDITOR))


@pytest.mark.parametrize("field", ["severity", "evidence"])
def test_what_was_signed_stays_as_it_was(world, age, field):
    setattr(age, field, "serious")
    with pytest.raises(DatabaseError, match="frozen"):
        world.session.flush()
    world.session.rollback()

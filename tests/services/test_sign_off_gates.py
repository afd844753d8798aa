"""What a reviewer lowered is not signed while harm has no answer; a full EqIA carries it on."""

import pytest

from eqia.domain.errors import NotAllowed
from eqia.domain.plans import Plan
from eqia.domain.screenings import Status
from eqia.persistence.queries import plans as queries
from eqia.services import plans
from tests.domain.forms import effects, fix
from tests.review_world import MEASURES, open_world

HARM = {"C1": effects(age="minor"), "G2": MEASURES}


def reviewed(session, form, outcome="conditions"):
    """A screening of which a second reviewer agreed to lower the outcome."""
    world = open_world(session, form=form).submit()
    world.propose(outcome)
    world.agree()
    world.read()
    return world


def test_harm_without_a_fix_keeps_a_lowered_screening_from_being_signed(session):
    world = reviewed(session, HARM)
    with pytest.raises(NotAllowed, match="C01, Age: Nothing is done about the harm") as refusal:
        world.sign()
    assert refusal.value.code == "coverage"
    assert world.screening.status is Status.REVIEWED


def test_a_fix_without_owner_keeps_it_too(session):
    with pytest.raises(NotAllowed, match="C02, Ring people: This has no owner"):
        reviewed(session, {**HARM, "C4": {"age": fix(owner=None)}}).sign()


def test_with_its_answer_it_is_signed(session):
    world = reviewed(session, {**HARM, "C4": {"age": fix(residual="major")}})
    assert world.sign().screening.status is Status.SIGNED


def test_a_full_eqia_carries_it_into_the_plan(session):
    world = open_world(session, form=HARM).submit().confirm()
    assert world.screening.confirmed_outcome == "full"
    world.read()
    world.sign()
    plan = plans.open_plan(
        session, actor=world.lead, now=world.at, screening=world.screening, plan=Plan(aim="Fair.")
    )
    (harm,) = [one for one in queries.findings(session, plan) if one.direction == "negative"]
    assert harm.label == "Age"

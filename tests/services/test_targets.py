"""The targets of a measure: set, changed and given up, and always told."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from eqia.domain.errors import Conflict, Invalid, NotFound
from eqia.domain.measures import Target
from eqia.persistence.queries import measures as measure_queries
from eqia.persistence.queries import targets as queries
from eqia.services import targets
from tests.services.test_plans import TODAY, by, define, gathered, opened

AIMED = Target("65_and_over", "level", Decimal(12), date(2026, 10, 1), date(2027, 9, 30))
BETTER = replace(AIMED, value=Decimal(10))


@pytest.fixture
def plan(world):
    return opened(world)


@pytest.fixture
def here(world, plan):
    """Who acts, on which measure, with one target."""
    found = {**by(world), "plan": plan, "measure_id": define(world, plan).id}
    targets.set_target(world.session, **found, target=AIMED)
    return found


def version_of(world, plan):
    return measure_queries.version_of(world.session, gathered(world, plan).measures[0])


def first_of(world, plan):
    return queries.standing(world.session, version_of(world, plan))[0][0]


def test_another_target_takes_the_place_of_one_which_stays_told(world, plan, here):
    change = targets.Change(first_of(world, plan), BETTER, "The board asks for more.")
    targets.change_target(world.session, **here, change=change)
    (view,) = measure_queries.views_of(world.session, gathered(world, plan).measures).values()
    assert view.targets == (BETTER,)
    (told,) = queries.ended(world.session, version_of(world, plan))
    assert (told.target, told.who, told.reason, told.changed) == (
        AIMED,
        world.lead.name,
        "The board asks for more.",
        True,
    )


def test_a_target_that_is_given_up_stays_told_and_is_missing(world, plan, here):
    ended = {"target_id": first_of(world, plan), "reason": "It was a mistake."}
    targets.remove_target(world.session, **here, **ended)
    (shown,) = measure_queries.shown(world.session, gathered(world, plan), TODAY)
    assert not shown.view.standing.has_target
    (told,) = queries.ended(world.session, version_of(world, plan))
    assert (told.target, told.reason, told.changed) == (AIMED, "It was a mistake.", False)


def test_nothing_is_changed_or_removed_without_saying_why(world, plan, here):
    first = first_of(world, plan)
    change = targets.Change(first, BETTER, " ")
    with pytest.raises(Invalid, match="Say why the target is changed"):
        targets.change_target(world.session, **here, change=change)
    with pytest.raises(Invalid, match="Say why the target is removed"):
        targets.remove_target(world.session, **here, target_id=first, reason="")


def test_what_somebody_else_ended_is_not_ended_again(world, plan, here):
    first = first_of(world, plan)
    targets.remove_target(world.session, **here, target_id=first, reason="It was a mistake.")
    with pytest.raises(Conflict):
        targets.remove_target(world.session, **here, target_id=first, reason="Again.")
    change = targets.Change(first, BETTER, "Again.")
    with pytest.raises(Conflict):
        targets.change_target(world.session, **here, change=change)
    with pytest.raises(NotFound):
        targets.remove_target(world.session, **here, target_id=plan.id, reason="Whose?")

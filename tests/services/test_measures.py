"""A measure made today with a start of long ago, and what is asked of it."""

from dataclasses import replace

from eqia.domain.measures import Baseline
from eqia.persistence.queries import measures as queries
from eqia.persistence.queries import waiting_plans
from eqia.services import measures
from tests.services.test_plans import (
    QUARTERS,
    SHARE,
    by,
    define,
    gathered,
    opened,
    read,
    rules_of,
)

JAN_TO_JUNE = Baseline(QUARTERS[0].start, QUARTERS[1].end, "agreed")


def due(world, plan):
    (shown,) = queries.shown(world.session, gathered(world, plan), world.at.date())
    return [(one.period.start.month, one.state.value) for one in shown.view.due]


def overdue(world):
    person = world.lead
    return [one.count for one in waiting_plans.overdue(world.session, person, world.at.date())]


def test_nothing_is_overdue_for_periods_before_the_measure_was_made(world):
    plan = opened(world)
    define(world, plan)
    assert due(world, plan) == [(10, "not_yet")]
    assert "C11" not in rules_of(world, plan)
    assert overdue(world) == []
    world.later(days=60)
    assert due(world, plan)[0] == (10, "overdue")
    assert overdue(world) == [1]


def test_the_baseline_asks_for_what_was_before(world):
    plan = opened(world)
    measure = define(world, plan)
    here = {**by(world), "plan": plan, "measure_id": measure.id}
    measures.set_baseline(world.session, **here, baseline=JAN_TO_JUNE)
    assert due(world, plan) == [(1, "baseline"), (4, "baseline"), (10, "not_yet")]
    read(world, plan, measure, QUARTERS[0], ("", 30, 200))
    told = rules_of(world, plan)["C11"]
    assert told.text == "The baseline is still to be entered: 1 of its readings is not there yet."
    assert overdue(world) == []
    read(world, plan, measure, QUARTERS[1], ("", 30, 200))
    assert "C11" not in rules_of(world, plan)


def test_a_definition_made_anew_does_not_forgive_what_was_overdue(world):
    plan = opened(world)
    define(world, plan)
    world.later(days=60)
    define(world, plan, definition=replace(SHARE, numerator="Visits missed, with a reason"))
    assert due(world, plan)[0] == (10, "overdue")

"""Those who watch over plans see the worst first, and nothing counted twice."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from eqia.domain.due_dates import DueItem, DueState
from eqia.domain.governance import TROUBLE_LABELS, Trouble, Watched, watched
from eqia.domain.periods import Period
from tests.domain.test_coverage import ACTION, MEASURE, RULES, TODAY, WHOLE, standing

PERIOD = Period(date(2026, 1, 1), date(2026, 3, 31))
LATE = DueItem(PERIOD, PERIOD.end, DueState.OVERDUE)
LONG = replace(LATE, state=DueState.ALERT)
DUE = replace(LATE, state=DueState.DUE)


def with_due(*due, **changed):
    return replace(WHOLE, measures=(standing(replace(MEASURE, due=due)),), **changed)


def test_a_plan_that_lacks_nothing_is_in_no_trouble():
    seen = watched(WHOLE)
    assert dict(seen.counts) == dict.fromkeys(Trouble, 0)
    assert seen.is_in("")
    assert not any(seen.is_in(trouble) for trouble in TROUBLE_LABELS)


def test_overdue_readings_are_counted_and_the_long_overdue_ones_among_them():
    seen = watched(with_due(LATE, LONG, DUE))
    assert (seen.late, seen.longest) == (2, 1)


def test_a_plan_that_rests_asks_for_no_reading():
    assert watched(with_due(LATE, is_open=False)).late == 0


@pytest.mark.parametrize("rule", ["C01", "C03", "C07", "C16", "C19"])
def test_what_blocks_is_counted(rule):
    assert rule in {one.rule for one in watched(RULES[rule]).blockers}


@pytest.mark.parametrize("rule", ["C06", "C11", "C21", "C22"])
def test_what_only_warns_is_not(rule):
    assert watched(RULES[rule]).blockers == ()


def test_a_concern_is_told_apart_from_what_else_blocks():
    seen = watched(RULES["C14"])
    assert [one.rule for one in seen.concerns] == ["C14"]
    assert seen.blockers == ()


def test_an_action_that_leaves_two_findings_open_blocks_once():
    bare = replace(ACTION, owner="", findings=frozenset({"f", "g"}))
    more = (*WHOLE.findings, replace(WHOLE.findings[0], id="g", label="Sex"))
    seen = watched(replace(WHOLE, actions=(bare,), findings=more))
    assert [one.rule for one in seen.blockers].count("C02") == 1


@pytest.mark.parametrize(
    ("due", "status", "counted"),
    [
        (TODAY, "open", 0),
        (TODAY - timedelta(days=1), "open", 1),
        (TODAY - timedelta(days=1), "done", 0),
        (None, "open", 0),
    ],
)
def test_an_action_is_overdue_on_the_day_after_its_date(due, status, counted):
    action = replace(ACTION, due=due, status=status)
    assert watched(replace(WHOLE, actions=(action,))).actions == counted


def test_the_worst_comes_first_of_what_is_looked_for():
    item = RULES["C14"]
    quiet = Watched(0, 0, (), (), 0)
    late = replace(quiet, late=2)
    stuck = replace(quiet, actions=5)
    worried = replace(quiet, concerns=watched(item).concerns)
    every = [quiet, stuck, worried, late]
    assert sorted(every, key=lambda one: one.rank("")) == [late, worried, stuck, quiet]
    by_actions = sorted(every, key=lambda one: one.rank(Trouble.ACTIONS))
    assert by_actions == [stuck, late, worried, quiet]

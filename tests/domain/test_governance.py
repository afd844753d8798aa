"""Those who watch over plans see the worst first, and nothing counted twice."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from eqia.domain.coverage import CLOSING, items, stops
from eqia.domain.due_dates import DueItem, DueState
from eqia.domain.governance import (
    DOUBLED,
    TROUBLE_LABELS,
    WORSE,
    Sought,
    Trouble,
    Watched,
    is_sought,
    latest_told,
    watched,
)
from eqia.domain.measures import Member
from eqia.domain.periods import Period
from eqia.domain.review_answers import Rescreening
from eqia.domain.standings import CANNOT_TELL, GapTold, Place
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
    seen = watched(with_due(LATE, DUE, is_open=False))
    assert (seen.late, seen.resting) == (0, 1)
    assert watched(with_due(LATE)).resting == 0


@pytest.mark.parametrize("rule", ["C03", "C07", "C14", "C19"])
def test_what_stops_a_plan_from_being_closed_is_counted(rule):
    assert rule in {one.rule for one in watched(RULES[rule]).blockers}


@pytest.mark.parametrize("rule", ["C01", "C02", "C16"])
def test_what_only_the_next_screening_needs_is_told_apart(rule):
    seen = watched(RULES[rule])
    assert rule in {one.rule for one in seen.owed}
    assert rule not in {one.rule for one in seen.blockers}


@pytest.mark.parametrize("picture", RULES.values(), ids=RULES)
def test_the_plan_and_those_who_watch_over_it_read_the_same_list(picture):
    found = items(picture)
    told = {(one.rule, one.row, stops(one)) for one in found if one.rule in CLOSING}
    seen = watched(picture)
    assert {(one.rule, one.row, stops(one)) for one in seen.blockers} == told
    assert all(stops(one).startswith("To be put right") for one in seen.owed)


@pytest.mark.parametrize("rule", ["C06", "C11", "C21", "C22"])
def test_what_only_warns_is_not(rule):
    assert watched(RULES[rule]).blockers == ()


def test_a_concern_blocks_and_is_told_apart_as_well():
    seen = watched(RULES["C14"])
    assert [one.rule for one in seen.concerns] == [one.rule for one in seen.blockers] == ["C14"]


def test_what_is_to_be_screened_again_is_apart_from_what_no_review_has_seen():
    again = Rescreening(decided_on=TODAY, who="Asha", due=TODAY, number=2)
    seen = watched(replace(WHOLE, again=again))
    assert seen.is_in(Trouble.AGAIN)
    assert [one.rule for one in seen.blockers] == ["C14"]
    assert not seen.concerns
    assert not watched(RULES["C14"]).is_in(Trouble.AGAIN)


OLD = Member("old", "Old")
CLEAR = GapTold("Old compared with Young", "It is wider.", "The group is 9 above.", is_clear=True)


@pytest.mark.parametrize(
    ("place", "gaps", "told"),
    [
        ({}, (), (3, ())),
        ({"icons": ("Usual",)}, (), (3, ("Usual",))),
        ({"cannot_tell": True}, (), (2, (CANNOT_TELL,))),
        ({"icons": ("Usual",)}, (CLEAR,), (1, ("Usual", "The group is 9 above"))),
        ({}, (replace(CLEAR, pair="Older compared with Young"),), (3, ())),
        ({}, (replace(CLEAR, is_clear=False),), (3, ())),
        ({"course": "worse"}, (CLEAR,), (0, ("It is wider",))),
        ({"course": "worse"}, (), (0, (WORSE,))),
        ({"is_doubled": True}, (), (0, (DOUBLED,))),
    ],
)
def test_of_the_latest_figures_the_worst_is_never_left_out_and_comes_first(place, gaps, told):
    (measure,) = WHOLE.measures
    places = {"old": Place(code="old", **place)}
    measure = replace(measure, standing=replace(measure.standing, places=places, gaps=gaps))
    assert latest_told(measure, OLD) == told


def blind(*codes):
    """The plan that lacks nothing, with some of a measure's groups out of sight."""
    (measure,) = WHOLE.measures
    places = {code: Place(code=code, cannot_tell=True) for code in codes}
    return replace(measure, standing=replace(measure.standing, places=places))


def test_of_whom_it_cannot_be_told_is_no_peace_of_mind():
    measure = blind("", "old")
    seen = watched(replace(WHOLE, measures=(measure,)))
    assert [one.words for one in seen.untold] == ["Missed visits: Everybody; Old"]
    assert seen.is_in(Trouble.UNTOLD)
    assert not seen.concerns
    # A concern stops a plan being closed, and there may be one.
    assert replace(seen, blockers=()).is_in(Trouble.BLOCKERS)
    assert not seen.is_in(Trouble.CONCERNS)
    assert watched(replace(WHOLE, measures=(replace(measure, live=False),))).untold == ()


@pytest.mark.parametrize(
    ("sought", "found"),
    [
        (Sought(), True),
        (Sought(group="age"), True),
        (Sought(group="sex"), False),
        (Sought(trouble=Trouble.UNTOLD), True),
        (Sought(trouble=Trouble.CONCERNS), False),
        (Sought(trouble=Trouble.READINGS), False),
        (Sought(trouble=Trouble.BLOCKERS), True),
    ],
)
def test_of_a_plan_that_is_found_only_what_was_looked_for_is_told(sought, found):
    assert is_sought(blind("old"), sought) is found


def test_an_action_that_leaves_two_findings_open_is_told_once():
    bare = replace(ACTION, owner="", findings=frozenset({"f", "g"}))
    more = (*WHOLE.findings, replace(WHOLE.findings[0], id="g", label="Sex"))
    seen = watched(replace(WHOLE, actions=(bare,), findings=more))
    assert [one.rule for one in seen.owed].count("C02") == 1


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
    quiet = Watched(late=0, longest=0, blockers=(), concerns=(), actions=0)
    late = replace(quiet, late=2)
    stuck = replace(quiet, actions=5)
    worried = replace(quiet, concerns=watched(item).concerns)
    every = [quiet, stuck, worried, late]
    assert sorted(every, key=lambda one: one.rank("")) == [late, worried, stuck, quiet]
    by_actions = sorted(every, key=lambda one: one.rank(Trouble.ACTIONS))
    assert by_actions == [stuck, late, worried, quiet]

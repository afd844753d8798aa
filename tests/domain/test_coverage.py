"""Each coverage rule is raised by what it names, and by nothing else (measures.md section 3)."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from eqia.domain.coverage import (
    CLOSING,
    ActionView,
    FindingView,
    Level,
    MeasureFacts,
    MeasureView,
    Picture,
    blocking,
    covered,
    items,
    stops,
)
from eqia.domain.coverage_items import names
from eqia.domain.due_dates import DueItem, DueState
from eqia.domain.findings import Direction
from eqia.domain.judgements import standing_of
from eqia.domain.measures import Baseline, Definition, Target, members_from
from eqia.domain.periods import Period
from eqia.domain.readings import Figure, Reading
from eqia.domain.risks import HIGH, RiskView
from tests.builders import NOW

TODAY = NOW.date()
STARTS = date(2026, 7, 1)
Q1, Q2, Q3 = (
    Period(date(2026, month, 1), date(2026, month + 2, last))
    for month, last in ((1, 31), (4, 30), (7, 30))
)
FIGURES = {"": (30, 200), "young": (10, 100), "old": (20, 100)}
DEFINITION = Definition(
    shape="proportion",
    numerator="Missed",
    denominator="Booked",
    direction="down",
    characteristic="age",
    members=members_from(["Young", "Old"], ["Not recorded"]),
    reference="young",
)


def readings(*periods, **changed):
    figures = {**FIGURES, **changed}
    return tuple(
        Reading(period, Figure(member, *parts))
        for period in periods
        for member, parts in figures.items()
        if parts
    )


MEASURE = MeasureView(
    id="m",
    title="Missed visits",
    owner="Sam",
    frequency="quarter",
    definition=DEFINITION,
    baseline=Baseline(Q1.start, Q2.end, "agreed"),
    targets=(Target("old", "level", None, STARTS, None),),
    readings=readings(Q1, Q2, Q3),
    next_due=DueItem(Q3, TODAY + timedelta(days=9), DueState.NOT_YET),
)
ACTION = ActionView(
    id="a",
    title="Ring people",
    kind="mitigation",
    owner="Sam",
    due=TODAY,
    findings=frozenset({"f"}),
    measures=frozenset({"m"}),
)
FINDING = FindingView(id="f", group="age", label="Age", direction=Direction.NEGATIVE)
WHOLE = Picture(
    today=TODAY,
    change_start=STARTS,
    findings=(FINDING, replace(FINDING, id="n", label="Sex", direction=Direction.NEUTRAL)),
    actions=(ACTION,),
    measures=(replace(MEASURE, standing=standing_of(MEASURE)),),
)


def standing(view):
    """A measure as a plan sees it, its standing worked out from its readings."""
    return replace(view, standing=standing_of(view))


def with_measure(**changed):
    return replace(WHOLE, measures=(standing(replace(MEASURE, **changed)),))


def with_action(**changed):
    return replace(WHOLE, actions=(replace(ACTION, **changed),))


def with_definition(**changed):
    return with_measure(definition=replace(DEFINITION, **changed))


def with_finding(**changed):
    return replace(WHOLE, findings=(replace(FINDING, **changed),))


UNKNOWN = with_finding(direction=Direction.UNKNOWN)
LATE = DueItem(Q3, Q3.end, DueState.ALERT)
AFTER = tuple(
    Period(day, day + timedelta(days=6)) for day in (date(2026, 8, d) for d in (3, 10, 17))
)
RULES = {
    "C01": replace(WHOLE, actions=(), measures=()),
    "C02": with_action(owner=""),
    "C03": replace(with_action(measures=frozenset()), measures=()),
    "C04": with_definition(characteristic="sex"),
    "C05": with_definition(members=members_from([], ["Not recorded"]), reference="young"),
    "C06": with_definition(reference=""),
    "C07": with_measure(baseline=None),
    "C08": with_measure(readings=readings(Q1, young=(3, 19)) + readings(Q3)),
    "C09": with_measure(targets=()),
    "C10": with_measure(next_due=None),
    "C11": with_measure(due=(LATE,)),
    "C12": with_measure(readings=readings(Q1, Q2) + readings(Q3, old=None)),
    "C13": with_measure(
        baseline=Baseline(Q1.start, Q2.end, "none_earlier", "Hidden."),
        readings=(
            Reading(Q3, Figure("young", 1, 100)),
            Reading(Q3, Figure("old", state="masked_at_source")),
        ),
    ),
    "C14": replace(
        WHOLE,
        measures=(
            replace(MEASURE, standing=replace(standing_of(MEASURE), concern=(TODAY, "Worse."))),
        ),
    ),
    "C15": replace(
        with_action(status="done", done_date=date(2026, 7, 31)),
        measures=(
            standing(replace(MEASURE, readings=readings(Q1, Q2) + readings(*AFTER, old=(25, 100)))),
        ),
    ),
    "C16": UNKNOWN,
    "C17": with_measure(
        baseline=None,
        had_baseline=True,
    ),
    "C18": replace(WHOLE, risks=(RiskView(id="r", title="No driver", score=HIGH),)),
    "C19": replace(WHOLE, newer_version=2),
    "C20": replace(WHOLE, inactive=frozenset({"Sam"})),
    "C21": with_measure(readings=readings(Q1, Q2, Q3, not_recorded=(1, 51))),
    "C22": replace(
        WHOLE,
        measures=(
            *WHOLE.measures,
            MeasureFacts(id="other", title="Calls", owner="Sam", frequency="quarter"),
        ),
    ),
}
#: what a gap brings with it
ALSO = {
    "C03": {"C04"},
    "C05": {"C12"},
    "C04": {"C12"},
    "C17": {"C07"},
}


def rules(picture):
    return {one.rule for one in items(picture)}


def test_a_whole_plan_lacks_nothing():
    assert items(WHOLE) == ()
    assert covered(WHOLE, ()).words == "1 of 1 findings that need action are covered"


@pytest.mark.parametrize("rule", sorted(RULES))
def test_a_rule_is_raised_by_what_it_names(rule):
    found = items(RULES[rule])
    assert rule in {one.rule for one in found}
    assert {one.rule for one in found} <= {rule} | ALSO.get(rule, set())
    assert all(one.name and one.text and one.fix for one in found)


@pytest.mark.parametrize("rule", sorted(RULES))
def test_what_closes_a_plan_is_what_the_design_says(rule):
    blocks = {one.rule for one in blocking(items(RULES[rule]))}
    assert (rule in blocks) is (rule in CLOSING)
    assert {"C03", "C04", "C05", "C07", "C10", "C14", "C19"} == CLOSING


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        ("C01", "the next screening is not signed without it"),
        ("C02", "the next screening is not signed without it"),
        ("C16", "the next screening is not signed without it"),
        ("C03", "Stops the plan being closed"),
        ("C14", "Stops the plan being closed"),
        ("C08", "Warning"),
        ("C22", "For information"),
    ],
)
def test_each_item_says_what_it_stops(rule, words):
    (item, *_) = [one for one in items(RULES[rule]) if one.rule == rule]
    assert words in stops(item)


def test_a_baseline_that_runs_into_the_change_is_none():
    assert "C07" in rules(replace(WHOLE, change_start=Q2.end))
    assert "C07" not in rules(replace(WHOLE, change_start=Q2.end + timedelta(days=1)))


def test_a_baseline_for_everybody_is_none_for_the_group():
    assert "C07" in rules(with_measure(readings=readings(Q1, Q2, old=None) + readings(Q3)))


@pytest.mark.parametrize(("people", "raised"), [(19, True), (20, False)])
def test_under_twenty_people_is_indicative(people, raised):
    picture = with_measure(readings=readings(Q1, old=(1, people)) + readings(Q3))
    assert ("C08" in rules(picture)) is raised


@pytest.mark.parametrize(("unknown", "raised"), [(50, False), (51, True)])
def test_more_than_a_fifth_unknown_is_said(unknown, raised):
    picture = with_measure(readings=readings(Q1, Q2, Q3, not_recorded=(1, unknown)))
    assert ("C21" in rules(picture)) is raised


def test_a_signed_reason_for_no_action_clears_the_finding():
    picture = replace(with_finding(no_action=True), actions=(), measures=())
    assert items(picture) == ()


def test_what_cannot_be_measured_clears_what_follows():
    action = replace(ACTION, measures=frozenset(), unmeasurable=True)
    assert items(replace(WHOLE, actions=(action,), measures=())) == ()


def test_an_unknown_finding_that_is_found_out_needs_no_measure():
    action = replace(ACTION, kind="data_gap", measures=frozenset())
    assert items(replace(UNKNOWN, actions=(action,), measures=())) == ()
    undated = replace(action, due=None)
    assert rules(replace(UNKNOWN, actions=(undated,), measures=())) == {"C02", "C16"}


def test_an_action_that_was_given_up_answers_nothing():
    assert "C01" in rules(with_action(status="cancelled"))


def test_a_review_held_before_answers_were_asked_for_answers_everything_before_it():
    picture = RULES["C14"]
    assert "C14" not in rules(replace(picture, last_unasked=TODAY))
    assert "C14" in rules(replace(picture, last_unasked=TODAY - timedelta(days=1)))


def test_an_action_that_helped_asks_for_nothing():
    better = readings(Q1, Q2) + readings(*AFTER, old=(5, 100), young=(5, 100))
    picture = replace(RULES["C15"], measures=(standing(replace(MEASURE, readings=better)),))
    assert "C15" not in rules(picture)


def test_coverage_names_the_findings_that_are_open():
    more = [replace(FINDING, id=str(n), label=f"Group {n}") for n in range(6)]
    picture = replace(WHOLE, findings=(FINDING, *more[:4]))
    told = covered(picture, items(replace(picture, findings=(FINDING, *more[:2]))))
    assert (told.done, told.total) == (3, 5)
    assert told.words.endswith(
        "3 of 5 findings that need action are covered. Not: Group 0, Group 1"
    )


def test_a_measure_broken_down_for_a_finding_is_to_be_linked_to_what_answers_it():
    other = MeasureFacts(id="other", title="Calls", frequency="quarter", definition=DEFINITION)
    (told,) = items(replace(WHOLE, measures=(*WHOLE.measures, other)))
    assert (told.rule, told.level, told.fix) == ("C22", Level.WARN, "Link it to an action")
    assert told.text == "It is broken down for Age, but linked to no action that answers it."


def test_a_comma_in_a_name_does_not_end_it():
    assert names(["Under 65", "65 and over"]) == "Under 65, 65 and over"
    told = names(["Asian, Asian British or Asian Welsh", "White"])
    assert told == "Asian, Asian British or Asian Welsh; White"


def test_what_the_baseline_lacks_is_told_apart_from_what_is_overdue():
    asked = DueItem(Q1, Q1.end, DueState.BASELINE)
    told = [one.text for one in items(with_measure(due=(asked, LATE))) if one.rule == "C11"]
    assert told == [
        "1 reading is overdue, one for more than a whole period.",
        "The baseline is still to be entered: 1 of its readings is not there yet.",
    ]


def test_what_blocks_comes_first():
    picture = replace(RULES["C21"], newer_version=2)
    levels = [one.level for one in items(picture)]
    assert levels == [Level.BLOCKS, Level.WARN]

"""PDSA cycles: what they must say, when they can be decided, and the days a chart marks."""

from dataclasses import replace
from datetime import date, timedelta
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eqia.domain.errors import Invalid
from eqia.domain.pdsa import CYCLE_LABELS, Cycle, check_cycle, marks_of

TODAY = date(2026, 11, 24)
MEASURE = uuid4()
CYCLE = Cycle(
    objective="Ring people the day before.",
    prediction="Fewer miss their visit.",
    start=date(2026, 10, 1),
)
STUDIED = {"study": "It helped.", "end": date(2026, 10, 31)}


def problems(**changed):
    try:
        check_cycle(replace(CYCLE, **changed), {MEASURE}, TODAY)
    except Invalid as refusal:
        return [one.field for one in refusal.problems]
    return []


def test_a_cycle_begins_with_an_aim_a_guess_and_a_day():
    assert problems() == []
    assert problems(measures=(MEASURE,), end=TODAY + timedelta(days=30)) == []
    assert problems(start=TODAY + timedelta(days=9)) == []


@pytest.mark.parametrize("decision", CYCLE_LABELS)
def test_one_that_was_studied_and_has_ended_is_decided(decision):
    assert problems(decision=decision, **STUDIED) == []
    assert problems(decision=decision, **{**STUDIED, "end": TODAY}) == []


@pytest.mark.parametrize(
    ("changed", "fields"),
    [
        ({"objective": " "}, ["objective"]),
        ({"prediction": "\n"}, ["prediction"]),
        ({"start": None}, ["starts_on"]),
        ({"end": date(2026, 9, 30)}, ["ends_on"]),
        ({"measures": (uuid4(),)}, ["measures"]),
        ({"decision": "adopt"}, ["study", "ends_on"]),
        ({"decision": "adopt", **STUDIED, "study": " "}, ["study"]),
        ({"decision": "adopt", "study": "It helped."}, ["ends_on"]),
        ({"decision": "adopt", **STUDIED, "end": TODAY + timedelta(days=1)}, ["ends_on"]),
        ({"decision": "maybe", **STUDIED}, ["decision"]),
        (
            {"objective": "", "prediction": "", "start": None},
            ["objective", "prediction", "starts_on"],
        ),
    ],
)
def test_what_is_missing_or_decided_too_soon_is_refused(changed, fields):
    assert problems(**changed) == fields


def test_a_day_on_which_it_starts_and_ends_is_one():
    assert problems(start=TODAY, end=TODAY) == []


def test_its_days_are_marked_in_words():
    assert [(act.on, act.label) for act in marks_of(3, CYCLE)] == [
        (date(2026, 10, 1), "PDSA 3 starts: Ring people the day before.")
    ]
    ended = replace(CYCLE, **STUDIED)
    assert marks_of(3, ended)[1].label == "PDSA 3 ends"
    assert marks_of(3, replace(ended, decision="adapt"))[1].label == "PDSA 3 ends: adapt"


def test_a_long_aim_is_cut_where_it_is_marked_and_one_of_many_lines_after_the_first():
    (mark,) = marks_of(1, replace(CYCLE, objective="x" * 500))
    assert mark.label.endswith("x…")
    assert len(mark.label) < 100
    (mark,) = marks_of(1, replace(CYCLE, objective="Ring people\nin the evening"))
    assert mark.label == "PDSA 1 starts: Ring people"


@given(
    st.dates(), st.none() | st.dates(), st.sampled_from(["", *CYCLE_LABELS]), st.text(max_size=3)
)
def test_what_is_accepted_always_keeps_its_order_and_its_reason(start, end, decision, study):
    cycle = replace(CYCLE, start=start, end=end, decision=decision, study=study)
    try:
        check_cycle(cycle, (), TODAY)
    except Invalid:
        return
    marks = marks_of(1, cycle)
    assert [act.on for act in marks] == sorted(act.on for act in marks)
    if decision:
        assert study.strip()
        assert end is not None
        assert start <= end <= TODAY

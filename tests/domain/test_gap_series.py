"""The gap of a group as a series of its own (measures.md section 7)."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from eqia.domain.adjustments import Adjustment
from eqia.domain.gap_series import gap_series_of
from eqia.domain.measure_drawing import Act
from eqia.domain.measures import Target
from eqia.domain.readings import Figure, Reading
from eqia.domain.spc_icons import WARNING_WORDS, Assurance, Method, Variation, Warned
from tests.domain.test_concerns import ENTERED, MONTHS, view

#: a gap of 10 and 12 points in turn: old people miss more, which is worse
CALM = [((30 + 2 * (at % 2), 100), (20, 100)) for at in range(16)]


def drawn(*months, **changed):
    return gap_series_of(view(*months, known=16, **changed), "old")


def test_every_period_has_the_difference_in_points():
    found = drawn(*CALM)
    assert [row.figure for row in found.rows[:2]] == [
        "10 points above",
        "12 points above",
    ]
    assert found.method is Method.XMR
    assert found.icons.variation is Variation.COMMON_CAUSE
    # By hand: mean 11, every range 2, so 11 -/+ 5.32.
    assert "Usual range 5.7 points above to 16.3 points above" in found.chart.description


@pytest.mark.parametrize(
    ("latest", "variation"),
    [
        # Wider than the usual range, away from nought.
        (((60, 100), (20, 100)), Variation.CONCERN_HIGH),
        # Narrower than it, towards nought.
        (((21, 100), (20, 100)), Variation.IMPROVEMENT_LOW),
    ],
)
def test_good_is_towards_nought_from_the_gap_of_the_baseline(latest, variation):
    found = gap_series_of(view(*CALM, latest, known=16), "old")
    assert found.icons.variation is variation


def test_below_the_others_towards_nought_is_up():
    below = [((20, 100), (30 + 2 * (at % 2), 100)) for at in range(16)]
    found = gap_series_of(view(*below, ((29, 100), (30, 100)), known=16), "old")
    assert found.icons.variation is Variation.IMPROVEMENT_HIGH


def test_where_there_was_no_gap_neither_way_is_good():
    even = [((20, 100), (20, 100))] * 16
    found = gap_series_of(view(*even, ((60, 100), (20, 100)), known=16), "old")
    assert found.icons.variation is Variation.NEITHER_HIGH


def test_the_same_months_the_other_way_round_have_the_gap_turned_round():
    there = gap_series_of(view(*CALM, known=16), "old")
    back = gap_series_of(view(*[(b, a) for a, b in CALM], known=16), "old")
    below = [row.figure.replace("above", "below") for row in there.rows]
    assert [row.figure for row in back.rows] == below
    assert back.icons.variation is there.icons.variation


def test_a_target_for_the_gap_is_compared_with_its_limits():
    aimed = Target("old", "gap", Decimal(20), date(2024, 1, 1), date(2026, 1, 1))
    found = replace(view(*CALM, known=16), targets=(aimed,))
    assert gap_series_of(found, "old").icons.assurance is Assurance.PASS
    level = replace(found, targets=(replace(aimed, kind="level"),))
    assert gap_series_of(level, "old").icons.assurance is None


@pytest.mark.parametrize("side", ["old", "young"])
def test_a_reading_set_aside_on_either_side_sets_the_gap_aside(side):
    wild = [*CALM[:8], ((90, 100), (20, 100)), *CALM[8:]]
    aside = Adjustment("exclusion", MONTHS.period(8).start, side, "A flood.")
    found = replace(view(*wild, known=16), adjustments=(aside,))
    assert gap_series_of(found, "old").rows[8].said == "Set aside, not counted"
    assert gap_series_of(found, "old").icons.variation is Variation.COMMON_CAUSE


def test_new_limits_and_notes_of_the_group_are_those_of_its_gap():
    cut = Adjustment("recalculation", MONTHS.period(8).start, "old", "A new clinic.")
    found = gap_series_of(replace(view(*CALM, known=6), adjustments=(cut,)), "old")
    assert "New limits: A new clinic, 1 September 2024." in found.chart.description
    done = gap_series_of(view(*CALM), "old", (Act(date(2024, 6, 3), "Rang people"),))
    assert "Rang people, 3 June 2024." in done.chart.description


def test_one_side_that_is_missing_or_hidden_leaves_no_gap():
    months = [*CALM[:3], (None, (20, 100)), *CALM[3:]]
    assert drawn(*months).rows[3].figure == "no reading yet"
    whole = view(*CALM, known=16)
    masked = Reading(MONTHS.period(16), Figure("old", state="masked_at_source"), ENTERED)
    theirs = Reading(MONTHS.period(16), Figure("young", 20, 100), ENTERED)
    hidden = replace(whole, readings=(*whole.readings, masked, theirs))
    found = gap_series_of(hidden, "old")
    assert found.rows[16].figure == "*"
    assert found.icons.variation is None


@pytest.mark.parametrize(
    ("months", "reason"),
    [
        ([((1 + at % 2, 100), (20, 100)) for at in range(16)], Warned.LOW_MEAN),
        ([((20, 100), (1 + at % 2, 100)) for at in range(16)], Warned.LOW_MEAN),
        ([((20, 100 + 300 * (at % 2)), (20, 100)) for at in range(16)], Warned.UNEVEN_DENOMINATORS),
    ],
)
def test_where_either_side_bears_no_icon_the_gap_has_none(months, reason):
    found = drawn(*months)
    assert found.icons.variation is None
    assert WARNING_WORDS[reason] in found.icons.withheld
    assert not [row for row in found.rows if row.said]


def test_a_rate_has_its_gap_per_so_many():
    found = drawn(*CALM, shape="rate", per=1000)
    assert found.rows[0].figure == "100 per 1,000 above"


@pytest.mark.parametrize(
    ("found", "member"),
    [
        (view(*CALM), ""),
        (view(*CALM), "young"),
        (view(*CALM, reference=""), "old"),
        (view(*CALM, shape="count"), "old"),
        (view(), "old"),
        (view((None, (20, 100)), ((20, 100), None)), "old"),
        (replace(view(*CALM), definition=None), "old"),
        # People outside the team see rounded counts.
        (replace(view(*CALM), rounded_to=5), "old"),
    ],
)
def test_without_two_sides_there_is_no_series(found, member):
    assert gap_series_of(found, member) is None

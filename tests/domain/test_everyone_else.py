"""A group compared with everyone else: everybody contains it, so the rest of them are taken."""

from dataclasses import replace

import pytest

from eqia.domain.adjustments import Adjustment
from eqia.domain.concerns import concern_of, gaps_of
from eqia.domain.gap_series import gap_series_of
from eqia.domain.intervals import difference, wilson
from eqia.domain.judgements import standing_of
from eqia.domain.measures import REST, definition_problems
from eqia.domain.ratios import ratios_of
from eqia.domain.readings import Figure, Reading, less
from tests.domain.test_concerns import ENTERED, MONTHS, view


def compared(*months, **changed):
    """Months of old people's figures and everybody's, with nobody named to compare with."""
    found = view(*((old, None) for old, _ in months), reference=REST, **changed)
    everybody = tuple(
        Reading(MONTHS.period(at), Figure("", *whole), ENTERED)
        for at, (_, whole) in enumerate(months)
        if whole
    )
    return replace(found, readings=(*found.readings, *everybody))


def only(found):
    (gap,) = gaps_of(found)
    return gap


def test_the_rest_of_everybody_is_what_a_group_is_compared_with():
    # 30 of 100 old people, 50 of 300 altogether: 20 of 200 others.
    found = compared(((30, 100), (50, 300)))
    gap = only(found)
    assert (gap.label, gap.reference) == ("Old", "Everyone else")
    expected = difference(wilson(30, 100), wilson(20, 200))
    assert (gap.now.gap.value, gap.now.gap.lower) == (expected.value, expected.lower)
    (ratio,) = ratios_of(found)
    assert ratio.words.startswith("3.00 times the figure of Everyone else")


def test_a_gap_to_everyone_else_is_followed_from_the_baseline():
    even = ((20, 100), (60, 300))
    assert concern_of(compared(even, even)) is None
    since, why = concern_of(compared(even, ((45, 100), (85, 300))))
    assert since == ENTERED
    assert why == "The gap between Old and Everyone else is clearly wider than before."
    told = standing_of(compared(even, even)).gaps
    assert [one.pair for one in told] == ["Old compared with Everyone else"]


def test_the_gap_over_time_is_that_to_the_rest():
    months = [((30 + 2 * (at % 2), 100), (50 + 2 * (at % 2), 300)) for at in range(16)]
    found = gap_series_of(compared(*months, known=16), "old")
    # 30% less 20 of 200, and 32% less the same.
    assert [row.figure for row in found.rows[:2]] == ["20 points above", "22 points above"]


@pytest.mark.parametrize(
    "months",
    [
        [((30, 100), None)],
        # Everybody is no more than the group, or less than it: nobody is left.
        [((30, 100), (30, 100))],
        [((30, 100), (20, 300))],
        [((30, 100), (50, 90))],
    ],
)
def test_without_a_rest_there_is_no_gap(months):
    assert gaps_of(compared(*months)) == ()
    assert ratios_of(compared(*months)) == ()


def test_a_reading_of_everybody_set_aside_leaves_no_gap_of_that_month():
    found = compared(((30, 100), (50, 300)), ((60, 100), (80, 300)))
    aside = Adjustment("exclusion", MONTHS.period(1).start, "", "A flood.")
    assert only(replace(found, adjustments=(aside,))).now.group.value == 0.3


@pytest.mark.parametrize("member", ["", "old"])
def test_a_side_that_is_hidden_hides_the_rest(member):
    found = compared(((30, 100), (50, 300)))
    hidden = tuple(
        replace(one, figure=Figure(member, state="hidden")) if one.figure.member == member else one
        for one in found.readings
    )
    assert gaps_of(replace(found, readings=hidden)) == ()


def test_what_is_left_is_counted_or_there_is_none():
    assert less(Figure("", 50, 300), Figure("old", 30, 100)) == Figure(REST, 20, 200)
    assert less(Figure("", 30, 300), Figure("old", 30, 100)) == Figure(REST, 0, 200)
    assert less(Figure("", 29, 300), Figure("old", 30, 100)).numerator is None
    masked = Figure("old", state="masked_at_source")
    assert less(Figure("", 50, 300), masked).state == "masked_at_source"


def test_a_measure_may_be_compared_with_everyone_else():
    found = view(((30, 100), None), reference=REST)
    assert not list(definition_problems(found.definition))
    assert found.definition.label(REST) == "Everyone else"
    assert found.others_of("") == ()
    assert replace(found, definition=None).others_of("old") == ()

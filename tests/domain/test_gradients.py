"""Slope and ratio over ordered groups (measures.md section 7), worked out by hand."""

import re
from dataclasses import replace
from datetime import date
from fractions import Fraction
from itertools import accumulate

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from eqia.domain.categories import load_category_sets
from eqia.domain.errors import Refusal
from eqia.domain.gradients import Step, gradient, gradient_told, limits_of
from eqia.domain.measures import Definition, members_in
from eqia.domain.periods import Frequency, Schedule
from eqia.domain.pictures import MeasureView
from eqia.domain.readings import Figure, Reading

FIFTHS = load_category_sets()["deprivation_quintiles", "2019"]
QUARTERS = Schedule(Frequency.QUARTER, date(2026, 1, 1))
DEFINITION = Definition(
    shape="proportion",
    numerator="Missed",
    denominator="Booked",
    direction="down",
    characteristic="deprivation",
    category_set="deprivation_quintiles|2019",
    members=members_in(FIFTHS),
)
#: 30, 25, 20, 15 and 10 of 100, the most deprived first
FALLING = ((30, 100), (25, 100), (20, 100), (15, 100), (10, 100))


def near(value):
    return pytest.approx(value, rel=1e-9)


def view(*quarters, **changed):
    readings = tuple(
        Reading(QUARTERS.period(at), Figure(str(code), *parts))
        for at, row in enumerate(quarters)
        for code, parts in enumerate(row, start=1)
        if parts
    )
    return MeasureView(
        id="m", title="Missed", definition=replace(DEFINITION, **changed), readings=readings
    )


def exactly(counts):
    """Weighted least squares in exact fractions, straight from the normal equations."""
    total = sum(of for _, of in counts)
    ends = list(accumulate(of for _, of in counts))
    rows = [
        (Fraction(of), Fraction(2 * end - of, 2 * total), Fraction(count, of))
        for (count, of), end in zip(counts, ends, strict=True)
    ]
    w = sum(n for n, _, _ in rows)
    x, y = (sum(n * row[at] for n, *row in rows) for at in (0, 1))
    xx = sum(n * a * a for n, a, _ in rows)
    xy = sum(n * a * b for n, a, b in rows)
    slope = (w * xy - x * y) / (w * xx - x * x)
    start = (y - slope * x) / w
    return slope, (start + slope) / start if start else None


def test_a_gradient_over_equal_groups():
    # Values 1, 2, 3, 4, 5 in fifths: midpoints 0.1 to 0.9, slope 1/0.2 = 5, start 3 - 5/2 = 1/2.
    found = gradient([Step(value, 100) for value in (1, 2, 3, 4, 5)])
    assert (found.slope, found.ratio) == (near(5), near(11))


def test_a_gradient_counts_people():
    # On the line 1 + 2x, groups of any size lie on it: slope 2, ratio 3.
    people = [10, 40, 20, 20, 10]
    places = [0.05, 0.30, 0.60, 0.80, 0.95]
    steps = [Step(1 + 2 * x, n) for x, n in zip(places, people, strict=True)]
    assert (gradient(steps).slope, gradient(steps).ratio) == (near(2), near(3))


@pytest.mark.parametrize("steps", [[Step(1, 10)] * 4, [Step(1, 10)] * 4 + [Step(1, 0)]])
def test_fewer_than_five_groups_or_one_without_people_have_none(steps):
    with pytest.raises(Refusal, match="five or more"):
        gradient(steps)


def test_a_line_that_starts_at_nought_has_a_slope_and_no_ratio():
    # 1, 3, 5, 7, 9: midpoints 0.1 to 0.9, slope 10, start 5 - 5 = 0.
    found = gradient([Step(value, 1) for value in (1, 3, 5, 7, 9)])
    assert (found.slope, found.ratio) == (near(10), None)


@given(st.lists(st.integers(1, 500).map(lambda of: (of // 3, of)), min_size=5, max_size=10))
def test_the_slope_is_that_of_exact_least_squares(counts):
    slope, _ = exactly(counts)
    found = gradient([Step(count / of, of) for count, of in counts])
    assert found.slope == pytest.approx(float(slope), rel=1e-9, abs=1e-9)


def test_worked_out_exactly_and_by_this_module_it_is_the_same():
    # 10/40, 20/60, 12/50, 9/30, 4/20: every size its own, so that the weights matter.
    counts = ((10, 40), (20, 60), (12, 50), (9, 30), (4, 20))
    slope, ratio = exactly(counts)
    found = gradient([Step(count / of, of) for count, of in counts])
    assert (found.slope, found.ratio) == (near(float(slope)), near(float(ratio)))


@given(st.integers(1, 40), st.integers(1, 9))
def test_scale_changes_the_slope_alone_and_order_turns_it_round(factor, step):
    steps = [Step(5 + step * at, 10 + at) for at in range(5)]
    found = gradient(steps)
    more = gradient([Step(one.value * factor, one.people) for one in steps])
    assert (more.slope, more.ratio) == (near(found.slope * factor), near(found.ratio))
    back = gradient(steps[::-1])
    assert back.slope == near(-found.slope)
    assert back.ratio == near(1 / found.ratio)


def test_a_constant_figure_has_no_slope_and_the_ratio_one():
    found = gradient([Step(0.3, n) for n in (10, 20, 30, 40, 50)])
    assert found.slope == pytest.approx(0, abs=1e-12)
    assert found.ratio == near(1)


@pytest.mark.parametrize("is_rate", [False, True])
def test_the_same_figures_always_have_the_same_limits(is_rate):
    first = limits_of(FALLING, is_rate=is_rate)
    limits_of.cache_clear()
    assert limits_of(FALLING, is_rate=is_rate) == first
    assert first.slope[0] < -0.25 < first.slope[1]


def test_limits_are_those_of_the_slopes_own_spread():
    # By hand: slope = sum((x - 1/2)(y)) / sum((x - 1/2)^2) with x - 1/2 = -0.4 .. 0.4, so that its
    # variance is sum((x - 1/2)^2 p(1-p)/100) / 0.4^2 and 1.96 of its roots about 0.12.
    away = [-0.4, -0.2, 0, 0.2, 0.4]
    shares = [0.30, 0.25, 0.20, 0.15, 0.10]
    spread = sum(a * a * p * (1 - p) / 100 for a, p in zip(away, shares, strict=True))
    half = 1.96 * (spread / 0.4**2) ** 0.5
    lower, upper = limits_of(FALLING, is_rate=False).slope
    assert (upper - lower) / 2 == pytest.approx(half, rel=0.15)
    assert (upper + lower) / 2 == pytest.approx(-0.25, abs=0.02)


@settings(max_examples=20, deadline=None)
@given(
    st.lists(
        st.tuples(st.integers(0, 3000), st.integers(0, 3000)).map(
            lambda pair: (min(pair), max(pair) + 1)
        ),
        min_size=5,
        max_size=5,
    )
)
def test_limits_are_in_order_whatever_is_counted(counts):
    for is_rate in (False, True):
        lower, upper = limits_of(tuple(counts), is_rate=is_rate).slope
        assert lower <= upper


def test_a_slope_is_told_from_the_most_to_the_least_deprived():
    told = gradient_told(view(FALLING))
    assert told.period == "Q4 of 2025/26"
    # 30% to 10% in five steps: the line falls from 32.5% to 7.5%.
    assert told.slope.startswith(
        "At the least deprived end the figure is 25.0 percentage points lower than at the most"
    )
    # Both limits go the same way, which is said once.
    assert re.search(
        r"the slope lies between [\d.]+ percentage points and [\d.]+ percentage points lower\.$",
        told.slope,
    )
    # 7.5 / 32.5 = 0.2307...
    assert told.ratio.startswith("That is 0.23 times the figure at the most deprived end, between")


def test_a_slope_that_may_be_chance_is_called_so():
    even = ((20, 100), (21, 100), (20, 100), (19, 100), (20, 100))
    told = gradient_told(view(even)).slope
    assert told.startswith("There is no clear slope: ")
    assert " lower and " in told
    assert told.endswith(" higher.")


@pytest.mark.parametrize(
    "figures",
    [
        # By hand: mean 0.3, slope -0.4 / 0.4 = -1, so that the line falls from 80% to -20%.
        ((90, 100), (30, 100), (20, 100), (10, 100), (0, 100)),
        # It starts at nought: 1, 3, 5, 7, 9 of 100.
        ((1, 100), (3, 100), (5, 100), (7, 100), (9, 100)),
    ],
)
def test_a_line_that_touches_nought_or_falls_below_it_has_no_ratio(figures):
    assert gradient_told(view(figures)).ratio.startswith("There is no ratio")


def test_a_rate_is_told_per_so_many():
    told = gradient_told(view(FALLING, shape="rate", per=1000))
    assert "250.0 per 1,000 lower" in told.slope


def test_the_latest_period_in_which_every_group_was_read_counts():
    part = (*FALLING[:4], None)
    assert gradient_told(view(FALLING, part)).period == "Q4 of 2025/26"
    assert gradient_told(view(part)) is None


@pytest.mark.parametrize(
    "changed",
    [
        {"definition": None},
        {"definition": replace(DEFINITION, category_set="")},
        {"definition": replace(DEFINITION, category_set="sex|2021")},
        {"definition": replace(DEFINITION, shape="mean")},
        {"definition": replace(DEFINITION, members=DEFINITION.members[:4])},
        {"readings": ()},
    ],
)
def test_only_five_ordered_groups_that_are_counted_have_a_slope(changed):
    assert gradient_told(replace(view(FALLING), **changed)) is None


def test_only_deprivation_has_an_order():
    ordered = {one.code for one in load_category_sets().values() if one.ordered}
    assert ordered == {"deprivation_deciles", "deprivation_quintiles"}

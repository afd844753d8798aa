"""Intervals and gaps (measures.md section 7); worked values cited where they come from."""

from __future__ import annotations

from math import inf, log, sqrt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eqia.domain.gaps import (
    LEVELLING_DOWN,
    Moved,
    Pair,
    change_words,
    gap_change,
    gap_words,
    good_way,
    is_clearly_wider,
)
from eqia.domain.intervals import (
    Z95,
    Z998,
    Events,
    against,
    difference,
    poisson_rate,
    quotient,
    rate_ratio,
    supplied,
    wilson,
)
from eqia.domain.measures import Goal

UP_ALONE = "the group improved and the others stayed the same"
DOWN_THERE = "the group stayed the same and the others worsened"
SHARES = st.integers(1, 500).flatmap(lambda of: st.tuples(st.integers(0, of), st.just(of)))


def near(value):
    return pytest.approx(value, rel=1e-9)


def limits(estimate):
    return estimate.lower, estimate.upper


def percent(value):
    return f"{100 * value:.0f}%"


def pair(group, reference, of=1000):
    return Pair(wilson(group, of), wilson(reference, of))


def test_how_many_standard_errors():
    # Tables of the normal distribution.
    assert round(Z95, 6) == 1.959964
    assert round(Z998, 6) == 3.090232


def test_wilson_solves_its_own_equation():
    # Wilson's limits p are where |15/148 - p| = z sqrt(p (1 - p) / 148).
    for end in limits(wilson(15, 148)):
        assert abs(15 / 148 - end) == near(Z95 * sqrt(end * (1 - end) / 148))
    # Published by Newcombe 1998: 15 of 148 gives 0.0624 to 0.1605.
    assert [round(end, 4) for end in limits(wilson(15, 148))] == [0.0624, 0.1605]


def test_none_and_all_have_exact_ends():
    assert wilson(0, 7).lower == 0
    assert wilson(7, 7).upper == 1
    assert wilson(0, 7).upper == near(Z95**2 / (7 + Z95**2))


@pytest.mark.parametrize(
    ("count", "lower", "upper"),
    [
        # 0: upper -ln(0.025); the others from tables of exact Poisson limits.
        (0, 0, -log(0.025)),
        (1, -log(0.975), 5.571643390938),
        (5, 1.623486390, 11.668332080),
    ],
)
def test_under_ten_events_the_limits_are_exact(count, lower, upper):
    found = poisson_rate(count, 1)
    assert found.method == "exact Poisson"
    assert limits(found) == pytest.approx((lower, upper), rel=1e-8)


def test_from_ten_events_on_the_limits_are_byars():
    # 10 (1 - 1/90 - z/(3 sqrt 10))^3 and 11 (1 - 1/99 + z/(3 sqrt 11))^3, per 1,000 of 2,000.
    found = poisson_rate(10, 2000, 1000)
    assert found.method == "Byar"
    assert [round(2 * end, 3) for end in limits(found)] == [4.787, 18.391]


def test_figures_may_overlap_and_the_gap_still_be_clear():
    # 60 of 100 and 92 of 200 (measures.md): they overlap, and 14 points is a clear gap.
    one, two = wilson(60, 100), wilson(92, 200)
    assert one.lower < two.upper
    found = Pair(one, two)
    assert found.gap.value == near(0.14)
    assert found.is_clear


def test_newcombes_published_difference():
    # Newcombe 1998, method 10: 56/70 less 48/80 is 0.2, from 0.0524 to 0.3339.
    found = difference(wilson(56, 70), wilson(48, 80))
    assert [round(one, 4) for one in (found.value, *limits(found))] == [0.2, 0.0524, 0.3339]


@pytest.mark.parametrize(
    ("one", "two"), [((0, 10), (5, 10)), ((10, 10), (10, 10)), ((3, 9), (1, 8))]
)
def test_a_ratio_has_limits_wherever_the_second_is_not_zero(one, two):
    found = quotient(wilson(*one), wilson(*two))
    assert 0 <= found.lower <= found.value <= found.upper < inf
    assert quotient(wilson(*one), wilson(0, 8)) is None


def test_the_ratio_of_two_shares_leaves_out_one_where_the_difference_leaves_out_zero():
    # Fieller: both ask whether the same points lie beyond one another.
    found = quotient(wilson(60, 100), wilson(92, 200))
    assert found.excludes(1)
    assert found.value == near(0.6 / 0.46)


def test_the_ratio_of_rates():
    # 20 per 100 and 40 per 400: 2, times e to the power of -/+ z sqrt(1/20 + 1/40).
    found = rate_ratio(Events(20, 100), Events(40, 400))
    assert found.value == near(2)
    assert log(found.upper / 2) == near(Z95 * sqrt(3 / 40))
    assert log(2 / found.lower) == near(Z95 * sqrt(3 / 40))


def test_few_events_make_the_ratio_exact():
    # 0 of 5 events: upper share 1 - 0.025^(1/5), as odds.
    share = 1 - 0.025 ** (1 / 5)
    found = rate_ratio(Events(0, 10), Events(5, 10))
    assert found.method == "exact conditional"
    assert limits(found) == pytest.approx((0, share / (1 - share)), rel=1e-9)
    turned = rate_ratio(Events(5, 10), Events(2, 10))
    back = rate_ratio(Events(2, 10), Events(5, 10))
    assert turned.lower == near(1 / back.upper)
    assert rate_ratio(Events(5, 10), Events(0, 10)) is None


@pytest.mark.parametrize(("benchmark", "said"), [(0.3, "better"), (0.5, "similar"), (0.7, "worse")])
def test_better_or_worse_only_where_the_limits_lie_beyond(benchmark, said):
    assert against(wilson(50, 100), benchmark, higher_is_better=True) == said


def test_limits_on_the_benchmark_are_similar():
    assert against(supplied(5, 4, 6), 6, higher_is_better=False) == "similar"


@pytest.mark.parametrize(
    ("before", "after", "change", "sides", "levelling"),
    [
        ((600, 900), (890, 900), "narrowed", UP_ALONE, 0),
        ((600, 900), (600, 610), "narrowed", DOWN_THERE, 1),
        ((600, 800), (890, 900), "narrowed", "both improved", 0),
        ((700, 900), (590, 600), "narrowed", "both worsened", 1),
        ((880, 900), (600, 900), "widened", "the group worsened and the others stayed the same", 0),
        ((600, 610), (600, 900), "widened", "the group stayed the same and the others improved", 0),
        ((600, 610), (700, 900), "widened", "both improved", 0),
        ((890, 900), (500, 700), "widened", "both worsened", 0),
        # No gap is left: that is closed, not turned round.
        ((600, 900), (750, 750), "narrowed", "the group improved and the others worsened", 1),
        ((600, 900), (900, 600), "reversed", "the group improved and the others worsened", 0),
        ((600, 900), (610, 900), "no_clear_change", UP_ALONE, 0),
    ],
)
def test_what_became_of_a_gap_and_which_side_moved(before, after, change, sides, levelling):
    found = gap_change(pair(*before), pair(*after), Goal.UP)
    assert found.change.value == change
    assert found.sides == sides
    assert found.is_levelling_down is bool(levelling)
    told = change_words(pair(*before), pair(*after), Goal.UP, percent)
    assert (LEVELLING_DOWN in told) is bool(levelling)
    assert sides in told


def test_a_side_whose_figures_read_the_same_did_not_move():
    told = change_words(pair(700, 900), pair(600, 899), Goal.UP, lambda value: f"{value:.1f}")
    assert "the group worsened and the others stayed the same" in told


def test_where_neither_way_is_better_a_side_rose_or_fell():
    found = gap_change(pair(600, 900), pair(700, 800), Goal.NEITHER)
    assert (found.group, found.reference) == (Moved.ROSE, Moved.FELL)
    assert not found.is_levelling_down


@pytest.mark.parametrize(
    ("before", "after", "wider"),
    [
        ((880, 900), (600, 900), True),
        ((600, 900), (880, 900), False),
        ((600, 900), (595, 900), False),
        ((850, 900), (900, 600), True),
    ],
)
def test_a_clearly_wider_gap_is_told(before, after, wider):
    assert is_clearly_wider(pair(*before), pair(*after)) is wider


def test_a_gap_is_said_with_its_size_direction_and_certainty():
    assert gap_words(pair(600, 740), percent) == (
        "The group is 14% below the others; the gap lies between 10% and 18% below."
    )
    assert gap_words(pair(740, 600), percent) == (
        "The group is 14% above the others; the gap lies between 10% and 18% above."
    )
    # No minus sign, which is soon overlooked: both ways are said in words.
    assert gap_words(pair(590, 601), percent) == (
        "There is no clear gap: 1% below, and it may lie between 5% below and 3% above."
    )
    assert gap_words(pair(600, 600), percent) == (
        "There is no clear gap: 0%, and it may lie between 4% below and 4% above."
    )


def test_the_good_way_of_a_gap_is_towards_zero():
    assert [good_way(one) for one in (-0.1, 0, 0.1)] == [Goal.UP, Goal.NEITHER, Goal.DOWN]


@given(SHARES)
def test_limits_contain_the_estimate(share):
    for found in (wilson(*share), poisson_rate(*share), wilson(*share, Z998)):
        assert found.lower <= found.value + 1e-12
        assert found.value <= found.upper + 1e-12


@given(SHARES, SHARES)
def test_a_gap_turned_round_has_the_limits_turned_round(one, two):
    found, back = (difference(wilson(*a), wilson(*b)) for a, b in ((one, two), (two, one)))
    assert (found.value, found.lower, found.upper) == (-back.value, -back.upper, -back.lower)
    assert found.lower <= found.value <= found.upper
    ratio = quotient(wilson(*one), wilson(*two))
    assert ratio is None or ratio.lower - 1e-9 <= ratio.value <= ratio.upper * (1 + 1e-9)

"""Intervals and changes of gaps (measures.md section 7) against published and hand-made values."""

from __future__ import annotations

from decimal import Decimal, getcontext
from math import hypot

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eqia.domain.gaps import NO_EVENTS, Change, Pair, gap_change, gap_words
from eqia.domain.intervals import Z998, difference, poisson_rate, supplied, wilson
from eqia.domain.measures import Goal

getcontext().prec = 40
SHARES = st.integers(1, 300).flatmap(lambda of: st.tuples(st.integers(0, of), st.just(of)))


def percent(value):
    return f"{100 * value:.1f}%"


@pytest.mark.parametrize(
    ("one", "two", "lower", "upper"),
    [
        # Newcombe 1998 (II), table II, method 10, its eight examples.
        ((56, 70), (48, 80), 0.0524, 0.3339),
        ((9, 10), (3, 10), 0.1705, 0.8090),
        ((6, 7), (2, 7), 0.0582, 0.8062),
        ((5, 56), (0, 29), -0.0381, 0.1926),
        ((0, 10), (0, 20), -0.1611, 0.2775),
        ((0, 10), (0, 10), -0.2775, 0.2775),
        ((10, 10), (0, 20), 0.6791, 1.0),
        ((10, 10), (0, 10), 0.6075, 1.0),
    ],
)
def test_newcombes_own_examples(one, two, lower, upper):
    found = difference(wilson(*one), wilson(*two))
    assert [round(end, 4) for end in (found.lower, found.upper)] == [lower, upper]


@pytest.mark.parametrize(
    ("count", "of", "lower", "upper"),
    [
        # Newcombe 1998 (I), table I, method 3.
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0, 0.1611),
        (1, 29, 0.0061, 0.1718),
        (29, 29, 0.8830, 1.0),
    ],
)
def test_wilsons_limits_as_published(count, of, lower, upper):
    found = wilson(count, of)
    assert [round(end, 4) for end in (found.lower, found.upper)] == [lower, upper]


def test_limits_of_998_per_cent_are_wider_and_solve_the_same_equation():
    wide, usual = wilson(30, 100, Z998), wilson(30, 100)
    assert wide.lower < usual.lower < usual.upper < wide.upper
    for end in (wide.lower, wide.upper):
        assert abs(0.3 - end) == pytest.approx(Z998 * (end * (1 - end) / 100) ** 0.5, rel=1e-9)


@pytest.mark.parametrize("count", range(1, 10))
def test_exact_poisson_limits_leave_a_fortieth_on_either_side(count):
    """The tails at the limits, added up in forty digits."""
    found = poisson_rate(count, 1)

    def up_to(most, mean):
        term = total = (-mean).exp()
        for k in range(1, most + 1):
            term *= mean / k
            total += term
        return total

    assert float(1 - up_to(count - 1, Decimal(found.lower))) == pytest.approx(0.025, rel=1e-7)
    assert float(up_to(count, Decimal(found.upper))) == pytest.approx(0.025, rel=1e-7)


def test_nine_events_are_exact_and_ten_are_byars():
    # Tables: 9 events 4.1154 to 17.0848.
    nine, ten = poisson_rate(9, 1), poisson_rate(10, 1)
    assert (nine.method, ten.method) == ("exact Poisson", "Byar")
    assert [round(end, 4) for end in (nine.lower, nine.upper)] == [4.1154, 17.0848]


def test_a_difference_of_rates_and_of_means_has_the_same_hybrid_limits():
    one, two = supplied(12, 10, 15), supplied(8, 7, 10)
    found = difference(one, two)
    # 4 less the root of 2^2 + 2^2, and 4 and the root of 3^2 + 1^2.
    assert (found.value, found.lower, found.upper) == (4, 4 - 8**0.5, 4 + 10**0.5)
    a, b = poisson_rate(30, 100), poisson_rate(20, 100)
    rates = difference(a, b)
    assert rates.lower == pytest.approx(0.1 - hypot(0.3 - a.lower, b.upper - 0.2), rel=1e-9)
    assert rates.upper == pytest.approx(0.1 + hypot(a.upper - 0.3, 0.2 - b.lower), rel=1e-9)


def test_the_change_of_a_gap_has_the_hybrid_of_both_gaps_limits():
    before = Pair(wilson(20, 100), wilson(10, 100))
    after = Pair(wilson(45, 100), wilson(12, 100))
    found = gap_change(before, after, Goal.DOWN).by
    one, two = after.gap, before.gap
    assert found.value == pytest.approx(0.33 - 0.10, rel=1e-9)
    assert found.lower == pytest.approx(
        found.value - hypot(one.value - one.lower, two.upper - two.value), rel=1e-9
    )
    assert found.upper == pytest.approx(
        found.value + hypot(one.upper - one.value, two.value - two.lower), rel=1e-9
    )


@given(SHARES, SHARES, SHARES, SHARES)
def test_a_change_told_from_the_other_side_is_the_same_change(a, b, c, d):
    before, after = Pair(wilson(*a), wilson(*b)), Pair(wilson(*c), wilson(*d))
    turned = (Pair(one.reference, one.group) for one in (before, after))
    found, back = gap_change(before, after, Goal.UP), gap_change(*turned, Goal.UP)
    assert found.change is back.change
    assert (found.group, found.reference) == (back.reference, back.group)
    assert found.by.value == pytest.approx(-back.by.value, abs=1e-12)
    assert found.by.lower <= found.by.value <= found.by.upper


@given(SHARES, SHARES)
def test_a_gap_that_stays_as_it_was_has_no_clear_change(one, two):
    pair = Pair(wilson(*one), wilson(*two))
    assert gap_change(pair, pair, Goal.UP).change is Change.NO_CLEAR_CHANGE


def test_nothing_on_either_side_is_not_enough_to_compare():
    assert gap_words(Pair(wilson(0, 50), wilson(0, 900)), percent) == NO_EVENTS
    one = Pair(wilson(1, 50), wilson(0, 900))
    assert gap_words(one, percent) != NO_EVENTS

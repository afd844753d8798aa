"""Run charts: Anhoej's signals (measures.md section 6); tables worked out by hand."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest

from eqia.domain.periods import Frequency, Schedule
from eqia.domain.run_charts import (
    fewest_crossings,
    longest_run_allowed,
    median_of,
    run_chart,
)
from eqia.domain.series import Point

MONTHS = Schedule(Frequency.MONTH, date(2024, 1, 1))


def drawn(values, **given):
    points = [
        Point(MONTHS.period(at), None if value is None else Fraction(value))
        for at, value in enumerate(values)
    ]
    return run_chart(points, **given)


@pytest.mark.parametrize(
    ("first", "last", "allowed"),
    [(10, 11, 6), (12, 22, 7), (23, 45, 8), (46, 90, 9), (91, 181, 10)],
)
def test_the_longest_run_allowed(first, last, allowed):
    assert {longest_run_allowed(n) for n in range(first, last + 1)} == {allowed}


@pytest.mark.parametrize(
    ("useful", "fewest"),
    [
        # n = 10: of 2^9 = 512, 20 x 10 = 200 < 512 <= 20 x 46 = 920.
        (10, 2),
        # n = 12: of 2048, 20 x 12 = 240, 20 x 67 = 1340 < 2048 <= 20 x 232.
        (12, 3),
        # n = 15: of 16384, 20 x 470 = 9400 < 16384 <= 20 x 1471.
        (15, 4),
    ],
)
def test_the_fewest_crossings(useful, fewest):
    assert fewest_crossings(useful) == fewest


def test_the_median_of_an_even_number_is_the_mean_of_the_middle_two():
    assert median_of([Fraction(9), Fraction(1), Fraction(4)]) == 4
    assert median_of([Fraction(9), Fraction(1), Fraction(4), Fraction(3)]) == Fraction(7, 2)


def test_a_point_on_the_median_neither_breaks_a_run_nor_lengthens_it():
    # Median of the baseline 4, 6 is 5; then seven above with one on the median between.
    (found,) = drawn([4, 6, 6, 6, 5, 6, 6, 6, 6, 4, 4, 4], baseline=2)
    assert (found.median, found.useful, found.longest, found.crossings) == (5, 11, 7, 2)
    assert found.signals == ("long_run_above",)


def test_few_crossings_signal_without_a_long_run():
    # Six below, then six above: one crossing of at least three; no run over seven.
    (found,) = drawn([1] * 6 + [3] * 6)
    assert found.signals == ("few_crossings",)
    assert (found.longest_allowed, found.crossings_needed) == (7, 3)


def test_nothing_is_said_with_fewer_than_ten_useful_points():
    (found,) = drawn([1] * 4 + [2] + [3] * 4)
    assert (found.useful, found.signals, found.longest_allowed) == (8, (), None)


def test_a_constant_series_and_an_empty_one_say_nothing():
    assert drawn([5] * 30)[0].signals == ()
    assert drawn([None] * 3)[0].median is None


def test_each_part_has_its_own_median():
    found = drawn([1, 2, 3, None, 11, 12, 13], recalculations=[4])
    assert [one.median for one in found] == [2, 12]


def test_a_run_as_long_as_is_allowed_is_no_signal():
    # Twelve useful points around 5: the longest run is 7, and five crossings are enough.
    (found,) = drawn([4, 6, *[4] * 7, 6, 4, 6], baseline=2)
    assert (found.useful, found.longest, found.signals) == (12, 7, ())
    (found,) = drawn([6, 4, *[6] * 8, 4, 6], baseline=2)
    assert (found.useful, found.longest, found.signals) == (12, 8, ("long_run_above",))


def test_ten_useful_points_are_enough():
    # One crossing of at least two.
    (found,) = drawn([1] * 5 + [3] * 5)
    assert (found.useful, found.signals) == (10, ("few_crossings",))

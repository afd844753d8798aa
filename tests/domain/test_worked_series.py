"""Edges of XmR and run charts (measures.md sections 5 and 6), each worked out by hand."""

from __future__ import annotations

from fractions import Fraction
from math import comb

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eqia.domain.measures import Goal
from eqia.domain.run_charts import Signal, fewest_crossings, run_chart
from eqia.domain.series import exact, proportion
from eqia.domain.spc import Conflict, analyse
from eqia.domain.spc_icons import (
    Level,
    Method,
    Variation,
    Warned,
    assurance,
    icons,
    method_for,
    variation,
    warnings,
)
from tests.domain.test_spc import CALM, MONTHS, flagged, judged, series, types

#: around 1/2 with the range 1: two sigma ends at 1/2 + 2/3 x 133/50
TWO_SIGMA = Fraction(1, 2) + Fraction(133, 75)


def test_on_two_sigma_is_not_beyond_it():
    values = [0, 1, 0, 1, TWO_SIGMA, 1, TWO_SIGMA]
    assert flagged(judged(values, baseline=4), "two_of_three_high") == []
    beyond = [0, 1, 0, 1, TWO_SIGMA + Fraction(1, 10**9), 1, TWO_SIGMA + Fraction(1, 10**9)]
    assert flagged(judged(beyond, baseline=4), "two_of_three_high") == [4, 6]


def test_two_of_three_on_the_low_side_is_the_mirror():
    assert flagged(judged([1, 0, 1, 0, -2, 0, -2], baseline=4), "two_of_three_low") == [4, 6]


def test_two_of_three_does_not_cross_new_limits():
    values = [0, 1, 0, 1, 3, 3, 1, 0]
    assert flagged(judged(values, baseline=4), "two_of_three_high") == [4, 5]
    assert flagged(judged(values, baseline=4, recalculations=[5]), "two_of_three_high") == []


def test_a_point_on_the_mean_is_on_neither_side_for_two_of_three():
    # 3, mean, 3: the middle one is not strictly above.
    values = [0, 1, 0, 1, 3, Fraction(1, 2), 3]
    assert flagged(judged(values, baseline=4), "two_of_three_high") == []


@pytest.mark.parametrize("ending", [[None], [None, None]])
def test_the_icon_is_that_of_the_last_point_that_counts(ending):
    wild = [*CALM, 30]
    assert variation(judged([*wild, *ending], baseline=15)) is Variation.IMPROVEMENT_HIGH
    aside = judged([*wild, 5], baseline=15, excluded=[16])
    assert variation(aside) is Variation.IMPROVEMENT_HIGH
    calm = judged(wild, baseline=15, excluded=[15])
    assert variation(calm) is Variation.COMMON_CAUSE


def test_only_points_that_count_decide_how_a_series_is_read():
    found = judged([*CALM, 5, None], excluded=[0, 1])
    assert method_for(len(found.live)) is Method.RUN_CHART
    assert icons(found, [], is_group=False).variation is None


def test_assurance_takes_the_limits_of_the_part_the_last_point_is_in():
    # First part around 5, second constant at 20: only there is a target of 19 always met.
    found = judged([4, 6, 4, 6, 20, 20, 20], recalculations=[4])
    assert assurance(found, [Level(exact(19))]).value == "pass"
    assert assurance(judged([4, 6, 4, 6]), [Level(exact(19))]).value == "fail"


@pytest.mark.parametrize("goal", [Goal.UP, Goal.DOWN])
def test_limits_that_coincide_on_the_target_pass_either_way(goal):
    assert assurance(judged([1, 1, 1], goal), [Level(exact(1))]).value == "pass"


def test_a_baseline_counts_points_that_count_and_rules_all_that_follow():
    # Of 2, -, (99), 4 the first two that count are 2 and 4: mean 3, range 2, 3 -/+ 5.32.
    found = judged([2, None, 99, 4, 50, 60], excluded=[2], baseline=2)
    limits = found.segments[0].limits
    assert (limits.mean, limits.lower, limits.upper) == (
        3,
        Fraction(-232, 100),
        Fraction(832, 100),
    )
    assert flagged(found, "above_upl") == [4, 5]


def test_two_points_have_limits_that_are_a_trial():
    # 0 and 1: mean 1/2, one range of 1, limits 1/2 -/+ 2.66 below 0 and over 1, never clamped.
    found = judged([0, 1])
    limits = found.segments[0].limits
    assert (limits.lower, limits.upper) == (Fraction(-216, 100), Fraction(316, 100))
    assert found.segments[0].is_trial
    assert icons(found, [], is_group=False).variation is None


def test_large_ranges_are_not_screened_out():
    # 0, 0, 100, 0, 0: mean 20, ranges 0, 100, 100, 0 with the mean 50; 20 + 133 = 153.
    limits = judged([0, 0, 100, 0, 0]).segments[0].limits
    assert (limits.mean, limits.upper) == (20, 153)


def test_shares_of_different_sizes_that_are_the_same_share_are_constant():
    # 1/3 of 3, 6, 9 ...: floats would miss it.
    points = [proportion(MONTHS.period(at), at + 1, 3 * (at + 1)) for at in range(30)]
    found = analyse(points, goal=Goal.UP)
    assert found.segments[0].limits.spread == 0
    assert set(types(found)) == {"common_cause"}
    whole = [proportion(MONTHS.period(at), at + 1, at + 1) for at in range(30)]
    assert set(types(analyse(whole, goal=Goal.DOWN))) == {"common_cause"}


def test_a_conflict_is_a_concern_unless_somebody_says_otherwise():
    rising = [49, 51, 49, 51, 1, 2, 3, 4, 5, 6, 7]
    assert types(judged(rising, baseline=4))[-1] == "concern"
    assert Conflict("concern") is Conflict.CONCERN


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        (judged(CALM), []),
        (judged(CALM[:14]), [Warned.FEW_POINTS]),
        (judged(CALM[:11]), [Warned.FEW_POINTS, Warned.TRIAL_PART]),
        (judged([*CALM, None, 5]), [Warned.MISSING_PERIOD]),
        (judged(CALM, Goal.NEITHER), [Warned.NO_DIRECTION]),
        (judged([*CALM, *CALM], recalculations=[19]), [Warned.TRIAL_PART]),
        (judged([*CALM, *CALM], recalculations=[18]), []),
    ],
)
def test_each_warning_by_itself(found, expected):
    assert list(warnings(found)) == expected


def test_numbers_too_small_or_too_uneven_are_warned_of():
    few = [proportion(MONTHS.period(at), 4, 100) for at in range(15)]
    assert list(warnings(analyse(few, goal=Goal.UP))) == [Warned.LOW_MEAN]
    uneven = [proportion(MONTHS.period(at), 20, 100 + 201 * (at == 3)) for at in range(15)]
    assert Warned.UNEVEN_DENOMINATORS in warnings(analyse(uneven, goal=Goal.UP))


def test_every_result_names_its_rules():
    found = judged(CALM)
    assert (found.rule_set_version, "Making Data Count" in found.rule_set) == (
        "mdc-2.5-2023-11",
        True,
    )


# Run charts


def chance(tries, most):
    """P(X <= most) for X ~ Binomial(tries, 1/2), added up exactly."""
    return sum((Fraction(comb(tries, k), 2**tries) for k in range(most + 1)), Fraction(0))


@pytest.mark.parametrize("useful", range(10, 120))
def test_the_fewest_crossings_are_the_fifth_percentile(useful):
    fewest = fewest_crossings(useful)
    assert chance(useful - 1, fewest) >= Fraction(1, 20)
    assert fewest == 0 or chance(useful - 1, fewest - 1) < Fraction(1, 20)


def test_the_published_table_of_crossings():
    # Anhoej and Olesen 2014, table 1: the lower limit for 10 to 30 useful points.
    published = [2, 2, 3, 3, 4, 4, 4, 5, 5, 6, 6, 6, 7, 7, 8, 8, 8, 9, 9, 10, 10]
    assert [fewest_crossings(n) for n in range(10, 31)] == published


def test_the_baselines_median_stays_for_all_that_follows():
    (found,) = run_chart(series([4, 6, *[9] * 10]), baseline=2)
    assert (found.median, found.useful, found.longest) == (5, 12, 11)
    assert Signal.LONG_RUN_ABOVE in found.signals


def test_there_is_no_rule_of_trends():
    assert {one.value for one in Signal} == {"long_run_above", "long_run_below", "few_crossings"}


@given(st.lists(st.integers(-9, 9), min_size=1, max_size=40), st.integers(1, 1000))
def test_scale_and_shift_change_no_run(values, scale):
    plain = run_chart(series(values))
    moved = run_chart(series([value * Fraction(scale, 7) + 3 for value in values]))
    assert [(one.longest, one.crossings, one.signals) for one in moved] == [
        (one.longest, one.crossings, one.signals) for one in plain
    ]


@given(st.lists(st.integers(-9, 9), min_size=1, max_size=40))
def test_a_mirrored_series_has_its_runs_on_the_other_side(values):
    turned = {Signal.LONG_RUN_ABOVE: Signal.LONG_RUN_BELOW}
    turned |= {b: a for a, b in turned.items()}
    (one,) = run_chart(series(values))
    (other,) = run_chart(series([-value for value in values]))
    assert {turned.get(signal, signal) for signal in one.signals} == set(other.signals)

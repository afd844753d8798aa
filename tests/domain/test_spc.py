"""XmR charts by the rules of measures.md section 5; worked values by hand, in exact fractions."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eqia.domain.errors import Refusal
from eqia.domain.measures import Goal
from eqia.domain.periods import Frequency, Schedule
from eqia.domain.series import Point, exact, proportion
from eqia.domain.spc import Conflict, analyse
from eqia.domain.spc_icons import (
    Level,
    Method,
    Warned,
    assurance,
    icons,
    method_for,
    new_limits_suggested,
    variation,
    warnings,
    withholding,
)
from tests.work import calls_in

#: Thirteen thousand today, two milliseconds on a slow machine; the design allows five.
CALLS = 20_000
MONTHS = Schedule(Frequency.MONTH, date(2024, 1, 1))
#: a series of no signal around 5
CALM = [5, 6, 4, 5, 6, 4, 5, 6, 4, 5, 6, 4, 5, 6, 4]
WHOLE = st.integers(-50, 50)


def series(values):
    return [
        Point(MONTHS.period(at), None if value is None else exact(value))
        for at, value in enumerate(values)
    ]


def judged(values, goal=Goal.UP, **given):
    return analyse(series(values), goal=goal, **given)


def rules(analysis):
    return [[rule.value for rule in one.rules] for one in analysis.points]


def flagged(analysis, rule):
    return [at for at, found in enumerate(rules(analysis)) if rule in found]


def types(analysis):
    return [one.type and one.type.value for one in analysis.points]


def test_limits_are_266_mean_moving_ranges_from_the_mean():
    # 2, 4, 9: mean 5, ranges 2 and 5, their mean 7/2; 133/50 x 7/2 = 931/100.
    limits = judged([2, 4, 9]).segments[0].limits
    assert (limits.mean, limits.lower, limits.upper) == (
        5,
        Fraction(-431, 100),
        Fraction(1431, 100),
    )
    # Two sigma: 2/3 x 931/100 = 931/150.
    assert limits.near == (5 - Fraction(931, 150), 5 + Fraction(931, 150))


def test_one_point_has_a_mean_and_no_limits():
    found = judged([7])
    assert found.segments[0].limits.mean == 7
    assert found.segments[0].limits.lower is None
    assert assurance(found, [Level(exact(1))]) is None
    assert judged([]).segments[0].limits is None
    assert variation(judged([None])) is None


def test_a_point_on_a_limit_is_inside_and_beyond_it_is_outside():
    # Baseline 0, 1, 0, 1: mean 1/2, range 1, upper 1/2 + 133/50 = 79/25 = 3.16, lower -2.16.
    assert rules(judged([0, 1, 0, 1, "3.16"], baseline=4))[4] == []
    assert rules(judged([0, 1, 0, 1, "3.1600001"], baseline=4))[4] == ["above_upl"]
    assert rules(judged([0, 1, 0, 1, "-2.1600001"], baseline=4))[4] == ["below_lpl"]


@pytest.mark.parametrize(
    ("values", "flags"),
    [
        ([4, 6, *[6] * 6, 4], [1, 2, 3, 4, 5, 6, 7]),
        ([4, 6, *[6] * 5, 4], []),
        # On the mean: the run is broken.
        ([4, 6, 6, 6, 6, 5, 6, 6, 6, 4], []),
    ],
)
def test_a_shift_is_seven_in_a_row_strictly_on_one_side(values, flags):
    # The baseline 4, 6 has mean 5, and the run crosses its end.
    assert flagged(judged(values, baseline=2), "shift_high") == flags


@pytest.mark.parametrize(
    ("values", "rule", "flags"),
    [
        ([1, 2, 3, 4, 5, 6, 7, 7], "trend_up", [0, 1, 2, 3, 4, 5, 6]),
        ([1, 2, 3, 4, 5, 6, 6], "trend_up", []),
        ([1, 2, 3, 3, 4, 5, 6, 7], "trend_up", []),
        ([9, 8, 7, 6, 5, 4, 3], "trend_down", [0, 1, 2, 3, 4, 5, 6]),
    ],
)
def test_a_trend_is_seven_in_a_row_with_both_ends(values, rule, flags):
    assert flagged(judged(values), rule) == flags


def test_a_trend_may_cross_new_limits_and_a_shift_may_not():
    rising = [1, 2, 3, 4, 5, 6, 7, 8]
    assert flagged(judged(rising, recalculations=[4]), "trend_up") == list(range(8))
    # 4 and 3 above the old mean 5, then limits of their own.
    cut = judged([4, 6, 7, 7, 7, 7, 7, 7, 4], recalculations=[5], baseline=2)
    assert flagged(cut, "shift_high") == []


@pytest.mark.parametrize(
    ("three", "flags"),
    [
        # Around mean 1/2 with range 1: two sigma ends at 1/2 + 133/75 = 2.2733..., limit 3.16.
        ([3, 1, 3], [4, 6]),
        ([3, 0, 3], []),
        (["2.27", 1, 3], []),
        # Beyond the limit counts as beyond two sigma.
        ([1, 4, 3], [5, 6]),
    ],
)
def test_two_of_three_flags_only_the_points_beyond_two_sigma(three, flags):
    assert flagged(judged([0, 1, 0, 1, *three], baseline=4), "two_of_three_high") == flags


@pytest.mark.parametrize(
    ("goal", "high", "low"),
    [
        (Goal.UP, "improvement", "concern"),
        (Goal.DOWN, "concern", "improvement"),
        (Goal.NEITHER, "neither_high", "neither_low"),
    ],
)
def test_which_way_is_better_decides_what_a_signal_means(goal, high, low):
    assert types(judged([*CALM, 30], goal, baseline=15))[-1] == high
    assert types(judged([*CALM, -30], goal, baseline=15))[-1] == low
    last = variation(judged([*CALM, 30], goal, baseline=15))
    assert last.value == (high if goal is Goal.NEITHER else f"{high}_high")


def test_a_rising_trend_below_the_mean_goes_by_the_conflict_rule():
    # The baseline has mean 50; the last seven rise, and stay far below.
    values = [49, 51, 49, 51, 1, 2, 3, 4, 5, 6, 7]
    icon_of = {Conflict.CONCERN: "concern_low", Conflict.IMPROVEMENT: "improvement_high"}
    for rule, icon in icon_of.items():
        found = judged(values, conflict=rule, baseline=4)
        assert found.points[-1].is_conflict
        assert types(found)[-1] == rule.value
        assert variation(found).value == icon
        assert Warned.CONFLICT in warnings(found)
    assert types(judged(values, Goal.NEITHER, baseline=4))[-1] == "neither_low"


def test_missing_and_excluded_points_are_left_out_and_their_neighbours_become_adjacent():
    # Of 2, -, 4, (99), 9 the live are 2, 4, 9.
    found = judged([2, None, 4, 99, 9], excluded=[3])
    assert found.segments[0].limits == judged([2, 4, 9]).segments[0].limits
    assert types(found) == ["common_cause", None, "common_cause", "excluded", "common_cause"]
    assert Warned.MISSING_PERIOD in warnings(found)
    rising = judged([1, 2, 3, None, 4, 5, 99, 6, 7], excluded=[6])
    assert flagged(rising, "trend_up") == [0, 1, 2, 4, 5, 7, 8]


def test_baseline_and_new_limits_combine():
    found = judged([0, 2, 9, 9, 10, 12, 10], baseline=2, recalculations=[4])
    means = [segment.limits.mean for segment in found.segments]
    assert means == [1, Fraction(32, 3)]
    assert [one.segment for one in found.points] == [0, 0, 0, 0, 1, 1, 1]
    assert all(segment.is_trial for segment in found.segments)


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"baseline": 5, "recalculations": [4]}, "overlaps"),
        ({"baseline": 0}, "at least one"),
        ({"recalculations": [0]}, "later reading"),
        ({"recalculations": [9]}, "later reading"),
    ],
)
def test_a_baseline_over_new_limits_is_refused(given, words):
    with pytest.raises(Refusal, match=words):
        judged([1, 2, 3, 4, 5], **given)


def test_two_readings_of_one_period_are_refused():
    with pytest.raises(Refusal, match="same period"):
        analyse(series([1]) * 2, goal=Goal.UP)
    with pytest.raises(Refusal, match="out of order"):
        analyse(series([1, 2])[::-1], goal=Goal.UP)


@pytest.mark.parametrize(
    ("goal", "target", "icon"),
    [
        # 2, 4, 9 has limits -4.31 and 14.31.
        (Goal.UP, "-4.31", "pass"),
        (Goal.UP, "14.31", "fail"),
        (Goal.UP, "14.3", "hit_or_miss"),
        (Goal.DOWN, "14.31", "pass"),
        (Goal.DOWN, "-4.31", "fail"),
        (Goal.DOWN, 0, "hit_or_miss"),
    ],
)
def test_assurance_compares_the_limits_with_the_target_inclusively(goal, target, icon):
    assert assurance(judged([2, 4, 9], goal), [Level(exact(target))]).value == icon


def test_limits_that_coincide_on_the_target_pass_and_neither_has_no_assurance():
    level = [Level(exact(1))]
    assert assurance(judged([1, 1, 1]), level).value == "pass"
    assert assurance(judged([1, 1, 1], Goal.NEITHER), level) is None


def test_the_target_is_the_one_in_force_on_the_day_of_the_last_point():
    targets = [
        Level(exact(99), last=date(2024, 3, 30)),
        Level(exact(-5), first=date(2024, 3, 31)),
        Level(exact(99), first=date(2024, 4, 1)),
    ]
    assert assurance(judged([2, 4, 9]), targets).value == "pass"
    assert assurance(judged([2, 4, 9]), targets[2:]) is None


@pytest.mark.parametrize(
    ("count", "method"),
    [
        (0, Method.LINE),
        (9, Method.LINE),
        (10, Method.RUN_CHART),
        (14, Method.RUN_CHART),
        (15, Method.XMR),
    ],
)
def test_how_many_points_a_method_needs(count, method):
    assert method_for(count) is method


def test_no_icons_under_fifteen_points():
    assert icons(judged(CALM[:14]), [], is_group=False).variation is None
    assert icons(judged(CALM), [], is_group=False).variation.value == "common_cause"


@pytest.mark.parametrize(
    ("pairs", "reasons"),
    [
        ([(5, 100)] * 15, ()),
        ([(4, 100)] * 15, (Warned.LOW_MEAN,)),
        ([(96, 100)] * 15, (Warned.LOW_MEAN,)),
        ([(20, 100), (20, 300)], ()),
        ([(20, 100), (20, 301)], (Warned.UNEVEN_DENOMINATORS,)),
    ],
)
def test_icons_of_a_group_are_withheld_with_the_reason(pairs, reasons):
    points = [proportion(MONTHS.period(at), *pair) for at, pair in enumerate(pairs)]
    assert withholding(points) == reasons
    found = icons(analyse(points, goal=Goal.UP), [], is_group=True)
    assert (found.variation is None) is bool(reasons or len(pairs) < 15)


def test_new_limits_are_suggested_where_a_shift_begins_with_an_act():
    found = judged([4, 6, 6, 4, 8, 8, 8, 8, 8, 8, 8], baseline=4)
    assert new_limits_suggested(found, [date(2024, 5, 20)]) == 4
    assert new_limits_suggested(found, [date(2024, 6, 20)]) is None


@pytest.mark.parametrize("value", ["0.1", "1", 0, 0.7, "0.3333333333333333", Fraction(1, 3), 100])
@pytest.mark.parametrize("count", [2, 3, 10, 49])
def test_a_constant_series_flags_nothing(value, count):
    found = judged([value] * count)
    limits = found.segments[0].limits
    assert limits.lower == limits.mean == limits.upper == exact(value)
    assert set(types(found)) == {"common_cause"}


@given(st.lists(WHOLE, min_size=1, max_size=40), st.integers(1, 10**6), WHOLE)
def test_scale_and_shift_change_no_signal(values, scale, shift):
    factor = Fraction(scale, 1000)
    moved = judged([value * factor + shift for value in values])
    assert rules(moved) == rules(judged(values))


@given(st.lists(WHOLE, min_size=1, max_size=40))
def test_a_mirrored_series_has_mirrored_types(values):
    down = judged([-value for value in values], Goal.DOWN)
    assert types(down) == types(judged(values))


@pytest.mark.parametrize(
    "bad", ["", "x", "nan", "inf", Decimal("sNaN"), float("-inf"), "1e999999999"]
)
def test_what_is_no_number_is_refused(bad):
    with pytest.raises(Refusal, match="not a number"):
        exact(bad)


def test_numbers_enter_by_their_decimal_text():
    assert exact(0.1) == exact("0.1") == exact(Decimal("0.1")) == Fraction(1, 10)


def test_a_hundred_readings_are_little_work():
    counts = [(3000 + at * 37 % 401, 4001 + at * 53 % 997) for at in range(100)]
    points = [proportion(MONTHS.period(at), *two) for at, two in enumerate(counts)]
    assert calls_in(lambda: analyse(points, goal=Goal.UP)) < CALLS


def test_limits_are_a_trial_under_twelve_points():
    assert [judged(CALM[:count]).segments[0].is_trial for count in (11, 12)] == [True, False]
    assert Warned.TRIAL_PART not in warnings(judged(CALM[:12]))

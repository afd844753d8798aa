"""Ratios between groups (measures.md section 7), four-fifths lines, figures against targets."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eqia.domain.gaps import NO_EVENTS
from eqia.domain.intervals import Events, quotient, rate_ratio, wilson
from eqia.domain.measures import Target
from eqia.domain.ratios import NO_RATIO, Line, line_of, ratios_of
from tests.domain.test_concerns import FIRST, view

SHARES = st.integers(1, 400).flatmap(lambda of: st.tuples(st.integers(0, of), st.just(of)))


def only(found):
    (one,) = ratios_of(found)
    return one


def solved(low, high, rises):
    for _ in range(200):
        middle = (low + high) / 2
        low, high = (middle, high) if rises(middle) < 0 else (low, middle)
    return (low + high) / 2


@pytest.mark.parametrize(
    ("one", "two"), [((60, 100), (92, 200)), ((3, 50), (40, 90)), ((88, 90), (10, 70))]
)
def test_the_limits_of_a_ratio_are_where_the_hybrid_difference_touches_zero(one, two):
    """MOVER-R by another way: the limits R of p1 - R p2 = 0, found by halving."""
    a, b = wilson(*one), wilson(*two)
    found = quotient(a, b)

    def below(r):
        gap = a.value - r * b.value
        spread = (a.value - a.lower) ** 2 + (r * (b.upper - b.value)) ** 2
        return spread**0.5 - gap

    def above(r):
        gap = r * b.value - a.value
        spread = (a.upper - a.value) ** 2 + (r * (b.value - b.lower)) ** 2
        return gap - spread**0.5

    assert found.lower == pytest.approx(solved(0, found.value, below), rel=1e-9)
    assert found.upper == pytest.approx(solved(found.value, 1000, above), rel=1e-9)


@pytest.mark.parametrize(
    ("one", "method"), [(10, "log normal"), (9, "exact conditional"), (0, "exact conditional")]
)
def test_under_ten_events_a_ratio_of_rates_is_exact(one, method):
    assert rate_ratio(Events(one, 100), Events(40, 100)).method == method


def test_the_exact_ratio_comes_from_the_share_of_the_events():
    # 5 of 10 events: the tables give 0.1871 to 0.8129 for the share, so 0.2301 to 4.3450 as odds;
    # with twice the people on the second side twice that.
    found = rate_ratio(Events(5, 100), Events(5, 200))
    assert found.value == 2
    assert [round(found.lower, 4), round(found.upper, 3)] == [0.4603, 8.69]


@given(SHARES, SHARES)
def test_a_ratio_turned_round_is_turned_round(one, two):
    there, back = quotient(wilson(*one), wilson(*two)), quotient(wilson(*two), wilson(*one))
    if there and back:
        assert there.value == pytest.approx(1 / back.value, rel=1e-9)
        assert there.lower == pytest.approx(1 / back.upper, rel=1e-6)


def test_a_ratio_is_told_with_its_limits():
    found = only(view(((60, 100), (92, 200))))
    # 0.6 / 0.46 = 1.304; the limits as above.
    assert found.label == "Old"
    assert found.words.startswith("1.30 times the figure of Young, between 1.04 and 1.6")
    assert found.line is Line.ABOVE


@pytest.mark.parametrize(
    ("parts", "words"),
    [
        (((0, 100), (0, 100)), NO_EVENTS),
        (((5, 100), (0, 100)), NO_RATIO),
        (((0, 100), (5, 100)), "0.00 times"),
    ],
)
def test_without_events_there_is_no_ratio(parts, words):
    assert only(view(parts)).words.startswith(words)
    assert only(view(parts, shape="rate", per=1000)).words.startswith(words)


@pytest.mark.parametrize(
    ("ratio", "line"),
    [
        (0.79, Line.BELOW),
        (0.8, Line.BETWEEN),
        (1, Line.BETWEEN),
        (1.25, Line.BETWEEN),
        (1.26, Line.ABOVE),
    ],
)
def test_on_a_four_fifths_line_is_between_them(ratio, line):
    assert line_of(ratio) is line


@pytest.mark.parametrize(
    ("value", "direction", "said"),
    [
        # 20 of 100: Wilson 13.3% to 28.9%.
        ("30", "down", "Better than its target"),
        ("10", "down", "Worse than its target"),
        ("20", "down", "Not clearly apart from its target"),
        ("28", "down", "Not clearly apart from its target"),
        ("30", "up", "Worse than its target"),
        ("10", "neither", "It has a target, but of this measure neither way is better"),
    ],
)
def test_a_figure_is_better_or_worse_than_its_target_only_clearly(value, direction, said):
    aimed = Target("old", "level", Decimal(value), FIRST, date(2026, 1, 1))
    found = replace(view(((20, 100), (20, 100)), direction=direction), targets=(aimed,))
    assert only(found).target == said


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"member": "young"}, ""),
        ({"kind": "gap"}, "Its target is for the gap: see the chart of the gap over time"),
        ({"value": None}, ""),
        ({"from_date": date(2024, 2, 1)}, "Its target holds from 1 February 2024"),
        ({"to_date": date(2024, 1, 30)}, "Its target held until 30 January 2024"),
    ],
)
def test_only_the_groups_own_level_in_force_that_day_counts(changed, said):
    aimed = Target("old", "level", Decimal(1), FIRST, date(2026, 1, 1))
    found = replace(view(((20, 100), (20, 100))), targets=(replace(aimed, **changed),))
    assert only(found).target == said


def test_of_two_targets_the_newest_counts():
    first = Target("old", "level", Decimal(1), FIRST, date(2026, 1, 1))
    second = replace(first, value=Decimal(90))
    found = replace(view(((20, 100), (20, 100))), targets=(first, second))
    assert only(found).target == "Better than its target"


@pytest.mark.parametrize(
    ("value", "direction", "said"),
    [
        # 60/100 to 46/100: 1.30, between 1.04 and 1.62.
        ("1", "down", "Worse than its target for the ratio"),
        ("1.2", "down", "Not clearly apart from its target for the ratio"),
        ("2", "down", "Better than its target for the ratio"),
        ("1", "up", "Better than its target for the ratio"),
    ],
)
def test_a_ratio_has_a_target_of_its_own(value, direction, said):
    aimed = Target("old", "ratio", Decimal(value), FIRST, date(2026, 1, 1))
    found = view(((60, 100), (92, 200)), direction=direction)
    assert only(replace(found, targets=(aimed,))).target == said
    level = replace(aimed, kind="level", value=Decimal(60))
    both = only(replace(found, targets=(aimed, level))).target
    assert both == f"Not clearly apart from its target. {said}"


def test_without_a_ratio_its_target_is_set_against_nothing():
    aimed = Target("old", "ratio", Decimal(1), FIRST, date(2026, 1, 1))
    found = replace(view(((5, 100), (0, 100))), targets=(aimed,))
    assert only(found).target == "Its target is for the ratio, and there is none"


def test_the_step_on_the_way_that_began_last_is_the_level_in_force():
    first = Target("old", "trajectory", Decimal(90), FIRST, date(2026, 1, 1))
    second = replace(first, value=Decimal(1), from_date=date(2024, 1, 15))
    for targets in ((first, second), (second, first)):
        found = replace(view(((20, 100), (20, 100))), targets=targets)
        assert only(found).target == "Worse than its target"


@given(st.integers(1, 300), st.integers(1, 300), st.integers(1, 300), st.integers(1, 300))
def test_the_limits_of_a_ratio_of_rates_contain_it_and_turn_round(a, b, n, m):
    there, back = rate_ratio(Events(a, n), Events(b, m)), rate_ratio(Events(b, m), Events(a, n))
    assert there.lower <= there.value <= there.upper
    assert there.value == pytest.approx(1 / back.value, rel=1e-9)
    assert there.lower == pytest.approx(1 / back.upper, rel=1e-6)


def test_a_rate_is_set_against_a_target_per_so_many():
    aimed = Target("old", "level", Decimal(100), FIRST, date(2026, 1, 1))
    found = replace(view(((20, 100), (20, 100)), shape="rate", per=1000), targets=(aimed,))
    # Byar: 12.2 to 30.9 of 100, so 122 to 309 per 1,000.
    assert only(found).target == "Worse than its target"


def test_without_anybody_to_compare_with_there_is_no_ratio():
    assert ratios_of(view(((20, 100), (20, 100)), reference="")) == ()
    assert ratios_of(view(((20, 100), None))) == ()
    assert ratios_of(view(((20, 100), (20, 100)), shape="count")) == ()

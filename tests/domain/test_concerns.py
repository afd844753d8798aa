"""What gives concern is a clearly wider gap or a signal, and only where there is enough to say."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eqia.domain.concerns import concern_of, gap_told, gaps_of
from eqia.domain.days import add_months
from eqia.domain.measures import Baseline, Definition, members_from
from eqia.domain.periods import Frequency, Schedule
from eqia.domain.pictures import MeasureView
from eqia.domain.readings import Figure, Reading

FIRST = date(2024, 1, 1)
ENTERED = date(2026, 6, 5)
MONTHS = Schedule(Frequency.MONTH, FIRST)
DEFINITION = Definition(
    shape="proportion",
    numerator="Missed",
    denominator="Booked",
    direction="down",
    characteristic="age",
    members=members_from(["Young", "Old"]),
    reference="young",
)


def view(*months, known=1, **changed):
    """A measure with one row a month: old people's, then young people's figures."""
    readings = tuple(
        Reading(MONTHS.period(number), Figure(member, *parts), ENTERED)
        for number, row in enumerate(months)
        for member, parts in zip(("old", "young"), row, strict=True)
        if parts
    )
    to = add_months(FIRST, known) - timedelta(days=1)
    base = Baseline(FIRST, to, "agreed")
    return MeasureView(
        id="m",
        title="Missed visits",
        definition=replace(DEFINITION, **changed),
        baseline=base,
        readings=readings,
    )


EVEN = ((10, 100), (10, 100))


def test_a_clearly_wider_gap_gives_concern_since_it_was_entered():
    found = concern_of(view(EVEN, ((40, 100), (10, 100))))
    assert found == (ENTERED, "The gap between Old and Young is clearly wider than before.")


def test_no_gap_is_clear_by_rounding_alone():
    """32 of 41 beside 352 of 402 may be chance; to the nearest 5 it would look clear."""
    [exact] = gaps_of(view(EVEN, ((32, 41), (352, 402))))
    [shown] = gaps_of(view(EVEN, ((30, 40), (350, 400))))
    assert not exact.now.is_clear
    assert shown.now.is_clear
    [told] = gaps_of(replace(view(EVEN, ((30, 40), (350, 400))), rounded_to=5))
    assert told.now.gap.value == shown.now.gap.value
    assert not told.now.is_clear


@given(count=st.integers(0, 60), more=st.integers(8, 90), others=st.integers(30, 200))
def test_what_is_clear_in_rounded_counts_is_clear_in_the_exact_ones(count, more, others):
    rows = ((count, count + more), (others // 3, others))
    rounded = tuple((5 * round(a / 5), 5 * round(b / 5)) for a, b in rows)
    [told] = gaps_of(replace(view(EVEN, rounded), rounded_to=5))
    [exact] = gaps_of(view(EVEN, rows))
    assert exact.now.is_clear or not told.now.is_clear


@pytest.mark.parametrize(
    "latest", [EVEN, ((13, 100), (10, 100)), ((10, 100), (11, 100)), (None, (90, 100))]
)
def test_what_chance_can_do_gives_none(latest):
    assert concern_of(view(EVEN, latest)) is None


def test_a_gap_that_narrows_gives_none_but_says_which_side_moved():
    found = view(((60, 100), (10, 100)), ((10, 100), (10, 100)))
    assert concern_of(found) is None
    (gap,) = gaps_of(found)
    assert "The gap has narrowed: the group improved and the others stayed the same." in gap_told(
        DEFINITION, gap
    )


def test_a_gap_is_stated_with_its_limits():
    (gap,) = gaps_of(view(EVEN, ((60, 100), (92, 200))))
    # Newcombe's limits of 60/100 less 92/200, worked out apart (Wilson 0.502-0.691, 0.392-0.529).
    assert gap.now.gap.value == pytest.approx(0.14)
    assert gap_told(DEFINITION, gap).startswith(
        "The group is 14.0 percentage points above the others; the gap lies between"
    )


def test_without_a_reference_or_parts_there_is_no_gap():
    months = (EVEN, ((40, 100), (10, 100)))
    assert gaps_of(view(*months, reference="")) == ()
    assert gaps_of(view(*months, shape="count")) == ()


@pytest.mark.parametrize(("high", "raised"), [(15, True), (13, False)])
def test_a_signal_needs_fifteen_points(high, raised):
    calm = [((10 + number % 2, 100), (10 + number % 2, 100)) for number in range(high - 1)]
    found = concern_of(view(*calm, ((30, 100), (30, 100)), known=high - 1))
    assert (found is not None) is raised
    if raised:
        assert "Old: cause for concern: higher than usual." in found[1]


def test_a_signal_the_right_way_gives_none():
    calm = [((20 + number % 2, 100), (20 + number % 2, 100)) for number in range(15)]
    assert concern_of(view(*calm, ((5, 100), (5, 100)), known=15)) is None


@pytest.mark.parametrize("parts", [(30, 60), (2, 400)])
def test_few_events_or_uneven_groups_give_no_signal(parts):
    few = [((1 + number % 2, 100), (1 + number % 2, 100)) for number in range(15)]
    found = concern_of(view(*few, (parts, parts), known=15))
    assert found is None


def test_a_plain_constant_series_gives_none():
    assert concern_of(view(*[EVEN] * 20, known=20)) is None

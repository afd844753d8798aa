"""Averages are compared only with the limits that came with them (measures.md section 7)."""

from dataclasses import replace
from decimal import Decimal

import pytest

from eqia.domain.concerns import concern_of, gap_told, gaps_of
from eqia.domain.judgements import standing_of
from eqia.domain.measure_gaps import gaps_drawn
from eqia.domain.published_readings import published
from eqia.domain.readings import Figure, Reading
from tests.domain.test_concerns import DEFINITION, ENTERED, MONTHS, view

DAYS = replace(DEFINITION, shape="mean", unit="days")


def averages(*months):
    """Days waited with their limits: old people's, then young people's, month by month."""
    readings = tuple(
        Reading(
            MONTHS.period(at),
            Figure(member, value=Decimal(value)),
            ENTERED,
            (Decimal(ends[0]), Decimal(ends[1])) if ends else None,
        )
        for at, row in enumerate(months)
        for member, (value, *ends) in zip(("old", "young"), row, strict=True)
    )
    return replace(view(), definition=DAYS, readings=readings)


MONTH = (("12", "10", "15"), ("8", "7", "10"))


def test_the_difference_has_the_hybrid_of_the_limits_supplied():
    (gap,) = gaps_of(averages(MONTH))
    # 4 less the root of 2^2 + 2^2, and 4 and the root of 3^2 + 1^2: 1.2 to 7.2.
    assert (gap.now.gap.value, round(gap.now.gap.lower, 4), round(gap.now.gap.upper, 4)) == (
        4,
        1.1716,
        7.1623,
    )
    assert gap_told(DAYS, gap) == (
        "The group is 4.0 days above the others; the gap lies between 1.2 days and 7.2 days above."
    )
    assert gap.now.group.method == "as supplied, method unknown"


@pytest.mark.parametrize(
    "month", [(("12",), ("8", "7", "10")), (("12", "10", "15"), ("8",)), (("12",), ("8",))]
)
def test_without_limits_on_both_sides_there_is_no_gap(month):
    found = averages(month)
    assert gaps_of(found) == ()
    assert gaps_drawn(found) is None


def test_no_change_is_told_from_a_baseline_without_limits_of_its_own():
    found = averages(MONTH, (("40", "38", "45"), ("8", "7", "10")))
    (gap,) = gaps_of(found)
    assert gap.before is None
    assert concern_of(found) is None


def test_the_gap_is_drawn_in_the_unit_of_the_measure():
    (row,) = gaps_drawn(averages(MONTH)).rows
    assert row == ("Old", "Young", "4.0", "1.2", "7.2", "days", "a clear gap")


def test_limits_that_are_kept_within_the_team_give_no_gap_outside():
    (seen,) = published([averages(MONTH)])
    assert all(one.limits is None for one in seen.readings)
    assert gaps_of(seen) == ()
    assert seen.standing.gaps == ()


def test_a_plain_count_is_compared_with_nothing():
    counts = view(((12, 100), (8, 100)), shape="count")
    assert gaps_of(counts) == ()
    assert standing_of(counts).gaps == ()

"""Read more or less often, no day of a measure is lost or counted twice (measures.md section 4)."""

from datetime import date

import pytest

from eqia.domain.errors import Invalid
from eqia.domain.periods import Frequency, Schedule
from eqia.domain.rescheduling import begins_anew

QUARTERS = Schedule(Frequency.QUARTER, date(2025, 4, 1))
READ = date(2026, 6, 30)
NEXT = date(2026, 7, 1)


@pytest.mark.parametrize(
    ("before", "after", "read"),
    [
        (None, QUARTERS, READ),
        (QUARTERS, None, READ),
        (QUARTERS, Schedule(Frequency.MONTH, date(2020, 1, 1)), None),
        (QUARTERS, QUARTERS, READ),
        # Another first quarter is the same calendar.
        (QUARTERS, Schedule(Frequency.QUARTER, date(2025, 10, 1)), READ),
        (QUARTERS, Schedule(Frequency.QUARTER, date(2024, 1, 1)), READ),
    ],
)
def test_the_same_periods_go_on_in_one_series(before, after, read):
    assert begins_anew(before, after, read) is False


@pytest.mark.parametrize(
    "after",
    [
        Schedule(Frequency.MONTH, NEXT),
        Schedule(Frequency.WEEK, NEXT),
        Schedule(Frequency.YEAR, NEXT),
    ],
)
def test_other_periods_from_the_day_after_the_last_reading_start_a_new_series(after):
    assert begins_anew(QUARTERS, after, READ) is True


@pytest.mark.parametrize(
    "first", [date(2026, 6, 30), date(2026, 7, 2), date(2026, 10, 1), date(2026, 1, 1)]
)
def test_other_periods_that_lose_or_double_a_day_are_refused(first):
    with pytest.raises(Invalid) as refused:
        begins_anew(QUARTERS, Schedule(Frequency.MONTH, first), READ)
    (problem,) = refused.value.problems
    assert problem.field == "first_period"
    assert "end on 30 June 2026" in problem.message
    assert "begin on 1 July 2026" in problem.message


def test_a_month_clipped_in_february_is_another_month_from_there_on():
    clipped = Schedule(Frequency.MONTH, date(2026, 1, 31))
    assert begins_anew(clipped, Schedule(Frequency.MONTH, date(2026, 3, 31)), READ) is False
    with pytest.raises(Invalid):
        begins_anew(clipped, Schedule(Frequency.MONTH, date(2026, 2, 28)), READ)

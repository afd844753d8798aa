"""Periods and their names, at every edge of measures.md section 4; dates counted by hand."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eqia.domain.days import london_day
from eqia.domain.errors import Refusal
from eqia.domain.periods import (
    FIRST_MONTHS,
    Frequency,
    Period,
    Schedule,
    YearKind,
    aligned,
    changed,
    length_of,
    period_name,
    short_name,
    starting,
)

ONE = timedelta(days=1)
DAYS = st.dates(date(1990, 1, 1), date(2060, 12, 31))
FREQUENCIES = st.sampled_from(Frequency)
HALF = "half_year"
FIRST_WEEK = "Week from 29 December 2025"


def day(text):
    return date.fromisoformat(text)


def period(start, end):
    return Period(day(start), day(end))


def test_monthly_from_the_31st_counts_from_the_anchor_and_clips():
    schedule = Schedule(Frequency.MONTH, date(2026, 1, 31))
    starts = [str(schedule.start(number)) for number in range(5)]
    assert starts == ["2026-01-31", "2026-02-28", "2026-03-31", "2026-04-30", "2026-05-31"]
    assert schedule.period(0) == period("2026-01-31", "2026-02-27")
    assert schedule.period(1) == period("2026-02-28", "2026-03-30")
    assert str(Schedule(Frequency.MONTH, date(2028, 1, 31)).start(1)) == "2028-02-29"


def test_yearly_from_29_february_is_28_february_in_common_years_and_29_again_in_leap_years():
    schedule = Schedule(Frequency.YEAR, date(2024, 2, 29))
    starts = [str(schedule.start(number)) for number in range(5)]
    assert starts == ["2024-02-29", "2025-02-28", "2026-02-28", "2027-02-28", "2028-02-29"]


@pytest.mark.parametrize(
    ("frequency", "kind", "on", "start", "end", "name"),
    [
        # 1 January 2026 is a Thursday.
        ("week", "academic", "2026-01-01", "2025-12-29", "2026-01-04", FIRST_WEEK),
        ("week", "financial", "2026-01-05", "2026-01-05", "2026-01-11", "Week from 5 January 2026"),
        ("month", "financial", "2028-02-29", "2028-02-01", "2028-02-29", "February 2028"),
        ("quarter", "financial", "2026-01-01", "2026-01-01", "2026-03-31", "Q4 of 2025/26"),
        ("quarter", "financial", "2026-04-01", "2026-04-01", "2026-06-30", "Q1 of 2026/27"),
        ("quarter", "calendar", "2026-03-31", "2026-01-01", "2026-03-31", "Q1 of 2026"),
        ("quarter", "academic", "2026-09-01", "2026-09-01", "2026-11-30", "Q1 of 2026/27"),
        (HALF, "financial", "2026-03-31", "2025-10-01", "2026-03-31", "Second half of 2025/26"),
        (HALF, "calendar", "2026-03-31", "2026-01-01", "2026-06-30", "First half of 2026"),
        ("year", "calendar", "2026-12-31", "2026-01-01", "2026-12-31", "2026"),
        ("year", "financial", "2026-03-31", "2025-04-01", "2026-03-31", "2025/26"),
        ("year", "financial", "2026-04-01", "2026-04-01", "2027-03-31", "2026/27"),
        ("year", "academic", "2026-08-31", "2025-09-01", "2026-08-31", "2025/26"),
        ("year", "financial", "1999-12-31", "1999-04-01", "2000-03-31", "1999/00"),
    ],
)
def test_every_kind_of_period_has_its_days_and_its_name(frequency, kind, on, start, end, name):
    first_month = FIRST_MONTHS[YearKind(kind)]
    found = aligned(Frequency(frequency), day(on), first_month).around(day(on))
    assert found == period(start, end)
    assert period_name(found, first_month) == name
    assert length_of(found) is Frequency(frequency)


def test_an_academic_year_may_begin_in_august():
    found = aligned(Frequency.YEAR, day("2026-08-01"), 8).around(day("2026-08-01"))
    assert found == period("2026-08-01", "2027-07-31")
    assert period_name(found, 8) == "2026/27"


@pytest.mark.parametrize(
    ("start", "end", "name", "short"),
    [
        ("2026-01-31", "2026-02-27", "31 January 2026 to 27 February 2026", "31 Jan 2026"),
        ("2026-02-01", "2026-04-30", "1 February 2026 to 30 April 2026", "1 Feb 2026"),
        ("2026-01-01", "2026-03-31", "Q4 of 2025/26", "Q4 2025/26"),
        ("2026-01-01", "2026-01-31", "January 2026", "Jan 2026"),
        ("2025-04-01", "2026-03-31", "2025/26", "2025/26"),
        ("2026-01-05", "2026-01-11", "Week from 5 January 2026", "5 Jan 2026"),
    ],
)
def test_a_period_that_is_no_part_of_the_year_is_named_by_its_days(start, end, name, short):
    assert period_name(period(start, end)) == name
    assert short_name(period(start, end)) == short


def test_a_period_that_ends_before_it_starts_is_refused():
    with pytest.raises(Refusal, match="cannot end before"):
        period("2026-02-01", "2026-01-31")


@given(FREQUENCIES, DAYS, DAYS)
def test_every_day_lies_in_the_period_found_for_it(frequency, anchor, on):
    schedule = Schedule(frequency, anchor)
    number = schedule.number(on)
    assert on in schedule.period(number)
    assert schedule.period(number + 1).start == schedule.period(number).end + ONE


@pytest.mark.parametrize(
    ("before", "after", "asked", "breaks", "around"),
    [
        # Monthly to quarterly: the next day on which a month and a quarter begin.
        ("month", "quarter", "2026-02-15", "2026-04-01", ("2026-04-01", "2026-06-30")),
        ("quarter", "month", "2026-02-15", "2026-04-01", ("2026-04-01", "2026-04-30")),
        ("month", "year", "2026-04-01", "2027-04-01", ("2027-04-01", "2028-03-31")),
        # 1 March 2026 is a Sunday: the first week has one day, and no day is lost.
        ("month", "week", "2026-02-15", "2026-03-01", ("2026-03-01", "2026-03-01")),
        # The week with 16 March ends on Sunday 22: the first month is cut short.
        ("week", "month", "2026-03-16", "2026-03-23", ("2026-03-23", "2026-03-31")),
    ],
)
def test_another_frequency_begins_where_a_period_ends(before, after, asked, breaks, around):
    schedules = [aligned(Frequency(one), day("2025-04-01")) for one in (before, after)]
    found = changed(starting(schedules[0], day("2025-04-01")), schedules[1], day(asked))
    assert found.breaks == (day(breaks),)
    assert found.around(day(breaks)) == period(*around)


@given(FREQUENCIES, FREQUENCIES, DAYS, st.integers(0, 900))
def test_no_day_is_lost_or_counted_twice_when_the_frequency_changes(before, after, first, wait):
    asked = first + wait * ONE
    table = changed(starting(aligned(before, first), first), aligned(after, first), asked)
    found = list(table.periods(date.min, asked + 900 * ONE))
    assert found[0].start <= first
    for one, following in pairwise(found):
        assert following.start == one.end + ONE
    assert found[-1].end >= asked + 900 * ONE


def test_a_timetable_has_no_period_before_its_first():
    table = starting(aligned(Frequency.MONTH, day("2026-01-15")), day("2026-01-15"))
    assert table.around(day("2025-12-31")) is None
    assert table.around(day("2026-01-01")) == period("2026-01-01", "2026-01-31")


@pytest.mark.parametrize(
    ("moment", "on"),
    [
        # 23:30 UTC in summer is half past midnight in London.
        (datetime(2026, 6, 30, 23, 30, tzinfo=UTC), "2026-07-01"),
        (datetime(2026, 1, 31, 23, 30, tzinfo=UTC), "2026-01-31"),
        # Clocks go forward at 01:00 UTC on 29 March 2026, back on 25 October.
        (datetime(2026, 3, 28, 23, 59, tzinfo=UTC), "2026-03-28"),
        (datetime(2026, 3, 29, 23, 0, tzinfo=UTC), "2026-03-30"),
        (datetime(2026, 10, 24, 23, 0, tzinfo=UTC), "2026-10-25"),
        (datetime(2026, 10, 25, 23, 59, tzinfo=UTC), "2026-10-25"),
    ],
)
def test_today_is_the_day_in_london(moment, on):
    assert london_day(moment) == day(on)

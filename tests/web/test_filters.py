"""Dates read as people in the United Kingdom say them, whatever the server's clock is set to."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from eqia.web import filters


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (date(2026, 11, 24), "24 November 2026"),
        ("2026-11-24", "24 November 2026"),
        (datetime(2026, 11, 24, 23, 59, tzinfo=UTC), "24 November 2026"),
        # Summer time: half past eleven at night in UTC is the next day in the United Kingdom.
        (datetime(2026, 6, 30, 23, 30, tzinfo=UTC), "1 July 2026"),
        (None, ""),
        ("", ""),
    ],
)
def test_a_day_is_the_day_in_the_united_kingdom(value, words):
    assert filters.day(value) == words


def test_a_moment_is_in_united_kingdom_time():
    assert filters.moment(datetime(2026, 6, 30, 23, 30, tzinfo=UTC)) == "1 July 2026 at 12:30am"
    assert filters.moment(None) == ""

"""A calendar file that keeps to RFC 5545, whatever the titles hold."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eqia.domain.calendars import Entry, calendar_of, escaped, folded

NOW = datetime(2026, 11, 24, 15, 4, tzinfo=UTC)
ENTRY = Entry("reading-1@eqia", date(2026, 12, 31), "Reading due: Missed visits")


def unfolded(text):
    """Put folded lines together again, as section 3.1 says a reader does."""
    return text.replace("\r\n ", "").split("\r\n")


def test_a_day_is_a_whole_day_that_ends_before_the_next():
    lines = unfolded(calendar_of("Readings due", [ENTRY], NOW))
    assert lines == [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//eqia//Plans and measures//EN",
        "CALSCALE:GREGORIAN",
        "X-WR-CALNAME:Readings due",
        "BEGIN:VEVENT",
        "UID:reading-1@eqia",
        "DTSTAMP:20261124T150400Z",
        "DTSTART;VALUE=DATE:20261231",
        "DTEND;VALUE=DATE:20270101",
        "SUMMARY:Reading due: Missed visits",
        "TRANSP:TRANSPARENT",
        "END:VEVENT",
        "END:VCALENDAR",
        "",
    ]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("Under 65, and over", "Under 65\\, and over"),
        ("a;b", "a\\;b"),
        ("a\\b", "a\\\\b"),
        ("one\r\ntwo\nthree", "one\\ntwo\\nthree"),
        ("a\\nb", "a\\\\nb"),
        ("BEGIN:VEVENT", "BEGIN:VEVENT"),
    ],
)
def test_what_would_be_taken_for_a_separator_is_escaped(text, told):
    assert escaped(text) == told


def test_an_address_stands_beside_its_day():
    text = calendar_of("x", [Entry("u", date(2026, 1, 1), "t", "http://localhost/plans/1")], NOW)
    assert "URL:http://localhost/plans/1\r\n" in text


@pytest.mark.parametrize(("length", "parts"), [(75, 1), (76, 2), (149, 2), (150, 3)])
def test_a_line_is_folded_after_75_octets(length, parts):
    assert len(list(folded("x" * length))) == parts


LETTERS = st.text(st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\u2028\u2029"))


@given(LETTERS)
def test_no_line_is_too_long_and_nothing_is_lost(title):
    text = calendar_of("x", [Entry("u", date(2026, 1, 1), title)], NOW)
    lines = text.encode().split(b"\r\n")
    assert all(len(line) <= 75 for line in lines)
    assert all(line.decode() is not None for line in lines)
    assert f"SUMMARY:{escaped(title)}" in unfolded(text)

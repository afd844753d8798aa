"""Numbers, periods and tables as people write them: read, refused, or asked about."""

from datetime import date
from decimal import Decimal

import pytest

from eqia.domain.errors import Invalid
from eqia.domain.imports.numbers import Absent, count_written, number_written
from eqia.domain.imports.periods_written import (
    DAY_FIRST,
    MONTH_FIRST,
    Hints,
    day_written,
    hints_for,
    is_day,
    order_of,
    period_written,
)
from eqia.domain.imports.sheets import cell_name, make_sheet, sheet_from_json
from eqia.domain.periods import Frequency, Period, Schedule


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("1,234,567", Decimal(1234567)),
        ("15,018", Decimal(15018)),
        ("9.39", Decimal("9.39")),
        ("94.7261896202678", Decimal("94.7261896202678")),
        ("-3.5", Decimal("-3.5")),
        (".5", Decimal("0.5")),
        ("+4", Decimal(4)),
        ("3%", Decimal(3)),
        ("12 %", Decimal(12)),
        ("5.2E-05", Decimal("0.000052")),
        ("1e3", Decimal(1000)),
        ("-", Decimal(0)),
        ("\N{EN DASH}", Decimal(0)),
        ("", Absent.BLANK),
        ("N/A", Absent.NOT_AVAILABLE),
        ("#N/A", Absent.NOT_AVAILABLE),
        ("..", Absent.NOT_AVAILABLE),
        *((text, Absent.MASKED) for text in ("*", "[*]", "[c]", "(c)", "c", "C", "suppressed")),
        *(
            (text, Absent.MASKED)
            for text in ("<8", "<5", "< 5", "\u22647", "fewer than 5", "1 to 7")
        ),
        *((text, Absent.MASKED) for text in ("low", "[low]", "[k]", "Confidential")),
        *((text, Absent.NOT_AVAILABLE) for text in ("x", "[x]", "(x)", ":", "[u]", "[w]")),
        *((text, Absent.NOT_APPLICABLE) for text in ("z", "[z]", "Not applicable")),
    ],
)
def test_a_number_is_read_as_it_is_meant(text, found):
    assert number_written(text) == found


@pytest.mark.parametrize(
    "text",
    [
        *("NaN", "nan", "inf", "-Infinity", "1e999", "1e-100", "0x10", "1_000", "٣٤"),
        *("1,23", "12,34,567", "1.234.567", "1 234", "--5", "5-", "£5", "#DIV/0!", "twelve"),
        *("9" * 41, "=1+1", "1,234,56", "TRUE"),
        # What could be a slip, or says nothing of a small number.
        *("w", "u", "k", "cc", "[c)", "[c", "<", "<1", "<100", "<5.5", ">5", "5<", "1-4", "<-5"),
    ],
)
def test_what_is_no_number_or_could_be_two_is_refused(text):
    with pytest.raises(ValueError, match="“"):
        number_written(text)


@pytest.mark.parametrize(
    ("text", "found"),
    [("12", 12), ("12.0", 12), ("1,000,000,000", 1_000_000_000), ("0", 0), ("-", 0)],
)
def test_a_count_is_a_whole_number(text, found):
    assert count_written(text) == found


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("12.5", "is not a whole number"),
        ("3%", "is a percentage"),
        ("-3", "is not a number from 0"),
        ("1,000,000,001", "is not a number from 0"),
    ],
)
def test_what_cannot_be_a_count_says_why(text, words):
    with pytest.raises(ValueError, match=words):
        count_written(text)


def test_more_digits_than_are_kept_are_refused_and_not_cut():
    with pytest.raises(ValueError, match="too many digits"):
        number_written(f"0.{'1' * 40}")
    assert number_written(f"0.{'1' * 38}") == Decimal(f"0.{'1' * 38}")


def test_a_format_may_have_a_number_for_none():
    assert count_written("-1", frozenset({"-1"})) is Absent.NOT_AVAILABLE
    assert number_written("-1") == Decimal(-1)


def span(start, end):
    return Period(date.fromisoformat(start), date.fromisoformat(end))


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("2015", "2015-01-01", "2015-12-31"),
        ("20150000", "2015-01-01", "2015-12-31"),
        ("2006/07", "2006-04-01", "2007-03-31"),
        ("1999/00", "1999-04-01", "2000-03-31"),
        ("2006/2007", "2006-04-01", "2007-03-31"),
        ("2014 - 16", "2014-01-01", "2016-12-31"),
        ("2014-16", "2014-01-01", "2016-12-31"),
        ("2014 \N{EN DASH} 2016", "2014-01-01", "2016-12-31"),
        ("2020/21 Q1", "2020-04-01", "2020-06-30"),
        ("2025/26 Q4", "2026-01-01", "2026-03-31"),
        ("Q4 of 2025/26", "2026-01-01", "2026-03-31"),
        ("2020 Q1", "2020-01-01", "2020-03-31"),
        ("2020Q4", "2020-10-01", "2020-12-31"),
        ("Q2 2020", "2020-04-01", "2020-06-30"),
        ("2026-04", "2026-04-01", "2026-04-30"),
        ("Apr-26", "2026-04-01", "2026-04-30"),
        ("April 2026", "2026-04-01", "2026-04-30"),
        ("sept 2026", "2026-09-01", "2026-09-30"),
        ("02/2024", "2024-02-01", "2024-02-29"),
    ],
)
def test_a_period_is_read_as_it_is_meant(text, start, end):
    assert period_written(text, Hints()) == span(start, end)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("2011-12", "could be a year or a month"),
        ("2006/08", "the second part must follow the first"),
        ("2016 - 14", "ends before it starts"),
        ("2020 Q5", "not a period we can read"),
        ("Smarch 2026", "is not a month"),
        ("1066", "is not a year we can read"),
        ("2026-13-01", "There is no 1/13/2026"),
        ("20260230", "There is no 30/2/2026"),
        ("99999", "neither a year nor a day"),
        ("soon", "not a period we can read"),
        ("", "not a period we can read"),
        ("2026-04-01", "Say how long a period is"),
        ("03/04/2026", "Say whether the day or the month is first"),
        ("03/04/26", "not a period we can read"),
    ],
)
def test_what_is_no_period_or_could_be_two_is_refused(text, words):
    with pytest.raises(ValueError, match=words):
        period_written(text, Hints())


@pytest.mark.parametrize(
    ("frequency", "start", "end"),
    [
        (Frequency.YEAR, "2011-04-01", "2012-03-31"),
        (Frequency.MONTH, "2011-12-01", "2011-12-31"),
    ],
)
def test_a_year_or_month_is_told_by_how_often_the_measure_is_read(frequency, start, end):
    assert period_written("2011-12", Hints(frequency=frequency)) == span(start, end)


def test_a_year_begins_when_the_measures_own_does():
    academic = hints_for(Schedule(Frequency.YEAR, date(2020, 9, 1)))
    assert period_written("2020/21", academic) == span("2020-09-01", "2021-08-31")
    calendar = hints_for(Schedule(Frequency.YEAR, date(2020, 1, 1)))
    assert period_written("2020/21", calendar) == span("2020-04-01", "2021-03-31")


@pytest.mark.parametrize(
    ("text", "order", "day"),
    [
        ("2016-04-01", "", "2016-04-01"),
        ("2016-04-01T00:00:00", "", "2016-04-01"),
        ("2016-04-01 00:00:00", "", "2016-04-01"),
        ("20160401", "", "2016-04-01"),
        ("45778", "", "2025-05-01"),
        ("45778.0", "", "2025-05-01"),
        ("1 April 2016", "", "2016-04-01"),
        ("01-Apr-16", "", "2016-04-01"),
        ("03/04/2026", DAY_FIRST, "2026-04-03"),
        ("03/04/2026", MONTH_FIRST, "2026-03-04"),
        ("3.4.2026", DAY_FIRST, "2026-04-03"),
    ],
)
def test_a_day_is_read_as_it_is_meant(text, order, day):
    assert day_written(text, Hints(order=order)) == date.fromisoformat(day)
    assert is_day(text)


@pytest.mark.parametrize(
    ("texts", "order"),
    [
        (["03/04/2026", "04/04/2026"], ""),
        (["03/04/2026", "25/04/2026"], DAY_FIRST),
        (["03/04/2026", "04/25/2026"], MONTH_FIRST),
        (["25/04/2026", "04/25/2026"], ""),
        (["2026-04-03", "2015"], None),
    ],
)
def test_the_days_of_a_column_tell_their_order_together(texts, order):
    assert order_of(texts) == order


@pytest.mark.parametrize(
    ("length", "end"),
    [
        (Frequency.WEEK, "2016-04-07"),
        (Frequency.MONTH, "2016-04-30"),
        (Frequency.QUARTER, "2016-06-30"),
        (Frequency.HALF_YEAR, "2016-09-30"),
        (Frequency.YEAR, "2017-03-31"),
    ],
)
def test_a_first_day_is_a_period_once_its_length_is_said(length, end):
    assert period_written("2016-04-01", Hints(length=length)) == span("2016-04-01", end)


def sheet(*rows, merged=()):
    return make_sheet("", enumerate(rows, 1), merged)


def test_the_first_row_that_holds_anything_is_the_headings():
    found = sheet([""], [" Number of  stops ", "Time\nperiod", ""], [], ["1", "2"], ["3"])
    assert found.headings == ("Number of stops", "Time period")
    assert found.lines == ((4, ("1", "2")), (5, ("3", "")))
    assert sheet_from_json(found.as_json()) == found


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        ([], "There is nothing in this file"),
        ([["", " "]], "There is nothing in this file"),
        ([["a", "b"]], "There are no rows under the headings"),
        ([["a", "A "], ["1", "2"]], "Two columns are called “A”"),
        ([["a", "b"], ["1", "2", "3"]], "Row 2 has more cells than there are headings"),
        ([["Late visits 2026"], ["a", "b"], ["1", "2"]], "Row 1 must hold the headings"),
        ([["a", "b"], ["1", "x" * 20_001]], "Cell B2: Use 20,000 characters or fewer"),
        ([[f"h{n}" for n in range(201)], ["1"]], "Keep 200 or fewer"),
    ],
)
def test_a_table_that_cannot_be_told_apart_is_refused(rows, words):
    with pytest.raises(Invalid, match=words):
        sheet(*rows)


def test_merged_cells_among_the_rows_are_refused_and_above_them_are_not():
    rows = (["a", "b"], ["1", "2"], ["", "3"])
    assert sheet(*rows, merged=["A1:B1"])
    with pytest.raises(Invalid, match="Cells A2:A3 are merged"):
        sheet(*rows, merged=["A2:A3"])


def test_blank_headings_hold_nothing_that_is_asked_about():
    found = sheet(["a", "", "b"], ["1", "9", "2"])
    assert found.column("b") == 2
    assert found.values("a") == {"1": 1}


def test_the_guard_against_formulas_is_taken_off_and_other_apostrophes_stay():
    found = sheet(["a", "b", "c", "d"], ["'=1", "'-5", "it's", "'tis"])
    assert found.lines[0][1] == ("=1", "-5", "it's", "'tis")


def test_control_characters_are_taken_out():
    assert sheet(["a"], ["x\x07y\x1b"]).lines[0][1] == ("xy",)


@pytest.mark.parametrize(("column", "name"), [(0, "A7"), (25, "Z7"), (26, "AA7"), (701, "ZZ7")])
def test_cells_are_named_as_a_spreadsheet_does(column, name):
    assert cell_name(7, column) == name

"""Periods as tables write them: 2015, 2006/07, 2014 - 16, 2020/21 Q1, Apr-26, days and serials."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

from eqia.domain.days import ONE_DAY, add_months
from eqia.domain.periods import Frequency, Period, Schedule
from eqia.domain.record_times import MONTHS, SHORT_MONTHS

DAY_FIRST, MONTH_FIRST = "dmy", "mdy"
#: where a spreadsheet counts its days from; it thinks that 1900 was a leap year
_EPOCH = date(1899, 12, 30)
_SERIALS = range(20_000, 80_000)
_YEARS = range(1900, 2201)
_CENTURY = 2000
_MIDNIGHT = r"(?:[T ]00:00(?::00(?:\.0+)?)?Z?)?"
_NAMES = {
    name.casefold(): number
    for names in (MONTHS["en"], SHORT_MONTHS["en"])
    for number, name in enumerate(names, 1)
} | {"sept": 9}
_LENGTHS = {Frequency.MONTH: 1, Frequency.QUARTER: 3, Frequency.HALF_YEAR: 6, Frequency.YEAR: 12}


@dataclass(frozen=True, slots=True)
class Hints:
    """What tells apart ways of writing that look the same."""

    #: how long a period is of which only the first day is given
    length: Frequency | None = None
    #: whether the day or the month comes first in 03/04/2026; empty if nobody said
    order: str = ""
    #: how often the measure is read: 2011-12 is a year to one and a month to another
    frequency: Frequency | None = None
    #: the month in which a year such as 2006/07 begins
    first_month: int = 4


@lru_cache(maxsize=20_000)
def period_written(text: str, hints: Hints) -> Period:
    """Read a period; ValueError with words for the page if it could be several or none."""
    for pattern, read in _WHOLE:
        found = pattern.fullmatch(text)
        if found is not None:
            return read(found, hints)
    return from_day(day_written(text, hints), hints.length)


@lru_cache(maxsize=20_000)
def day_written(text: str, hints: Hints) -> date:
    """Read a day; ValueError with words for the page."""
    for pattern, read in _DAYS:
        found = pattern.fullmatch(text)
        if found is not None:
            return read(found, hints)
    raise ValueError(f"“{text[:40]}” is not a period we can read, such as 2026-04 or 2025/26 Q1")


def from_day(first: date, length: Frequency | None) -> Period:
    """Make a period of its first day, once somebody said how long it is."""
    if length is None:
        raise ValueError("Only the first day is given. Say how long a period is")
    if length is Frequency.WEEK:
        return Period(first, first + 6 * ONE_DAY)
    return Period(first, add_months(first, _LENGTHS[length]) - ONE_DAY)


def is_day(text: str) -> bool:
    """Whether a text gives a day, and not a whole period."""
    return any(p.fullmatch(text) for p, _ in _DAYS) and not any(
        p.fullmatch(text) for p, _ in _WHOLE
    )


def order_of(texts: Iterable[str]) -> str | None:
    """Say in which order days like 03/04/2026 are written; empty if nobody can tell.

    None if no day is written so. The days of a column are told by each other: 25/04/2026
    settles 03/04/2026.
    """
    parts = [found for text in texts if (found := _NUMBERS.fullmatch(text))]
    day_first = any(int(one[1]) > 12 for one in parts)  # noqa: PLR2004 - months
    month_first = any(int(one[2]) > 12 for one in parts)  # noqa: PLR2004 - months
    if day_first != month_first:
        return DAY_FIRST if day_first else MONTH_FIRST
    return "" if parts else None


def hints_for(schedule: Schedule | None) -> Hints:
    """Give what a measure's own periods tell about how they may be written."""
    if schedule is None:
        return Hints()
    month = schedule.anchor.month
    whole = schedule.frequency is Frequency.YEAR and schedule.anchor.day == 1 and month != 1
    return Hints(frequency=schedule.frequency, first_month=month if whole else 4)


def _day(year: int, month: int, day: int) -> date:
    if year not in _YEARS:
        raise ValueError(f"{year} is not a year we can read")
    try:
        return date(year, month, day)
    except ValueError:
        raise ValueError(f"There is no {day}/{month}/{year}") from None


def _months(year: int, month: int, count: int) -> Period:
    first = _day(year, month, 1)
    return Period(first, add_months(first, count) - ONE_DAY)


def _year(found: re.Match[str], _hints: Hints) -> Period:
    return _months(int(found[1]), 1, 12)


def _split_year(found: re.Match[str], hints: Hints) -> Period:
    year = int(found[1])
    _following(year, found[2])
    return _months(year, hints.first_month, 12)


def _following(year: int, written: str) -> None:
    if int(written) not in {year + 1, (year + 1) % 100} or len(written) == 1:
        raise ValueError(f"{year}/{written} is not a year: the second part must follow the first")


def _years(found: re.Match[str], _hints: Hints) -> Period:
    """2014 - 16: whole calendar years, both ends included."""
    year = int(found[1])
    last = int(found[2]) if len(found[2]) == 4 else year // 100 * 100 + int(found[2])  # noqa: PLR2004 - digits
    if last < year:
        raise ValueError(f"{found[0]} ends before it starts")
    return _months(year, 1, 12 * (last - year + 1))


def _hyphenated(found: re.Match[str], hints: Hints) -> Period:
    """2026-04 is a month, 2014-16 three years; 2011-12 can be either, or a financial year."""
    year, second = int(found[1]), int(found[2])
    follows = second == (year + 1) % 100
    if follows and hints.frequency is Frequency.YEAR:
        return _months(year, hints.first_month, 12)
    if 1 <= second <= 12 and (not follows or hints.frequency is Frequency.MONTH):  # noqa: PLR2004 - months
        return _months(year, second, 1)
    if follows:
        raise ValueError(
            f"{found[0]} could be a year or a month. Write {year}/{found[2]} for a year"
        )
    return _years(found, hints)


def _quarter(year: str, number: str) -> Period:
    whole = _SPLIT.fullmatch(year)
    if whole is None:
        return _months(int(year), 3 * int(number) - 2, 3)
    _following(int(whole[1]), whole[2])
    start = add_months(_day(int(whole[1]), 4, 1), 3 * int(number) - 3)
    return _months(start.year, start.month, 3)


def _named_month(found: re.Match[str], _hints: Hints) -> Period:
    number = _NAMES.get(found[1].casefold())
    if number is None:
        raise ValueError(f"“{found[1][:20]}” is not a month")
    return _months(_full_year(found[2]), number, 1)


def _full_year(written: str) -> int:
    return int(written) if len(written) == 4 else _CENTURY + int(written)  # noqa: PLR2004 - digits


def _serial(found: re.Match[str], _hints: Hints) -> date:
    if int(found[1]) not in _SERIALS:
        raise ValueError(f"“{found[0]}” is neither a year nor a day")
    return _EPOCH + timedelta(days=int(found[1]))


def _numbers(found: re.Match[str], hints: Hints) -> date:
    """Refuse 03/04/2026 until it is said which number is the day."""
    if not hints.order:
        raise ValueError(
            f"“{found[0]}” could be two days. Say whether the day or the month is first"
        )
    first, second = int(found[1]), int(found[2])
    day, month = (first, second) if hints.order == DAY_FIRST else (second, first)
    return _day(int(found[3]), month, day)


def _named_day(found: re.Match[str], _hints: Hints) -> date:
    number = _NAMES.get(found[2].casefold())
    if number is None:
        raise ValueError(f"“{found[2][:20]}” is not a month")
    return _day(_full_year(found[3]), number, int(found[1]))


def _pattern(text: str) -> re.Pattern[str]:
    return re.compile(text, re.IGNORECASE | re.ASCII)


_SPLIT = _pattern(r"(\d{4})\s*/\s*(\d{4}|\d{2})")
_NUMBERS = _pattern(rf"(\d{{1,2}})[/.-](\d{{1,2}})[/.-](\d{{4}}){_MIDNIGHT}")
_WHOLE: tuple[tuple[re.Pattern[str], Callable[[re.Match[str], Hints], Period]], ...] = (
    (_pattern(r"(\d{4})(?:0000)?"), _year),
    (_SPLIT, _split_year),
    (_pattern(r"(\d{4})-(\d{2})"), _hyphenated),
    (_pattern(r"(\d{4})\s*[-\u2013]\s*(\d{4}|\d{2})"), _years),
    (_pattern(r"(\d{4}(?:/\d{2,4})?)[ -]?Q([1-4])"), lambda m, _h: _quarter(m[1], m[2])),
    (_pattern(r"Q([1-4])[ -]?(?:of )?(\d{4}(?:/\d{2,4})?)"), lambda m, _h: _quarter(m[2], m[1])),
    (_pattern(r"([a-z]+)[ -](\d{4}|\d{2})"), _named_month),
    (_pattern(r"(\d{1,2})/(\d{4})"), lambda m, _h: _months(int(m[2]), int(m[1]), 1)),
)
_DAYS: tuple[tuple[re.Pattern[str], Callable[[re.Match[str], Hints], date]], ...] = (
    (
        _pattern(rf"(\d{{4}})-(\d{{1,2}})-(\d{{1,2}}){_MIDNIGHT}"),
        lambda m, _h: _day(int(m[1]), int(m[2]), int(m[3])),
    ),
    (
        _pattern(r"(\d{4})(\d{2})(\d{2})"),
        lambda m, _h: _day(int(m[1]), int(m[2]), int(m[3])),
    ),
    (_pattern(r"(\d{5})(?:\.0+)?"), _serial),
    (_NUMBERS, _numbers),
    (_pattern(r"(\d{1,2})[ -]([a-z]+)[ -](\d{4}|\d{2})"), _named_day),
)

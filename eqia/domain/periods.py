"""Reporting periods: weeks, months, quarters, half years and years, with their names.

Measures.md section 4. Every period is whole days, both ends inclusive.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from eqia.domain.days import ONE_DAY, add_months
from eqia.domain.errors import Refusal
from eqia.domain.record_times import MONTHS, SHORT_MONTHS, in_words, short_day

_WEEK = 7
_YEAR_MONTHS = 12


class Frequency(StrEnum):
    """How often a reading is due."""

    WEEK = "week"
    MONTH = "month"
    QUARTER = "quarter"
    HALF_YEAR = "half_year"
    YEAR = "year"


#: What a frequency is called on a page.
FREQUENCY_LABELS: dict[Frequency, str] = {
    Frequency.WEEK: "Every week",
    Frequency.MONTH: "Every month",
    Frequency.QUARTER: "Every quarter",
    Frequency.HALF_YEAR: "Every half year",
    Frequency.YEAR: "Every year",
}

_LENGTHS: dict[Frequency, int] = {
    Frequency.MONTH: 1,
    Frequency.QUARTER: 3,
    Frequency.HALF_YEAR: 6,
    Frequency.YEAR: _YEAR_MONTHS,
}


class YearKind(StrEnum):
    """When the year of a measure begins; an academic year may be set to another month."""

    CALENDAR = "calendar"
    FINANCIAL = "financial"
    ACADEMIC = "academic"


#: The month on whose first day each kind of year begins.
FIRST_MONTHS: dict[YearKind, int] = {
    YearKind.CALENDAR: 1,
    YearKind.FINANCIAL: 4,
    YearKind.ACADEMIC: 9,
}


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """Some days in a row, both ends included."""

    start: date
    end: date

    def __post_init__(self) -> None:
        if self.end < self.start:
            raise Refusal("A period cannot end before it starts.", code="period_backwards")

    def __contains__(self, day: date) -> bool:
        return self.start <= day <= self.end

    @property
    def days(self) -> int:
        """How many days it has."""
        return (self.end - self.start).days + 1


@dataclass(frozen=True, slots=True)
class Schedule:
    """Periods of one length, counted from an anchor for ever, before it too.

    Each start is counted from the anchor, never from the start before, so that a month clipped in
    February is whole again in March.
    """

    frequency: Frequency
    anchor: date

    def start(self, number: int) -> date:
        """Find the first day of the period with this number; the anchor starts number 0."""
        if self.frequency is Frequency.WEEK:
            return self.anchor + number * _WEEK * ONE_DAY
        return add_months(self.anchor, number * _LENGTHS[self.frequency])

    def period(self, number: int) -> Period:
        """Find the period with this number."""
        return Period(self.start(number), self.start(number + 1) - ONE_DAY)

    def number(self, day: date) -> int:
        """Find the number of the period in which a day lies."""
        if self.frequency is Frequency.WEEK:
            return (day - self.anchor).days // _WEEK
        months = (day.year - self.anchor.year) * _YEAR_MONTHS + day.month - self.anchor.month
        number = months // _LENGTHS[self.frequency]
        # The day of the month decides whether the last period has begun.
        return number if self.start(number) <= day else number - 1

    def around(self, day: date) -> Period:
        """Find the period in which a day lies."""
        return self.period(self.number(day))


def aligned(frequency: Frequency, day: date, first_month: int = 4) -> Schedule:
    """Count periods from the Monday, or from the first day of the year, on or before a day."""
    if frequency is Frequency.WEEK:
        return Schedule(frequency, day - day.weekday() * ONE_DAY)
    return Schedule(frequency, year_start(day, first_month))


def year_start(day: date, first_month: int) -> date:
    """Find the first day of the year in which a day lies."""
    return date(day.year - (day.month < first_month), first_month, 1)


@dataclass(frozen=True, slots=True)
class Part:
    """A schedule and the day from which it holds."""

    first: date
    schedule: Schedule


@dataclass(frozen=True, slots=True)
class Timetable:
    """One schedule after another; every day belongs to one period and none to two."""

    parts: tuple[Part, ...] = field(default=())

    @property
    def breaks(self) -> tuple[date, ...]:
        """The days on which a new series begins, because the length of periods changed."""
        return tuple(part.first for part in self.parts[1:])

    def periods(self, first: date, last: date) -> Iterator[Period]:
        """List the periods that lie at least partly between two days, in order."""
        ends = [*(part.first - ONE_DAY for part in self.parts[1:]), date.max]
        for part, end in zip(self.parts, ends, strict=True):
            yield from _within(part, max(first, part.first), min(last, end), end)

    def around(self, day: date) -> Period | None:
        """Find the period in which a day lies; none before the first."""
        return next(self.periods(day, day), None)


def starting(schedule: Schedule, day: date) -> Timetable:
    """Begin with the whole period in which a day lies."""
    return Timetable((Part(schedule.around(day).start, schedule),))


def changed(timetable: Timetable, to: Schedule, asked: date) -> Timetable:
    """Change to another schedule from the next day on which a period ends.

    The next day on which both schedules begin a period, if there is one within one of the new
    periods; else the next on which the old one does, with a first period that is cut short.
    """
    last = timetable.parts[-1]
    asked = max(asked, last.first)
    limit = to.around(to.around(asked).end + ONE_DAY).end
    number = last.schedule.number(asked) + 1
    first = start = last.schedule.start(number)
    while start <= limit and to.around(start).start != start:
        number += 1
        start = last.schedule.start(number)
    return Timetable((*timetable.parts, Part(start if start <= limit else first, to)))


def _within(part: Part, first: date, last: date, end: date) -> Iterator[Period]:
    if first > last:
        return
    number = part.schedule.number(first)
    while (found := part.schedule.period(number)).start <= last:
        yield Period(max(found.start, part.first), min(found.end, end))
        number += 1


def length_of(period: Period) -> Frequency | None:
    """Tell which of the five lengths a period has; none if it has another."""
    if period.days == _WEEK:
        return Frequency.WEEK
    after = period.end + ONE_DAY
    return next((f for f, n in _LENGTHS.items() if add_months(period.start, n) == after), None)


def period_name(period: Period, first_month: int = 4) -> str:
    """Name a period as people say it: Q4 of 2025/26."""
    frequency = length_of(period)
    whole = frequency is Frequency.WEEK or _is_part_of_year(period, frequency, first_month)
    if frequency is None or not whole:
        return f"{in_words(period.start)} to {in_words(period.end)}"
    return _NAMES[frequency](period, first_month)


def short_name(period: Period, first_month: int = 4) -> str:
    """Name a period where there is little room: Q4 2025/26, Jan 2026."""
    frequency = length_of(period)
    if frequency is Frequency.MONTH and period.start.day == 1:
        return f"{SHORT_MONTHS['en'][period.start.month - 1]} {period.start.year}"
    if frequency in {Frequency.QUARTER, Frequency.YEAR}:
        named = period_name(period, first_month)
        return short_day(period.start) if " to " in named else named.replace(" of ", " ")
    return short_day(period.start)


def year_name(day: date, first_month: int) -> str:
    """Name the year in which a day lies: 2026, or 2025/26."""
    year = year_start(day, first_month).year
    return str(year) if first_month == 1 else f"{year}/{(year + 1) % 100:02d}"


def _is_part_of_year(period: Period, frequency: Frequency | None, first_month: int) -> bool:
    if frequency is None or frequency is Frequency.WEEK or period.start.day != 1:
        return False
    return (period.start.month - first_month) % _LENGTHS[frequency] == 0


def _which(period: Period, frequency: Frequency, first_month: int) -> int:
    return (period.start.month - first_month) % _YEAR_MONTHS // _LENGTHS[frequency]


def _month_name(period: Period, _first_month: int) -> str:
    return f"{MONTHS['en'][period.start.month - 1]} {period.start.year}"


def _quarter_name(period: Period, first_month: int) -> str:
    number = _which(period, Frequency.QUARTER, first_month) + 1
    return f"Q{number} of {year_name(period.start, first_month)}"


def _half_name(period: Period, first_month: int) -> str:
    which = ("First", "Second")[_which(period, Frequency.HALF_YEAR, first_month)]
    return f"{which} half of {year_name(period.start, first_month)}"


def _week_name(period: Period, _first_month: int) -> str:
    return f"Week from {in_words(period.start)}"


def _year_name(period: Period, first_month: int) -> str:
    return year_name(period.start, first_month)


_NAMES = {
    Frequency.WEEK: _week_name,
    Frequency.MONTH: _month_name,
    Frequency.QUARTER: _quarter_name,
    Frequency.HALF_YEAR: _half_name,
    Frequency.YEAR: _year_name,
}

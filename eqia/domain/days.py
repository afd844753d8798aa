"""Days in the United Kingdom: which one a moment falls on, and the same day some months on."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

LONDON = ZoneInfo("Europe/London")
ONE_DAY = timedelta(days=1)


def london_day(moment: datetime) -> date:
    """Give the day it is in London at that moment."""
    return moment.astimezone(LONDON).date()


def add_months(day: date, months: int) -> date:
    """Give the same day some months on, or the last day of a shorter month."""
    year, month = divmod(day.month - 1 + months, 12)
    year, month = day.year + year, month + 1
    first_of_next = date(year + month // 12, month % 12 + 1, 1)
    return date(year, month, min(day.day, (first_of_next - ONE_DAY).day))

"""Dates, numbers and statuses as people read them."""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any

from flask import Flask

from eqia.domain.days import london_day
from eqia.domain.record_times import in_words, moment_in_words
from eqia.domain.records import in_blocks
from eqia.domain.register import FLAGS
from eqia.domain.screenings import Status
from eqia.web.stacked_tables import stacked
from eqia.web.wording import ENGLISH, say


def day(value: date | str | None, language: str = ENGLISH) -> str:
    """Print a day, of a moment the one it is in the United Kingdom: 24 November 2026."""
    if not value:
        return ""
    found = date.fromisoformat(value) if isinstance(value, str) else value
    return in_words(london_day(found) if isinstance(found, datetime) else found, language)


def moment(value: datetime | None, language: str = ENGLISH) -> str:
    """Print a moment in United Kingdom time: 24 November 2026 at 3:04pm."""
    if value is None:
        return ""
    return moment_in_words(value, language)


def plural(number: int, one: str, many: str = "") -> str:
    """Print a number with its noun: 1 screening, 2 screenings."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def status_label(status: Status | str, language: str = ENGLISH) -> str:
    """Print a status in a word."""
    return say(language, f"status_{Status(status).value}")


def flag_label(flag: str) -> str:
    """Print a flag in words."""
    return FLAGS[flag]


FILTERS: Mapping[str, Callable[..., Any]] = {
    "date": day,
    "moment": moment,
    "plural": plural,
    "status_label": status_label,
    "flag_label": flag_label,
    "in_blocks": in_blocks,
    "stacked": stacked,
}


def init_app(app: Flask) -> None:
    """Give every template these filters."""
    app.jinja_env.filters.update(FILTERS)

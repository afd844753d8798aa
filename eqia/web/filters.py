"""Dates, numbers and statuses as people read them."""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any

from flask import Flask

from eqia.domain.records import in_blocks
from eqia.domain.register import FLAGS
from eqia.domain.screenings import Status
from eqia.web.clock import LONDON

_NOON = 12
STATUS_LABELS: Mapping[Status, str] = {
    Status.DRAFT: "Draft",
    Status.SUBMITTED: "Submitted",
    Status.RETURNED: "Returned",
    Status.REVIEWED: "Reviewed",
    Status.SIGNED: "Signed",
    Status.SUPERSEDED: "Superseded",
    Status.WITHDRAWN: "Withdrawn",
}


def day(value: date | str | None) -> str:
    """Print a day: 24 November 2026."""
    if not value:
        return ""
    found = date.fromisoformat(value) if isinstance(value, str) else value
    return f"{found.day} {found:%B %Y}"


def moment(value: datetime | None) -> str:
    """Print a moment in United Kingdom time: 24 November 2026 at 3:04pm."""
    if value is None:
        return ""
    local = value.astimezone(LONDON)
    half = "am" if local.hour < _NOON else "pm"
    return f"{day(local.date())} at {local.hour % _NOON or _NOON}:{local:%M}{half}"


def plural(number: int, one: str, many: str = "") -> str:
    """Print a number with its noun: 1 screening, 2 screenings."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def status_label(status: Status | str) -> str:
    """Print a status in a word."""
    return STATUS_LABELS[Status(status)]


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
}


def init_app(app: Flask) -> None:
    """Give every template these filters."""
    app.jinja_env.filters.update(FILTERS)

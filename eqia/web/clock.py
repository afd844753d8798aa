"""The time, asked for at the edge alone; tests set the clock."""

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

from flask import current_app

from eqia.domain.days import london_day

if TYPE_CHECKING:
    from collections.abc import Callable


def now() -> datetime:
    """Give this moment, in UTC."""
    clock: Callable[[], datetime] | None = current_app.config.get("CLOCK")
    return clock() if clock else datetime.now(UTC)


def today() -> date:
    """Give today's date in the United Kingdom."""
    return london_day(now())

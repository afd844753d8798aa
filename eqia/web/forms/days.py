"""A date in three boxes, which says what is missing or impossible."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from wtforms.utils import unset_value

from eqia.web import widgets
from eqia.web.forms.simple import HouseField, presentable

PARTS = ("day", "month", "year")
_MONTHS_IN_YEAR = 12
_FIRST_YEAR, _LAST_YEAR = 1900, 2199
_LONGEST_PART = 40
_DAY = re.compile(r"(\d{4})-(\d{2})-(\d{2})", re.ASCII)

#: English and Welsh, whole and short.
_NAMES = (
    "january jan ionawr ion",
    "february feb chwefror chwe",
    "march mar mawrth maw",
    "april apr ebrill ebr",
    "may mai",
    "june jun mehefin meh",
    "july jul gorffennaf gorff",
    "august aug awst",
    "september sept sep medi",
    "october oct hydref hyd",
    "november nov tachwedd tach",
    "december dec rhagfyr rhag",
)
MONTHS: Mapping[str, int] = {
    name: number for number, names in enumerate(_NAMES, 1) for name in names.split()
}


class DayField(HouseField):
    """A date posted as `name-day`, `name-month`, `name-year`; months may be names."""

    widget = staticmethod(widgets.day)

    def __init__(
        self, label: str = "", validators: Sequence[Any] | None = None, **options: Any
    ) -> None:
        self.typed: dict[str, str] | None = None
        self.wrong_part: tuple[str, ...] = ()
        super().__init__(label, validators, **options)

    @property
    def anchor(self) -> str:
        """Id of the first box, or of the first one that is wrong."""
        return f"{self.id}-{self.wrong_part[0] if self.wrong_part else 'day'}"

    @property
    def iso(self) -> str | None:
        """Give the date as 2027-06-30, the shape answers are kept in."""
        return self.data.isoformat() if isinstance(self.data, date) else None

    @property
    def raw_for_keeping(self) -> Any:
        """Give the three boxes as typed, or nothing if all are empty."""
        boxes = {part: self.shown_part(part) for part in PARTS}
        return boxes if any(boxes.values()) else None

    @property
    def is_blank(self) -> bool:
        """Whether all boxes are empty."""
        return self.data is None and not (self.typed and any(self.typed.values()))

    def shown_part(self, part: str) -> str:
        """Give what stands in one box."""
        if self.typed is not None:
            return presentable(self.typed.get(part, ""))
        return str(getattr(self.data, part)) if isinstance(self.data, date) else ""

    def refuse(self, message: str) -> None:
        """Mark all boxes: a service does not say which."""
        super().refuse(message)
        self.wrong_part = self.wrong_part or PARTS

    def process(
        self,
        formdata: Any,
        data: Any = unset_value,
        extra_filters: Any = None,
    ) -> None:
        """Read the boxes; missing and repeated ones are no surprise."""
        self._repeated = False
        posted = {}
        for part in PARTS if formdata is not None else ():
            values = list(dict.fromkeys(map(str, formdata.getlist(f"{self.name}-{part}"))))
            self._repeated = self._repeated or len(values) > 1
            posted[part] = " ".join(values).strip()
        self._posted = posted
        super().process(formdata, data, extra_filters)

    def process_data(self, value: Any) -> None:
        """Take a date, its ISO text, or three boxes that never made a date."""
        self.data = None
        if isinstance(value, date):
            self.data = value
        elif isinstance(value, str) and _DAY.fullmatch(value):
            try:
                self.data = date.fromisoformat(value)
            except ValueError:
                self.typed = dict(zip(reversed(PARTS), value.split("-"), strict=True))
        elif isinstance(value, Mapping):
            self.typed = {part: str(value.get(part) or "") for part in PARTS}

    def process_formdata(self, valuelist: list[Any]) -> None:  # noqa: ARG002 - see `process`
        """Make a date of the boxes, or say what is wrong with which."""
        self.data, self.typed = None, self._posted
        if not any(self.typed.values()):
            return
        called = self.called or self.say("the_date")
        if self._repeated:
            raise self._wrong(self.say("date_once", called), *PARTS)
        missing = [part for part in PARTS if not self.typed[part]]
        if missing:
            wanted = self.say("date_and").join(self.say(f"date_{part}") for part in missing)
            raise self._wrong(self.say("date_lacks", called, wanted), *missing)
        self.data = self._date(called)

    def _date(self, called: str) -> date:
        day, month, year = (_number(self._posted[part]) for part in PARTS)
        month = MONTHS.get(self._posted["month"].lower().rstrip("."), month)
        if not 1 <= month <= _MONTHS_IN_YEAR:
            raise self._wrong(self.say("date_bad_month", called), "month")
        if not _FIRST_YEAR <= year <= _LAST_YEAR:
            raise self._wrong(self.say("date_bad_year", called), "year")
        last = monthrange(year, month)[1]
        if not 1 <= day <= last:
            raise self._wrong(self.say("date_bad_day", called, last), "day")
        return date(year, month, day)

    def _wrong(self, message: str, *parts: str) -> ValueError:
        self.wrong_part = parts
        return ValueError(message)


def _number(text: str) -> int:
    """Read up to four digits; anything else is no day, month or year."""
    known = text.isascii() and text.isdigit() and len(text) <= len("2027")
    return int(text) if known else -1

"""When things happened, in order, and what came in the wrong order, in words."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from eqia.domain.days import LONDON, london_day

MONTHS: Mapping[str, tuple[str, ...]] = {
    "en": (
        *("January", "February", "March", "April", "May", "June"),
        *("July", "August", "September", "October", "November", "December"),
    ),
    "cy": (
        *("Ionawr", "Chwefror", "Mawrth", "Ebrill", "Mai", "Mehefin"),
        *("Gorffennaf", "Awst", "Medi", "Hydref", "Tachwedd", "Rhagfyr"),
    ),
}
#: for drawings, where there is little room
SHORT_MONTHS: Mapping[str, tuple[str, ...]] = {
    "en": ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"),
    "cy": (
        *("Ion", "Chwe", "Maw", "Ebr", "Mai", "Meh"),
        *("Gor", "Awst", "Medi", "Hyd", "Tach", "Rhag"),
    ),
}
_NOON = 12


@dataclass(frozen=True, slots=True)
class Read:
    """Somebody's word that they read this version, and when."""

    name: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Dates:
    """Every date the record stores apart; nothing in it can be back-dated."""

    written: datetime
    screened: datetime
    submitted: datetime
    returned: tuple[datetime, ...] = ()
    reviewed: datetime
    read: tuple[Read, ...] = ()
    signed: datetime
    #: the decision as logged, else as the team expects it
    decision: date | None = None
    decision_taken: bool = False
    decision_by: str = ""
    starts: date | None = None
    ends: date | None = None
    review_due: date | None = None
    #: the team itself says that the decision came first
    late_stage: bool = False


def timeline(dates: Dates) -> list[dict[str, Any]]:
    """List what happened and what is planned, earliest first; each says which of the two."""
    today = london_day(dates.signed)
    done: list[dict[str, Any]] = [
        _entry("written", dates.written),
        _entry("screened", dates.screened),
        _entry("submitted", dates.submitted),
        *(_entry("returned", at) for at in dates.returned),
        _entry("reviewed", dates.reviewed),
        *(_entry("read", read.at, read.name) for read in dates.read),
        _entry("signed", dates.signed),
    ]
    days = (
        ("decided", dates.decision, dates.decision_by, dates.decision_taken),
        ("starts", dates.starts, "", False),
        ("ends", dates.ends, "", False),
        ("review_due", dates.review_due, "", False),
    )
    for what, day, who, taken in days:
        if day is not None:
            done.append(
                {"what": what, "on": day, "who": who, "planned": not taken and day >= today}
            )
    return sorted(done, key=_when)


def _entry(what: str, at: datetime, who: str = "") -> dict[str, Any]:
    return {"what": what, "at": at, "who": who, "planned": False}


def _when(entry: Mapping[str, Any]) -> tuple[date, int, str]:
    """Order by day, then by time; a bare date comes after the moments of its day."""
    at: datetime | None = entry.get("at")
    if at is None:
        return entry["on"], 1, ""
    return london_day(at), 0, at.isoformat()


_NOTES: Mapping[str, Mapping[str, str]] = {
    "decision_first": {
        "en": "The decision ({decision}) came before this screening was signed ({signed}).",
        "cy": "Daeth y penderfyniad ({decision}) cyn i'r sgrinio hwn gael ei lofnodi ({signed}).",
    },
    "stage": {
        "en": "The team says that the decision was made before this screening.",
        "cy": "Mae'r tîm yn dweud i'r penderfyniad gael ei wneud cyn y sgrinio hwn.",
    },
    "submitted_late": {
        "en": "The answers were submitted ({submitted}) after the decision ({decision}).",
        "cy": "Cyflwynwyd yr atebion ({submitted}) ar ôl y penderfyniad ({decision}).",
    },
    "started_first": {
        "en": "The change started ({starts}) before this screening was signed ({signed}).",
        "cy": "Dechreuodd y newid ({starts}) cyn i'r sgrinio hwn gael ei lofnodi ({signed}).",
    },
    "read_late": {
        "en": "{reader} read it ({read}) after the decision ({decision}).",
        "cy": "Darllenodd {reader} ef ({read}) ar ôl y penderfyniad ({decision}).",
    },
    "one_day": {
        "en": "It was submitted, reviewed and signed on one day ({signed}).",
        "cy": "Cafodd ei gyflwyno, ei adolygu a'i lofnodi ar un diwrnod ({signed}).",
    },
}


def order_notes(dates: Dates, language: str) -> list[str]:
    """Say in words what came in the wrong order (Elias, Kaur and Shah: before, not after)."""
    signed = london_day(dates.signed)
    decision = dates.decision
    values = {"signed": in_words(signed, language)}

    def note(code: str, **more: str) -> str:
        texts = _NOTES[code]
        return texts.get(language, texts["en"]).format(**values, **more)

    found = [note("stage")] if dates.late_stage else []
    if decision is not None:
        found += _about_decision(dates, decision, note, language)
    if dates.starts is not None and dates.starts < signed:
        found.append(note("started_first", starts=in_words(dates.starts, language)))
    if len({london_day(dates.submitted), london_day(dates.reviewed), signed}) == 1:
        found.append(note("one_day"))
    return found


def _about_decision(
    dates: Dates, decision: date, note: Callable[..., str], language: str
) -> list[str]:
    found = []
    day = in_words(decision, language)
    if decision < london_day(dates.signed):
        found.append(note("decision_first", decision=day))
    if decision < london_day(dates.submitted):
        submitted = in_words(london_day(dates.submitted), language)
        found.append(note("submitted_late", submitted=submitted, decision=day))
    for read in dates.read:
        if decision < london_day(read.at):
            when = in_words(london_day(read.at), language)
            found.append(note("read_late", reader=read.name, read=when, decision=day))
    return found


def in_words(day: date, language: str = "en") -> str:
    """Write a day as people say it: 24 November 2026."""
    months = MONTHS.get(language, MONTHS["en"])
    return f"{day.day} {months[day.month - 1]} {day.year}"


def short_day(day: date, language: str = "en") -> str:
    """Write a day where there is little room: 24 Nov 2026."""
    months = SHORT_MONTHS.get(language, SHORT_MONTHS["en"])
    return f"{day.day} {months[day.month - 1]} {day.year}"


def moment_in_words(at: datetime, language: str = "en") -> str:
    """Write a moment as people say it, in United Kingdom time: 24 November 2026 at 3:04pm."""
    local = at.astimezone(LONDON)
    hour, half = local.hour % _NOON or _NOON, "am" if local.hour < _NOON else "pm"
    if language == "cy":
        return f"{in_words(local.date(), language)} am {local.hour:02d}:{local.minute:02d}"
    return f"{in_words(local.date(), language)} at {hour}:{local.minute:02d}{half}"


def day_in_words(text: str, language: str = "en") -> str:
    """Write a stored date or moment in words; what is neither stays as it is."""
    try:
        if "T" in text:
            return moment_in_words(datetime.fromisoformat(text), language)
        return in_words(date.fromisoformat(text), language)
    except ValueError:
        return text

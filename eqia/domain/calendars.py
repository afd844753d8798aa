"""Dates as a calendar file that every calendar program reads (RFC 5545)."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime

from eqia.domain.days import ONE_DAY

#: section 3.1: no line is longer than this many octets, its break left out
_WIDTH = 75
_PRODUCT = "-//eqia//Plans and measures//EN"


@dataclass(frozen=True, slots=True)
class Entry:
    """One day to remember: what for, and a name that stays when the file is fetched again."""

    uid: str
    day: date
    title: str
    address: str = ""


def calendar_of(name: str, entries: Iterable[Entry], now: datetime) -> str:
    """Write entries as whole days, in their order."""
    stamp = now.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        f"PRODID:{_PRODUCT}",
        "CALSCALE:GREGORIAN",
        f"X-WR-CALNAME:{escaped(name)}",
        *(line for one in entries for line in _event(one, stamp)),
        "END:VCALENDAR",
    ]
    return "".join(f"{part}\r\n" for line in lines for part in folded(line))


def escaped(text: str) -> str:
    """Write text so that nothing in it is taken for a separator (section 3.3.11)."""
    one_line = "\n".join(text.splitlines())
    for sign in ("\\", ";", ","):
        one_line = one_line.replace(sign, f"\\{sign}")
    return one_line.replace("\n", "\\n")


def folded(line: str) -> Iterator[str]:
    """Break a line that is too long between two letters; what follows begins with a space."""
    part, room = "", _WIDTH
    for letter in line:
        size = len(letter.encode())
        if size > room:
            yield part
            part, room = " ", _WIDTH - 1
        part += letter
        room -= size
    yield part


def _event(one: Entry, stamp: str) -> Iterator[str]:
    yield "BEGIN:VEVENT"
    yield f"UID:{one.uid}"
    yield f"DTSTAMP:{stamp}"
    yield f"DTSTART;VALUE=DATE:{one.day:%Y%m%d}"
    # The end is not part of it (section 3.6.1).
    yield f"DTEND;VALUE=DATE:{one.day + ONE_DAY:%Y%m%d}"
    yield f"SUMMARY:{escaped(one.title)}"
    if one.address:
        yield f"URL:{one.address}"
    yield "TRANSP:TRANSPARENT"
    yield "END:VEVENT"

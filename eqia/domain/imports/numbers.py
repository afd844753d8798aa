"""Numbers as people and tables write them: 1,234,567; 12%; a dash for none; * for hidden."""

import re
from decimal import Decimal
from enum import Enum

#: the largest count both databases hold in a whole number
LARGEST = 1_000_000_000
#: what is kept of a decimal, to the digit
_LONGEST = 40
_PLAIN = re.compile(r"[+-]?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?|[+-]?\.\d+", re.ASCII)
_SCIENTIFIC = re.compile(r"[+-]?\d(?:\.\d+)?[eE][+-]?\d{1,2}", re.ASCII)
#: a dash alone stands for none in tables of the Office for National Statistics and its kin
_DASHES = frozenset({"-", "\N{EN DASH}", "\N{EM DASH}", "\N{MINUS SIGN}"})
_MASKS = frozenset({"*", "[c]", "suppressed"})
_NOT_THERE = frozenset({"n/a", "na", "#n/a", "not available", "..", ":", "[x]", "[z]"})


class Absent(Enum):
    """Why there is no number in a cell."""

    BLANK = "blank"
    #: the file says so
    NOT_AVAILABLE = "not available"
    MASKED = "masked"


Written = Decimal | Absent


def number_written(text: str, missing: frozenset[str] = frozenset()) -> Written:
    """Read a number; ValueError with words for the page if it is none.

    `missing` are the numbers by which a format says that there is none, such as -1.
    """
    if not text:
        return Absent.BLANK
    known = text.casefold()
    if known in _MASKS:
        return Absent.MASKED
    if known in _NOT_THERE or text in missing:
        return Absent.NOT_AVAILABLE
    if text in _DASHES:
        return Decimal(0)
    return _digits(text.removesuffix("%").rstrip(), text)


def count_written(text: str, missing: frozenset[str] = frozenset()) -> int | Absent:
    """Read how many: a whole number that is not below nought."""
    found = number_written(text, missing)
    if isinstance(found, Absent):
        return found
    if text.endswith("%"):
        raise ValueError(f"“{_short(text)}” is a percentage, not a count")
    if found != found.to_integral_value():
        raise ValueError(f"“{_short(text)}” is not a whole number")
    if not 0 <= found <= LARGEST:
        raise ValueError(f"“{_short(text)}” is not a number from 0 to {LARGEST:,}")
    return int(found)


def _digits(number: str, text: str) -> Decimal:
    if not (_PLAIN.fullmatch(number) or _SCIENTIFIC.fullmatch(number)):
        raise ValueError(f"“{_short(text)}” is not a number")
    found = Decimal(number.replace(",", ""))
    if _SCIENTIFIC.fullmatch(number):
        found = Decimal(f"{found:f}")
    if len(str(found)) > _LONGEST:
        raise ValueError(f"“{_short(text)}” has too many digits")
    return found


def _short(text: str) -> str:
    return text if len(text) <= 40 else f"{text[:40]}…"  # noqa: PLR2004 - enough to find it by

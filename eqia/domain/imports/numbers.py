"""Numbers as people and tables write them: 1,234,567; 12%; a dash for none; * or <8 for hidden.

The marks are those of the Government Statistical Service's guidance on symbols in tables, as
departments publish them: bare as on StatsWales and in the Department for Education's files, or in
brackets. Another one is refused: it could be a slip of the hand.
"""

import re
from collections.abc import Mapping
from decimal import Decimal
from enum import Enum

#: the largest count both databases hold in a whole number
LARGEST = 1_000_000_000
#: what is kept of a decimal, to the digit
_LONGEST = 40
_NO_MARK = frozenset("23456789")
_PLAIN = re.compile(r"[+-]?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?|[+-]?\.\d+", re.ASCII)
_SCIENTIFIC = re.compile(r"[+-]?\d(?:\.\d+)?[eE][+-]?\d{1,2}", re.ASCII)
#: a dash alone stands for none in tables of the Office for National Statistics and its kin
_DASHES = frozenset({"-", "\N{EN DASH}", "\N{EM DASH}", "\N{MINUS SIGN}"})
#: a small number as it is hidden: <8, fewer than 5, 1 to 7
_FEW = re.compile(
    r"(?:(?:<|<=|\u2264|(?:less|fewer) than|under|below) ?|[01] to )(\d{1,2})", re.ASCII
)
#: what hides a number is from 2 to so much; more is a band, or an age
_MOST_HIDDEN = 20
_IN_BRACKETS = re.compile(r"\[(.{1,3})\]|\((.{1,3})\)")


class Absent(Enum):
    """Why there is no number in a cell."""

    BLANK = "blank"
    #: the file says so
    NOT_AVAILABLE = "not available"
    MASKED = "masked"
    NOT_APPLICABLE = "not applicable"


_WORDS: Mapping[str, Absent] = {
    **dict.fromkeys(("*", "suppressed", "masked", "hidden", "confidential"), Absent.MASKED),
    **dict.fromkeys(("n/a", "na", "#n/a", "not available", "..", ":"), Absent.NOT_AVAILABLE),
    "not applicable": Absent.NOT_APPLICABLE,
}
#: letters that stand alone, or in brackets
_LETTERS: Mapping[str, Absent] = {
    "c": Absent.MASKED,
    "low": Absent.MASKED,
    "x": Absent.NOT_AVAILABLE,
    "z": Absent.NOT_APPLICABLE,
}
#: rarer ones, which could be a slip where nothing is around them: a low figure, one of low
#: reliability, none recorded in a survey
_ONLY_IN_BRACKETS: Mapping[str, Absent] = {
    "*": Absent.MASKED,
    "k": Absent.MASKED,
    "u": Absent.NOT_AVAILABLE,
    "w": Absent.NOT_AVAILABLE,
}
Written = Decimal | Absent


def mark_written(text: str) -> Absent | None:
    """Tell why there is no number where a mark says so; None for whatever else is written."""
    known = " ".join(text.casefold().split())
    if known in _WORDS or known in _LETTERS:
        return _WORDS.get(known) or _LETTERS[known]
    if inside := _IN_BRACKETS.fullmatch(known):
        letter = (inside[1] or inside[2]).strip()
        return _LETTERS.get(letter) or _ONLY_IN_BRACKETS.get(letter)
    few = _FEW.fullmatch(known)
    return Absent.MASKED if few and 1 < int(few[1]) <= _MOST_HIDDEN else None


def is_dash(text: str) -> bool:
    """Whether it is a dash that stands for none."""
    return text in _DASHES


def number_written(text: str, missing: frozenset[str] = frozenset()) -> Written:
    """Read a number; ValueError with words for the page if it is none.

    `missing` are the numbers by which a format says that there is none, such as -1.
    """
    if not text:
        return Absent.BLANK
    if text in missing:
        return Absent.NOT_AVAILABLE
    if text in _DASHES:
        return Decimal(0)
    # Most cells are numbers, and no mark begins with a digit above 1.
    if text[0] not in _NO_MARK and (mark := mark_written(text)):
        return mark
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

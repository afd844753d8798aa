"""What a person typed, made safe to keep without rewriting a word of it."""

import re
import unicodedata

from eqia.domain.errors import Invalid, Problem

#: interface.md 5.2: one field holds no more than this, counted in characters.
LONGEST_TEXT = 20_000

#: Code points that are no characters: no page may hold them.
NO_CHARACTERS = "".join(chr(plane << 16 | end) for plane in range(17) for end in (0xFFFE, 0xFFFF))

# C0 and C1 controls, NUL among them, and what is no character. Tab and line feed stay; so do
# bidirectional controls and emoji, which are somebody's words.
_CONTROLS = re.compile(rf"[\x00-\x08\x0b-\x1f\x7f-\x9f\ufdd0-\ufdef{NO_CHARACTERS}]")
_SURROGATES = re.compile(r"[\ud800-\udfff]")

TOO_LONG = f"Use {LONGEST_TEXT:,} characters or fewer"
BROKEN = "This text holds a broken character. Type it again"


def clean_text(text: str, *, field: str = "") -> str:
    """Put the text in NFC, without control characters; a broken or far too long text is refused."""
    if text.isascii() and text.isprintable():
        cleaned = text
    else:
        if _SURROGATES.search(text):
            raise Invalid([Problem(field, BROKEN)])
        lines = text.replace("\r\n", "\n").replace("\r", "\n")
        cleaned = unicodedata.normalize("NFC", _CONTROLS.sub("", lines))
    if len(cleaned) > LONGEST_TEXT:
        raise Invalid([Problem(field, TOO_LONG)])
    return cleaned


def first_line(text: str) -> str:
    """Give what names a thing whose text may run over several lines; nothing of an empty one."""
    return next(iter(text.splitlines()), "")


def plain_name(text: str) -> str:
    """Give a text as names of files and codes are written: lower-case ASCII words and hyphens."""
    letters = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", letters).strip("-")

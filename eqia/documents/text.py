"""What people typed, made safe to print: no markup, and only characters the fonts have."""

import re
import unicodedata
from functools import lru_cache
from xml.sax.saxutils import escape

from eqia.documents.fonts import Face

#: Printed as nothing: C0 and C1 controls, zero-width and direction marks, variation selectors.
_UNSEEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\xad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f"
    "\ufe00-\ufe0f\ufeff\ufff0-\ufffb\ud800-\udfff\U000e0000-\U000e01ef]"
)
#: Kinds of space and dash that a font may lack, and what they look like without it.
_LIKE = str.maketrans({"\u2028": "\n", "\u2029": "\n", "\u2010": "-", "\u2011": "-", "\t": " "})
#: Beyond this many characters in a row, their names would bury the text around them.
_NAMED = 6
_HIGHEST_BMP = 0xFFFF


def printable(text: str, face: Face) -> str:
    """Put a text in characters the font has; the others are named in brackets.

    NFC, and never .notdef: a document must not fail, or fall silent, over a character
    (documents.md section 7). Characters beyond the basic plane are named too, since ReportLab
    writes a wrong text layer for them.
    """
    if text.isascii() and "\t" not in text and not _UNSEEN.search(text):
        return text
    clean = _UNSEEN.sub("", unicodedata.normalize("NFC", text)).translate(_LIKE)
    return "".join(run if covered else _in_words(run) for covered, run in _runs(clean, face.covers))


def _runs(text: str, covers: frozenset[int]) -> list[tuple[bool, str]]:
    """Cut a text where it changes between characters the font has and lacks."""
    runs: list[tuple[bool, list[str]]] = []
    for character in text:
        # A space inside a foreign sentence belongs to it.
        inside = character == " " and bool(runs) and not runs[-1][0]
        kind = _has(character, covers) and not inside
        if runs and runs[-1][0] is kind:
            runs[-1][1].append(character)
        else:
            runs.append((kind, [character]))
    return [(kind, "".join(run)) for kind, run in runs]


def _has(character: str, covers: frozenset[int]) -> bool:
    code = ord(character)
    return character == "\n" or (code <= _HIGHEST_BMP and code in covers)


def _in_words(run: str) -> str:
    letters = run.replace(" ", "")
    after = " " if run.endswith(" ") else ""
    if len(letters) > _NAMED:
        script = _name(letters[0]).split()[0].split("-")[0]
        return f"[{len(letters):,} characters, {script}: see the web page]{after}"
    return "".join(f"[{_name(letter)}]" for letter in letters) + after


@lru_cache(maxsize=4096)
def _name(character: str) -> str:
    return unicodedata.name(character, "").lower() or f"U+{ord(character):04X}"


def markup(text: str, face: Face) -> str:
    """Make a text into paragraph markup that holds no markup of its own.

    ReportLab reads `<img src>` from the disk and stops at an unbalanced tag (documents.md
    section 12): every sign that could start one is escaped here, the only way to a paragraph.
    """
    return escape(printable(text, face)).replace("\n", "<br/>")

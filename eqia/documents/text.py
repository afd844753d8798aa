"""What people typed, made safe to print: no markup, and only characters the fonts have."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from xml.sax.saxutils import escape, quoteattr

from eqia.documents.fonts import Face, Faces
from eqia.documents.scripts import is_arabic, is_east_asian, language_of, shaped

#: Printed as nothing: C0 and C1 controls, zero-width and direction marks, variation selectors.
_UNSEEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f"
    "\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb\ud800-\udfff"
    "\U000e0000-\U000e01ef]"
)
#: Kinds of space and dash that a font may lack, and what they look like without it.
_LIKE = str.maketrans({"\u2028": "\n", "\u2029": "\n", "\u2010": "-", "\u2011": "-", "\t": " "})
#: Beyond this many characters in a row, their names would bury the text around them.
_NAMED = 6
_HIGHEST_BMP = 0xFFFF
#: signs that belong to the script around them
_INSIDE = " -.,:()/0123456789"

#: Only the two schemes of the web become links, and only short ones (documents.md section 5).
_LINK = re.compile(r"https?://[!#-;=?-\[\]_a-z~%]{3,180}(?![!#-;=?-\[\]_a-z~%])")
_AFTER_LINK = ".,;:!?)]'"

#: what a stretch of text is printed with
PLAIN, ARABIC, CHINESE, NAMED, UNSEEN = "plain", "arabic", "chinese", "named", "unseen"


@dataclass(frozen=True, slots=True)
class Run:
    """A stretch of text in one font and one language."""

    #: as printed, in the order of reading
    text: str
    kind: str = PLAIN
    font: str = ""
    language: str = ""
    #: what was typed, where something else is printed for it
    original: str = ""
    link: str = ""


def runs_of(text: str, faces: Faces, *, bold: bool = False) -> tuple[Run, ...]:
    """Cut a text where script, font or link changes; mostly it is one run.

    NFC, and never .notdef: a document must not fail, or fall silent, over a character
    (documents.md section 7). Characters beyond the basic plane are named, since ReportLab
    writes a wrong text layer for them.
    """
    face = faces.bold if bold else faces.regular
    if _is_simple(text, face):
        return (Run(text),) if "://" not in text else tuple(_linked([Run(text)]))
    text = unicodedata.normalize("NFC", text).translate(_LIKE)
    runs = [_run(kind, part, faces) for kind, part in _stretches(text, face, faces)]
    return tuple(_linked(runs))


def _is_simple(text: str, face: Face) -> bool:
    if text.isascii():
        return "\t" not in text and not _UNSEEN.search(text)
    return (
        unicodedata.is_normalized("NFC", text)
        and not _UNSEEN.search(text)
        and face.covers.issuperset(map(ord, text.replace("\n", "")))
    )


def _stretches(text: str, face: Face, faces: Faces) -> list[tuple[str, str]]:
    """Cut a text where the way to print it changes."""
    found: list[tuple[str, list[str]]] = []
    for character in text:
        kind = _kind(character, face, faces)
        last = found[-1][0] if found else PLAIN
        # A space or a mark inside a foreign sentence belongs to it.
        if kind == UNSEEN or (last != PLAIN and character in _INSIDE):
            kind = last
        if found and last == kind:
            found[-1][1].append(character)
        else:
            found.append((kind, [character]))
    return _trimmed(found)


def _trimmed(found: list[tuple[str, list[str]]]) -> list[tuple[str, str]]:
    """Give what follows the last foreign letter back to the text around it."""
    given: list[tuple[str, str]] = []
    after = ""
    for kind, letters in found:
        whole = "".join(letters)
        core = whole if kind == PLAIN else whole.rstrip(_INSIDE)
        if kind == PLAIN:
            core, after = after + whole, ""
        elif after:
            given.append((PLAIN, after))
        given.append((kind, core))
        after = whole[len(core) :] if kind != PLAIN else ""
    return [*given, (PLAIN, after)] if after else given


def _kind(character: str, face: Face, faces: Faces) -> str:
    code = ord(character)
    if _UNSEEN.match(character):
        return UNSEEN
    if character == "\n" or (code <= _HIGHEST_BMP and code in face.covers):
        return PLAIN
    if faces.arabic and is_arabic(character) and code in faces.arabic.covers:
        return ARABIC
    if faces.chinese and is_east_asian(character) and code in faces.chinese.covers:
        return CHINESE
    return NAMED


def _run(kind: str, text: str, faces: Faces) -> Run:
    seen = _UNSEEN.sub("", text)
    if kind == ARABIC and faces.arabic:
        words = shaped(seen)
        if faces.arabic.covers.issuperset(map(ord, words)):
            name = faces.arabic.name
            return Run(words, kind, name, language_of(seen), original=seen)
    elif kind == CHINESE and faces.chinese:
        return Run(seen, kind, faces.chinese.name, language_of(seen))
    elif kind == PLAIN:
        return Run(seen)
    return Run(_in_words(seen), NAMED, original=text)


def _linked(runs: list[Run]) -> Iterator[Run]:
    """Make the web addresses in plain runs into links."""
    for run in runs:
        place = 0
        for found in _LINK.finditer(run.text) if run.kind == PLAIN else ():
            address = found.group().rstrip(_AFTER_LINK)
            if found.start() > place:
                yield Run(run.text[place : found.start()])
            yield Run(address, link=address)
            place = found.start() + len(address)
        if run.text[place:]:
            yield Run(run.text[place:]) if place else run


def _in_words(run: str) -> str:
    letters = run.replace(" ", "")
    if len(letters) > _NAMED:
        script = _name(letters[0]).split()[0].split("-")[0]
        return f"[{len(letters):,} characters, {script}: see the web page]"
    return "".join(f"[{_name(letter)}]" for letter in letters)


@lru_cache(maxsize=4096)
def _name(character: str) -> str:
    return unicodedata.name(character, "").lower() or f"U+{ord(character):04X}"


def printable(text: str, faces: Faces) -> str:
    """Put a text in characters the main font has: for the edge of the page."""
    runs = runs_of(text, faces)
    return "".join(_in_words(run.original or run.text) if run.font else run.text for run in runs)


def markup_of(run: Run) -> str:
    """Make a run into paragraph markup that holds no markup of its own.

    ReportLab reads `<img src>` from the disk and stops at an unbalanced tag (documents.md
    section 12): every sign that could start one is escaped here, the only way to a paragraph.
    """
    made = escape(run.text).replace("\n", "<br/>")
    return f"<font name={quoteattr(run.font)}>{made}</font>" if run.font else made

"""The fonts of the PDF: where they come from, what they can write, registered by content."""

import hashlib
import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from math import fsum
from pathlib import Path
from typing import Any

import reportlab
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFError, TTFont

#: documents.md section 7: a folder in a setting, then what the build fetched, then Vera.
BUILT = Path(__file__).with_name("dist")
FALLBACK = Path(reportlab.__file__).with_name("fonts")

MAIN = ("NotoSans-Regular.ttf", "NotoSans-Bold.ttf")
ARABIC = ("NotoNaskhArabic-Regular.ttf",)
#: only ever in the folder of the setting: it is too large to come with the install
CHINESE = ("DroidSansFallbackFull.ttf", "DroidSansFallback.ttf")

#: letters beyond ASCII that a language cannot be written without
ALPHABETS: Mapping[str, str] = {"cy": "âêîôûŵŷÂÊÎÔÛŴŶáéíóúẃýàèìòùẁỳäëïöüẅÿ"}

_register = threading.Lock()


@dataclass(frozen=True, slots=True)
class Face:
    """One font file, under a name made from its content."""

    name: str
    sha256: str
    covers: frozenset[int]


@dataclass(frozen=True, slots=True)
class Faces:
    """The fonts a document is set in."""

    regular: Face
    bold: Face
    #: where they come from, for the administrator's page: setting, built or fallback
    source: str
    arabic: Face | None = None
    chinese: Face | None = None

    def writes(self, language: str) -> bool:
        """Whether a language can be written in full, in both weights."""
        letters = {ord(letter) for letter in ALPHABETS.get(language, "")}
        return letters <= self.regular.covers and letters <= self.bold.covers

    def each(self) -> Iterator[Face]:
        """Give every font there is."""
        yield from (self.regular, self.bold)
        yield from (face for face in (self.arabic, self.chinese) if face)

    @property
    def version(self) -> str:
        """Name the fonts by their content."""
        return f"{self.source} fonts {' '.join(face.sha256[:12] for face in self.each())}"


#: A longer text is no word, and would fill the memory.
_WORD = 32


class _Font(TTFont):
    """A font that measures a word once: the same ones come again and again."""

    def __init__(self, name: str, path: str) -> None:
        super().__init__(name, path)
        self._of_word = lru_cache(maxsize=16_384)(self._sum_of_widths)

    def stringWidth(self, text: str, size: float, encoding: str = "utf8") -> float:  # noqa: ARG002, N802
        """Give the width of a text."""
        measure = self._of_word if len(text) <= _WORD else self._sum_of_widths
        return 0.001 * size * measure(text)

    def _sum_of_widths(self, text: str) -> float:
        face: Any = self.face
        widths, default = face.charWidths, face.defaultWidth
        # Not `sum`: since Python 3.12 it rounds in another way.
        return fsum(widths.get(ord(letter), default) for letter in text)


@cache
def load(folder: Path | None = None) -> Faces:
    """Load the first complete pair of fonts, and for other scripts whatever there is."""
    places = [*([("setting", folder)] if folder else []), ("built", BUILT)]
    complete = ((source, main) for source, place in places if (main := _all(place, MAIN)))
    source, main = next(complete, ("", []))
    if not main:
        return fallback()
    return Faces(
        regular=main[0],
        bold=main[1],
        source=source,
        arabic=_any([place / name for _, place in places for name in ARABIC]),
        chinese=_any([folder / name for name in CHINESE] if folder else []),
    )


@cache
def fallback() -> Faces:
    """Load what came with ReportLab: enough for English, and for nothing beyond it."""
    return Faces(_face(FALLBACK / "Vera.ttf"), _face(FALLBACK / "VeraBd.ttf"), "fallback")


def _all(folder: Path, names: tuple[str, ...]) -> list[Face]:
    found = [face for name in names if (face := _usable(folder / name))]
    return found if len(found) == len(names) else []


def _any(paths: list[Path]) -> Face | None:
    return next((face for path in paths if (face := _usable(path))), None)


def _usable(path: Path) -> Face | None:
    try:
        return _face(path)
    except (TTFError, OSError):
        # A missing, broken or unfit file (CFF outlines) must not stop a sign-off: the next serves.
        return None


def _face(path: Path) -> Face:
    """Register a font once under its content hash: a name already used would be ignored."""
    sha256 = hashlib.sha256(path.read_bytes()).hexdigest()
    name = f"{path.stem}-{sha256[:12]}"
    with _register:
        if name not in pdfmetrics.getRegisteredFontNames():
            pdfmetrics.registerFont(_Font(name, str(path)))
    glyphs: dict[int, int] = pdfmetrics.getFont(name).face.charToGlyph  # type: ignore[attr-defined]  # a TTFont has one
    return Face(name, sha256, frozenset(glyphs))

"""The fonts of the PDF: where they come from, what they can write, registered by content."""

import hashlib
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import reportlab
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFError, TTFont

#: documents.md section 7: a folder in a setting, then what the build fetched, then Vera.
BUILT = Path(__file__).with_name("dist")
FALLBACK = Path(reportlab.__file__).with_name("fonts")

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

    def writes(self, language: str) -> bool:
        """Whether a language can be written in full, in both weights."""
        letters = {ord(letter) for letter in ALPHABETS.get(language, "")}
        return letters <= self.regular.covers and letters <= self.bold.covers

    @property
    def version(self) -> str:
        """Name the fonts by their content."""
        return f"{self.source} fonts {self.regular.sha256[:12]} {self.bold.sha256[:12]}"


@cache
def load(folder: Path | None = None) -> Faces:
    """Load the first complete pair of fonts: from the folder, the build, or the fallback."""
    places = [("setting", folder)] if folder else []
    for source, place in [*places, ("built", BUILT)]:
        faces = _noto(source, place)
        if faces is not None:
            return faces
    return Faces(_face(FALLBACK / "Vera.ttf"), _face(FALLBACK / "VeraBd.ttf"), "fallback")


def _noto(source: str, folder: Path) -> Faces | None:
    regular, bold = folder / "NotoSans-Regular.ttf", folder / "NotoSans-Bold.ttf"
    if not (regular.is_file() and bold.is_file()):
        return None
    try:
        return Faces(_face(regular), _face(bold), source)
    except (TTFError, OSError):
        # A broken or unfit file (CFF outlines) must not stop a sign-off: the next place serves.
        return None


def _face(path: Path) -> Face:
    """Register a font once under its content hash: a name already used would be ignored."""
    sha256 = hashlib.sha256(path.read_bytes()).hexdigest()
    name = f"{path.stem}-{sha256[:12]}"
    with _register:
        if name not in pdfmetrics.getRegisteredFontNames():
            pdfmetrics.registerFont(TTFont(name, str(path)))
    glyphs: dict[int, int] = pdfmetrics.getFont(name).face.charToGlyph  # type: ignore[attr-defined]  # a TTFont has one
    return Face(name, sha256, frozenset(glyphs))

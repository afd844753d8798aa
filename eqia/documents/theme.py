"""How a document looks: sizes, colours and styles."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from reportlab.lib.colors import HexColor
from reportlab.lib.enums import TA_LEFT
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm

from eqia.documents.fonts import Faces

# All at least 4.5:1 on white, and nothing is said by colour alone (documents.md section 2).
INK = HexColor("#1b2230")
QUIET = HexColor("#4b5563")
RULE = HexColor("#8a94a3")
#: between rows: only an aid to the eye
HAIR = HexColor("#c3cad3")
SHADE = HexColor("#f1f3f6")

PAGE = A4
MARGIN = 22 * mm
TOP = 25 * mm
BOTTOM = 23 * mm
WIDTH = PAGE[0] - 2 * MARGIN

SIZE = 12
SMALL = 11

BULLET = "\u2022"


@dataclass(frozen=True, slots=True)
class Theme:
    """The styles of a document in its fonts."""

    faces: Faces
    title: ParagraphStyle
    over: ParagraphStyle
    h2: ParagraphStyle
    h3: ParagraphStyle
    h4: ParagraphStyle
    body: ParagraphStyle
    note: ParagraphStyle
    label: ParagraphStyle
    quote: ParagraphStyle
    bullet: ParagraphStyle
    cell: ParagraphStyle
    head: ParagraphStyle
    panel: ParagraphStyle


@lru_cache(maxsize=4)
def theme_of(faces: Faces) -> Theme:
    """Make the styles."""
    plain, bold = faces.regular.name, faces.bold.name

    def style(name: str, font: str, size: float, leading: float, **more: Any) -> ParagraphStyle:  # noqa: ANN401 - ReportLab's own
        return ParagraphStyle(
            name,
            fontName=font,
            fontSize=size,
            leading=leading,
            textColor=more.pop("color", INK),
            alignment=TA_LEFT,
            bulletFontName=plain,
            # Two lines stay together at either end of a page.
            allowWidows=0,
            allowOrphans=0,
            **more,
        )

    return Theme(
        faces=faces,
        over=style("over", plain, SIZE, 17, color=QUIET, spaceAfter=3),
        title=style("title", bold, 23, 29, spaceAfter=10),
        h2=style("h2", bold, 18, 23, spaceBefore=26, spaceAfter=8),
        h3=style("h3", bold, 14, 19, spaceBefore=16, spaceAfter=5),
        h4=style("h4", bold, SIZE, 17, spaceBefore=11, spaceAfter=2),
        body=style("body", plain, SIZE, 17, spaceAfter=8),
        note=style("note", plain, SIZE, 17, spaceBefore=0, spaceAfter=0),
        label=style("label", bold, SIZE, 16.5, spaceBefore=7, spaceAfter=1),
        quote=style("quote", plain, SIZE, 17, spaceAfter=6),
        bullet=style("bullet", plain, SIZE, 17, leftIndent=14, bulletIndent=2, spaceAfter=4),
        cell=style("cell", plain, SIZE, 16),
        head=style("head", bold, SIZE, 16),
        panel=style("panel", bold, 19, 25),
    )

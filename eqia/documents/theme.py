"""How a document looks: sizes, colours, styles, and what stands at the edge of each page."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from reportlab.lib.colors import HexColor
from reportlab.lib.enums import TA_LEFT
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.pdfgen.canvas import Canvas

from eqia.documents.fonts import Faces
from eqia.documents.text import printable

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


@dataclass(frozen=True, slots=True)
class Furniture:
    """What stands at the edge of each page."""

    top_left: str
    top_right: str
    bottom_left: str
    #: when the record was signed: the only date a document has
    at: datetime
    #: SHA-256 of the record, from which the file has its own name
    sha256: str
    #: page and number of pages -> words
    page_of: Callable[[int, int], str]


def canvas_maker(theme: Theme, furniture: Furniture) -> type[Canvas]:
    """Make a canvas that knows how many pages there are before it draws any edge."""

    class Pages(Canvas):
        """Keeps each page until the last one is known."""

        def __init__(self, *args: Any, **more: Any) -> None:  # noqa: ANN401 - ReportLab's own
            # Without its own default the canvas would name Helvetica in the file.
            more["initialFontName"] = theme.faces.regular.name
            super().__init__(*args, **{**more, "pdfVersion": (1, 7)})
            self._pages: list[dict[str, Any]] = []
            _fix_identity(self, furniture)

        def showPage(self) -> None:  # noqa: N802 - ReportLab's own name
            """Keep the page for later."""
            self._pages.append(dict(self.__dict__))
            self._startPage()  # type: ignore[attr-defined]

        def save(self) -> None:
            """Draw the edges of every page and finish the file."""
            pages = self._pages
            for number, page in enumerate(pages, 1):
                self.__dict__.update(page)
                draw_furniture(self, theme, furniture, number, len(pages))
                super().showPage()
            super().save()

    return Pages


def _fix_identity(canvas: Canvas, furniture: Furniture) -> None:
    """Take date and file id from the record: never the clock, never the environment.

    `invariant` alone would say the year 2000, and SOURCE_DATE_EPOCH would change the bytes.
    """
    document: Any = vars(canvas)["_doc"]  # ReportLab has no other way to it
    at = furniture.at.astimezone(UTC)
    stamp = document._timeStamp  # noqa: SLF001
    stamp.t, stamp.lt, stamp.dhh, stamp.dmm = at.timestamp(), at.timetuple(), 0, 0
    stamp.YMDhms = tuple(at.timetuple())[:6]
    name = furniture.sha256[:32].encode()
    document._ID = b"[<" + name + b"><" + name + b">]"  # noqa: SLF001


def draw_furniture(
    canvas: Canvas, theme: Theme, furniture: Furniture, page: int, pages: int
) -> None:
    """Draw the header and the footer: the one place to mark them as page furniture."""
    face = theme.faces.regular
    right, top, foot = PAGE[0] - MARGIN, PAGE[1] - 15 * mm, 13 * mm
    canvas.saveState()
    canvas.setFont(face.name, SMALL)
    canvas.setFillColor(QUIET)
    canvas.setStrokeColor(RULE)
    canvas.setLineWidth(0.5)
    canvas.drawString(MARGIN, top, _fitted(furniture.top_left, theme, WIDTH * 0.58))
    canvas.drawRightString(right, top, printable(furniture.top_right, face))
    canvas.line(MARGIN, foot + 6 * mm, right, foot + 6 * mm)
    canvas.drawString(MARGIN, foot, printable(furniture.bottom_left, face))
    canvas.drawRightString(right, foot, furniture.page_of(page, pages))
    canvas.restoreState()


def _fitted(text: str, theme: Theme, width: float) -> str:
    """Shorten a name that would run into what stands beside it."""
    face = theme.faces.regular
    text = printable(text, face)
    while text and stringWidth(text, face.name, SMALL) > width:
        text = text[:-2].rstrip() + "…" if len(text) > 1 else ""
    return text

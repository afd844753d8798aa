"""Pages: how the story is drawn onto them, and what stands at the edge of each."""

import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from reportlab.lib.units import mm
from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.platypus import BaseDocTemplate, Flowable, Frame, PageTemplate

from eqia.documents.tagging import Drawn, Element, TaggedCanvas
from eqia.documents.text import printable
from eqia.documents.theme import BOTTOM, MARGIN, PAGE, QUIET, RULE, SMALL, TOP, WIDTH, Theme


@dataclass(frozen=True, slots=True)
class Furniture:
    """What stands at the edge of each page."""

    top_left: str
    top_right: str
    bottom_left: str
    #: page and number of pages -> words
    page_of: Callable[[int, int], str]


def draw(story: Sequence[Flowable], tree: Element, theme: Theme, furniture: Furniture) -> Drawn:
    """Set a story on pages."""
    output = io.BytesIO()
    canvas: list[_Pages] = []

    def maker(*args: Any, **more: Any) -> _Pages:  # noqa: ANN401 - ReportLab's own
        canvas.append(_Pages(theme, furniture, *args, **more))
        return canvas[0]

    document = BaseDocTemplate(
        output,
        pagesize=PAGE,
        invariant=1,
        # qpdf compresses everything when the file is finished, the same way on every Python.
        pageCompression=0,
        initialFontName=theme.faces.regular.name,
    )
    frame = Frame(
        MARGIN,
        BOTTOM,
        WIDTH,
        PAGE[1] - TOP - BOTTOM,
        leftPadding=0,
        rightPadding=0,
        topPadding=0,
        bottomPadding=0,
    )
    document.addPageTemplates(PageTemplate(id="page", frames=[frame]))
    document.build(list(story), canvasmaker=maker)
    return Drawn(output.getvalue(), tree, canvas[0].pages_marked, canvas[0].outline)


class _Pages(TaggedCanvas):
    """Keeps each page until the last one is known, then draws the edge of every one."""

    def __init__(self, theme: Theme, furniture: Furniture, *args: Any, **more: Any) -> None:  # noqa: ANN401
        # Without its own default the canvas would name Helvetica in the file.
        more["initialFontName"] = theme.faces.regular.name
        super().__init__(*args, **{**more, "pdfVersion": (1, 7)})
        self._theme, self._furniture = theme, furniture
        self._kept: list[dict[str, Any]] = []

    def showPage(self) -> None:  # noqa: N802 - ReportLab's own name
        """Keep the page for later."""
        self.end_page()
        self._kept.append(dict(self.__dict__))
        self._startPage()  # type: ignore[attr-defined]

    def save(self) -> None:
        """Draw the edges of every page and finish the file."""
        kept = self._kept
        for number, page in enumerate(kept, 1):
            self.__dict__.update(page)
            _draw_edge(self, self._theme, self._furniture, number, len(kept))
            super().showPage()
        super().save()


def _draw_edge(
    canvas: TaggedCanvas, theme: Theme, furniture: Furniture, page: int, pages: int
) -> None:
    """Draw the header and the footer, which are no content."""
    face = theme.faces.regular
    left, right, top, foot = MARGIN, PAGE[0] - MARGIN, PAGE[1] - 15 * mm, 13 * mm
    canvas.saveState()
    canvas.setFont(face.name, SMALL)
    canvas.setFillColor(QUIET)
    canvas.setStrokeColor(RULE)
    canvas.setLineWidth(0.5)
    with canvas.artifact(_edge("Header", top - 4, top + SMALL)):
        canvas.drawString(left, top, _fitted(furniture.top_left, theme, WIDTH * 0.58))
        canvas.drawRightString(right, top, printable(furniture.top_right, theme.faces))
    with canvas.artifact(_edge("Footer", foot - 4, foot + 7 * mm)):
        canvas.line(left, foot + 6 * mm, right, foot + 6 * mm)
        canvas.drawString(left, foot, printable(furniture.bottom_left, theme.faces))
        canvas.drawRightString(right, foot, furniture.page_of(page, pages))
    canvas.restoreState()


def _edge(kind: str, low: float, high: float) -> str:
    side = {"Header": "Top", "Footer": "Bottom"}[kind]
    box = f"{MARGIN:.2f} {low:.2f} {PAGE[0] - MARGIN:.2f} {high:.2f}"
    return f"/Artifact <</Type /Pagination /Subtype /{kind} /Attached [/{side}] /BBox [{box}]>> BDC"


def _fitted(text: str, theme: Theme, width: float) -> str:
    """Shorten a name that would run into what stands beside it."""
    text = printable(text, theme.faces)
    while text and stringWidth(text, theme.faces.regular.name, SMALL) > width:
        text = text[:-2].rstrip() + "…" if len(text) > 1 else ""
    return text

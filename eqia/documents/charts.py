"""A chart drawn with ReportLab: one figure of the document, with its words as its alternative."""

from collections.abc import Callable, Mapping
from typing import Any

from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Flowable

from eqia.documents.tagging import Element
from eqia.documents.text import printable
from eqia.documents.theme import INK, WIDTH, Theme
from eqia.domain.charts import SIZE, Anchor, Chart, Line, Marker, Shape, Words

#: room under a drawing
_AFTER = 10
_BUTT = 0


class Drawing(Flowable):
    """A chart at its own size, from the left edge of the text."""

    def __init__(self, chart: Chart, element: Element, theme: Theme) -> None:
        super().__init__()
        self.chart, self.element, self.theme = chart, element, theme

    def wrap(self, _width: float, _height: float) -> tuple[float, float]:
        """Give the room it takes."""
        return WIDTH, self.chart.height + _AFTER

    def draw(self) -> None:
        """Draw every mark as part of one figure."""
        canvas: Any = self.canv
        box = (0, _AFTER, self.chart.width, _AFTER + self.chart.height)
        with canvas.figure(self.element, box):
            canvas.saveState()
            # The marks count from the top left corner, a page from the bottom left one.
            canvas.translate(0, _AFTER + self.chart.height)
            canvas.setStrokeColor(INK)
            canvas.setFillColor(INK)
            canvas.setLineCap(_BUTT)
            for mark in self.chart.marks:
                _WRITERS[type(mark)](canvas, mark, self.theme)
            canvas.restoreState()


def _line(canvas: Canvas, mark: Line, _theme: Theme) -> None:
    canvas.setLineWidth(mark.weight)
    canvas.setDash([3, 4] if mark.dashed else [])
    canvas.line(mark.x1, -mark.y1, mark.x2, -mark.y2)
    canvas.setDash([])


def _disc(canvas: Canvas, mark: Marker) -> None:
    canvas.circle(mark.x, -mark.y, mark.radius, stroke=0, fill=1)


def _ring(canvas: Canvas, mark: Marker) -> None:
    canvas.setFillGray(1)
    canvas.setLineWidth(2)
    canvas.circle(mark.x, -mark.y, mark.radius - 1, stroke=1, fill=1)
    canvas.setFillColor(INK)


def _diamond(canvas: Canvas, mark: Marker) -> None:
    x, y, r = mark.x, -mark.y, mark.radius
    _polygon(canvas, (x, y + r), (x + r, y), (x, y - r), (x - r, y))


def _triangle(canvas: Canvas, mark: Marker) -> None:
    x, y, r = mark.x, -mark.y, mark.radius
    _polygon(canvas, (x, y + r), (x + r, y - r), (x - r, y - r))


def _polygon(canvas: Canvas, *corners: tuple[float, float]) -> None:
    path = canvas.beginPath()
    path.moveTo(*corners[0])
    for corner in corners[1:]:
        path.lineTo(*corner)
    path.close()
    canvas.drawPath(path, stroke=0, fill=1)


_SHAPES: Mapping[Shape, Callable[[Canvas, Marker], None]] = {
    Shape.DISC: _disc,
    Shape.RING: _ring,
    Shape.DIAMOND: _diamond,
    Shape.TRIANGLE: _triangle,
}


def _marker(canvas: Canvas, mark: Marker, _theme: Theme) -> None:
    _SHAPES[mark.shape](canvas, mark)


def _words(canvas: Canvas, mark: Words, theme: Theme) -> None:
    face = theme.faces.bold if mark.bold else theme.faces.regular
    canvas.setFont(face.name, SIZE)
    write = canvas.drawRightString if mark.anchor is Anchor.END else canvas.drawString
    write(mark.x, -mark.y, printable(mark.text, theme.faces))


_WRITERS: Mapping[type, Callable[[Any, Any, Theme], None]] = {
    Line: _line,
    Marker: _marker,
    Words: _words,
}

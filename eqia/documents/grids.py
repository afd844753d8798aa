"""Tables and boxes: the one place where rules and shades are drawn."""

from typing import Any

from reportlab.platypus import Flowable, Paragraph
from reportlab.platypus import Table as GridTable
from reportlab.platypus.tables import TableStyle

from eqia.documents.paragraphs import Tagged
from eqia.documents.tagging import Element
from eqia.documents.theme import HAIR, INK, SHADE, WIDTH, Theme
from eqia.documents.words import worded
from eqia.domain.record_blocks import Table

#: lines end where they should, not round and beyond it
_BUTT = 0

_GRID: list[Any] = [
    ("VALIGN", (0, 0), (-1, -1), "TOP"),
    ("LEFTPADDING", (0, 0), (-1, -1), 0),
    ("RIGHTPADDING", (0, 0), (-1, -1), 10),
    ("TOPPADDING", (0, 0), (-1, -1), 5),
    ("BOTTOMPADDING", (0, 0), (-1, -1), 6),
    ("LINEBELOW", (0, 0), (-1, -1), 0.6, HAIR, _BUTT),
]

#: shares of the line that names and values take
_FACTS = (32, 68)


class _Grid(GridTable):
    """A table whose rules are one artifact, not one for each line."""

    def _drawLines(self) -> None:  # noqa: N802 - ReportLab's own name
        canvas: Any = self.canv
        with canvas.artifact():
            super()._drawLines()  # type: ignore[misc]  # undocumented


def grid(block: Table, theme: Theme, table: Element) -> GridTable:
    """Make a table with a thin rule under each row and its heads on every page."""
    top = table.add("THead").add("TR")
    heads = [_head(head, top, "Column", theme) for head in block.heads]
    for head in heads:
        head.repeats = True
    rows: list[list[Any]] = [heads]
    body = table.add("TBody")
    for cells in block.rows:
        row = body.add("TR")
        rows.append(
            [
                worded(cell, theme.cell, row.add("TD", **_language(block, column)), theme)
                for column, cell in enumerate(cells)
            ]
        )
    under = ("LINEBELOW", (0, 0), (-1, 0), 1.2, INK, _BUTT)
    return _table(rows, _widths(block.widths), [*_GRID, under], theme, 1)


def facts_grid(facts: tuple[tuple[str, str], ...], theme: Theme, table: Element) -> GridTable:
    """Make a table of names and values, where each name is the head of its row."""
    body = table.add("TBody")
    rows: list[list[Any]] = []
    for name, value in facts:
        row = body.add("TR")
        head = _head(name, row, "Row", theme)
        rows.append([head, worded(value, theme.cell, row.add("TD"), theme)])
    return _table(rows, _widths(_FACTS), _GRID, theme, 0)


def boxed(lines: list[Flowable], theme: Theme) -> GridTable:
    """Set something apart from what is around it; for the tree it is no table."""
    commands: list[Any] = [
        ("BACKGROUND", (0, 0), (-1, -1), SHADE),
        ("LINEBEFORE", (0, 0), (0, -1), 4, INK, _BUTT),
        ("LEFTPADDING", (0, 0), (-1, -1), 14),
        ("RIGHTPADDING", (0, 0), (-1, -1), 14),
        ("TOPPADDING", (0, 0), (-1, -1), 10),
        ("BOTTOMPADDING", (0, 0), (-1, -1), 12),
    ]
    return _table([[lines]], [WIDTH], commands, theme, 0)


def _language(block: Table, column: int) -> dict[str, str]:
    """Give what a screen reader has to know of cells in another language than the file's."""
    language = block.language(column)
    return {"Lang": language} if language else {}


def _head(text: str, row: Element, scope: str, theme: Theme) -> Tagged:
    return worded(text, theme.head, row.add("TH", scope=scope), theme)


def _widths(shares: tuple[int, ...]) -> list[float]:
    return [WIDTH * share / sum(shares) for share in shares]


def _taller_than_a_page(rows: list[list[Any]], widths: list[float]) -> bool:
    """Whether the text of any cell, by a careful guess, fills most of a page."""
    return any(
        isinstance(cell, Paragraph) and _lines(cell.text, width) > _MOST_LINES
        for row in rows
        for cell, width in zip(row, widths, strict=True)
    )


def _lines(text: str, width: float) -> float:
    return len(text) * _WIDE / width + text.count("<br/>")


#: points that a letter of a table takes at the most, and lines that are sure to fit a page
_WIDE = 8
_MOST_LINES = 40


def _table(
    rows: list[list[Any]], widths: list[float], commands: list[Any], theme: Theme, heads: int
) -> GridTable:
    """Make the one kind of table there is; a cell taller than a page goes on on the next."""
    return _Grid(
        rows,
        colWidths=widths,
        # Without a font of ours a table would name Helvetica in the file.
        style=TableStyle([("FONTNAME", (0, 0), (-1, -1), theme.faces.regular.name), *commands]),
        repeatRows=heads,
        splitByRow=1,
        # Never for a row that fits a page: ReportLab would draw the heads twice on the first.
        splitInRow=int(_taller_than_a_page(rows, widths)),
        hAlign="LEFT",
        spaceBefore=4,
        spaceAfter=12,
    )

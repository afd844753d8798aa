"""Tables and boxes: the one place where rules and shades are drawn."""

from typing import Any

from reportlab.platypus import Paragraph
from reportlab.platypus import Table as GridTable
from reportlab.platypus.tables import TableStyle

from eqia.documents.theme import HAIR, INK, SHADE, WIDTH, Theme

#: lines end where they should, not round and beyond it
_BUTT = 0


def grid(rows: list[list[Any]], shares: tuple[int, ...], theme: Theme, *, heads: int) -> GridTable:
    """Make a table with a thin rule under each row and its heads on every page."""
    commands: list[Any] = [
        ("VALIGN", (0, 0), (-1, -1), "TOP"),
        ("LEFTPADDING", (0, 0), (-1, -1), 0),
        ("RIGHTPADDING", (0, 0), (-1, -1), 10),
        ("TOPPADDING", (0, 0), (-1, -1), 5),
        ("BOTTOMPADDING", (0, 0), (-1, -1), 6),
        ("LINEBELOW", (0, 0), (-1, -1), 0.6, HAIR, _BUTT),
    ]
    if heads:
        commands.append(("LINEBELOW", (0, 0), (-1, heads - 1), 1.2, INK, _BUTT))
    widths = [WIDTH * share / sum(shares) for share in shares]
    return _table(rows, widths, commands, theme, heads)


def boxed(rows: list[list[Any]], theme: Theme) -> GridTable:
    """Set something apart from what is around it."""
    commands: list[Any] = [
        ("BACKGROUND", (0, 0), (-1, -1), SHADE),
        ("LINEBEFORE", (0, 0), (0, -1), 4, INK, _BUTT),
        ("LEFTPADDING", (0, 0), (-1, -1), 14),
        ("RIGHTPADDING", (0, 0), (-1, -1), 14),
        ("TOPPADDING", (0, 0), (-1, -1), 10),
        ("BOTTOMPADDING", (0, 0), (-1, -1), 12),
    ]
    return _table(rows, [WIDTH], commands, theme, 0)


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
    return GridTable(
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

"""A sheet of a spreadsheet program: a heading and rows, safe to open."""

import io
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell

from eqia.domain.spreadsheets import safe_cell

#: openpyxl refuses these control characters; nobody typed them on purpose
_UNWRITABLE = dict.fromkeys([*range(9), 11, 12, *range(14, 32)])


def workbook(title: str, heading: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    """Make a workbook of one sheet; numbers stay numbers, and no text is run as a formula."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet(title)
    sheet.append(heading)
    for row in rows:
        sheet.append([_cell(sheet, value) for value in row])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _cell(sheet: Any, value: object) -> object:  # noqa: ANN401 - openpyxl ships no types
    if value is None or isinstance(value, int | Decimal):
        return value
    cell = WriteOnlyCell(sheet, safe_cell(value).translate(_UNWRITABLE))
    # A text is a text, even one that looks like a formula or a number.
    cell.data_type = "s"
    return cell

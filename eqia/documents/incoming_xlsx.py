"""A spreadsheet read cell by cell: dates, percentages, formulas and what is hidden or merged.

Whatever is in the file, no more is unpacked and no more rows are read than the limits say.
"""

import io
from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from xml.etree import ElementTree as ET
from zipfile import BadZipFile, ZipFile, ZipInfo

from openpyxl import load_workbook
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from eqia.documents.incoming_csv import MOST_CELLS, MOST_ROWS, TOO_LONG, TOO_WIDE
from eqia.domain.errors import Invalid
from eqia.domain.imports.sheets import Sheet, make_sheet, refused

#: what may come out of the file, and how many times its size one part may have
MOST_UNPACKED = 120_000_000
MOST_PARTS = 500
MOST_TIMES = 250
#: parts smaller than this harm nobody, however well they were packed
_SMALL = 2_000_000
_PIECE = 1 << 20
_BROKEN = "This spreadsheet cannot be read. Save it again as .xlsx, or as CSV"
_BOMB = "This spreadsheet unpacks to far more than its size. Save only the sheet you need"


def xlsx_sheets(content: bytes) -> tuple[tuple[Sheet, ...], str]:
    """Read the visible sheets that hold anything; with a note if others were left out."""
    try:
        with ZipFile(io.BytesIO(content)) as archive:
            _check_parts(archive)
            return _read(content, archive)
    except Invalid:
        raise
    except BadZipFile:
        raise refused(_BROKEN) from None
    except Exception as error:  # openpyxl raises whatever a broken file leads it to
        raise refused(_BROKEN) from error


def _check_parts(archive: ZipFile) -> None:
    """Refuse a file that would fill the memory, or that declares entities of its own."""
    parts = archive.infolist()
    if len(parts) > MOST_PARTS or sum(one.file_size for one in parts) > MOST_UNPACKED:
        raise refused(_BOMB)
    for part in parts:
        packed = max(part.compress_size, 1)
        if part.file_size > _SMALL and part.file_size > MOST_TIMES * packed:
            raise refused(_BOMB)
        if part.flag_bits & 1:
            raise refused("This spreadsheet is locked with a password. Save it without one")
        _check_part(archive, part)


def _check_part(archive: ZipFile, part: ZipInfo) -> None:
    """No spreadsheet program writes a DOCTYPE; who does is up to something.

    Every part is looked at, since a sheet may lie in one of any name; without its NULs, two-byte
    text reads like any other.
    """
    before = b""
    with archive.open(part) as opened:
        while piece := opened.read(_PIECE):
            seen = before + piece.replace(b"\0", b"")
            if b"<!DOCTYPE" in seen or b"<!ENTITY" in seen:
                raise refused(_BROKEN)
            if not before and piece[:2] in {b"\xff\xfe", b"\xfe\xff"}:
                raise refused(_BROKEN)
            before = seen[-16:]


def _read(content: bytes, archive: ZipFile) -> tuple[tuple[Sheet, ...], str]:
    book = load_workbook(io.BytesIO(content), read_only=True, data_only=True, keep_links=False)
    found: list[Sheet] = []
    faults: list[Invalid] = []
    notes: list[str] = []
    room = [MOST_CELLS]
    try:
        shown = [one for one in book.worksheets if one.sheet_state == "visible"]
        for sheet in shown:
            try:
                found.append(_sheet(archive, sheet, room))
            except Invalid as refusal:
                # A sheet of notes beside the figures is in nobody's way.
                faults.append(refusal)
                notes.append(f"The sheet “{sheet.title}” was left out.")
    finally:
        book.close()
    if not found:
        raise faults[0] if faults else refused("There is nothing in this spreadsheet")
    hidden = len(book.worksheets) - len(shown)
    if hidden:
        notes.append(f"{hidden} hidden {'sheet was' if hidden == 1 else 'sheets were'} left out.")
    if book.epoch == CALENDAR_MAC_1904:
        notes.append("It counts days from 1904: days written as bare numbers come out wrong.")
    return tuple(found), " ".join(notes)


def _sheet(archive: ZipFile, sheet: Any, room: list[int]) -> Sheet:  # noqa: ANN401 - openpyxl ships no types
    merged = _checked(archive, sheet)
    return make_sheet(sheet.title, _rows(sheet, room), merged)


def _rows(sheet: Any, room: list[int]) -> Iterator[tuple[int, list[str]]]:  # noqa: ANN401 - openpyxl ships no types
    # What the file says about its size may be wrong, or meant to be.
    sheet.reset_dimensions()
    for number, cells in enumerate(sheet.iter_rows(), 1):
        room[0] -= len(cells)
        if number > MOST_ROWS + 1:
            raise refused(TOO_LONG)
        if room[0] < 0:
            raise refused(TOO_WIDE)
        texts = [_text(cell) for cell in cells]
        if any(texts):
            yield number, texts


def _text(cell: Any) -> str:  # noqa: ANN401 - openpyxl ships no types
    """Write a cell as its program shows it: a day as a day, 0.12 as 12% where it stands so."""
    value = cell.value
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, int | float):
        return _number(value, cell.number_format or "")
    return _day(value)


def _number(value: float, shown_as: str) -> str:
    if "%" not in shown_as:
        return repr(value)
    return f"{(Decimal(repr(value)) * 100).normalize():f}%"


def _day(value: object) -> str:
    if isinstance(value, datetime):
        midnight = (value.hour, value.minute, value.second) == (0, 0, 0)
        return value.date().isoformat() if midnight else value.isoformat(timespec="seconds")
    return value.isoformat() if isinstance(value, date) else str(value)


def _checked(archive: ZipFile, sheet: Any) -> list[str]:  # noqa: ANN401 - openpyxl ships no types
    """Refuse formulas that were never worked out, cell by cell; give the cells that are merged."""
    with archive.open(sheet._worksheet_path) as part:  # noqa: SLF001 - where the sheet lies
        content = part.read()
    if b"mergeCell" not in content and b"f>" not in content and b"<f " not in content:
        return []
    merged, empty = _odd_cells(content)
    if empty:
        of = f" of the sheet “{sheet.title}”" if sheet.title else ""
        raise refused(
            *(
                f"Cell {one}{of} holds a formula without its result. Open the file in a"
                " spreadsheet program and save it, or put the number there"
                for one in empty
            )
        )
    return merged


def _odd_cells(content: bytes) -> tuple[list[str], list[str]]:
    merged, empty = [], []
    # Entities were refused before, so that nothing here can grow.
    for _, element in ET.iterparse(io.BytesIO(content)):  # noqa: S314
        name = element.tag.rpartition("}")[2]
        if name == "mergeCell":
            merged.append(element.get("ref", ""))
        if name == "c":
            inside = {one.tag.rpartition("}")[2]: one.text for one in element}
            # A formula whose result is an empty text says so with the type of its cell.
            if "f" in inside and not inside.get("v") and element.get("t") != "str":
                empty.append(element.get("r", ""))
            element.clear()
    return merged, empty

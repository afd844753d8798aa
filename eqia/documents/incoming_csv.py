"""CSV as programs write it: UTF-8 with or without a mark, UTF-16, or Windows-1252."""

import codecs
import csv
import io
import re
from collections.abc import Iterator

from eqia.domain.imports.sheets import Sheet, make_sheet, refused

MOST_ROWS = 150_000
MOST_CELLS = 3_000_000
TOO_LONG = f"The file must have {MOST_ROWS:,} rows or fewer"
TOO_WIDE = f"The file must have {MOST_CELLS:,} cells or fewer"
#: letters beyond ASCII as UTF-8 writes them, which hardly ever stand so in Windows-1252
_UTF8_PAIR = re.compile(
    rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}"
)
_QUOTED = re.compile(r'"[^"]*"')
#: the first line by which Excel is told what stands between columns
_SEPARATOR = re.compile(r"sep=(.)\r?\n")


def csv_sheet(content: bytes) -> tuple[tuple[Sheet, ...], str]:
    """Read the one sheet of a CSV file; with a note if its letters had to be guessed."""
    text, note = _decoded(content)
    if "\x00" in text:
        raise refused("This is neither a CSV file nor a spreadsheet (.xlsx)")
    return (make_sheet("", _rows(text)),), note


def _decoded(content: bytes) -> tuple[str, str]:
    for mark, encoding in (
        (codecs.BOM_UTF8, "utf-8-sig"),
        (codecs.BOM_UTF16_LE, "utf-16"),
        (codecs.BOM_UTF16_BE, "utf-16"),
    ):
        if content.startswith(mark):
            return _strictly(content, encoding), ""
    try:
        return content.decode("utf-8"), ""
    except UnicodeDecodeError as error:
        row = content.count(b"\n", 0, error.start) + 1
    if b"\x00" in content:
        raise refused("This is neither a CSV file nor a spreadsheet (.xlsx)")
    if _UTF8_PAIR.search(content):
        raise refused(
            f"Line {row} is written in another encoding than the rest of the file."
            " Open it, check the accents, and save it as “CSV UTF-8”"
        )
    note = "The file is not UTF-8. We read it as Windows-1252: check letters with accents."
    return _strictly(content, "cp1252"), note


def _strictly(content: bytes, encoding: str) -> str:
    try:
        return content.decode(encoding)
    except UnicodeDecodeError as error:
        row = error.object.count(b"\n", 0, error.start) + 1
        raise refused(
            f"Line {row} holds a character that cannot be read. Save the file as “CSV UTF-8”"
        ) from None


def _rows(text: str) -> Iterator[tuple[int, list[str]]]:
    """Give the rows with their numbers; a line break inside quotation marks ends no row."""
    skipped, between = _between(text)
    reader = csv.reader(io.StringIO(text[skipped:], newline=""), delimiter=between, strict=True)
    row, cells = 1 if skipped else 0, 0
    try:
        for found in reader:
            row, cells = row + 1, cells + len(found)
            if row > MOST_ROWS + 1:
                raise refused(TOO_LONG)
            if cells > MOST_CELLS:
                raise refused(TOO_WIDE)
            yield row, found
    except csv.Error:
        raise refused(
            f"Row {row + 1} cannot be read: a quotation mark is missing, or stands alone"
        ) from None


def _between(text: str) -> tuple[int, str]:
    """Find what stands between columns, in the first line."""
    told = _SEPARATOR.match(text)
    start = told.end() if told else 0
    first = _QUOTED.sub("", text[start:].lstrip("\r\n").partition("\n")[0])
    mark = told[1] if told else max(",\t;", key=first.count)
    if mark not in ",\t":
        raise refused("Columns are parted by semicolons. Save the file with commas between them")
    return start, mark

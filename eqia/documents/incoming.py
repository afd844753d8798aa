"""A file of figures that somebody sends, CSV or XLSX, made into sheets of texts."""

from dataclasses import dataclass
from importlib import import_module

from eqia.documents.incoming_csv import csv_sheet
from eqia.domain.imports.sheets import Sheet, refused

MOST_BYTES = 10_000_000
_ZIP, _OLD_EXCEL = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"


@dataclass(frozen=True, slots=True)
class Incoming:
    """The sheets of a file, and what should be known about how it was read."""

    sheets: tuple[Sheet, ...]
    note: str = ""


def read(content: bytes) -> Incoming:
    """Read a file by what is in it, not by its name; Invalid says what is wrong and where."""
    if len(content) > MOST_BYTES:
        raise refused(f"The file must have {MOST_BYTES // 1_000_000} MB or less")
    if not content:
        raise refused("The file is empty")
    if content.startswith(_OLD_EXCEL):
        raise refused("This is an old Excel file. Save it as .xlsx or as CSV, then send that")
    if content.startswith(_ZIP):
        # Loaded with the first spreadsheet: what reads them takes time and memory.
        return Incoming(*import_module("eqia.documents.incoming_xlsx").xlsx_sheets(content))
    return Incoming(*csv_sheet(content))

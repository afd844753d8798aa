"""Rows that are safe to open in a spreadsheet program."""

import csv
import io
from collections.abc import Iterable, Sequence

#: A cell that starts with one of these can run as a formula (OWASP, CSV injection).
RISKY = ("=", "+", "-", "@", "\t", "\r")


def safe_cell(value: object) -> str:
    """Give the cell's text, with an apostrophe before anything a spreadsheet might run."""
    text = "" if value is None else str(value)
    if text.startswith(RISKY) and not _is_number(text):
        return f"'{text}"
    return text


def csv_text(heading: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Write a heading and rows as CSV, formula-safe."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(heading)
    writer.writerows([safe_cell(value) for value in row] for row in rows)
    return out.getvalue()


def _is_number(text: str) -> bool:
    digits = text.lstrip("+-").replace(".", "", 1)
    return digits.isascii() and digits.isdigit()

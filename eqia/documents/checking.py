"""Looks a finished PDF over before it is stored: a faulty file is an error, never a record."""

import re


class UnfitError(RuntimeError):
    """The PDF is not fit to be stored; the message says why."""


def check(pdf: bytes) -> None:
    """Raise unless the file is whole, and names no font but ours.

    The structural checks of tagged files join these (documents.md section 9).
    """
    if not pdf.startswith(b"%PDF-1.7") or not pdf.rstrip().endswith(b"%%EOF"):
        raise UnfitError("The PDF is not whole.")
    fonts = set(re.findall(rb"/BaseFont /([^\s/<>\[\]()]+)", pdf))
    if not fonts:
        raise UnfitError("The PDF names no font.")
    for font in sorted(fonts):
        # An embedded subset has six letters and a plus sign before its name.
        if not re.match(rb"[A-Z0-9]{6}\+", font):
            raise UnfitError(f"The font {font.decode('ascii', 'replace')} is not in the file.")

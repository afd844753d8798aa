"""Looks a finished PDF over before it is stored: a faulty file is an error, never a record.

The checks are our own reading of PDF/UA-1 and PDF/A, made to fail where a validator would pass
a file that means something else (documents.md section 9).
"""

import io
import re
from collections.abc import Iterator

from pikepdf import Array, Dictionary, Name, Object, PasswordError, Pdf, PdfError, pdfa

from eqia.documents.embedded import attachment_findings, metadata_of
from eqia.documents.finishing import SEAL_FIELD
from eqia.documents.metadata import PARTS
from eqia.documents.tree_checks import tree_findings

#: An embedded subset has six letters and a plus sign before its name. Which font it is, is for
#: the installation to choose; the fourteen that every reader must bring are never ours to embed.
_SUBSET = re.compile(r"/[A-Z]{6}\+(?!Helvetica|Times|Courier|Symbol|ZapfDingbats)")

#: What `pikepdf.pdfa` does not know, or says of level B; everything else it finds is a fault.
_KNOWN = re.compile(
    r"""
    schema-Catalog\ .*/(AcroForm|Perms)\           # the field for the seal, and the seal
    | embedded-file\ .*embedded\ files            # the record inside the record
    | 6\.6\.2\.3\.1-1\ .*XMP\ (namespace|property)\ (eqia|pdfaExtension|pdfaSchema|pdfaProperty)
    | 6\.6\.2\.3\.1-1\ .*XMP\ property\ pdfuaid:part\ is
    | 6\.6\.4-3\ .*conformance\ is\ 'A'           # more than it asks for
    """,
    re.VERBOSE,
)


class UnfitError(RuntimeError):
    """The PDF is not fit to be stored; the message says why."""


def check(pdf: bytes, profile: str = "record") -> None:
    """Raise unless the file is whole, tagged, archival, and of the profile it should be."""
    found = findings(pdf, profile)
    if found:
        raise UnfitError(" ".join(found[:8]))


def findings(pdf: bytes, profile: str = "") -> tuple[str, ...]:
    """Say in plain words everything that is wrong with a file; nothing for a good one."""
    if not pdf.startswith(b"%PDF-1.7") or not pdf.rstrip().endswith(b"%%EOF"):
        return ("The PDF is not whole.",)
    try:
        with Pdf.open(io.BytesIO(pdf), inherit_page_attributes=False) as opened:
            return tuple(dict.fromkeys(_all(opened, pdf, profile)))
    except PasswordError:
        return ("The PDF is encrypted.",)
    # A hostile file makes any reader fail in any way: each of them is a finding.
    except (PdfError, ValueError, TypeError, AttributeError, KeyError, IndexError, RuntimeError):
        return ("The PDF cannot be read.",)


def _all(opened: Pdf, pdf: bytes, profile: str) -> Iterator[str]:
    if opened.is_encrypted:
        yield "The PDF is encrypted."
    if opened.get_warnings():
        yield "The PDF is damaged."
    said = metadata_of(opened)
    profile = profile or {str(part): name for name, part in PARTS.items()}.get(said.part, "")
    yield from _catalogue(opened)
    if said.part != str(PARTS.get(profile)) or said.conformance != "A":
        yield "The file does not say which PDF/A it is, or not the right one."
    if said.accessible != "1":
        yield "The file does not say that it is PDF/UA-1."
    yield from said.differences
    yield from attachment_findings(opened, profile, said.sha256)
    yield from _fonts(opened)
    yield from tree_findings(opened)
    yield from _archival(pdf, profile)


def _catalogue(opened: Pdf) -> Iterator[str]:
    root = opened.Root
    if not re.fullmatch(r"[a-z]{2}(-[A-Z]{2})?", str(root.get(Name.Lang, ""))):
        yield "The file does not say which language it is in."
    if not _true(root.get(Name.MarkInfo), "/Marked"):
        yield "The file is not tagged."
    if not _true(root.get(Name.ViewerPreferences), "/DisplayDocTitle"):
        yield "The window would show the name of the file, not its title."
    if Name.OutputIntents not in root:
        yield "The file does not say what its colours mean."
    fields = root.get(Name.AcroForm, Dictionary()).get(Name.Fields, Array())
    if [str(field.get(Name.T, "")) for field in fields] != [SEAL_FIELD]:
        yield "The field for the seal is missing, or not the only field."


def _true(holder: Object | None, key: str) -> bool:
    return isinstance(holder, Dictionary) and bool(holder.get(key, False))


def _fonts(opened: Pdf) -> Iterator[str]:
    fonts = [one for one in opened.objects if _is(one, "/Font")]
    if not fonts:
        yield "The PDF names no font."
    for font in fonts:
        name = str(font.get(Name.BaseFont, ""))
        if not _SUBSET.match(name):
            yield f"The font {name.lstrip('/')} is not one of ours, or not in the file."
        if Name.FontFile2 not in font.get(Name.FontDescriptor, Dictionary()):
            yield f"The font {name.lstrip('/')} is not in the file."
        if Name.ToUnicode not in font:
            yield f"The font {name.lstrip('/')} does not say which letters it shows."


def _is(one: Object, kind: str) -> bool:
    return isinstance(one, Dictionary) and one.get(Name.Type) == Name(kind)


def _archival(pdf: bytes, profile: str) -> Iterator[str]:
    report = pdfa.validate_written(io.BytesIO(pdf), f"{PARTS.get(profile, 3)}b")
    for finding in report.findings:
        rule = finding.rule.split(":")[-1]
        if not _KNOWN.search(f"{rule} {finding.where} {finding.message}"):
            yield f"PDF/A, rule {rule}: {finding.message}."

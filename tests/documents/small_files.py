"""A small PDF with everything a seal and a check need: the field, the data, its digest."""

from __future__ import annotations

import io
from functools import cache
from hashlib import sha256

import pikepdf
from pikepdf import Array, Dictionary, Name, String

FIELD = "Seal"
JSON = '{"name":"EQS-2026-0042 v3"}'


@cache
def small_pdf(json_text: str | None = JSON, *, pages: int = 2, stated: str = "") -> bytes:
    """Made as ours are: one field, one attachment, a description that states the digest."""
    pdf = pikepdf.new()
    for _ in range(pages):
        pdf.add_blank_page(page_size=(595, 842))
    _add_field(pdf)
    digest = sha256(json_text.encode()).hexdigest() if json_text is not None else ""
    if json_text is not None:
        attach(pdf, json_text.encode())
    describe(pdf, stated or digest)
    output = io.BytesIO()
    pdf.save(output, deterministic_id=True, fix_metadata_version=False)
    return output.getvalue()


def _add_field(pdf: pikepdf.Pdf) -> None:
    looks = pdf.make_stream(b"", Type=Name.XObject, Subtype=Name.Form, BBox=Array([0, 0, 0, 0]))
    field = pdf.make_indirect(
        Dictionary(
            Type=Name.Annot,
            Subtype=Name.Widget,
            FT=Name.Sig,
            T=String(FIELD),
            TU=String("Seal of the organisation"),
            F=132,
            Rect=Array([0, 0, 0, 0]),
            P=pdf.pages[-1].obj,
            AP=Dictionary(N=looks),
        )
    )
    pdf.pages[-1].obj.Annots = Array([field])
    pdf.Root.AcroForm = Dictionary(Fields=Array([field]), SigFlags=3)


def attach(pdf: pikepdf.Pdf, content: bytes, name: str = "record.json") -> None:
    stream = pdf.make_stream(content, Type=Name.EmbeddedFile)
    entry = pdf.make_indirect(
        Dictionary(Type=Name.Filespec, F=String(name), UF=String(name), EF=Dictionary(F=stream))
    )
    names = pdf.Root.get("/Names", Dictionary(EmbeddedFiles=Dictionary(Names=Array())))
    names.EmbeddedFiles.Names.extend([String(name), entry])
    pdf.Root.Names = names


_XMP = """<x:xmpmeta xmlns:x="adobe:ns:meta/">
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:eqia="https://eqia.invalid/ns/record/1.0/">
<eqia:recordSHA256>{digest}</eqia:recordSHA256>
</rdf:Description></rdf:RDF></x:xmpmeta>"""


def describe(pdf: pikepdf.Pdf, digest: str) -> None:
    text = _XMP.format(digest=digest)
    pdf.Root.Metadata = pdf.make_stream(text.encode(), Type=Name.Metadata, Subtype=Name.XML)


def saved(pdf: pikepdf.Pdf) -> bytes:
    output = io.BytesIO()
    pdf.save(output, fix_metadata_version=False)
    return output.getvalue()

"""Makes a drawn PDF into an archival, tagged one: PDF/A and PDF/UA (documents.md section 6)."""

import io
import re
import unicodedata
from dataclasses import dataclass
from datetime import UTC
from itertools import pairwise

from pikepdf import (
    Array,
    Dictionary,
    Name,
    Object,
    ObjectStreamMode,
    Pdf,
    StreamDecodeLevel,
    String,
)

from eqia.documents.colour import srgb
from eqia.documents.metadata import About
from eqia.documents.structure import LOCKED, PRINTED, TreeWriter
from eqia.documents.tagging import Drawn

#: The field that waits for the organisation's seal (documents.md section 10).
SEAL_FIELD = "Seal"
#: What a reader hears of it.
_SEAL_WORDS = {"en": "Digital seal of the organisation", "cy": "Sêl ddigidol y sefydliad"}


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file inside the file: the record itself, of which the PDF is a picture."""

    name: str
    words: str
    content: bytes


def finish(drawn: Drawn, about: About, attachment: Attachment | None = None) -> bytes:
    """Give the finished file; the same input gives the same bytes."""
    with Pdf.open(io.BytesIO(drawn.pdf)) as pdf:
        tree = TreeWriter(pdf, drawn.pages_marked)
        tree.write(drawn.tree)
        _add_seal_field(pdf, tree, drawn, about)
        tree.close()
        _add_outline(pdf, drawn)
        _describe(pdf, about)
        _add_colours(pdf)
        if attachment:
            _attach(pdf, attachment, about)
        _name_letters(pdf)
        for page in pdf.pages:
            if Name.Trans in page.obj:
                del page.obj.Trans
        output = io.BytesIO()
        pdf.save(
            output,
            deterministic_id=True,
            object_stream_mode=ObjectStreamMode.generate,
            stream_decode_level=StreamDecodeLevel.generalized,
            compress_streams=True,
            recompress_flate=True,
            fix_metadata_version=False,
            force_version="1.7",
        )
        return output.getvalue()


def _describe(pdf: Pdf, about: About) -> None:
    root = pdf.Root
    root.Lang = String(about.language)
    root.MarkInfo = Dictionary(Marked=True)
    root.ViewerPreferences = Dictionary(DisplayDocTitle=True)
    root.Metadata = pdf.make_stream(about.xmp(), Type=Name.Metadata, Subtype=Name.XML)
    info = {key: String(value) for key, value in about.info().items() if value}
    # ReportLab's depends on the environment; qpdf makes one of the content.
    del pdf.trailer.ID
    pdf.trailer.Info = pdf.make_indirect(Dictionary(info))


def _add_colours(pdf: Pdf) -> None:
    profile = pdf.make_stream(srgb(), N=3)
    intent = Dictionary(
        Type=Name.OutputIntent,
        S=Name.GTS_PDFA1,
        OutputConditionIdentifier=String("sRGB"),
        Info=String("sRGB IEC61966-2.1"),
        DestOutputProfile=profile,
    )
    pdf.Root.OutputIntents = Array([intent])


def _attach(pdf: Pdf, attachment: Attachment, about: About) -> None:
    at = String(about.at.astimezone(UTC).strftime("D:%Y%m%d%H%M%SZ"))
    content = attachment.content
    stream = pdf.make_stream(
        content,
        Type=Name.EmbeddedFile,
        Subtype=Name("/application/json"),
        Params=Dictionary(ModDate=at, Size=len(content)),
    )
    specification = pdf.make_indirect(
        Dictionary(
            Type=Name.Filespec,
            F=String(attachment.name),
            UF=String(attachment.name),
            Desc=String(attachment.words),
            AFRelationship=Name.Source,
            EF=Dictionary(F=stream, UF=stream),
        )
    )
    files = Dictionary(Names=Array([String(attachment.name), specification]))
    pdf.Root.Names = Dictionary(EmbeddedFiles=files)
    pdf.Root.AF = Array([specification])


def _add_seal_field(pdf: Pdf, tree: TreeWriter, drawn: Drawn, about: About) -> None:
    """Make the field before sealing, so that the seal adds nothing that is seen or untagged."""
    empty = pdf.make_stream(
        b"", Type=Name.XObject, Subtype=Name.Form, BBox=Array([0, 0, 0, 0]), Resources=Dictionary()
    )
    words = _SEAL_WORDS.get(about.language, _SEAL_WORDS["en"])
    field = Dictionary(
        Type=Name.Annot,
        Subtype=Name.Widget,
        FT=Name.Sig,
        T=String(SEAL_FIELD),
        TU=String(words),
        F=PRINTED | LOCKED,
        Rect=Array([0, 0, 0, 0]),
        AP=Dictionary(N=empty),
    )
    node = tree.element("Form", drawn.tree)
    node.Alt = String(words)
    last = len(tree.pages) - 1
    field.P = tree.pages[last]
    made = tree.annotate(node, last, field)
    pdf.Root.AcroForm = pdf.make_indirect(Dictionary(Fields=Array([made])))


def _add_outline(pdf: Pdf, drawn: Drawn) -> None:
    """List the sections beside the page."""
    if not drawn.outline:
        return
    top = pdf.make_indirect(Dictionary(Type=Name.Outlines, Count=len(drawn.outline)))
    made: list[Object] = []
    for title, page, height in drawn.outline:
        place = Array([pdf.pages[page].obj, Name.XYZ, 0, round(height, 2), None])
        made.append(pdf.make_indirect(Dictionary(Title=String(title), Parent=top, Dest=place)))
    for before, after in pairwise(made):
        before.Next, after.Prev = after, before
    top.First, top.Last = made[0], made[-1]
    pdf.Root.Outlines = top
    pdf.Root.PageMode = Name.UseOutlines


#: joined forms of Arabic letters, as a font's list of letters writes them
_JOINED = re.compile(rb"<(F[BCDE][0-9A-F]{2})>$", re.MULTILINE)


def _name_letters(pdf: Pdf) -> None:
    """Let joined Arabic letters be found and copied as the letters that were typed."""
    for font in pdf.objects:
        if isinstance(font, Dictionary) and "Arabic" in str(font.get(Name.BaseFont, "")):
            letters = font.ToUnicode
            letters.write(_JOINED.sub(_as_typed, letters.read_bytes()))


def _as_typed(found: re.Match[bytes]) -> bytes:
    letter = unicodedata.normalize("NFKC", chr(int(found[1], 16))).strip()
    return b"<" + letter.encode("utf-16-be").hex().upper().encode() + b">"

"""What a file carries and says of itself, read back: metadata and the record attached to it."""

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from lxml import etree
from pikepdf import Dictionary, Name, Object, Pdf

from eqia.documents.metadata import NAMESPACE

_NAMES = {
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "dc": "http://purl.org/dc/elements/1.1/",
    "xmp": "http://ns.adobe.com/xap/1.0/",
    "pdf": "http://ns.adobe.com/pdf/1.3/",
    "pdfaid": "http://www.aiim.org/pdfa/ns/id/",
    "pdfuaid": "http://www.aiim.org/pdfua/ns/id/",
    "eqia": NAMESPACE,
}

#: ISO 19005-2 section 6.6.3: the Info dictionary says what the metadata say
_TWICE = {
    "/Title": "dc:title",
    "/Author": "dc:creator",
    "/Subject": "dc:description",
    "/Keywords": "pdf:Keywords",
    "/Creator": "xmp:CreatorTool",
    "/Producer": "pdf:Producer",
    "/CreationDate": "xmp:CreateDate",
    "/ModDate": "xmp:ModifyDate",
}


@dataclass(frozen=True, slots=True)
class Said:
    """What the metadata of a file say."""

    part: str
    conformance: str
    #: part of PDF/UA
    accessible: str
    reference: str
    #: SHA-256 of the record, as the file gives it
    sha256: str
    differences: tuple[str, ...]


def metadata_of(pdf: Pdf) -> Said:
    """Read the metadata of a file; what is not there is empty."""
    packet = pdf.Root.Metadata.read_bytes() if Name.Metadata in pdf.Root else b"<none/>"
    # A file from outside may hold anything: no entities, no network, no huge trees.
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    try:
        tree = etree.fromstring(packet, parser)
    except etree.XMLSyntaxError:
        return Said("", "", "", "", "", ("The metadata cannot be read.",))
    values = {
        name: "".join(found.itertext()).strip()
        for name in (*_TWICE.values(), *_OWN)
        if (found := tree.find(f".//{name}", _NAMES)) is not None
    }
    part, conformance, accessible, reference, sha256 = (values.get(name, "") for name in _OWN)
    differences = tuple(_differences(pdf, values))
    return Said(part, conformance, accessible, reference, sha256, differences)


_OWN = (
    "pdfaid:part",
    "pdfaid:conformance",
    "pdfuaid:part",
    "eqia:reference",
    "eqia:recordSHA256",
)


def _differences(pdf: Pdf, values: dict[str, str]) -> Iterator[str]:
    if not values.get("dc:title"):
        yield "The file has no title."
    info = pdf.trailer.get(Name.Info, Dictionary())
    for key, name in _TWICE.items():
        told, other = str(info.get(key, "")), values.get(name, "")
        if key.endswith("Date"):
            told = _day(told)
        if told != other:
            yield f"The file says two different things of its {key[1:].lower()}."


def _day(text: str) -> str:
    if not re.fullmatch(r"D:\d{14}Z", text):
        return text
    # The other spelling, in UTC like ours.
    return datetime.strptime(text, "D:%Y%m%d%H%M%S%z").strftime("%Y-%m-%dT%H:%M:%SZ")


def attached(pdf: Pdf) -> list[tuple[Object, bytes]]:
    """List the files in the file, with what they hold."""
    found = []
    for specification in pdf.Root.get(Name.AF, []):
        streams = specification.get(Name.EF, Dictionary())
        if Name.F in streams:
            found.append((specification, streams.F.read_bytes()))
    return found


def attachment_findings(pdf: Pdf, profile: str, sha256: str) -> Iterator[str]:
    """Say what is wrong with the record that is attached, or should be."""
    if not re.fullmatch("[0-9a-f]{64}", sha256):
        yield "The file does not name the record it shows."
    files = attached(pdf)
    names = pdf.Root.get(Name.Names, Dictionary()).get(Name.EmbeddedFiles, Dictionary())
    listed = len(names.get(Name.Names, [])) // 2
    wanted = 1 if profile == "record" else 0
    if len(files) != wanted or listed != wanted:
        yield "The file should carry the record itself." if wanted else "The file carries a file."
    for specification, content in files:
        if specification.get(Name.AFRelationship) != Name.Source:
            yield "The attached record is not marked as the source."
        if hashlib.sha256(content).hexdigest() != sha256:
            yield "The attached record is not the one the file names."

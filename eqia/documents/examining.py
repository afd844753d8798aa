"""Looks a PDF over that somebody says is a record: the facts, never an opinion, never an error.

A file nobody vouches for is looked over in a process of its own, with little memory and time: the
readers of PDF are large programs, and a hostile file may stop one or make it grow without end.
"""

import contextlib
import io
import json
import logging
import os
import re
import subprocess
import sys
import zlib
from collections.abc import Iterator
from hashlib import sha256
from typing import Any

import pikepdf
from cryptography import x509
from pyhanko.pdf_utils.generic import DictionaryObject
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.fields import MDPPerm, enumerate_sig_fields
from pyhanko.sign.validation.generic_cms import validate_sig_integrity
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature, read_certification_data
from pyhanko.sign.validation.status import SignatureCoverageLevel

from eqia.documents.seal_keys import good_on, is_development, name_of
from eqia.domain.examinations import MOST_BYTES, MOST_PAGES, Seen, SeenSeal, Trouble, seen_from

try:
    import resource
except ImportError:  # Windows has no such limits; the clock below still holds there
    resource = None  # type: ignore[assignment]

#: Hostile files make pyHanko print kilobytes of stack trace (documents.md section 11).
logging.getLogger("pyhanko").setLevel(logging.CRITICAL)
logging.getLogger("pikepdf").setLevel(logging.CRITICAL)

_HEADER = b"%PDF-"
#: readers take a file whose header stands within so many bytes of its start
_HEADER_WITHIN = 1024
#: A record of sixty pages holds a tenth of this; a stream that grows further is an attack.
_MOST_TEXT = 20_000_000
_STATED = re.compile(rb"<eqia:recordSHA256>([0-9a-f]{64})</eqia:recordSHA256>")
_LONGEST_NAME = 100
_MEMORY = 1_000_000_000
_CPU_SECONDS = 10
SECONDS = 20


def examine(pdf: bytes) -> Seen:
    """Look a file over in this process; only for files that are ours, or in a child."""
    digest = sha256(pdf).hexdigest()
    trouble = _trouble_at_sight(pdf)
    if trouble is not None:
        return Seen(sha256=digest, trouble=trouble)
    try:
        facts: dict[str, Any] = _content(pdf)
    except pikepdf.PasswordError:
        facts = {"trouble": Trouble.LOCKED}
    except Exception:
        facts = {}
    if facts.get("trouble") is None:
        facts |= _signatures(pdf)
    return Seen(sha256=digest, **facts)


def examine_apart(pdf: bytes) -> Seen:
    """Look a file over in a process of its own, which may die of it."""
    trouble = _trouble_at_sight(pdf)
    if trouble is not None:
        return Seen(sha256=sha256(pdf).hexdigest(), trouble=trouble)
    try:
        done = subprocess.run(  # noqa: S603 - this very module, in this very Python
            [sys.executable, "-m", __name__],
            input=pdf,
            capture_output=True,
            timeout=SECONDS,
            check=True,
            env=_without_secrets(),
        )
        return seen_from(json.loads(done.stdout))
    except (OSError, ValueError, subprocess.SubprocessError):
        return Seen(sha256=sha256(pdf).hexdigest(), trouble=Trouble.UNREADABLE)


def main() -> None:
    """Look over what stands on standard input, in a process that holds little."""
    if resource is not None:
        resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
        resource.setrlimit(resource.RLIMIT_CPU, (_CPU_SECONDS, _CPU_SECONDS))
    seen = examine(sys.stdin.buffer.read())
    sys.stdout.write(json.dumps(seen.as_json()))


def _without_secrets() -> dict[str, str]:
    """Give the environment without our settings: a file that takes the process over finds none."""
    return {name: value for name, value in os.environ.items() if not name.startswith("EQIA_")}


def _trouble_at_sight(pdf: bytes) -> Trouble | None:
    if not pdf:
        return Trouble.EMPTY
    if len(pdf) > MOST_BYTES:
        return Trouble.TOO_LARGE
    if _HEADER not in pdf[:_HEADER_WITHIN]:
        return Trouble.NOT_PDF
    return None


# What the file holds beside its pages


def _content(pdf: bytes) -> dict[str, Any]:
    with pikepdf.open(io.BytesIO(pdf), suppress_warnings=True) as file:
        if file.is_encrypted:
            return {"trouble": Trouble.LOCKED}
        if len(file.pages) > MOST_PAGES:
            return {"trouble": Trouble.TOO_LONG}
        attached = list(_attached(file))
        text = attached[0] if len(attached) == 1 else None
        return {
            "stated_sha256": _stated(file),
            "attachments": len(attached),
            "json_text": _decoded(text),
        }


def _attached(file: pikepdf.Pdf) -> Iterator[pikepdf.Object | None]:
    """Find the stream of every attachment; one that has none counts too."""
    names = file.Root.get("/Names", pikepdf.Dictionary())
    tree = names.get("/EmbeddedFiles")
    if tree is None:
        return
    for entry in pikepdf.NameTree(tree).values():
        streams = entry.get("/EF", pikepdf.Dictionary())
        yield streams.get("/F", streams.get("/UF"))


def _stated(file: pikepdf.Pdf) -> str:
    """Read the digest that the description states, if it states exactly one."""
    stream = file.Root.get("/Metadata")
    found = set(_STATED.findall(_unpacked(stream) or b""))
    return found.pop().decode("ascii") if len(found) == 1 else ""


def _decoded(stream: pikepdf.Object | None) -> str | None:
    content = _unpacked(stream)
    try:
        return None if content is None else content.decode()
    except UnicodeDecodeError:
        return None


def _unpacked(stream: pikepdf.Object | None) -> bytes | None:
    """Unpack a stream that is packed as ours are, or not at all, and never without end."""
    if not isinstance(stream, pikepdf.Stream):
        return None
    raw = stream.read_raw_bytes()
    packed = stream.get("/Filter")
    if packed is None:
        return raw
    kinds = list(packed.as_list()) if isinstance(packed, pikepdf.Array) else [packed]
    if kinds != [pikepdf.Name.FlateDecode] or "/DecodeParms" in stream:
        return None
    unpacking = zlib.decompressobj()
    content = unpacking.decompress(raw, _MOST_TEXT)
    return None if unpacking.unconsumed_tail else content


# Its signatures


def _signatures(pdf: bytes) -> dict[str, Any]:
    """Read every signature; one that cannot be read still counts."""
    seals: list[SeenSeal] = []
    count = 0
    with contextlib.suppress(Exception):
        reader = PdfFileReader(io.BytesIO(pdf))
        for name, _, field in enumerate_sig_fields(reader, filled_status=True):
            count += 1
            with contextlib.suppress(Exception):
                seals.append(_seal(reader, pdf, EmbeddedPdfSignature(reader, field, name)))
    return {"signatures": count, "seals": tuple(seals)}


def _seal(reader: PdfFileReader, pdf: bytes, embedded: EmbeddedPdfSignature) -> SeenSeal:
    # Never its summary, `bottom_line`: that is true of a file with anything appended to it.
    # Without the analysis of differences: whatever came after the seal counts as a change.
    embedded.compute_integrity_info(skip_diff=True)
    certificate = x509.load_der_x509_certificate(embedded.signer_cert.dump())
    at = embedded.self_reported_timestamp
    at = at if at and at.tzinfo else None
    return SeenSeal(
        certifies=_certifies(reader, embedded),
        intact=_intact(embedded),
        whole_file=_covers(pdf, embedded),
        name=_shown(name_of(certificate)),
        fingerprint=sha256(embedded.signer_cert.dump()).hexdigest(),
        at=at.isoformat() if at else "",
        in_time=at is not None and good_on(certificate, at),
        development=is_development(certificate),
        timestamped=_timestamped(embedded),
    )


def _certifies(reader: PdfFileReader, embedded: EmbeddedPdfSignature) -> bool:
    """Whether the catalogue names this signature as the one that forbids every change."""
    found = read_certification_data(reader)
    return (
        found is not None
        and isinstance(embedded.sig_object, DictionaryObject)
        and found.author_sig == embedded.sig_object
        and found.permission is MDPPerm.NO_CHANGES
        and embedded.docmdp_level is MDPPerm.NO_CHANGES
    )


def _timestamped(embedded: EmbeddedPdfSignature) -> bool:
    others = embedded.signer_info["unsigned_attrs"]
    return any(one["type"].native == "signature_time_stamp_token" for one in others or ())


def _intact(embedded: EmbeddedPdfSignature) -> bool:
    intact, valid = validate_sig_integrity(
        embedded.signer_info, embedded.signer_cert, "data", embedded.compute_digest()
    )
    return intact and valid


def _covers(pdf: bytes, embedded: EmbeddedPdfSignature) -> bool:
    """Whether all of the file is signed but the signature itself, which fills its hole exactly."""
    if embedded.coverage is not SignatureCoverageLevel.ENTIRE_FILE:
        return False
    start, before, after, rest = (int(number) for number in embedded.byte_range)
    hole = pdf[before:after]
    signature = hole[1:-1]
    return (
        start == 0
        and after + rest == len(pdf)
        and hole[:1] == b"<"
        and hole[-1:] == b">"
        and bytes.fromhex(signature.decode("ascii")) == embedded.pkcs7_content
    )


def _shown(name: str) -> str:
    """Give a name from a file without anything that could play tricks on a reader."""
    seen = "".join(letter for letter in name if letter.isprintable())
    return seen[:_LONGEST_NAME]


if __name__ == "__main__":
    main()

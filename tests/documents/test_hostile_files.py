"""Whatever is brought to be checked, the answer is a verdict: never an error, never "genuine"."""

from __future__ import annotations

import re
import sys
import zlib
from hashlib import sha256
from random import Random
from time import monotonic
from typing import TYPE_CHECKING

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name, String

from eqia.documents import examining
from eqia.documents.examining import examine, examine_apart
from eqia.documents.finishing import SEAL_FIELD
from eqia.documents.sealing import seal
from eqia.domain.examinations import MOST_BYTES, TROUBLES, Trouble, seen_from
from eqia.domain.records import digest
from eqia.domain.verdicts import Evidence, Overall, Stored, judge
from tests.documents.seal_material import AT, seal_key
from tests.documents.sealed_records import (
    judged,
    opened,
    record_text,
    saved,
    sealed,
    unsealed,
)

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

STORED = Stored(
    file_sha256=sha256(sealed()).hexdigest(),
    record_sha256=digest(record_text()),
    seal=seal_key().seal,
)
HOSTILE_TEXT = "\u202e</script><img src=x onerror=alert(1)>{{7*7}}%s\r\n../../etc/passwd"


def locked() -> bytes:
    return saved(opened(sealed()), encryption=pikepdf.Encryption(owner="o", user="u"))


def locked_without_password() -> bytes:
    return saved(opened(sealed()), encryption=pikepdf.Encryption(owner="o", user=""))


def ten_thousand_pages() -> bytes:
    pdf = pikepdf.new()
    for _ in range(10_000):
        pdf.add_blank_page()
    return saved(pdf)


def says_it_has_ten_million_pages() -> bytes:
    pdf = opened(unsealed())
    pdf.Root.Pages.Count = 10_000_000
    return saved(pdf)


UNUSABLE: dict[str, tuple[Callable[[], bytes], Trouble]] = {
    "empty": (lambda: b"", Trouble.EMPTY),
    "a web page": (lambda: b"<!DOCTYPE html><p>%PDF</p>", Trouble.NOT_PDF),
    "a spreadsheet": (lambda: b"PK\x03\x04" + bytes(500), Trouble.NOT_PDF),
    "NUL": (lambda: bytes(2000), Trouble.NOT_PDF),
    "a late header": (lambda: b" " * 2000 + sealed(), Trouble.NOT_PDF),
    "50 MB": (lambda: sealed() + bytes(50_000_000), Trouble.TOO_LARGE),
    "one byte too many": (lambda: b"%PDF-".ljust(MOST_BYTES + 1), Trouble.TOO_LARGE),
    "10,000 pages": (ten_thousand_pages, Trouble.TOO_LONG),
    "locked": (locked, Trouble.LOCKED),
    "locked, no password": (locked_without_password, Trouble.LOCKED),
}


@pytest.mark.parametrize("name", UNUSABLE)
def test_what_cannot_be_checked_is_told_in_words(name: str) -> None:
    made, trouble = UNUSABLE[name]
    verdict = judged(examine_apart(made()), STORED)
    assert verdict.overall is Overall.UNUSABLE
    assert verdict.headline == TROUBLES[trouble] + "."
    assert verdict.lines == ()


def packed(content: bytes) -> bytes:
    return zlib.compress(content, 9)


def attachment_without_end() -> bytes:
    """Two kilobytes of file that unpack to two gigabytes, twice packed."""
    pdf = opened(unsealed())
    pdf.Root.Names.EmbeddedFiles.Names[1].EF.F = pdf.make_stream(
        packed(packed(bytes(500_000_000))), Filter=Array([Name.FlateDecode, Name.FlateDecode])
    )
    return raw_saved(pdf)


def attachment_too_large() -> bytes:
    pdf = opened(unsealed())
    pdf.Root.Names.EmbeddedFiles.Names[1].EF.F = pdf.make_stream(
        packed(bytes(200_000_000)), Filter=Name.FlateDecode
    )
    return raw_saved(pdf)


def description_without_end() -> bytes:
    pdf = opened(unsealed())
    pdf.Root.Metadata = pdf.make_stream(packed(b"x" * 200_000_000), Filter=Name.FlateDecode)
    return raw_saved(pdf)


def raw_saved(pdf: pikepdf.Pdf) -> bytes:
    return saved(
        pdf,
        compress_streams=False,
        stream_decode_level=pikepdf.StreamDecodeLevel.none,
        object_stream_mode=pikepdf.ObjectStreamMode.disable,
    )


def table_of_objects_without_end() -> bytes:
    """A cross-reference stream of a few kilobytes that unpacks to hundreds of megabytes."""
    table = packed(bytes(400_000_000))
    start = b"%PDF-1.7\n"
    stream = (
        b"1 0 obj\n<</Type/XRef/Size 99999999/W[1 2 1]/Root 2 0 R/Filter/FlateDecode/Length "
        + str(len(table)).encode()
        + b">>\nstream\n"
        + table
        + b"\nendstream\nendobj\n"
    )
    return start + stream + b"startxref\n9\n%%EOF\n"


def pages_in_a_circle() -> bytes:
    pdf = opened(unsealed())
    pdf.Root.Pages.Kids = Array([pdf.Root.Pages, pdf.Root.Pages])
    return raw_saved(pdf)


def names_in_a_circle() -> bytes:
    pdf = opened(unsealed())
    tree = pdf.make_indirect(pdf.Root.Names.EmbeddedFiles)
    del tree.Names
    tree.Kids = Array([tree])
    pdf.Root.Names.EmbeddedFiles = tree
    return raw_saved(pdf)


def fields_in_a_circle() -> bytes:
    pdf = opened(unsealed())
    field = pdf.Root.AcroForm.Fields[0]
    field.Kids = Array([field])
    return raw_saved(pdf)


def nested_without_end() -> bytes:
    return b"%PDF-1.7\n1 0 obj\n" + b"[" * 400_000 + b"\nendobj\ntrailer<</Root 1 0 R>>\n%%EOF"


def table_that_names_itself() -> bytes:
    return re.sub(rb"startxref\n\d+", b"startxref\n9", sealed()) + b"\nstartxref\n9\n%%EOF\n"


def no_catalogue() -> bytes:
    return b"%PDF-1.7\ntrailer<</Root 7 0 R/Size 1>>\nstartxref\n9\n%%EOF\n"


def names_that_play_tricks() -> bytes:
    """Mark-up, direction marks and paths in every text a reader might show."""
    pdf = opened(unsealed())
    pdf.Root.Names.EmbeddedFiles.Names[0] = String(HOSTILE_TEXT)
    for name in ("/F", "/UF", "/Desc"):
        pdf.Root.Names.EmbeddedFiles.Names[1][name] = String(HOSTILE_TEXT)
    pdf.Root.AcroForm.Fields[0].T = String(HOSTILE_TEXT)
    pdf.docinfo.Title = String(HOSTILE_TEXT)
    return raw_saved(pdf)


def a_name_of_halves() -> bytes:
    """Half of a surrogate pair, which no text may hold."""
    pdf = opened(unsealed())
    half = pikepdf.Object.parse(b"<FEFFD800>")
    pdf.Root.Names.EmbeddedFiles.Names[0] = half
    pdf.Root.AcroForm.Fields[0].T = half
    return raw_saved(pdf)


def a_signature_of_nonsense() -> bytes:
    pdf = opened(unsealed())
    pdf.Root.AcroForm.Fields[0].V = Dictionary(
        Type=Name.Sig,
        SubFilter=Name("/ETSI.CAdES.detached"),
        ByteRange=Array([0, -5, 99999999999, 7]),
        Contents=String("nonsense"),
    )
    return raw_saved(pdf)


def a_signature_that_is_no_dictionary() -> bytes:
    pdf = opened(unsealed())
    pdf.Root.AcroForm.Fields[0].V = 7
    pdf.Root.Perms = Array([])
    return raw_saved(pdf)


def data_that_is_no_text() -> bytes:
    pdf = opened(unsealed())
    pdf.Root.Names.EmbeddedFiles.Names[1].EF.F.write(b"\xff\xfe{}\x00")
    return raw_saved(pdf)


def cut(share: float) -> Callable[[], bytes]:
    return lambda: sealed()[: int(len(sealed()) * share)]


def sealed_by_a_name_that_plays_tricks() -> bytes:
    key = seal_key(number=3, name="\u202eEvil <b>\r\n" + "x" * 40)
    return seal(unsealed(), key, field=SEAL_FIELD, at=AT)


HOSTILE: dict[str, Callable[[], bytes]] = {
    **{
        made.__name__: made
        for made in (
            *(attachment_without_end, attachment_too_large, description_without_end),
            *(table_of_objects_without_end, pages_in_a_circle, names_in_a_circle),
            *(fields_in_a_circle, nested_without_end, table_that_names_itself, no_catalogue),
            *(names_that_play_tricks, a_name_of_halves, a_signature_of_nonsense),
            *(a_signature_that_is_no_dictionary, data_that_is_no_text),
            *(says_it_has_ten_million_pages, sealed_by_a_name_that_plays_tricks),
        )
    },
    **{f"cut at {share}": cut(share) for share in (0.01, 0.3, 0.7, 0.95, 0.99, 0.999)},
    "only a header": lambda: b"%PDF-1.7",
    "a header and noise": lambda: b"%PDF-1.7\n" + bytes(range(256)) * 400,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_gets_a_verdict_and_never_a_good_one(
    name: str, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    pdf = HOSTILE[name]()
    started = monotonic()
    seen = examine_apart(pdf)
    assert monotonic() - started < examining.SECONDS
    assert judged(seen, STORED).overall in {Overall.NOT_GENUINE, Overall.UNUSABLE}
    trusted = {seal_key().seal.fingerprint: seal_key().seal}
    alone = judge(Evidence(seen=seen, trusted=trusted))
    assert alone.overall in {Overall.NOT_GENUINE, Overall.UNUSABLE}
    assert caplog.text == ""
    assert capfd.readouterr().err == ""


def test_a_name_on_a_certificate_cannot_play_tricks() -> None:
    (one,) = examine(sealed_by_a_name_that_plays_tricks()).seals
    assert one.name.isprintable()
    assert len(one.name) <= 100


def test_what_is_seen_comes_whole_out_of_the_other_process() -> None:
    assert examine_apart(sealed()) == examine(sealed())
    assert seen_from(examine(sealed()).as_json()) == examine(sealed())


def test_a_process_that_dies_or_hangs_is_a_file_that_cannot_be_read(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sys, "executable", "/bin/false")
    assert examine_apart(sealed()).trouble is Trouble.UNREADABLE
    monkeypatch.setattr(sys, "executable", "/no/such/program")
    assert examine_apart(sealed()).trouble is Trouble.UNREADABLE
    monkeypatch.undo()
    monkeypatch.setattr(examining, "SECONDS", 0.01)
    assert examine_apart(sealed()).trouble is Trouble.UNREADABLE


def test_the_other_process_knows_none_of_our_secrets(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    spy = tmp_path / "python"
    spy.write_text(f"#!/bin/sh\nenv > {tmp_path / 'seen'}\n")
    spy.chmod(0o700)
    monkeypatch.setenv("EQIA_SEAL_PASSPHRASE", "hunter2")
    monkeypatch.setattr(sys, "executable", str(spy))
    examine_apart(sealed())
    assert "PATH=" in (tmp_path / "seen").read_text()
    assert "EQIA" not in (tmp_path / "seen").read_text()


def test_random_damage_never_raises() -> None:
    random = Random(11)  # noqa: S311 - no secret
    for _ in range(60):
        pdf = bytearray(sealed())
        for _ in range(random.choice((1, 5, 200))):
            pdf[random.randrange(len(pdf))] = random.randrange(256)
        assert judged(examine(bytes(pdf)), STORED).overall is not Overall.GENUINE

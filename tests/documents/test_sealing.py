"""A seal is a PAdES certification signature behind the very bytes it covers."""

from __future__ import annotations

import asyncio
import shutil
import subprocess
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import TYPE_CHECKING

import pytest
from asn1crypto import cms, tsp, x509
from asn1crypto.keys import PrivateKeyInfo
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from pyhanko.sign.timestamps.dummy_client import DummyTimeStamper

from eqia.documents import checking
from eqia.documents.examining import examine
from eqia.documents.finishing import SEAL_FIELD
from eqia.documents.seal_keys import SealKey
from eqia.documents.sealing import SealingError, seal
from tests.documents.seal_material import AT, NAME, certificate, private_key, seal_key
from tests.documents.sealed_records import opened, sealed, unsealed

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from cryptography.x509 import Certificate

KINDS = ("P-256", "P-384", "RSA 2048")


def with_program(name: str) -> pytest.MarkDecorator:
    return pytest.mark.skipif(shutil.which(name) is None, reason=f"{name} is not on the PATH")


@pytest.mark.parametrize("kind", KINDS)
def test_a_sealed_file_starts_with_exactly_the_bytes_that_were_sealed(kind: str) -> None:
    pdf = sealed(seal_key(kind))
    assert pdf.startswith(unsealed())
    assert len(pdf) - len(unsealed()) < 15_000


@pytest.mark.parametrize("kind", KINDS)
def test_a_seal_holds_in_every_respect(kind: str) -> None:
    seen = examine(sealed(seal_key(kind)))
    (one,) = seen.seals
    assert seen.signatures == 1
    assert (one.intact, one.certifies, one.whole_file, one.in_time) == (True, True, True, True)
    assert (one.name, one.fingerprint) == (NAME, seal_key(kind).seal.fingerprint)
    assert one.moment == AT


@pytest.mark.parametrize("kind", KINDS)
def test_a_sealed_file_stays_tagged_and_archival(kind: str) -> None:
    assert checking.findings(sealed(seal_key(kind))) == ()


def test_the_seal_is_one_that_allows_no_change() -> None:
    pdf = opened(sealed())
    signature = pdf.Root.Perms.DocMDP
    assert signature.SubFilter == "/ETSI.CAdES.detached"
    (reference,) = signature.Reference
    assert reference.TransformMethod == "/DocMDP"
    assert reference.TransformParams.P == 1
    assert signature.M == "D:20261124100000Z"


def test_a_file_can_be_sealed_and_checked_from_within_an_event_loop() -> None:
    async def within() -> bool:
        pdf = seal(unsealed(), seal_key(), at=AT, field=SEAL_FIELD)
        return examine(pdf).seals[0].intact

    with ThreadPoolExecutor(1) as apart:
        assert apart.submit(lambda: asyncio.run(within())).result()


def test_the_seal_adds_nothing_that_is_seen() -> None:
    before, after = opened(unsealed()), opened(sealed())
    assert len(before.pages) == len(after.pages)
    assert before.Root.Metadata.read_bytes() == after.Root.Metadata.read_bytes()
    assert before.docinfo.get("/ModDate") == after.docinfo.get("/ModDate")
    (field,) = after.Root.AcroForm.Fields
    assert field.T == SEAL_FIELD
    assert [float(n) for n in field.Rect] == [0, 0, 0, 0]
    assert field.AP.N.read_bytes() == b""
    assert "/Version" not in after.Root


def test_sealing_twice_is_refused() -> None:
    with pytest.raises(SealingError, match="could not be put on"):
        seal(sealed(), seal_key(), field=SEAL_FIELD, at=AT)


@pytest.mark.parametrize("pdf", [b"", b"%PDF-1.7 nonsense"], ids=["empty", "nonsense"])
def test_what_is_no_file_of_ours_is_not_sealed(pdf: bytes) -> None:
    with pytest.raises(SealingError):
        seal(pdf, seal_key(), field=SEAL_FIELD, at=AT)


def test_a_file_without_the_field_is_not_sealed() -> None:
    with pytest.raises(SealingError):
        seal(unsealed(), seal_key(), field="Another", at=AT)


@with_program("pdfsig")
@pytest.mark.parametrize("kind", KINDS)
def test_pdfsig_agrees(tmp_path: Path, kind: str) -> None:
    (tmp_path / "record.pdf").write_bytes(sealed(seal_key(kind)))
    told = subprocess.run(
        ["pdfsig", "record.pdf"],  # noqa: S607 - found on the PATH above
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    ).stdout
    assert "Signature is Valid." in told
    assert "Total document signed" in told
    assert f"Signer Certificate Common Name: {NAME}" in told
    assert "Signature #2" not in told


@with_program("openssl")
@pytest.mark.parametrize("kind", KINDS)
def test_openssl_agrees(tmp_path: Path, kind: str) -> None:
    told = verified_by_openssl(tmp_path, sealed(seal_key(kind)), seal_key(kind).certificate)
    assert "successful" in told
    assert (tmp_path / "same").read_bytes() == (tmp_path / "content").read_bytes()


def verified_by_openssl(folder: Path, pdf: bytes, trusted: Certificate) -> str:
    """What OpenSSL says of the signature over all of a file but the signature."""
    with opened(pdf) as file:
        signature = file.Root.Perms.DocMDP
        start, before, after, rest = (int(n) for n in signature.ByteRange)
        held = cms.ContentInfo.load(bytes(signature.Contents)).dump()
    (folder / "content").write_bytes(pdf[start:before] + pdf[after : after + rest])
    (folder / "signature").write_bytes(held)
    (folder / "known.pem").write_bytes(trusted.public_bytes(Encoding.PEM))
    command = (
        *("openssl", "cms", "-verify", "-binary", "-inform", "DER", "-in", "signature"),
        *("-content", "content", "-CAfile", "known.pem", "-purpose", "any", "-no_check_time"),
        *("-out", "same"),
    )
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    return done.stderr


@with_program("openssl")
def test_the_certificates_that_lead_to_a_root_go_along(tmp_path: Path) -> None:
    """Who knows the root alone can follow the chain from the file."""
    root_key, middle_key, own_key = (private_key(number=n) for n in (21, 22, 23))
    root = certificate(root_key, "Root", may_issue=True)
    middle = certificate(middle_key, "Middle", issuer=(root_key, root), may_issue=True)
    own = certificate(own_key, issuer=(middle_key, middle))
    pdf = seal(unsealed(), SealKey(own, own_key, (middle, root)), field=SEAL_FIELD, at=AT)
    assert "successful" in verified_by_openssl(tmp_path, pdf, root)


@with_program("qpdf")
def test_qpdf_finds_nothing_wrong(tmp_path: Path) -> None:
    (tmp_path / "record.pdf").write_bytes(sealed())
    done = subprocess.run(
        ["qpdf", "--check", "record.pdf"],  # noqa: S607 - found on the PATH above
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


# The time service


class TimeService(BaseHTTPRequestHandler):
    """A time service (RFC 3161) of our own, on this machine."""

    stamper: DummyTimeStamper

    def do_POST(self) -> None:
        asked = tsp.TimeStampReq.load(self.rfile.read(int(self.headers["Content-Length"])))
        answer = self.stamper.request_tsa_response(asked).dump()
        self.send_response(200)
        self.send_header("Content-Type", "application/timestamp-reply")
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, *_words: object) -> None:
        """Say nothing."""


@pytest.fixture
def time_service() -> Iterator[str]:
    key = private_key("RSA 2048", 7)
    made = x509.Certificate.load(certificate(key, "Time").public_bytes(Encoding.DER))
    der = key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    TimeService.stamper = DummyTimeStamper(
        tsa_cert=made, tsa_key=PrivateKeyInfo.load(der), fixed_dt=datetime(2026, 11, 24, tzinfo=UTC)
    )
    server = HTTPServer(("127.0.0.1", 0), TimeService)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def test_a_time_service_can_vouch_for_the_time(time_service: str) -> None:
    pdf = seal(unsealed(), seal_key(), field=SEAL_FIELD, at=AT, time_service=time_service)
    (one,) = examine(pdf).seals
    assert one.timestamped
    assert (one.intact, one.certifies, one.whole_file) == (True, True, True)
    assert checking.findings(pdf) == ()
    assert not examine(sealed()).seals[0].timestamped


def test_without_its_time_service_nothing_is_sealed(time_service: str) -> None:
    gone = time_service.rpartition(":")[0] + ":9"
    with pytest.raises(SealingError, match="time service of the seal did not answer"):
        seal(unsealed(), seal_key(), field=SEAL_FIELD, at=AT, time_service=gone)


def test_an_rsa_key_is_not_read_anew_for_each_seal(monkeypatch: pytest.MonkeyPatch) -> None:
    key = SealKey(seal_key("RSA 2048").certificate, private_key("RSA 2048"))
    from pyhanko.sign.signers import pdf_cms  # noqa: PLC0415 - what would read it

    monkeypatch.setattr(pdf_cms.serialization, "load_der_private_key", None)
    assert seal(unsealed(), key, field=SEAL_FIELD, at=AT)


def test_threads_seal_at_the_same_time() -> None:
    with ThreadPoolExecutor(8) as pool:
        keys = [seal_key(kind) for kind in KINDS] * 4
        sealings = [pool.submit(seal, unsealed(), key, field=SEAL_FIELD, at=AT) for key in keys]
        made = [one.result() for one in sealings]
    for key, pdf in zip(keys, made, strict=True):
        (one,) = examine(pdf).seals
        assert (one.intact, one.fingerprint) == (True, key.seal.fingerprint)
    assert len(set(made)) == len(made)

"""What other programs say of our files once they are sealed: the same, and that the seal holds."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import pytest
from asn1crypto import cms
from cryptography.hazmat.primitives.serialization import Encoding

from eqia.documents.checking import check
from eqia.documents.examining import examine
from eqia.documents.finishing import SEAL_FIELD
from eqia.documents.sealing import seal
from tests.documents.seal_material import AT, NAME, seal_key
from tests.documents.sealed_records import opened
from tests.documents.test_tools import BOTH, made, run

if TYPE_CHECKING:
    from pathlib import Path


@cache
def sealed(name: str, profile: str) -> bytes:
    return seal(made(name, profile), seal_key(), field=SEAL_FIELD, at=AT)


@pytest.mark.parametrize(("name", "profile"), BOTH)
def test_our_own_check_still_passes(name: str, profile: str) -> None:
    pdf = sealed(name, profile)
    check(pdf, profile)
    assert pdf.startswith(made(name, profile))
    (one,) = examine(pdf).seals
    assert one.intact
    assert one.certifies
    assert one.whole_file


@pytest.mark.parametrize(("name", "profile"), BOTH)
def test_qpdf_still_finds_no_fault(name: str, profile: str, tmp_path: Path) -> None:
    done = run(tmp_path, sealed(name, profile), "qpdf", "--check", "FILE")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "WARNING" not in done.stdout + done.stderr


@pytest.mark.parametrize(("name", "profile"), BOTH)
def test_ghostscript_still_draws_every_page_without_a_word(
    name: str, profile: str, tmp_path: Path
) -> None:
    pdf = sealed(name, profile)
    done = run(tmp_path, pdf, "gs", "-q", "-dNOPAUSE", "-dBATCH", "-sDEVICE=nullpage", "FILE")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


@pytest.mark.parametrize(("name", "profile"), BOTH)
def test_poppler_reads_the_same_tags(name: str, profile: str, tmp_path: Path) -> None:
    before = run(tmp_path, made(name, profile), "pdfinfo", "-struct-text", "FILE")
    after = run(tmp_path, sealed(name, profile), "pdfinfo", "-struct-text", "FILE")
    assert after.stdout == before.stdout


@pytest.mark.parametrize(("name", "profile"), BOTH)
def test_pdfsig_finds_the_seal_valid(name: str, profile: str, tmp_path: Path) -> None:
    told = run(tmp_path, sealed(name, profile), "pdfsig", "FILE").stdout
    assert "Signature is Valid." in told
    assert "Total document signed" in told
    assert f"Signer Certificate Common Name: {NAME}" in told


@pytest.mark.parametrize(("name", "profile"), BOTH)
def test_openssl_finds_the_signature_good(name: str, profile: str, tmp_path: Path) -> None:
    pdf = sealed(name, profile)
    with opened(pdf) as file:
        signature = file.Root.Perms.DocMDP
        start, before, after, rest = (int(n) for n in signature.ByteRange)
        content = cms.ContentInfo.load(bytes(signature.Contents)).dump()
    known, held = tmp_path / "known.pem", tmp_path / "signature"
    known.write_bytes(seal_key().certificate.public_bytes(Encoding.PEM))
    held.write_bytes(content)
    command = (
        *("openssl", "cms", "-verify", "-binary", "-inform", "DER", "-in", str(held)),
        *("-content", "FILE", "-CAfile", str(known), "-purpose", "any", "-no_check_time"),
        *("-out", str(tmp_path / "same")),
    )
    done = run(tmp_path, pdf[start:before] + pdf[after : after + rest], *command)
    assert "successful" in done.stderr, done.stderr


@pytest.mark.parametrize(("name", "profile"), BOTH)
def test_verapdf_still_passes_both_standards(name: str, profile: str, tmp_path: Path) -> None:
    flavour = {"record": "3a", "publication": "2a"}[profile]
    for wanted in (flavour, "ua1"):
        done = run(tmp_path, sealed(name, profile), "verapdf", "-f", wanted, "FILE")
        assert 'isCompliant="true"' in done.stdout

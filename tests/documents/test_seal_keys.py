"""The key of a seal is read from its files, and one that cannot seal is refused in plain words."""

from __future__ import annotations

import os
import stat
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from eqia.documents import seal_keys
from eqia.documents.seal_keys import SealKey, SealKeyError
from eqia.domain.seals import SealKind
from tests.documents.seal_material import (
    AT,
    NAME,
    certificate,
    private_key,
    seal_key,
    write_pem,
    write_pkcs12,
)

if TYPE_CHECKING:
    from pathlib import Path

PASSPHRASE = "three random words"


@pytest.mark.parametrize("kind", ["P-256", "P-384", "RSA 2048"])
@pytest.mark.parametrize("passphrase", ["", PASSPHRASE], ids=["open", "with passphrase"])
def test_a_key_is_read_from_either_kind_of_file(tmp_path: Path, kind: str, passphrase: str) -> None:
    made = seal_key(kind)
    from_pem = seal_keys.from_pem(*write_pem(tmp_path, made, passphrase), passphrase)
    from_pkcs12 = seal_keys.from_pkcs12(write_pkcs12(tmp_path, made, passphrase), passphrase)
    for key in (from_pem, from_pkcs12):
        assert key.certificate == made.certificate
        assert key.private.public_key() == made.private.public_key()


def test_a_seal_is_named_by_its_certificate() -> None:
    seal = seal_key().seal
    assert (seal.kind, seal.name) == (SealKind.ORGANISATION, NAME)
    assert len(seal.fingerprint) == 64


def test_the_key_is_never_printed() -> None:
    assert "private" not in repr(seal_key())


@pytest.mark.parametrize(
    ("given", "words"),
    [("", "the passphrase is wrong"), ("wrong", "the passphrase is wrong")],
    ids=["none", "wrong"],
)
def test_a_wrong_passphrase_of_a_pkcs12_file_is_told(
    tmp_path: Path, given: str, words: str
) -> None:
    file = write_pkcs12(tmp_path, seal_key(), PASSPHRASE)
    with pytest.raises(SealKeyError, match=words):
        seal_keys.from_pkcs12(file, given)


@pytest.mark.parametrize(
    ("locked", "given", "words"),
    [
        (PASSPHRASE, "", "needs a passphrase"),
        (PASSPHRASE, "wrong", "the passphrase is wrong"),
        ("", PASSPHRASE, "needs no passphrase"),
    ],
    ids=["none", "wrong", "not needed"],
)
def test_a_wrong_passphrase_of_a_pem_key_is_told(
    tmp_path: Path, locked: str, given: str, words: str
) -> None:
    files = write_pem(tmp_path, seal_key(), locked)
    with pytest.raises(SealKeyError, match=words):
        seal_keys.from_pem(*files, given)


@pytest.mark.parametrize("kind", ["RSA 1024", "Ed25519", "secp256k1"])
def test_a_key_too_weak_or_too_strange_is_refused(tmp_path: Path, kind: str) -> None:
    files = write_pem(tmp_path, seal_key(kind))
    with pytest.raises(SealKeyError, match="use ECDSA on P-256, or RSA of 2048 bits or more"):
        seal_keys.from_pem(*files, "")


def test_a_certificate_of_another_key_is_refused(tmp_path: Path) -> None:
    mixed = SealKey(seal_key(number=1).certificate, private_key())
    with pytest.raises(SealKeyError, match="belongs to another key"):
        seal_keys.from_pem(*write_pem(tmp_path, mixed), "")


def test_a_certificate_not_made_for_signing_is_refused(tmp_path: Path) -> None:
    names = (
        *("digital_signature", "content_commitment", "key_encipherment", "data_encipherment"),
        *("key_agreement", "key_cert_sign", "crl_sign", "encipher_only", "decipher_only"),
    )
    usage = x509.KeyUsage(**dict.fromkeys(names, False) | {"key_encipherment": True})
    private = private_key("RSA 2048")
    key = SealKey(certificate(private, usage=usage), private)
    with pytest.raises(SealKeyError, match="does not allow signing"):
        seal_keys.from_pem(*write_pem(tmp_path, key), "")


def test_files_that_are_none_are_told(tmp_path: Path) -> None:
    nonsense = tmp_path / "nonsense"
    nonsense.write_bytes(b"\x00nonsense")
    key_file, certificate_file = write_pem(tmp_path, seal_key())
    with pytest.raises(SealKeyError, match="not a PKCS#12 file"):
        seal_keys.from_pkcs12(nonsense, "")
    with pytest.raises(SealKeyError, match="not a PEM key"):
        seal_keys.from_pem(nonsense, certificate_file, "")
    with pytest.raises(SealKeyError, match="holds no certificate"):
        seal_keys.from_pem(key_file, nonsense, "")
    with pytest.raises(SealKeyError, match="cannot be read"):
        seal_keys.certificates(tmp_path / "nothing")


def test_certificates_are_read_in_both_forms(tmp_path: Path) -> None:
    one, two = seal_key().certificate, seal_key(number=1).certificate
    (tmp_path / "both.pem").write_text(seal_keys.pem_of([one, two]))
    (tmp_path / "one.der").write_bytes(one.public_bytes(Encoding.DER))
    assert seal_keys.certificates(tmp_path / "both.pem") == [one, two]
    assert seal_keys.certificates(tmp_path / "one.der") == [one]


def test_the_development_key_is_made_once_for_its_owner_alone(tmp_path: Path) -> None:
    first, second = (seal_keys.development(tmp_path) for _ in range(2))
    assert first.certificate == second.certificate
    (file,) = tmp_path.iterdir()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert file.stat().st_uid == os.getuid()
    assert first.seal.kind is SealKind.DEVELOPMENT
    assert first.good_on(AT)


def test_workers_that_start_together_share_one_development_key(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        made = list(pool.map(lambda _: seal_keys.development(tmp_path), range(8)))
    assert len({key.seal.fingerprint for key in made}) == 1
    assert len(list(tmp_path.iterdir())) == 1


def test_a_certificate_without_a_common_name_still_has_a_name() -> None:
    private = private_key()
    name = x509.Name([x509.NameAttribute(x509.NameOID.COUNTRY_NAME, "GB")])
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(private.public_key())
        .serial_number(1)
        .not_valid_before(AT)
        .not_valid_after(AT)
        .sign(private, seal_keys.SHA256())
    )
    assert seal_keys.name_of(made) == "C=GB"

"""Keys and certificates made for the tests: of every kind we take, and some we refuse."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import cache
from typing import TYPE_CHECKING, Any

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    pkcs12,
)
from cryptography.x509.oid import NameOID

from eqia.documents.seal_keys import SealKey

if TYPE_CHECKING:
    from pathlib import Path

NAME = "Northmere Health records seal"
AT = datetime(2026, 11, 24, 10, 0, tzinfo=UTC)

KINDS = {
    "P-256": lambda: ec.generate_private_key(ec.SECP256R1()),
    "P-384": lambda: ec.generate_private_key(ec.SECP384R1()),
    "RSA 2048": lambda: rsa.generate_private_key(65537, 2048),
    "RSA 1024": lambda: rsa.generate_private_key(65537, 1024),  # noqa: S505 - one we refuse
    "Ed25519": ed25519.Ed25519PrivateKey.generate,
    "secp256k1": lambda: ec.generate_private_key(ec.SECP256K1()),
}


def private_key(kind: str = "P-256", number: int = 0) -> Any:
    """One key of a kind for each number."""
    return _private_key(kind, number)


@cache
def _private_key(kind: str, _number: int) -> Any:
    return KINDS[kind]()


def certificate(
    key: Any,
    name: str = NAME,
    *,
    start: datetime = datetime(2026, 1, 1, tzinfo=UTC),
    end: datetime = datetime(2028, 1, 1, tzinfo=UTC),
    usage: x509.KeyUsage | None = None,
    issuer: tuple[Any, x509.Certificate] | None = None,
    may_issue: bool = False,
) -> x509.Certificate:
    """A certificate, by its own key or by an issuer's key and certificate."""
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer[1].subject if issuer else subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(start)
        .not_valid_after(end)
    )
    if usage:
        builder = builder.add_extension(usage, critical=True)
    if may_issue:
        builder = builder.add_extension(x509.BasicConstraints(ca=True, path_length=None), True)
    return builder.sign(
        issuer[0] if issuer else key,
        None if isinstance(key, ed25519.Ed25519PrivateKey) else SHA256(),
    )


def seal_key(kind: str = "P-256", number: int = 0, name: str = NAME) -> SealKey:
    """The same key, with the same certificate, for the same words."""
    return _seal_key(kind, number, name)


@cache
def _seal_key(kind: str, number: int, name: str) -> SealKey:
    private = private_key(kind, number)
    return SealKey(certificate(private, name), private)


def write_pem(folder: Path, key: SealKey, passphrase: str = "") -> tuple[Path, Path]:
    """The key and its certificate as two PEM files."""
    hidden = BestAvailableEncryption(passphrase.encode()) if passphrase else NoEncryption()
    key_file, certificate_file = folder / "key.pem", folder / "certificate.pem"
    key_file.write_bytes(key.private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, hidden))
    certificate_file.write_bytes(key.certificate.public_bytes(Encoding.PEM))
    return key_file, certificate_file


def write_pkcs12(folder: Path, key: SealKey, passphrase: str = "") -> Path:
    hidden = BestAvailableEncryption(passphrase.encode()) if passphrase else NoEncryption()
    file = folder / "seal.p12"
    file.write_bytes(
        pkcs12.serialize_key_and_certificates(b"seal", key.private, key.certificate, None, hidden)
    )
    return file

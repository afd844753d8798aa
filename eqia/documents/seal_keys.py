"""The key an organisation seals with: out of its files, checked before anything rests on it."""

import os
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
    pkcs12,
)
from cryptography.x509.oid import NameOID

from eqia.domain.seals import Seal, SealKind

PrivateKey = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey

#: The name that gives a development certificate away; no organisation is called so.
DEVELOPMENT_NAME = "Development seal, not for real records"
DEVELOPMENT_FILE = "development-seal.pem"
#: PAdES asks for keys that are still safe years later (ETSI TS 119 312).
_LEAST_RSA_BITS = 2048
_CURVES = frozenset({"secp256r1", "secp384r1", "secp521r1"})
# A key for trying things out is good on any day a test or a demonstration plays on.
_FROM, _UNTIL = datetime(2020, 1, 1, tzinfo=UTC), datetime(2120, 1, 1, tzinfo=UTC)


class SealKeyError(Exception):
    """A key or certificate cannot be used; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class SealKey:
    """A private key with the certificate that says whose it is."""

    certificate: x509.Certificate
    private: PrivateKey = field(repr=False)
    #: certificates that lead from ours to a root, where there are any
    chain: tuple[x509.Certificate, ...] = ()

    @property
    def seal(self) -> Seal:
        """What a record says of its seal."""
        return seal_of(self.certificate)

    def good_on(self, at: datetime) -> bool:
        """Whether the certificate holds at a point in time."""
        return good_on(self.certificate, at)


def good_on(certificate: x509.Certificate, at: datetime) -> bool:
    """Whether a certificate holds at a point in time."""
    return certificate.not_valid_before_utc <= at <= certificate.not_valid_after_utc


def seal_of(certificate: x509.Certificate) -> Seal:
    """Name a certificate and its fingerprint, as people compare them."""
    kind = SealKind.DEVELOPMENT if is_development(certificate) else SealKind.ORGANISATION
    return Seal(kind, name_of(certificate), certificate.fingerprint(SHA256()).hex())


def name_of(certificate: x509.Certificate) -> str:
    """Give the name on a certificate: common name, else organisation, else the whole subject."""
    for oid in (NameOID.COMMON_NAME, NameOID.ORGANIZATION_NAME):
        found = certificate.subject.get_attributes_for_oid(oid)
        if found:
            return str(found[0].value)
    return certificate.subject.rfc4514_string()


def is_development(certificate: x509.Certificate) -> bool:
    """Whether this is a certificate for trying things out."""
    return name_of(certificate) == DEVELOPMENT_NAME


def from_pkcs12(file: Path, passphrase: str) -> SealKey:
    """Read a key with its certificates from one PKCS#12 file (.p12, .pfx)."""
    content = _content(file)
    try:
        private, certificate, others = pkcs12.load_key_and_certificates(
            content, passphrase.encode() or None
        )
    except ValueError as error:
        raise SealKeyError(
            f"{file.name} cannot be opened: the passphrase is wrong, or it is not a PKCS#12 file"
        ) from error
    if private is None or certificate is None:
        raise SealKeyError(f"{file.name} lacks a private key or its certificate")
    return _checked(private, certificate, tuple(others))


def from_pem(key: Path, certificate: Path, passphrase: str) -> SealKey:
    """Read a key and its certificate, which others may follow, from two PEM files."""
    first, *others = certificates(certificate)
    content = _content(key)
    try:
        private = load_pem_private_key(content, passphrase.encode() or None)
    except TypeError as error:
        # One that is needed and not given, or given and not needed.
        needs = "no passphrase" if passphrase else "a passphrase"
        raise SealKeyError(f"{key.name} needs {needs}") from error
    except ValueError as error:
        raise SealKeyError(
            f"{key.name} cannot be opened: the passphrase is wrong, or it is not a PEM key"
        ) from error
    return _checked(private, first, tuple(others))


def certificates(file: Path) -> list[x509.Certificate]:
    """Read the certificates of a file, PEM or DER, at least one."""
    content = _content(file)
    try:
        if b"-----BEGIN" in content:
            return x509.load_pem_x509_certificates(content)
        return [x509.load_der_x509_certificate(content)]
    except ValueError as error:
        raise SealKeyError(f"{file.name} holds no certificate") from error


def pem_of(found: list[x509.Certificate]) -> str:
    """Write certificates as text that anyone can keep and check with."""
    return "".join(one.public_bytes(Encoding.PEM).decode("ascii") for one in found)


def development(folder: Path) -> SealKey:
    """Give the instance's own key for trying things out; the first call makes it."""
    file = folder / DEVELOPMENT_FILE
    if not file.exists():
        _make_development(file)
    return from_pem(file, file, "")


def _make_development(file: Path) -> None:
    """Write a key only its owner can read; of two made at once, the first one stays."""
    private = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, DEVELOPMENT_NAME)])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(private.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(_FROM)
        .not_valid_after(_UNTIL)
        .add_extension(_FOR_SEALING, critical=True)
        .sign(private, SHA256())
    )
    text = private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    whole = text + certificate.public_bytes(Encoding.PEM)
    part = file.with_name(f"{file.name}.{os.getpid()}-{certificate.serial_number:x}")
    with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as written:
        written.write(whole)
    try:
        # Whole or not at all, and never over another's: a second worker may do the same.
        os.link(part, file)
    except FileExistsError:
        pass
    finally:
        part.unlink()


_FOR_SEALING = x509.KeyUsage(
    digital_signature=True,
    content_commitment=True,
    key_encipherment=False,
    data_encipherment=False,
    key_agreement=False,
    key_cert_sign=False,
    crl_sign=False,
    encipher_only=False,
    decipher_only=False,
)


def _content(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        raise SealKeyError(f"{file} cannot be read: {error.strerror}") from error


def _checked(
    private: object, certificate: x509.Certificate, chain: tuple[x509.Certificate, ...]
) -> SealKey:
    if isinstance(private, rsa.RSAPrivateKey):
        fit = private.key_size >= _LEAST_RSA_BITS
    else:
        fit = isinstance(private, ec.EllipticCurvePrivateKey) and private.curve.name in _CURVES
    if not fit:
        raise SealKeyError(
            "this kind of key cannot seal: use ECDSA on P-256, or RSA of 2048 bits or more"
        )
    assert isinstance(private, PrivateKey)  # noqa: S101 - said above, for the type checker
    if private.public_key() != certificate.public_key():
        raise SealKeyError("the certificate belongs to another key")
    if not _may_sign(certificate):
        raise SealKeyError("the certificate does not allow signing")
    return SealKey(certificate, private, chain)


def _may_sign(certificate: x509.Certificate) -> bool:
    try:
        usage = certificate.extensions.get_extension_for_class(x509.KeyUsage).value
    except x509.ExtensionNotFound:
        return True
    return usage.digital_signature or usage.content_commitment

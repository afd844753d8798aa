"""Seals a finished PDF: the organisation's signature, added behind the bytes it covers.

A PAdES B-B certification signature that allows no change at all (DocMDP level 1), in the invisible
field the file was made with. Loading this module costs a third of a second, so it is loaded with
the first seal (documents.md sections 10 and 13).
"""

import asyncio
import io
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from functools import lru_cache
from http import HTTPStatus
from http.client import HTTPException
from typing import TYPE_CHECKING

from asn1crypto import keys, tsp
from asn1crypto import x509 as asn1_x509
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, EllipticCurvePrivateKey
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.pdf_utils.writer import BasePdfFileWriter
from pyhanko.sign.fields import MDPPerm, SigSeedSubFilter
from pyhanko.sign.general import SigningError
from pyhanko.sign.signers import PdfSignatureMetadata, PdfSigner, SimpleSigner
from pyhanko.sign.signers.constants import ESIC_EXTENSION_1
from pyhanko.sign.signers.pdf_cms import PdfCMSSignedAttributes
from pyhanko.sign.timestamps import TimeStamper
from pyhanko.sign.timestamps.common_utils import TimestampRequestError
from pyhanko_certvalidator.registry import SimpleCertificateStore

from eqia.documents.seal_keys import SealKey

if TYPE_CHECKING:
    from cryptography import x509

_DIGEST = "sha256"
_TIMESTAMP_SECONDS = 10
#: A timestamp token is a few kilobytes; anything much larger is no answer of a time service.
_LARGEST_TOKEN = 200_000


class SealingError(Exception):
    """A file could not be sealed; the message says why, in words for the person signing."""


class _HeldKeySigner(SimpleSigner):
    """Signs with the key as loaded: pyHanko would read an RSA key anew each time (180 ms)."""

    def __init__(self, key: SealKey) -> None:
        self._key = key
        registry = SimpleCertificateStore()
        registry.register_multiple([_asn1(one) for one in key.chain])
        super().__init__(
            signing_cert=_asn1(key.certificate),
            signing_key=keys.PrivateKeyInfo(),
            cert_registry=registry,
        )

    def sign_raw(self, data: bytes, digest_algorithm: str) -> bytes:
        """Sign with the organisation's key."""
        if digest_algorithm != _DIGEST:
            msg = f"seals are made with {_DIGEST}, not {digest_algorithm}"
            raise SigningError(msg)
        private = self._key.private
        if isinstance(private, EllipticCurvePrivateKey):
            return private.sign(data, ECDSA(SHA256()))
        return private.sign(data, PKCS1v15(), SHA256())


class _Sealing(PdfSigner):
    """Asks of a reader no more than PAdES does."""

    def register_extensions(self, pdf_out: BasePdfFileWriter, *, md_algorithm: str) -> None:  # noqa: ARG002 - pyHanko's
        """Name the one extension: for P-256, pyHanko would make it PDF 2.0, which is no PDF/A."""
        pdf_out.register_extension(ESIC_EXTENSION_1)


class _Update(IncrementalPdfFileWriter):
    """Adds the seal, and nothing else, behind the file."""

    def _update_meta(self) -> None:
        """Leave the description as it is: it names the record, and PDF/A wants it unchanged."""


class _TimeService(TimeStamper):
    """Asks a time service (RFC 3161) with what Python brings along."""

    def __init__(self, url: str) -> None:
        super().__init__()
        self._url = url

    async def async_request_tsa_response(self, req: tsp.TimeStampReq) -> tsp.TimeStampResp:
        """Send one request; the loop has nothing else to do meanwhile."""
        asked = urllib.request.Request(  # noqa: S310 - settings allow http and https alone
            self._url, req.dump(), {"Content-Type": "application/timestamp-query"}
        )
        with urllib.request.urlopen(asked, timeout=_TIMESTAMP_SECONDS) as answer:  # noqa: S310
            content = answer.read(_LARGEST_TOKEN)
            if answer.status != HTTPStatus.OK:
                raise TimestampRequestError(f"status {answer.status}")
        return tsp.TimeStampResp.load(content)


def seal(pdf: bytes, key: SealKey, *, field: str, at: datetime, time_service: str = "") -> bytes:
    """Seal a file with a key; what is given back starts with exactly the bytes given."""
    signer = _Sealing(
        PdfSignatureMetadata(
            field_name=field,
            md_algorithm=_DIGEST,
            certify=True,
            subfilter=SigSeedSubFilter.PADES,
            docmdp_permissions=MDPPerm.NO_CHANGES,
        ),
        signer=_signer(key),
        timestamper=_time_service(time_service) if time_service else None,
    )
    try:
        # In a thread of its own: whoever calls may be inside an event loop already.
        with ThreadPoolExecutor(1) as apart:
            return apart.submit(lambda: asyncio.run(_sealed(pdf, signer, at))).result()
    except (TimestampRequestError, HTTPException, OSError) as error:
        raise SealingError("The time service of the seal did not answer.") from error
    except (SigningError, PdfError, ValueError) as error:
        raise SealingError("The seal could not be put on the file.") from error


async def _sealed(pdf: bytes, signer: PdfSigner, at: datetime) -> bytes:
    writer = _Update(io.BytesIO(pdf))
    session = signer.init_signing_session(writer, existing_fields_only=True)
    # The time of the act, not that of this machine a moment later.
    session.system_time = at
    size = await session.estimate_signature_container_size(validation_info=None)
    output = io.BytesIO()
    document = session.prepare_tbs_document(validation_info=None, bytes_reserved=size)
    prepared, _ = document.digest_tbs_document(output=output)
    finished = await document.perform_signature(
        document_digest=prepared.document_digest,
        pdf_cms_signed_attrs=PdfCMSSignedAttributes(signing_time=at),
    )
    await finished.post_signature_processing(output)
    return output.getvalue()


@lru_cache(maxsize=4)
def _signer(key: SealKey) -> _HeldKeySigner:
    return _HeldKeySigner(key)


@lru_cache(maxsize=4)
def _time_service(url: str) -> _TimeService:
    """Keep it: it asks once how long its answers are, and not at each seal."""
    return _TimeService(url)


def _asn1(certificate: "x509.Certificate") -> asn1_x509.Certificate:
    return asn1_x509.Certificate.load(certificate.public_bytes(Encoding.DER))

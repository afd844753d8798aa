"""What is done to a file of ours is found, by the check that documents.md section 11 names."""

from __future__ import annotations

import io
import re
from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256
from typing import TYPE_CHECKING

import pikepdf
import pytest
from asn1crypto import x509
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from pyhanko.keys import load_certs_from_pemder_data, load_private_key_from_pemder_data
from pyhanko.pdf_utils.generic import NameObject, StreamObject
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign.fields import MDPPerm, SigFieldSpec, SigSeedSubFilter
from pyhanko.sign.signers import PdfSignatureMetadata, PdfSigner, SimpleSigner
from pyhanko_certvalidator.registry import SimpleCertificateStore

from eqia.documents.examining import examine, examine_apart
from eqia.documents.finishing import SEAL_FIELD
from eqia.documents.records import render
from eqia.documents.sealing import seal
from eqia.domain.records import digest
from eqia.domain.verdicts import Evidence, Overall, Stored, judge
from tests.documents.seal_material import AT, seal_key
from tests.documents.sealed_records import (
    failing,
    judged,
    opened,
    record_text,
    saved,
    sealed,
    short_record,
    unsealed,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from eqia.documents.seal_keys import SealKey

STORED = Stored(
    file_sha256=sha256(sealed()).hexdigest(),
    record_sha256=digest(record_text()),
    seal=seal_key().seal,
)


def test_an_untouched_file_is_genuine() -> None:
    verdict = judged(examine(sealed()), STORED)
    assert verdict.overall is Overall.GENUINE
    assert failing(verdict) == set()


class Update(IncrementalPdfFileWriter):
    """Changes what it is told to change, and not the description as well."""

    def _update_meta(self) -> None:
        """Leave it."""


def signer(key: SealKey) -> SimpleSigner:
    """A signer as any other program would make it."""
    pem = key.private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    (certificate,) = load_certs_from_pemder_data(key.certificate.public_bytes(Encoding.PEM))
    assert isinstance(certificate, x509.Certificate)
    private = load_private_key_from_pemder_data(pem, None)
    return SimpleSigner(certificate, private, SimpleCertificateStore())


def signed(pdf: bytes, key: SealKey, *, field: str = SEAL_FIELD, **options: object) -> bytes:
    """Sign with pyHanko as it comes, in ways that we never would."""
    chosen = {"subfilter": SigSeedSubFilter.PADES, "md_algorithm": "sha256", **options}
    maker = PdfSigner(
        PdfSignatureMetadata(field_name=field, **chosen),
        signer=signer(key),
        new_field_spec=None if field == SEAL_FIELD else SigFieldSpec(field),
    )
    output = io.BytesIO()
    # In a thread of its own: after tests in a browser this one is inside an event loop.
    with ThreadPoolExecutor(1) as apart:
        apart.submit(maker.sign_pdf, Update(io.BytesIO(pdf)), output=output).result()
    return output.getvalue()


# The six of the design


def bit_flipped() -> bytes:
    pdf = bytearray(sealed())
    pdf[len(unsealed()) // 2] ^= 1
    return bytes(pdf)


def saved_again() -> bytes:
    return saved(opened(sealed()))


def page_replaced() -> bytes:
    writer = Update(io.BytesIO(sealed()))
    page, _ = writer.find_page_for_modification(0)
    page = page.get_object()
    page[NameObject("/Contents")] = writer.add_object(StreamObject(stream_data=b"% nothing"))
    writer.update_container(page)
    output = io.BytesIO()
    writer.write(output)
    return output.getvalue()


def junk_appended() -> bytes:
    return sealed() + b"\n% and some more\n"


def seal_taken_off() -> bytes:
    pdf = opened(sealed())
    del pdf.Root.AcroForm.Fields[0].V
    del pdf.Root.Perms
    return saved(pdf)


def cut_short() -> bytes:
    return sealed()[:-400]


def other_seal() -> bytes:
    return seal(unsealed(), seal_key(number=1), field=SEAL_FIELD, at=AT)


# And others


def not_sealed() -> bytes:
    return unsealed()


def signed_on_top() -> bytes:
    return signed(
        signed(unsealed(), seal_key(), certify=True, docmdp_permissions=MDPPerm.FILL_FORMS),
        seal_key(number=1),
        field="Another",
    )


def sealed_with_changes_allowed() -> bytes:
    return signed(unsealed(), seal_key(), certify=True, docmdp_permissions=MDPPerm.FILL_FORMS)


def only_signed() -> bytes:
    return signed(unsealed(), seal_key())


def data_swapped_behind_the_seal() -> bytes:
    writer = Update(io.BytesIO(sealed()))
    entry = writer.root["/Names"]["/EmbeddedFiles"]["/Names"][1]
    name = NameObject("/F")
    entry["/EF"][name] = writer.add_object(StreamObject(stream_data=b'{"name":"another"}'))
    writer.update_container(entry["/EF"])
    output = io.BytesIO()
    writer.write(output)
    return output.getvalue()


def data_swapped_and_sealed_anew() -> bytes:
    pdf = opened(unsealed())
    swap(pdf, b'{"name":"another"}')
    return seal(saved(pdf), seal_key(number=1), field=SEAL_FIELD, at=AT)


def everything_made_anew() -> bytes:
    """Another record, whole in itself, under a seal of the same name."""
    record = {**short_record(), "reference": "EQS-2026-0099"}
    return seal(render(record), seal_key(number=1), field=SEAL_FIELD, at=AT)


def second_attachment() -> bytes:
    pdf = opened(unsealed())
    names = pdf.Root.Names.EmbeddedFiles.Names
    names.extend([pikepdf.String("zzz"), names[1]])
    return seal(saved(pdf), seal_key(number=1), field=SEAL_FIELD, at=AT)


def another_digest_stated() -> bytes:
    pdf = opened(unsealed())
    xmp = pdf.Root.Metadata.read_bytes()
    pdf.Root.Metadata.write(xmp.replace(digest(record_text()).encode(), b"f" * 64))
    return seal(saved(pdf), seal_key(number=1), field=SEAL_FIELD, at=AT)


def range_that_leaves_a_gap() -> bytes:
    """The old trick: a second hole in what is signed, which nobody looks into."""
    found = re.search(rb"/ByteRange \[(\d+) (\d+) (\d+) (\d+)\]", sealed())
    _, before, after, rest = (int(n) for n in found.groups())
    changed = f"/ByteRange [0 {before} {after + 8} {rest - 8}]".encode()
    return sealed().replace(found.group(), changed.ljust(len(found.group())))


def seal_emptied() -> bytes:
    """Nothing but zeros where the signature was."""
    start = sealed().index(b"<30", len(unsealed())) + 1
    end = sealed().index(b">", start)
    return sealed()[:start] + b"0" * (end - start) + sealed()[end:]


def swap(pdf: pikepdf.Pdf, content: bytes) -> None:
    pdf.Root.Names.EmbeddedFiles.Names[1].EF.F.write(content)


ALTERED: dict[Callable[[], bytes], set[int]] = {
    bit_flipped: {1, 4},
    saved_again: {1, 3, 4},
    page_replaced: {3, 4},
    junk_appended: {3, 4},
    seal_taken_off: {1, 2, 3, 4},
    cut_short: {1, 2, 3, 4},
    other_seal: {2, 4},
    not_sealed: {1, 2, 3, 4},
    signed_on_top: {1, 2, 3, 4},
    sealed_with_changes_allowed: {1, 4},
    only_signed: {1, 4},
    data_swapped_behind_the_seal: {3, 4, 5},
    data_swapped_and_sealed_anew: {2, 4, 5},
    everything_made_anew: {2, 4, 5},
    second_attachment: {2, 4, 5},
    another_digest_stated: {2, 4, 5},
    range_that_leaves_a_gap: {1, 3, 4},
    seal_emptied: {1, 2, 3, 4},
}


@pytest.mark.parametrize("altered", ALTERED, ids=lambda made: made.__name__)
def test_each_way_to_alter_a_file_is_found_by_its_checks(altered: Callable[[], bytes]) -> None:
    verdict = judged(examine_apart(altered()), STORED)
    assert failing(verdict) == ALTERED[altered], verdict
    assert verdict.overall is Overall.NOT_GENUINE


@pytest.mark.parametrize("altered", ALTERED, ids=lambda made: made.__name__)
def test_no_altered_file_is_good_without_the_stored_one_either(
    altered: Callable[[], bytes],
) -> None:
    trusted = {seal_key().seal.fingerprint: seal_key().seal}
    verdict = judge(Evidence(seen=examine(altered()), trusted=trusted))
    assert verdict.overall is Overall.NOT_GENUINE, verdict


def test_every_bit_of_the_seal_itself_counts_or_changes_nothing_it_says() -> None:
    """A flip in its padding is harmless to it; the stored digest still sees it."""
    start = len(unsealed())
    for place in range(start, len(sealed()), 97):
        pdf = bytearray(sealed())
        pdf[place] ^= 1
        verdict = judged(examine(bytes(pdf)), STORED)
        assert verdict.overall is Overall.NOT_GENUINE, place
        assert 4 in failing(verdict)

"""The seal of an instance: which key it seals with, and which certificates it knows."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from importlib import import_module
from typing import TYPE_CHECKING

from eqia.domain.errors import NotAllowed
from eqia.domain.record_times import in_words
from eqia.domain.seals import NO_SEAL, Seal
from eqia.domain.verdicts import Evidence, Overall, Remade, State, Stored, judge

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime
    from pathlib import Path
    from types import ModuleType

    from cryptography.x509 import Certificate

    from eqia.documents.seal_keys import SealKey


class SealUnusable(Exception):  # noqa: N818 - a setting is wrong, nothing broke
    """A setting of the seal cannot be used; the message names it."""


class SealBrokenError(RuntimeError):
    """A file that was just sealed does not hold; nothing is signed with it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SealSettings:
    """What a deployment says of its seal; files lie in the instance folder unless given whole."""

    instance: Path
    production: bool = True
    pkcs12: str = ""
    key: str = ""
    certificate: str = ""
    passphrase: str = field(default="", repr=False)
    #: certificates of keys no longer used, whose seals still count
    retired: Sequence[str] = ()
    #: address of a time service (RFC 3161), if one is to vouch for the time
    time_service: str = ""

    @property
    def given(self) -> str:
        """Name the setting that gives the key; none where there is none."""
        return "EQIA_SEAL_PKCS12" if self.pkcs12 else "EQIA_SEAL_KEY" if self.key else ""


def _from_pkcs12(chosen: SealSettings, keys: ModuleType) -> SealKey:
    found: SealKey = keys.from_pkcs12(chosen.instance / chosen.pkcs12, chosen.passphrase)
    return found


def _from_pem(chosen: SealSettings, keys: ModuleType) -> SealKey:
    key, certificate = chosen.instance / chosen.key, chosen.instance / chosen.certificate
    found: SealKey = keys.from_pem(key, certificate, chosen.passphrase)
    return found


def _development(chosen: SealSettings, keys: ModuleType) -> SealKey:
    found: SealKey = keys.development(chosen.instance)
    return found


#: the setting that gives the key -> how to open it; none outside production
_OPENERS = {"EQIA_SEAL_PKCS12": _from_pkcs12, "EQIA_SEAL_KEY": _from_pem, "": _development}


class Seals:
    """The key an instance seals with, and the certificates whose seals it knows.

    Nothing is loaded before it is needed: an instance that only shows pages pays for none of it.
    """

    def __init__(self, chosen: SealSettings) -> None:
        self._chosen = chosen

    @cached_property
    def key(self) -> SealKey | None:
        """The key to seal with: the one given, or outside production the instance's own."""
        chosen = self._chosen
        if not chosen.given and chosen.production:
            return None
        keys = _keys()
        try:
            found: SealKey = _OPENERS[chosen.given](chosen, keys)
        except keys.SealKeyError as error:
            raise SealUnusable(f"{chosen.given or 'The seal'}: {error}") from error
        if chosen.production and keys.is_development(found.certificate):
            raise SealUnusable(
                f"{chosen.given} names a development key, which is for trying the service out."
                " In production, give your organisation's own key"
            )
        return found

    @cached_property
    def certificates(self) -> list[Certificate]:
        """The certificate in use, then the retired ones."""
        keys = _keys()
        found = [self.key.certificate] if self.key else []
        for name in self._chosen.retired:
            try:
                found += keys.certificates(self._chosen.instance / name)
            except keys.SealKeyError as error:
                raise SealUnusable(f"EQIA_SEAL_RETIRED: {error}") from error
        return found

    @cached_property
    def known(self) -> Mapping[str, Seal]:
        """Fingerprint -> seal, of every certificate whose seals count here."""
        return known(self.certificates)

    @property
    def production(self) -> bool:
        """Whether a seal made for trying the service out never counts here."""
        return self._chosen.production

    def certificates_as_text(self) -> str:
        """Give the certificates for anyone to keep and check with (PEM)."""
        text: str = _keys().pem_of(self.certificates)
        return text

    def check(self) -> None:
        """Load what the settings name, so that a wrong one stops the start and not a sign-off."""
        if self._chosen.given or self._chosen.retired:
            _ = self.known

    def told_on(self, at: datetime) -> Seal:
        """Say with which seal a record signed now is sealed; refuse with a certificate run out."""
        if self.key is None:
            return NO_SEAL
        if not self.key.good_on(at):
            certificate = self.key.certificate
            start, end = certificate.not_valid_before_utc, certificate.not_valid_after_utc
            raise NotAllowed(
                f"The certificate of the seal holds from {in_words(start.date())} until"
                f" {in_words(end.date())}, not today. Nothing was signed. Ask your administrator"
                " for a new one, then sign.",
                code="seal",
            )
        return self.key.seal

    def put_on(self, pdf: bytes, at: datetime) -> bytes:
        """Seal a file, if there is a key."""
        if self.key is None:
            return pdf
        sealing = import_module("eqia.documents.sealing")
        field_name = import_module("eqia.documents.finishing").SEAL_FIELD
        try:
            sealed: bytes = sealing.seal(
                pdf, self.key, field=field_name, at=at, time_service=self._chosen.time_service
            )
        except sealing.SealingError as error:
            raise NotAllowed(
                f"{error} Nothing was signed. Try again later, or tell your administrator.",
                code="seal",
            ) from error
        return sealed


def sealed(
    pdf: bytes,
    by: Seals,
    seal: Seal,
    *,
    record_sha256: str,
    at: datetime,
    attaches_data: bool = True,
) -> bytes:
    """Seal the file of a record, and look it over as anybody would who has it checked later.

    A public copy attaches no data: its JSON stands beside it (documents.md section 3).
    """
    finished = by.put_on(pdf, at)
    seen = import_module("eqia.documents.examining").examine(finished)
    stored = Stored(
        file_sha256=seen.sha256,
        record_sha256=record_sha256,
        seal=seal,
        attaches_data=attaches_data,
    )
    verdict = judge(
        Evidence(
            seen=seen,
            trusted=by.known,
            asked=True,
            stored=stored,
            remade=Remade.SAME if finished.startswith(pdf) else Remade.OTHER,
            production=by.production,
        )
    )
    if verdict.overall not in _GOOD:
        failed = "; ".join(line.words for line in verdict.lines if line.state is State.FAILS)
        msg = f"a file just sealed does not hold: {failed or verdict.headline}"
        raise SealBrokenError(msg)
    return finished


_GOOD = frozenset({Overall.GENUINE, Overall.DEVELOPMENT})


def known(certificates: Sequence[Certificate]) -> Mapping[str, Seal]:
    """Map the fingerprint of each certificate to what its seal is called."""
    seals = [_keys().seal_of(one) for one in certificates]
    return {seal.fingerprint: seal for seal in seals}


def _keys() -> ModuleType:
    """Load what reads keys when the first one is read: it takes 50 ms that few processes need."""
    return import_module("eqia.documents.seal_keys")

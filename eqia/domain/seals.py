"""The seal of a record: the organisation's signature on its file, or that there is none."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any


class SealKind(StrEnum):
    """Whose seal it is."""

    NONE = "none"
    DEVELOPMENT = "development"
    ORGANISATION = "organisation"


@dataclass(frozen=True, slots=True)
class Seal:
    """What a record says of its seal: whose, the name on the certificate, its fingerprint."""

    kind: SealKind = SealKind.NONE
    name: str = ""
    #: SHA-256 of the certificate, by which people tell it from another of the same name
    fingerprint: str = ""

    def as_json(self) -> dict[str, str]:
        """Give it in the shape of the record."""
        return {"kind": self.kind.value, "name": self.name, "fingerprint": self.fingerprint}


NO_SEAL = Seal()


def seal_in(record: Mapping[str, Any]) -> Seal:
    """Read the seal of a record; in the first shape of records it was one word."""
    told = record.get("seal", SealKind.NONE.value)
    if not isinstance(told, Mapping):
        return Seal(SealKind(told))
    return Seal(SealKind(told["kind"]), told["name"], told["fingerprint"])

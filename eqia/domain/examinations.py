"""What was seen in a file that says it is a record: plain facts, before anybody judges them."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

#: A sealed record of sixty pages is far below both.
MOST_BYTES = 5_000_000
MOST_PAGES = 300


class Trouble(StrEnum):
    """Why a file cannot be checked at all."""

    EMPTY = "empty"
    NOT_PDF = "not_pdf"
    TOO_LARGE = "too_large"
    TOO_LONG = "too_long"
    LOCKED = "locked"
    UNREADABLE = "unreadable"


TROUBLES: Mapping[Trouble, str] = {
    Trouble.EMPTY: "This file is empty",
    Trouble.NOT_PDF: "This file is not a PDF. Choose the PDF of a signed record",
    Trouble.TOO_LARGE: f"This file is larger than {MOST_BYTES // 1_000_000} MB. A record never is",
    Trouble.TOO_LONG: f"This file has more than {MOST_PAGES} pages. A record never has",
    Trouble.LOCKED: "This file is locked with a password. A record never is",
    Trouble.UNREADABLE: "This file could not be read in a reasonable time. A record always can",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenSeal:
    """One signature in a file."""

    #: it speaks for the whole document, and allows no change after it
    certifies: bool = False
    #: what it covers is as it was when it was made
    intact: bool = False
    #: it covers every byte of the file but itself
    whole_file: bool = False
    name: str = ""
    fingerprint: str = ""
    #: when it says it was made, and whether its certificate held at that time
    at: str = ""
    in_time: bool = False
    #: the certificate is one for trying the service out
    development: bool = False
    #: a time service vouches for a time too
    timestamped: bool = False

    @property
    def moment(self) -> datetime | None:
        """When it says it was made."""
        return datetime.fromisoformat(self.at) if self.at else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """A file, looked over."""

    sha256: str
    trouble: Trouble | None = None
    seals: tuple[SeenSeal, ...] = ()
    #: how many signatures there are, whether or not we could read them
    signatures: int = 0
    #: the digest of the record that the file's description states
    stated_sha256: str = ""
    #: the data inside, where there is exactly one such attachment
    json_text: str | None = None
    attachments: int = 0

    def as_json(self) -> dict[str, Any]:
        """Give it as plain values, to be handed from one process to another."""
        return asdict(self)


def seen_from(told: Mapping[str, Any]) -> Seen:
    """Read back what `as_json` gave."""
    values = dict(told)
    values["seals"] = tuple(SeenSeal(**one) for one in told["seals"])
    values["trouble"] = Trouble(told["trouble"]) if told["trouble"] else None
    return Seen(**values)

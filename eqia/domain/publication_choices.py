"""What can become of one part of a record when it is published, and why."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from eqia.domain.record_words import Words

LONGEST_REASON = 300


class State(StrEnum):
    """What becomes of one part."""

    PUBLISHED = "published"
    SUPPRESSED = "suppressed"
    WITHHELD = "withheld"


class Why(StrEnum):
    """Why a part is not in the public copy; `other` is said in words."""

    SMALL = "small"
    PERSON = "person"
    CONFIDENTIAL = "confidential"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Choice:
    """What the publisher decided about one part."""

    why: Why | None = None
    #: the publisher's own words, where none of ours fit
    reason: str = ""

    @property
    def state(self) -> State:
        """Say what becomes of the part."""
        if self.why is None:
            return State.PUBLISHED
        return State.SUPPRESSED if self.why is Why.SMALL else State.WITHHELD

    def in_words(self, words: Words) -> str:
        """Give the reason as the copy states it."""
        if self.why is None:
            return ""
        return self.reason if self.why is Why.OTHER else words(f"pub_why_{self.why}")

"""What decides over the words somebody typed into a record, and over the names in it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Where:
    """Where somebody's words stand: the part of the record, and what that place is called."""

    section: str
    label: str
    #: the same answer shown a second time, under another heading
    echo: bool = False


class Sieve(Protocol):
    """Decides what becomes of every text somebody typed and of every name."""

    def text(self, typed: str, where: Where, /) -> str:
        """Give the text, or what stands in its place."""

    def name(self, name: str, /) -> str:
        """Give a person's name, or their role."""

    def title(self, title: str, /) -> str:
        """Give a person's job title, or what stands in its place."""

    def role(self, role: str, /) -> str:
        """Give the role somebody signed in, as it may be shown."""

    def sentence(self, sentence: str, /) -> str:
        """Give a sentence of the service's own that may hold names."""

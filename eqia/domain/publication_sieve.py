"""What decides over the words somebody typed into a record, and over the names in it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from eqia.domain.publication_choices import State
from eqia.domain.record_words import Words

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from eqia.domain.publication_choices import Choice
    from eqia.domain.record_reading import Record


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


class Gathering:
    """Lets everything through and notes what came."""

    def __init__(self) -> None:
        self.texts: dict[str, list[Where]] = {}
        self.names: dict[str, None] = {}

    def text(self, typed: str, where: Where) -> str:
        """Note a text and the place where it stands."""
        self.texts.setdefault(typed, []).append(where)
        return typed

    def name(self, name: str) -> str:
        """Note a name."""
        if name:
            self.names[name] = None
        return name

    def title(self, title: str) -> str:
        """Let it through."""
        return title

    role = sentence = title


class Choosing:
    """Lets through what is published; `roles` gives what stands for each name, if names go."""

    def __init__(
        self,
        choices: Mapping[str, Choice],
        words: Words,
        roles: Mapping[str, str] | None,
    ) -> None:
        self._choices, self._words, self._roles = choices, words, roles

    def text(self, typed: str, _where: Where) -> str:
        """Give the text where it is published, else the reason why not."""
        choice = self._choices[typed]
        if choice.why is None:
            return typed
        if choice.state is State.SUPPRESSED:
            return self._words("pub_suppressed")
        return self._words("pub_withheld", reason=choice.in_words(self._words))

    def name(self, name: str) -> str:
        """Give the name, or the role that stands for it."""
        if self._roles is None or not name:
            return name
        return self._roles[name]

    def title(self, title: str) -> str:
        """Give the job title with the name, and without it none."""
        # A job title often belongs to one person alone.
        return title if self._roles is None else self._words("pub_not_named")

    def role(self, role: str) -> str:
        """Give the role of the service; a job title goes with the name."""
        known = self._words.get(f"p_{role}", "")
        return role if self._roles is None or known else "approver"

    def sentence(self, sentence: str) -> str:
        """Put roles for the names in a sentence."""
        roles = self._roles or {}
        if not roles:
            return sentence
        # The longest name first: one may begin with another.
        names = "|".join(re.escape(name) for name in sorted(roles, key=len, reverse=True))
        return re.sub(rf"(?<!\w)({names})(?!\w)", lambda found: roles[found[0]], sentence)


#: The part of a person's work that says most about why they are named.
_TELLING = ("approver", "reviewer", "lead", "member", "submitter")

#: What is called otherwise than the part: who sent the answers in belongs to the team.
_CALLED = {"submitter": "p_member", "": "pub_somebody"}


def roles_in(record: Record, names: Iterable[str]) -> dict[str, str]:
    """Give what stands for each name; two reviewers stay two."""
    words = Words(record["language"])
    parts: dict[str, set[str]] = {}
    for one in record["people"]:
        parts.setdefault(one["name"], set()).add(one["part"])
    by_role: dict[str, list[str]] = {}
    for name in names:
        part = next((one for one in _TELLING if one in parts.get(name, ())), "")
        by_role.setdefault(words(_CALLED.get(part, f"p_{part}")), []).append(name)
    return {
        name: role if len(names) == 1 else f"{role} {number}"
        for role, names in by_role.items()
        for number, name in enumerate(names, 1)
    }

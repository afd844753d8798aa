"""The public copy of a signed record: each part published, suppressed or withheld with a reason."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from eqia.domain.errors import Invalid, Problem
from eqia.domain.privacy import personal_signs
from eqia.domain.publication_copy import sifted
from eqia.domain.record_words import Words
from eqia.domain.records import as_plain
from eqia.domain.seals import NO_SEAL, Seal

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

    from eqia.domain.publication_sieve import Where
    from eqia.domain.record_reading import Record

#: Raised whenever the shape of the public copy changes.
SCHEMA = 1
LONGEST_REASON = 300
_SHORTEST_NAME = 3


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


PUBLISH = Choice()


@dataclass(frozen=True, slots=True)
class Part:
    """Words somebody typed, wherever in the record they stand: one choice for all places."""

    id: str
    text: str
    places: tuple[Where, ...]
    #: what in it may point at a person
    signs: tuple[str, ...] = ()

    @property
    def section(self) -> str:
        """Name the part of the record where it first stands."""
        return self.places[0].section

    @property
    def labels(self) -> tuple[str, ...]:
        """Name each place once; an echo only where nothing else is named."""
        named = [place for place in self.places if not place.echo] or self.places
        return tuple(dict.fromkeys(place.label for place in named))


@dataclass(frozen=True, slots=True)
class Decided:
    """What the publisher decided: part by part, and about names."""

    #: part id -> choice; a part without one stops the publication
    choices: Mapping[str, Choice] = field(default_factory=dict)
    #: names are left out, and roles stand in their place, unless somebody says otherwise
    names: bool = False

    def left_out(self, parts: Iterable[Part]) -> tuple[Part, ...]:
        """Give the parts that are not to be in the copy."""
        return tuple(one for one in parts if self.choices[one.id].state is not State.PUBLISHED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Publishing:
    """How a record is published: what was decided, when, by whom, and where it will stand."""

    decided: Decided
    at: datetime
    #: who publishes: their name, and the role they use
    by: str = ""
    role: str = ""
    #: where the copy is, for everybody
    address: str = ""
    renderer: str = ""
    #: where anyone can have its file checked, and the seal that the file is going to carry
    verify_address: str = ""
    seal: Seal = NO_SEAL


def parts_of(record: Record) -> tuple[Part, ...]:
    """List everything somebody typed into a record, each text once, in reading order."""
    gathering = _Gathering()
    sifted(record, gathering)
    groups = [group["label"] for one in record["findings"] for group in one["groups"]]
    return tuple(
        Part(
            f"t{number}",
            text,
            tuple(dict.fromkeys(places)),
            tuple(_signs(text, groups, gathering.names)),
        )
        for number, (text, places) in enumerate(gathering.texts.items(), 1)
    )


def names_in(record: Record) -> tuple[str, ...]:
    """List everybody a record names."""
    gathering = _Gathering()
    sifted(record, gathering)
    return tuple(gathering.names)


def check_choices(parts: Iterable[Part], decided: Decided) -> None:
    """Refuse while any part has no choice, or a reason in own words is missing or too long."""
    problems = []
    for part in parts:
        choice = decided.choices.get(part.id)
        if choice is None:
            problems.append(Problem(part.id, f"Choose what to do with “{part.labels[0]}”"))
        elif choice.why is Why.OTHER and not choice.reason.strip():
            problems.append(Problem(part.id, f"Give the reason for “{part.labels[0]}”"))
        elif len(choice.reason) > LONGEST_REASON:
            problems.append(
                Problem(part.id, f"Give the reason in {LONGEST_REASON} characters or fewer")
            )
    if problems:
        raise Invalid(problems)


def copy_of(record: Record, record_sha256: str, publishing: Publishing) -> dict[str, Any]:
    """Make the public copy: plain JSON values, of which nothing left out can be found again."""
    parts, decided = parts_of(record), publishing.decided
    check_choices(parts, decided)
    words = Words(record["language"])
    sieve = _Sieve(parts, decided.choices, words, None if decided.names else _roles(record))
    copy = sifted(record, sieve)
    by = publishing.by if decided.names else words(f"p_{publishing.role}")
    whole = {
        **copy,
        "address": publishing.address,
        "verify_address": publishing.verify_address,
        "seal": publishing.seal.as_json(),
        "made_with": {**record["made_with"], "renderer": publishing.renderer},
        "publication": {
            "schema": SCHEMA,
            "at": publishing.at,
            "by": by,
            "names": decided.names,
            # Safe to print: the record holds a salt nobody outside knows.
            "record_sha256": record_sha256,
            "left_out": _left_out(parts, decided.choices, words),
        },
    }
    plain: dict[str, Any] = as_plain(whole)
    return plain


def _left_out(
    parts: Iterable[Part], choices: Mapping[str, Choice], words: Words
) -> list[dict[str, str]]:
    """List every place whose words are not in the copy, and why."""
    found = {
        (label, choices[part.id].state.value, choices[part.id].in_words(words)): None
        for part in parts
        if choices[part.id].why is not None
        for label in part.labels
    }
    return [{"where": where, "state": state, "reason": why} for where, state, why in found]


class _Gathering:
    """Lets everything through and notes what came."""

    def __init__(self) -> None:
        self.texts: dict[str, list[Where]] = {}
        self.names: dict[str, None] = {}

    def text(self, typed: str, where: Where) -> str:
        self.texts.setdefault(typed, []).append(where)
        return typed

    def name(self, name: str) -> str:
        if name:
            self.names[name] = None
        return name

    def title(self, title: str) -> str:
        return title

    role = sentence = title


class _Sieve:
    """Lets through what is published; `roles` gives what stands for each name, if names go."""

    def __init__(
        self,
        parts: Iterable[Part],
        choices: Mapping[str, Choice],
        words: Words,
        roles: Mapping[str, str] | None,
    ) -> None:
        self._choices = {part.text: choices[part.id] for part in parts}
        self._words, self._roles = words, roles

    def text(self, typed: str, _where: Where) -> str:
        choice = self._choices[typed]
        if choice.why is None:
            return typed
        if choice.state is State.SUPPRESSED:
            return self._words("pub_suppressed")
        return self._words("pub_withheld", reason=choice.in_words(self._words))

    def name(self, name: str) -> str:
        if self._roles is None or not name:
            return name
        return self._roles[name]

    def title(self, title: str) -> str:
        # A job title often belongs to one person alone.
        return title if self._roles is None else self._words("pub_not_named")

    def role(self, role: str) -> str:
        known = self._words.get(f"p_{role}", "")
        return role if self._roles is None or known else "approver"

    def sentence(self, sentence: str) -> str:
        for name, role in sorted((self._roles or {}).items(), key=lambda pair: -len(pair[0])):
            sentence = re.sub(rf"(?<!\w){re.escape(name)}(?!\w)", lambda _: role, sentence)  # noqa: B023 - used at once
        return sentence


#: The part of a person's work that says most about why they are named.
_TELLING = ("approver", "reviewer", "lead", "member", "submitter")


def _roles(record: Record) -> dict[str, str]:
    """Give what stands for each name; two reviewers stay two."""
    words = Words(record["language"])
    parts: dict[str, set[str]] = {}
    for one in record["people"]:
        parts.setdefault(one["name"], set()).add(one["part"])
    by_role: dict[str, list[str]] = {}
    for name in names_in(record):
        part = next((one for one in _TELLING if one in parts.get(name, ())), "other")
        role = "member" if part == "submitter" else part
        by_role.setdefault(
            words("pub_somebody") if role == "other" else words(f"p_{role}"), []
        ).append(name)
    return {
        name: role if len(names) == 1 else f"{role} {number}"
        for role, names in by_role.items()
        for number, name in enumerate(names, 1)
    }


def _signs(text: str, groups: Sequence[str], names: Iterable[str]) -> Iterable[str]:
    """Name what in a text may point at a person, part of somebody's name included."""
    yield from personal_signs(text, groups)
    words = set(re.findall(r"\w+", text))
    if any(part in words for name in names for part in name.split() if len(part) >= _SHORTEST_NAME):
        yield "the name of a person in this record"

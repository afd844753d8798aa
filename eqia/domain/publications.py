"""The public copy of a signed record: each part published, suppressed or withheld with a reason."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from eqia.domain.errors import Invalid, Problem
from eqia.domain.privacy import personal_signs
from eqia.domain.publication_answers import Answering
from eqia.domain.publication_choices import LONGEST_REASON, Choice, State, Why
from eqia.domain.publication_copy import sifted
from eqia.domain.publication_sieve import Choosing, Gathering, roles_in
from eqia.domain.record_words import Words
from eqia.domain.records import as_plain
from eqia.domain.seals import NO_SEAL, Seal

__all__ = [
    "Choice",
    "Decided",
    "Part",
    "Publishing",
    "State",
    "Why",
    "always_in",
    "check_choices",
    "copy_of",
    "names_in",
    "parts_of",
]

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

    from eqia.domain.publication_sieve import Where
    from eqia.domain.record_reading import Record

#: Raised whenever the shape of the public copy changes.
SCHEMA = 1
_SHORTEST_NAME = 3


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
    gathering = Gathering()
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
    gathering = Gathering()
    sifted(record, gathering)
    return tuple(gathering.names)


def always_in(record: Record) -> tuple[str, ...]:
    """List what every copy holds: the organisation, and the answers chosen from a list."""
    organisation = record["organisation"]
    chosen = Answering(record, Gathering()).chosen()
    return (organisation["name"], organisation["mailbox"], *chosen)


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
    choices = {part.text: decided.choices[part.id] for part in parts}
    roles = None if decided.names else roles_in(record, names_in(record))
    copy = sifted(record, Choosing(choices, words, roles))
    by = publishing.by if decided.names else words(f"p_{publishing.role}")
    whole = {
        **copy,
        "address": publishing.address,
        "verify_address": publishing.verify_address,
        "seal": publishing.seal.as_json(),
        "made_with": {**record["made_with"], "renderer": publishing.renderer},
        "published_at": publishing.at,
        "publication": {
            "schema": SCHEMA,
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


def _signs(text: str, groups: Sequence[str], names: Iterable[str]) -> Iterable[str]:
    """Name what in a text may point at a person, part of somebody's name included."""
    yield from personal_signs(text, groups)
    words = set(re.findall(r"\w+", text))
    if any(part in words for name in names for part in name.split() if len(part) >= _SHORTEST_NAME):
        yield "the name of a person in this record"

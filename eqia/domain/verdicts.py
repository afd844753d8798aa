"""Whether a file is the record it says it is: six checks, each in words, and what they add up to.

documents.md section 11. No check stands for another, and one that could not be made is never
counted as one that holds.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from eqia.domain.examinations import TROUBLES, Seen, SeenSeal
from eqia.domain.records import digest, in_blocks
from eqia.domain.seals import Seal, SealKind


class State(StrEnum):
    """How one check came out."""

    HOLDS = "holds"
    FAILS = "fails"
    NOT_CHECKED = "not checked"


class Overall(StrEnum):
    """What the checks add up to."""

    GENUINE = "genuine"
    #: a record of old, or of an instance without a seal: ours to the byte
    STORED = "stored"
    #: checked away from the service: whole, and sealed with a certificate that was given
    SEALED = "sealed"
    DEVELOPMENT = "development"
    UNSURE = "unsure"
    NOT_GENUINE = "not_genuine"
    UNUSABLE = "unusable"


class Remade(StrEnum):
    """What came of making the document again from its data."""

    SAME = "same"
    OTHER = "other"
    #: made by another version of the service, whose bytes may differ
    OTHER_VERSION = "other_version"
    FAILED = "failed"
    NOT_TRIED = "not_tried"


@dataclass(frozen=True, slots=True)
class Line:
    """One check: its name, how it came out, and that in a sentence."""

    name: str
    state: State
    words: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """The whole answer."""

    overall: Overall
    headline: str
    advice: str = ""
    lines: tuple[Line, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Stored:
    """What the service keeps of the record that a file claims to be."""

    file_sha256: str
    record_sha256: str
    seal: Seal
    #: a published copy keeps its data beside it, as its standard allows no such attachment
    attaches_data: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """Everything a verdict rests on."""

    seen: Seen
    #: fingerprint -> the certificate, in use or retired; none where nobody gave any
    trusted: Mapping[str, Seal] = field(default_factory=dict)
    #: whether the stored records could be asked
    asked: bool = False
    stored: Stored | None = None
    remade: Remade = Remade.NOT_TRIED
    #: this service takes no seal that was made for trying it out
    production: bool = True

    @property
    def is_stored_file(self) -> bool:
        """Whether it is, byte for byte, the file that was stored."""
        return self.stored is not None and self.stored.file_sha256 == self.seen.sha256

    @property
    def is_unsealed(self) -> bool:
        """Whether it is the stored file of a record that was signed without a seal."""
        stored = self.stored
        return stored is not None and self.is_stored_file and stored.seal.kind is SealKind.NONE

    @property
    def seal(self) -> SeenSeal | None:
        """The one signature of the file, if there is exactly one."""
        alone = self.seen.signatures == 1 and len(self.seen.seals) == 1
        return self.seen.seals[0] if alone else None


def judge(evidence: Evidence) -> Verdict:
    """Give the verdict on a file."""
    if evidence.seen.trouble is not None:
        return Verdict(Overall.UNUSABLE, TROUBLES[evidence.seen.trouble] + ".")
    lines = tuple(Line(name, *check(evidence)) for name, check in CHECKS.items())
    overall = _overall(evidence, [line.state for line in lines])
    return Verdict(overall, *HEADLINES[overall], lines)


def _overall(evidence: Evidence, states: list[State]) -> Overall:
    sealed, whose, _, stored, _, _ = states
    if State.FAILS in states:
        return Overall.NOT_GENUINE
    if evidence.is_unsealed:
        return Overall.STORED
    if State.NOT_CHECKED in (sealed, whose):
        return Overall.UNSURE
    if evidence.seal is not None and evidence.seal.development:
        return Overall.DEVELOPMENT
    return Overall.GENUINE if stored is State.HOLDS else Overall.SEALED


#: the verdict in a sentence, and what to make of it
HEADLINES: Mapping[Overall, tuple[str, str]] = {
    Overall.GENUINE: ("This file is the signed record, sealed and unchanged.", ""),
    Overall.STORED: (
        "This file is the signed record as we stored it, without a seal.",
        "Only this service can confirm it, since nothing in the file itself would show a change.",
    ),
    Overall.SEALED: (
        "This file is unchanged since it was sealed with the certificate you gave.",
        "It was not compared with the stored record: only the service that holds it can do that.",
    ),
    Overall.DEVELOPMENT: (
        "This file is unchanged, but its seal is only for trying the service out.",
        "It is not a record to rely on.",
    ),
    Overall.UNSURE: (
        "Nothing in this file was found changed, but who sealed it could not be checked.",
        "Do not rely on it yet: anyone can make such a seal.",
    ),
    Overall.NOT_GENUINE: (
        "Do not rely on this file: it is not the signed record as it was signed.",
        "Ask the organisation for the record, or download it again, and check that.",
    ),
}

Answer = tuple[State, str]
_NO_SEAL_THEN = "The record was signed without a seal, and says so."
_NO_SEAL = "No seal was found to look at."


def _is_sealed(evidence: Evidence) -> Answer:
    seal = evidence.seal
    if evidence.is_unsealed and not evidence.seen.signatures:
        return State.NOT_CHECKED, _NO_SEAL_THEN
    if not evidence.seen.signatures:
        return State.FAILS, (
            "No seal was found. It was taken off, the end of the file is missing, or the file was"
            " never sealed."
        )
    if seal is None:
        several = evidence.seen.signatures > 1
        return State.FAILS, (
            f"There are {evidence.seen.signatures} signatures. A record has one, the seal."
            if several
            else "There is a signature that cannot be read. The seal of a record always can."
        )
    if not seal.intact:
        return State.FAILS, "The seal is broken: something it covers changed after it was made."
    if not seal.certifies:
        return State.FAILS, "The signature is not one that seals the whole document for good."
    return State.HOLDS, "The file carries one seal, and what it covers has not changed."


def _is_ours(evidence: Evidence) -> Answer:
    if evidence.is_unsealed and not evidence.seen.signatures:
        return State.NOT_CHECKED, _NO_SEAL_THEN
    if evidence.seal is None:
        return State.FAILS, _NO_SEAL
    if not evidence.trusted:
        return State.NOT_CHECKED, _nobody_to_compare(evidence.seal)
    return _whose(evidence, evidence.seal)


def _nobody_to_compare(seal: SeenSeal) -> str:
    return (
        f"It says it was sealed by {_quoted(seal.name)}. Compare this fingerprint with the one the"
        f" organisation gives: {in_blocks(seal.fingerprint)}."
    )


def _whose(evidence: Evidence, seal: SeenSeal) -> Answer:
    name = _quoted(seal.name)
    if seal.development and evidence.production:
        return (
            State.FAILS,
            "It was sealed with a key for trying the service out. That never counts.",
        )
    if seal.fingerprint not in evidence.trusted:
        return State.FAILS, (
            f"It was sealed by somebody who calls themselves {name}, with a key we do not know."
            " Anyone can make such a seal."
        )
    if not seal.in_time:
        return State.FAILS, (
            f"It was sealed with the key of {name}, at a time when its certificate did not hold."
        )
    return State.HOLDS, f"It was sealed by {name}, with a key that we know."


def _is_closed(evidence: Evidence) -> Answer:
    if evidence.is_unsealed and not evidence.seen.signatures:
        return State.NOT_CHECKED, _NO_SEAL_THEN
    if not evidence.seen.seals:
        return State.FAILS, _NO_SEAL
    if not all(seal.whole_file for seal in evidence.seen.seals):
        return State.FAILS, "Something was added to the file after it was sealed."
    return State.HOLDS, "The seal covers the whole file: nothing was added after it."


def _is_stored(evidence: Evidence) -> Answer:
    if not evidence.asked:
        return State.NOT_CHECKED, "The stored records were not asked: this was checked elsewhere."
    if evidence.is_stored_file:
        return State.HOLDS, "It is the stored file, byte for byte: the SHA-256 digest is the same."
    if evidence.stored is not None:
        return State.FAILS, "It is not the stored file of this record: the SHA-256 digest differs."
    return State.FAILS, "We have no such file: no stored record has this SHA-256 digest."


def _data_agrees(evidence: Evidence) -> Answer:
    seen, stored = evidence.seen, evidence.stored
    inside = digest(seen.json_text) if seen.json_text is not None else ""
    if evidence.is_unsealed and not (seen.attachments or seen.stated_sha256):
        return State.NOT_CHECKED, "This record was made before the data was put inside the file."
    attaches = stored.attaches_data if stored is not None else not _is_published(seen)
    if attaches and not inside:
        return State.FAILS, "The data that belongs inside the file is missing, or there is more."
    if attaches and inside != seen.stated_sha256:
        return State.FAILS, "The data inside the file is not the data that the file says it holds."
    if not attaches and (seen.attachments or not seen.stated_sha256):
        return State.FAILS, "What the file says of its data is missing, or something was put in."
    return _as_stored(evidence)


def _is_published(seen: Seen) -> bool:
    """Whether it looks like a published copy: it names its data and holds none."""
    return not seen.attachments and bool(seen.stated_sha256)


def _as_stored(evidence: Evidence) -> Answer:
    if evidence.stored is None:
        alone = "The data in the file agrees with itself; the stored record was not there to ask."
        return (State.NOT_CHECKED if evidence.asked else State.HOLDS), alone
    if evidence.stored.record_sha256 != evidence.seen.stated_sha256:
        return State.FAILS, "The data in the file is not that of the stored record."
    return State.HOLDS, "The data in the file is that of the stored record."


_REMADE: Mapping[Remade, Answer] = {
    Remade.SAME: (
        State.HOLDS,
        "Made again from its data, the document is the same to the last byte as the one sealed.",
    ),
    Remade.OTHER: (State.FAILS, "Made again from its data, the document came out different."),
    Remade.FAILED: (State.FAILS, "The document could not be made again from its data."),
    Remade.OTHER_VERSION: (
        State.NOT_CHECKED,
        "The document was made by another version of this service, so it was not made again.",
    ),
    Remade.NOT_TRIED: (
        State.NOT_CHECKED,
        "The document was not made again: that needs data we can be sure of.",
    ),
}


def _is_remade(evidence: Evidence) -> Answer:
    return _REMADE[evidence.remade]


#: documents.md section 11, in its order
CHECKS: Mapping[str, Callable[[Evidence], Answer]] = {
    "Seal": _is_sealed,
    "Whose seal it is": _is_ours,
    "Nothing added": _is_closed,
    "Same as the stored file": _is_stored,
    "Data in the file": _data_agrees,
    "Made again": _is_remade,
}


def _quoted(name: str) -> str:
    """Set a name from a file apart from our own words."""
    return f"“{name}”" if name else "nobody named"

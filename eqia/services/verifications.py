"""Check a file that somebody says is a record: against what is stored, or against a certificate."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256
from importlib import import_module
from typing import TYPE_CHECKING, Any

from eqia.domain.record_times import day_in_words, moment_in_words
from eqia.domain.records import digest, read
from eqia.domain.references import with_version
from eqia.domain.replays import Replay, replay
from eqia.domain.seals import Seal, seal_in
from eqia.domain.verdicts import Evidence, Overall, Remade, Stored, Verdict, judge
from eqia.persistence.queries import publications, records, screenings
from eqia.persistence.tables import PublicationRow
from eqia.services.seals import known

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path
    from types import ModuleType
    from uuid import UUID

    from sqlalchemy.orm import Session

    from eqia.domain.examinations import Seen
    from eqia.persistence.tables import RecordRow
    from eqia.services.seals import Seals


class CertificateUnusable(Exception):  # noqa: N818 - a file is wrong, nothing broke
    """A certificate somebody gave cannot be used; the message says why."""


@dataclass(frozen=True, slots=True)
class Newer:
    """A later version of the same record, signed."""

    name: str
    signed_at: str


@dataclass(frozen=True, slots=True)
class About:
    """What the record says of itself; only what the file's bearer may know."""

    name: str
    title: str = ""
    organisation: str = ""
    signed_at: str = ""
    address: str = ""
    language: str = "en"


@dataclass(frozen=True, slots=True)
class Verification:
    """Everything there is to say of one file."""

    verdict: Verdict
    seen: Seen
    about: About | None = None
    newer: Newer | None = None
    #: it is a public copy that is no longer published
    taken_down: bool = False
    replay: Replay | None = None


@dataclass(frozen=True, slots=True)
class _Kept:
    """A stored file with its data."""

    stored: Stored
    json_text: str
    renderer: str
    profile: str
    screening_id: UUID
    #: the public copy itself, where it is one
    copy: PublicationRow | None


def verify(
    session: Session, content: bytes, *, seals: Seals, font_folder: Path | None = None
) -> Verification:
    """Check a file against the records of this instance.

    Only a file that is ours to the byte is read in this process; any other is looked over in one
    of its own.
    """
    kept = _kept(records.of_file(session, sha256(content).hexdigest()))
    examining = _examining()
    seen = examining.examine(content) if kept else examining.examine_apart(content)
    if kept is None and seen.trouble is None:
        kept = _claimed(session, seen)
    evidence = Evidence(
        seen=seen,
        trusted=seals.known,
        asked=True,
        stored=kept.stored if kept else None,
        remade=_remade(kept.json_text, kept.renderer, kept.profile, content, font_folder)
        if kept
        else Remade.NOT_TRIED,
        production=seals.production,
    )
    verdict = judge(evidence)
    if kept is None:
        return Verification(verdict, seen)
    record = read(kept.json_text)
    return Verification(
        verdict,
        seen,
        about=_about(record, whole=evidence.is_stored_file),
        newer=_newer(session, kept.screening_id),
        taken_down=_is_taken_down(session, kept.copy),
        replay=_replayed(record) if evidence.is_stored_file and "answers" in record else None,
    )


def verify_alone(content: bytes, *, certificates: Sequence[Path] = ()) -> Verification:
    """Check a file with nothing but certificates that somebody was given."""
    trusted = _trusted(certificates)
    seen = _examining().examine_apart(content)
    first = judge(Evidence(seen=seen, trusted=trusted, production=False))
    if first.overall not in _SEALED_BY_ONE_WE_KNOW or seen.json_text is None:
        return Verification(first, seen)
    # The data inside is what a certificate we were given vouches for: it may be worked with.
    record = _record_in(seen.json_text)
    if record is None:
        return Verification(first, seen)
    renderer = str(record["made_with"]["renderer"])
    remade = _remade(seen.json_text, renderer, "record", content, None)
    verdict = judge(Evidence(seen=seen, trusted=trusted, remade=remade, production=False))
    return Verification(verdict, seen, about=_about(record, whole=True), replay=_replayed(record))


def structure(content: bytes) -> tuple[str, ...]:
    """List what is wrong with a file's tags and archival form."""
    checking = import_module("eqia.documents.checking")
    try:
        return tuple(str(finding) for finding in checking.findings(content))
    except Exception as error:
        return (f"The file could not be read: {type(error).__name__}",)


_SEALED_BY_ONE_WE_KNOW = frozenset({Overall.SEALED, Overall.DEVELOPMENT})


def _trusted(files: Sequence[Path]) -> Mapping[str, Seal]:
    keys = import_module("eqia.documents.seal_keys")
    try:
        return known([one for file in files for one in keys.certificates(file)])
    except keys.SealKeyError as error:
        raise CertificateUnusable(str(error)) from error


def _kept(row: RecordRow | PublicationRow | None) -> _Kept | None:
    if row is None:
        return None
    copy = row if isinstance(row, PublicationRow) else None
    stored = Stored(
        file_sha256=row.pdf_sha256,
        record_sha256=row.sha256,
        seal=seal_in(read(row.canonical_json)),
        attaches_data=copy is None,
    )
    profile = "record" if copy is None else "publication"
    return _Kept(stored, row.canonical_json, row.renderer, profile, row.screening_id, copy)


def _claimed(session: Session, seen: Seen) -> _Kept | None:
    """Find the record a file that is not ours claims to be, by its data or its description."""
    inside = digest(seen.json_text) if seen.json_text is not None else ""
    claims = [one for one in (seen.stated_sha256, inside) if one]
    return next(filter(None, (_kept(records.of_digest(session, one)) for one in claims)), None)


def _remade(
    json_text: str, renderer: str, profile: str, content: bytes, font_folder: Path | None
) -> Remade:
    """Make the document again from its data: what the seal was put on must be the same bytes."""
    fonts = import_module("eqia.documents.fonts")
    documents = import_module("eqia.documents.records")
    faces = fonts.load(font_folder)
    if documents.renderer_version(faces) != renderer:
        return Remade.OTHER_VERSION
    try:
        made = documents.render(read(json_text), profile, faces=faces)
    except Exception:
        return Remade.FAILED
    return Remade.SAME if content.startswith(made) else Remade.OTHER


def _record_in(json_text: str) -> Mapping[str, Any] | None:
    try:
        record = read(json_text)
        _ = record["made_with"]["renderer"], record["sign_off"]["at"]
    except (ValueError, TypeError, LookupError, RecursionError):
        return None
    return record


def _replayed(record: Mapping[str, Any]) -> Replay:
    try:
        return replay(record)
    except (ValueError, TypeError, LookupError, AttributeError, RecursionError):
        return Replay(None, "The decision could not be taken again from this record.")


def _about(record: Mapping[str, Any], *, whole: bool) -> About:
    """Say what the record is; a file that is not ours learns no more than its reference."""
    if not whole:
        return About(name=record["name"])
    return About(
        name=record["name"],
        title=record["project"]["title"],
        organisation=record["organisation"]["name"],
        signed_at=day_in_words(record["sign_off"]["at"]),
        address=record["address"],
        language=record["language"],
    )


def _newer(session: Session, screening_id: UUID) -> Newer | None:
    """Find the newest version signed after this one, whose record took its place."""
    screening = screenings.get(session, screening_id)
    later = records.versions_after(session, screening) if screening else ()
    signed = [
        Newer(with_version(one.reference, one.number), moment_in_words(one.signed_at))
        for one in later
        if one.signed_at is not None
    ]
    return signed[-1] if signed else None


def _is_taken_down(session: Session, copy: PublicationRow | None) -> bool:
    return copy is not None and publications.live(session, copy.screening_id) is not copy


def _examining() -> ModuleType:
    """Load the readers of PDF with the first file: they take a third of a second."""
    return import_module("eqia.documents.examining")

"""Freeze a screening into its record at sign-off, and put it in the database with the act."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass, replace
from importlib import import_module
from typing import TYPE_CHECKING

from eqia.domain.days import london_day
from eqia.domain.errors import Conflict, NotAllowed
from eqia.domain.records import SignOff, canonical, digest, read, record_of
from eqia.domain.rescreenings import told
from eqia.domain.screenings import Status
from eqia.domain.seals import NO_SEAL, SealKind
from eqia.persistence.database import is_writing
from eqia.persistence.queries import records as queries
from eqia.persistence.queries import rescreenings, screenings
from eqia.persistence.tables import RecordRow, ScreeningRow
from eqia.services import annexes, seals
from eqia.services.record_facts import Making, facts_of

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path
    from types import ModuleType

    from sqlalchemy.orm import Session

    from eqia.documents.fonts import Faces
    from eqia.services.seals import Seals

__all__ = ["Frozen", "Printing", "SignOff", "prepare", "store"]

_CHANGED = "This screening changed while it was being signed. Read it again, then sign."


@dataclass(frozen=True, slots=True)
class Printing:
    """What the record needs to know of this installation."""

    #: where people find the record and what came later, such as https://eqia.example/records/…
    address: str = ""
    #: a folder of fonts named as Debian's fonts-noto-core names them
    font_folder: Path | None = None
    production: bool = True
    #: what seals the file; without it the record is signed without a seal, and says so
    seals: Seals | None = None
    #: where anyone can have the file checked
    verify_address: str = ""


@dataclass(frozen=True, slots=True)
class Frozen:
    """A record made ready outside the write gate, and what it was made from."""

    json_text: str
    sha256: str
    pdf: bytes
    pdf_sha256: str
    renderer: str
    #: number and hash of the last event before the sign-off
    head: tuple[int, str]
    #: the row version and digest that must still hold when it is stored
    version: int
    content_digest: str


def prepare(
    session: Session,
    *,
    screening: ScreeningRow,
    sign_off: SignOff,
    now: datetime,
    printing: Printing | None = None,
) -> Frozen:
    """Read everything once, then make the record and its PDF, check both, seal, check again.

    Call it before `writing(session)`: nobody should wait at the gate while a PDF is made. Any
    failure here means that nothing is signed.
    """
    printing = printing or Printing()
    fonts, documents, checking = _press()
    faces = fonts.load(printing.font_folder)
    gathered = queries.gather(session, screening)
    form = screenings.question_set_of(session, screening)
    answers = screenings.answers_of(session, screening)
    if printing.production:
        _must_cover(faces, form.languages)
    seal = printing.seals.told_on(now) if printing.seals else NO_SEAL
    plan = annexes.of_screening(session, screening, london_day(now))
    again = rescreenings.behind(session, screening)
    facts = facts_of(
        screening,
        gathered,
        form,
        answers,
        sign_off=sign_off,
        earlier=_earlier(session, screening),
        plan=plan,
        making=Making(
            now=now,
            # Without it anyone could recover a withheld name by trying values (documents.md 1).
            salt=secrets.token_hex(16),
            address=printing.address,
            renderer=documents.renderer_version(faces),
            verify_address=printing.verify_address,
            seal=seal,
        ),
    )
    text = canonical(record_of(replace(facts, again=told(again) if again else None)))
    pdf = documents.render(read(text), faces=faces)
    checking.check(pdf)
    if printing.seals and seal.kind is not SealKind.NONE:
        pdf = seals.sealed(pdf, printing.seals, seal, record_sha256=digest(text), at=now)
    return Frozen(
        json_text=text,
        sha256=digest(text),
        pdf=pdf,
        pdf_sha256=hashlib.sha256(pdf).hexdigest(),
        renderer=documents.renderer_version(faces),
        head=gathered.head,
        version=screening.version,
        content_digest=screening.content_digest,
    )


def store(session: Session, *, screening: ScreeningRow, frozen: Frozen, now: datetime) -> RecordRow:
    """Put the record in, inside the sign-off act and before the screening row is changed.

    Anything that changed since `prepare` refuses it: the signature would be on another text.
    """
    if not is_writing(session):
        msg = "a record is stored with its sign-off: call this inside writing()"
        raise RuntimeError(msg)
    same = (
        screening.status is Status.REVIEWED
        and screening.version == frozen.version
        and screening.content_digest == frozen.content_digest
    )
    if not same or queries.of_screening(session, screening.id) is not None:
        raise Conflict(_CHANGED)
    row = RecordRow(
        screening_id=screening.id,
        canonical_json=frozen.json_text,
        sha256=frozen.sha256,
        pdf=frozen.pdf,
        pdf_sha256=frozen.pdf_sha256,
        renderer=frozen.renderer,
        head_seq=frozen.head[0],
        head_hash=frozen.head[1],
        created_at=now,
    )
    session.add(row)
    session.flush()
    return row


def _press() -> tuple[ModuleType, ...]:
    """Load ReportLab with the first PDF: it costs half a second and 20 MB (operations.md 10)."""
    names = ("fonts", "records", "checking")
    return tuple(import_module(f"eqia.documents.{name}") for name in names)


def _must_cover(faces: Faces, languages: tuple[str, ...]) -> None:
    """Refuse to sign in a language the fonts cannot write (Vera lacks Welsh letters)."""
    if not all(faces.writes(language) for language in languages):
        raise NotAllowed(
            "This record can be in Welsh and the fonts installed here lack Welsh letters. "
            "Ask your administrator to install the fonts, then sign.",
            code="fonts",
        )


def _earlier(session: Session, screening: ScreeningRow) -> RecordRow | None:
    """Find the record of the version before this one."""
    before = screenings.version_before(session, screening)
    return queries.of_screening(session, before.id) if before else None

"""Publish a signed record part by part, and take its public copy down."""

from __future__ import annotations

import hashlib
from datetime import datetime
from importlib import import_module
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from eqia.domain.errors import Conflict
from eqia.domain.events import NO_CONTEXT, Context
from eqia.domain.permissions import Action
from eqia.domain.publication_checks import check_copy
from eqia.domain.publications import Decided, Publishing, copy_of, parts_of
from eqia.domain.records import canonical, digest, read
from eqia.domain.seals import NO_SEAL, SealKind, seal_in
from eqia.persistence.queries import publications as queries
from eqia.persistence.queries import screenings
from eqia.persistence.tables import (
    PublicationRow,
    RecordRow,
    ScreeningRow,
    UnpublicationRow,
)
from eqia.services import acts, seals, tokens
from eqia.services.guards import must
from eqia.services.records import Printing
from eqia.services.sign_offs import role_of

if TYPE_CHECKING:
    from types import ModuleType

    from sqlalchemy.orm import Session

    from eqia.domain.people import Person

#: The profile of a public copy's file: archival, tagged, nothing attached (documents.md 3).
PROFILE = "publication"
ALREADY = "This version is published already. Unpublish it first, then publish it again."
NOT_PUBLISHED = "This version is not published."


def draft(
    session: Session,
    *,
    actor: Person,
    now: datetime,
    record: RecordRow,
    decided: Decided,
    printing: Printing | None = None,
    context: Context = NO_CONTEXT,
) -> dict[str, Any]:
    """Make the public copy and look through it as somebody would who wants what is left out."""
    stored = read(record.canonical_json)
    printing = printing or Printing()
    publishing = Publishing(
        decided=decided,
        at=now,
        by=actor.name,
        role=role_of(actor, context),
        address=printing.address,
        renderer=_renderer(printing),
        verify_address=printing.verify_address,
        seal=printing.seals.told_on(now) if printing.seals else NO_SEAL,
    )
    copy = copy_of(stored, record.sha256, publishing)
    check_copy(stored, decided, _left_out_elsewhere(session, record, stored))
    return copy


def publish(
    session: Session,
    *,
    actor: Person,
    now: datetime,
    record: RecordRow,
    decided: Decided,
    token: str,
    printing: Printing | None = None,
    context: Context = NO_CONTEXT,
) -> PublicationRow:
    """Publish a version: its copy and file are made before the gate, and stored with the act."""
    done = tokens.result_of(session, token=token, actor=actor)
    if done is not None:
        return session.get_one(PublicationRow, done)
    printing = printing or Printing()
    screening = session.get_one(ScreeningRow, record.screening_id)
    by = acts.By(actor, now, context)
    _must_publish(session, by, screening)
    copy = draft(
        session,
        actor=actor,
        now=now,
        record=record,
        decided=decided,
        printing=printing,
        context=context,
    )
    row = _row(by, record, decided, copy, _printed(copy, printing, now))
    with acts.acting(session, by, Action.PUBLISH, screening, raises_version=False):
        done = tokens.result_of(session, token=token, actor=actor)
        if done is not None:
            return session.get_one(PublicationRow, done)
        if queries.live(session, screening.id) is not None:
            raise Conflict(ALREADY)
        session.add(row)
        tokens.use(session, token=token, actor=actor, action="publish", now=now, result=row.id)
        acts.log(session, by, "publication.published", screening, _logged(row, record))
    return row


def unpublish(
    session: Session,
    *,
    actor: Person,
    now: datetime,
    screening: ScreeningRow,
    reason: str,
    context: Context = NO_CONTEXT,
) -> UnpublicationRow:
    """Take the public copy of a version down; what was published stays in the log."""
    by = acts.By(actor, now, context)
    words = acts.words("reason", reason, "Say why it is taken down")
    with acts.acting(session, by, Action.PUBLISH, screening, raises_version=False):
        publication = queries.live(session, screening.id)
        if publication is None:
            raise Conflict(NOT_PUBLISHED)
        row = UnpublicationRow(
            publication_id=publication.id, reason=words, person_id=actor.id, at=now
        )
        session.add(row)
        session.flush()
        payload = {"publication": str(publication.id), "sha256": publication.sha256}
        acts.log(session, by, "publication.taken_down", screening, payload, {"reason": words})
    return row


def _logged(row: PublicationRow, record: RecordRow) -> dict[str, Any]:
    return {
        "publication": str(row.id),
        "sha256": row.sha256,
        "record_sha256": record.sha256,
        "names": row.names,
        "left_out": len(row.choices),
    }


def _must_publish(session: Session, by: acts.By, screening: ScreeningRow) -> None:
    """Refuse before a file is made for nothing; behind the gate it is asked again."""
    must(by.actor, Action.PUBLISH, screenings.thing_of(session, screening))
    if queries.live(session, screening.id) is not None:
        raise Conflict(ALREADY)


def _left_out_elsewhere(session: Session, record: RecordRow, stored: dict[str, Any]) -> list[str]:
    """Collect what public copies of other versions leave out: it must not come back here."""
    others = queries.others_of(session, stored["reference"], record.screening_id)
    return [one["text"] for other in others for one in other.choices]


def _row(
    by: acts.By,
    record: RecordRow,
    decided: Decided,
    copy: dict[str, Any],
    pdf: bytes,
) -> PublicationRow:
    text = canonical(copy)
    parts = parts_of(read(record.canonical_json))
    left_out = [
        {"text": part.text, "why": choice.why, "reason": choice.reason}
        for part in decided.left_out(parts)
        for choice in (decided.choices[part.id],)
    ]
    return PublicationRow(
        id=uuid4(),
        record_id=record.id,
        screening_id=record.screening_id,
        reference=copy["reference"],
        number=copy["version"],
        title=copy["project"]["title"],
        outcome=copy["outcome"]["confirmed"]["label"],
        language=copy["language"],
        signed_at=datetime.fromisoformat(copy["sign_off"]["at"]),
        canonical_json=text,
        sha256=digest(text),
        pdf=pdf,
        pdf_sha256=hashlib.sha256(pdf).hexdigest(),
        renderer=copy["made_with"]["renderer"],
        choices=left_out,
        names=decided.names,
        published_by=by.actor.id,
        published_at=by.now,
    )


def _press() -> tuple[ModuleType, ...]:
    """Load the press with the first file: it costs half a second (operations.md section 10)."""
    names = ("fonts", "records", "checking")
    return tuple(import_module(f"eqia.documents.{name}") for name in names)


def _renderer(printing: Printing) -> str:
    fonts, documents, _ = _press()
    found: str = documents.renderer_version(fonts.load(printing.font_folder))
    return found


def _printed(copy: dict[str, Any], printing: Printing, at: datetime) -> bytes:
    """Print the public copy, check it, seal it; what is not whole is not published."""
    fonts, documents, checking = _press()
    faces = fonts.load(printing.font_folder)
    pdf: bytes = documents.render(copy, PROFILE, faces=faces)
    checking.check(pdf, PROFILE)
    seal = seal_in(copy)
    if printing.seals is None or seal.kind is SealKind.NONE:
        return pdf
    sha256 = digest(canonical(copy))
    return seals.sealed(pdf, printing.seals, seal, record_sha256=sha256, at=at, attaches_data=False)

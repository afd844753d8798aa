"""Acts on the sources of a screening: enter one, change it, take it off the list."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from eqia.domain.edits import Edit, Place, Typed
from eqia.domain.errors import Conflict, NotFound
from eqia.domain.events import NO_CONTEXT, Context
from eqia.domain.evidence import Source, basis_edits, check_source, fingerprint
from eqia.domain.people import Person
from eqia.domain.texts import clean_text
from eqia.persistence.database import writing
from eqia.persistence.queries import evidence as queries
from eqia.persistence.queries import screenings as screening_queries
from eqia.persistence.tables.evidence import EvidenceRow
from eqia.persistence.tables.screenings import ScreeningRow
from eqia.services import edits, tokens

OVERTAKEN = "Somebody else changed this source while you had it open."


def add(
    session: Session,
    *,
    actor: Person,
    now: datetime,
    screening: ScreeningRow,
    source: Source,
    token: str = "",
    context: Context = NO_CONTEXT,
) -> EvidenceRow:
    """Enter a source; the groups it covers rest on it from now on. A token counts once."""
    clean = _checked(session, screening, source)
    with writing(session):
        edits.open_for_edit(session, screening, actor)
        used = tokens.result_of(session, token=token, actor=actor) if token else None
        if used is not None:
            return session.get_one(EvidenceRow, used)
        row = EvidenceRow(screening_id=screening.id, created_by=actor.id, created_at=now)
        _write(row, clean)
        session.add(row)
        session.flush()
        _rest_answers(session, screening=screening, actor=actor, now=now)
        if token:
            tokens.use(
                session, token=token, actor=actor, action="add_source", now=now, result=row.id
            )
        _log(session, now, actor, "evidence.added", screening, row, context)
    return row


def change(
    session: Session,
    *,
    actor: Person,
    now: datetime,
    screening: ScreeningRow,
    evidence_id: UUID,
    source: Source,
    seen: str = "",
    context: Context = NO_CONTEXT,
) -> EvidenceRow:
    """Change a source, and with it what the groups rest on.

    `seen` is the fingerprint of the source as the person saw it: another change is told first.
    """
    clean = _checked(session, screening, source)
    with writing(session):
        edits.open_for_edit(session, screening, actor)
        row = _found(session, screening, evidence_id)
        held = queries.source_of(row)
        if seen and seen != fingerprint(held) and held != clean:
            raise Conflict(OVERTAKEN, current=_told(held), attempted=_told(clean))
        _write(row, clean)
        session.flush()
        _rest_answers(session, screening=screening, actor=actor, now=now)
        _log(session, now, actor, "evidence.changed", screening, row, context)
    return row


def remove(
    session: Session,
    *,
    actor: Person,
    now: datetime,
    screening: ScreeningRow,
    evidence_id: UUID,
    context: Context = NO_CONTEXT,
) -> None:
    """Take a source off the list; its row stays for the history."""
    with writing(session):
        edits.open_for_edit(session, screening, actor)
        row = _found(session, screening, evidence_id)
        row.removed_at = now
        session.flush()
        _rest_answers(session, screening=screening, actor=actor, now=now)
        _log(session, now, actor, "evidence.removed", screening, row, context)


def with_basis(session: Session, screening: ScreeningRow, edit: Edit) -> Edit:
    """Add to the ticks made by hand on a page what the sources give, before it is saved."""
    asked = screening_queries.question_set_of(session, screening)
    sources = queries.sources_of(session, screening)
    ticked = {place: one for place, one in edit.typed.items() if place[0] in asked.ids("basis")}
    joined: dict[Place, Typed] = dict(ticked)
    for found in basis_edits(asked, ticked, sources).values():
        joined.update({place: one for place, one in found.typed.items() if place in ticked})
    return Edit(edit.section, edit.version, {**edit.typed, **joined})


def _checked(session: Session, screening: ScreeningRow, source: Source) -> Source:
    clean = Source(
        source.kind,
        clean_text(source.title, field="title").strip(),
        source.groups,
        source.dated,
        clean_text(source.link, field="link").strip(),
        clean_text(source.note, field="note"),
    )
    check_source(screening_queries.question_set_of(session, screening), clean)
    return clean


def _found(session: Session, screening: ScreeningRow, evidence_id: UUID) -> EvidenceRow:
    row = queries.get(session, screening, evidence_id)
    if row is None:
        raise NotFound("That source is no longer on the list.")
    return row


def _told(source: Source) -> str:
    """Write a source as text, to show beside another."""
    dated = source.dated.isoformat() if source.dated else ""
    parts = (source.title, dated, ", ".join(source.groups), source.link, source.note)
    return "\n".join(part for part in parts if part)


def _write(row: EvidenceRow, source: Source) -> None:
    row.kind, row.title, row.dated = source.kind, source.title, source.dated
    row.groups = list(source.groups)
    row.link, row.note = source.link, source.note


def _rest_answers(
    session: Session, *, screening: ScreeningRow, actor: Person, now: datetime
) -> None:
    """Set the basis of every group anew from the sources, with its history."""
    asked = screening_queries.question_set_of(session, screening)
    stored = screening_queries.typed_in(session, screening)
    now_typed = dict(stored)
    for edit in basis_edits(asked, stored, queries.sources_of(session, screening)).values():
        changes = tuple(edit.differences(stored))
        edits.write(
            session,
            screening=screening,
            section=edit.section,
            changes=changes,
            actor=actor,
            now=now,
        )
        now_typed.update(edit.typed)
    answers = screening_queries.answers_from(asked, now_typed)
    follows = edits.consequences(asked, screening, answers)
    edits.touched(session, screening=screening, now=now, follows=follows)


def _log(
    session: Session,
    now: datetime,
    actor: Person,
    action: str,
    screening: ScreeningRow,
    row: EvidenceRow,
    context: Context,
) -> None:
    texts = {"title": row.title, "link": row.link, "note": row.note}
    payload = {"evidence": str(row.id), "kind": row.kind, "groups": list(row.groups)}
    edits.log(session, now, actor, action, screening, context, payload=payload, texts=texts)

"""The sources of a screening, and what must still be found out."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from eqia.domain.evidence import Source
from eqia.persistence.tables.evidence import EvidenceActionRow, EvidenceRow
from eqia.persistence.tables.screenings import ScreeningRow

# Every page of a form asks it, so it is built once.
_SOURCES = (
    select(EvidenceRow)
    .where(EvidenceRow.screening_id == bindparam("screening"), EvidenceRow.removed_at.is_(None))
    .order_by(EvidenceRow.created_at, EvidenceRow.id)
)


def get(session: Session, screening: ScreeningRow, evidence_id: UUID) -> EvidenceRow | None:
    """Find a source of this version that has not been taken off."""
    row = session.get(EvidenceRow, evidence_id)
    here = row is not None and row.screening_id == screening.id and row.removed_at is None
    return row if here else None


def rows_of(session: Session, screening: ScreeningRow) -> Sequence[EvidenceRow]:
    """List the sources of a version, in the order they were entered."""
    return session.scalars(_SOURCES, {"screening": screening.id}).all()


def source_of(row: EvidenceRow) -> Source:
    """Read a row as the source it describes."""
    return Source(row.kind, row.title, tuple(row.groups), row.dated, row.link, row.note)


def sources_of(session: Session, screening: ScreeningRow) -> tuple[Source, ...]:
    """Give the sources of a version as values."""
    return tuple(source_of(row) for row in rows_of(session, screening))


def actions_of(session: Session, screening: ScreeningRow) -> Sequence[EvidenceActionRow]:
    """List what was to be found out, the earliest due first."""
    return session.scalars(
        select(EvidenceActionRow)
        .where(EvidenceActionRow.screening_id == screening.id)
        .order_by(EvidenceActionRow.due, EvidenceActionRow.cause, EvidenceActionRow.id)
    ).all()


def entries_of(session: Session, screening: ScreeningRow) -> tuple[dict[str, object], ...]:
    """Give the sources as plain entries, for the content digest and the record."""
    return tuple(
        {
            "kind": row.kind,
            "title": row.title,
            "dated": row.dated.isoformat() if row.dated else None,
            "groups": sorted(row.groups),
            "link": row.link,
            "note": row.note,
        }
        for row in rows_of(session, screening)
    )

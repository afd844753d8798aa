"""Keep what somebody typed until they are back; not an act on the record, so no event."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import delete
from sqlalchemy.orm import Session

from eqia.persistence.database import writing
from eqia.persistence.tables.screenings import KeptFormRow

KEPT_FOR = timedelta(hours=24)


def keep(
    session: Session,
    *,
    person_id: UUID,
    path: str,
    body: Sequence[tuple[str, str]],
    now: datetime,
) -> UUID:
    """Keep a form for its person; forget what was kept for anyone more than a day ago."""
    row = KeptFormRow(
        person_id=person_id,
        path=path[:400],
        body=[[name.replace("\x00", ""), value.replace("\x00", "")] for name, value in body],
        created_at=now,
    )
    with writing(session):
        session.execute(delete(KeptFormRow).where(KeptFormRow.created_at < now - KEPT_FOR))
        session.add(row)
        session.flush()
    return row.id

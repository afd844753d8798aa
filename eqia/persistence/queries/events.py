"""Read the event log."""

from collections.abc import Iterator, Sequence

from sqlalchemy import Table, bindparam, func, select
from sqlalchemy.orm import Session

from eqia.domain.events import EVENT_FIELDS, GENESIS, Event, Logged
from eqia.persistence.tables import EventRow, Row, ScreeningRow

HOST = "host"
EVENT: Table = Row.metadata.tables["event"]
# Made once: every act reads the head while the next one waits.
LAST = (
    select(EVENT.c.seq, EVENT.c.hash)
    .where(EVENT.c.org == bindparam("org"))
    .order_by(EVENT.c.seq.desc())
    .limit(1)
)


def head(session: Session, org: str = HOST) -> tuple[int, str]:
    """Find the number and hash of the last event; nought and the starting hash before any."""
    last = session.execute(LAST, {"org": org}).one_or_none()
    return (last.seq, last.hash) if last else (0, GENESIS)


def timeline(session: Session, screening: ScreeningRow) -> Sequence[EventRow]:
    """Everything that happened to one screening version, in order."""
    return session.scalars(
        select(EventRow)
        .where(EventRow.entity == "screening", EventRow.entity_id == screening.id)
        .order_by(EventRow.seq)
    ).all()


PAGE_SIZE = 100


def latest(session: Session, *, page: int) -> Sequence[EventRow]:
    """Read one page of the whole log, the newest first."""
    return session.scalars(
        select(EventRow)
        .order_by(EventRow.seq.desc())
        .limit(PAGE_SIZE)
        .offset((page - 1) * PAGE_SIZE)
    ).all()


#: what an administrator looks after: no screening, and nothing about one
SECURITY = ("person", "invitation", "organisation", "body", "local_group")


def latest_about_people(session: Session) -> Sequence[EventRow]:
    """Read the newest events about people and settings, for administrators."""
    return session.scalars(
        select(EventRow)
        .where(EventRow.entity.in_(SECURITY))
        .order_by(EventRow.seq.desc())
        .limit(PAGE_SIZE)
    ).all()


def count(session: Session) -> int:
    """Count the whole log."""
    return session.scalar(select(func.count()).select_from(EventRow)) or 0


def chain(session: Session, org: str = HOST) -> Iterator[Logged]:
    """Read the whole log in order, a thousand entries at a time."""
    found = session.execute(
        select(EventRow.__table__)
        .where(EventRow.org == org)
        .order_by(EventRow.seq)
        .execution_options(yield_per=1000)
    )
    with found:
        for row in found.mappings():
            event = Event(**{name: row[name] for name in EVENT_FIELDS})
            yield Logged(event, hash=row["hash"], salt=row["salt"])

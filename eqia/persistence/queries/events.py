"""Read the event log."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, Table, and_, bindparam, false, func, or_, select
from sqlalchemy.orm import Session

from eqia.domain.events import EVENT_FIELDS, GENESIS, Event, Logged
from eqia.domain.plans import PlanStatus
from eqia.domain.small_numbers import hidden_outside
from eqia.domain.texts import first_line
from eqia.persistence.tables import (
    EventRow,
    FindingRow,
    MeasureRow,
    MeasureVersionRow,
    PlanMoveRow,
    PlanRow,
    ProjectRow,
    Row,
    ScreeningRow,
)

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
    """Everything that happened to one screening version, and to the plan that follows it.

    Of the plan of several versions each tells what happened until the next one was signed.
    """
    its_own = and_(EventRow.entity == "screening", EventRow.entity_id == screening.id)
    return session.scalars(
        select(EventRow)
        .where(or_(its_own, _of_its_plan(screening)))
        .order_by(EventRow.at_utc, EventRow.seq)
    ).all()


def _of_its_plan(screening: ScreeningRow) -> ColumnElement[bool]:
    if screening.signed_at is None:
        return false()
    plan = select(PlanRow.id).where(PlanRow.reference == screening.reference)
    later = (
        select(func.min(ScreeningRow.signed_at))
        .where(
            ScreeningRow.reference == screening.reference,
            ScreeningRow.number > screening.number,
        )
        .scalar_subquery()
    )
    return and_(
        EventRow.entity == "plan",
        EventRow.entity_id.in_(plan),
        EventRow.at_utc >= screening.signed_at,
        or_(later.is_(None), EventRow.at_utc < later),
    )


PAGE_SIZE = 100
#: what an administrator looks after: no screening, and nothing about one
SECURITY = ("person", "invitation", "organisation", "body", "local_group")


#: kinds of things events are about, by the name of the filter
ABOUT: Mapping[str, tuple[str, ...]] = {
    "plans": ("plan",),
    "screenings": ("screening",),
    "people": SECURITY,
}


def latest(session: Session, *, page: int, about: str = "") -> Sequence[EventRow]:
    """Read one page of the log, or of what it says of plans, say; the newest first."""
    return session.scalars(
        select(EventRow)
        .where(*_about(about))
        .order_by(EventRow.seq.desc())
        .limit(PAGE_SIZE)
        .offset((page - 1) * PAGE_SIZE)
    ).all()


def latest_about_people(session: Session) -> Sequence[EventRow]:
    """Read the newest events about people and settings, for administrators."""
    return session.scalars(
        select(EventRow)
        .where(EventRow.entity.in_(SECURITY))
        .order_by(EventRow.seq.desc())
        .limit(PAGE_SIZE)
    ).all()


def count(session: Session, about: str = "") -> int:
    """Count the log, or what it says of plans, say."""
    return session.scalar(select(func.count()).select_from(EventRow).where(*_about(about))) or 0


def _about(about: str) -> Iterator[ColumnElement[bool]]:
    if about in ABOUT:
        yield EventRow.entity.in_(ABOUT[about])


@dataclass(frozen=True, slots=True)
class Named:
    """What some events are about, by the ids they hold."""

    #: the project of each plan, and its reference
    plans: Mapping[UUID, tuple[str, str]]
    screenings: Mapping[UUID, tuple[str, str]]
    measures: Mapping[str, str]


def named(session: Session, rows: Sequence[EventRow]) -> Named:
    """Name the plans, measures and screenings of events, in as many statements however many."""
    plans = session.execute(
        select(PlanRow.id, ProjectRow.title, PlanRow.reference)
        .join(ProjectRow, ProjectRow.id == PlanRow.project_id)
        .where(PlanRow.id.in_([row.entity_id for row in rows if row.entity == "plan"]))
    )
    versions = session.execute(
        select(ScreeningRow.id, ProjectRow.title, ScreeningRow.reference, ScreeningRow.number)
        .join(ProjectRow, ProjectRow.id == ScreeningRow.project_id)
        .where(ScreeningRow.id.in_([row.entity_id for row in rows if row.entity == "screening"]))
    )
    ids = {row.payload["measure"] for row in rows if row.payload.get("measure")}
    measures = session.execute(
        select(MeasureRow.id, MeasureRow.title).where(MeasureRow.id.in_(map(UUID, ids)))
    )
    return Named(
        {one: (title, reference) for one, title, reference in plans},
        {one: (title, f"{reference} v{number}") for one, title, reference, number in versions},
        {str(one): first_line(title) for one, title in measures},
    )


#: acts that move a plan, whose reason stands beside them in the log
MOVES = frozenset(f"plan.{one.value}" for one in PlanStatus)


def reasons(session: Session, rows: Sequence[EventRow]) -> Mapping[tuple[UUID, datetime], str]:
    """Give why plans were paused, gone on with or closed, by the plan and the moment.

    Whoever reads the log may be nobody of the team: small numbers are hidden.
    """
    plans = {row.entity_id for row in rows if row.action in MOVES and row.entity_id}
    if not plans:
        return {}
    moves = session.scalars(select(PlanMoveRow).where(PlanMoveRow.plan_id.in_(plans))).all()
    groups = _groups(session, plans)
    return {(one.plan_id, one.created_at): hidden_outside(one.reason, groups) for one in moves}


def _groups(session: Session, plans: Collection[UUID]) -> frozenset[str]:
    labels = session.scalars(select(FindingRow.label).where(FindingRow.plan_id.in_(plans)))
    members = session.scalars(
        select(MeasureVersionRow.members)
        .join(MeasureRow, MeasureRow.id == MeasureVersionRow.measure_id)
        .where(MeasureRow.plan_id.in_(plans))
    )
    return frozenset([*labels, *(one["label"] for listed in members for one in listed)])


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

"""Files on their way in, imports that were taken in or undone, and what they build on."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import exists, func, select
from sqlalchemy.orm import Session, aliased

from eqia.domain.imports.own_forms import MeasureName
from eqia.domain.imports.previews import Held
from eqia.domain.periods import Period
from eqia.domain.readings import Figure
from eqia.persistence.queries.plans import LIVE
from eqia.persistence.tables.imports import (
    ImportBatchRow,
    ImportFileRow,
    ImportLayoutRow,
    ImportUndoRow,
)
from eqia.persistence.tables.measures import MeasureRow, MeasureVersionRow, ReadingRow
from eqia.persistence.tables.people import PersonRow
from eqia.persistence.tables.plans import PlanRow

#: the imports a page lists
_SHOWN = 50
#: so many readings of an import are named
_NAMED = 10


@dataclass(frozen=True, slots=True)
class Batch:
    """An import with who made it, and when it was undone."""

    row: ImportBatchRow
    by: str
    undone_at: datetime | None


def file_of(
    session: Session, person_id: UUID, measure: MeasureRow, file_id: UUID, since: datetime
) -> ImportFileRow | None:
    """Find a file somebody sent for this measure since then; nobody sees another person's."""
    row = session.get(ImportFileRow, file_id)
    mine = row is not None and (row.person_id, row.measure_id) == (person_id, measure.id)
    return row if row is not None and mine and row.created_at >= since else None


def files_of(
    session: Session, person_id: UUID, measure: MeasureRow, since: datetime
) -> Sequence[ImportFileRow]:
    """List the files somebody sent since then and did not take in, the latest first."""
    return session.scalars(
        select(ImportFileRow)
        .where(
            ImportFileRow.person_id == person_id,
            ImportFileRow.measure_id == measure.id,
            ImportFileRow.created_at >= since,
            ImportFileRow.batch_id.is_(None),
        )
        .order_by(ImportFileRow.created_at.desc(), ImportFileRow.id)
    ).all()


def layout_of(
    session: Session, person_id: UUID, measure_id: UUID, kind: str
) -> ImportLayoutRow | None:
    """Find how somebody last read this kind of file for this measure."""
    return session.scalar(
        select(ImportLayoutRow).where(
            ImportLayoutRow.person_id == person_id,
            ImportLayoutRow.measure_id == measure_id,
            ImportLayoutRow.kind == kind,
        )
    )


def batches_of(session: Session, version: MeasureVersionRow) -> tuple[Batch, ...]:
    """List what was imported for a definition, the latest first."""
    rows = session.execute(
        select(ImportBatchRow, PersonRow.name, ImportUndoRow.created_at)
        .join(PersonRow, PersonRow.id == ImportBatchRow.created_by)
        .outerjoin(ImportUndoRow, ImportUndoRow.batch_id == ImportBatchRow.id)
        .where(ImportBatchRow.version_id == version.id)
        .order_by(ImportBatchRow.created_at.desc(), ImportBatchRow.id)
        .limit(_SHOWN)
    )
    return tuple(Batch(row, name, undone_at) for row, name, undone_at in rows)


def batch_of(session: Session, measure: MeasureRow, batch_id: UUID) -> ImportBatchRow | None:
    """Find an import of this measure, by any of its definitions."""
    return session.scalar(
        select(ImportBatchRow)
        .join(MeasureVersionRow, MeasureVersionRow.id == ImportBatchRow.version_id)
        .where(ImportBatchRow.id == batch_id, MeasureVersionRow.measure_id == measure.id)
    )


def is_undone(session: Session, batch: ImportBatchRow) -> bool:
    """Whether an import was taken back."""
    found = select(ImportUndoRow.id).where(ImportUndoRow.batch_id == batch.id)
    return session.scalar(found) is not None


@dataclass(frozen=True, slots=True)
class Lines:
    """How many readings there are of a kind, and the first of them with those they replaced."""

    count: int
    first: tuple[tuple[ReadingRow, ReadingRow | None], ...]


def written_by(session: Session, batch: ImportBatchRow) -> Lines:
    """Tell what an import wrote, corrections first, each with what counted before it."""
    before = aliased(ReadingRow)
    found = session.execute(
        select(ReadingRow, before)
        .outerjoin(before, before.id == ReadingRow.supersedes)
        .where(ReadingRow.import_batch_id == batch.id)
        .order_by(before.id.is_(None), ReadingRow.period_start, ReadingRow.member, ReadingRow.id)
        .limit(_NAMED)
    )
    return Lines(batch.added + batch.corrected, tuple((row, old) for row, old in found))


def before(session: Session, batch: ImportBatchRow) -> dict[tuple[Period, str], Figure | None]:
    """Give what counted before an import in each place it wrote to; none where nothing did."""
    old = aliased(ReadingRow)
    columns = (
        *(ReadingRow.period_start, ReadingRow.period_end, ReadingRow.member),
        *(old.id, old.numerator, old.denominator, old.value, old.state),
    )
    rows = session.execute(
        select(*columns)
        .outerjoin(old, old.id == ReadingRow.supersedes)
        .where(ReadingRow.import_batch_id == batch.id)
    )
    return {
        (Period(start, end), member): Figure(member, above, below, value, state) if id_ else None
        for start, end, member, id_, above, below, value, state in rows
    }


def built_on(session: Session, batch: ImportBatchRow) -> Lines:
    """Tell the later corrections that build on an import."""
    ours = aliased(ReadingRow)
    later = (
        select(ReadingRow, ours)
        .join(ours, ours.id == ReadingRow.supersedes)
        .where(
            ours.import_batch_id == batch.id,
            ~exists().where(ImportUndoRow.batch_id == ReadingRow.import_batch_id),
        )
    )
    first = session.execute(
        later.order_by(ReadingRow.period_start, ReadingRow.member, ReadingRow.id).limit(_NAMED)
    )
    count = session.scalar(select(func.count()).select_from(later.subquery()))
    return Lines(count or 0, tuple((row, old) for row, old in first))


def name_of(session: Session, measure: MeasureRow) -> MeasureName:
    """Name a measure as our own form does, by its place among those of its plan."""
    ids = session.scalars(
        select(MeasureRow.id)
        .where(MeasureRow.plan_id == measure.plan_id)
        .order_by(MeasureRow.created_at, MeasureRow.cause, MeasureRow.id)
    ).all()
    number = ids.index(measure.id) + 1
    plan = session.get_one(PlanRow, measure.plan_id)
    return MeasureName(plan.reference, number, measure.title, str(measure.id))


def held(session: Session, version: MeasureVersionRow) -> dict[tuple[Period, str], Held]:
    """Give every live reading of a definition as plain values, by period and group."""
    columns = (
        *(ReadingRow.id, ReadingRow.period_start, ReadingRow.period_end, ReadingRow.member),
        *(ReadingRow.numerator, ReadingRow.denominator, ReadingRow.value, ReadingRow.state),
        *(ReadingRow.lower, ReadingRow.upper, ReadingRow.comment),
    )
    rows = session.execute(select(*columns).where(ReadingRow.version_id == version.id, LIVE))
    return {
        (Period(start, end), member): Held(
            id_, Figure(member, above, below, value, state), lower, upper, note
        )
        for id_, start, end, member, above, below, value, state, lower, upper, note in rows
    }


def undone_before(
    session: Session, version: MeasureVersionRow, period: Period | None = None
) -> dict[tuple[Period, str, UUID | None], int]:
    """Count, for each place and what is superseded in it, the undone imports that stood there."""
    columns = (
        *(ReadingRow.period_start, ReadingRow.period_end, ReadingRow.member),
        ReadingRow.supersedes,
    )
    wanted = [ReadingRow.version_id == version.id]
    if period is not None:
        wanted += [ReadingRow.period_start == period.start, ReadingRow.period_end == period.end]
    rows = session.execute(
        select(*columns, func.count())
        .join(ImportUndoRow, ImportUndoRow.batch_id == ReadingRow.import_batch_id)
        .where(*wanted)
        .group_by(*columns)
    )
    return {
        (Period(start, end), member, before): count for start, end, member, before, count in rows
    }

"""Readings that counted until others stood in their place, or their import was taken back."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import Select, literal, select, union_all
from sqlalchemy.orm import Session, aliased

from eqia.domain.corrections import Correction
from eqia.domain.days import london_day
from eqia.domain.measures import Shape
from eqia.domain.periods import Period
from eqia.domain.readings import Reading, ReadingState
from eqia.persistence.queries.definitions import figure_of
from eqia.persistence.queries.plans import undone
from eqia.persistence.tables.imports import ImportUndoRow
from eqia.persistence.tables.measures import ReadingRow

_After = aliased(ReadingRow)


def reading_of(row: ReadingRow) -> Reading:
    """Read a row as the reading it holds."""
    period = Period(row.period_start, row.period_end)
    both = None if row.lower is None or row.upper is None else (row.lower, row.upper)
    limits = both if row.shape == Shape.MEAN else None
    return Reading(period, figure_of(row), london_day(row.created_at), limits)


def corrections(session: Session, version_ids: Sequence[UUID]) -> dict[UUID, list[Correction]]:
    """Give what was corrected of some definitions; an early figure was to be replaced."""
    found: dict[UUID, list[Correction]] = {}
    either = union_all(_replaced(version_ids), _taken_back(version_ids)).subquery()
    rows = session.execute(
        select(ReadingRow, either.c.made, either.c.is_undone)
        .join(either, either.c.id == ReadingRow.id)
        .order_by(either.c.made, ReadingRow.id)
    )
    for row, made, is_undone in rows:
        one = Correction(reading_of(row), made, bool(is_undone))
        found.setdefault(row.version_id, []).append(one)
    return found


def _replaced(version_ids: Sequence[UUID]) -> Select[UUID, datetime, int]:
    return (
        select(ReadingRow.id, _After.created_at.label("made"), literal(0).label("is_undone"))
        .join(_After, _After.supersedes == ReadingRow.id)
        .where(
            ReadingRow.version_id.in_(version_ids),
            ReadingRow.state == ReadingState.FINAL.value,
            ~undone(ReadingRow),
            ~undone(_After),
        )
    )


def _taken_back(version_ids: Sequence[UUID]) -> Select[UUID, datetime, int]:
    return (
        select(ReadingRow.id, ImportUndoRow.created_at.label("made"), literal(1).label("is_undone"))
        .join(ImportUndoRow, ImportUndoRow.batch_id == ReadingRow.import_batch_id)
        .where(ReadingRow.version_id.in_(version_ids), ReadingRow.state == ReadingState.FINAL.value)
    )

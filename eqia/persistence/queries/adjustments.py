"""What people changed on the charts of a measure, and what of it still stands."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from eqia.domain.adjustments import Adjustment, Around
from eqia.domain.measures import Baseline
from eqia.domain.periods import Period
from eqia.domain.readings import Reading
from eqia.persistence.queries.definitions import definition_of, figure_of
from eqia.persistence.queries.plans import LIVE
from eqia.persistence.tables.adjustments import ChartAdjustmentRow
from eqia.persistence.tables.measures import BaselineRow, MeasureVersionRow, ReadingRow

_Back = aliased(ChartAdjustmentRow)
#: adjustments that nobody took back
STANDING = (
    ChartAdjustmentRow.withdraws.is_(None),
    ~select(_Back.id).where(_Back.withdraws == ChartAdjustmentRow.id).exists(),
)


@dataclass(frozen=True, slots=True)
class Told:
    """An adjustment in the history of a measure, and the one that took it back."""

    row: ChartAdjustmentRow
    back: ChartAdjustmentRow | None


def get(
    session: Session, version: MeasureVersionRow, adjustment_id: UUID
) -> ChartAdjustmentRow | None:
    """Find an adjustment of this definition; one that takes another back is none."""
    row = session.get(ChartAdjustmentRow, adjustment_id)
    is_here = row is not None and row.version_id == version.id and row.withdraws is None
    return row if is_here else None


def is_withdrawn(session: Session, row: ChartAdjustmentRow) -> bool:
    """Whether somebody took it back."""
    found = select(ChartAdjustmentRow.id).where(ChartAdjustmentRow.withdraws == row.id)
    return session.scalar(found) is not None


def standing(session: Session, version_id: UUID) -> tuple[Adjustment, ...]:
    """Give what stands for a definition, in the order of its days."""
    rows = session.scalars(
        select(ChartAdjustmentRow)
        .where(ChartAdjustmentRow.version_id == version_id, *STANDING)
        .order_by(ChartAdjustmentRow.on_date, ChartAdjustmentRow.created_at, ChartAdjustmentRow.id)
    )
    return values_of(rows)


def around(session: Session, version: MeasureVersionRow) -> Around:
    """Gather what a change to the charts, or to the baseline, has to fit."""
    rows = session.scalars(select(ReadingRow).where(ReadingRow.version_id == version.id, LIVE))
    found = session.scalar(
        select(BaselineRow)
        .where(BaselineRow.version_id == version.id)
        .order_by(BaselineRow.created_at.desc(), BaselineRow.id.desc())
        .limit(1)
    )
    return Around(
        members=frozenset(one.code for one in definition_of(version).places),
        readings=tuple(
            Reading(Period(row.period_start, row.period_end), figure_of(row)) for row in rows
        ),
        baseline=Baseline(found.from_date, found.to_date, found.state) if found else None,
        adjustments=standing(session, version.id),
    )


def history(session: Session, version: MeasureVersionRow) -> Sequence[Told]:
    """List every adjustment of a definition, the newest first, with what took it back."""
    rows = session.scalars(
        select(ChartAdjustmentRow)
        .where(ChartAdjustmentRow.version_id == version.id)
        .order_by(ChartAdjustmentRow.created_at.desc(), ChartAdjustmentRow.id)
    ).all()
    backs = {row.withdraws: row for row in rows if row.withdraws}
    return [Told(row, backs.get(row.id)) for row in rows if row.withdraws is None]


def values_of(rows: Iterable[ChartAdjustmentRow]) -> tuple[Adjustment, ...]:
    """Read rows as the adjustments they hold."""
    return tuple(Adjustment(row.kind, row.on_date, row.member, row.reason) for row in rows)

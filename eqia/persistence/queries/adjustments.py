"""What people changed on the charts of a measure, and what of it still stands."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from eqia.domain.adjustments import Adjustment, Around, Change, Earlier, Held, unseen
from eqia.domain.corrections import Correction
from eqia.domain.measures import Baseline
from eqia.domain.periods import Period
from eqia.domain.readings import Reading
from eqia.persistence.queries.corrections import corrections
from eqia.persistence.queries.definitions import definition_of, figure_of
from eqia.persistence.queries.plans import LIVE
from eqia.persistence.tables.adjustments import ChartAdjustmentRow
from eqia.persistence.tables.measures import BaselineRow, MeasureRow, MeasureVersionRow, ReadingRow
from eqia.persistence.tables.plans import PlanReviewRow

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


@dataclass(frozen=True, slots=True)
class Changed:
    """What stands on the charts of a definition, and what stood before what no review has seen."""

    standing: tuple[Adjustment, ...] = ()
    earlier: tuple[Earlier, ...] = ()


def changed(session: Session, version_ids: Sequence[UUID]) -> dict[UUID, Changed]:
    """Gather the changes to the charts of some definitions."""
    rows: dict[UUID, list[ChartAdjustmentRow]] = {}
    for row in session.scalars(
        select(ChartAdjustmentRow)
        .where(ChartAdjustmentRow.version_id.in_(version_ids))
        .order_by(
            *(ChartAdjustmentRow.on_date, ChartAdjustmentRow.created_at, ChartAdjustmentRow.id)
        )
    ):
        rows.setdefault(row.version_id, []).append(row)
    corrected = corrections(session, version_ids)
    some = {*rows, *corrected}
    # Most charts were never changed, and then no review needs to be looked for.
    held = _reviews(session, list(some)) if some else {}
    return {
        one: _changed(rows.get(one, []), held.get(one, []), corrected.get(one, [])) for one in some
    }


def _reviews(session: Session, version_ids: Sequence[UUID]) -> dict[UUID, list[Held]]:
    """Give the reviews of each definition, but none that could not be told how it stands."""
    found: dict[UUID, list[Held]] = {}
    for version_id, measure_id, row in session.execute(
        select(MeasureVersionRow.id, MeasureRow.id, PlanReviewRow)
        .join(MeasureRow, MeasureRow.id == MeasureVersionRow.measure_id)
        .join(PlanReviewRow, PlanReviewRow.plan_id == MeasureRow.plan_id)
        .where(MeasureVersionRow.id.in_(version_ids))
        .order_by(PlanReviewRow.created_at, PlanReviewRow.id)
    ):
        if str(measure_id) not in row.snapshot.get("blind", ()):
            found.setdefault(version_id, []).append(Held(row.held_on, row.created_at))
    return found


def _changed(
    rows: Sequence[ChartAdjustmentRow],
    reviews: Sequence[Held],
    corrected: Sequence[Correction],
) -> Changed:
    backs = {row.withdraws: row.created_at for row in rows if row.withdraws}
    made = [row for row in rows if row.withdraws is None]
    changes = [
        Change(value, row.created_at, backs.get(row.id))
        for row, value in zip(made, values_of(made), strict=True)
    ]
    standing = tuple(one.adjustment for one in changes if one.back is None)
    return Changed(standing, unseen(changes, reviews, corrected))


def values_of(rows: Iterable[ChartAdjustmentRow]) -> tuple[Adjustment, ...]:
    """Read rows as the adjustments they hold."""
    return tuple(
        Adjustment(
            *(row.kind, row.on_date, row.member, row.reason),
            before=row.said_before,
            before_outside=row.told_before,
        )
        for row in rows
    )

"""What people changed on the charts of a measure, and what of it still stands."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from eqia.domain.adjustments import Adjustment, Around, Change, Earlier, Held, unseen
from eqia.domain.measures import Baseline
from eqia.domain.periods import Period
from eqia.domain.readings import Reading
from eqia.persistence.queries.definitions import definition_of, figure_of
from eqia.persistence.queries.plans import LIVE
from eqia.persistence.tables.adjustments import ChartAdjustmentRow
from eqia.persistence.tables.measures import BaselineRow, MeasureVersionRow, ReadingRow
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


def changed(session: Session, plans: Mapping[UUID, UUID]) -> dict[UUID, Changed]:
    """Gather the changes to the charts of some definitions; each is given with its plan."""
    rows: dict[UUID, list[ChartAdjustmentRow]] = {}
    for row in session.scalars(
        select(ChartAdjustmentRow)
        .where(ChartAdjustmentRow.version_id.in_(list(plans)))
        .order_by(
            *(ChartAdjustmentRow.on_date, ChartAdjustmentRow.created_at, ChartAdjustmentRow.id)
        )
    ):
        rows.setdefault(row.version_id, []).append(row)
    # Most charts were never changed, and then no review needs to be looked for.
    held = _reviews(session, {plans[one] for one in rows}) if rows else {}
    return {one: _changed(some, held.get(plans[one], [])) for one, some in rows.items()}


def _reviews(session: Session, plan_ids: Iterable[UUID]) -> dict[UUID, list[Held]]:
    found: dict[UUID, list[Held]] = {}
    for plan_id, on, kept in session.execute(
        select(PlanReviewRow.plan_id, PlanReviewRow.held_on, PlanReviewRow.created_at)
        .where(PlanReviewRow.plan_id.in_(list(plan_ids)))
        .order_by(PlanReviewRow.created_at, PlanReviewRow.id)
    ):
        found.setdefault(plan_id, []).append(Held(on, kept))
    return found


def _changed(rows: Sequence[ChartAdjustmentRow], reviews: Sequence[Held]) -> Changed:
    backs = {row.withdraws: row.created_at for row in rows if row.withdraws}
    made = [row for row in rows if row.withdraws is None]
    changes = [
        Change(value, row.created_at, backs.get(row.id))
        for row, value in zip(made, values_of(made), strict=True)
    ]
    standing = tuple(one.adjustment for one in changes if one.back is None)
    return Changed(standing, unseen(changes, reviews))


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

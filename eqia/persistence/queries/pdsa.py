"""PDSA cycles of a plan, and the days that charts mark because of them."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from eqia.domain.measure_drawing import Act
from eqia.domain.pdsa import Cycle, marks_of
from eqia.persistence.tables.measures import MeasureRow
from eqia.persistence.tables.plan_parts import PdsaMeasureRow, PdsaRow
from eqia.persistence.tables.plans import PlanRow


def of_plan(session: Session, plan: PlanRow) -> Sequence[PdsaRow]:
    """List the cycles of a plan, the newest first."""
    return session.scalars(
        select(PdsaRow).where(PdsaRow.plan_id == plan.id).order_by(PdsaRow.number.desc())
    ).all()


def get(session: Session, plan: PlanRow, cycle_id: UUID) -> PdsaRow | None:
    """Find a cycle of this plan."""
    row = session.get(PdsaRow, cycle_id)
    return row if row is not None and row.plan_id == plan.id else None


def facts_of(row: PdsaRow) -> Cycle:
    """Read a row as the cycle it holds, without the measures it touches."""
    return Cycle(
        objective=row.objective,
        prediction=row.prediction,
        start=row.starts_on,
        plan=row.plan_words,
        do=row.do_words,
        study=row.study_words,
        act=row.act_words,
        end=row.ends_on,
        decision=row.decision,
    )


def next_number(session: Session, plan: PlanRow) -> int:
    """Give the number of the next cycle; ask inside an act, which holds the plan still."""
    last = select(func.max(PdsaRow.number)).where(PdsaRow.plan_id == plan.id)
    return (session.scalar(last) or 0) + 1


def links(session: Session, cycle: PdsaRow) -> dict[UUID, PdsaMeasureRow]:
    """Give every link of a cycle by its measure, those taken off among them."""
    rows = session.scalars(
        select(PdsaMeasureRow)
        .where(PdsaMeasureRow.pdsa_id == cycle.id)
        .order_by(PdsaMeasureRow.created_at, PdsaMeasureRow.id)
    )
    return {row.measure_id: row for row in rows}


def measures(session: Session, plan: PlanRow) -> dict[UUID, list[MeasureRow]]:
    """Give the measures each cycle of a plan touches."""
    found: dict[UUID, list[MeasureRow]] = {}
    rows = session.execute(
        select(PdsaMeasureRow.pdsa_id, MeasureRow)
        .join(MeasureRow, MeasureRow.id == PdsaMeasureRow.measure_id)
        .where(MeasureRow.plan_id == plan.id, PdsaMeasureRow.live)
        .order_by(MeasureRow.created_at, MeasureRow.cause, MeasureRow.id)
    )
    for cycle_id, measure in rows:
        found.setdefault(cycle_id, []).append(measure)
    return found


def marks(session: Session, plan: PlanRow) -> Mapping[UUID, list[Act]]:
    """Give the days of the cycles that touch each measure, in order, with their words."""
    found: dict[UUID, list[Act]] = {}
    rows = session.execute(
        select(PdsaMeasureRow.measure_id, PdsaRow)
        .join(PdsaRow, PdsaRow.id == PdsaMeasureRow.pdsa_id)
        .where(PdsaRow.plan_id == plan.id, PdsaMeasureRow.live)
        .order_by(PdsaRow.starts_on, PdsaRow.number)
    )
    for measure_id, row in rows:
        found.setdefault(measure_id, []).extend(marks_of(row.number, facts_of(row)))
    return found

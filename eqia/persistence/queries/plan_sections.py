"""What was written in the other sections of a plan, and how much of each part it has."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from eqia.domain.plan_sections import EntryStatus
from eqia.domain.risks import HIGH, RiskStatus
from eqia.persistence.tables.plan_parts import PdsaRow, PlanEntryRow, RiskRow
from eqia.persistence.tables.plans import PlanRow


@dataclass(frozen=True, slots=True)
class Counts:
    """How much of each part a plan has."""

    risks: int
    high_risks: int
    cycles: int
    running: int
    sections: int


def counts(session: Session, plan: PlanRow) -> Counts:
    """Count the parts of a plan in one statement."""
    open_risk = (RiskRow.plan_id == plan.id, RiskRow.status == RiskStatus.OPEN.value)
    cycle = PdsaRow.plan_id == plan.id
    written = (PlanEntryRow.plan_id == plan.id, PlanEntryRow.status == EntryStatus.LIVE.value)
    wanted = (
        select(func.count(RiskRow.id)).where(*open_risk),
        select(func.count(RiskRow.id)).where(
            *open_risk, RiskRow.likelihood * RiskRow.impact >= HIGH
        ),
        select(func.count(PdsaRow.id)).where(cycle),
        select(func.count(PdsaRow.id)).where(cycle, PdsaRow.decision == ""),
        select(func.count(PlanEntryRow.section.distinct())).where(*written),
    )
    return Counts(*session.execute(select(*(one.scalar_subquery() for one in wanted))).one())


def entries(session: Session, plan: PlanRow) -> Sequence[PlanEntryRow]:
    """List everything written in the sections of a plan, in the order it was begun."""
    return session.scalars(
        select(PlanEntryRow)
        .where(PlanEntryRow.plan_id == plan.id)
        .order_by(PlanEntryRow.section, PlanEntryRow.place)
    ).all()


def get(session: Session, plan: PlanRow, section: str, entry_id: UUID) -> PlanEntryRow | None:
    """Find an entry of one section of this plan."""
    row = session.get(PlanEntryRow, entry_id)
    here = row is not None and row.plan_id == plan.id and row.section == section
    return row if here else None


def first(session: Session, plan: PlanRow, section: str) -> PlanEntryRow | None:
    """Find what stands in a section that is no list."""
    return session.scalar(
        select(PlanEntryRow).where(
            PlanEntryRow.plan_id == plan.id,
            PlanEntryRow.section == section,
            PlanEntryRow.place == 1,
        )
    )


def next_place(session: Session, plan: PlanRow, section: str) -> int:
    """Give the place of the next entry; ask inside an act, which holds the plan still."""
    last = select(func.max(PlanEntryRow.place)).where(
        PlanEntryRow.plan_id == plan.id, PlanEntryRow.section == section
    )
    return (session.scalar(last) or 0) + 1

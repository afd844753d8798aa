"""Make risks, PDSA cycles and sections of a plan for tests: keyword-only, everything defaulted."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from eqia.persistence.tables import PdsaMeasureRow, PdsaRow, PlanEntryRow, RiskRow
from tests.builders import NOW, kept

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from eqia.persistence.tables import MeasureRow, PlanRow


def _by(plan: PlanRow) -> dict[str, Any]:
    return {"created_by": plan.created_by, "created_at": NOW}


def _changed_by(plan: PlanRow) -> dict[str, Any]:
    return {**_by(plan), "updated_by": plan.created_by, "updated_at": NOW}


def make_risk(session: Session, *, plan: PlanRow, **overrides: Any) -> RiskRow:
    values = {
        "plan_id": plan.id,
        "kind": "risk",
        "cause": "There is one driver.",
        "event": "The driver falls ill.",
        "effect": "Disabled people wait longest.",
        "likelihood": 3,
        "impact": 4,
        **_changed_by(plan),
    }
    return kept(session, RiskRow(**{**values, **overrides}))


def make_cycle(
    session: Session, *, plan: PlanRow, measure: MeasureRow | None = None, **overrides: Any
) -> PdsaRow:
    values = {
        "plan_id": plan.id,
        "number": 1,
        "objective": "Ring people the day before.",
        "prediction": "Fewer miss their visit, most of all older people.",
        "starts_on": date(2026, 7, 1),
        **_changed_by(plan),
    }
    row = kept(session, PdsaRow(**{**values, **overrides}))
    if measure is not None:
        link = {"pdsa_id": row.id, "measure_id": measure.id}
        kept(session, PdsaMeasureRow(**link, **_by(plan)))
    return row


def make_entry(session: Session, *, plan: PlanRow, **overrides: Any) -> PlanEntryRow:
    values = {
        "plan_id": plan.id,
        "section": "stakeholders",
        "place": 1,
        "words": {"who": "The centre for carers"},
        **_changed_by(plan),
    }
    return kept(session, PlanEntryRow(**{**values, **overrides}))


def make_parts(session: Session, *, plan: PlanRow, measure: MeasureRow) -> None:
    """One row of each."""
    make_risk(session, plan=plan)
    make_cycle(session, plan=plan, measure=measure)
    make_entry(session, plan=plan)

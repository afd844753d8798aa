"""Make readiness checklists for tests: keyword-only, everything defaulted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from eqia.domain.readiness_loading import in_force
from eqia.persistence.tables import (
    PlanRow,
    ReadinessAnswerRow,
    ReadinessDeedRow,
    ReadinessRow,
)
from tests.builders import NOW, kept

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

#: how an item answered from live data is named where it holds something up
LAST_ITEM = (
    "3.2.3 “Does the plan carry measures of impact on equality groups, in line with the EqIA?”"
)


def make_readiness(session: Session, *, plan: PlanRow) -> ReadinessRow:
    """One row of everything a checklist has."""
    by = {"created_by": plan.created_by, "created_at": NOW}
    listed = in_force(NOW.date())
    named = {
        "list_id": listed.id,
        "list_version": listed.version,
        "list_digest": listed.digest,
    }
    row = kept(session, ReadinessRow(plan_id=plan.id, **named, **by))
    answer = {"part": "1.1", "number": 1, "answer": "yes", "note": "It is on page 12."}
    kept(session, ReadinessAnswerRow(readiness_id=row.id, **answer, **by))
    deed = {"rule": "R15", "kind": "reply", "on_date": NOW.date(), "words": "We wrote."}
    kept(session, ReadinessDeedRow(plan_id=plan.id, **deed, **by))
    return row

"""Make plans, measures and readings for tests: keyword-only, everything defaulted."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from eqia.domain.screenings import Status
from eqia.persistence.queries.plans import LIVE
from eqia.persistence.tables import (
    ActionMeasureRow,
    ActionRow,
    BaselineRow,
    CategorySetRow,
    ChartAdjustmentRow,
    FindingActionRow,
    FindingRow,
    ImportBatchRow,
    ImportUndoRow,
    MeasureRow,
    MeasureVersionRow,
    MeasureWordingRow,
    PersonRow,
    PlanMoveRow,
    PlanReviewRow,
    PlanRow,
    ReadingRow,
    ScreeningRow,
    TargetEndRow,
    TargetRow,
)
from tests.builders import NOW, kept, make_screening
from tests.part_builders import make_parts

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy.orm import Session

    from tests.page import Page

#: when measures were made: what was due before is not overdue
BEGUN = datetime(2025, 4, 1, 9, tzinfo=UTC)
MEMBERS = [
    {"code": "under_65", "label": "Under 65", "kind": "substantive"},
    {"code": "65_plus", "label": "65 and over", "kind": "substantive"},
]


def _by(row: ScreeningRow | PlanRow) -> dict[str, Any]:
    return {"created_by": row.created_by, "created_at": NOW}


def _changed_by(row: ScreeningRow | PlanRow) -> dict[str, Any]:
    return {**_by(row), "updated_by": row.created_by, "updated_at": NOW}


def make_plan(
    session: Session, *, screening: ScreeningRow | None = None, **overrides: Any
) -> PlanRow:
    """A plan for a signed screening."""
    screening = screening or make_screening(session, status=Status.SIGNED)
    values = {
        "project_id": screening.project_id,
        "screening_id": screening.id,
        "reference": screening.reference,
        "aim": "Nobody waits longer than before.",
        **_changed_by(screening),
    }
    return kept(session, PlanRow(**{**values, **overrides}))


def make_finding(session: Session, *, plan: PlanRow, **overrides: Any) -> FindingRow:
    values = {
        "plan_id": plan.id,
        "screening_id": plan.screening_id,
        "question": "C1",
        "group_id": "age",
        "label": "Age",
        "direction": "negative",
        "statement": "Older people travel further.",
        **_by(plan),
    }
    return kept(session, FindingRow(**{**values, **overrides}))


def make_action(
    session: Session, *, plan: PlanRow, finding: FindingRow | None = None, **overrides: Any
) -> ActionRow:
    values = {
        "plan_id": plan.id,
        "title": "Ring people",
        "owner": "Sam",
        "due": date(2027, 1, 31),
        "kind": "mitigation",
        **_changed_by(plan),
    }
    row = kept(session, ActionRow(**{**values, **overrides}))
    if finding is not None:
        link = {"finding_id": finding.id, "action_id": row.id, "reason": "It shortens the way."}
        kept(session, FindingActionRow(**link, **_by(plan)))
    return row


def make_measure(
    session: Session, *, plan: PlanRow, action: ActionRow | None = None, **overrides: Any
) -> MeasureRow:
    values = {
        "plan_id": plan.id,
        "title": "Missed visits",
        "owner": "Sam",
        "frequency": "quarter",
        "first_period": date(2025, 4, 1),
        **_changed_by(plan),
        "created_at": BEGUN,
    }
    row = kept(session, MeasureRow(**{**values, **overrides}))
    if action is not None:
        link = {"action_id": action.id, "measure_id": row.id}
        kept(session, ActionMeasureRow(**link, **_by(plan)))
    return row


def make_version(
    session: Session, *, plan: PlanRow, measure: MeasureRow, **overrides: Any
) -> MeasureVersionRow:
    values = {
        "measure_id": measure.id,
        "number": 1,
        "shape": "proportion",
        "numerator": "Visits missed",
        "denominator": "Visits booked",
        "direction": "down",
        "characteristic": "age",
        "members": MEMBERS,
        "reference": "under_65",
        **_by(plan),
        "created_at": BEGUN,
    }
    return kept(session, MeasureVersionRow(**{**values, **overrides}))


def make_reading(
    session: Session, *, plan: PlanRow, version: MeasureVersionRow, **overrides: Any
) -> ReadingRow:
    values = {
        "version_id": version.id,
        "shape": version.shape,
        "period_start": date(2026, 4, 1),
        "period_end": date(2026, 6, 30),
        "member": "65_plus",
        "numerator": 12,
        "denominator": 80,
        "state": "final",
        **_by(plan),
    }
    return kept(session, ReadingRow(**{**values, **overrides}))


def make_batch(
    session: Session, *, plan: PlanRow, version: MeasureVersionRow, **overrides: Any
) -> ImportBatchRow:
    values = {
        "version_id": version.id,
        "file_name": "visits.csv",
        "sha256": "0" * 64,
        "layout": {},
        "added": 1,
        "corrected": 0,
        "unchanged": 0,
        **_by(plan),
    }
    return kept(session, ImportBatchRow(**{**values, **overrides}))


def undo(session: Session, *, plan: PlanRow, batch: ImportBatchRow) -> ImportUndoRow:
    return kept(session, ImportUndoRow(batch_id=batch.id, **_by(plan)))


def make_series(session: Session) -> PlanRow:
    """One row of everything a plan has."""
    plan = make_plan(session)
    action = make_action(session, plan=plan, finding=make_finding(session, plan=plan))
    measure = make_measure(session, plan=plan, action=action)
    version = make_version(session, plan=plan, measure=measure)
    make_reading(session, plan=plan, version=version)
    undo(session, plan=plan, batch=make_batch(session, plan=plan, version=version))
    words = {"before": {"numerator": "Missed"}, "words": {"numerator": "Not kept"}}
    kept(session, MeasureWordingRow(version_id=version.id, number=1, **words, **_by(plan)))
    days = {"from_date": date(2026, 4, 1), "to_date": date(2026, 6, 30)}
    target = {"version_id": version.id, "kind": "level", "value": 10, **days}
    aimed = kept(session, TargetRow(**target, **_by(plan)))
    ended = {"target_id": aimed.id, "reason": "The board asks for more."}
    kept(session, TargetEndRow(**ended, **_by(plan)))
    kept(session, BaselineRow(version_id=version.id, state="agreed", **days, **_by(plan)))
    held = {"plan_id": plan.id, "held_on": NOW.date(), "decision": "continue", "notes": "Go on."}
    kept(session, PlanReviewRow(**held, snapshot={}, **_by(plan)))
    moved = {"plan_id": plan.id, "to_status": "paused", "reason": "The clinic is shut."}
    kept(session, PlanMoveRow(**moved, snapshot={}, **_by(plan)))
    note = {"version_id": version.id, "kind": "note", "on_date": NOW.date(), "reason": "Snow."}
    kept(session, ChartAdjustmentRow(**note, **_by(plan)))
    own = {"code": "org-wards", "edition": "1", "label": "Wards", "from_date": NOW.date()}
    kept(session, CategorySetRow(**own, members=MEMBERS, **_by(plan)))
    make_parts(session, plan=plan, measure=measure)
    return plan


def answers(page: Page) -> dict[str, str]:
    """An answer to each thing a review is asked on a page."""
    asked = (name for name in page.form().names if name.startswith(("concern-", "said-")))
    return dict.fromkeys(asked, "We looked at it, and it goes on.")


def person_of(session: Session, plan: PlanRow) -> PersonRow:
    """Whoever opened the plan."""
    return session.get_one(PersonRow, plan.created_by)


def live_readings(session: Session, plan: PlanRow) -> Sequence[ReadingRow]:
    """The readings of a plan that nothing has corrected."""
    return session.scalars(
        select(ReadingRow)
        .join(MeasureVersionRow, MeasureVersionRow.id == ReadingRow.version_id)
        .join(MeasureRow, MeasureRow.id == MeasureVersionRow.measure_id)
        .where(MeasureRow.plan_id == plan.id, LIVE)
        .order_by(ReadingRow.period_start, ReadingRow.member)
    ).all()

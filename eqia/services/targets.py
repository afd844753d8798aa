"""Set the targets of a measure, change them and give them up; what was aimed at stays told."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from eqia.domain import measures as rules
from eqia.domain.errors import Conflict, Invalid, NotFound, Problem
from eqia.domain.events import NO_CONTEXT, Context
from eqia.domain.measures import Target
from eqia.domain.people import Person
from eqia.domain.permissions import Action
from eqia.domain.texts import clean_text
from eqia.persistence.queries import measures as queries
from eqia.persistence.queries import targets
from eqia.persistence.tables.measures import (
    MeasureRow,
    MeasureVersionRow,
    TargetEndRow,
    TargetRow,
)
from eqia.persistence.tables.plans import PlanRow
from eqia.services import standings
from eqia.services.acts import By
from eqia.services.plan_acts import acting, defined_version, log

NO_SUCH = "There is no such target."
ENDED = "Somebody changed or removed this target while you had the page open."


@dataclass(frozen=True, slots=True)
class Change:
    """Another target in the place of one, and why."""

    target_id: UUID
    target: Target
    reason: str


def set_target(
    session: Session,
    *,
    actor: Person,
    now: datetime,
    plan: PlanRow,
    measure_id: UUID,
    target: Target,
    context: Context = NO_CONTEXT,
) -> None:
    """Set a target beside those there are."""
    by = By(actor, now, context)
    with acting(session, by, Action.EDIT_PLAN, plan):
        version = defined_version(session, plan, measure_id)
        _add(session, by, version, target)
        standings.refresh(session, session.get_one(MeasureRow, measure_id))
        payload = {"measure": str(measure_id), "value": str(target.value)}
        log(session, by, "plan.target_set", plan, payload)


def change_target(
    session: Session,
    *,
    actor: Person,
    now: datetime,
    plan: PlanRow,
    measure_id: UUID,
    change: Change,
    context: Context = NO_CONTEXT,
) -> None:
    """Put another target in the place of one, and keep what was aimed at before and why."""
    by = By(actor, now, context)
    why, target = _reason(change.reason, "Say why the target is changed"), change.target
    with acting(session, by, Action.EDIT_PLAN, plan):
        version = defined_version(session, plan, measure_id)
        before = _standing(session, version, change.target_id)
        row = _add(session, by, version, target)
        _end(session, by, before, why, row)
        standings.refresh(session, session.get_one(MeasureRow, measure_id))
        payload = {
            "measure": str(measure_id),
            "before": str(before.value),
            "value": str(target.value),
        }
        log(session, by, "plan.target_changed", plan, payload, {"reason": why})


def remove_target(
    session: Session,
    *,
    actor: Person,
    now: datetime,
    plan: PlanRow,
    measure_id: UUID,
    target_id: UUID,
    reason: str,
    context: Context = NO_CONTEXT,
) -> None:
    """Give a target up; it stays told, with the reason."""
    by = By(actor, now, context)
    why = _reason(reason, "Say why the target is removed")
    with acting(session, by, Action.EDIT_PLAN, plan):
        version = defined_version(session, plan, measure_id)
        before = _standing(session, version, target_id)
        _end(session, by, before, why)
        standings.refresh(session, session.get_one(MeasureRow, measure_id))
        payload = {"measure": str(measure_id), "before": str(before.value)}
        log(session, by, "plan.target_removed", plan, payload, {"reason": why})


def _reason(typed: str, needed: str) -> str:
    why = clean_text(typed, field="reason").strip()
    if not why:
        raise Invalid([Problem("reason", needed)])
    return why


def _standing(session: Session, version: MeasureVersionRow, target_id: UUID) -> TargetRow:
    """Find a target that nobody has changed or removed yet."""
    row = targets.get(session, version, target_id)
    if row is None:
        raise NotFound(NO_SUCH)
    if targets.is_ended(session, row):
        raise Conflict(ENDED)
    return row


def _add(session: Session, by: By, version: MeasureVersionRow, target: Target) -> TargetRow:
    rules.check_target(target, queries.definition_of(version))
    row = TargetRow(
        version_id=version.id,
        member=target.member,
        kind=target.kind,
        value=target.value,
        from_date=target.from_date,
        to_date=target.to_date,
        source=clean_text(target.source, field="source").strip(),
        created_by=by.actor.id,
        created_at=by.now,
    )
    session.add(row)
    session.flush()
    return row


def _end(
    session: Session, by: By, target: TargetRow, reason: str, instead: TargetRow | None = None
) -> None:
    row = TargetEndRow(
        target_id=target.id,
        replaced_by=instead.id if instead else None,
        reason=reason,
        created_by=by.actor.id,
        created_at=by.now,
    )
    session.add(row)

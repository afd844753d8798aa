"""Which actions a measure shows the effect of: links are made, and ended with a reason."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from eqia.domain.errors import Invalid, NotFound, Problem
from eqia.domain.events import NO_CONTEXT, Context
from eqia.domain.people import Person
from eqia.domain.permissions import Action
from eqia.domain.texts import clean_text
from eqia.persistence.tables.measures import MeasureRow
from eqia.persistence.tables.plans import ActionMeasureRow, ActionRow, PlanRow
from eqia.services.acts import By
from eqia.services.plan_acts import acting, log, measure_of

NO_LINK = "The measure is not linked to this action."


def link(session: Session, by: By, measure: MeasureRow, actions: Iterable[UUID]) -> None:
    """Let a measure show whether some actions work; call it inside an act."""
    ended = {row.action_id: row for row in _rows(session, measure)}
    for one in actions:
        if one in ended:
            ended[one].ended_at = None
        else:
            session.add(
                ActionMeasureRow(
                    action_id=one,
                    measure_id=measure.id,
                    created_by=by.actor.id,
                    created_at=by.now,
                )
            )
    session.flush()


def unlink(
    session: Session,
    *,
    actor: Person,
    now: datetime,
    plan: PlanRow,
    measure_id: UUID,
    action_id: UUID,
    reason: str,
    context: Context = NO_CONTEXT,
) -> None:
    """End the link of a measure to an action it does not show the effect of; the log keeps why."""
    by, why = By(actor, now, context), clean_text(reason, field="reason").strip()
    if not why:
        raise Invalid([Problem("reason", "Say why")])
    with acting(session, by, Action.EDIT_PLAN, plan):
        measure = measure_of(session, plan, measure_id)
        rows = {row.action_id: row for row in _rows(session, measure) if row.ended_at is None}
        if action_id not in rows:
            raise NotFound(NO_LINK)
        rows[action_id].ended_at = now
        title = session.get_one(ActionRow, action_id).title
        payload = {"measure": str(measure_id), "action": str(action_id)}
        texts = {"reason": why, "title": measure.title, "action": title}
        log(session, by, "plan.measure_unlinked", plan, payload, texts)


def _rows(session: Session, measure: MeasureRow) -> list[ActionMeasureRow]:
    found = select(ActionMeasureRow).where(ActionMeasureRow.measure_id == measure.id)
    return list(session.scalars(found))

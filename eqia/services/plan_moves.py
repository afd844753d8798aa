"""Pause a plan, go on with it, or close it: each with the reason why."""

from datetime import date, datetime

from sqlalchemy.orm import Session

from eqia.domain.coverage import blocking, items
from eqia.domain.errors import NotAllowed
from eqia.domain.events import NO_CONTEXT, Context
from eqia.domain.people import Person
from eqia.domain.permissions import Action
from eqia.domain.plans import Move, PlanStatus
from eqia.persistence.tables.plans import PlanMoveRow, PlanRow
from eqia.services import acts, readiness
from eqia.services.acts import By
from eqia.services.plan_acts import acting, log, same, touched
from eqia.services.plan_snapshots import seen, snapshot

NOT_COVERED = "The plan cannot be closed while something is missing. See “What is missing”."


def move_plan(
    session: Session,
    *,
    actor: Person,
    now: datetime,
    plan: PlanRow,
    version: int,
    move: Move,
    context: Context = NO_CONTEXT,
) -> None:
    """Pause a plan, go on with it, or close it once nothing that blocks is missing."""
    by = By(actor, now, context)
    why = acts.words("reason", move.reason, "Say why")
    keeper = acts.short(move.looked_after_by, 200, "looked_after_by")
    to = move.to
    with acting(session, by, Action.MOVE_PLAN, plan, closed=True):
        same(version, plan.version)
        if to is PlanStatus.CLOSED:
            if blocking(items(seen(session, plan, by.today))):
                raise NotAllowed(NOT_COVERED, code="status")
            readiness.refuse_closing(session, plan, by.today)
        plan.pauses = _pauses(plan, to, by.today)
        plan.status = to.value
        touched(plan, by)
        session.add(
            PlanMoveRow(
                plan_id=plan.id,
                to_status=to.value,
                reason=why,
                looked_after_by=keeper if to is PlanStatus.CLOSED else "",
                snapshot=snapshot(session, plan, by.today),
                created_by=actor.id,
                created_at=now,
            )
        )
        log(session, by, f"plan.{to.value}", plan, texts={"reason": why})


def _pauses(plan: PlanRow, to: PlanStatus, today: date) -> list[list[str]]:
    """End the pause under way, or begin one; a pause ends the day before work goes on."""
    pauses = [list(one) for one in plan.pauses]
    if pauses and not pauses[-1][1]:
        first = date.fromisoformat(pauses[-1][0])
        pauses[-1][1] = max(first, today).isoformat()
    if to is PlanStatus.PAUSED:
        pauses.append([today.isoformat(), ""])
    return pauses

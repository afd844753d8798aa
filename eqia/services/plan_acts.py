"""What every act on a plan shares: who acts, the lock, the permission, the event."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from eqia.domain.errors import Conflict, NotAllowed, NotFound
from eqia.domain.permissions import Action
from eqia.domain.plans import PlanStatus
from eqia.persistence.database import writing
from eqia.persistence.queries import measures
from eqia.persistence.queries import plans as queries
from eqia.persistence.tables.measures import MeasureRow, MeasureVersionRow
from eqia.persistence.tables.plans import PlanRow
from eqia.services import events
from eqia.services.acts import By
from eqia.services.guards import must

CHANGED = "Somebody else changed this while you had the page open. Look at it again."
NOT_DEFINED = "Say first what exactly this measure counts."
CLOSED = "This plan is closed. Its lead can open it again."


@contextmanager
def acting(
    session: Session, by: By, action: Action, plan: PlanRow, *, closed: bool = False
) -> Iterator[None]:
    """Do one act on a locked plan, if this person may; a closed one stands still."""
    with writing(session):
        session.refresh(plan, with_for_update=True)
        must(by.actor, action, queries.thing_of(plan))
        if plan.status == PlanStatus.CLOSED and not closed:
            raise NotAllowed(CLOSED, code="frozen")
        yield


def same(seen: int, now: int) -> None:
    """Refuse what was written against a version that is not the newest any more."""
    if seen != now:
        raise Conflict(CHANGED)


def touched(row: Any, by: By) -> None:  # noqa: ANN401 - whichever row of a plan carries these
    """Note on a row who changed it and when, and give it the next version."""
    row.updated_by, row.updated_at = by.actor.id, by.now
    row.version += 1


def made(by: By) -> dict[str, Any]:
    """Say who made a row of a plan and when."""
    return {
        "created_by": by.actor.id,
        "created_at": by.now,
        "updated_by": by.actor.id,
        "updated_at": by.now,
    }


def log(
    session: Session,
    by: By,
    action: str,
    plan: PlanRow,
    payload: Mapping[str, Any] | None = None,
    texts: Mapping[str, str] | None = None,
) -> None:
    """Append the act to the event log of the plan."""
    session.flush()
    events.append(
        session,
        now=by.now,
        actor=by.actor,
        action=action,
        entity="plan",
        entity_id=plan.id,
        entity_version=plan.version,
        payload=payload,
        texts=texts,
        context=by.context,
    )


def measure_of(session: Session, plan: PlanRow, measure_id: UUID) -> MeasureRow:
    """Find a measure of the plan that is acted on."""
    row = measures.get(session, plan, measure_id)
    if row is None:
        raise NotFound("There is no such measure in this plan.")
    return row


def defined_version(session: Session, plan: PlanRow, measure_id: UUID) -> MeasureVersionRow:
    """Find the definition in force of a measure; one that is not defined has nothing to add to."""
    version = measures.version_of(session, measure_of(session, plan, measure_id))
    if version is None:
        raise NotAllowed(NOT_DEFINED, code="status")
    return version

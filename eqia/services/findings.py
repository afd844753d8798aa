"""The one thing about a signed finding that its team judges afterwards: how likely it is."""

from datetime import datetime

from sqlalchemy.orm import Session

from eqia.domain.errors import Conflict, Invalid, NotFound, Problem
from eqia.domain.events import NO_CONTEXT, Context
from eqia.domain.findings import LIKELIHOOD_LABELS
from eqia.domain.people import Person
from eqia.domain.permissions import Action
from eqia.persistence.tables.plans import FindingRow, PlanRow
from eqia.services.acts import By
from eqia.services.plan_acts import CHANGED, acting, log


def judge_likelihood(
    session: Session,
    *,
    actor: Person,
    now: datetime,
    plan: PlanRow,
    row: FindingRow,
    likelihood: str,
    seen: str,
    context: Context = NO_CONTEXT,
) -> None:
    """Say how likely it is that a finding comes about; `seen` is what was said before."""
    by = By(actor, now, context)
    if likelihood not in LIKELIHOOD_LABELS:
        raise Invalid([Problem("likelihood", "Choose how likely it is")])
    with acting(session, by, Action.EDIT_PLAN, plan):
        session.refresh(row)
        if row.plan_id != plan.id:
            raise NotFound("There is no such finding in this plan.")
        if row.likelihood not in {seen, likelihood}:
            raise Conflict(CHANGED)
        row.likelihood = likelihood
        payload = {"finding": str(row.id), "likelihood": likelihood}
        log(session, by, "plan.likelihood", plan, payload)

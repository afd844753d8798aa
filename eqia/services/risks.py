"""Acts on the risks and issues of a plan: add one, change it, close it with why, open it again."""

from dataclasses import replace
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from eqia.domain import risks as rules
from eqia.domain.errors import NotFound
from eqia.domain.events import NO_CONTEXT, Context
from eqia.domain.people import Person
from eqia.domain.permissions import Action
from eqia.domain.risks import Risk, RiskKind, RiskStatus
from eqia.domain.texts import clean_text
from eqia.persistence.queries import gathered
from eqia.persistence.queries import risks as queries
from eqia.persistence.tables.plan_parts import RiskRow
from eqia.persistence.tables.plans import PlanRow
from eqia.services import acts, tokens
from eqia.services.acts import By
from eqia.services.plan_acts import acting, log, made, same, touched

WHY = "Say why it is closed"


def add(
    session: Session,
    *,
    actor: Person,
    now: datetime,
    plan: PlanRow,
    risk: Risk,
    token: str = "",
    context: Context = NO_CONTEXT,
) -> RiskRow:
    """Add a risk or an issue; a token counts once."""
    by, clean = By(actor, now, context), _cleaned(risk)
    with acting(session, by, Action.EDIT_PLAN, plan):
        used = tokens.result_of(session, token=token, actor=actor) if token else None
        if used is not None:
            return session.get_one(RiskRow, used)
        row = RiskRow(plan_id=plan.id, **made(by))
        _write(session, plan, row, clean)
        session.add(row)
        session.flush()
        if token:
            tokens.use(session, token=token, actor=actor, action="add_risk", now=now, result=row.id)
        _log(session, by, "plan.risk_added", plan, row)
    return row


def change(
    session: Session,
    *,
    actor: Person,
    now: datetime,
    plan: PlanRow,
    risk_id: UUID,
    version: int,
    risk: Risk,
    context: Context = NO_CONTEXT,
) -> None:
    """Change what a risk says, or how high it is."""
    by, clean = By(actor, now, context), _cleaned(risk)
    with acting(session, by, Action.EDIT_PLAN, plan):
        row = _found(session, plan, risk_id, version)
        _write(session, plan, row, clean)
        touched(row, by)
        _log(session, by, "plan.risk_changed", plan, row)


def close(
    session: Session,
    *,
    actor: Person,
    now: datetime,
    plan: PlanRow,
    risk_id: UUID,
    version: int,
    why: str,
    context: Context = NO_CONTEXT,
) -> None:
    """Close a risk that counts no more, with the reason why."""
    by, said = By(actor, now, context), acts.words("why", why, WHY)
    with acting(session, by, Action.EDIT_PLAN, plan):
        row = _found(session, plan, risk_id, version)
        row.status, row.closed_why, row.closed_on = RiskStatus.CLOSED.value, said, by.today
        touched(row, by)
        _log(session, by, "plan.risk_closed", plan, row)


def reopen(
    session: Session,
    *,
    actor: Person,
    now: datetime,
    plan: PlanRow,
    risk_id: UUID,
    version: int,
    context: Context = NO_CONTEXT,
) -> None:
    """Open a closed risk again; why it was closed stays to be read."""
    by = By(actor, now, context)
    with acting(session, by, Action.EDIT_PLAN, plan):
        row = _found(session, plan, risk_id, version)
        row.status = RiskStatus.OPEN.value
        touched(row, by)
        _log(session, by, "plan.risk_reopened", plan, row)


def _cleaned(risk: Risk) -> Risk:
    return replace(
        risk,
        cause=clean_text(risk.cause, field="cause").strip(),
        event=clean_text(risk.event, field="event").strip(),
        effect=clean_text(risk.effect, field="effect").strip(),
        response=clean_text(risk.response, field="response").strip(),
        owner=acts.short(risk.owner, 200, "owner"),
    )


def _write(session: Session, plan: PlanRow, row: RiskRow, risk: Risk) -> None:
    groups = queries.groups(session, plan)
    if row.group_id:
        # A newer question set may lack it; what was said of it still holds.
        groups.setdefault(row.group_id, row.group_label)
    actions = {one.id for one in gathered.actions(session, plan)}
    rules.check_risk(risk, rules.Known(groups, actions))
    row.kind, row.likelihood, row.impact = RiskKind(risk.kind).value, risk.likelihood, risk.impact
    row.cause, row.event, row.effect = risk.cause, risk.event, risk.effect
    row.group_id, row.group_label = risk.group, groups.get(risk.group, "")[:200]
    row.owner, row.response = risk.owner, risk.response
    row.review_date, row.action_id = risk.review_date, risk.action


def _found(session: Session, plan: PlanRow, risk_id: UUID, version: int) -> RiskRow:
    """Read a risk anew; refuse one of another plan, or that somebody else changed."""
    row = queries.get(session, plan, risk_id)
    if row is None:
        raise NotFound("There is no such risk in this plan.")
    session.refresh(row)
    same(version, row.version)
    return row


def _log(session: Session, by: By, action: str, plan: PlanRow, row: RiskRow) -> None:
    payload = {
        "risk": str(row.id),
        "status": row.status,
        "likelihood": row.likelihood,
        "impact": row.impact,
    }
    texts = {
        "cause": row.cause,
        "event": row.event,
        "effect": row.effect,
        "response": row.response,
        "closed_why": row.closed_why,
    }
    log(session, by, action, plan, payload, texts)

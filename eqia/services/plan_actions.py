"""Acts on the actions of a plan: add one, change it, end it, say why it cannot be measured."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from eqia.domain import plans as rules
from eqia.domain.errors import NotFound
from eqia.domain.events import NO_CONTEXT, Context
from eqia.domain.people import Person
from eqia.domain.permissions import Action
from eqia.domain.plans import ActionKind, ActionStatus, End, Links
from eqia.domain.texts import clean_text
from eqia.persistence.queries import plans as queries
from eqia.persistence.tables.plans import (
    ActionRow,
    FindingActionRow,
    FindingRow,
    PlanRow,
)
from eqia.services import acts, tokens
from eqia.services.acts import By
from eqia.services.plan_acts import acting, log, made, same, touched

NO_LINKS = Links()


def add_action(
    session: Session,
    *,
    actor: Person,
    now: datetime,
    plan: PlanRow,
    action: rules.Action,
    links: Links = NO_LINKS,
    token: str = "",
    context: Context = NO_CONTEXT,
) -> ActionRow:
    """Add an action, with the findings it answers and why; a token counts once."""
    by = By(actor, now, context)
    clean, wanted = _clean_action(action), _clean_links(links)
    with acting(session, by, Action.EDIT_PLAN, plan):
        used = tokens.result_of(session, token=token, actor=actor) if token else None
        if used is not None:
            return session.get_one(ActionRow, used)
        rules.check_links(wanted, _ids(queries.findings(session, plan)))
        row = ActionRow(plan_id=plan.id, **made(by))
        _write_action(row, clean)
        session.add(row)
        session.flush()
        _link(session, by, row, wanted)
        if token:
            tokens.use(
                session, token=token, actor=actor, action="add_action", now=now, result=row.id
            )
        log(session, by, "plan.action_added", plan, {"action": str(row.id)}, {"title": row.title})
    return row


def change_action(  # noqa: PLR0913 - the act, the action and the version that was seen
    session: Session,
    *,
    actor: Person,
    now: datetime,
    plan: PlanRow,
    row: ActionRow,
    version: int,
    action: rules.Action,
    links: Links = NO_LINKS,
    context: Context = NO_CONTEXT,
) -> None:
    """Change an action; findings it answers can be added, each with the reason why."""
    by = By(actor, now, context)
    clean, wanted = _clean_action(action), _clean_links(links)
    with acting(session, by, Action.EDIT_PLAN, plan):
        _here(session, plan, row, version)
        linked = {one.finding_id for one in queries.answered_by(session, row)}
        more = replace(wanted, findings=tuple(set(wanted.findings) - linked))
        rules.check_links(more, _ids(queries.findings(session, plan)))
        _write_action(row, clean)
        touched(row, by)
        _link(session, by, row, more)
        log(session, by, "plan.action_changed", plan, {"action": str(row.id)}, {"title": row.title})


def finish_action(
    session: Session,
    *,
    actor: Person,
    now: datetime,
    plan: PlanRow,
    row: ActionRow,
    version: int,
    end: End,
    context: Context = NO_CONTEXT,
) -> None:
    """Say that an action is done, or given up, and what came of it."""
    by = By(actor, now, context)
    told = clean_text(end.outcome, field="outcome").strip()
    rules.check_end(replace(end, outcome=told), by.today)
    with acting(session, by, Action.EDIT_PLAN, plan):
        _here(session, plan, row, version)
        row.status, row.done_date, row.outcome = ActionStatus(end.status).value, end.on, told
        touched(row, by)
        payload = {"action": str(row.id), "status": row.status}
        log(session, by, "plan.action_finished", plan, payload, {"outcome": told})


def cannot_measure(
    session: Session,
    *,
    actor: Person,
    now: datetime,
    plan: PlanRow,
    row: ActionRow,
    reason: str,
    context: Context = NO_CONTEXT,
) -> None:
    """Sign why an action cannot be measured, and what is done instead."""
    by = By(actor, now, context)
    why = acts.words("reason", reason, "Say why it cannot be measured, and what you do instead")
    with acting(session, by, Action.EDIT_PLAN, plan):
        _here(session, plan, row, None)
        row.no_measure_reason, row.no_measure_by, row.no_measure_at = why, actor.id, now
        touched(row, by)
        log(session, by, "plan.not_measurable", plan, {"action": str(row.id)}, {"reason": why})


def _clean_action(action: rules.Action) -> rules.Action:
    clean = replace(
        action,
        title=clean_text(action.title, field="title").strip(),
        owner=acts.short(action.owner, 200, "owner"),
    )
    rules.check_action(clean)
    return clean


def _write_action(row: ActionRow, action: rules.Action) -> None:
    row.title, row.owner, row.due = action.title, action.owner, action.due
    row.kind = ActionKind(action.kind).value


def _here(session: Session, plan: PlanRow, row: ActionRow, version: int | None) -> None:
    """Read an action anew; refuse one of another plan, or that somebody else changed."""
    session.refresh(row)
    if row.plan_id != plan.id:
        raise NotFound("There is no such action in this plan.")
    if version is not None:
        same(version, row.version)


def _clean_links(links: Links) -> Links:
    reason = clean_text(links.reason, field="reason").strip()
    return Links(tuple(dict.fromkeys(links.findings)), reason)


def _link(session: Session, by: By, action: ActionRow, links: Links) -> None:
    session.add_all(
        FindingActionRow(
            finding_id=one,
            action_id=action.id,
            reason=links.reason,
            created_by=by.actor.id,
            created_at=by.now,
        )
        for one in links.findings
    )
    session.flush()


def _ids(rows: Iterable[FindingRow]) -> list[UUID]:
    return [row.id for row in rows]

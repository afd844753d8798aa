"""What a person says was done because a rule of the screening asked for it."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy.orm import Session

from eqia.domain.errors import Invalid, NotFound, Problem
from eqia.domain.events import NO_CONTEXT, Context
from eqia.domain.people import Person
from eqia.domain.permissions import Action
from eqia.domain.plans import ActionStatus
from eqia.domain.readiness_facts import DeedKind
from eqia.domain.readiness_owed import Owed
from eqia.domain.readiness_sheets import Sheet
from eqia.persistence.queries import plans
from eqia.persistence.queries import readiness as queries
from eqia.persistence.tables.plans import PlanRow
from eqia.persistence.tables.readiness import ReadinessDeedRow
from eqia.services import acts, tokens
from eqia.services.acts import By
from eqia.services.plan_acts import acting, log
from eqia.services.readiness import sheet

NOT_TOLD = "There is nothing to say about this rule."


@dataclass(frozen=True, slots=True)
class Told:
    """What somebody says was done because a rule asked for it."""

    on: date | None
    words: str
    action: UUID | None = None


def tell(
    session: Session,
    *,
    actor: Person,
    now: datetime,
    plan: PlanRow,
    rule: str,
    told: Told,
    token: str = "",
    context: Context = NO_CONTEXT,
) -> None:
    """Say that what a rule of the screening asks for was done, and what came of it."""
    by = By(actor, now, context)
    words = acts.words("words", told.words, "Say what was done, and what came of it")
    with acting(session, by, Action.EDIT_PLAN, plan):
        if token and tokens.result_of(session, token=token, actor=actor) is not None:
            return
        kept = queries.kept(session, plan, by.today)
        owed = owed_by(sheet(session, plan, kept, by.today), rule)
        kind = owed.deed or DeedKind.REPLY
        _check_told(session, plan, kind, told, by.today)
        row = ReadinessDeedRow(
            plan_id=plan.id,
            rule=owed.id,
            kind=kind.value,
            on_date=told.on if kind is DeedKind.REPLY else None,
            words=words,
            action_id=told.action if kind is DeedKind.INVOLVEMENT else None,
            created_by=actor.id,
            created_at=now,
        )
        session.add(row)
        session.flush()
        if token:
            tokens.use(
                session, token=token, actor=actor, action="readiness", now=now, result=row.id
            )
        payload = {"rule": owed.id, "kind": kind.value}
        log(session, by, "readiness.told", plan, payload, {"words": words})


def owed_by(whole: Sheet, rule: str) -> Owed:
    """Find what a rule asks a person to say."""
    found = next((one for one, _ in whole.to_tell if one.id == rule), None)
    if found is None:
        raise NotFound(NOT_TOLD)
    return found


def _check_told(session: Session, plan: PlanRow, kind: DeedKind, told: Told, today: date) -> None:
    problems = []
    if kind is DeedKind.REPLY:
        if told.on is None:
            problems.append(Problem("on", "Enter the day of the reply"))
        elif told.on > today:
            problems.append(Problem("on", "The day must be today or in the past"))
    else:
        done = {one.id for one in plans.actions(session, plan) if one.status == ActionStatus.DONE}
        if told.action not in done:
            problems.append(Problem("action", "Choose an action of the plan that is done"))
    if problems:
        raise Invalid(problems)

"""Acts on the PDSA cycles of a plan: begin one, and write down what was done and learned."""

from dataclasses import replace
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from eqia.domain import pdsa as rules
from eqia.domain.errors import NotFound
from eqia.domain.events import NO_CONTEXT, Context
from eqia.domain.pdsa import Cycle
from eqia.domain.people import Person
from eqia.domain.permissions import Action
from eqia.domain.texts import clean_text
from eqia.persistence.queries import gathered
from eqia.persistence.queries import pdsa as queries
from eqia.persistence.tables.plan_parts import PdsaMeasureRow, PdsaRow
from eqia.persistence.tables.plans import PlanRow
from eqia.services import tokens
from eqia.services.acts import By
from eqia.services.plan_acts import acting, log, made, same, touched


def begin(
    session: Session,
    *,
    actor: Person,
    now: datetime,
    plan: PlanRow,
    cycle: Cycle,
    token: str = "",
    context: Context = NO_CONTEXT,
) -> PdsaRow:
    """Begin a cycle with the next number of its plan; a token counts once."""
    by, clean = By(actor, now, context), _cleaned(cycle)
    with acting(session, by, Action.EDIT_PLAN, plan):
        used = tokens.result_of(session, token=token, actor=actor) if token else None
        if used is not None:
            return session.get_one(PdsaRow, used)
        _check(session, by, plan, clean)
        number = queries.next_number(session, plan)
        row = PdsaRow(plan_id=plan.id, number=number, **made(by))
        _write(row, clean)
        session.add(row)
        session.flush()
        _touch(session, by, row, clean)
        if token:
            tokens.use(session, token=token, actor=actor, action="pdsa", now=now, result=row.id)
        _log(session, by, "plan.cycle_begun", plan, row)
    return row


def change(
    session: Session,
    *,
    actor: Person,
    now: datetime,
    plan: PlanRow,
    cycle_id: UUID,
    version: int,
    cycle: Cycle,
    context: Context = NO_CONTEXT,
) -> None:
    """Write down more of a cycle, or what it ended in."""
    by, clean = By(actor, now, context), _cleaned(cycle)
    with acting(session, by, Action.EDIT_PLAN, plan):
        row = queries.get(session, plan, cycle_id)
        if row is None:
            raise NotFound("There is no such cycle in this plan.")
        session.refresh(row)
        same(version, row.version)
        _check(session, by, plan, clean)
        _write(row, clean)
        _touch(session, by, row, clean)
        touched(row, by)
        _log(session, by, "plan.cycle_changed", plan, row)


def _cleaned(cycle: Cycle) -> Cycle:
    return replace(
        cycle,
        objective=clean_text(cycle.objective, field="objective").strip(),
        prediction=clean_text(cycle.prediction, field="prediction").strip(),
        plan=clean_text(cycle.plan, field="plan").strip(),
        do=clean_text(cycle.do, field="do").strip(),
        study=clean_text(cycle.study, field="study").strip(),
        act=clean_text(cycle.act, field="act").strip(),
    )


def _check(session: Session, by: By, plan: PlanRow, cycle: Cycle) -> None:
    measures = {row.id for row in gathered.measures(session, plan)}
    rules.check_cycle(cycle, measures, by.today)


def _write(row: PdsaRow, cycle: Cycle) -> None:
    row.objective, row.prediction = cycle.objective, cycle.prediction
    row.plan_words, row.do_words = cycle.plan, cycle.do
    row.study_words, row.act_words = cycle.study, cycle.act
    if cycle.start is not None:
        row.starts_on = cycle.start
    row.ends_on, row.decision = cycle.end, cycle.decision


def _touch(session: Session, by: By, row: PdsaRow, cycle: Cycle) -> None:
    """Link the measures that are ticked; a link that is not ticked any more is kept, off."""
    there = queries.links(session, row)
    for measure_id, link in there.items():
        link.live = measure_id in cycle.measures
    session.add_all(
        PdsaMeasureRow(pdsa_id=row.id, measure_id=one, created_by=by.actor.id, created_at=by.now)
        for one in dict.fromkeys(cycle.measures)
        if one not in there
    )
    session.flush()


def _log(session: Session, by: By, action: str, plan: PlanRow, row: PdsaRow) -> None:
    payload = {"cycle": str(row.id), "number": row.number, "decision": row.decision}
    texts = {
        "objective": row.objective,
        "prediction": row.prediction,
        "plan": row.plan_words,
        "do": row.do_words,
        "study": row.study_words,
        "act": row.act_words,
    }
    log(session, by, action, plan, payload, texts)

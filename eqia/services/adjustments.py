"""Acts on the charts of a measure: new limits, a reading set aside, a note; and taking one back.

Each is a row of its own with its reason and author, and so is taking it back: nothing is erased.
"""

from dataclasses import replace
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from eqia.domain.adjustments import Adjustment, AdjustmentKind, check_adjustment
from eqia.domain.errors import Conflict, NotAllowed, NotFound
from eqia.domain.events import NO_CONTEXT, Context
from eqia.domain.measure_series import said_of
from eqia.domain.people import Person
from eqia.domain.permissions import Action
from eqia.domain.published_readings import published
from eqia.domain.texts import clean_text
from eqia.persistence.queries import adjustments as queries
from eqia.persistence.queries import measures as measure_queries
from eqia.persistence.queries import outside
from eqia.persistence.tables.adjustments import ChartAdjustmentRow
from eqia.persistence.tables.measures import MeasureRow, MeasureVersionRow
from eqia.persistence.tables.plans import PlanRow
from eqia.services import acts, standings, tokens
from eqia.services.acts import By
from eqia.services.plan_acts import acting, log

NO_MEASURE = "There is no such measure in this plan."
NOT_DEFINED = "Say first what exactly this measure counts."
NO_SUCH = "There is no such change to the charts of this measure."
TAKEN_BACK = "Somebody took this back already. Look at the measure again."
WITHDRAWAL = "withdrawal"


def adjust(
    session: Session,
    *,
    actor: Person,
    now: datetime,
    plan: PlanRow,
    measure_id: UUID,
    wanted: Adjustment,
    token: str = "",
    context: Context = NO_CONTEXT,
) -> ChartAdjustmentRow:
    """Change the charts of a measure, if it fits what stands; a token counts once."""
    by = By(actor, now, context)
    clean = replace(wanted, reason=clean_text(wanted.reason, field="reason").strip())
    with acting(session, by, Action.EDIT_PLAN, plan):
        used = tokens.result_of(session, token=token, actor=actor) if token else None
        if used is not None:
            return session.get_one(ChartAdjustmentRow, used)
        version = _version(session, plan, measure_id)
        check_adjustment(clean, queries.around(session, version), by.today)
        said, told = _words_before(session, measure_id, clean)
        row = ChartAdjustmentRow(
            version_id=version.id,
            kind=clean.kind,
            on_date=clean.on,
            member=clean.member,
            reason=clean.reason,
            said_before=said,
            told_before=told,
            created_by=actor.id,
            created_at=now,
        )
        _keep(session, by, row, token)
        standings.refresh(session, session.get_one(MeasureRow, measure_id))
        payload = {"measure": str(measure_id), "kind": row.kind, "on": row.on_date.isoformat()}
        log(session, by, "plan.chart_adjusted", plan, payload, {"reason": row.reason})
    return row


def take_back(  # noqa: PLR0913 - the act, what is taken back and why
    session: Session,
    *,
    actor: Person,
    now: datetime,
    plan: PlanRow,
    measure_id: UUID,
    adjustment_id: UUID,
    reason: str,
    token: str = "",
    context: Context = NO_CONTEXT,
) -> None:
    """Take a change back: it stays in the history, with why it no longer stands."""
    by = By(actor, now, context)
    why = acts.words("reason", reason, "Say why it no longer stands")
    with acting(session, by, Action.EDIT_PLAN, plan):
        if token and tokens.result_of(session, token=token, actor=actor) is not None:
            return
        version = _version(session, plan, measure_id)
        old = queries.get(session, version, adjustment_id)
        if old is None:
            raise NotFound(NO_SUCH)
        if queries.is_withdrawn(session, old):
            raise Conflict(TAKEN_BACK)
        said, told = _words_before(session, measure_id, *queries.values_of([old]))
        row = ChartAdjustmentRow(
            version_id=version.id,
            kind=WITHDRAWAL,
            on_date=old.on_date,
            member=old.member,
            reason=why,
            said_before=said,
            told_before=told,
            withdraws=old.id,
            created_by=actor.id,
            created_at=now,
        )
        _keep(session, by, row, token)
        standings.refresh(session, session.get_one(MeasureRow, measure_id))
        payload = {"measure": str(measure_id), "adjustment": str(old.id), "kind": old.kind}
        log(session, by, "plan.chart_restored", plan, payload, {"reason": why})


def _words_before(session: Session, measure_id: UUID, about: Adjustment) -> tuple[str, str]:
    """Say what the charts show before a change, to the team and to others; a note changes none."""
    if about.kind == AdjustmentKind.NOTE:
        return "", ""
    kin = outside.kin(session, [session.get_one(MeasureRow, measure_id)])
    views = measure_queries.views_of(session, kin)
    shown = dict(zip(views, published(list(views.values())), strict=True))
    return said_of(views[measure_id], about), said_of(shown[measure_id], about)


def _version(session: Session, plan: PlanRow, measure_id: UUID) -> MeasureVersionRow:
    measure = measure_queries.get(session, plan, measure_id)
    if measure is None:
        raise NotFound(NO_MEASURE)
    version = measure_queries.version_of(session, measure)
    if version is None:
        raise NotAllowed(NOT_DEFINED, code="status")
    return version


def _keep(session: Session, by: By, row: ChartAdjustmentRow, token: str) -> None:
    session.add(row)
    session.flush()
    if token:
        tokens.use(
            session,
            token=token,
            actor=by.actor,
            action="adjust_chart",
            now=by.now,
            result=row.id,
        )

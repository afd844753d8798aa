"""Everything some plans have, in as many statements as one plan needs."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from eqia.domain.review_answers import Rescreening
from eqia.domain.screenings import Status
from eqia.domain.standings import Standing
from eqia.persistence.queries import plan_reviews, risks, standings
from eqia.persistence.tables.measures import MeasureRow, MeasureVersionRow
from eqia.persistence.tables.organisations import OrganisationRow
from eqia.persistence.tables.people import PersonRow
from eqia.persistence.tables.plan_parts import RiskRow
from eqia.persistence.tables.plans import (
    ActionMeasureRow,
    ActionRow,
    FindingActionRow,
    FindingRow,
    PlanReviewRow,
    PlanRow,
)
from eqia.persistence.tables.screenings import ScreeningRow


@dataclass(frozen=True, slots=True)
class Gathered:
    """The rows of one plan, each kind in its order."""

    plan: PlanRow
    findings: Sequence[FindingRow]
    actions: Sequence[ActionRow]
    answering: Sequence[FindingActionRow]
    showing: Sequence[ActionMeasureRow]
    measures: Sequence[MeasureRow]
    versions: Sequence[MeasureVersionRow]
    #: when each measure was first defined
    defined: Mapping[UUID, datetime]
    #: how each stands, as kept when its readings last changed
    standings: Mapping[UUID, Standing]
    #: days after which a reading that is due counts as overdue
    grace: int
    reviews: Sequence[PlanReviewRow]
    #: the decision to screen again that is not carried out yet
    again: Rescreening | None
    risks: Sequence[RiskRow]
    #: the number of a later signed version of the screening, or 0
    newer: int
    inactive: frozenset[str]
    #: whether it is for people outside the team, with small numbers hidden
    outside: bool


def gather(session: Session, plan: PlanRow, *, outside: bool = False) -> Gathered:
    """Read everything a plan has, as its team or as people outside it see its figures."""
    return gather_all(session, [plan], outside=outside)[0]


def gather_all(
    session: Session, plans: Sequence[PlanRow], *, outside: bool = False
) -> list[Gathered]:
    """Read everything some plans have, in as many statements as for one."""
    ids = [plan.id for plan in plans]
    actions = session.scalars(_actions(ids)).all()
    measures = session.scalars(_measures(ids)).all()
    of_action = {row.id: row.plan_id for row in actions}
    of_measure = {row.id: row.plan_id for row in measures}
    answering, showing, versions = (session.scalars(one).all() for one in _hanging(ids))
    parts: dict[str, dict[UUID, Any]] = {
        "findings": _apart(session.scalars(_findings(ids)), _plan_of),
        "actions": _apart(actions, _plan_of),
        "answering": _apart(answering, lambda row: of_action[row.action_id]),
        "showing": _apart(showing, lambda row: of_action[row.action_id]),
        "measures": _apart(measures, _plan_of),
        "versions": _apart(versions, lambda row: of_measure[row.measure_id]),
        "reviews": _apart(session.scalars(_reviews(ids)), _plan_of),
        "risks": _apart(session.scalars(risks.of_plans(ids)), _plan_of),
    }
    newest = _newest(session, plans)
    again = plan_reviews.rescreenings(session, plans, parts["reviews"])
    kept = standings.published if outside else standings.exact
    shared: dict[str, Any] = {
        "outside": outside,
        "standings": kept(session, ids_of_measures(*plans)),
        "grace": grace(session),
        # In the order of their numbers, so that the first of each is left.
        "defined": {row.measure_id: row.created_at for row in reversed(versions)},
        "inactive": frozenset(session.scalars(_gone(ids))),
    }
    return [
        Gathered(
            plan=plan,
            newer=newest.get(plan.id, 0),
            again=again.get(plan.id),
            **{name: found.get(plan.id, []) for name, found in parts.items()},
            **shared,
        )
        for plan in plans
    ]


def groups_of(gathered: Gathered) -> frozenset[str]:
    """Give the names of all groups that the findings and measures of a plan tell apart."""
    counted = {one["label"] for row in gathered.versions for one in row.members}
    return frozenset(counted | {row.label for row in gathered.findings})


def findings(session: Session, plan: PlanRow) -> Sequence[FindingRow]:
    """List the findings a plan answers, in the order of the form."""
    return session.scalars(_findings([plan.id])).all()


def actions(session: Session, plan: PlanRow) -> Sequence[ActionRow]:
    """List the actions of a plan, in the order they were made."""
    return session.scalars(_actions([plan.id])).all()


def measures(session: Session, plan: PlanRow) -> Sequence[MeasureRow]:
    """List the measures of a plan, in the order they were made."""
    return session.scalars(_measures([plan.id])).all()


def ids_of_measures(*plans: PlanRow) -> Select[UUID]:
    """Choose the measures of some plans."""
    return select(MeasureRow.id).where(MeasureRow.plan_id.in_([plan.id for plan in plans]))


def grace(session: Session) -> int:
    """Give the days of grace the organisation allows for readings."""
    return session.scalar(select(OrganisationRow.grace_days)) or 0


def _findings(ids: Sequence[UUID]) -> Select[FindingRow]:
    return (
        select(FindingRow)
        .where(FindingRow.plan_id.in_(ids))
        .order_by(FindingRow.created_at, FindingRow.position, FindingRow.id)
    )


def _actions(ids: Sequence[UUID]) -> Select[ActionRow]:
    return (
        select(ActionRow)
        .where(ActionRow.plan_id.in_(ids))
        .order_by(ActionRow.created_at, ActionRow.due, ActionRow.cause, ActionRow.id)
    )


def _measures(ids: Sequence[UUID]) -> Select[MeasureRow]:
    return (
        select(MeasureRow)
        .where(MeasureRow.plan_id.in_(ids))
        .order_by(MeasureRow.created_at, MeasureRow.cause, MeasureRow.id)
    )


def _reviews(ids: Sequence[UUID]) -> Select[PlanReviewRow]:
    """Choose the reviews that were held, the latest first."""
    return (
        select(PlanReviewRow)
        .where(PlanReviewRow.plan_id.in_(ids))
        .order_by(PlanReviewRow.held_on.desc(), PlanReviewRow.created_at.desc(), PlanReviewRow.id)
    )


def _hanging(
    ids: Sequence[UUID],
) -> tuple[Select[FindingActionRow], Select[ActionMeasureRow], Select[MeasureVersionRow]]:
    """Choose what hangs on actions and measures, and so on the plan by way of them."""
    steps = select(ActionRow.id).where(ActionRow.plan_id.in_(ids))
    counted = select(MeasureRow.id).where(MeasureRow.plan_id.in_(ids))
    return (
        select(FindingActionRow)
        .where(FindingActionRow.action_id.in_(steps))
        .order_by(FindingActionRow.created_at, FindingActionRow.id),
        select(ActionMeasureRow)
        .where(ActionMeasureRow.action_id.in_(steps), ActionMeasureRow.ended_at.is_(None))
        .order_by(ActionMeasureRow.created_at, ActionMeasureRow.id),
        select(MeasureVersionRow)
        .where(MeasureVersionRow.measure_id.in_(counted))
        .order_by(MeasureVersionRow.number, MeasureVersionRow.id),
    )


def _newest(session: Session, plans: Sequence[PlanRow]) -> dict[UUID, int]:
    """Find the plans whose screening has a later signed version, with its number."""
    signed = session.execute(
        select(PlanRow.id, ScreeningRow.number)
        .join(ScreeningRow, ScreeningRow.reference == PlanRow.reference)
        .where(
            PlanRow.id.in_([plan.id for plan in plans]),
            ScreeningRow.status == Status.SIGNED,
            ScreeningRow.id != PlanRow.screening_id,
        )
        .order_by(ScreeningRow.number)
    )
    return {row.id: row.number for row in signed}


def _gone(ids: Sequence[UUID]) -> Select[str]:
    """Choose the names of owners whose account is not active any more."""
    tables = (ActionRow, MeasureRow, RiskRow)
    owned, *more = (select(one.owner).where(one.plan_id.in_(ids)) for one in tables)
    everybody = owned.union(*more).subquery()
    return select(PersonRow.name).where(
        ~PersonRow.active, PersonRow.name.in_(select(everybody.c.owner))
    )


def _plan_of(row: Any) -> UUID:  # noqa: ANN401 - whichever row of a plan it is
    found: UUID = row.plan_id
    return found


def _apart(rows: Iterable[Any], plan_of: Callable[[Any], UUID]) -> dict[UUID, list[Any]]:
    """Tell the rows of one plan from those of another, in their order."""
    found: dict[UUID, list[Any]] = {}
    for row in rows:
        found.setdefault(plan_of(row), []).append(row)
    return found

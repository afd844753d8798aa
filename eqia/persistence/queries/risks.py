"""Risks and issues of a plan, the open ones first and the highest of them first."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from eqia.domain.questions import text_in
from eqia.domain.risks import Risk, RiskStatus, RiskView, score
from eqia.persistence.queries import screenings
from eqia.persistence.tables.plan_parts import RiskRow
from eqia.persistence.tables.plans import PlanRow
from eqia.persistence.tables.screenings import ScreeningRow


def of_plan(session: Session, plan: PlanRow) -> Sequence[RiskRow]:
    """List the risks and issues of a plan."""
    return session.scalars(of_plans([plan.id])).all()


def of_plans(ids: Sequence[UUID]) -> Select[RiskRow]:
    """Choose the risks and issues of some plans, those of each in their order."""
    return (
        select(RiskRow)
        .where(RiskRow.plan_id.in_(ids))
        .order_by(
            RiskRow.status.desc(),
            (RiskRow.likelihood * RiskRow.impact).desc(),
            RiskRow.created_at,
            RiskRow.id,
        )
    )


def get(session: Session, plan: PlanRow, risk_id: UUID) -> RiskRow | None:
    """Find a risk of this plan."""
    row = session.get(RiskRow, risk_id)
    return row if row is not None and row.plan_id == plan.id else None


def groups(session: Session, plan: PlanRow) -> dict[str, str]:
    """Give the groups of the question set the plan's screening is asked with, by their labels."""
    screening = session.get_one(ScreeningRow, plan.screening_id)
    asked = screenings.question_set_of(session, screening)
    return {
        group.id: text_in(group.label, screening.language)
        for one in asked.groups
        for group in one.groups
    }


def facts_of(row: RiskRow) -> Risk:
    """Read a row as the risk it holds."""
    return Risk(
        kind=row.kind,
        cause=row.cause,
        event=row.event,
        effect=row.effect,
        likelihood=row.likelihood,
        impact=row.impact,
        group=row.group_id,
        owner=row.owner,
        response=row.response,
        review_date=row.review_date,
        action=row.action_id,
    )


def view_of(row: RiskRow) -> RiskView:
    """See a risk as the plan does when it looks for what is missing."""
    return RiskView(
        id=str(row.id),
        title=row.event,
        score=score(row.likelihood, row.impact),
        is_open=row.status == RiskStatus.OPEN,
        owner=row.owner,
        response=bool(row.response),
        review_date=row.review_date,
    )

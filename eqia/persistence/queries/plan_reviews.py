"""What reviews of plans made of what was open, and the screenings they decided to hold again."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from eqia.domain.days import london_day
from eqia.domain.plans import ReviewDecision
from eqia.domain.review_answers import Answer, Rescreening, answer_from
from eqia.domain.screenings import Status
from eqia.persistence.tables.plans import PlanReviewRow, PlanRow
from eqia.persistence.tables.screenings import ScreeningRow

_OVER = frozenset({Status.SIGNED, Status.SUPERSEDED})


def answers_of(reviews: Iterable[PlanReviewRow]) -> tuple[Answer, ...]:
    """Give every answer of some reviews."""
    return tuple(answer_from(one) for row in reviews for one in row.answers or ())


def last_unasked(reviews: Iterable[PlanReviewRow]) -> date | None:
    """Find the last review that was not asked for an answer to each concern."""
    return max((row.held_on for row in reviews if row.answers is None), default=None)


def rescreenings(
    session: Session,
    plans: Sequence[PlanRow],
    reviews: Mapping[UUID, Sequence[PlanReviewRow]],
) -> dict[UUID, Rescreening]:
    """Find the plans of which a review decided to screen again, until that is signed."""
    decided = {
        plan: row for plan in plans if (row := _decided(reviews.get(plan.id, ()))) is not None
    }
    if not decided:
        return {}
    versions: dict[str, list[ScreeningRow]] = {}
    rows = session.scalars(
        select(ScreeningRow)
        .where(ScreeningRow.reference.in_([plan.reference for plan in decided]))
        .order_by(ScreeningRow.number)
    )
    for one in rows:
        versions.setdefault(one.reference, []).append(one)
    found = {
        plan.id: _rescreening(row, versions.get(plan.reference, []))
        for plan, row in decided.items()
    }
    return {plan_id: one for plan_id, one in found.items() if one is not None}


def takes_in(version: ScreeningRow, review: PlanReviewRow) -> bool:
    """Whether a version was begun, or its answers were sent, after a review."""
    sent = version.submitted_at
    return version.created_at > review.created_at or sent is None or sent > review.created_at


def _decided(reviews: Sequence[PlanReviewRow]) -> PlanReviewRow | None:
    """Find the decision in force, the latest first; a change that stops is screened no more."""
    for row in reviews:
        if row.decision in {ReviewDecision.STOP, ReviewDecision.RESCREEN}:
            return row if row.decision == ReviewDecision.RESCREEN else None
    return None


def _rescreening(row: PlanReviewRow, versions: Sequence[ScreeningRow]) -> Rescreening | None:
    """Say how far it is; none once a version that could take the decision in is signed."""
    live = [one for one in versions if one.status is not Status.WITHDRAWN]
    after = [one for one in live if takes_in(one, row)]
    if any(one.status in _OVER for one in after):
        return None
    under_way = after[-1] if after else None
    gone = [one for one in versions if one not in live and one.updated_at > row.created_at]
    last = max((one.number for one in versions), default=0)
    return Rescreening(
        decided_on=row.held_on,
        who=row.rescreen_by,
        due=row.rescreen_due,
        number=under_way.number if under_way else last + 1,
        status=under_way.status.value if under_way else "",
        version=str(under_way.id) if under_way else "",
        withdrawn=gone[-1].number if gone else 0,
        withdrawn_on=london_day(gone[-1].updated_at) if gone else None,
    )

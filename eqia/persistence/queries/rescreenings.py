"""Find the review that decided to screen again, for the version that answers it."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from eqia.domain.plans import ReviewDecision
from eqia.domain.rescreenings import Again, doubts_from
from eqia.domain.small_numbers import hidden_outside
from eqia.persistence.queries import plans
from eqia.persistence.queries.plan_reviews import answers_of, takes_in
from eqia.persistence.queries.screenings import version_before
from eqia.persistence.tables.measures import MeasureRow, MeasureVersionRow
from eqia.persistence.tables.people import PersonRow
from eqia.persistence.tables.plans import PlanReviewRow, PlanRow
from eqia.persistence.tables.screenings import ScreeningRow

_DECISIVE = (ReviewDecision.STOP.value, ReviewDecision.RESCREEN.value)


def behind(session: Session, version: ScreeningRow) -> Again | None:
    """Find why a version was begun again; None where no review decided so."""
    before = version_before(session, version)
    if before is None:
        return None
    found = [
        one
        for one in _decided(session, version.reference)
        if takes_in(version, one) and not takes_in(before, one)
    ]
    return _again(session, found[0], before) if found and _screens(found[0]) else None


def ahead(session: Session, signed: ScreeningRow) -> Again | None:
    """Find why a version that is signed should be followed by another; None where nothing is."""
    found = [one for one in _decided(session, signed.reference) if not takes_in(signed, one)]
    return _again(session, found[0], signed) if found and _screens(found[0]) else None


def _decided(session: Session, reference: str) -> Sequence[PlanReviewRow]:
    """List the reviews that decided whether to screen again, the latest first."""
    return session.scalars(
        select(PlanReviewRow)
        .join(PlanRow, PlanRow.id == PlanReviewRow.plan_id)
        .where(PlanRow.reference == reference, PlanReviewRow.decision.in_(_DECISIVE))
        .order_by(PlanReviewRow.held_on.desc(), PlanReviewRow.created_at.desc(), PlanReviewRow.id)
    ).all()


def _screens(review: PlanReviewRow) -> bool:
    return review.decision == ReviewDecision.RESCREEN


def _again(session: Session, review: PlanReviewRow, doubted: ScreeningRow) -> Again:
    plan = session.get_one(PlanRow, review.plan_id)
    groups = _group_names(session, plan)
    answers = {one.key: hidden_outside(one.text, groups) for one in answers_of([review])}
    return Again(
        held_on=review.held_on,
        who=session.get_one(PersonRow, review.created_by).name,
        notes=hidden_outside(review.notes, groups),
        number=doubted.number,
        plan=str(plan.id),
        doubts=doubts_from(review.snapshot.get("doubts", ()), answers),
    )


def _group_names(session: Session, plan: PlanRow) -> frozenset[str]:
    """Give the names of all groups that its findings and measures tell apart."""
    counted = session.scalars(
        select(MeasureVersionRow.members)
        .join(MeasureRow, MeasureRow.id == MeasureVersionRow.measure_id)
        .where(MeasureRow.plan_id == plan.id)
    )
    found = {row.label for row in plans.findings(session, plan)}
    return frozenset(found | {one["label"] for members in counted for one in members})

"""The plan that is there when a version is signed, gathered for the annex of its record."""

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from eqia.domain.annexes import Measured, annex_of
from eqia.domain.coverage import covered, items
from eqia.domain.days import london_day
from eqia.domain.findings import DIRECTION_LABELS
from eqia.domain.plans import (
    ACTION_STATUS_LABELS,
    DECISION_LABELS,
    PLAN_LABELS,
    ActionStatus,
    PlanStatus,
)
from eqia.domain.small_numbers import hidden_outside
from eqia.domain.untold import untold_in
from eqia.persistence.queries import acts_done, outside, people, plan_reviews
from eqia.persistence.queries import measures as measure_queries
from eqia.persistence.queries import plans as queries
from eqia.persistence.queries.measures import Shown
from eqia.persistence.queries.plans import Gathered
from eqia.persistence.tables.plans import (
    ActionRow,
    FindingRow,
    PlanMoveRow,
    PlanReviewRow,
    PlanRow,
)
from eqia.persistence.tables.screenings import ScreeningRow


def of_screening(session: Session, screening: ScreeningRow, today: date) -> dict[str, Any] | None:
    """Freeze the plan under a screening's reference; None where none was opened yet."""
    plan = queries.of_reference(session, screening.reference)
    return None if plan is None else of_plan(session, plan, today)


def of_plan(session: Session, plan: PlanRow, today: date) -> dict[str, Any]:
    """Freeze a plan as people outside its team see it on a day."""
    gathered = queries.gather(session, plan, outside=True)
    shown = measure_queries.shown(session, gathered, today)
    views = outside.views(session, gathered.measures)
    done = acts_done.by_measure(session, gathered)
    measured = [
        Measured(
            views[one.row.id],
            one.version.number,
            one.row.source,
            tuple(done[one.row.id]),
        )
        for one in shown
        if one.version is not None
    ]
    return annex_of(_told(session, gathered, shown, today), measured)


def _told(
    session: Session, gathered: Gathered, shown: tuple[Shown, ...], today: date
) -> dict[str, Any]:
    plan, groups = gathered.plan, queries.groups_of(gathered)
    picture = measure_queries.picture(gathered, shown, today)
    reviews, moves = gathered.reviews, queries.moves(session, plan)
    makers = [*(row.created_by for row in reviews), *(row.created_by for row in moves)]
    names = people.names(session, makers)
    moved = [_move(row, names.get(row.created_by, ""), groups) for row in moves]
    untold = [one.words for one in untold_in(picture)]
    return {
        "aim": plan.aim,
        "lead": plan.lead,
        "sponsor": plan.sponsor,
        "status": PLAN_LABELS[plan.status],
        "change_start": plan.change_start,
        "next_review": plan.next_review,
        "coverage": covered(picture, items(picture)).words,
        "findings": _findings(gathered, today),
        "reviews": [_review(row, names.get(row.created_by, ""), groups) for row in reviews],
        **({"moves": moved} if moved else {}),
        **({"untold": untold} if untold else {}),
    }


def _review(row: PlanReviewRow, who: str, groups: frozenset[str]) -> dict[str, Any]:
    """Give what a review decided and what it made of each concern, as far as it may be told."""
    answers = [
        [one.name, one.told, hidden_outside(one.text, groups)]
        for one in plan_reviews.answers_of([row])
        if one.told
    ]
    again = {"by": row.rescreen_by, "due": row.rescreen_due} if row.rescreen_by else None
    return {
        "held_on": row.held_on,
        "who": who,
        "decision": DECISION_LABELS[row.decision],
        "notes": hidden_outside(row.notes, groups),
        "coverage": _seen_then(row.snapshot),
        **({"again": again} if again else {}),
        **({"answers": answers} if answers else {}),
    }


def _move(row: PlanMoveRow, who: str, groups: frozenset[str]) -> dict[str, Any]:
    return {
        "status": PLAN_LABELS[row.to_status],
        "on": london_day(row.created_at),
        "who": who,
        "reason": hidden_outside(row.reason, groups),
        "keeper": row.looked_after_by,
    }


def _seen_then(snapshot: Mapping[str, Any]) -> str:
    """Say what was covered on the day of a review, and of whom it could not be told."""
    hidden = " | ".join(snapshot.get("untold", ()))
    told = [f"Not to be told where small numbers are hidden: {hidden}"] if hidden else []
    return ". ".join([snapshot.get("coverage", ""), *told])


def _findings(gathered: Gathered, today: date) -> list[dict[str, Any]]:
    """Give the findings that something is done about, or should be."""
    here = gathered.plan.screening_id
    rows = [row for row in gathered.findings if row.screening_id == here]
    found = [_finding(gathered, row, today) for row in rows]
    needing = {"negative", "unknown"}
    return [
        one
        for row, one in zip(rows, found, strict=True)
        if one["actions"] or row.direction in needing
    ]


def _finding(gathered: Gathered, row: FindingRow, today: date) -> dict[str, Any]:
    reasons = {
        link.action_id: link.reason for link in gathered.answering if link.finding_id == row.id
    }
    return {
        "label": row.label,
        "effect": row.effect or DIRECTION_LABELS[row.direction],
        "statement": row.statement,
        "no_action": hidden_outside(row.no_action_reason, queries.groups_of(gathered)),
        "actions": [
            _action(gathered, action, reasons, today)
            for action in gathered.actions
            if action.id in reasons
        ],
    }


def _action(
    gathered: Gathered, row: ActionRow, reasons: Mapping[UUID, str], today: date
) -> dict[str, Any]:
    linked = {link.measure_id for link in gathered.showing if link.action_id == row.id}
    groups = queries.groups_of(gathered)
    is_asked = row.status == ActionStatus.OPEN and gathered.plan.status != PlanStatus.CLOSED
    return {
        "title": row.title,
        "reason": hidden_outside(reasons[row.id], groups),
        "owner": row.owner,
        "due": row.due,
        "status": ACTION_STATUS_LABELS[row.status],
        "done": row.done_date,
        "outcome": hidden_outside(row.outcome, groups),
        "unmeasurable": hidden_outside(row.no_measure_reason, groups),
        "measures": [one.title.splitlines()[0] for one in gathered.measures if one.id in linked],
        **({"late": True} if is_asked and row.due and row.due < today else {}),
    }

"""The plan that is there when a version is signed, gathered for the annex of its record."""

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from eqia.domain.annexes import Measured, annex_of
from eqia.domain.coverage import covered, items
from eqia.domain.findings import DIRECTION_LABELS
from eqia.domain.plans import ACTION_STATUS_LABELS, DECISION_LABELS, PLAN_LABELS
from eqia.domain.small_numbers import hidden_outside
from eqia.persistence.queries import acts_done, outside
from eqia.persistence.queries import measures as measure_queries
from eqia.persistence.queries import plans as queries
from eqia.persistence.queries.measures import Shown
from eqia.persistence.queries.plans import Gathered
from eqia.persistence.tables.plans import ActionRow, FindingRow, PlanRow
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
    return annex_of(_told(gathered, shown, today), measured)


def _told(gathered: Gathered, shown: tuple[Shown, ...], today: date) -> dict[str, Any]:
    plan, groups = gathered.plan, queries.groups_of(gathered)
    picture = measure_queries.picture(gathered, shown, today)
    return {
        "aim": plan.aim,
        "lead": plan.lead,
        "sponsor": plan.sponsor,
        "status": PLAN_LABELS[plan.status],
        "change_start": plan.change_start,
        "next_review": plan.next_review,
        "coverage": covered(picture, items(picture)).words,
        "findings": _findings(gathered),
        "reviews": [
            {
                "held_on": row.held_on,
                "decision": DECISION_LABELS[row.decision],
                "notes": hidden_outside(row.notes, groups),
                "coverage": _seen_then(row.snapshot),
            }
            for row in gathered.reviews
        ],
    }


def _seen_then(snapshot: Mapping[str, Any]) -> str:
    """Say what was covered on the day of a review, and of whom it could not be told."""
    hidden = " | ".join(snapshot.get("untold", ()))
    told = [f"Not to be told where small numbers are hidden: {hidden}"] if hidden else []
    return ". ".join([snapshot.get("coverage", ""), *told])


def _findings(gathered: Gathered) -> list[dict[str, Any]]:
    """Give the findings that something is done about, or should be."""
    here = gathered.plan.screening_id
    rows = [row for row in gathered.findings if row.screening_id == here]
    found = [_finding(gathered, row) for row in rows]
    needing = {"negative", "unknown"}
    return [
        one
        for row, one in zip(rows, found, strict=True)
        if one["actions"] or row.direction in needing
    ]


def _finding(gathered: Gathered, row: FindingRow) -> dict[str, Any]:
    reasons = {
        link.action_id: link.reason for link in gathered.answering if link.finding_id == row.id
    }
    return {
        "label": row.label,
        "effect": row.effect or DIRECTION_LABELS[row.direction],
        "statement": row.statement,
        "no_action": hidden_outside(row.no_action_reason, queries.groups_of(gathered)),
        "actions": [
            _action(gathered, action, reasons)
            for action in gathered.actions
            if action.id in reasons
        ],
    }


def _action(gathered: Gathered, row: ActionRow, reasons: Mapping[UUID, str]) -> dict[str, Any]:
    linked = {link.measure_id for link in gathered.showing if link.action_id == row.id}
    groups = queries.groups_of(gathered)
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
    }

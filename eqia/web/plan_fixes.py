"""Where something that is missing in a plan is put right."""

from flask import url_for

from eqia.domain.coverage import Item, On
from eqia.persistence.tables.plans import PlanRow

#: what a review answers
_REVIEWED = frozenset({"C14", "C15"})


def address_of(plan: PlanRow, item: Item, *, may_review: bool) -> str:
    """Give the address where something missing is put right."""
    if item.rule in _REVIEWED and item.on is On.PLAN:
        return _to_screening(plan, item)
    if item.rule in _REVIEWED and may_review:
        return url_for("plans.review", plan_id=plan.id)
    return _FIXES[item.on](plan, item)


def _to_plan(plan: PlanRow, _item: Item) -> str:
    return url_for("plans.show", plan_id=plan.id, _anchor="take-over")


def _to_screening(plan: PlanRow, item: Item) -> str:
    """Lead to the version that screens again, or to where it is started."""
    if item.row:
        return url_for("screenings.show", screening_id=item.row)
    return url_for("screenings.new_version", screening_id=plan.screening_id)


def _to_finding(plan: PlanRow, item: Item) -> str:
    if item.rule == "C04":
        return url_for("plans.show", plan_id=plan.id, _anchor="measures")
    return url_for("plans.add_action", plan_id=plan.id)


def _to_action(plan: PlanRow, item: Item) -> str:
    if item.rule == "C03":
        return url_for("plans.cannot_measure", plan_id=plan.id, step_id=item.row)
    return url_for("plans.action", plan_id=plan.id, step_id=item.row)


def _to_measure(plan: PlanRow, item: Item) -> str:
    endpoints = {
        "C05": "measures.edit",
        "C06": "measures.edit",
        "C10": "measures.edit",
        "C07": "measures.baseline",
        "C09": "measures.target",
        "C17": "measures.baseline",
        "C22": "measures.edit",
    }
    named = endpoints.get(item.rule, "measures.show")
    return url_for(named, plan_id=plan.id, measure_id=item.row)


def _to_risk(plan: PlanRow, item: Item) -> str:
    return url_for("risks.edit", plan_id=plan.id, risk_id=item.row)


_FIXES = {
    On.PLAN: _to_plan,
    On.FINDING: _to_finding,
    On.ACTION: _to_action,
    On.MEASURE: _to_measure,
    On.RISK: _to_risk,
}

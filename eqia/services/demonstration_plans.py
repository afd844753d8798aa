"""The demonstration's plans: each follows a signed screening, with two years of readings."""

import tomllib
from collections.abc import Iterator
from pathlib import Path

from sqlalchemy import select

from eqia.domain.plans import Action, Links, Plan, Review
from eqia.domain.screenings import Status
from eqia.persistence.queries import plans as queries
from eqia.persistence.tables.plans import PlanRow
from eqia.persistence.tables.projects import ProjectRow
from eqia.persistence.tables.screenings import ScreeningRow
from eqia.services import (
    demonstration_measures,
    demonstration_parts,
    demonstration_readiness,
    plan_actions,
    plan_answers,
    plans,
)
from eqia.services.demonstration_story import Acts, By, Stage, Story, in_order

_FOLDER = Path(__file__).parent
#: the files that tell of each plan
_PLANS = (
    ("demonstration_plans", "demonstration_parts", "demonstration_readiness"),
    ("demonstration_walkin", "demonstration_walkin_readings"),
)


def follow(stage: Stage) -> Iterator[Acts]:
    """Tell of each plan: it is opened, measures are defined and read, and the rest is filled in."""
    for names in _PLANS:
        told: dict[str, object] = {}
        for name in names:
            told |= tomllib.loads((_FOLDER / f"{name}.toml").read_text(encoding="utf-8"))
        yield _follow(stage, told)


def _follow(stage: Stage, told: Story) -> Acts:
    yield stage.at(told["opened"])
    plan = _open(stage, told)
    for one in told.get("actions", ()):
        _action(stage, told, one, plan)
    yield from in_order(
        [
            *(demonstration_measures.add(stage, told, one, plan) for one in told["measures"]),
            demonstration_parts.fill(stage, plan, told),
            *([_review(stage, told, plan)] if "held" in told else []),
            demonstration_readiness.answer(stage, plan, told),
        ]
    )


def _open(stage: Stage, told: Story) -> PlanRow:
    screening = stage.session.scalars(
        select(ScreeningRow)
        .join(ProjectRow, ProjectRow.id == ScreeningRow.project_id)
        .where(ProjectRow.title == told["project"], ScreeningRow.status == Status.SIGNED)
    ).one()
    project = stage.session.get_one(ProjectRow, screening.project_id)
    return plans.open_plan(
        stage.session,
        **_by(stage, told, told["opened"]),
        screening=screening,
        plan=Plan(
            aim=told["aim"],
            lead=told["plan_lead"],
            sponsor=told["sponsor"],
            start_date=project.start_date,
            end_date=project.end_date,
            change_start=stage.day(told["change_start"]),
            next_review=stage.day(told["review"]),
        ),
    )


def _by(stage: Stage, told: Story, days: int) -> By:
    now = stage.at(days)
    return {"actor": stage.person(told["lead"], now), "now": now}


def _action(stage: Stage, told: Story, one: Story, plan: PlanRow) -> None:
    """Add an action that answers findings, and say why if it cannot be measured."""
    by = _by(stage, told, told["opened"])
    found = queries.findings(stage.session, plan)
    answered = tuple(row.id for row in found if row.group_id in one["answers"])
    row = plan_actions.add_action(
        stage.session,
        **by,
        plan=plan,
        action=Action(
            title=one["title"], kind=one["kind"], owner=one["owner"], due=stage.day(one["due"])
        ),
        links=Links(answered, one["because"]),
    )
    if "no_measure" in one:
        why = one["no_measure"]
        plan_actions.cannot_measure(stage.session, **by, plan=plan, row=row, reason=why)


def _review(stage: Stage, told: Story, plan: PlanRow) -> Acts:
    held = told["held"]
    yield stage.at(held["on"])
    by = _by(stage, told, held["on"])
    asked = plan_answers.asked(stage.session, by["actor"], plan, stage.day(held["on"]))
    plans.hold_review(
        stage.session,
        **by,
        plan=plan,
        review=Review(
            held_on=stage.day(held["on"]),
            decision=held["decision"],
            notes=held["notes"],
            attendees=held["attendees"],
            next_review=stage.day(held["next"]),
            answers={one.key: held["answer"] for one in asked},
        ),
    )

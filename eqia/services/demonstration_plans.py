"""The demonstration's plan: two measures split by group, with two years of monthly readings."""

import tomllib
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

from sqlalchemy import select

from eqia.domain.adjustments import Adjustment
from eqia.domain.flags import add_months
from eqia.domain.measures import (
    OVERALL,
    Baseline,
    BaselineState,
    Definition,
    Routine,
    Shape,
    Target,
    TargetKind,
    members_from,
)
from eqia.domain.periods import Frequency, Period, Schedule
from eqia.domain.plans import Plan, Review
from eqia.domain.readings import Figure
from eqia.domain.screenings import Status
from eqia.persistence.queries import plans as queries
from eqia.persistence.tables.measures import MeasureRow
from eqia.persistence.tables.plans import PlanRow
from eqia.persistence.tables.projects import ProjectRow
from eqia.persistence.tables.screenings import ScreeningRow
from eqia.services import (
    adjustments,
    demonstration_parts,
    demonstration_readiness,
    measures,
    plans,
)
from eqia.services.demonstration_story import Stage, Story

_FILE = Path(__file__).with_name("demonstration_plans.toml")
#: figures of a month are entered so many days after it
_ENTERED_AFTER = timedelta(days=10)


def follow(stage: Stage) -> None:
    """Open the plan of a signed screening, define its measures and enter what was read."""
    told = tomllib.loads(_FILE.read_text(encoding="utf-8"))
    screening = stage.session.scalars(
        select(ScreeningRow)
        .join(ProjectRow, ProjectRow.id == ScreeningRow.project_id)
        .where(ProjectRow.title == told["project"], ScreeningRow.status == Status.SIGNED)
    ).one()
    now = stage.at(told["opened"])
    plan = plans.open_plan(
        stage.session,
        actor=stage.person(told["lead"], now),
        now=now,
        screening=screening,
        plan=Plan(
            aim=told["aim"],
            lead=told["plan_lead"],
            sponsor=told["sponsor"],
            change_start=stage.day(told["change_start"]),
            next_review=stage.day(told["review"]),
        ),
    )
    for one in told["measures"]:
        _measure(stage, told, one, plan)
    demonstration_parts.fill(stage, plan, lead=told["lead"], opened=told["opened"])
    _review(stage, told, plan)
    demonstration_readiness.answer(stage, plan, lead=told["lead"])


def _measure(stage: Stage, told: Story, one: Story, plan: PlanRow) -> None:
    now = stage.at(told["opened"])
    first = add_months(stage.today.date().replace(day=1), -told["months"])
    definition = Definition(
        shape=Shape.PROPORTION.value,
        numerator=one["numerator"],
        denominator=one["denominator"],
        direction=one["direction"],
        characteristic=one["characteristic"],
        members=members_from(one["members"]),
        reference=one["reference"],
    )
    rows = queries.gather(stage.session, plan)
    promised = rows.measures[0] if one["cause"] else None
    groups = {row.id for row in rows.findings if row.group_id == one["characteristic"]}
    routine = Routine(
        title=promised.title if promised else one["title"],
        kind=one["kind"],
        owner=one["owner"],
        source=one["source"],
        frequency=Frequency.MONTH.value,
        first_period=first,
        lag_days=one["lag_days"],
    )
    measure = measures.define(
        stage.session,
        actor=stage.person(told["lead"], now),
        now=now,
        plan=plan,
        defined=measures.Defined(
            routine,
            definition,
            tuple(link.action_id for link in rows.answering if link.finding_id in groups),
            promised.id if promised else None,
            promised.version if promised else 0,
        ),
    )
    _readings(stage, told, one, plan, measure)
    _compare(stage, told, one, plan, measure)
    _change_charts(stage, told, one, plan, measure)


def _readings(stage: Stage, told: Story, one: Story, plan: PlanRow, measure: MeasureRow) -> None:
    """Enter the past on the day the plan was opened, and each later month soon after its end."""
    codes = [member.code for member in members_from(one["members"])]
    for period, row in _months(stage, told, one):
        parts = list(zip(row[::2], row[1::2], strict=True))
        whole = (sum(n for n, _ in parts), sum(d for _, d in parts))
        figures = tuple(
            Figure(code, *part)
            for code, part in zip((OVERALL, *codes), (whole, *parts), strict=True)
        )
        ended = stage.today + (period.end - stage.today.date()) + _ENTERED_AFTER
        now = min(max(stage.at(told["opened"]), ended), stage.today)
        measures.add_readings(
            stage.session,
            actor=stage.person(told["lead"], now),
            now=now,
            plan=plan,
            measure_id=measure.id,
            entry=measures.Entry(period, figures),
        )


def _months(stage: Stage, told: Story, one: Story) -> list[tuple[Period, list[int]]]:
    first = add_months(stage.today.date().replace(day=1), -told["months"])
    schedule = Schedule(Frequency.MONTH, first)
    rows = one["readings"][: told["months"] - one["skip_last"]]
    return [(schedule.period(number), row) for number, row in enumerate(rows)]


def _compare(stage: Stage, told: Story, one: Story, plan: PlanRow, measure: MeasureRow) -> None:
    """Set the baseline of the months before the change, and the target after it."""
    now = stage.at(told["opened"])
    starts = stage.day(told["change_start"])
    before = [period for period, _ in _months(stage, told, one) if period.end < starts]
    actor = stage.person(told["lead"], now)
    measures.set_baseline(
        stage.session,
        actor=actor,
        now=now,
        plan=plan,
        measure_id=measure.id,
        baseline=Baseline(before[0].start, before[-1].end, BaselineState.AGREED.value),
    )
    aimed, by = one["target"], stage.day(one["target"]["by"])
    kind, value = TargetKind.LEVEL.value, Decimal(aimed["value"])
    measures.set_target(
        stage.session,
        actor=actor,
        now=now,
        plan=plan,
        measure_id=measure.id,
        target=Target(aimed["member"], kind, value, starts, by),
    )


def _change_charts(
    stage: Stage, told: Story, one: Story, plan: PlanRow, measure: MeasureRow
) -> None:
    """Note on the charts what happened, and set aside what does not count."""
    now = stage.at(told["opened"])
    months = [period for period, _ in _months(stage, told, one)]
    for change in one["charts"]:
        adjustments.adjust(
            stage.session,
            actor=stage.person(told["lead"], now),
            now=now,
            plan=plan,
            measure_id=measure.id,
            wanted=Adjustment(
                change["kind"],
                months[change["month"]].start,
                change.get("member"),
                change["reason"],
            ),
        )


def _review(stage: Stage, told: Story, plan: PlanRow) -> None:
    held = told["held"]
    now = stage.at(held["on"])
    day: date = stage.day(held["on"])
    plans.hold_review(
        stage.session,
        actor=stage.person(told["lead"], now),
        now=now,
        plan=plan,
        review=Review(
            held_on=day,
            decision=held["decision"],
            notes=held["notes"],
            attendees=held["attendees"],
            next_review=stage.day(held["next"]),
        ),
    )

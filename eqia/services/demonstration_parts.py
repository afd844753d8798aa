"""What else a plan of the demonstration holds: risks, PDSA cycles and every other section."""

from dataclasses import replace
from uuid import UUID

from eqia.domain.pdsa import Cycle
from eqia.domain.plan_sections import section
from eqia.domain.risks import Risk
from eqia.persistence.queries import gathered
from eqia.persistence.tables.plans import PlanRow
from eqia.services import pdsa, plan_sections, risks
from eqia.services.demonstration_story import Acts, By, Stage, Story, in_order
from eqia.services.plan_sections import Written

#: sections are written on the day the plan is opened, and an hour later one entry is taken off
_LATER = 1 / 24


def fill(stage: Stage, plan: PlanRow, told: Story) -> Acts:
    """Write down the risks, try the cycles and fill in the sections."""
    lead, opened = told["lead"], told["opened"]
    first, later = _by(stage, lead, opened), _by(stage, lead, opened + _LATER)
    return in_order(
        [
            *(_risk(stage, plan, lead, one) for one in told["risks"]),
            *(_cycle(stage, plan, lead, one) for one in told["cycles"]),
            *(
                _section(stage, plan, code, there, first, later)
                for code, there in told["sections"].items()
            ),
        ]
    )


def _by(stage: Stage, lead: str, days: float) -> By:
    now = stage.at(days)
    return {"actor": stage.person(lead, now), "now": now}


def _risk(stage: Stage, plan: PlanRow, lead: str, told: Story) -> Acts:
    yield stage.at(told["at"])
    risk = Risk(
        kind=told["kind"],
        cause=told["cause"],
        event=told["event"],
        effect=told["effect"],
        likelihood=told["likelihood"],
        impact=told["impact"],
        group=told["group"],
        owner=told["owner"],
        response=told["response"],
        review_date=stage.day(told["review"]),
        action=_action(stage, plan, told["answered_by"]) if "answered_by" in told else None,
    )
    row = risks.add(stage.session, **_by(stage, lead, told["at"]), plan=plan, risk=risk)
    if "closed" in told:
        end = told["closed"]
        yield stage.at(end["at"])
        risks.close(
            stage.session,
            **_by(stage, lead, end["at"]),
            plan=plan,
            risk_id=row.id,
            version=row.version,
            why=end["why"],
        )


def _action(stage: Stage, plan: PlanRow, title: str) -> UUID:
    found = gathered.actions(stage.session, plan)
    return next(row.id for row in found if row.title.startswith(title))


def _cycle(stage: Stage, plan: PlanRow, lead: str, told: Story) -> Acts:
    """Begin a cycle with its guess, and write down the rest on the day it ends, or later."""
    yield stage.at(told["at"])
    measures = gathered.measures(stage.session, plan)
    begun = Cycle(
        objective=told["objective"],
        prediction=told["prediction"],
        start=stage.day(told["starts"]),
        plan=told["plan"],
        measures=tuple(row.id for row in measures if row.title.startswith(tuple(told["touches"]))),
    )
    row = pdsa.begin(stage.session, **_by(stage, lead, told["at"]), plan=plan, cycle=begun)
    if "ends" in told:
        yield stage.at(told.get("written", told["ends"]))
        pdsa.change(
            stage.session,
            **_by(stage, lead, told.get("written", told["ends"])),
            plan=plan,
            cycle_id=row.id,
            version=row.version,
            cycle=replace(
                begun,
                do=told["do"],
                study=told["study"],
                act=told["act"],
                end=stage.day(told["ends"]),
                decision=told["decision"],
            ),
        )


def _section(
    stage: Stage, plan: PlanRow, code: str, there: Story | list[Story], by: By, later: By
) -> Acts:
    about = section(code)
    yield by["now"]
    for one in there if isinstance(there, list) else [there]:
        words = {name: text for name, text in one.items() if name != "off"}
        written = Written(about, words)
        row = plan_sections.write(stage.session, **by, plan=plan, written=written)
        if "off" in one:
            yield later["now"]
            gone = Written(about, {}, row.id, row.version)
            plan_sections.withdraw(stage.session, **later, plan=plan, written=gone, why=one["off"])

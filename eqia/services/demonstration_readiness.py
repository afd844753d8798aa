"""How a plan of the demonstration answers the readiness checklist, gate by gate over some weeks."""

from eqia.domain.readiness import NOTHING, Given
from eqia.domain.readiness_sheets import Sheet
from eqia.persistence.queries import readiness as queries
from eqia.persistence.tables.plans import PlanRow
from eqia.services import readiness
from eqia.services.demonstration_story import Acts, Stage, Story
from eqia.services.readiness import Confirmed, Entry


def answer(stage: Stage, plan: PlanRow, told: Story) -> Acts:
    """Give the answers of each sitting; some take over what the data suggest that day."""
    for sitting in told["gates"]:
        now = stage.at(sitting["at"])
        yield now
        kept = queries.kept(stage.session, plan, now.date())
        whole = readiness.sheet(stage.session, plan, kept, now.date())
        gate = kept.checklist.gate(sitting["id"])
        readiness.save(
            stage.session,
            actor=stage.person(told["lead"], now),
            now=now,
            plan=plan,
            entry=Entry(
                sitting["id"],
                kept.seen(gate) if gate else 0,
                {part: _given(stage, told) for part, told in sitting["given"].items()},
                _confirmed(whole, sitting),
            ),
        )


def _confirmed(whole: Sheet, sitting: Story) -> Confirmed | None:
    part = sitting.get("confirmed", "")
    return Confirmed(part, whole.suggestions[part].answer) if part else None


def _given(stage: Stage, told: Story) -> Given:
    return Given(
        answer=told.get("answer", NOTHING.answer),
        note=told.get("note", ""),
        for_whom=told.get("for_whom", ""),
        link=told.get("link", ""),
        owner=told.get("owner", ""),
        on=stage.day(told["on"]) if "on" in told else None,
    )

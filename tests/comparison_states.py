"""A plan whose readings contradict its screening, with what people changed on its charts."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from eqia.domain.adjustments import Adjustment
from eqia.domain.categories import load_category_sets
from eqia.domain.days import add_months
from eqia.domain.measures import Baseline, Definition, Routine, members_in
from eqia.domain.own_sets import OwnSet
from eqia.domain.periods import Frequency, Schedule
from eqia.domain.readings import Figure
from eqia.persistence.queries import plans as queries
from eqia.services import adjustments, category_sets, measures, readings

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session

    from eqia.domain.people import Person
    from eqia.persistence.tables import PlanRow

FIFTHS = load_category_sets()["deprivation_quintiles", "2019"]


def define_sets(session: Session, *, actor: Person, now: datetime) -> None:
    """Two editions of a set of the organisation's own; the second is not used yet."""
    wanted = OwnSet(
        label="Unpaid carers",
        edition="2026",
        from_date=now.date() - timedelta(days=30),
        groups=("Unpaid carer", "Not a carer"),
        unknown=("Not recorded",),
        characteristic="carers",
        source="The register of carers",
    )
    row = category_sets.define(session, actor=actor, now=now, wanted=wanted)
    later = OwnSet(
        label="Unpaid carers",
        edition="2027",
        from_date=now.date() + timedelta(days=300),
        groups=("Adult carer", "Young carer", "Not a carer"),
    )
    category_sets.define(session, actor=actor, now=now, wanted=later, code=row.code)


def add(session: Session, *, actor: Person, now: datetime, plan: PlanRow) -> None:
    """Fifths of deprivation, calm for a year and a half, then much worse at the deprived end.

    Limits were worked out anew, a reading was set aside and put back, and a note was made.
    """
    by = {"actor": actor, "now": now, "plan": plan}
    neutral = next(row for row in queries.findings(session, plan) if row.direction == "neutral")
    first = add_months(now.date().replace(day=1), -18)
    definition = Definition(
        shape="proportion",
        numerator="Visits missed",
        denominator="Visits booked",
        direction="down",
        characteristic=neutral.group_id,
        category_set="deprivation_quintiles|2019",
        members=members_in(FIFTHS),
        reference="5",
    )
    routine = Routine(title="Missed visits by area", frequency="month", first_period=first)
    measure = measures.define(session, **by, defined=measures.Defined(routine, definition))
    here = {**by, "measure_id": measure.id}
    schedule = Schedule(Frequency.MONTH, first)
    for at in range(17):
        worse = 40 if at == 16 else 0
        figures = [Figure("", 80 + worse, 500)]
        figures += [
            Figure(str(group), 20 - 2 * group + at % 2 + (worse if group == 1 else 0), 100)
            for group in range(1, 6)
        ]
        entry = readings.Entry(schedule.period(at), tuple(figures))
        entry = replace(entry, agreed=entry.mark)
        readings.add_readings(session, **here, entry=entry)
    baseline = Baseline(first, schedule.period(5).end, "agreed")
    measures.set_baseline(session, **here, baseline=baseline)
    flood = Adjustment("exclusion", schedule.period(3).start, "1", "A flood.")
    row = adjustments.adjust(session, **here, wanted=flood)
    adjustments.take_back(session, **here, adjustment_id=row.id, reason="It was a month later.")
    for wanted in (
        Adjustment("recalculation", schedule.period(6).start, "2", "A second clinic opened."),
        Adjustment("note", schedule.period(9).start, None, "The buses were on strike."),
    ):
        adjustments.adjust(session, **here, wanted=wanted)

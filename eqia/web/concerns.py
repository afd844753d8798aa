"""What is told first when readings were kept: whether they give cause for concern.

Good news above bad news hides it: a figure that doubled must not stand under a green box.
"""

from uuid import UUID

from eqia.domain.coverage_items import names
from eqia.domain.pictures import MeasureFacts
from eqia.domain.plan_reviews import is_answered
from eqia.domain.texts import first_line
from eqia.persistence.tables.plans import PlanRow
from eqia.web.extensions import db
from eqia.web.plan_pages import PlanPage

Told = tuple[str, str]


def told_with(said: str, plan: PlanRow, measure_id: UUID) -> Told:
    """Say what was done and what the readings now give reason to look at; and of which kind it is.

    A measure is read anew: whether it gives concern follows from what was kept just now.
    """
    page = PlanPage(db.session, plan)
    found = next((one.view for one in page.measures if one.row.id == measure_id), None)
    if found is None or found.concern is None or is_answered(page.picture, found):
        return _doubled(said, found)
    why = found.concern[1]
    told = f"{first_line(found.title)}: cause for concern. {why} A review has to look at it. {said}"
    return told, "warning"


def _doubled(said: str, measure: MeasureFacts | None) -> Told:
    """Say of whom a figure is twice as bad as before, though chance may have made it so."""
    places = measure.definition.places if measure is not None and measure.definition else ()
    named = [
        one.label for one in places if measure is not None and measure.place(one.code).is_doubled
    ]
    if not named:
        return said, "success"
    whom = names(named)
    return f"{said} Look at it: at least twice as bad as before the change: {whom}.", "warning"

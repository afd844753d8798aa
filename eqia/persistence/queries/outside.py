"""The measures of a plan as people outside its team see them: with small numbers hidden."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from uuid import UUID

from sqlalchemy.orm import Session

from eqia.domain.pictures import MeasureView
from eqia.domain.published_readings import published
from eqia.persistence.queries import standings
from eqia.persistence.queries.measures import Read, Shown, views_of
from eqia.persistence.queries.plans import ids_of_measures
from eqia.persistence.tables.measures import MeasureRow
from eqia.persistence.tables.plans import PlanRow

Views = Mapping[UUID, MeasureView]


def views(session: Session, measures: Sequence[MeasureRow]) -> Views:
    """Give all measures of a plan; of one alone, another could tell what is hidden."""
    exact = views_of(session, measures)
    return dict(zip(exact, published(list(exact.values())), strict=True))


def shown(session: Session, plan: PlanRow, found: Sequence[Shown]) -> tuple[Shown, ...]:
    """Say how measures stand by the figures that may be shown, as kept with them."""
    kept = standings.published(session, ids_of_measures(plan))
    if any(one.row.id not in kept for one in found):
        seen = views(session, [one.row for one in found])
        kept = {measure_id: view.standing for measure_id, view in seen.items()}
    return tuple(replace(one, view=replace(one.view, standing=kept[one.row.id])) for one in found)


def read(found: Read, seen: Views) -> Read:
    """Give a measure with the readings that may be shown; what is due stays what it is."""
    mine = seen[found.row.id]
    return replace(found, view=replace(found.view, readings=mine.readings, standing=mine.standing))

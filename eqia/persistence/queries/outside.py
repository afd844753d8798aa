"""The measures of a plan as people outside its team see them: with small numbers hidden."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from uuid import UUID

from sqlalchemy.orm import Session

from eqia.domain.pictures import MeasureView
from eqia.domain.published_readings import published
from eqia.persistence.queries.measures import Read, views_of
from eqia.persistence.tables.measures import MeasureRow

Views = Mapping[UUID, MeasureView]


def views(session: Session, measures: Sequence[MeasureRow]) -> Views:
    """Give all measures of a plan; of one alone, another could tell what is hidden."""
    exact = views_of(session, measures)
    return dict(zip(exact, published(list(exact.values())), strict=True))


def read(found: Read, seen: Views) -> Read:
    """Give a measure with the readings that may be shown; what is due stays what it is."""
    view = replace(seen[found.row.id], due=found.view.due, next_due=found.view.next_due)
    return replace(found, view=view)

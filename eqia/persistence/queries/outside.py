"""The measures of a plan as people outside its team see them: with small numbers hidden."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from eqia.domain.pictures import MeasureView
from eqia.domain.published_readings import kind_of, published
from eqia.persistence.queries.measures import Read, definition_of, views_of
from eqia.persistence.tables.measures import MeasureRow, MeasureVersionRow

Views = Mapping[UUID, MeasureView]


def views(session: Session, measures: Sequence[MeasureRow]) -> Views:
    """Give measures of a plan; always with their kin, which could tell what is hidden of them."""
    exact = views_of(session, measures)
    return dict(zip(exact, published(list(exact.values())), strict=True))


def kin(session: Session, measures: Sequence[MeasureRow]) -> list[MeasureRow]:
    """Find all measures of the plan that count the same as these, or as these did before.

    Their small numbers are hidden together: one gives away the other.
    """
    rows = session.execute(
        select(MeasureRow, MeasureVersionRow)
        .outerjoin(MeasureVersionRow, MeasureVersionRow.measure_id == MeasureRow.id)
        .where(MeasureRow.plan_id == measures[0].plan_id)
        .order_by(MeasureRow.created_at, MeasureRow.cause, MeasureRow.id, MeasureVersionRow.number)
    ).all()
    defined = [(row, kind_of(definition_of(one))) for row, one in rows if one is not None]
    ids = {row.id for row in measures}
    kinds = {kind for row, kind in defined if row.id in ids}
    # The last one of each is the definition in force.
    now = {row.id: kind for row, kind in defined}
    every = {row.id: row for row, _ in rows}
    return [row for row in every.values() if row.id in ids or now.get(row.id) in kinds]


def read(found: Read, seen: Views) -> Read:
    """Give a measure with the readings that may be shown; what is due stays what it is."""
    view = replace(seen[found.row.id], due=found.view.due, next_due=found.view.next_due)
    return replace(found, view=view)

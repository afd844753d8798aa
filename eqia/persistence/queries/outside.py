"""The measures of a plan as people outside its team see them: with small numbers hidden."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from eqia.domain.pictures import MeasureView
from eqia.domain.published_readings import kinds_of, published
from eqia.persistence.queries.measures import Read, definition_of, views_of
from eqia.persistence.queries.readings import EarlierView, earlier_views_of
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
    defined = [(row, kinds_of(definition_of(one))) for row, one in rows if one is not None]
    ids = {row.id for row in measures}
    kinds = {kind for row, some in defined if row.id in ids for kind in some}
    # The last one of each is the definition in force.
    now = {row.id: some for row, some in defined}
    every = {row.id: row for row, _ in rows}
    return [row for row in every.values() if row.id in ids or now.get(row.id, frozenset()) & kinds]


def earlier(session: Session, measures: Sequence[MeasureRow]) -> dict[UUID, list[EarlierView]]:
    """Give what was read by the earlier definitions of some measures of a plan.

    One that counts the same as a measure does today is left out: the two would give away the small
    numbers of each other.
    """
    plan = select(MeasureRow).where(MeasureRow.plan_id.in_({row.plan_id for row in measures}))
    every = session.scalars(plan).all()
    found: dict[UUID, list[EarlierView]] = {row.id: [] for row in measures}
    views = earlier_views_of(session, every)
    if not any(views.values()):
        return found
    today = [one.definition for one in views_of(session, every).values() if one.definition]
    counted = frozenset().union(*(kinds_of(one) for one in today))
    before = [
        (row.id, one)
        for row in every
        for one in views[row.id]
        if one.view.definition and not kinds_of(one.view.definition) & counted
    ]
    told = published([one.view for _, one in before])
    for (measure_id, one), view in zip(before, told, strict=True):
        if measure_id in found:
            found[measure_id].append(replace(one, view=view))
    return found


def read(found: Read, seen: Views) -> Read:
    """Give a measure with the readings that may be shown; what is due stays what it is."""
    view = replace(seen[found.row.id], due=found.view.due, next_due=found.view.next_due)
    return replace(found, view=view)

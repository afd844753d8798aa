"""Keep how a measure stands, whenever an act changes what it depends on."""

from uuid import uuid4

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from eqia.domain.judgements import standing_of
from eqia.domain.standings import ENGINE, as_json
from eqia.persistence.database import writing
from eqia.persistence.queries import measures as queries
from eqia.persistence.tables.measures import MeasureRow
from eqia.persistence.tables.standings import MeasureStandingRow

#: measures worked out at once by the command, so that many need little memory
_AT_ONCE = 100


def refresh(session: Session, *measures: MeasureRow) -> None:
    """Work out how measures stand and keep it; call it inside every act on what it depends on.

    That is: definition, readings and their corrections, baseline, targets, changes to charts.
    """
    session.flush()
    views = queries.views_of(session, measures)
    kept = set(
        session.scalars(
            select(MeasureStandingRow.measure_id).where(
                MeasureStandingRow.measure_id.in_(list(views))
            )
        )
    )
    for measure_id, view in views.items():
        standing = standing_of(view)
        values = {
            "engine": ENGINE,
            "concern_since": standing.concern[0] if standing.concern else None,
            "exact": as_json(standing),
        }
        if measure_id in kept:
            here = MeasureStandingRow.measure_id == measure_id
            session.execute(update(MeasureStandingRow).where(here).values(**values))
        else:
            row = {"id": uuid4(), "measure_id": measure_id, **values}
            session.execute(insert(MeasureStandingRow).values(**row))


def refresh_all(session: Session) -> int:
    """Work out every measure again, as after an upgrade; say how many."""
    rows = session.scalars(
        select(MeasureRow).order_by(MeasureRow.created_at, MeasureRow.id)
    ).all()
    for first in range(0, len(rows), _AT_ONCE):
        with writing(session):
            refresh(session, *rows[first : first + _AT_ONCE])
    return len(rows)

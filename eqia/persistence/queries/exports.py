"""What was entered beside figures: limits that somebody else worked out, and notes."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from eqia.domain.exported_readings import Beside
from eqia.domain.periods import Period
from eqia.persistence.queries.plans import LIVE
from eqia.persistence.tables.measures import MeasureVersionRow, ReadingRow

ByPlace = dict[tuple[Period, str], Beside]


def beside(session: Session, measures: Sequence[UUID]) -> dict[UUID, ByPlace]:
    """Give it for each live reading of some measures, by the definition it was read by."""
    found: dict[UUID, ByPlace] = {}
    rows = session.scalars(
        select(ReadingRow)
        .join(MeasureVersionRow, MeasureVersionRow.id == ReadingRow.version_id)
        .where(MeasureVersionRow.measure_id.in_(measures), LIVE)
    )
    for row in rows:
        place = Period(row.period_start, row.period_end), row.member
        told = Beside(row.lower, row.upper, row.comment)
        found.setdefault(row.version_id, {})[place] = told
    return found

"""What was done on some day that may have changed the figures of a measure."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from sqlalchemy.orm import Session

from eqia.domain.measure_drawing import Act
from eqia.domain.plans import ActionStatus
from eqia.persistence.queries import pdsa
from eqia.persistence.queries.plans import Gathered

#: letters of a title that stand beside a chart
_SHORT = 60


def by_measure(session: Session, gathered: Gathered) -> Mapping[UUID, Sequence[Act]]:
    """Give the actions done and the cycles of each measure, for the time axis of its charts."""
    marks = pdsa.marks(session, gathered.plan)
    return {row.id: (*_done(gathered, row.id), *marks.get(row.id, ())) for row in gathered.measures}


def _done(gathered: Gathered, measure_id: UUID) -> list[Act]:
    linked = {link.action_id for link in gathered.showing if link.measure_id == measure_id}
    return [
        Act(row.done_date, f"Action done: {row.title.splitlines()[0][:_SHORT]}")
        for row in gathered.actions
        if row.id in linked and row.done_date and row.status == ActionStatus.DONE
    ]

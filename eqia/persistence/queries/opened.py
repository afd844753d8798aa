"""A plan as somebody outside its team sees it who opened the exact figures of some measures."""

from collections.abc import Collection
from datetime import date
from uuid import UUID

from sqlalchemy.orm import Session

from eqia.persistence.queries.gathered import Gathered, gather
from eqia.persistence.queries.measures import Shown, shown


def shown_to(
    session: Session, gathered: Gathered, today: date, opened: Collection[UUID]
) -> tuple[Shown, ...]:
    """Give each measure as its reader may know it: exact where that was opened."""
    told = shown(session, gathered, today)
    if not opened or not gathered.outside:
        return told
    exact = shown(session, gather(session, gathered.plan), today)
    return tuple(
        one if seen.row.id in opened else seen for seen, one in zip(told, exact, strict=True)
    )

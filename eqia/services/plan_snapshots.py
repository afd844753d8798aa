"""How a plan stands on the day of an act, seen and kept."""

from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from eqia.domain.coverage import Picture, covered, items
from eqia.domain.rescreenings import as_json, doubts_of
from eqia.domain.untold import untold_in
from eqia.persistence.queries import measures as measure_queries
from eqia.persistence.queries import plans as queries
from eqia.persistence.queries.predictions import predicted
from eqia.persistence.tables.plans import PlanRow


def seen(session: Session, plan: PlanRow, today: date, *, outside: bool = False) -> Picture:
    """See a plan as its team does, or as people outside it."""
    gathered = queries.gather(session, plan, outside=outside)
    shown = measure_queries.shown(session, gathered, today)
    return measure_queries.picture(gathered, shown, today)


def snapshot(
    session: Session, plan: PlanRow, today: date, *, screens_again: bool = False
) -> dict[str, Any]:
    """Keep how things stand, with small numbers hidden: whoever reads the plan sees it.

    Where a review decides to screen again the next version is told why, in the figures of today.
    """
    gathered = queries.gather(session, plan, outside=True)
    shown = measure_queries.shown(session, gathered, today)
    picture = measure_queries.picture(gathered, shown, today)
    found = items(picture)
    kept = {
        "coverage": covered(picture, found).words,
        "items": [{"rule": one.rule, "name": one.name, "text": one.text} for one in found],
        "untold": [one.words for one in untold_in(picture)],
    }
    if not screens_again:
        return kept
    return {**kept, "doubts": as_json(doubts_of(picture, predicted(gathered, shown)))}

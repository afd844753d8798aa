"""How measures stand, as kept with them; never by another engine than this one."""

from typing import Any
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from eqia.domain.standings import ENGINE, Standing, from_json
from eqia.persistence.tables.standings import MeasureStandingRow


def exact(session: Session, wanted: Select[UUID]) -> dict[UUID, Standing]:
    """Give how measures stand, for their team."""
    return _kept(session, wanted, MeasureStandingRow.exact)


def published(session: Session, wanted: Select[UUID]) -> dict[UUID, Standing]:
    """Give the same as people outside the team see it, with small numbers hidden."""
    return _kept(session, wanted, MeasureStandingRow.published)


def _kept(
    session: Session, wanted: Select[UUID], column: InstrumentedAttribute[dict[str, Any]]
) -> dict[UUID, Standing]:
    rows = session.execute(
        select(MeasureStandingRow.measure_id, column).where(
            MeasureStandingRow.measure_id.in_(wanted), MeasureStandingRow.engine == ENGINE
        )
    )
    return {measure_id: from_json(one) for measure_id, one in rows}

"""The versions of a definition: what was counted before, since when, and in which words."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import pairwise
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from eqia.domain.measure_versions import Rewording, Stands, rewordings
from eqia.domain.measures import Definition
from eqia.domain.periods import Period
from eqia.persistence.queries import adjustments, targets
from eqia.persistence.queries.definitions import definition_of
from eqia.persistence.queries.plans import LIVE
from eqia.persistence.tables.measures import (
    BaselineRow,
    MeasureRow,
    MeasureVersionRow,
    MeasureWordingRow,
    ReadingRow,
    TargetRow,
)
from eqia.persistence.tables.people import PersonRow


@dataclass(frozen=True, slots=True)
class EarlierVersion:
    """A definition that another one took the place of, and what stands on it."""

    row: MeasureVersionRow
    stands: Stands
    #: when, by whom and why it was replaced
    until: datetime
    who: str
    reason: str

    @property
    def definition(self) -> Definition:
        """What it counted, in its last words."""
        return definition_of(self.row)


@dataclass(frozen=True, slots=True)
class Reworded:
    """When and by whom a definition was put in other words, and what it said before."""

    at: datetime
    who: str
    changes: tuple[Rewording, ...]


def standing_on(session: Session, version: MeasureVersionRow) -> Stands:
    """Say what stands on a definition."""
    first, last, count = session.execute(
        select(
            func.min(ReadingRow.period_start), func.max(ReadingRow.period_start), func.count()
        ).where(ReadingRow.version_id == version.id, LIVE)
    ).one()
    baseline = select(BaselineRow.id).where(BaselineRow.version_id == version.id).limit(1)
    held = (
        select(func.count())
        .select_from(TargetRow)
        .where(TargetRow.version_id == version.id, targets.STANDING)
    )
    return Stands(
        readings=count,
        first=_period(session, version, first),
        last=_period(session, version, last),
        has_baseline=session.scalar(baseline) is not None,
        targets=session.scalar(held) or 0,
        adjustments=len(adjustments.standing(session, version.id)),
    )


def earlier_of(session: Session, measure: MeasureRow) -> Sequence[EarlierVersion]:
    """List the definitions a measure had before the one in force, the newest first."""
    found = session.execute(
        select(MeasureVersionRow, PersonRow.name)
        .join(PersonRow, PersonRow.id == MeasureVersionRow.created_by)
        .where(MeasureVersionRow.measure_id == measure.id)
        .order_by(MeasureVersionRow.number.desc())
    ).all()
    return [
        EarlierVersion(row, standing_on(session, row), after.created_at, who, after.reason)
        for (after, who), (row, _) in pairwise(found)
    ]


def read_before(session: Session, version: MeasureVersionRow) -> Sequence[tuple[int, Stands]]:
    """List the earlier definitions of a measure that have readings."""
    rows = session.scalars(
        select(MeasureVersionRow)
        .where(
            MeasureVersionRow.measure_id == version.measure_id,
            MeasureVersionRow.number < version.number,
        )
        .order_by(MeasureVersionRow.number.desc())
    )
    found = ((row.number, standing_on(session, row)) for row in rows)
    return [(number, stands) for number, stands in found if stands.readings]


def wordings_of(session: Session, version: MeasureVersionRow) -> Sequence[Reworded]:
    """List how a definition was put in other words, the latest first."""
    rows = session.execute(
        select(MeasureWordingRow, PersonRow.name)
        .join(PersonRow, PersonRow.id == MeasureWordingRow.created_by)
        .where(MeasureWordingRow.version_id == version.id)
        .order_by(MeasureWordingRow.number.desc())
    )
    definition = definition_of(version)
    return [
        Reworded(
            row.created_at,
            who,
            tuple(rewordings(_named(definition, row.before), _named(definition, row.words))),
        )
        for row, who in rows
    ]


def next_wording(session: Session, version: MeasureVersionRow) -> int:
    """Give the number that the next wording of a definition has."""
    last = select(func.max(MeasureWordingRow.number)).where(
        MeasureWordingRow.version_id == version.id
    )
    return (session.scalar(last) or 0) + 1


def get(session: Session, measure_id: UUID, number: int) -> MeasureVersionRow | None:
    """Find a version of a measure by its number."""
    return session.scalar(
        select(MeasureVersionRow).where(
            MeasureVersionRow.measure_id == measure_id, MeasureVersionRow.number == number
        )
    )


def _named(definition: Definition, words: dict[str, str]) -> dict[str, str]:
    """Give the group others are compared with its name."""
    reference = words.get("reference", "")
    return {**words, "reference": definition.label(reference) if reference else ""}


def _period(session: Session, version: MeasureVersionRow, start: date | None) -> Period | None:
    if start is None:
        return None
    here = (ReadingRow.version_id == version.id, ReadingRow.period_start == start)
    end = session.scalar(select(func.max(ReadingRow.period_end)).where(*here))
    return Period(start, end) if end else None

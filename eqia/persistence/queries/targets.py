"""The targets of a measure: those that hold, and those that were changed or given up."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from eqia.domain.measures import Target
from eqia.persistence.tables.measures import MeasureVersionRow, TargetEndRow, TargetRow
from eqia.persistence.tables.people import PersonRow

#: targets that nobody changed or gave up
STANDING = ~exists().where(TargetEndRow.target_id == TargetRow.id)


@dataclass(frozen=True, slots=True)
class Ended:
    """A target that holds no more: until when it did, who ended it and why."""

    target: Target
    on: datetime
    who: str
    reason: str
    #: whether another one took its place
    changed: bool


def get(session: Session, version: MeasureVersionRow, target_id: UUID) -> TargetRow | None:
    """Find a target of this definition, whether it holds or not."""
    row = session.get(TargetRow, target_id)
    return row if row is not None and row.version_id == version.id else None


def is_ended(session: Session, row: TargetRow) -> bool:
    """Whether somebody changed it or gave it up."""
    found = select(TargetEndRow.id).where(TargetEndRow.target_id == row.id)
    return session.scalar(found) is not None


def standing(session: Session, version: MeasureVersionRow) -> Sequence[tuple[UUID, Target]]:
    """List the targets that hold for a definition, in the order they were set."""
    rows = session.scalars(
        select(TargetRow)
        .where(TargetRow.version_id == version.id, STANDING)
        .order_by(TargetRow.created_at, TargetRow.id)
    )
    return [(row.id, value_of(row)) for row in rows]


def ended(session: Session, version: MeasureVersionRow) -> Sequence[Ended]:
    """List those that were changed or given up, the latest first."""
    rows = session.execute(
        select(TargetRow, TargetEndRow, PersonRow.name)
        .join(TargetEndRow, TargetEndRow.target_id == TargetRow.id)
        .join(PersonRow, PersonRow.id == TargetEndRow.created_by)
        .where(TargetRow.version_id == version.id)
        .order_by(TargetEndRow.created_at.desc(), TargetRow.id)
    )
    return [
        Ended(value_of(row), end.created_at, who, end.reason, end.replaced_by is not None)
        for row, end, who in rows
    ]


def value_of(row: TargetRow) -> Target:
    """Read a row as the target it holds."""
    return Target(row.member, row.kind, row.value, row.from_date, row.to_date, row.source)

"""Everything that was read by some measures, as values, in a fixed number of statements."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TypeVar
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from eqia.domain.measures import Baseline
from eqia.domain.pictures import MeasureView
from eqia.domain.suppression import DEFAULT, Profile
from eqia.persistence.queries import targets
from eqia.persistence.queries.adjustments import Changed, changed
from eqia.persistence.queries.corrections import reading_of
from eqia.persistence.queries.definitions import definition_of
from eqia.persistence.queries.plans import LIVE
from eqia.persistence.tables.measures import (
    BaselineRow,
    MeasureRow,
    MeasureVersionRow,
    ReadingRow,
    TargetRow,
)

_R = TypeVar("_R", BaselineRow, TargetRow, ReadingRow)


@dataclass(frozen=True, slots=True)
class EarlierView:
    """A measure as an earlier definition read it, until another took its place."""

    version: MeasureVersionRow
    until: datetime
    view: MeasureView


def views_of(session: Session, measures: Sequence[MeasureRow]) -> dict[UUID, MeasureView]:
    """Give measures with all that was read by the definitions in force."""
    versions = _versions(session, measures)
    sources = _sources(session, versions.values())
    return {row.id: _view(row, versions[row.id], sources) for row in measures}


def earlier_views_of(
    session: Session, measures: Sequence[MeasureRow]
) -> dict[UUID, list[EarlierView]]:
    """Give measures as they were read by each definition before the one in force, oldest first."""
    versions = _versions(session, measures)
    # Each with all before it, as it was when it was in force.
    until = {key: [rows[:at] for at in range(1, len(rows))] for key, rows in versions.items()}
    each = [one for some in until.values() for one in some]
    sources = _sources(session, each) if each else _Sources({}, {}, {}, {})
    return {
        row.id: [
            EarlierView(one[-1], after.created_at, _view(row, one, sources))
            for one, after in zip(until[row.id], versions[row.id][1:], strict=True)
        ]
        for row in measures
    }


def _versions(
    session: Session, measures: Sequence[MeasureRow]
) -> dict[UUID, list[MeasureVersionRow]]:
    found: dict[UUID, list[MeasureVersionRow]] = {row.id: [] for row in measures}
    for version in session.scalars(
        select(MeasureVersionRow)
        .where(MeasureVersionRow.measure_id.in_(list(found)))
        .order_by(MeasureVersionRow.number, MeasureVersionRow.id)
    ):
        found[version.measure_id].append(version)
    return found


def read_until(session: Session, measure: MeasureRow) -> date | None:
    """Find the last day that a reading of the definition in force is about."""
    newest = (
        select(MeasureVersionRow.id)
        .where(MeasureVersionRow.measure_id == measure.id)
        .order_by(MeasureVersionRow.number.desc())
        .limit(1)
    )
    return session.scalar(
        select(func.max(ReadingRow.period_end)).where(ReadingRow.version_id.in_(newest), LIVE)
    )


@dataclass(frozen=True, slots=True)
class _Sources:
    """What hangs on definitions: baselines on earlier ones too, the rest on those in force."""

    baselines: Mapping[UUID, Sequence[BaselineRow]]
    targets: Mapping[UUID, Sequence[TargetRow]]
    readings: Mapping[UUID, Sequence[ReadingRow]]
    changed: Mapping[UUID, Changed]


def _sources(session: Session, versions: Iterable[Sequence[MeasureVersionRow]]) -> _Sources:
    some = [one for one in versions if one]
    every = [version.id for one in some for version in one]
    newest = [one[-1].id for one in some]
    return _Sources(
        _by_version(
            session.scalars(
                select(BaselineRow)
                .where(BaselineRow.version_id.in_(every))
                .order_by(BaselineRow.created_at, BaselineRow.id)
            )
        ),
        _by_version(
            session.scalars(
                select(TargetRow)
                .where(TargetRow.version_id.in_(newest), targets.STANDING)
                .order_by(TargetRow.created_at, TargetRow.id)
            )
        ),
        _by_version(
            session.scalars(
                select(ReadingRow)
                .where(ReadingRow.version_id.in_(newest), LIVE)
                .order_by(ReadingRow.period_start, ReadingRow.member, ReadingRow.id)
            )
        ),
        changed(session, newest),
    )


def _by_version(rows: Iterable[_R]) -> dict[UUID, list[_R]]:
    found: dict[UUID, list[_R]] = {}
    for row in rows:
        found.setdefault(row.version_id, []).append(row)
    return found


def _view(row: MeasureRow, versions: Sequence[MeasureVersionRow], sources: _Sources) -> MeasureView:
    version = versions[-1] if versions else None
    here = version.id if version else row.id
    changes = sources.changed.get(here, Changed())
    return MeasureView(
        id=str(row.id),
        title=row.title,
        owner=row.owner,
        live=row.status == "live",
        frequency=row.frequency,
        definition=definition_of(version) if version else None,
        baseline=_baseline(sources.baselines.get(here, ())),
        had_baseline=any(sources.baselines.get(one.id) for one in versions[:-1]),
        targets=tuple(targets.value_of(one) for one in sources.targets.get(here, ())),
        readings=tuple(reading_of(one) for one in sources.readings.get(here, ())),
        adjustments=changes.standing,
        earlier=changes.earlier,
        suppression=Profile(version.suppression) if version else DEFAULT,
    )


def _baseline(rows: Sequence[BaselineRow]) -> Baseline | None:
    """Give the baseline set last."""
    if not rows:
        return None
    return Baseline(rows[-1].from_date, rows[-1].to_date, rows[-1].state, rows[-1].note)

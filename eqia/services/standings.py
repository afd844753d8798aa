"""Keep how a measure stands, whenever an act changes what it depends on."""

from collections.abc import Iterable
from contextlib import suppress
from itertools import groupby
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from eqia.domain.errors import Refusal
from eqia.domain.judgements import standing_of
from eqia.domain.pictures import MeasureView
from eqia.domain.published_readings import published
from eqia.domain.standings import ENGINE, as_json
from eqia.persistence.database import writing
from eqia.persistence.queries import measures as queries
from eqia.persistence.queries import outside
from eqia.persistence.queries import plans as plan_queries
from eqia.persistence.tables.measures import MeasureRow
from eqia.persistence.tables.plans import PlanRow
from eqia.persistence.tables.standings import MeasureStandingRow


def refresh(session: Session, *measures: MeasureRow) -> None:
    """Work out how measures stand and keep it; call it inside every act on what it depends on.

    That is: definition, readings and their corrections, baseline, targets, changes to charts.
    Those whose small numbers are hidden together with theirs are worked out again as well.
    """
    session.flush()
    for _, some in groupby(sorted(measures, key=_plan_of), key=_plan_of):
        views = queries.views_of(session, outside.kin(session, list(some)))
        shown = dict(zip(views, published(list(views.values())), strict=True))
        _keep(session, {one: _values(view, shown[one]) for one, view in views.items()})


def refresh_all(session: Session, *, only_old: bool = False) -> int:
    """Work out every measure again, or those another engine worked out; say how many.

    A plan with readings that cannot be judged is left as it is, and its pages say why.
    """
    wanted = select(MeasureRow).order_by(MeasureRow.plan_id, MeasureRow.id)
    if only_old:
        fresh = select(MeasureStandingRow.measure_id).where(MeasureStandingRow.engine == ENGINE)
        wanted = wanted.where(MeasureRow.id.not_in(fresh))
    done = 0
    for _, some in groupby(session.scalars(wanted).all(), key=_plan_of):
        rows = list(some)
        with suppress(Refusal), writing(session):
            refresh(session, *rows)
            done += len(rows)
    return done


def refresh_reviewed(session: Session, plan: PlanRow) -> None:
    """Judge the measures of a plan anew after a review, which has looked at changed charts."""
    session.flush()
    with suppress(Refusal):
        refresh(session, *plan_queries.measures(session, plan))


def _plan_of(row: MeasureRow) -> UUID:
    return row.plan_id


def _values(exact: MeasureView, shown: MeasureView) -> dict[str, Any]:
    standing = standing_of(exact)
    return {
        "engine": ENGINE,
        "concern_since": standing.concern[0] if standing.concern else None,
        "told_since": shown.concern[0] if shown.concern else None,
        "exact": as_json(standing),
        "published": as_json(shown.standing),
    }


def _keep(session: Session, values: dict[UUID, dict[str, Any]]) -> None:
    there = set(_kept_among(session, values))
    for measure_id, found in values.items():
        if measure_id in there:
            here = MeasureStandingRow.measure_id == measure_id
            session.execute(update(MeasureStandingRow).where(here).values(**found))
        else:
            row = {"id": uuid4(), "measure_id": measure_id, **found}
            session.execute(insert(MeasureStandingRow).values(**row))


def _kept_among(session: Session, ids: Iterable[UUID]) -> Iterable[UUID]:
    return session.scalars(
        select(MeasureStandingRow.measure_id).where(MeasureStandingRow.measure_id.in_(list(ids)))
    )

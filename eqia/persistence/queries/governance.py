"""All plans for those who watch over them, in as many statements as for one."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, time

from sqlalchemy import ColumnElement, exists, func, or_, select
from sqlalchemy.orm import Session

from eqia.domain.days import LONDON
from eqia.domain.governance import STATUSES, Among, Sought, Watched, is_sought, lately, watched
from eqia.domain.plan_reviews import Settled, settled
from eqia.domain.plans import PlanStatus
from eqia.persistence.queries import measures, plans
from eqia.persistence.queries.measures import Shown
from eqia.persistence.tables.plans import FindingRow, PlanRow
from eqia.persistence.tables.projects import ProjectRow


@dataclass(frozen=True, slots=True)
class Line:
    """One plan with the trouble it is in, small numbers hidden."""

    plan: PlanRow
    title: str
    watched: Watched
    #: its measures, as far as they are what the plan was looked for
    measures: tuple[Shown, ...]
    #: what gives concern and was answered by a review
    settled: tuple[Settled, ...] = ()


def lines(session: Session, sought: Sought, today: date) -> list[Line]:
    """List the plans that are looked for, those in most trouble first."""
    rows = session.execute(
        select(PlanRow, ProjectRow.title)
        .join(ProjectRow, ProjectRow.id == PlanRow.project_id)
        .where(*_conditions(sought, today))
        .order_by(PlanRow.reference, PlanRow.id)
    ).all()
    titles = {plan.id: title for plan, title in rows}
    several = plans.gather_all(session, [plan for plan, _ in rows], outside=True)
    shown = measures.shown_all(session, several, today)
    pictures = [
        measures.picture(one, mine, today) for one, mine in zip(several, shown, strict=True)
    ]
    found = [
        Line(
            one.plan,
            titles[one.plan.id],
            watched(picture),
            tuple(shown for shown in mine if is_sought(shown.view, sought)),
            settled(picture),
        )
        for one, mine, picture in zip(several, shown, pictures, strict=True)
    ]
    wanted = [one for one in found if one.watched.is_in(sought.trouble)]
    return sorted(wanted, key=lambda one: (one.watched.rank(sought.trouble), one.plan.reference))


def groups(session: Session) -> dict[str, str]:
    """Give the groups that any plan has a finding about, by their labels."""
    label = func.min(FindingRow.label).label("label")
    rows = session.execute(
        select(FindingRow.group_id, label).group_by(FindingRow.group_id).order_by(label)
    )
    return {row.group_id: row.label for row in rows}


def closed_lately(session: Session, sought: Sought, today: date) -> int:
    """Count the plans that only their having been closed of late keeps out of sight."""
    if PlanStatus.CLOSED in STATUSES[sought.status]:
        return 0
    closed = replace(sought, status=Among.LATELY_CLOSED)
    counted = select(func.count()).select_from(PlanRow)
    found = counted.join(ProjectRow, ProjectRow.id == PlanRow.project_id)
    return session.scalar(found.where(*_conditions(closed, today))) or 0


def _conditions(sought: Sought, today: date) -> Iterator[ColumnElement[bool]]:
    yield PlanRow.status.in_(STATUSES[sought.status])
    if sought.status == Among.LATELY_CLOSED:
        # Nothing of a plan changes after it was closed.
        yield PlanRow.updated_at >= datetime.combine(lately(today), time.min, LONDON)
    if sought.text:
        yield _matches(sought.text)
    if sought.group:
        yield exists().where(
            FindingRow.plan_id == PlanRow.id,
            FindingRow.screening_id == PlanRow.screening_id,
            FindingRow.group_id == sought.group,
            FindingRow.direction.in_(["negative", "unknown"]),
        )


def _matches(text: str) -> ColumnElement[bool]:
    """Find a reference, a project, or a part of the organisation that a project names."""
    escaped = text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    like = f"%{escaped}%"
    columns = (PlanRow.reference, ProjectRow.title, ProjectRow.organisations, ProjectRow.sites)
    return or_(*(column.ilike(like, escape="\\") for column in columns))

"""The register: one filter for the page, the count, the CSV and the report."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from sqlalchemy import ColumnElement, Select, String, and_, cast, func, or_, select, true
from sqlalchemy.orm import InstrumentedAttribute, Session, defer

from eqia.domain.days import LONDON
from eqia.domain.people import Person, Role
from eqia.domain.register import PAGE_SIZE, Entry, Filter
from eqia.domain.screenings import Status
from eqia.persistence.tables.eqias import EqiaRow
from eqia.persistence.tables.projects import ProjectRow
from eqia.persistence.tables.screenings import AnswerRow, QuestionSetRow, ScreeningRow

#: roles that may read every draft (operations.md section 2)
READERS = frozenset({Role.REVIEWER, Role.APPROVER, Role.AUDITOR})

FLAG_COLUMNS: dict[str, InstrumentedAttribute[date | None]] = {
    "late": ScreeningRow.late_from,
    "stale": ScreeningRow.stale_from,
    "information_overdue": ScreeningRow.information_overdue_from,
    "eqia_pending": ScreeningRow.eqia_pending_from,
    "decided_without": ScreeningRow.decided_without_from,
}


@dataclass(frozen=True, slots=True)
class Line:
    """One row of the register."""

    screening: ScreeningRow
    project_title: str
    question_set_id: str
    eqia_status: str

    def flags(self, today: date) -> tuple[str, ...]:
        """List the flags that hold today."""
        held = ((name, getattr(self.screening, f"{name}_from")) for name in FLAG_COLUMNS)
        return tuple(name for name, start in held if start is not None and start <= today)


@dataclass(frozen=True, slots=True)
class Search:
    """A filter, for whom, and what counts as an effect and as an EqIA outcome."""

    filter: Filter
    person: Person
    today: date
    opening: frozenset[str]
    #: effect questions and the codes that mean a group is affected, from the question sets
    effects: Sequence[tuple[str, str]] = ()
    #: outcomes of other sets with the same words as the one looked for
    called_like: frozenset[str] = frozenset()


def page(session: Session, search: Search) -> list[Line]:
    """Read one page of the register, newest first."""
    query = _lines(search).limit(PAGE_SIZE).offset(search.filter.offset)
    return [Line(s, title, set_id, eqia) for s, title, set_id, eqia in session.execute(query)]


def count(session: Session, search: Search) -> int:
    """Count what the filter finds."""
    query = select(func.count()).select_from(ScreeningRow)
    if search.filter.text:
        query = query.join(ProjectRow, ProjectRow.id == ScreeningRow.project_id)
    if search.filter.eqia:
        query = query.outerjoin(EqiaRow, EqiaRow.screening_id == ScreeningRow.id)
    return session.scalar(query.where(*_conditions(search))) or 0


def every_line(session: Session, search: Search) -> Iterator[Line]:
    """Read everything the filter finds, for the CSV."""
    rows = session.execute(_lines(search).execution_options(yield_per=500))
    for screening, title, set_id, eqia in rows:
        yield Line(screening, title, set_id, eqia)


def entries(session: Session, *, since: date, until: date) -> list[Entry]:
    """Read the screenings submitted in a period, both days in it, for the report."""
    rows = session.execute(
        select(
            ScreeningRow.reference,
            QuestionSetRow.set_id.label("question_set"),
            ScreeningRow.submitted_at,
            ScreeningRow.created_at,
            ScreeningRow.reviewed_at,
            ScreeningRow.signed_at,
            ScreeningRow.calculated_outcome.label("calculated"),
            ScreeningRow.confirmed_outcome.label("confirmed"),
            ScreeningRow.late_from,
            ScreeningRow.decided_without_from,
            func.coalesce(EqiaRow.status, "").label("eqia_status"),
        )
        .join(QuestionSetRow, QuestionSetRow.digest == ScreeningRow.question_set_digest)
        .outerjoin(EqiaRow, EqiaRow.screening_id == ScreeningRow.id)
        .where(
            ScreeningRow.submitted_at >= _midnight(since),
            ScreeningRow.submitted_at < _midnight(until + timedelta(days=1)),
            ScreeningRow.status != Status.WITHDRAWN,
        )
        .order_by(ScreeningRow.submitted_at, ScreeningRow.id)
    )
    return [Entry(**row) for row in rows.mappings()]


def may_see(person: Person) -> ColumnElement[bool]:
    """Keep to what a person may know of: signed records, their own projects, or all by role."""
    if person.roles & READERS:
        return true()
    return or_(
        ScreeningRow.status.in_([Status.SIGNED, Status.SUPERSEDED]),
        ScreeningRow.project_id.in_(list(person.projects)),
    )


def _lines(search: Search) -> Select[ScreeningRow, str, str, str]:
    return (
        select(
            ScreeningRow,
            ProjectRow.title,
            QuestionSetRow.set_id,
            func.coalesce(EqiaRow.status, ""),
        )
        .join(ProjectRow, ProjectRow.id == ScreeningRow.project_id)
        .join(QuestionSetRow, QuestionSetRow.digest == ScreeningRow.question_set_digest)
        .outerjoin(EqiaRow, EqiaRow.screening_id == ScreeningRow.id)
        .where(*_conditions(search))
        .order_by(ScreeningRow.created_at.desc(), ScreeningRow.id)
        # Whole decisions are long and no list shows them.
        .options(defer(ScreeningRow.decision), defer(ScreeningRow.project_snapshot))
    )


def _conditions(search: Search) -> list[ColumnElement[bool]]:
    wanted = search.filter
    found = [may_see(search.person)]
    if wanted.text:
        found.append(_matches(wanted.text))
    if wanted.project_id:
        found.append(ScreeningRow.project_id == wanted.project_id)
    if wanted.group:
        found.append(_affects(wanted.group, search.effects))
    if wanted.outcome:
        alike = {wanted.outcome, *search.called_like}
        found.append(ScreeningRow.outcome_in_force.in_(sorted(alike)))
    if wanted.status:
        found.append(ScreeningRow.status == Status(wanted.status))
    if wanted.flag:
        found.append(FLAG_COLUMNS[wanted.flag] <= search.today)
    if wanted.eqia:
        found.append(_eqia(wanted.eqia, search))
    return [*found, *_dates(wanted)]


def _dates(wanted: Filter) -> list[ColumnElement[bool]]:
    found = []
    if wanted.since:
        found.append(ScreeningRow.created_at >= _midnight(wanted.since))
    if wanted.until:
        found.append(ScreeningRow.created_at < _midnight(wanted.until + timedelta(days=1)))
    return found


def _matches(text: str) -> ColumnElement[bool]:
    escaped = text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    like = f"%{escaped}%"
    return or_(
        ScreeningRow.reference.ilike(like, escape="\\"), ProjectRow.title.ilike(like, escape="\\")
    )


def _affects(group: str, effects: Sequence[tuple[str, str]]) -> ColumnElement[bool]:
    # JSON has no equality on PostgreSQL; both databases store a code as quoted text.
    value = cast(AnswerRow.value, String)
    one_of = [and_(AnswerRow.question == q, value == f'"{code}"') for q, code in effects]
    return ScreeningRow.id.in_(
        select(AnswerRow.screening_id).where(AnswerRow.group_id == group, or_(*one_of))
    )


def _eqia(state: str, search: Search) -> ColumnElement[bool]:
    triggered = ScreeningRow.outcome_in_force.in_(sorted(search.opening))
    status = func.coalesce(EqiaRow.status, "not_started")
    if state == "triggered":
        return triggered
    if state == "decided_without":
        return and_(triggered, ScreeningRow.decided_without_from <= search.today)
    return and_(triggered, status == state)


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), LONDON).astimezone(UTC)

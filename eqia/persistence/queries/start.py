"""What waits for a person: the list on their home page."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, exists, or_, select
from sqlalchemy.orm import Session, aliased

from eqia.domain.people import Person, Role
from eqia.domain.permissions import Action
from eqia.domain.screenings import AUTHORS_ACTS, Status
from eqia.persistence.tables.events import EventRow
from eqia.persistence.tables.evidence import EvidenceActionRow, EvidenceRow
from eqia.persistence.tables.projects import ProjectRow
from eqia.persistence.tables.reviews import ReviewRow
from eqia.persistence.tables.screenings import AnswerChangeRow, ScreeningRow

#: more than this on a home page helps nobody; the queue and the register hold the rest
MOST = 50


@dataclass(frozen=True, slots=True)
class Waiting:
    """One screening that waits for this person, what for, and by when if there is a date."""

    screening: ScreeningRow
    project_title: str
    task: Action
    due: date | None


def waiting_for(session: Session, person: Person) -> list[Waiting]:
    """List what waits for a person, the nearest date first and undated last."""
    query = (
        select(ScreeningRow, ProjectRow.title)
        .join(ProjectRow, ProjectRow.id == ScreeningRow.project_id)
        .where(or_(*_theirs(person)))
        .order_by(ScreeningRow.updated_at, ScreeningRow.id)
        .limit(MOST)
    )
    found = [_task(screening, title) for screening, title in session.execute(query)]
    return sorted(found, key=lambda item: (item.due is None, item.due or date.max))


def overdue_actions(session: Session, person: Person, today: date) -> Sequence[EvidenceActionRow]:
    """List things to find out in the person's projects whose date has passed."""
    return session.scalars(
        select(EvidenceActionRow)
        .join(ScreeningRow, ScreeningRow.id == EvidenceActionRow.screening_id)
        .where(
            ScreeningRow.project_id.in_(list(person.projects)),
            ScreeningRow.status.not_in([Status.SUPERSEDED, Status.WITHDRAWN]),
            EvidenceActionRow.done_at.is_(None),
            EvidenceActionRow.due < today,
        )
        .order_by(EvidenceActionRow.due, EvidenceActionRow.id)
        .limit(MOST)
    ).all()


def _theirs(person: Person) -> Iterator[ColumnElement[bool]]:
    mine = list(person.projects)
    yield and_(
        ScreeningRow.project_id.in_(mine),
        ScreeningRow.status.in_([Status.DRAFT, Status.RETURNED]),
    )
    if Role.REVIEWER in person.roles:
        yield and_(
            ScreeningRow.status == Status.SUBMITTED,
            or_(ScreeningRow.reviewer_id.is_(None), ScreeningRow.reviewer_id == person.id),
            ~_wrote(person.id),
        )
    if Role.APPROVER in person.roles:
        yield and_(
            ScreeningRow.status == Status.REVIEWED, ~_wrote(person.id), ~_reviewed(person.id)
        )


def _wrote(person_id: UUID) -> ColumnElement[bool]:
    return ScreeningRow.reference.in_(references_by(person_id))


def references_by(person_id: UUID) -> Select[str]:
    """Find every reference of which this person wrote or sent any version."""
    # An author of any version under the reference may neither review nor sign (product.md
    # section 2), so it does not wait for them.
    version = aliased(ScreeningRow)
    changed = exists().where(
        AnswerChangeRow.screening_id == version.id, AnswerChangeRow.actor_id == person_id
    )
    gave = exists().where(
        EvidenceRow.screening_id == version.id, EvidenceRow.created_by == person_id
    )
    logged = select(EventRow.entity_id).where(
        or_(EventRow.actor_id == person_id, EventRow.on_behalf_of == person_id),
        EventRow.entity == "screening",
        EventRow.action.in_(AUTHORS_ACTS),
    )
    sent = or_(version.submitted_by == person_id, version.id.in_(logged))
    return select(version.reference).where(or_(changed, gave, sent))


def _reviewed(person_id: UUID) -> ColumnElement[bool]:
    return exists().where(
        ReviewRow.screening_id == ScreeningRow.id,
        ReviewRow.reviewer_id == person_id,
        ReviewRow.kind != "return",
    )


def _task(screening: ScreeningRow, title: str) -> Waiting:
    tasks = {Status.SUBMITTED: Action.CONFIRM, Status.REVIEWED: Action.SIGN_OFF}
    task = tasks.get(screening.status, Action.EDIT_SCREENING)
    due = screening.return_due if screening.status is Status.RETURNED else screening.decision_date
    return Waiting(screening, title, task, due)

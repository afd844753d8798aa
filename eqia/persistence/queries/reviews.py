"""What reviewers and approvers did with a screening, and what its flags depend on."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session, aliased

from eqia.domain.days import london_day
from eqia.domain.flags import FLAG_LABELS, FlagKind
from eqia.domain.permissions import Thing
from eqia.domain.screenings import Status
from eqia.persistence.queries import screenings
from eqia.persistence.tables.eqias import FollowUpRow
from eqia.persistence.tables.evidence import EvidenceActionRow
from eqia.persistence.tables.people import PersonRow
from eqia.persistence.tables.projects import ProjectRow
from eqia.persistence.tables.reviews import CommentRow, ReceiptRow, ReviewRow, SignOffRow
from eqia.persistence.tables.screenings import QuestionSetRow, ScreeningRow

PAGE_SIZE = 50


def acts(session: Session, screening: ScreeningRow) -> Sequence[tuple[ReviewRow, str]]:
    """List every review act on a version with its person's name, oldest first."""
    rows = session.execute(
        select(ReviewRow, PersonRow.name)
        .join(PersonRow, PersonRow.id == ReviewRow.reviewer_id)
        .where(ReviewRow.screening_id == screening.id)
        .order_by(ReviewRow.at, ReviewRow.id)
    )
    return [(row, name) for row, name in rows]


def open_proposal(session: Session, screening: ScreeningRow) -> ReviewRow | None:
    """Find the lowering that waits for a second reviewer: no later act has answered it."""
    if screening.status is not Status.SUBMITTED:
        return None
    return screenings.latest_review(session, screening, "propose_lowering")


def receipts(session: Session, screening: ScreeningRow) -> Sequence[tuple[ReceiptRow, str]]:
    """List every receipt on a version with its person's name, oldest first."""
    rows = session.execute(
        select(ReceiptRow, PersonRow.name)
        .join(PersonRow, PersonRow.id == ReceiptRow.person_id)
        .where(ReceiptRow.screening_id == screening.id)
        .order_by(ReceiptRow.at, ReceiptRow.id)
    )
    return [(row, name) for row, name in rows]


def valid_receipt(session: Session, screening: ScreeningRow, person_id: UUID) -> ReceiptRow | None:
    """Find somebody's receipt for exactly what the screening now says.

    A return voids receipts even when nothing is changed after it, hence the moment.
    """
    return session.scalar(
        select(ReceiptRow)
        .where(
            ReceiptRow.screening_id == screening.id,
            ReceiptRow.person_id == person_id,
            ReceiptRow.content_digest == screening.content_digest,
            ReceiptRow.at >= screening.submitted_at,
        )
        .order_by(ReceiptRow.at, ReceiptRow.id)
        .limit(1)
    )


def sign_off_of(session: Session, screening: ScreeningRow) -> SignOffRow | None:
    """Find the sign-off of a version."""
    return session.scalar(select(SignOffRow).where(SignOffRow.screening_id == screening.id))


def comment(session: Session, comment_id: UUID) -> CommentRow | None:
    """Find a comment."""
    return session.get(CommentRow, comment_id)


def of_project(session: Session, project_id: UUID) -> Sequence[ScreeningRow]:
    """List the screenings of a project, the first version of each reference first."""
    return session.scalars(
        select(ScreeningRow)
        .where(ScreeningRow.project_id == project_id)
        .order_by(ScreeningRow.reference, ScreeningRow.number)
    ).all()


def signed(session: Session) -> Iterator[ScreeningRow]:
    """Walk every signed version that none has replaced."""
    yield from session.scalars(
        select(ScreeningRow).where(ScreeningRow.status == Status.SIGNED).order_by(ScreeningRow.id)
    ).all()


def evidence_actions(session: Session, screening: ScreeningRow) -> Sequence[EvidenceActionRow]:
    """List what is or was to be found out, the earliest due first."""
    return session.scalars(
        select(EvidenceActionRow)
        .where(EvidenceActionRow.screening_id == screening.id)
        .order_by(
            EvidenceActionRow.due,
            EvidenceActionRow.created_at,
            EvidenceActionRow.cause,
            EvidenceActionRow.id,
        )
    ).all()


def follow_ups(session: Session, screening: ScreeningRow) -> Sequence[FollowUpRow]:
    """List the decisions, reviews and triggers logged on a version, earliest first."""
    return session.scalars(
        select(FollowUpRow)
        .where(FollowUpRow.screening_id == screening.id)
        .order_by(FollowUpRow.on_date, FollowUpRow.at, FollowUpRow.id)
    ).all()


def logged_decision(session: Session, screening: ScreeningRow) -> date | None:
    """Find the day of the first decision logged on a version."""
    return session.scalar(
        select(func.min(FollowUpRow.on_date)).where(
            FollowUpRow.screening_id == screening.id, FollowUpRow.kind == "decision"
        )
    )


# The queue


@dataclass(frozen=True, slots=True)
class Queued:
    """One line of the reviewers' queue."""

    screening: ScreeningRow
    project_title: str
    question_set_id: str
    reviewer: str

    def age(self, today: date) -> int:
        """Count the days since it was sent."""
        sent = self.screening.submitted_at
        return (today - london_day(sent)).days if sent else 0

    def flags(self, today: date) -> tuple[str, ...]:
        """Name the flags that hold today."""
        held = ((kind, getattr(self.screening, f"{kind.value}_from")) for kind in FlagKind)
        return tuple(FLAG_LABELS[kind] for kind, since in held if since and since <= today)

    @property
    def thing(self) -> Thing:
        """What permissions depend on, authors apart: those are asked about when it is taken."""
        return Thing(project_id=self.screening.project_id, status=self.screening.status)


@dataclass(frozen=True, slots=True)
class QueueFilter:
    """Which part of the queue somebody looks at."""

    status: Status = Status.SUBMITTED
    #: only those this person has taken
    reviewer_id: UUID | None = None
    unclaimed: bool = False
    #: ids of outcomes, of any set
    outcomes: frozenset[str] = frozenset()
    flag: FlagKind | None = None
    page: int = 1


def queue(session: Session, wanted: QueueFilter, today: date) -> Sequence[Queued]:
    """Read one page of the queue: overdue first, then by decision date, then the oldest."""
    reviewer = aliased(PersonRow)
    rows = session.execute(
        select(ScreeningRow, ProjectRow.title, QuestionSetRow.set_id, reviewer.name)
        .join(ProjectRow, ProjectRow.id == ScreeningRow.project_id)
        .join(QuestionSetRow, QuestionSetRow.digest == ScreeningRow.question_set_digest)
        .outerjoin(reviewer, reviewer.id == ScreeningRow.reviewer_id)
        .where(*_wanted(wanted, today))
        .order_by(
            ScreeningRow.decision_date.is_(None),
            ScreeningRow.decision_date,
            ScreeningRow.submitted_at,
            ScreeningRow.id,
        )
        .limit(PAGE_SIZE)
        .offset((wanted.page - 1) * PAGE_SIZE)
    )
    return [Queued(row, title, set_id, name or "") for row, title, set_id, name in rows]


def queue_length(session: Session, wanted: QueueFilter, today: date) -> int:
    """Count what the filter finds."""
    statement = select(func.count()).select_from(ScreeningRow).where(*_wanted(wanted, today))
    return session.scalar(statement) or 0


def _wanted(wanted: QueueFilter, today: date) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = [ScreeningRow.status == wanted.status]
    if wanted.reviewer_id is not None:
        found.append(ScreeningRow.reviewer_id == wanted.reviewer_id)
    if wanted.unclaimed:
        found.append(ScreeningRow.reviewer_id.is_(None))
    if wanted.outcomes:
        found.append(ScreeningRow.outcome_in_force.in_(sorted(wanted.outcomes)))
    if wanted.flag is not None:
        found.append(getattr(ScreeningRow, f"{wanted.flag.value}_from") <= today)
    return found

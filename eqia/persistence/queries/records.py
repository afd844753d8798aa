"""Read signed records, and everything a record is made from."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from eqia.domain.screenings import Status
from eqia.persistence.queries import events
from eqia.persistence.tables import (
    BodyRow,
    CommentRow,
    EqiaRow,
    EventRow,
    EvidenceActionRow,
    EvidenceRow,
    FollowUpRow,
    OrganisationRow,
    PersonRow,
    ProjectMemberRow,
    ProjectRow,
    PublicationRow,
    ReceiptRow,
    RecordRow,
    ReviewRow,
    ScreeningRow,
    SignOffRow,
)


@dataclass(frozen=True, slots=True)
class Gathered:
    """The rows a record is made from, read together."""

    project: ProjectRow
    organisation: OrganisationRow | None
    members: Sequence[ProjectMemberRow]
    evidence: Sequence[EvidenceRow]
    actions: Sequence[EvidenceActionRow]
    reviews: Sequence[ReviewRow]
    comments: Sequence[CommentRow]
    receipts: Sequence[ReceiptRow]
    follow_ups: Sequence[FollowUpRow]
    eqia: EqiaRow | None
    events: Sequence[EventRow]
    head: tuple[int, str]
    #: code of a deciding body -> its name
    bodies: Mapping[str, str]
    #: everybody named by any of these rows
    people: Mapping[UUID, PersonRow]


def of_screening(session: Session, screening_id: UUID) -> RecordRow | None:
    """Find the record of a signed screening version."""
    return session.scalar(select(RecordRow).where(RecordRow.screening_id == screening_id))


def of_file(session: Session, file_sha256: str) -> RecordRow | PublicationRow | None:
    """Find the record, or the public copy of one, whose stored PDF has this digest."""
    records = select(RecordRow).where(RecordRow.pdf_sha256 == file_sha256)
    copies = select(PublicationRow).where(PublicationRow.pdf_sha256 == file_sha256)
    return session.scalar(records.order_by(RecordRow.id)) or session.scalar(
        copies.order_by(PublicationRow.id)
    )


def of_digest(session: Session, sha256: str) -> RecordRow | PublicationRow | None:
    """Find the record, or the public copy of one, that is known by this digest."""
    return session.scalar(select(RecordRow).where(RecordRow.sha256 == sha256)) or session.scalar(
        select(PublicationRow).where(PublicationRow.sha256 == sha256)
    )


def versions_after(session: Session, screening: ScreeningRow) -> Sequence[ScreeningRow]:
    """List the later versions under the same reference, oldest first, but no withdrawn ones."""
    return session.scalars(
        select(ScreeningRow)
        .where(
            ScreeningRow.reference == screening.reference,
            ScreeningRow.number > screening.number,
            ScreeningRow.status != Status.WITHDRAWN,
        )
        .order_by(ScreeningRow.number)
    ).all()


def receipts_after_signing(
    session: Session, screening: ScreeningRow
) -> Sequence[tuple[ReceiptRow, str]]:
    """List who else read this version once it was signed, with their names, oldest first."""
    rows = session.execute(
        select(ReceiptRow, PersonRow.name)
        .join(PersonRow, PersonRow.id == ReceiptRow.person_id)
        .join(SignOffRow, SignOffRow.screening_id == ReceiptRow.screening_id)
        .where(ReceiptRow.screening_id == screening.id, ReceiptRow.at > SignOffRow.at)
        .order_by(ReceiptRow.at, ReceiptRow.id)
    )
    return [(receipt, name) for receipt, name in rows]


def eqia_of(session: Session, screening_id: UUID) -> EqiaRow | None:
    """Find the full EqIA linked to a screening, as it stands now."""
    return session.scalar(select(EqiaRow).where(EqiaRow.screening_id == screening_id))


def gather(session: Session, screening: ScreeningRow) -> Gathered:
    """Read everything that goes into the record of one screening version."""
    here = screening.id
    members = session.scalars(
        select(ProjectMemberRow)
        .where(
            ProjectMemberRow.project_id == screening.project_id,
            ProjectMemberRow.until_at.is_(None),
        )
        .order_by(ProjectMemberRow.role, ProjectMemberRow.from_at, ProjectMemberRow.id)
    ).all()
    return Gathered(
        project=session.get_one(ProjectRow, screening.project_id),
        organisation=session.scalar(select(OrganisationRow)),
        members=members,
        evidence=session.scalars(
            select(EvidenceRow)
            .where(EvidenceRow.screening_id == here, EvidenceRow.removed_at.is_(None))
            .order_by(EvidenceRow.created_at, EvidenceRow.id)
        ).all(),
        actions=session.scalars(
            select(EvidenceActionRow)
            .where(EvidenceActionRow.screening_id == here)
            .order_by(EvidenceActionRow.created_at, EvidenceActionRow.cause, EvidenceActionRow.id)
        ).all(),
        reviews=session.scalars(
            select(ReviewRow)
            .where(ReviewRow.screening_id == here)
            .order_by(ReviewRow.at, ReviewRow.id)
        ).all(),
        comments=session.scalars(
            select(CommentRow)
            .where(CommentRow.screening_id == here)
            .order_by(CommentRow.at, CommentRow.id)
        ).all(),
        receipts=session.scalars(
            select(ReceiptRow)
            .where(
                ReceiptRow.screening_id == here,
                ReceiptRow.content_digest == screening.content_digest,
            )
            .order_by(ReceiptRow.at, ReceiptRow.id)
        ).all(),
        follow_ups=session.scalars(
            select(FollowUpRow)
            .where(FollowUpRow.screening_id == here)
            .order_by(FollowUpRow.at, FollowUpRow.id)
        ).all(),
        eqia=eqia_of(session, here),
        events=events.timeline(session, screening),
        head=events.head(session),
        bodies={body.code: body.name for body in session.scalars(select(BodyRow))},
        people=_people(session, screening, members),
    )


def _people(
    session: Session, screening: ScreeningRow, members: Sequence[ProjectMemberRow]
) -> Mapping[UUID, PersonRow]:
    """Find everybody who had a hand in this version, and the project's members."""
    here = screening.id
    ids: set[UUID | None] = {
        screening.created_by,
        screening.submitted_by,
        screening.reviewer_id,
        *(member.person_id for member in members),
    }
    for column, of in (
        (ReviewRow.reviewer_id, ReviewRow.screening_id),
        (CommentRow.author_id, CommentRow.screening_id),
        (ReceiptRow.person_id, ReceiptRow.screening_id),
        (EvidenceActionRow.done_by, EvidenceActionRow.screening_id),
        (FollowUpRow.logged_by, FollowUpRow.screening_id),
        (EqiaRow.approved_by, EqiaRow.screening_id),
        (EqiaRow.stated_by, EqiaRow.screening_id),
        (EqiaRow.accepted_by, EqiaRow.screening_id),
        (EventRow.actor_id, EventRow.entity_id),
    ):
        ids.update(session.scalars(select(column).where(of == here)))
    rows = session.scalars(select(PersonRow).where(PersonRow.id.in_(ids - {None})))
    return {person.id: person for person in rows}

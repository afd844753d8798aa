"""Make rows for tests: keyword-only, everything defaulted."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import count
from typing import TYPE_CHECKING, Any, TypeVar

from eqia.domain.people import MemberRole, Person, Role
from eqia.domain.question_set_loading import load_question_sets
from eqia.domain.records import canonical, digest, record_of
from eqia.domain.references import screening_reference
from eqia.domain.screenings import Status
from eqia.persistence.database import writing
from eqia.persistence.tables import (
    AnswerChangeRow,
    AnswerRow,
    EvidenceRow,
    LookAnswerRow,
    LookRequestRow,
    PersonRow,
    ProjectMemberRow,
    ProjectRow,
    PublicationRow,
    QuestionSetRow,
    ReceiptRow,
    RecordRow,
    ReviewRow,
    RoleGrantRow,
    Row,
    ScreeningRow,
    SignOffRow,
    UnpublicationRow,
)
from tests.documents.fixtures import make_facts

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from uuid import UUID

    from sqlalchemy.orm import Session

NOW = datetime(2026, 11, 24, 10, 0, tzinfo=UTC)

_numbers = count(1)

#: How a screening reaches a status: drafts are frozen step by step, as in life.
_PATHS: dict[Status, tuple[Status, ...]] = {
    Status.DRAFT: (),
    Status.SUBMITTED: (Status.SUBMITTED,),
    Status.RETURNED: (Status.SUBMITTED, Status.RETURNED),
    Status.REVIEWED: (Status.SUBMITTED, Status.REVIEWED),
    Status.SIGNED: (Status.SUBMITTED, Status.REVIEWED, Status.SIGNED),
    Status.SUPERSEDED: (Status.SUBMITTED, Status.REVIEWED, Status.SIGNED, Status.SUPERSEDED),
    Status.WITHDRAWN: (Status.WITHDRAWN,),
}


R = TypeVar("R", bound=Row)


def kept(session: Session, row: R) -> R:
    """Store one row as an act of its own."""
    with writing(session):
        session.add(row)
    return row


def make_person(
    session: Session,
    *,
    roles: Iterable[Role] = (),
    leads: Iterable[ProjectRow] = (),
    member_of: Iterable[ProjectRow] = (),
    **overrides: Any,
) -> PersonRow:
    number = next(_numbers)
    values = {
        "name": f"Person {number}",
        "email": f"person{number}@example.org",
        "job_title": "Analyst",
        "created_at": NOW,
    }
    row = kept(session, PersonRow(**{**values, **overrides}))
    for role in roles:
        kept(session, RoleGrantRow(person_id=row.id, role=role, granted_by=None, from_at=NOW))
    for project in leads:
        make_member(session, project=project, person=row, role=MemberRole.LEAD)
    for project in member_of:
        make_member(session, project=project, person=row)
    return row


def make_member(
    session: Session,
    *,
    project: ProjectRow,
    person: PersonRow,
    role: MemberRole = MemberRole.MEMBER,
    **overrides: Any,
) -> ProjectMemberRow:
    values = {"project_id": project.id, "person_id": person.id, "role": role, "from_at": NOW}
    return kept(session, ProjectMemberRow(**{**values, **overrides}))


def acting(
    row: PersonRow,
    *,
    roles: Iterable[Role] = (),
    projects: Mapping[UUID, MemberRole] | None = None,
) -> Person:
    """The person behind a row, as the services know them."""
    return Person(row.id, row.name, row.email, frozenset(roles), dict(projects or {}))


def make_project(
    session: Session, *, lead: PersonRow | None = None, **overrides: Any
) -> ProjectRow:
    lead = lead or make_person(session)
    values = {
        "title": f"Project {next(_numbers)}",
        "summary": "What it is for.",
        "question_set_id": "bhp-nhs",
        "created_by": lead.id,
        "created_at": NOW,
        "updated_at": NOW,
    }
    row = kept(session, ProjectRow(**{**values, **overrides}))
    make_member(session, project=row, person=lead, role=MemberRole.LEAD)
    return row


def make_question_set(session: Session, *, set_id: str = "bhp-nhs") -> QuestionSetRow:
    """Store a bundled set once; give back the same row after that."""
    found = max((s for s in load_question_sets().values() if s.id == set_id), key=lambda s: s.key)
    row = session.query(QuestionSetRow).filter_by(digest=found.digest).one_or_none()
    return row or kept(
        session,
        QuestionSetRow(
            digest=found.digest,
            set_id=found.id,
            set_version=found.version,
            snapshot=found.to_snapshot(),
        ),
    )


def make_screening(
    session: Session,
    *,
    status: Status = Status.DRAFT,
    project: ProjectRow | None = None,
    answers: Mapping[str, Any] | None = None,
    author: PersonRow | None = None,
    set_id: str = "bhp-nhs",
    **overrides: Any,
) -> ScreeningRow:
    """A screening in a status, reached by the moves that lead to it."""
    author = author or make_person(session)
    project = project or make_project(session, lead=author)
    number = next(_numbers)
    values = {
        "project_id": project.id,
        # A year of its own, so that the service may give out this year's numbers.
        "reference": screening_reference(2020, number),
        "question_set_digest": make_question_set(session, set_id=set_id).digest,
        "created_by": author.id,
        "created_at": NOW,
        "updated_at": NOW,
        "content_digest": f"{number:064x}",
    }
    row = kept(session, ScreeningRow(**{**values, **overrides, "status": Status.DRAFT}))
    answer(session, screening=row, answers=answers or {}, actor=author)
    for step in _PATHS[status]:
        move(session, screening=row, to=step, actor=author)
    return row


def answer(
    session: Session, *, screening: ScreeningRow, answers: Mapping[str, Any], actor: PersonRow
) -> None:
    """Put answers in, one row per group where the answer is one per group, with their history."""
    with writing(session):
        for question, value in answers.items():
            grouped = value.items() if isinstance(value, dict) else [("", value)]
            for group, one in grouped:
                place = {"screening_id": screening.id, "question": question, "group_id": group}
                session.add(AnswerRow(**place, value=one))
                session.add(_changed(place, actor, one))


def _changed(place: Mapping[str, Any], actor: PersonRow, after: Any) -> AnswerChangeRow:
    return AnswerChangeRow(
        **place,
        section="about",
        section_version=1,
        before=None,
        after=after,
        actor_id=actor.id,
        at=NOW,
    )


def change(
    session: Session, *, screening: ScreeningRow, actor: PersonRow, **overrides: Any
) -> AnswerChangeRow:
    """Leave a trace of one saved change, which makes its actor an author."""
    place = {"screening_id": screening.id, "question": "A1", "group_id": "", **overrides}
    return kept(session, _changed(place, actor, "typed"))


def move(
    session: Session, *, screening: ScreeningRow, to: Status, actor: PersonRow | None = None
) -> None:
    """Move a screening by hand, with the review or sign-off that each status needs."""
    facts: dict[Status, dict[str, Any]] = {
        Status.SUBMITTED: {"submitted_by": actor and actor.id, "submitted_at": NOW},
        Status.REVIEWED: {"reviewed_at": NOW, "confirmed_outcome": "none"},
        Status.RETURNED: {"returned_at": NOW},
        Status.SIGNED: {"signed_at": NOW},
        Status.WITHDRAWN: {"withdrawn_reason": "No longer planned."},
    }
    if to is Status.REVIEWED:
        make_review(session, screening=screening)
    if to is Status.SIGNED:
        make_sign_off(session, screening=screening)
    with writing(session):
        for name, value in facts.get(to, {}).items():
            if getattr(screening, name) in (None, ""):
                setattr(screening, name, value)
        screening.status = to


def make_review(
    session: Session,
    *,
    screening: ScreeningRow,
    reviewer: PersonRow | None = None,
    **overrides: Any,
) -> ReviewRow:
    values = {
        "screening_id": screening.id,
        "kind": "confirm",
        "outcome": "none",
        "reason": "It follows from the answers.",
        "reviewer_id": (reviewer or make_person(session)).id,
        "submitted_at": screening.submitted_at or NOW,
        "at": NOW,
    }
    return kept(session, ReviewRow(**{**values, **overrides}))


def make_receipt(
    session: Session, *, screening: ScreeningRow, person: PersonRow, **overrides: Any
) -> ReceiptRow:
    values = {
        "screening_id": screening.id,
        "person_id": person.id,
        "role_used": "approver",
        "content_digest": screening.content_digest,
        "at": NOW,
    }
    return kept(session, ReceiptRow(**{**values, **overrides}))


def make_sign_off(
    session: Session,
    *,
    screening: ScreeningRow,
    person: PersonRow | None = None,
    **overrides: Any,
) -> SignOffRow:
    """Sign a reviewed screening, with the receipt that comes first."""
    person = person or make_person(session)
    receipt = overrides.pop("receipt", None) or make_receipt(
        session, screening=screening, person=person
    )
    values = {
        "screening_id": screening.id,
        "person_id": person.id,
        "role_used": "approver",
        "receipt_id": receipt.id,
        "content_digest": screening.content_digest,
        "statements": ["read", "open_mind"],
        "benefits": "Shorter waits.",
        "harms": "A longer journey for some.",
        "proportionate": "The waits fall for everybody.",
        "at": NOW,
    }
    return kept(session, SignOffRow(**{**values, **overrides}))


def make_record(session: Session, *, screening: ScreeningRow, **overrides: Any) -> RecordRow:
    """Store a record of some other answers for a signed screening."""
    number = next(_numbers)
    text = canonical(record_of(make_facts(salt=f"{number:032x}", version=screening.number)))
    values = {
        "screening_id": screening.id,
        "canonical_json": text,
        "sha256": digest(text),
        "pdf": b"%PDF-1.7",
        "pdf_sha256": f"{number:064x}",
        "renderer": "none",
        "head_seq": 1,
        "head_hash": "0" * 64,
        "created_at": NOW,
    }
    return kept(session, RecordRow(**{**values, **overrides}))


def make_publication(
    session: Session, *, record: RecordRow, person: PersonRow | None = None, **overrides: Any
) -> PublicationRow:
    """Publish a record without looking at it: for what comes after."""
    screening = session.get_one(ScreeningRow, record.screening_id)
    number = next(_numbers)
    values = {
        "record_id": record.id,
        "screening_id": record.screening_id,
        "reference": screening.reference,
        "number": screening.number,
        "title": "Foot clinic at Mill Road",
        "outcome": "Go ahead with conditions",
        "language": "en",
        "signed_at": NOW,
        "canonical_json": "{}",
        "sha256": f"{number:064x}",
        "pdf": b"%PDF-1.7",
        "pdf_sha256": f"{number:064x}",
        "renderer": "none",
        "choices": [],
        "names": False,
        "published_by": (person or make_person(session)).id,
        "published_at": NOW,
    }
    return kept(session, PublicationRow(**{**values, **overrides}))


def take_down(
    session: Session, *, publication: PublicationRow, person: PersonRow | None = None
) -> UnpublicationRow:
    by = (person or make_person(session)).id
    values = {"publication_id": publication.id, "person_id": by, "reason": "A mistake.", "at": NOW}
    return kept(session, UnpublicationRow(**values))


def make_request(
    session: Session, *, publication: PublicationRow, **overrides: Any
) -> LookRequestRow:
    number = next(_numbers)
    values = {
        "publication_id": publication.id,
        "screening_id": publication.screening_id,
        "wrong": "The bus does not stop there any more.",
        "token": f"token{number}",
        "sender": f"{number:064x}",
        "at": NOW,
    }
    return kept(session, LookRequestRow(**{**values, **overrides}))


def make_answer_to_request(
    session: Session, *, request: LookRequestRow, person: PersonRow | None = None
) -> LookAnswerRow:
    by = (person or make_person(session)).id
    values = {"request_id": request.id, "answer": "We will look.", "person_id": by, "at": NOW}
    return kept(session, LookAnswerRow(**values))


def make_evidence(
    session: Session, *, screening: ScreeningRow, author: PersonRow | None = None, **overrides: Any
) -> EvidenceRow:
    values = {
        "screening_id": screening.id,
        "kind": "data",
        "title": "Attendances by age",
        "groups": ["age"],
        "created_by": (author or make_person(session)).id,
        "created_at": NOW,
    }
    return kept(session, EvidenceRow(**{**values, **overrides}))

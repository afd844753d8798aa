"""Authors cannot review or sign, and one person is not two: held by the database itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from eqia.domain.errors import NotAllowed
from eqia.domain.screenings import Status
from eqia.persistence.database import writing
from eqia.persistence.queries.screenings import thing_of
from eqia.persistence.tables import EqiaRow, PersonRow, ScreeningRow
from eqia.services import events
from tests.builders import (
    NOW,
    acting,
    change,
    kept,
    make_evidence,
    make_person,
    make_receipt,
    make_review,
    make_screening,
    make_sign_off,
    move,
)
from tests.persistence.by_sql import raw, said

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


WAYS = [
    "answered",
    "submitted",
    "entered evidence",
    "earlier version",
    "submitted before a return",
    "submitted an earlier version before a return",
    "changed another's evidence",
    "stopped it early",
]


@pytest.mark.parametrize("how", WAYS)
@pytest.mark.parametrize("act", ["confirm", "raise", "propose_lowering", "return"])
def test_an_author_cannot_review(database_session: Session, how: str, act: str):
    screening, author = authored(database_session, how)
    with pytest.raises(NotAllowed) as refused:
        make_review(database_session, screening=screening, reviewer=author, kind=act)
    assert refused.value.code == "author"
    make_review(database_session, screening=screening, kind=act)


def test_an_author_cannot_agree_a_lowering(database_session: Session):
    screening, author = authored(database_session, "answered")
    proposal = make_review(database_session, screening=screening, kind="propose_lowering")
    lowering = {"kind": "agree_lowering", "proposal_id": proposal.id}
    with pytest.raises(NotAllowed) as refused:
        make_review(database_session, screening=screening, reviewer=author, **lowering)
    assert refused.value.code == "author"


@pytest.mark.parametrize("how", WAYS)
def test_an_author_cannot_sign(database_session: Session, how: str):
    screening, author = authored(database_session, how)
    move(database_session, screening=screening, to=Status.REVIEWED)
    with pytest.raises(NotAllowed) as refused:
        make_sign_off(database_session, screening=screening, person=author)
    assert refused.value.code == "author"
    make_sign_off(database_session, screening=screening)


@pytest.mark.parametrize("field", ["approved_by", "accepted_by"])
def test_an_author_cannot_approve_the_full_eqia(database_session: Session, field: str):
    screening, author = authored(database_session, "answered")
    facts = {
        "approved_by": {"status": "approved", "approved_at": NOW},
        "accepted_by": {
            "stated_date": NOW.date(),
            "stated_document": "Minutes",
            "stated_reason": "Filed late",
        },
    }[field]
    with pytest.raises(NotAllowed) as refused:
        kept(database_session, EqiaRow(screening_id=screening.id, **facts, **{field: author.id}))
    assert refused.value.code == "author"
    eqia = kept(database_session, EqiaRow(screening_id=screening.id))
    with pytest.raises(NotAllowed):
        alter(database_session, eqia, {**facts, field: author.id})
    alter(database_session, eqia, {**facts, field: make_person(database_session).id})
    assert getattr(eqia, field) is not None


def alter(session: Session, row: EqiaRow, values: dict) -> None:
    with writing(session):
        for name, value in values.items():
            setattr(row, name, value)


def test_an_approval_of_the_full_eqia_stands(database_session: Session):
    person = make_person(database_session)
    screening = make_screening(database_session, status=Status.SUBMITTED)
    approved = {"status": "approved", "approved_at": NOW, "approved_by": person.id}
    kept(database_session, EqiaRow(screening_id=screening.id, **approved))
    assert said(database_session, "UPDATE eqia SET status = 'started'") == "frozen"
    backdated = "UPDATE eqia SET approved_at = '2020-01-01 00:00:00'"
    assert said(database_session, backdated) == "frozen"


def authored(session: Session, how: str):
    """A submitted screening, and a person who is its author in this way."""
    author, other = make_person(session), make_person(session)
    earlier = make_screening(session, author=other)
    screening = make_screening(
        session, author=other, reference=earlier.reference, number=2, previous_id=earlier.id
    )
    if how == "answered":
        change(session, screening=screening, actor=author)
    if how == "earlier version":
        change(session, screening=earlier, actor=author)
    if how == "entered evidence":
        make_evidence(session, screening=screening, author=author)
    if how == "changed another's evidence":
        logged(session, screening, author, "evidence.changed")
    if how == "stopped it early":
        logged(session, screening, author, "screening.stopped")
    if how == "submitted an earlier version before a return":
        submit_and_return(session, earlier, author)
    if how == "submitted before a return":
        submit_and_return(session, screening, author)
    by = author if how == "submitted" else other
    move(session, screening=screening, to=Status.SUBMITTED, actor=by)
    assert screening.submitted_by == by.id
    return screening, author


def submit_and_return(session: Session, screening: ScreeningRow, person: PersonRow) -> None:
    """Sent by one person and back in draft, to be sent by another who takes its place."""
    move(session, screening=screening, to=Status.SUBMITTED, actor=person)
    logged(session, screening, person, "screening.submitted")
    move(session, screening=screening, to=Status.RETURNED)
    move(session, screening=screening, to=Status.DRAFT)
    with writing(session):
        screening.submitted_by = screening.submitted_at = None


def logged(session: Session, screening: ScreeningRow, person: PersonRow, action: str) -> None:
    with writing(session):
        events.append(
            session,
            now=NOW,
            actor=acting(person),
            action=action,
            entity="screening",
            entity_id=screening.id,
        )


@pytest.mark.parametrize("how", WAYS)
def test_permissions_know_the_same_authors_as_the_database(database_session: Session, how: str):
    screening, author = authored(database_session, how)
    assert author.id in thing_of(database_session, screening).authors


def test_a_submitter_the_log_does_not_know_is_not_replaced(database_session: Session):
    first, second = make_person(database_session), make_person(database_session)
    screening = make_screening(database_session, status=Status.RETURNED, author=first)
    replace = "UPDATE screening SET submitted_by = :person WHERE id = :id"
    values = {"person": raw(database_session, second), "id": raw(database_session, screening)}
    assert said(database_session, replace, **values) == "author"
    assert said(database_session, replace, **{**values, "person": None}) == "author"
    logged(database_session, screening, first, "screening.submitted")
    assert said(database_session, replace, **values) == ""


def test_another_submission_in_the_log_does_not_make_somebody_an_author(
    database_session: Session,
):
    screening, _author = authored(database_session, "submitted before a return")
    reviewer = make_person(database_session)
    elsewhere = make_screening(database_session)
    logged(database_session, elsewhere, reviewer, "screening.submitted")
    logged(database_session, screening, reviewer, "review.claimed")
    make_review(database_session, screening=screening, reviewer=reviewer)


def test_who_proposed_a_lowering_cannot_agree_to_it(database_session: Session):
    screening = make_screening(database_session, status=Status.SUBMITTED)
    reviewer = make_person(database_session)
    proposal = make_review(
        database_session, screening=screening, reviewer=reviewer, kind="propose_lowering"
    )
    lowering = {"kind": "agree_lowering", "proposal_id": proposal.id}
    with pytest.raises(NotAllowed) as refused:
        make_review(database_session, screening=screening, reviewer=reviewer, **lowering)
    assert refused.value.code == "same_person"
    make_review(database_session, screening=screening, **lowering)


def test_a_lowering_agrees_to_a_proposal_for_this_submission(database_session: Session):
    screening = make_screening(database_session, status=Status.SUBMITTED)
    elsewhere = make_review(
        database_session,
        screening=make_screening(database_session, status=Status.SUBMITTED),
        kind="propose_lowering",
    )
    with pytest.raises(NotAllowed) as refused:
        make_review(
            database_session, screening=screening, kind="agree_lowering", proposal_id=elsewhere.id
        )
    assert refused.value.code == "status"


def test_the_reviewer_of_a_version_cannot_sign_it(database_session: Session):
    screening = make_screening(database_session, status=Status.SUBMITTED)
    reviewer = make_person(database_session)
    make_review(database_session, screening=screening, reviewer=reviewer)
    move(database_session, screening=screening, to=Status.REVIEWED)
    with pytest.raises(NotAllowed) as refused:
        make_sign_off(database_session, screening=screening, person=reviewer)
    assert refused.value.code == "same_person"


@pytest.mark.parametrize("status", [Status.DRAFT, Status.SUBMITTED, Status.RETURNED])
def test_only_a_reviewed_screening_can_be_signed(database_session: Session, status: Status):
    screening = make_screening(database_session, status=status)
    with pytest.raises(NotAllowed) as refused:
        make_sign_off(database_session, screening=screening)
    assert refused.value.code == "status"


@pytest.mark.parametrize("status", [Status.DRAFT, Status.REVIEWED, Status.SIGNED])
def test_only_a_submitted_screening_can_be_confirmed(database_session: Session, status: Status):
    screening = make_screening(database_session, status=status)
    with pytest.raises(NotAllowed) as refused:
        make_review(database_session, screening=screening)
    assert refused.value.code == "status"


def test_nobody_signs_what_they_have_not_read(database_session: Session):
    screening = make_screening(database_session, status=Status.REVIEWED)
    person = make_person(database_session)
    stale = make_receipt(
        database_session, screening=screening, person=person, content_digest="e" * 64
    )
    somebody_elses = make_receipt(
        database_session, screening=screening, person=make_person(database_session)
    )
    for receipt in (stale, somebody_elses):
        with pytest.raises(NotAllowed) as refused:
            make_sign_off(database_session, screening=screening, person=person, receipt=receipt)
        assert refused.value.code == "digest"
    with pytest.raises(NotAllowed) as refused:
        make_sign_off(database_session, screening=screening, content_digest="d" * 64)
    assert refused.value.code == "digest"
    make_sign_off(database_session, screening=screening, person=person)

"""Screening versions, their answers, and every change made to them."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from eqia.domain.screenings import Status
from eqia.persistence.tables.base import Row


class QuestionSetRow(Row):
    """The exact question set a screening was asked with, local groups merged in."""

    __tablename__ = "question_set"

    digest: Mapped[str] = mapped_column(String(64), unique=True)
    set_id: Mapped[str] = mapped_column(String(40))
    set_version: Mapped[int]
    snapshot: Mapped[dict[str, Any]] = mapped_column(JSON)


class ReferenceRow(Row):
    """The last reference number given out in a year."""

    __tablename__ = "reference"

    year: Mapped[int] = mapped_column(unique=True)
    last: Mapped[int]


class ScreeningRow(Row):
    """One version of a screening; versions share a reference."""

    __tablename__ = "screening"
    __table_args__ = (
        UniqueConstraint("reference", "number"),
        CheckConstraint("number >= 1", name="number"),
        CheckConstraint("status <> 'withdrawn' OR withdrawn_reason <> ''", name="withdrawn_why"),
        CheckConstraint(
            "status NOT IN ('reviewed','signed','superseded') OR confirmed_outcome <> ''",
            name="confirmed_outcome",
        ),
        Index("ix_screening_status_submitted", "status", "submitted_at"),
    )

    project_id: Mapped[UUID] = mapped_column(ForeignKey("project.id"), index=True)
    reference: Mapped[str] = mapped_column(String(20))
    #: 1, 2, 3 …: the version people read as "v3"
    number: Mapped[int] = mapped_column(default=1)
    previous_id: Mapped[UUID | None] = mapped_column(ForeignKey("screening.id"), unique=True)
    status: Mapped[Status] = mapped_column(default=Status.DRAFT)
    question_set_digest: Mapped[str] = mapped_column(ForeignKey("question_set.digest"))
    language: Mapped[str] = mapped_column(String(5), default="en")
    #: raised by one at every change of the row, for forms that carry it
    version: Mapped[int] = mapped_column(default=1)

    created_by: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    created_at: Mapped[datetime] = mapped_column(index=True)
    updated_at: Mapped[datetime]
    submitted_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    submitted_at: Mapped[datetime | None]
    reviewed_at: Mapped[datetime | None]
    signed_at: Mapped[datetime | None] = mapped_column(index=True)
    returned_at: Mapped[datetime | None]
    return_due: Mapped[date | None]
    withdrawn_reason: Mapped[str] = mapped_column(Text, default="")
    changes_summary: Mapped[str] = mapped_column(Text, default="")

    #: "Stop here and go to the full EqIA": when and in whose words why
    stopped_at: Mapped[datetime | None]
    stop_reason: Mapped[str] = mapped_column(Text, default="")
    #: when the calculated outcome was first shown to the team
    outcome_shown_at: Mapped[datetime | None]

    #: the claimed reviewer
    reviewer_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"), index=True)
    calculated_outcome: Mapped[str] = mapped_column(String(40), default="")
    confirmed_outcome: Mapped[str] = mapped_column(String(40), default="")
    #: confirmed, else calculated: what the register shows and filters on
    outcome_in_force: Mapped[str] = mapped_column(String(40), default="", index=True)
    #: the whole decision as calculated at submission (interchange shape)
    decision: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    #: SHA-256 over answers, question set and confirmed outcome; receipts name it
    content_digest: Mapped[str] = mapped_column(String(64), default="")
    #: the project's facts as they stood at sign-off, for the stale flag
    project_snapshot: Mapped[dict[str, Any] | None] = mapped_column(JSON)

    #: the dates from which each flag holds (product.md section 3); filters compare them with today
    late_from: Mapped[date | None]
    stale_from: Mapped[date | None]
    information_overdue_from: Mapped[date | None]
    eqia_pending_from: Mapped[date | None]
    decided_without_from: Mapped[date | None]
    review_due: Mapped[date | None]
    decision_date: Mapped[date | None]


class SectionRow(Row):
    """The version of one section, so that two people cannot overwrite each other."""

    __tablename__ = "section"
    __table_args__ = (UniqueConstraint("screening_id", "section"),)

    screening_id: Mapped[UUID] = mapped_column(ForeignKey("screening.id"))
    section: Mapped[str] = mapped_column(String(40))
    version: Mapped[int] = mapped_column(default=1)
    completed: Mapped[bool] = mapped_column(default=False)
    updated_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    updated_at: Mapped[datetime]


class AnswerRow(Row):
    """The answer to one question, for one group where the question is asked per group."""

    __tablename__ = "answer"
    __table_args__ = (UniqueConstraint("screening_id", "question", "group_id"),)

    screening_id: Mapped[UUID] = mapped_column(ForeignKey("screening.id"))
    question: Mapped[str] = mapped_column(String(40))
    #: empty for a question asked once
    group_id: Mapped[str] = mapped_column(String(40), default="")
    #: the parsed answer, in the shape of `eqia decide`; null when what was typed does not parse
    value: Mapped[Any] = mapped_column(JSON, nullable=True)
    #: what was typed, when it does not parse: shown again, never decided on
    raw: Mapped[Any] = mapped_column(JSON, nullable=True)


class AnswerChangeRow(Row):
    """One saved change of one answer: the history nobody can rewrite."""

    __tablename__ = "answer_change"
    __table_args__ = (Index("ix_answer_change_screening_at", "screening_id", "at"),)

    screening_id: Mapped[UUID] = mapped_column(ForeignKey("screening.id"))
    section: Mapped[str] = mapped_column(String(40))
    section_version: Mapped[int]
    question: Mapped[str] = mapped_column(String(40))
    group_id: Mapped[str] = mapped_column(String(40), default="")
    before: Mapped[Any] = mapped_column(JSON, nullable=True)
    after: Mapped[Any] = mapped_column(JSON, nullable=True)
    actor_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    at: Mapped[datetime]


class SubmitTokenRow(Row):
    """A single-use token: a second click gets the first click's result, not a duplicate."""

    __tablename__ = "submit_token"

    token: Mapped[str] = mapped_column(String(64), unique=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    action: Mapped[str] = mapped_column(String(40))
    used_at: Mapped[datetime]
    #: what the first use led to: the id of the thing made or moved
    result_id: Mapped[UUID | None]


class KeptFormRow(Row):
    """What somebody had typed when their session ended, kept until they are back."""

    __tablename__ = "kept_form"

    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    path: Mapped[str] = mapped_column(String(400))
    body: Mapped[list[Any]] = mapped_column(JSON)
    created_at: Mapped[datetime]

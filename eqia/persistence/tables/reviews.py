"""Review, receipts and sign-off: acts that are added, never changed."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, CheckConstraint, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from eqia.persistence.tables.base import Row


class CommentRow(Row):
    """A challenge to one answer, or a reply to it."""

    __tablename__ = "comment"

    screening_id: Mapped[UUID] = mapped_column(ForeignKey("screening.id"), index=True)
    question: Mapped[str] = mapped_column(String(40), default="")
    group_id: Mapped[str] = mapped_column(String(40), default="")
    body: Mapped[str] = mapped_column(Text)
    author_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime]
    reply_to_id: Mapped[UUID | None] = mapped_column(ForeignKey("comment.id"))


class ReviewRow(Row):
    """One act of a reviewer or approver on one version: append-only."""

    __tablename__ = "review"
    __table_args__ = (
        CheckConstraint(
            "kind IN ('confirm','raise','propose_lowering','agree_lowering','return')", name="kind"
        ),
        CheckConstraint("kind = 'confirm' OR reason <> ''", name="reason"),
        CheckConstraint("kind <> 'agree_lowering' OR proposal_id IS NOT NULL", name="proposal"),
    )

    screening_id: Mapped[UUID] = mapped_column(ForeignKey("screening.id"), index=True)
    kind: Mapped[str] = mapped_column(String(20))
    outcome: Mapped[str] = mapped_column(String(40), default="")
    reason: Mapped[str] = mapped_column(Text, default="")
    evidence: Mapped[str] = mapped_column(Text, default="")
    due: Mapped[date | None]
    reviewer_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    proposal_id: Mapped[UUID | None] = mapped_column(ForeignKey("review.id"))
    #: the submission this act belongs to; a return voids what went before
    submitted_at: Mapped[datetime]
    at: Mapped[datetime]


class ReceiptRow(Row):
    """A person's word that they read this digest (Hunt v North Somerset)."""

    __tablename__ = "receipt"

    screening_id: Mapped[UUID] = mapped_column(ForeignKey("screening.id"), index=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    role_used: Mapped[str] = mapped_column(String(40))
    organisation: Mapped[str] = mapped_column(String(200), default="")
    content_digest: Mapped[str] = mapped_column(String(64))
    after_decision: Mapped[bool] = mapped_column(default=False)
    at: Mapped[datetime]


class SignOffRow(Row):
    """The approver's act: one per signed version, never changed."""

    __tablename__ = "sign_off"

    screening_id: Mapped[UUID] = mapped_column(ForeignKey("screening.id"), unique=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    role_used: Mapped[str] = mapped_column(String(40))
    receipt_id: Mapped[UUID] = mapped_column(ForeignKey("receipt.id"))
    content_digest: Mapped[str] = mapped_column(String(64))
    #: ids of the duty's statements, each confirmed
    statements: Mapped[list[Any]] = mapped_column(JSON)
    benefits: Mapped[str] = mapped_column(Text)
    harms: Mapped[str] = mapped_column(Text)
    proportionate: Mapped[str] = mapped_column(Text)
    #: measure, owner, date or review date, where the question set has no question for it
    supplied: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    at: Mapped[datetime]

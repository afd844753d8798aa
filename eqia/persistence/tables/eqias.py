"""The linked full EqIA, and what happened after the screening."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from eqia.persistence.tables.base import Row


class EqiaRow(Row):
    """A full EqIA kept elsewhere, linked to the screening that triggered it."""

    __tablename__ = "eqia"
    __table_args__ = (
        CheckConstraint("status IN ('not_started','started','approved')", name="status"),
        CheckConstraint(
            "status <> 'approved' OR (approved_by IS NOT NULL AND approved_at IS NOT NULL)",
            name="approved_by",
        ),
        CheckConstraint(
            "accepted_by IS NULL OR (stated_date IS NOT NULL AND stated_document <> ''"
            " AND stated_reason <> '')",
            name="stated_date",
        ),
    )

    screening_id: Mapped[UUID] = mapped_column(ForeignKey("screening.id"), unique=True)
    reference: Mapped[str] = mapped_column(String(100), default="")
    link: Mapped[str] = mapped_column(String(2000), default="")
    status: Mapped[str] = mapped_column(String(20), default="not_started")
    started_at: Mapped[datetime | None]
    approved_at: Mapped[datetime | None]
    approved_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    #: an earlier approval date that somebody states; counts only once a reviewer accepts it
    stated_date: Mapped[date | None]
    stated_document: Mapped[str] = mapped_column(String(2000), default="")
    stated_reason: Mapped[str] = mapped_column(Text, default="")
    stated_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    accepted_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    accepted_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1)


class FollowUpRow(Row):
    """A decision taken, a review held or a trigger that occurred, as logged."""

    __tablename__ = "follow_up"
    __table_args__ = (CheckConstraint("kind IN ('decision','review','trigger')", name="kind"),)

    screening_id: Mapped[UUID] = mapped_column(ForeignKey("screening.id"), index=True)
    kind: Mapped[str] = mapped_column(String(20))
    on_date: Mapped[date]
    body: Mapped[str] = mapped_column(String(200), default="")
    link: Mapped[str] = mapped_column(String(2000), default="")
    #: the screening version the body had before it
    version_read: Mapped[int | None]
    #: the code of the trigger, from the question set
    trigger: Mapped[str] = mapped_column(String(40), default="")
    note: Mapped[str] = mapped_column(Text, default="")
    logged_by: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime]

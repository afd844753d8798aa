"""Evidence entered once with the groups it covers, and what must still be found out."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import JSON, CheckConstraint, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from eqia.persistence.tables.base import Row


class EvidenceRow(Row):
    """One piece of evidence of one screening version."""

    __tablename__ = "evidence"
    __table_args__ = (
        CheckConstraint("kind IN ('data','research','views','assessment')", name="kind"),
    )

    screening_id: Mapped[UUID] = mapped_column(ForeignKey("screening.id"), index=True)
    kind: Mapped[str] = mapped_column(String(20))
    title: Mapped[str] = mapped_column(String(300))
    dated: Mapped[date | None]
    #: ids of the groups it covers
    groups: Mapped[list[str]] = mapped_column(JSON, default=list)
    link: Mapped[str] = mapped_column(String(2000), default="")
    note: Mapped[str] = mapped_column(Text, default="")
    created_by: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    created_at: Mapped[datetime]
    #: taken off the list, with its row kept for the history
    removed_at: Mapped[datetime | None]


class EvidenceActionRow(Row):
    """Something to find out, with an owner and a date (Bracking: missing material is acquired)."""

    __tablename__ = "evidence_action"

    screening_id: Mapped[UUID] = mapped_column(ForeignKey("screening.id"), index=True)
    #: `rule:R09` or `gap:0`: what it came from
    cause: Mapped[str] = mapped_column(String(60))
    text: Mapped[str] = mapped_column(Text)
    owner: Mapped[str] = mapped_column(String(200), default="")
    due: Mapped[date | None]
    created_at: Mapped[datetime]
    done_at: Mapped[datetime | None]
    done_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    finding: Mapped[str] = mapped_column(Text, default="")

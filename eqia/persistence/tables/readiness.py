"""The readiness checklist of a plan: which version it answers, and every answer ever given."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from eqia.persistence.tables.base import Row


class ReadinessRow(Row):
    """The checklist of one plan, with the version of the list that it answers."""

    __tablename__ = "readiness"

    plan_id: Mapped[UUID] = mapped_column(ForeignKey("plan.id"), unique=True)
    list_id: Mapped[str] = mapped_column(String(40))
    list_version: Mapped[int]
    #: SHA-256 of the list as it was published
    list_digest: Mapped[str] = mapped_column(String(64))
    created_by: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    created_at: Mapped[datetime]


class ReadinessAnswerRow(Row):
    """One answer to one part of the list; a later one stands in its place and keeps it readable."""

    __tablename__ = "readiness_answer"
    __table_args__ = (
        UniqueConstraint("readiness_id", "part", "number"),
        CheckConstraint("answer IN ('','yes','partly','not_yet','na')", name="answer"),
        CheckConstraint("number >= 1", name="number"),
    )

    readiness_id: Mapped[UUID] = mapped_column(ForeignKey("readiness.id"))
    #: `1.3`, or `1.5b` for a part of an item
    part: Mapped[str] = mapped_column(String(20))
    #: counted for each part, from 1
    number: Mapped[int]
    #: empty while only a note, an owner or a date is kept
    answer: Mapped[str] = mapped_column(String(20), default="")
    note: Mapped[str] = mapped_column(Text, default="")
    for_whom: Mapped[str] = mapped_column(Text, default="")
    link: Mapped[str] = mapped_column(String(2000), default="")
    owner: Mapped[str] = mapped_column(String(200), default="")
    on_date: Mapped[date | None]
    #: what the data suggested and this person confirmed; empty where somebody chose by hand
    suggested: Mapped[str] = mapped_column(Text, default="")
    created_by: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    created_at: Mapped[datetime]


class ReadinessDeedRow(Row):
    """Something done because a rule of the screening asked for it: a reply, or people involved."""

    __tablename__ = "readiness_deed"
    __table_args__ = (
        CheckConstraint("kind IN ('reply','involvement')", name="kind"),
        CheckConstraint("words <> ''", name="words"),
        CheckConstraint("kind <> 'reply' OR on_date IS NOT NULL", name="dated"),
        CheckConstraint("kind <> 'involvement' OR action_id IS NOT NULL", name="which_action"),
    )

    plan_id: Mapped[UUID] = mapped_column(ForeignKey("plan.id"), index=True)
    #: the rule it answers, as the question set names it
    rule: Mapped[str] = mapped_column(String(64))
    kind: Mapped[str] = mapped_column(String(20))
    on_date: Mapped[date | None]
    words: Mapped[str] = mapped_column(Text)
    #: the action of the plan that it was
    action_id: Mapped[UUID | None] = mapped_column(ForeignKey("action.id"))
    created_by: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    created_at: Mapped[datetime]

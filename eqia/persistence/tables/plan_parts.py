"""What else a plan holds: risks and issues, PDSA cycles, and its other sections."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from eqia.persistence.tables.base import Row


class RiskRow(Row):
    """Something that may go wrong, or has: cause, event and effect apart, scored and answered."""

    __tablename__ = "risk"
    __table_args__ = (
        CheckConstraint("kind IN ('risk','issue')", name="kind"),
        CheckConstraint("likelihood BETWEEN 1 AND 5", name="likelihood"),
        CheckConstraint("impact BETWEEN 1 AND 5", name="impact"),
        CheckConstraint("event <> ''", name="event"),
        CheckConstraint("status IN ('open','closed')", name="status"),
        CheckConstraint(
            "status <> 'closed' OR (closed_why <> '' AND closed_on IS NOT NULL)",
            name="closed_why",
        ),
    )

    plan_id: Mapped[UUID] = mapped_column(ForeignKey("plan.id"), index=True)
    kind: Mapped[str] = mapped_column(String(20))
    cause: Mapped[str] = mapped_column(Text)
    event: Mapped[str] = mapped_column(Text)
    effect: Mapped[str] = mapped_column(Text)
    #: the group of the question set it falls on, as its set names and labels it; or none
    group_id: Mapped[str] = mapped_column(String(40), default="")
    group_label: Mapped[str] = mapped_column(String(200), default="")
    likelihood: Mapped[int]
    impact: Mapped[int]
    owner: Mapped[str] = mapped_column(String(200), default="")
    response: Mapped[str] = mapped_column(Text, default="")
    review_date: Mapped[date | None]
    #: the action of the plan that answers it
    action_id: Mapped[UUID | None] = mapped_column(ForeignKey("action.id"))
    status: Mapped[str] = mapped_column(String(20), default="open")
    #: why it was closed the last time, and when; both stay when it is opened again
    closed_why: Mapped[str] = mapped_column(Text, default="")
    closed_on: Mapped[date | None]
    created_by: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    created_at: Mapped[datetime]
    updated_by: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    updated_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(default=1)


class PdsaRow(Row):
    """One small test of a change: plan, do, study, act."""

    __tablename__ = "pdsa"
    __table_args__ = (
        UniqueConstraint("plan_id", "number"),
        CheckConstraint("number >= 1", name="number"),
        CheckConstraint("objective <> ''", name="objective"),
        CheckConstraint("ends_on IS NULL OR ends_on >= starts_on", name="ends_after_start"),
        CheckConstraint("decision IN ('','adopt','adapt','abandon')", name="decision"),
        CheckConstraint(
            "decision = '' OR (study_words <> '' AND ends_on IS NOT NULL)", name="decided_after"
        ),
    )

    plan_id: Mapped[UUID] = mapped_column(ForeignKey("plan.id"))
    #: counted in each plan
    number: Mapped[int]
    objective: Mapped[str] = mapped_column(Text)
    prediction: Mapped[str] = mapped_column(Text)
    plan_words: Mapped[str] = mapped_column(Text, default="")
    do_words: Mapped[str] = mapped_column(Text, default="")
    study_words: Mapped[str] = mapped_column(Text, default="")
    act_words: Mapped[str] = mapped_column(Text, default="")
    starts_on: Mapped[date]
    ends_on: Mapped[date | None]
    decision: Mapped[str] = mapped_column(String(20), default="")
    created_by: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    created_at: Mapped[datetime]
    updated_by: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    updated_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(default=1)


class PdsaMeasureRow(Row):
    """A cycle touches a measure, whose chart marks its days; or did until it was taken off."""

    __tablename__ = "pdsa_measure"
    __table_args__ = (UniqueConstraint("pdsa_id", "measure_id"),)

    pdsa_id: Mapped[UUID] = mapped_column(ForeignKey("pdsa.id"))
    measure_id: Mapped[UUID] = mapped_column(ForeignKey("measure.id"), index=True)
    live: Mapped[bool] = mapped_column(default=True)
    created_by: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    created_at: Mapped[datetime]


class PlanEntryRow(Row):
    """What was written in one section of a plan; a section that is a list has several."""

    __tablename__ = "plan_entry"
    __table_args__ = (
        UniqueConstraint("plan_id", "section", "place"),
        CheckConstraint("place >= 1", name="place"),
        CheckConstraint("status IN ('live','withdrawn')", name="status"),
    )

    plan_id: Mapped[UUID] = mapped_column(ForeignKey("plan.id"))
    #: a section of eqia/domain/plan_sections.toml
    section: Mapped[str] = mapped_column(String(40))
    #: counted in each section; the one text of a section that is no list is number 1
    place: Mapped[int]
    #: code of a box -> what was typed in it
    words: Mapped[dict[str, Any]] = mapped_column(JSON)
    status: Mapped[str] = mapped_column(String(20), default="live")
    #: why it was taken off, if somebody said so
    withdrawn_why: Mapped[str] = mapped_column(Text, default="")
    created_by: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    created_at: Mapped[datetime]
    updated_by: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    updated_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(default=1)

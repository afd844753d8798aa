"""A plan after a signed screening: its findings, the actions that answer them, its reviews."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, CheckConstraint, ForeignKey, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from eqia.persistence.tables.base import Row


class PlanRow(Row):
    """What a project does about the findings of one signed screening."""

    __tablename__ = "plan"
    __table_args__ = (
        CheckConstraint("status IN ('open','paused','closed')", name="status"),
        CheckConstraint(
            "end_date IS NULL OR start_date IS NULL OR end_date >= start_date",
            name="ends_after_start",
        ),
    )

    project_id: Mapped[UUID] = mapped_column(ForeignKey("project.id"), index=True)
    #: the version whose findings it answers; a later one is taken over by an act
    screening_id: Mapped[UUID] = mapped_column(ForeignKey("screening.id"), index=True)
    #: one plan for all versions under a reference
    reference: Mapped[str] = mapped_column(String(20), unique=True)
    aim: Mapped[str] = mapped_column(Text, default="")
    lead: Mapped[str] = mapped_column(String(200), default="")
    sponsor: Mapped[str] = mapped_column(String(200), default="")
    start_date: Mapped[date | None]
    end_date: Mapped[date | None]
    #: when the change reaches people: a baseline comes from before
    change_start: Mapped[date | None]
    next_review: Mapped[date | None]
    status: Mapped[str] = mapped_column(String(20), default="open")
    #: first and last day of each pause, as ISO texts; the last day of one under way is ""
    pauses: Mapped[list[Any]] = mapped_column(JSON, default=list)
    created_by: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    created_at: Mapped[datetime]
    updated_by: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    updated_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(default=1)


class FindingRow(Row):
    """What a screening version found for one group."""

    __tablename__ = "finding"
    __table_args__ = (
        UniqueConstraint("screening_id", "question", "group_id"),
        CheckConstraint(
            "direction IN ('positive','neutral','negative','unknown')", name="direction"
        ),
        CheckConstraint(
            "no_action_reason = '' OR (no_action_by IS NOT NULL AND no_action_at IS NOT NULL)",
            name="no_action_signed",
        ),
        CheckConstraint("severity IN ('','small','serious')", name="severity"),
        CheckConstraint("likelihood IN ('','unlikely','possible','likely')", name="likelihood"),
    )

    plan_id: Mapped[UUID] = mapped_column(ForeignKey("plan.id"), index=True)
    screening_id: Mapped[UUID] = mapped_column(ForeignKey("screening.id"))
    #: the question that asked for the effect, and the group as the question set names it
    question: Mapped[str] = mapped_column(String(40))
    group_id: Mapped[str] = mapped_column(String(40))
    label: Mapped[str] = mapped_column(String(200))
    direction: Mapped[str] = mapped_column(String(20))
    #: what was answered, in words, and what was said to happen
    effect: Mapped[str] = mapped_column(Text, default="")
    statement: Mapped[str] = mapped_column(Text, default="")
    #: how bad it would be, as the answer says, and what the answer rests on
    severity: Mapped[str] = mapped_column(String(20), default="", server_default=text("''"))
    evidence: Mapped[str] = mapped_column(Text, default="", server_default=text("''"))
    #: how likely it is, which the team says afterwards
    likelihood: Mapped[str] = mapped_column(String(20), default="", server_default=text("''"))
    #: why nothing is done about it, signed and dated
    no_action_reason: Mapped[str] = mapped_column(Text, default="")
    no_action_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    no_action_at: Mapped[datetime | None]
    position: Mapped[int] = mapped_column(default=0)
    created_by: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    created_at: Mapped[datetime]


class ActionRow(Row):
    """Something that is done about one or more findings."""

    __tablename__ = "action"
    __table_args__ = (
        CheckConstraint("kind IN ('mitigation','enhancement','data_gap','other')", name="kind"),
        CheckConstraint("status IN ('open','done','cancelled')", name="status"),
        CheckConstraint("status <> 'done' OR done_date IS NOT NULL", name="done_date"),
        CheckConstraint(
            "no_measure_reason = '' OR (no_measure_by IS NOT NULL AND no_measure_at IS NOT NULL)",
            name="no_measure_signed",
        ),
    )

    plan_id: Mapped[UUID] = mapped_column(ForeignKey("plan.id"), index=True)
    title: Mapped[str] = mapped_column(Text)
    owner: Mapped[str] = mapped_column(String(200), default="")
    due: Mapped[date | None]
    done_date: Mapped[date | None]
    status: Mapped[str] = mapped_column(String(20), default="open")
    kind: Mapped[str] = mapped_column(String(20))
    #: what came of it, or why it was given up
    outcome: Mapped[str] = mapped_column(Text, default="")
    #: why it cannot be measured, and what is done instead, signed and dated
    no_measure_reason: Mapped[str] = mapped_column(Text, default="")
    no_measure_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    no_measure_at: Mapped[datetime | None]
    #: the answer it was made from, so that nothing is made twice; empty when typed here
    cause: Mapped[str] = mapped_column(String(100), default="")
    created_by: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    created_at: Mapped[datetime]
    updated_by: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    updated_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(default=1)


class FindingActionRow(Row):
    """An action answers a finding, with the reason why it does."""

    __tablename__ = "finding_action"
    __table_args__ = (
        UniqueConstraint("finding_id", "action_id"),
        CheckConstraint("reason <> ''", name="reason"),
    )

    finding_id: Mapped[UUID] = mapped_column(ForeignKey("finding.id"))
    action_id: Mapped[UUID] = mapped_column(ForeignKey("action.id"), index=True)
    reason: Mapped[str] = mapped_column(Text)
    created_by: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    created_at: Mapped[datetime]


class ActionMeasureRow(Row):
    """A measure shows whether an action works; or did, until somebody ended the link."""

    __tablename__ = "action_measure"
    __table_args__ = (UniqueConstraint("action_id", "measure_id"),)

    action_id: Mapped[UUID] = mapped_column(ForeignKey("action.id"))
    measure_id: Mapped[UUID] = mapped_column(ForeignKey("measure.id"), index=True)
    ended_at: Mapped[datetime | None]
    created_by: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    created_at: Mapped[datetime]


class PlanReviewRow(Row):
    """A review that was held: who came, what they saw, what they decided."""

    __tablename__ = "plan_review"
    __table_args__ = (
        CheckConstraint("decision IN ('continue','change','stop','rescreen')", name="decision"),
    )

    plan_id: Mapped[UUID] = mapped_column(ForeignKey("plan.id"), index=True)
    planned_on: Mapped[date | None]
    held_on: Mapped[date]
    attendees: Mapped[str] = mapped_column(Text, default="")
    decision: Mapped[str] = mapped_column(String(20))
    notes: Mapped[str] = mapped_column(Text)
    #: what was covered and what was open on the day
    snapshot: Mapped[dict[str, Any]] = mapped_column(JSON)
    #: what was made of each concern (eqia.domain.plan_reviews); none where nobody was asked yet
    answers: Mapped[list[Any] | None] = mapped_column(JSON(none_as_null=True))
    #: who starts the next version of the screening, and by when, where that was decided
    rescreen_by: Mapped[str] = mapped_column(String(200), default="", server_default=text("''"))
    rescreen_due: Mapped[date | None]
    created_by: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    created_at: Mapped[datetime]


class PlanMoveRow(Row):
    """A plan was paused, gone on with or closed: by whom, when and why."""

    __tablename__ = "plan_move"
    __table_args__ = (
        CheckConstraint("to_status IN ('open','paused','closed')", name="to_status"),
        CheckConstraint("reason <> ''", name="reason"),
    )

    plan_id: Mapped[UUID] = mapped_column(ForeignKey("plan.id"), index=True)
    to_status: Mapped[str] = mapped_column(String(20))
    reason: Mapped[str] = mapped_column(Text)
    #: who looks after what goes on when the plan is closed
    looked_after_by: Mapped[str] = mapped_column(String(200), default="")
    #: what was covered and what was open on the day
    snapshot: Mapped[dict[str, Any]] = mapped_column(JSON)
    created_by: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    created_at: Mapped[datetime]

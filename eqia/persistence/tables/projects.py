"""Projects and who is in them."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from eqia.domain.people import MemberRole
from eqia.persistence.tables.base import Row


class ProjectRow(Row):
    """A piece of work whose effect on equality is screened."""

    __tablename__ = "project"
    __table_args__ = (
        CheckConstraint(
            "end_date IS NULL OR start_date IS NULL OR end_date >= start_date",
            name="ends_after_start",
        ),
        CheckConstraint("people_a_year IS NULL OR people_a_year >= 0", name="people_a_year"),
    )

    title: Mapped[str] = mapped_column(String(200))
    summary: Mapped[str] = mapped_column(Text, default="")
    organisations: Mapped[str] = mapped_column(String(400), default="")
    question_set_id: Mapped[str] = mapped_column(String(40))
    start_date: Mapped[date | None]
    end_date: Mapped[date | None]
    decision_date: Mapped[date | None]
    sites: Mapped[str] = mapped_column(Text, default="")
    supplier: Mapped[str] = mapped_column(Text, default="")
    groups_served: Mapped[str] = mapped_column(Text, default="")
    people_a_year: Mapped[int | None]
    #: codes of the bodies that decide, from the organisation's list
    bodies: Mapped[list[str]] = mapped_column(JSON, default=list)
    created_by: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(default=1)


class ProjectMemberRow(Row):
    """A person's place in a project, from when to when."""

    __tablename__ = "project_member"
    __table_args__ = (
        Index(
            "uq_project_member_live",
            "project_id",
            "person_id",
            unique=True,
            sqlite_where=text("until_at IS NULL"),
            postgresql_where=text("until_at IS NULL"),
        ),
    )

    project_id: Mapped[UUID] = mapped_column(ForeignKey("project.id"))
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    role: Mapped[MemberRole]
    added_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    from_at: Mapped[datetime]
    until_at: Mapped[datetime | None]

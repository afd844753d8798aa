"""The sets of groups an organisation defines for itself, edition by edition."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from eqia.persistence.tables.base import Row


class CategorySetRow(Row):
    """One edition of a set of groups: another one is a new row, and a new series."""

    __tablename__ = "category_set"
    __table_args__ = (
        UniqueConstraint("code", "edition"),
        CheckConstraint("code LIKE 'org-%'", name="own_code"),
        CheckConstraint("label <> ''", name="label"),
    )

    #: begins with org-, so that it is never taken for a standard set
    code: Mapped[str] = mapped_column(String(40))
    edition: Mapped[str] = mapped_column(String(20))
    label: Mapped[str] = mapped_column(String(200))
    #: the group of the question set it splits, if it belongs to one
    characteristic: Mapped[str] = mapped_column(String(40), default="")
    source: Mapped[str] = mapped_column(Text, default="")
    replaces: Mapped[str] = mapped_column(String(20), default="")
    #: code, label and kind of each member, in the order they are shown
    members: Mapped[list[Any]] = mapped_column(JSON)
    #: the day from which it is used
    from_date: Mapped[date]
    created_by: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    created_at: Mapped[datetime]

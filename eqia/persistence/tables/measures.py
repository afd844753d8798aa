"""Measures, their frozen definitions, and what was read: added to, never changed."""

from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any
from uuid import UUID

from sqlalchemy import (
    JSON,
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    String,
    Text,
    UniqueConstraint,
    select,
    text,
)
from sqlalchemy.orm import Mapped, column_property, mapped_column

from eqia.persistence.columns import Exact
from eqia.persistence.tables.base import Row

_FIRST = text("supersedes IS NULL")


class MeasureRow(Row):
    """Something that is counted over and over to see how groups fare."""

    __tablename__ = "measure"
    __table_args__ = (
        CheckConstraint("kind IN ('outcome','process','balancing','experience')", name="kind"),
        CheckConstraint("status IN ('live','stopped')", name="status"),
        CheckConstraint("lag_days >= 0", name="lag_days"),
    )

    plan_id: Mapped[UUID] = mapped_column(ForeignKey("plan.id"), index=True)
    title: Mapped[str] = mapped_column(Text)
    kind: Mapped[str] = mapped_column(String(20), default="outcome")
    owner: Mapped[str] = mapped_column(String(200), default="")
    collector: Mapped[str] = mapped_column(String(200), default="")
    source: Mapped[str] = mapped_column(Text, default="")
    #: week, month, quarter, half_year or year; empty until it is defined
    frequency: Mapped[str] = mapped_column(String(20), default="")
    #: the first day of the first period that is read
    first_period: Mapped[date | None]
    lag_days: Mapped[int] = mapped_column(default=0)
    status: Mapped[str] = mapped_column(String(20), default="live")
    #: what the screening promised of it, label and words
    promised: Mapped[list[Any]] = mapped_column(JSON, default=list)
    cause: Mapped[str] = mapped_column(String(100), default="")
    created_by: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    created_at: Mapped[datetime]
    updated_by: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    updated_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(default=1)


class MeasureVersionRow(Row):
    """One definition of a measure; another one starts a new series."""

    __tablename__ = "measure_version"
    __table_args__ = (
        UniqueConstraint("measure_id", "number"),
        UniqueConstraint("id", "shape"),
        CheckConstraint("shape IN ('proportion','rate','mean','count')", name="shape"),
        CheckConstraint("direction IN ('up','down','neither')", name="direction"),
        CheckConstraint("conflict_rule IN ('concern','improvement')", name="conflict_rule"),
        CheckConstraint("number >= 1", name="number"),
        CheckConstraint("per >= 1", name="per"),
    )

    measure_id: Mapped[UUID] = mapped_column(ForeignKey("measure.id"))
    number: Mapped[int]
    shape: Mapped[str] = mapped_column(String(20))
    #: a rate is per so many
    per: Mapped[int] = mapped_column(default=1)
    unit: Mapped[str] = mapped_column(String(100), default="")
    numerator: Mapped[str] = mapped_column(Text)
    denominator: Mapped[str] = mapped_column(Text, default="")
    inclusion: Mapped[str] = mapped_column(Text, default="")
    exclusion: Mapped[str] = mapped_column(Text, default="")
    direction: Mapped[str] = mapped_column(String(20))
    conflict_rule: Mapped[str] = mapped_column(String(20), default="concern")
    suppression: Mapped[str] = mapped_column(String(40), default="mask7_round5")
    #: the group of the question set it is broken down by, and by which set of categories
    characteristic: Mapped[str] = mapped_column(String(40), default="")
    category_set: Mapped[str] = mapped_column(String(60), default="")
    #: code, label and kind of each member that is read
    members: Mapped[list[Any]] = mapped_column(JSON)
    reference: Mapped[str] = mapped_column(String(40), default="")
    if TYPE_CHECKING:
        worded: Mapped[dict[str, Any] | None]
    #: why something else is counted than by the version before
    reason: Mapped[str] = mapped_column(Text, default="", server_default=text("''"))
    created_by: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    created_at: Mapped[datetime]


class MeasureWordingRow(Row):
    """The same definition in other words: its series goes on, and what it said before is kept."""

    __tablename__ = "measure_wording"
    __table_args__ = (
        UniqueConstraint("version_id", "number"),
        CheckConstraint("number >= 1", name="number"),
    )

    version_id: Mapped[UUID] = mapped_column(ForeignKey("measure_version.id"))
    number: Mapped[int]
    #: what it said before and what it says from here on, each field by its name
    before: Mapped[dict[str, Any]] = mapped_column(JSON)
    words: Mapped[dict[str, Any]] = mapped_column(JSON)
    created_by: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    created_at: Mapped[datetime]


#: the words in force of each version, read with it; none while it says what it said at first
MeasureVersionRow.worded = column_property(
    select(MeasureWordingRow.words)
    .where(MeasureWordingRow.version_id == MeasureVersionRow.id)
    .order_by(MeasureWordingRow.number.desc())
    .limit(1)
    .correlate(MeasureVersionRow.__table__)
    .scalar_subquery()
)


class TargetRow(Row):
    """Where a measure should be, from when to when."""

    __tablename__ = "target"
    __table_args__ = (
        CheckConstraint("kind IN ('level','gap','ratio','trajectory')", name="kind"),
        CheckConstraint("to_date >= from_date", name="ends_after_start"),
    )

    version_id: Mapped[UUID] = mapped_column(ForeignKey("measure_version.id"), index=True)
    #: a member's code; empty for everybody together
    member: Mapped[str] = mapped_column(String(40), default="")
    kind: Mapped[str] = mapped_column(String(20))
    value: Mapped[Decimal] = mapped_column(Exact)
    from_date: Mapped[date]
    to_date: Mapped[date]
    source: Mapped[str] = mapped_column(Text, default="")
    created_by: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    created_at: Mapped[datetime]


class TargetEndRow(Row):
    """That a target holds no more: another one took its place, or it was given up; and why."""

    __tablename__ = "target_end"
    __table_args__ = (CheckConstraint("reason <> ''", name="reason"),)

    target_id: Mapped[UUID] = mapped_column(ForeignKey("target.id"), unique=True)
    #: the target that took its place; none if it was given up
    replaced_by: Mapped[UUID | None] = mapped_column(ForeignKey("target.id"), unique=True)
    reason: Mapped[str] = mapped_column(Text)
    created_by: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    created_at: Mapped[datetime]


class BaselineRow(Row):
    """The periods a measure is compared with; or why there are none, and when the first one is."""

    __tablename__ = "baseline"
    __table_args__ = (
        CheckConstraint("to_date >= from_date", name="ends_after_start"),
        CheckConstraint("state IN ('agreed','provisional','none_earlier')", name="state"),
        CheckConstraint("state <> 'none_earlier' OR note <> ''", name="none_earlier_why"),
    )

    version_id: Mapped[UUID] = mapped_column(ForeignKey("measure_version.id"), index=True)
    from_date: Mapped[date]
    to_date: Mapped[date]
    state: Mapped[str] = mapped_column(String(20))
    note: Mapped[str] = mapped_column(Text, default="")
    created_by: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    created_at: Mapped[datetime]


class ReadingRow(Row):
    """One figure for one period and group. A correction is a new row that supersedes the old.

    Every chain starts at one row per version, period and member, and nothing is superseded twice,
    save by what an undone import had put there; so exactly one reading of a chain is live.
    """

    __tablename__ = "reading"
    __table_args__ = (
        ForeignKeyConstraint(
            ["version_id", "shape"], ["measure_version.id", "measure_version.shape"]
        ),
        ForeignKeyConstraint(
            ["import_batch_id", "version_id"], ["import_batch.id", "import_batch.version_id"]
        ),
        Index(
            "uq_reading_first",
            "version_id",
            "period_start",
            "period_end",
            "member",
            "after_undone",
            unique=True,
            sqlite_where=_FIRST,
            postgresql_where=_FIRST,
        ),
        UniqueConstraint("supersedes", "after_undone"),
        CheckConstraint("after_undone >= 0", name="after_undone"),
        CheckConstraint("period_end >= period_start", name="period"),
        CheckConstraint("numerator IS NULL OR numerator >= 0", name="numerator"),
        CheckConstraint("denominator IS NULL OR denominator > 0", name="denominator"),
        CheckConstraint(
            "shape <> 'proportion' OR numerator IS NULL OR numerator <= denominator",
            name="proportion",
        ),
        CheckConstraint(
            "shape NOT IN ('proportion','rate') OR numerator IS NULL OR denominator IS NOT NULL",
            name="parts",
        ),
        # A proportion is never kept beside its parts: one of them could be wrong.
        CheckConstraint("numerator IS NULL OR value IS NULL", name="one_figure"),
        CheckConstraint(
            "state IN ('final','provisional','masked_at_source','not_collected','not_applicable')",
            name="state",
        ),
        CheckConstraint(
            "(state IN ('final','provisional')) = (numerator IS NOT NULL OR value IS NOT NULL)",
            name="figure",
        ),
    )

    version_id: Mapped[UUID]
    #: that of the definition, so that the checks can see it
    shape: Mapped[str] = mapped_column(String(20))
    period_start: Mapped[date]
    period_end: Mapped[date]
    #: a member's code; empty for everybody together
    member: Mapped[str] = mapped_column(String(40), default="")
    numerator: Mapped[int | None]
    denominator: Mapped[int | None]
    value: Mapped[Decimal | None] = mapped_column(Exact)
    lower: Mapped[Decimal | None] = mapped_column(Exact)
    upper: Mapped[Decimal | None] = mapped_column(Exact)
    state: Mapped[str] = mapped_column(String(20))
    comment: Mapped[str] = mapped_column(Text, default="")
    #: why it corrects the one before
    why: Mapped[str] = mapped_column(Text, default="", server_default=text("''"))
    supersedes: Mapped[UUID | None] = mapped_column(ForeignKey("reading.id"))
    #: how many undone imports stood in its place in the chain before it
    after_undone: Mapped[int] = mapped_column(default=0)
    #: the import it came with
    import_batch_id: Mapped[UUID | None] = mapped_column(index=True)
    created_by: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    created_at: Mapped[datetime]

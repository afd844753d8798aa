"""What people changed on the charts of a measure: added to, never changed."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from eqia.persistence.tables.base import Row


class ChartAdjustmentRow(Row):
    """New limits, a reading set aside or a note on a chart; or that one of them was taken back."""

    __tablename__ = "chart_adjustment"
    __table_args__ = (
        CheckConstraint("kind IN ('recalculation','exclusion','note','withdrawal')", name="kind"),
        CheckConstraint("reason <> ''", name="reason"),
        CheckConstraint("(kind = 'withdrawal') = (withdraws IS NOT NULL)", name="withdraws"),
        CheckConstraint("kind <> 'exclusion' OR member IS NOT NULL", name="one_reading"),
    )

    version_id: Mapped[UUID] = mapped_column(ForeignKey("measure_version.id"), index=True)
    kind: Mapped[str] = mapped_column(String(20))
    #: the first day of the period for limits and readings, the day itself for a note
    on_date: Mapped[date]
    #: a member's code, "" for everybody together; NULL for every chart of the measure
    member: Mapped[str | None] = mapped_column(String(40))
    reason: Mapped[str] = mapped_column(Text)
    #: what the charts said just before, to the team and to people outside it; "" if not kept
    said_before: Mapped[str] = mapped_column(Text, default="", server_default=text("''"))
    told_before: Mapped[str] = mapped_column(Text, default="", server_default=text("''"))
    #: the one that is taken back, which stays in the history
    withdraws: Mapped[UUID | None] = mapped_column(ForeignKey("chart_adjustment.id"), unique=True)
    created_by: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    created_at: Mapped[datetime]

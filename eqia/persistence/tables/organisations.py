"""The one host organisation, the bodies it decides with and the groups it adds."""

from sqlalchemy import CheckConstraint, String
from sqlalchemy.orm import Mapped, mapped_column

from eqia.persistence.tables.base import Row


class OrganisationRow(Row):
    """The organisation this instance serves; there is exactly one."""

    __tablename__ = "organisation"
    __table_args__ = (
        CheckConstraint("single = 1", name="one_host"),
        CheckConstraint("grace_days >= 0", name="grace_days"),
    )

    single: Mapped[int] = mapped_column(default=1, unique=True)
    name: Mapped[str] = mapped_column(String(200))
    logo_text: Mapped[str] = mapped_column(String(60), default="")
    colour: Mapped[str] = mapped_column(String(7), default="")
    role_mailbox: Mapped[str] = mapped_column(String(254), default="")
    retention_years: Mapped[int] = mapped_column(default=6)
    stale_months: Mapped[int] = mapped_column(default=24)
    #: days after which a reading that is due counts as overdue
    grace_days: Mapped[int] = mapped_column(default=0, server_default="0")
    question_set_id: Mapped[str] = mapped_column(String(40), default="bhp-nhs")
    #: whether spread, and closing a plan, wait for the equality items of the readiness checklist
    enforce_equality_gate: Mapped[bool] = mapped_column(default=False)
    version: Mapped[int] = mapped_column(default=1)


class BodyRow(Row):
    """A duty-holder that may decide with the host (Equality Act 2010 s.149(2), s.150)."""

    __tablename__ = "body"

    code: Mapped[str] = mapped_column(String(40), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    active: Mapped[bool] = mapped_column(default=True)


class LocalGroupRow(Row):
    """A group the organisation adds, kept apart from the protected ones."""

    __tablename__ = "local_group"

    code: Mapped[str] = mapped_column(String(40), unique=True)
    label: Mapped[str] = mapped_column(String(200))
    active: Mapped[bool] = mapped_column(default=True)

"""How each measure stands, kept so that a page about a plan reads no reading."""

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from eqia.persistence.tables.base import Row


class MeasureStandingRow(Row):
    """What was worked out from the readings of one measure when they last changed.

    It holds nothing that the readings do not say: it can be made again at any time.
    """

    __tablename__ = "measure_standing"

    measure_id: Mapped[UUID] = mapped_column(ForeignKey("measure.id"), unique=True)
    #: what worked it out: a standing of another engine is not used
    engine: Mapped[str] = mapped_column(String(20))
    #: since when it gives reason to worry
    concern_since: Mapped[date | None] = mapped_column(index=True)
    #: the same as far as people outside the team may know
    told_since: Mapped[date | None]
    exact: Mapped[dict[str, Any]] = mapped_column(JSON)
    #: the same as people outside the team see it, with small numbers hidden
    published: Mapped[dict[str, Any]] = mapped_column(JSON)

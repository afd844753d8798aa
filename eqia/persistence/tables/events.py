"""The event log: an append-only chain of hashes."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, BigInteger, Index, Integer, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from eqia.persistence.tables.base import Row


class EventRow(Row):
    """One thing somebody did, chained to the one before (operations.md section 3)."""

    __tablename__ = "event"
    __table_args__ = (
        # Every act reads the last entry while others wait: this key finds it however long the log.
        UniqueConstraint("org", "seq"),
        UniqueConstraint("org", "prev_hash"),
        Index("ix_event_entity", "entity", "entity_id"),
    )

    seq: Mapped[int] = mapped_column(BigInteger().with_variant(Integer, "sqlite"))
    org: Mapped[str] = mapped_column(String(40), default="host")
    at_utc: Mapped[datetime]
    actor_id: Mapped[UUID | None] = mapped_column(index=True)
    on_behalf_of: Mapped[UUID | None]
    role_used: Mapped[str] = mapped_column(String(40), default="")
    session_id: Mapped[UUID | None]
    request_id: Mapped[str] = mapped_column(String(64), default="")
    action: Mapped[str] = mapped_column(String(60))
    entity: Mapped[str] = mapped_column(String(40))
    entity_id: Mapped[UUID | None]
    entity_version: Mapped[int | None]
    #: ids and salted digests of free text, never the text itself
    payload: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    #: the salt of those digests; erased with the text, and then the chain still verifies
    salt: Mapped[str] = mapped_column(Text, default="")
    prev_hash: Mapped[str] = mapped_column(String(64))
    hash: Mapped[str] = mapped_column(String(64), unique=True)

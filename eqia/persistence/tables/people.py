"""People, how they prove who they are, and what they were granted."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from eqia.domain.people import Role
from eqia.persistence.tables.base import Row


class PersonRow(Row):
    """Somebody who uses or used the service; never deleted, only made inactive."""

    __tablename__ = "person"

    name: Mapped[str] = mapped_column(String(200))
    email: Mapped[str] = mapped_column(String(254), unique=True)
    job_title: Mapped[str] = mapped_column(String(200), default="")
    active: Mapped[bool] = mapped_column(default=True)
    created_at: Mapped[datetime]


class IdentityRow(Row):
    """A sign-in name at an issuer; `local` is ours, single sign-on adds others later."""

    __tablename__ = "identity"
    __table_args__ = (UniqueConstraint("issuer", "subject"),)

    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    issuer: Mapped[str] = mapped_column(String(200))
    subject: Mapped[str] = mapped_column(String(254))


class CredentialRow(Row):
    """A secret kept only as its hash. Kinds: password; totp and recovery code later."""

    __tablename__ = "credential"

    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    kind: Mapped[str] = mapped_column(String(20))
    secret_hash: Mapped[str] = mapped_column(String(300))
    created_at: Mapped[datetime]


class PersonSessionRow(Row):
    """One signed-in browser, which its person can see and end."""

    __tablename__ = "person_session"

    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    created_at: Mapped[datetime]
    last_seen_at: Mapped[datetime]
    authenticated_at: Mapped[datetime]
    methods: Mapped[str] = mapped_column(String(60), default="password")
    browser: Mapped[str] = mapped_column(String(200), default="")
    address: Mapped[str] = mapped_column(String(60), default="")
    revoked_at: Mapped[datetime | None]


class LoginAttemptRow(Row):
    """A failed or good sign-in, counted to slow guessing down."""

    __tablename__ = "login_attempt"
    __table_args__ = (Index("ix_login_attempt_account_at", "account", "at"),)

    account: Mapped[str] = mapped_column(String(64))
    address: Mapped[str] = mapped_column(String(60), index=True)
    at: Mapped[datetime]
    succeeded: Mapped[bool]


class InvitationRow(Row):
    """A one-time link, stored only as its hash. Kinds: first_administrator, person, reset."""

    __tablename__ = "invitation"

    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    kind: Mapped[str] = mapped_column(String(30))
    email: Mapped[str] = mapped_column(String(254), default="")
    name: Mapped[str] = mapped_column(String(200), default="")
    roles: Mapped[list[str]] = mapped_column(JSON, default=list)
    project_id: Mapped[UUID | None] = mapped_column(ForeignKey("project.id"))
    member_role: Mapped[str] = mapped_column(String(20), default="")
    person_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    invited_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
    detail: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)


class RoleGrantRow(Row):
    """A role given to a person for a time, and by whom."""

    __tablename__ = "role_grant"

    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    role: Mapped[Role]
    granted_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    from_at: Mapped[datetime]
    until_at: Mapped[datetime | None]

"""People, their grants, sessions and invitations."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    String,
    Uuid,
    bindparam,
    cast,
    func,
    null,
    or_,
    select,
    true,
)
from sqlalchemy.orm import Session

from eqia.domain.people import MemberRole, Person, Role
from eqia.persistence.tables.organisations import OrganisationRow
from eqia.persistence.tables.people import (
    CredentialRow,
    IdentityRow,
    InvitationRow,
    LoginAttemptRow,
    PersonRow,
    PersonSessionRow,
    RoleGrantRow,
)
from eqia.persistence.tables.projects import ProjectMemberRow

LOCAL = "local"


class SeenSession(NamedTuple):
    """When a signed-in browser came, was last seen, and proved who is there."""

    id: UUID
    person_id: UUID
    created_at: datetime
    last_seen_at: datetime
    authenticated_at: datetime


class Somebody(NamedTuple):
    """Who a person is, without what they may do."""

    id: UUID
    name: str
    email: str


class Host(NamedTuple):
    """What every page says of the organisation."""

    name: str
    logo_text: str
    colour: str
    role_mailbox: str
    version: int


class OpenSession(NamedTuple):
    """A signed-in browser with its person and the host organisation, in one statement."""

    session: SeenSession
    person: Somebody
    organisation: Host | None


def get(session: Session, person_id: UUID) -> PersonRow | None:
    """Find a person."""
    return session.get(PersonRow, person_id)


def by_email(session: Session, email: str) -> PersonRow | None:
    """Find the person with this e-mail address, however it is written."""
    return session.scalar(select(PersonRow).where(PersonRow.email == email.strip().casefold()))


def by_sign_in_name(session: Session, name: str) -> PersonRow | None:
    """Find the active person who signs in here with this name."""
    return session.scalar(
        select(PersonRow)
        .join(IdentityRow, IdentityRow.person_id == PersonRow.id)
        .where(
            IdentityRow.issuer == LOCAL,
            IdentityRow.subject == name.strip().casefold(),
            PersonRow.active.is_(True),
        )
    )


def everybody(session: Session) -> Sequence[PersonRow]:
    """List every person, active ones first, by name."""
    order = (PersonRow.active.desc(), PersonRow.name, PersonRow.id)
    return session.scalars(select(PersonRow).order_by(*order)).all()


def person_with_grants(session: Session, person_id: UUID, now: datetime) -> Person | None:
    """Give an active person with the roles and projects they have at this moment."""
    row = get(session, person_id)
    return with_grants(session, row, now) if row is not None and row.active else None


def with_grants(session: Session, row: PersonRow | Somebody, now: datetime) -> Person:
    """Add the grants in force to a person already read, in one statement."""
    found = session.connection().execute(_GRANTS, {"person": row.id, "now": now}).all()
    return Person(
        id=row.id,
        name=row.name,
        email=row.email,
        roles=frozenset(Role(role) for role, project in found if project is None),
        projects={project: MemberRole(role) for role, project in found if project is not None},
    )


def open_session(session: Session, token_hash: str) -> OpenSession | None:
    """Find the session a browser's token belongs to, unless ended or its person left."""
    found = session.connection().execute(_OPEN_SESSION, {"token_hash": token_hash}).first()
    if found is None:
        return None
    host = Host._make(found[_HOST]) if found[-1] is not None else None
    return OpenSession(SeenSession._make(found[_SEEN]), Somebody._make(found[_WHO]), host)


def sessions_of(session: Session, person_id: UUID, since: datetime) -> Sequence[PersonSessionRow]:
    """List where a person is signed in and was seen since, newest first."""
    return session.scalars(
        select(PersonSessionRow)
        .where(
            PersonSessionRow.person_id == person_id,
            PersonSessionRow.revoked_at.is_(None),
            PersonSessionRow.last_seen_at > since,
        )
        .order_by(PersonSessionRow.last_seen_at.desc(), PersonSessionRow.id)
    ).all()


def password_of(session: Session, person_id: UUID) -> CredentialRow | None:
    """Find the stored password hash of a person."""
    return session.scalar(
        select(CredentialRow).where(
            CredentialRow.person_id == person_id, CredentialRow.kind == "password"
        )
    )


def failures_since(
    session: Session, since: datetime, *, account: str | None, address: str
) -> tuple[int, datetime | None]:
    """Count failed sign-ins from an address, and for one account if given, and date the last."""
    conditions = [
        LoginAttemptRow.address == address,
        LoginAttemptRow.at > since,
        LoginAttemptRow.succeeded.is_(False),
    ]
    if account is not None:
        conditions.append(LoginAttemptRow.account == account)
    number, last = session.execute(
        select(func.count(), func.max(LoginAttemptRow.at)).where(*conditions)
    ).one()
    return number, last


def invitation(session: Session, token_hash: str) -> InvitationRow | None:
    """Find an invitation by the hash of its link."""
    return session.scalar(select(InvitationRow).where(InvitationRow.token_hash == token_hash))


def open_invitations(session: Session, now: datetime) -> Sequence[InvitationRow]:
    """List invitations nobody has used and that can still be used, newest first."""
    return session.scalars(
        select(InvitationRow)
        .where(InvitationRow.used_at.is_(None), InvitationRow.expires_at > now)
        .order_by(InvitationRow.created_at.desc(), InvitationRow.id)
    ).all()


def grants(session: Session, person_id: UUID, now: datetime) -> Sequence[RoleGrantRow]:
    """List the grants of a person that are in force or still to come."""
    return session.scalars(
        select(RoleGrantRow)
        .where(RoleGrantRow.person_id == person_id, _not_over(RoleGrantRow, now))
        .order_by(RoleGrantRow.from_at, RoleGrantRow.id)
    ).all()


def roles_of_everybody(session: Session, now: datetime) -> dict[UUID, list[Role]]:
    """Give the roles in force of every person, for the list of people."""
    found: dict[UUID, list[Role]] = {}
    statement = select(RoleGrantRow.person_id, RoleGrantRow.role).where(
        *_in_force(RoleGrantRow, now)
    )
    for person_id, role in session.execute(statement.distinct().order_by(RoleGrantRow.role)):
        found.setdefault(person_id, []).append(role)
    return found


def permanent_administrators(session: Session, now: datetime) -> frozenset[UUID]:
    """List the active people who are administrators now, with no end in sight."""
    statement = (
        select(RoleGrantRow.person_id)
        .join(PersonRow, PersonRow.id == RoleGrantRow.person_id)
        .where(
            RoleGrantRow.role == Role.ADMINISTRATOR,
            RoleGrantRow.from_at <= now,
            RoleGrantRow.until_at.is_(None),
            PersonRow.active.is_(True),
        )
    )
    return frozenset(session.scalars(statement))


def lock_administrators(session: Session) -> None:
    """Make others who would end an administrator wait; SQLite has one writer anyway."""
    session.execute(
        select(RoleGrantRow.id)
        .where(RoleGrantRow.role == Role.ADMINISTRATOR, RoleGrantRow.until_at.is_(None))
        .order_by(RoleGrantRow.id)
        .with_for_update()
    ).all()


def names(session: Session, ids: Iterable[UUID]) -> dict[UUID, str]:
    """Give the names of these people."""
    wanted = set(ids)
    if not wanted:
        return {}
    rows = session.execute(select(PersonRow.id, PersonRow.name).where(PersonRow.id.in_(wanted)))
    return {person_id: name for person_id, name in rows}  # noqa: C416 - rows are not pairs to mypy


def with_role(session: Session, role: Role, now: datetime) -> Sequence[PersonRow]:
    """List the active people who hold a role now, by name."""
    holders = select(RoleGrantRow.person_id).where(
        RoleGrantRow.role == role, *_in_force(RoleGrantRow, now)
    )
    return session.scalars(
        select(PersonRow)
        .where(PersonRow.id.in_(holders), PersonRow.active.is_(True))
        .order_by(PersonRow.name, PersonRow.id)
    ).all()


def _in_force(
    table: type[RoleGrantRow | ProjectMemberRow], now: datetime
) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return (table.from_at <= now, _not_over(table, now))


def _not_over(table: type[RoleGrantRow | ProjectMemberRow], now: datetime) -> ColumnElement[bool]:
    return or_(table.until_at.is_(None), table.until_at > now)


# Every signed-in page asks these two, so they are built once: building them costs more than
# running them (operations.md section 10).
_NOW = bindparam("now", type_=RoleGrantRow.from_at.type)


def _grants() -> CompoundSelect[str, UUID]:
    def in_force(table: type[RoleGrantRow | ProjectMemberRow]) -> tuple[ColumnElement[bool], ...]:
        until = or_(table.until_at.is_(None), table.until_at > _NOW)
        return (table.person_id == bindparam("person"), table.from_at <= _NOW, until)

    roles = select(cast(RoleGrantRow.role, String), cast(null(), Uuid))
    places = select(cast(ProjectMemberRow.role, String), ProjectMemberRow.project_id)
    return roles.where(*in_force(RoleGrantRow)).union_all(places.where(*in_force(ProjectMemberRow)))


_GRANTS = _grants()
# Columns, not rows: these two statements are half of what a small page costs.
_PARTS = (
    [getattr(PersonSessionRow, name) for name in SeenSession._fields],
    [getattr(PersonRow, name) for name in Somebody._fields],
    [getattr(OrganisationRow, name) for name in Host._fields],
)
_SEEN = slice(0, len(SeenSession._fields))
_WHO = slice(_SEEN.stop, _SEEN.stop + len(Somebody._fields))
_HOST = slice(_WHO.stop, None)
_OPEN_SESSION = (
    select(*(column for part in _PARTS for column in part))
    .join(PersonRow, PersonRow.id == PersonSessionRow.person_id)
    .outerjoin(OrganisationRow, true())
    .where(
        PersonSessionRow.token_hash == bindparam("token_hash"),
        PersonSessionRow.revoked_at.is_(None),
        PersonRow.active.is_(True),
    )
)

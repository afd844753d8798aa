"""One-time links: for the first administrator, for people invited, for a forgotten password."""

import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from eqia.domain.errors import Invalid, NotFound, Problem
from eqia.domain.events import NO_CONTEXT, Context
from eqia.domain.people import MemberRole, Person, Role
from eqia.domain.permissions import Action
from eqia.persistence.database import writing
from eqia.persistence.queries import organisations, people
from eqia.persistence.queries import projects as project_queries
from eqia.persistence.tables.organisations import OrganisationRow
from eqia.persistence.tables.people import IdentityRow, InvitationRow, PersonRow, RoleGrantRow
from eqia.persistence.tables.projects import ProjectMemberRow, ProjectRow
from eqia.services import accounts, events
from eqia.services.first_bodies import first_bodies
from eqia.services.guards import must
from eqia.services.passwords import Passwords

FIRST_ADMINISTRATOR = "first_administrator"
PERSON = "person"
RESET = "reset"
#: the first link stands in a terminal, where others may read it
FIRST_LINK_FOR = timedelta(hours=1)
_TOKEN_BYTES = 32
_GONE = "This link has been used, or is too old. Ask an administrator for a new one."


@dataclass(frozen=True, slots=True)
class NewAccount:
    """What somebody fills in when they open their link."""

    name: str
    email: str
    password: str
    job_title: str = ""
    #: asked of the first administrator alone
    organisation: str = ""


def open_invitation(session: Session, *, token: str, now: datetime) -> InvitationRow:
    """Find the invitation behind a link that can still be used."""
    row = people.invitation(session, accounts.digest(token))
    if row is None or row.used_at is not None or row.expires_at <= now:
        raise NotFound(_GONE)
    return row


def first_administrator_link(session: Session, *, now: datetime) -> str | None:
    """Make the link that sets up an empty instance; none once there is an administrator."""
    if people.permanent_administrators(session, now):
        return None
    with writing(session):
        # Only the newest link works: the one printed before may be anywhere by now.
        for old in people.open_invitations(session, now):
            if old.kind == FIRST_ADMINISTRATOR:
                old.expires_at = now
        return _make(session, InvitationRow(kind=FIRST_ADMINISTRATOR), now, FIRST_LINK_FOR)


def invite(
    session: Session,
    *,
    actor: Person | None,
    now: datetime,
    name: str,
    email: str,
    roles: Iterable[Role] = (),
    valid: timedelta = timedelta(days=7),
    context: Context = NO_CONTEXT,
) -> str:
    """Invite somebody to make an account with these roles; gives the link's secret."""
    if actor is not None:
        must(actor, Action.ADMINISTER)
    row = InvitationRow(kind=PERSON, name=name, email=_new_address(session, email), roles=[*roles])
    with writing(session):
        return _invited(session, row, now, valid, actor, context)


def invite_to_project(
    session: Session,
    *,
    actor: Person,
    now: datetime,
    project: ProjectRow,
    name: str,
    email: str,
    valid: timedelta = timedelta(days=7),
    context: Context = NO_CONTEXT,
) -> str:
    """Invite somebody without an account to work on a project; gives the link's secret."""
    must(actor, Action.INVITE_MEMBER, project_queries.thing_of(project))
    row = InvitationRow(
        kind=PERSON,
        name=name,
        email=_new_address(session, email),
        project_id=project.id,
        member_role=MemberRole.MEMBER.value,
    )
    with writing(session):
        return _invited(session, row, now, valid, actor, context)


def reset_link(
    session: Session,
    *,
    actor: Person,
    now: datetime,
    person: PersonRow,
    valid: timedelta = timedelta(days=1),
    context: Context = NO_CONTEXT,
) -> str:
    """Make a link with which somebody sets a new password; gives its secret."""
    must(actor, Action.ADMINISTER)
    if not person.active:
        raise Invalid([Problem("person", f"{person.name} can no longer sign in")])
    row = InvitationRow(kind=RESET, name=person.name, email=person.email, person_id=person.id)
    with writing(session):
        return _invited(session, row, now, valid, actor, context)


def accept(
    session: Session,
    *,
    now: datetime,
    token: str,
    account: NewAccount,
    passwords: Passwords,
    browser: accounts.Browser,
) -> str:
    """Use a link, once: make the account or set the password, and sign in; gives the session."""
    row = open_invitation(session, token=token, now=now)
    hashed = accounts.checked_hash(
        passwords,
        account.password,
        words=(account.name, account.email, account.organisation, _host_name(session)),
    )
    with writing(session):
        row = _taken(session, row.id, now)
        person = _person(session, row, account, now)
        accounts.store_password(session, person_id=person.id, hashed=hashed, now=now)
        _log(session, now, person.id, f"person.accepted_{row.kind}", row)
        return accounts.start_session(session, person=person, now=now, browser=browser)


def _taken(session: Session, invitation_id: UUID, now: datetime) -> InvitationRow:
    """Lock the invitation and mark it used, so that two clicks make one account."""
    row = session.scalar(
        select(InvitationRow).where(InvitationRow.id == invitation_id).with_for_update()
    )
    if row is None or row.used_at is not None or row.expires_at <= now:
        raise NotFound(_GONE)
    row.used_at = now
    return row


def _person(session: Session, row: InvitationRow, account: NewAccount, now: datetime) -> PersonRow:
    if row.kind == RESET and row.person_id is not None:
        person = session.get_one(PersonRow, row.person_id)
        accounts.end_sessions(session, person_id=person.id, now=now)
        return person
    if row.kind == FIRST_ADMINISTRATOR:
        if people.permanent_administrators(session, now):
            raise NotFound(_GONE)
        _name_organisation(session, account.organisation)
        row.roles = [Role.ADMINISTRATOR.value]
    # The address of an invitation is the one invited: a link is for one person.
    email = row.email or account.email
    person = new_person(
        session, name=account.name, email=email, job_title=account.job_title, now=now
    )
    for role in row.roles:
        session.add(
            RoleGrantRow(
                person_id=person.id, role=Role(role), granted_by=row.invited_by, from_at=now
            )
        )
    if row.project_id is not None:
        session.add(
            ProjectMemberRow(
                project_id=row.project_id,
                person_id=person.id,
                role=MemberRole(row.member_role),
                added_by=row.invited_by,
                from_at=now,
            )
        )
    session.flush()
    return person


def new_person(
    session: Session, *, name: str, email: str, now: datetime, job_title: str = ""
) -> PersonRow:
    """Add a person who signs in here, inside an act under way."""
    address = _new_address(session, email)
    person = PersonRow(name=name.strip(), email=address, job_title=job_title, created_at=now)
    session.add(person)
    session.flush()
    session.add(IdentityRow(person_id=person.id, issuer=people.LOCAL, subject=address))
    return person


def _name_organisation(session: Session, name: str) -> None:
    if organisations.host(session) is not None:
        return
    host = OrganisationRow(name=name.strip() or "Our organisation")
    session.add(host)
    if not organisations.bodies(session, active_only=False):
        session.add_all(first_bodies(host.name))


def _host_name(session: Session) -> str:
    host = organisations.host(session)
    return host.name if host else ""


def _new_address(session: Session, email: str) -> str:
    address = email.strip().casefold()
    if people.by_email(session, address) is not None:
        raise Invalid([Problem("email", "Somebody with this email address already has an account")])
    return address


def _invited(
    session: Session,
    row: InvitationRow,
    now: datetime,
    valid: timedelta,
    actor: Person | None,
    context: Context,
) -> str:
    row.invited_by = actor.id if actor else None
    token = _make(session, row, now, valid)
    events.append(
        session,
        now=now,
        actor=actor,
        action=f"person.{'invited' if row.kind == PERSON else 'reset_link_made'}",
        entity="invitation",
        entity_id=row.id,
        payload=_facts(row),
        context=context,
    )
    return token


def _make(session: Session, row: InvitationRow, now: datetime, valid: timedelta) -> str:
    token = secrets.token_urlsafe(_TOKEN_BYTES)
    row.token_hash, row.created_at, row.expires_at = accounts.digest(token), now, now + valid
    session.add(row)
    session.flush()
    return token


def _facts(row: InvitationRow) -> dict[str, object]:
    named = {"project": row.project_id, "person": row.person_id}
    return {
        "roles": [str(role) for role in row.roles or ()],
        **{name: str(value) for name, value in named.items() if value is not None},
    }


def _log(session: Session, now: datetime, person_id: UUID, action: str, row: InvitationRow) -> None:
    events.append(
        session,
        now=now,
        actor=Person(person_id, "", ""),
        action=action,
        entity="person",
        entity_id=person_id,
        payload={"invitation": str(row.id), **_facts(row)},
    )

"""An administrator's acts on people: roles, leaving and coming back."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from eqia.domain.errors import Invalid, NotAllowed, NotFound, Problem
from eqia.domain.events import NO_CONTEXT, Context
from eqia.domain.people import Person, Role
from eqia.domain.permissions import Action
from eqia.persistence.database import writing
from eqia.persistence.queries import people
from eqia.persistence.tables.people import PersonRow, RoleGrantRow
from eqia.services import accounts, events
from eqia.services.guards import must

LAST_ADMINISTRATOR = (
    "There must always be one administrator without an end date."
    " Make somebody else an administrator first."
)


def grant_role(
    session: Session,
    *,
    actor: Person,
    now: datetime,
    person: PersonRow,
    role: Role,
    from_at: datetime | None = None,
    until_at: datetime | None = None,
    context: Context = NO_CONTEXT,
) -> RoleGrantRow:
    """Give somebody a role, for a time or for good."""
    must(actor, Action.ADMINISTER)
    start = from_at or now
    _check_grant(session, person, role, start, until_at, now)
    with writing(session):
        row = RoleGrantRow(
            person_id=person.id, role=role, granted_by=actor.id, from_at=start, until_at=until_at
        )
        session.add(row)
        session.flush()
        _log(session, now, actor, "person.role_granted", person.id, context, role=role.value)
    return row


def revoke_role(
    session: Session,
    *,
    actor: Person,
    now: datetime,
    person: PersonRow,
    grant_id: UUID,
    context: Context = NO_CONTEXT,
) -> None:
    """End a grant now; the instance never loses its last administrator."""
    must(actor, Action.ADMINISTER)
    with writing(session):
        people.lock_administrators(session)
        grant = session.get(RoleGrantRow, grant_id)
        if grant is None or grant.person_id != person.id:
            raise NotFound("There is no such grant.")
        if grant.until_at is not None and grant.until_at <= now:
            return
        # A grant that has not begun ends as it begins.
        grant.until_at = max(now, grant.from_at)
        session.flush()
        _keep_an_administrator(session, now)
        _log(session, now, actor, "person.role_revoked", person.id, context, role=grant.role.value)


def deactivate(
    session: Session,
    *,
    actor: Person,
    now: datetime,
    person: PersonRow,
    context: Context = NO_CONTEXT,
) -> None:
    """Stop somebody from signing in, at once; what they did stays theirs."""
    must(actor, Action.ADMINISTER)
    with writing(session):
        people.lock_administrators(session)
        row = session.get_one(PersonRow, person.id)
        row.active = False
        accounts.end_sessions(session, person_id=row.id, now=now)
        session.flush()
        _keep_an_administrator(session, now)
        _log(session, now, actor, "person.deactivated", row.id, context)


def reactivate(
    session: Session,
    *,
    actor: Person,
    now: datetime,
    person: PersonRow,
    context: Context = NO_CONTEXT,
) -> None:
    """Let somebody sign in again, with the grants they still have."""
    must(actor, Action.ADMINISTER)
    with writing(session):
        row = session.get_one(PersonRow, person.id)
        row.active = True
        _log(session, now, actor, "person.reactivated", row.id, context)


def _check_grant(
    session: Session,
    person: PersonRow,
    role: Role,
    start: datetime,
    until_at: datetime | None,
    now: datetime,
) -> None:
    if until_at is not None and until_at <= max(start, now):
        raise Invalid([Problem("until", "The end must be after the start, and not in the past")])
    held = people.grants(session, person.id, now)
    if any(grant.role is role and grant.until_at is None for grant in held):
        raise Invalid([Problem("role", f"{person.name} already has this role")])


def _keep_an_administrator(session: Session, now: datetime) -> None:
    """Undo the act under way if nobody could undo it later."""
    if not people.permanent_administrators(session, now):
        raise NotAllowed(LAST_ADMINISTRATOR, code="last_administrator")


def _log(
    session: Session,
    now: datetime,
    actor: Person,
    action: str,
    person_id: UUID,
    context: Context,
    *,
    role: str = "",
) -> None:
    events.append(
        session,
        now=now,
        actor=actor,
        action=action,
        entity="person",
        entity_id=person_id,
        payload={"role": role} if role else {},
        context=context,
    )

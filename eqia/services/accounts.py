"""Signing in and out, sessions and passwords."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import update
from sqlalchemy.orm import Session

from eqia.domain.errors import Invalid, NotFound, Problem, Refusal
from eqia.domain.events import NO_CONTEXT, Context
from eqia.domain.people import Person
from eqia.persistence.database import writing
from eqia.persistence.queries import people
from eqia.persistence.tables.people import (
    CredentialRow,
    LoginAttemptRow,
    PersonRow,
    PersonSessionRow,
)
from eqia.services import events
from eqia.services.passwords import Passwords

WRONG = "The e-mail address or password is not right. Check both and try again"
WRONG_PASSWORD = "That is not your password. Try again"  # noqa: S105 - words for a page
WINDOW = timedelta(minutes=5)
#: failures in the window before a delay: of one account from one address, of one address in all
FREE_FOR_ACCOUNT = 10
FREE_FOR_ADDRESS = 50
_TOUCH_EVERY = timedelta(minutes=1)
_TOKEN_BYTES = 32


@dataclass(frozen=True, slots=True)
class Limits:
    """How long a session may rest, how long it may last, how long a sign-in counts as fresh."""

    idle: timedelta = timedelta(minutes=30)
    absolute: timedelta = timedelta(hours=12)
    fresh: timedelta = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class Browser:
    """Where a sign-in comes from, so that a person can tell their sessions apart."""

    name: str = ""
    address: str = ""


class TooManyTries(Refusal):
    """Sign-in is slowed down for a while, and never for good."""

    code = "throttled"

    def __init__(self, seconds: int) -> None:
        self.seconds = seconds
        wait = f"{seconds} seconds" if seconds > 1 else "1 second"
        super().__init__(f"There were too many tries. Wait {wait}, then try again")


def digest(token: str) -> str:
    """Give what is stored of a token: its SHA-256, never itself."""
    return hashlib.sha256(token.encode()).hexdigest()


def is_live(row: people.SeenSession, *, limits: Limits, now: datetime) -> bool:
    """Whether a session still holds. A clock set back ends nothing and prolongs nothing."""
    return now - row.last_seen_at < limits.idle and now - row.created_at < limits.absolute


def is_fresh(row: people.SeenSession, *, limits: Limits, now: datetime) -> bool:
    """Whether the person proved who they are a short while ago."""
    return now - row.authenticated_at < limits.fresh


def should_touch(row: people.SeenSession, *, now: datetime) -> bool:
    """Whether it is time to note again that the person is here: at most once a minute."""
    return now - row.last_seen_at >= _TOUCH_EVERY


def touch(session: Session, *, session_id: UUID, now: datetime) -> None:
    """Note that the person was here. Not an act, so no event."""
    with writing(session):
        session.execute(
            update(PersonSessionRow)
            .where(PersonSessionRow.id == session_id, PersonSessionRow.last_seen_at < now)
            .values(last_seen_at=now)
        )


def sign_in(
    session: Session,
    *,
    now: datetime,
    email: str,
    password: str,
    browser: Browser,
    passwords: Passwords,
) -> str:
    """Check a password and start a session; gives the token for the browser's cookie."""
    account = digest(email.strip().casefold())
    _wait_your_turn(session, account=account, address=browser.address, now=now)
    person = people.by_sign_in_name(session, email)
    stored = people.password_of(session, person.id) if person else None
    right = passwords.matches(stored.secret_hash if stored else None, password)
    rehashed = (
        passwords.hash(password)
        if right and stored and passwords.needs_rehash(stored.secret_hash)
        else ""
    )
    with writing(session):
        session.add(
            LoginAttemptRow(account=account, address=browser.address, at=now, succeeded=right)
        )
        if person and rehashed:
            store_password(session, person_id=person.id, hashed=rehashed, now=now)
        token = (
            start_session(session, person=person, now=now, browser=browser)
            if right and person
            else ""
        )
    if not token:
        raise Invalid([Problem("password", WRONG)], code="credentials")
    return token


def start_session(
    session: Session,
    *,
    person: PersonRow,
    now: datetime,
    browser: Browser,
    methods: str = "password",
) -> str:
    """Start a session inside an act under way; gives its token."""
    token = secrets.token_urlsafe(_TOKEN_BYTES)
    row = PersonSessionRow(
        person_id=person.id,
        token_hash=digest(token),
        created_at=now,
        last_seen_at=now,
        authenticated_at=now,
        methods=methods,
        browser=browser.name[:200],
        address=browser.address[:60],
    )
    session.add(row)
    session.flush()
    _log(session, now, person.id, "person.signed_in", Context(session_id=row.id))
    return token


def sign_out(
    session: Session,
    *,
    actor: Person,
    now: datetime,
    session_id: UUID,
    context: Context = NO_CONTEXT,
) -> None:
    """End one of a person's own sessions."""
    with writing(session):
        row = session.get(PersonSessionRow, session_id)
        if row is None or row.person_id != actor.id:
            raise NotFound("There is no such session.")
        if row.revoked_at is None:
            row.revoked_at = now
            _log(session, now, actor.id, "person.session_ended", context)


def end_sessions(
    session: Session, *, person_id: UUID, now: datetime, but: UUID | None = None
) -> None:
    """End every session of a person, save one if given, inside an act under way."""
    ended = update(PersonSessionRow).where(
        PersonSessionRow.person_id == person_id, PersonSessionRow.revoked_at.is_(None)
    )
    if but is not None:
        ended = ended.where(PersonSessionRow.id != but)
    session.execute(ended.values(revoked_at=now))


def confirm_identity(
    session: Session,
    *,
    actor: Person,
    now: datetime,
    session_id: UUID,
    password: str,
    passwords: Passwords,
    browser: Browser,
    context: Context = NO_CONTEXT,
) -> str:
    """Check the password again and give the session a new token."""
    account = digest(actor.email)
    _wait_your_turn(session, account=account, address=browser.address, now=now)
    stored = people.password_of(session, actor.id)
    right = passwords.matches(stored.secret_hash if stored else None, password)
    with writing(session):
        session.add(
            LoginAttemptRow(account=account, address=browser.address, at=now, succeeded=right)
        )
        token = _renew(session, session_id, actor, now) if right else ""
        if right:
            _log(session, now, actor.id, "person.confirmed_identity", context)
    if not token:
        raise Invalid([Problem("password", WRONG_PASSWORD)], code="credentials")
    return token


def change_password(
    session: Session,
    *,
    actor: Person,
    now: datetime,
    session_id: UUID,
    password: str,
    passwords: Passwords,
    words: tuple[str, ...] = (),
    context: Context = NO_CONTEXT,
) -> str:
    """Set a new password, end every other session and give this one a new token."""
    hashed = checked_hash(passwords, password, words=(*words, actor.name, actor.email))
    with writing(session):
        store_password(session, person_id=actor.id, hashed=hashed, now=now)
        end_sessions(session, person_id=actor.id, now=now, but=session_id)
        token = _renew(session, session_id, actor, now)
        _log(session, now, actor.id, "person.password_changed", context)
    return token


def checked_hash(passwords: Passwords, password: str, *, words: tuple[str, ...]) -> str:
    """Refuse a bad new password, or give its hash. Outside the act: hashing takes its time."""
    problem = passwords.problem(password, words=words)
    if problem:
        raise Invalid([Problem("password", problem)])
    return passwords.hash(password)


def store_password(session: Session, *, person_id: UUID, hashed: str, now: datetime) -> None:
    """Keep a password's hash inside an act under way, over the one before."""
    row = people.password_of(session, person_id)
    if row is None:
        row = CredentialRow(person_id=person_id, kind="password")
        session.add(row)
    row.secret_hash, row.created_at = hashed, now
    session.flush()


def _renew(session: Session, session_id: UUID, actor: Person, now: datetime) -> str:
    row = session.get(PersonSessionRow, session_id)
    if row is None or row.person_id != actor.id:
        raise NotFound("There is no such session.")
    token = secrets.token_urlsafe(_TOKEN_BYTES)
    row.token_hash, row.authenticated_at, row.last_seen_at = digest(token), now, now
    return token


def _wait_your_turn(session: Session, *, account: str, address: str, now: datetime) -> None:
    """Refuse to look before a delay is over, which doubles with every failure beyond the tenth.

    Counted for the account at one address, so that nobody can lock somebody else out, and for the
    address over all accounts. What is refused here is not counted, so waiting always helps.
    """
    since = now - WINDOW
    for whose, free in ((account, FREE_FOR_ACCOUNT), (None, FREE_FOR_ADDRESS)):
        failures, last = people.failures_since(session, since, account=whose, address=address)
        if last is None or failures < free:
            continue
        ready = last + min(timedelta(seconds=2 ** min(failures - free + 1, 9)), WINDOW)
        if now < ready:
            raise TooManyTries(max(1, round((ready - now).total_seconds())))


def _log(session: Session, now: datetime, person_id: UUID, action: str, context: Context) -> None:
    events.append(
        session,
        now=now,
        actor=Person(person_id, "", ""),
        action=action,
        entity="person",
        entity_id=person_id,
        context=context,
    )

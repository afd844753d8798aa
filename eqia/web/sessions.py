"""Who is signed in: the token in the cookie, the row it names, and the person behind it."""

import hashlib
from dataclasses import dataclass
from datetime import timedelta

from flask import Request, current_app, g, has_request_context, request, session
from flask_login import current_user

from eqia.domain.errors import NotAllowed
from eqia.domain.people import Person
from eqia.persistence.database import make_session
from eqia.persistence.queries import people
from eqia.services import accounts
from eqia.services.passwords import Passwords
from eqia.web import clock
from eqia.web.extensions import db, login
from eqia.web.settings import Settings

_TOKEN = "token"  # noqa: S105 - the name of the place, not the secret


# Order matters: Edge and Chrome also say Safari, Edge also says Chrome.
_BROWSERS = (
    ("Edg/", "Edge"),
    ("Firefox/", "Firefox"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
_SYSTEMS = (
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("Mac OS", "macOS"),
    ("Linux", "Linux"),
)


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A person with a live session; what `current_user` is on a signed-in page."""

    person: Person
    row: people.SeenSession
    organisation: people.Host | None
    is_authenticated: bool = True


def settings() -> Settings:
    """Give the settings of the app that runs."""
    found: Settings = current_app.config["EQIA_SETTINGS"]
    return found


def limits() -> accounts.Limits:
    """Give how long a session may rest and last."""
    chosen = settings()
    return accounts.Limits(
        idle=timedelta(minutes=chosen.idle_minutes),
        absolute=timedelta(hours=chosen.session_hours),
        fresh=timedelta(minutes=chosen.reauthentication_minutes),
    )


def passwords() -> Passwords:
    """Give what makes and checks password hashes."""
    found: Passwords = current_app.extensions["passwords"]
    return found


def browser() -> accounts.Browser:
    """Give what tells one session of a person from another."""
    return accounts.Browser(
        name=_browser_name(request.user_agent.string), address=request.remote_addr or ""
    )


def current_row() -> people.SeenSession:
    """Give the session row of this request; only for pages behind a guard."""
    found = signed_in()
    if found is None:
        raise NotAllowed("Sign in to do this.", code="role")
    return found.row


def signed_in() -> SignedIn | None:
    """Give who is signed in, or None."""
    user = current_user._get_current_object()  # noqa: SLF001 - past Flask-Login's proxy
    return user if isinstance(user, SignedIn) else None


def remember(token: str) -> None:
    """Start the browser's cookie afresh with a new token; nothing from before survives."""
    session.clear()
    session[_TOKEN] = token
    forget_person()


def forget() -> None:
    """Empty the browser's cookie."""
    session.clear()
    forget_person()


def forget_person() -> None:
    """Look again, at the next question, who is signed in."""
    g.pop("_login_user", None)


def without_database() -> None:
    """Let the page under way ask the database nothing more: the database is what failed."""
    g.database_down = True
    g.role_used = ""
    g.pop("chrome", None)
    login._update_request_context_with_user(None)  # noqa: SLF001 - signs nobody out for good


@login.request_loader  # type: ignore[untyped-decorator]
def _load(_request: Request) -> SignedIn | None:
    token = session.get(_TOKEN) if has_request_context() else None
    if not isinstance(token, str):
        return None
    found = people.open_session(db.session, hashlib.sha256(token.encode()).hexdigest())
    now = clock.now()
    if found is None or not accounts.is_live(found.session, limits=limits(), now=now):
        return None
    if accounts.should_touch(found.session, now=now):
        _touch(found.session)
    return SignedIn(
        people.with_grants(db.session, found.person, now), found.session, found.organisation
    )


def _browser_name(agent: str) -> str:
    """Name the browser and system in words; the full string is more than anyone needs kept."""
    name = next((words for sign, words in _BROWSERS if sign in agent), "A browser")
    system = next((words for sign, words in _SYSTEMS if sign in agent), "")
    return f"{name} on {system}" if system else name


def _touch(row: people.SeenSession) -> None:
    """Note that the person was here, apart from whatever the page does (a GET never commits)."""
    # The rows read so far stay readable; the reading ends, which one connection needs.
    db.session.close()
    with make_session(db.engine) as own:
        accounts.touch(own, session_id=row.id, now=clock.now())

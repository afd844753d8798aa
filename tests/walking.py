"""The demonstration with everything in it, walked through link by link as each of its people."""

from __future__ import annotations

import os
import pickle
import re
import sqlite3
from contextlib import contextmanager
from dataclasses import dataclass
from http import HTTPStatus
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from filelock import FileLock
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect

from eqia.persistence.database import create_all_for_tests, make_session
from eqia.persistence.queries import people
from eqia.services import demonstration
from eqia.web.extensions import db
from eqia.web.factory import create_app
from eqia.web.settings import Settings
from tests import further_states
from tests.builders import NOW
from tests.pages import CheckingClient, Page

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path
    from uuid import UUID

    import pytest
    from flask import Flask

    from eqia.persistence.tables import PersonRow
    from tests.page import FormOnPage

#: Addresses of files, not of pages.
_FILES = frozenset({"static"})


@dataclass(frozen=True)
class Sight:
    """What somebody was shown at an address, and the cookie they had."""

    person: UUID | None
    cookie: str
    url: str
    status: int
    #: what the page says it is in, and the classes of its components; empty for a file
    language: str
    parts: frozenset[str]
    forms: tuple[FormOnPage, ...]

    @property
    def is_page(self) -> bool:
        return bool(self.language)


@dataclass(frozen=True)
class Walk:
    """The demonstration's database as everybody left it, and all they saw."""

    database: bytes
    sights: tuple[Sight, ...]


@dataclass(frozen=True)
class Site:
    """A demonstration in memory, and who is in it."""

    app: Flask
    people: Sequence[PersonRow]
    sights: Sequence[Sight] = ()

    def client(self, person: PersonRow | None) -> CheckingClient:
        client = CheckingClient(self.app)
        return client.sign_in(person) if person else client

    def person(self, person_id: UUID | None) -> PersonRow | None:
        return next((one for one in self.people if one.id == person_id), None)

    def endpoint(self, url: str, method: str = "GET") -> str:
        try:
            found = self.app.url_map.bind("localhost").match(urlsplit(url).path, method=method)
        except (HTTPException, RequestRedirect):
            return ""
        return str(found[0])


@contextmanager
def walked_site(factory: pytest.TempPathFactory) -> Iterator[Site]:
    """Open the demonstration and what everybody sees in it, each page found sound.

    Whichever worker asks first walks; the others wait, and take what it saw.
    """
    own = factory.getbasetemp()
    folder = own.parent if os.environ.get("PYTEST_XDIST_WORKER") else own
    kept = folder / "walk.pickle"
    with FileLock(folder / "walk.lock"):
        if not kept.exists():
            kept.write_bytes(pickle.dumps(_walk_as_everybody(factory.mktemp("walk"))))
    walk = pickle.loads(kept.read_bytes())  # noqa: S301 - written by this very run
    with _site(factory.mktemp("walked")) as app:
        _connection(app).deserialize(walk.database)
        with further_states.newer_questions("scot-psed-fsd"):
            yield Site(app, _everybody(app), walk.sights)


def _walk_as_everybody(folder: Path) -> Walk:
    """Make the demonstration and some further states, and follow every link as everybody."""
    with _site(folder) as app:
        with app.app_context():
            create_all_for_tests(db.engine)
            with make_session(db.engine) as session:
                demonstration.make(session, now=NOW)
                further_states.add(session, now=NOW)
        site = Site(app, _everybody(app))
        with further_states.newer_questions("scot-psed-fsd"):
            sights = [sight for one in (None, *site.people) for sight in _seen_by(site, one)]
        return Walk(_connection(app).serialize(), tuple(sights))


@contextmanager
def _site(folder: Path) -> Iterator[Flask]:
    """Make the demonstration's app, at the moment builders use, and let go of its database."""
    app = create_app(Settings.for_tests(), demonstration=True, instance_path=folder)
    app.config["CLOCK"] = lambda: NOW
    yield app
    with app.app_context():
        db.dispose()


def _everybody(app: Flask) -> Sequence[PersonRow]:
    with app.app_context(), make_session(db.engine) as session:
        found = people.everybody(session)
        session.expunge_all()
        return found


def _connection(app: Flask) -> sqlite3.Connection:
    """The one connection behind a database in memory."""
    with app.app_context():
        pooled = db.engine.raw_connection()
    live: sqlite3.Connection = pooled.driver_connection  # type: ignore[assignment]
    pooled.close()
    return live


class Snapshot:
    """A database in memory as it was, to be put back at once."""

    def __init__(self, app: Flask) -> None:
        self._live = _connection(app)
        self._kept = sqlite3.connect(":memory:", check_same_thread=False)
        self._live.backup(self._kept)
        self._changes = self._live.total_changes

    def restore(self) -> None:
        """Put everything back, if anything was written."""
        if self._live.total_changes != self._changes:
            self._kept.backup(self._live)
            self._changes = self._live.total_changes


def _pages(site: Site, client: CheckingClient, start: str) -> Iterator[Page]:
    """Follow every link from a page to every page; each is checked on the way.

    Of files of one kind, which have tests of their own, somebody opens the first they are shown.
    """
    waiting, known, files = [start], set(), set(_FILES)
    while waiting:
        url = waiting.pop(0)
        path = urlsplit(url).path
        endpoint = site.endpoint(path)
        if path in known or endpoint in {*files, ""}:
            continue
        known.add(path)
        page = client.get(url, expect=None)
        assert page.status < 500, f"{url}: {page.status}"
        if page.status == HTTPStatus.OK and not page.html:
            files.add(endpoint)
        yield page
        found = [page.location] if page.location else list(page.links.values() if page.html else ())
        waiting += [href for href in found if href.startswith("/")]


def _seen_by(site: Site, person: PersonRow | None) -> Iterator[Sight]:
    client = site.client(person)
    for page in _pages(site, client, "/" if person else "/account/sign-in"):
        yield _sight(page, person, client)


def _sight(page: Page, person: PersonRow | None, client: CheckingClient) -> Sight:
    cookie = client.raw.get_cookie("eqia")
    return Sight(
        person=person.id if person else None,
        cookie=cookie.value if cookie else "",
        url=page.url,
        status=page.status,
        language=(next(page.tree.iter("html")).get("lang") or "") if page.html else "",
        parts=frozenset(_classes(page) if page.html else ()),
        forms=tuple(page.forms if page.html else ()),
    )


def _classes(page: Page) -> Iterator[str]:
    for element in page.tree.iter():
        yield from (element.get("class") or "").split()


def kind_of(site: Site, form: FormOnPage) -> tuple[str, str, tuple[str, ...]]:
    """What makes two forms the same: where they lead and which boxes they have."""
    names = sorted({re.sub(r"[0-9a-f]{8}-[0-9a-f-]{27}|\d+", "#", name) for name in form.names})
    return site.endpoint(form.action, form.method.upper()), form.method, tuple(names)

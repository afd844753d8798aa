"""The demonstration with everything in it, walked through link by link as each of its people."""

from __future__ import annotations

import re
import sqlite3
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

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

    from flask import Flask

    from eqia.persistence.tables import PersonRow
    from tests.page import FormOnPage

#: Addresses of files, not of pages.
_FILES = frozenset({"static"})


@dataclass(frozen=True)
class Site:
    """A demonstration in memory, and who is in it."""

    app: Flask
    people: Sequence[PersonRow]

    def client(self, person: PersonRow | None) -> CheckingClient:
        client = CheckingClient(self.app)
        return client.sign_in(person) if person else client

    def endpoint(self, url: str, method: str = "GET") -> str:
        try:
            found = self.app.url_map.bind("localhost").match(urlsplit(url).path, method=method)
        except (HTTPException, RequestRedirect):
            return ""
        return str(found[0])


@contextmanager
def demonstration_site(folder: Path) -> Iterator[Site]:
    """Make the demonstration and some further states in memory, at the moment builders use."""
    app = create_app(Settings.for_tests(), demonstration=True, instance_path=folder)
    app.config["CLOCK"] = lambda: NOW
    with app.app_context():
        engine = db.engine
        create_all_for_tests(engine)
    with make_session(engine) as session:
        demonstration.make(session, now=NOW)
        further_states.add(session, now=NOW)
        everybody = people.everybody(session)
        session.expunge_all()
    with further_states.newer_questions("scot-psed-fsd"):
        yield Site(app, everybody)
    with app.app_context():
        db.dispose()


class Snapshot:
    """A database in memory as it was, to be put back at once."""

    def __init__(self, app: Flask) -> None:
        with app.app_context():
            pooled = db.engine.raw_connection()
        self._live: sqlite3.Connection = pooled.driver_connection  # type: ignore[assignment]
        pooled.close()
        self._kept = sqlite3.connect(":memory:", check_same_thread=False)
        self._live.backup(self._kept)
        self._changes = self._live.total_changes

    def restore(self) -> None:
        """Put everything back, if anything was written."""
        if self._live.total_changes != self._changes:
            self._kept.backup(self._live)
            self._changes = self._live.total_changes


def walk(site: Site, client: CheckingClient, start: str = "/") -> Iterator[Page]:
    """Follow every link from a page to every page; each is checked on the way."""
    waiting, known = [start], set()
    while waiting:
        url = waiting.pop(0)
        path = urlsplit(url).path
        if path in known or site.endpoint(path) in {*_FILES, ""}:
            continue
        known.add(path)
        page = client.get(url, expect=None)
        assert page.status < 500, f"{url}: {page.status}"
        yield page
        found = [page.location] if page.location else list(page.links.values() if page.html else ())
        waiting += [href for href in found if href.startswith("/")]


def kind_of(site: Site, form: FormOnPage) -> tuple[str, str, tuple[str, ...]]:
    """What makes two forms the same: where they lead and which boxes they have."""
    names = sorted({re.sub(r"[0-9a-f]{8}-[0-9a-f-]{27}|\d+", "#", name) for name in form.names})
    return site.endpoint(form.action, form.method.upper()), form.method, tuple(names)

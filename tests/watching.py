"""What a request does to the database: nothing left uncommitted, nothing committed by a GET."""

from __future__ import annotations

import re
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from flask import Flask, request_finished
from sqlalchemy import event

from eqia.web.extensions import db

if TYPE_CHECKING:
    from collections.abc import Iterator

_WRITES = re.compile(r"\s*(?:insert\s+into|update|delete\s+from)\s+\"?(\w+)", re.IGNORECASE)
#: The session layer notes that somebody is still there, whatever the page does.
_MAY_BE_WRITTEN_BY_GET = frozenset({"person_session"})
_REFUSED = 400


@dataclass
class Watch:
    """What one request did to the database."""

    pending: list[str] = field(default_factory=list)
    written: set[str] = field(default_factory=set)
    committed: set[str] = field(default_factory=set)
    undone: set[str] = field(default_factory=set)

    def check(self, method: str, url: str, status: int) -> None:
        assert not self.pending, f"{method} {url} left changes uncommitted: {self.pending}"
        if status < _REFUSED:
            assert not self.undone, f"{method} {url} undid what it wrote: {self.undone}"
        if method == "GET":
            bad = self.committed - _MAY_BE_WRITTEN_BY_GET
            assert not bad, f"GET {url} committed changes to {bad}"

    def execute(self, _conn: Any, _cursor: Any, statement: str, *_: Any) -> None:
        found = _WRITES.match(statement)
        if found:
            self.written.add(found[1].lower())

    def commit(self, _conn: Any) -> None:
        self.committed |= self.written
        self.written.clear()

    def rollback(self, _conn: Any) -> None:
        self.undone |= self.written
        self.written.clear()

    def finished(self, _app: Flask, **_: Any) -> None:
        session = db.session
        changed = [row for row in session.dirty if session.is_modified(row)]
        self.pending += [repr(row) for row in (*session.new, *changed, *session.deleted)]


@contextmanager
def watched(app: Flask) -> Iterator[Watch]:
    """Watch what is written, committed and left behind while requests run."""
    watch = Watch()
    with app.app_context():
        engine = db.engine
    listeners = {
        "before_cursor_execute": watch.execute,
        "commit": watch.commit,
        "rollback": watch.rollback,
    }
    for name, listener in listeners.items():
        event.listen(engine, name, listener)
    request_finished.connect(watch.finished, app)
    try:
        yield watch
    finally:
        request_finished.disconnect(watch.finished, app)
        for name, listener in listeners.items():
            event.remove(engine, name, listener)

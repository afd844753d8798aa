"""One engine per app, one session per context, and the one way to write."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from weakref import WeakKeyDictionary, finalize

from flask import Flask, current_app, g
from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from eqia.domain.errors import NotAllowed, Refusal
from eqia.persistence.engines import BEGIN, database_file, make_engine
from eqia.persistence.gate import gate
from eqia.persistence.schema import create_all_for_tests, migrate

__all__ = [
    "Database",
    "create_all_for_tests",
    "is_writing",
    "make_engine",
    "make_session",
    "migrate",
    "refusal_from",
    "writing",
]

_WRITING = "eqia.writing"

#: What a page says when the database itself refuses, by the code its error starts with.
_REFUSALS = {
    "author": "You worked on this screening, so you cannot review, sign or approve it.",
    "same_person": "This needs two different people, and you are already one of them.",
    "frozen": "This can no longer be changed.",
    "append_only": "This is part of the record and cannot be changed or removed.",
    "status": "The screening is not at a stage where this can be done.",
    "digest": "The answers have changed since you read them. Read them again first.",
}


class Database:
    """The app's database: `db.session` in a request, `db.engine` for set-up."""

    def __init__(self) -> None:
        self._engines: WeakKeyDictionary[Flask, Engine] = WeakKeyDictionary()

    def init_app(self, app: Flask, url: str | None = None) -> None:
        """Connect an app; the address comes from its `DATABASE_URL` unless given."""
        engine = make_engine(url or app.config["DATABASE_URL"])
        self._engines[app] = engine
        finalize(app, engine.dispose)
        app.extensions["sqlalchemy"] = self
        app.teardown_appcontext(_close)

    @property
    def engine(self) -> Engine:
        """The engine of the current app."""
        return self._engines[current_app._get_current_object()]  # type: ignore[attr-defined]  # noqa: SLF001 - Flask's own way to the app behind the proxy

    @property
    def engines(self) -> Mapping[str, Engine]:
        """The engine under the name Flask-Alembic looks for."""
        return {"default": self.engine}

    @property
    def session(self) -> Session:
        """The session of the current app context, closed when the context ends."""
        if "session" not in g:
            g.session = make_session(self.engine)
        return g.session  # type: ignore[no-any-return]

    def dispose(self) -> None:
        """Close every connection of the current app."""
        self.engine.dispose()


def make_session(engine: Engine) -> Session:
    """Open a session whose rows stay readable after a commit."""
    return Session(engine, expire_on_commit=False)


def is_writing(session: Session) -> bool:
    """Whether an act is under way in this session."""
    return bool(session.info.get(_WRITING))


@contextmanager
def writing(session: Session) -> Iterator[Session]:
    """Do one act: wait at the gate, begin, commit at the end or undo everything.

    Whatever was read before is read again when it is used, since somebody may have written in
    between. An act inside an act joins it. Change rows only in here, append the event last,
    and never render anything in here: everybody else waits at the gate.
    """
    if is_writing(session):
        yield session
        session.flush()
        return
    _end_reading(session)
    with gate(database_file(_engine_of(session))):
        session.connection(execution_options={BEGIN: "IMMEDIATE"})
        session.info[_WRITING] = True
        try:
            yield session
            session.commit()
        except BaseException as error:
            session.rollback()
            _raise_refusal(error)
            raise
        finally:
            del session.info[_WRITING]


def refusal_from(error: BaseException) -> Refusal | None:
    """Find the refusal behind a trigger's error, if it is one."""
    code = str(getattr(error, "orig", "")).partition(":")[0]
    return NotAllowed(_REFUSALS[code], code=code) if code in _REFUSALS else None


def _end_reading(session: Session) -> None:
    """End the read transaction, which SQLite would not let become a writing one."""
    changed = any(session.is_modified(row) for row in session.dirty)
    if session.new or session.deleted or changed:
        msg = "rows were changed before writing() began"
        raise RuntimeError(msg)
    session.commit()
    session.expire_all()


def _engine_of(session: Session) -> Engine:
    return session.get_bind().engine


def _raise_refusal(error: BaseException) -> None:
    refusal = refusal_from(error) if isinstance(error, DBAPIError) else None
    if refusal is not None:
        raise refusal from error


def _close(_error: BaseException | None) -> None:
    session = g.pop("session", None)
    if session is not None:
        session.close()

"""An app on a fresh database in memory, with a clock that tests move, and a checking client."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest

from eqia.persistence.database import create_all_for_tests, make_session
from eqia.persistence.tables import OrganisationRow
from eqia.web.extensions import db
from eqia.web.factory import create_app
from eqia.web.settings import Settings
from tests.builders import NOW
from tests.pages import CheckingClient
from tests.review_world import Kept, World, fixed

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterator
    from pathlib import Path

    from flask import Flask
    from sqlalchemy import Engine
    from sqlalchemy.orm import Session


class Made(NamedTuple):
    """The app of all tests, and what its database holds when empty."""

    app: Flask
    empty: bytes


class Signed(NamedTuple):
    """A database with a screening that was signed, and who and what is in it."""

    database: bytes
    kept: Kept


class Clock:
    """The time, which stands still until a test moves it."""

    def __init__(self, now: datetime) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def move(self, **amount: float) -> None:
        self.now += timedelta(**amount)


@pytest.fixture
def clock() -> Clock:
    return Clock(NOW)


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Made:
    """One app for all tests, with its templates compiled once, and an empty database's bytes."""
    app = create_app(Settings.for_tests(), instance_path=tmp_path_factory.mktemp("instance"))
    with app.app_context():
        create_all_for_tests(db.engine)
        with make_session(db.engine) as session:
            session.add(OrganisationRow(name="Northmere Health", logo_text="Northmere"))
            session.commit()
        return Made(app, driver(db.engine).serialize())


@pytest.fixture
def app(made: Made, clock: Clock) -> Flask:
    made.app.config["CLOCK"] = clock
    with made.app.app_context():
        db.dispose()
        driver(db.engine).deserialize(made.empty)
    return made.app


@pytest.fixture
def own_app(tmp_path: Path, clock: Clock) -> Iterator[Flask]:
    """An app for one test, which may plant pages in it."""
    app = create_app(Settings.for_tests(), instance_path=tmp_path)
    app.config["CLOCK"] = clock
    with app.app_context():
        create_all_for_tests(db.engine)
    yield app
    with app.app_context():
        db.dispose()


def driver(engine: Engine) -> sqlite3.Connection:
    """The one connection behind a database in memory."""
    with engine.connect() as connection:
        return connection.connection.dbapi_connection


@pytest.fixture
def session(app: Flask) -> Iterator[Session]:
    """A session beside the app's own, to make rows with and look at what the app did."""
    with app.app_context():
        engine = db.engine
    with make_session(engine) as session:
        yield session


@pytest.fixture
def client(app: Flask) -> CheckingClient:
    return CheckingClient(app)


def signed_once(made: Made, **form: Any) -> Signed:
    """Sign a screening once, and keep the bytes of the database it is in."""
    with made.app.app_context():
        db.dispose()
        driver(db.engine).deserialize(made.empty)
        with make_session(db.engine) as session:
            kept = Kept.signed(session, form=form or fixed())
        return Signed(driver(db.engine).serialize(), kept)


@pytest.fixture(scope="session")
def signed(made: Made) -> Signed:
    return signed_once(made)


@pytest.fixture
def world(app: Flask, signed: Signed, session: Session) -> World:
    """A screening that was signed, with everybody who took part."""
    with app.app_context():
        driver(db.engine).deserialize(signed.database)
    return signed.kept.found_by(session)


@pytest.fixture
def team(client: CheckingClient, world: World, clock: Clock) -> CheckingClient:
    """Its lead, signed in."""
    clock.move(hours=2)
    return client.sign_in(world.lead_row)

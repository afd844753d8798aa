"""An app on a fresh database in memory, with a clock that tests move, and a checking client."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from eqia.persistence.database import create_all_for_tests, make_session
from eqia.persistence.tables import OrganisationRow
from eqia.web.extensions import db
from eqia.web.factory import create_app
from eqia.web.settings import Settings
from tests.builders import NOW
from tests.pages import CheckingClient

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from flask import Flask
    from sqlalchemy.orm import Session


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


@pytest.fixture
def app(tmp_path: Path, clock: Clock) -> Iterator[Flask]:
    app = create_app(Settings.for_tests(), instance_path=tmp_path)
    app.config["CLOCK"] = clock
    with app.app_context():
        engine = db.engine
        create_all_for_tests(engine)
    with make_session(engine) as session:
        session.add(OrganisationRow(name="Northmere Health", logo_text="Northmere"))
        session.commit()
    yield app
    with app.app_context():
        db.dispose()


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

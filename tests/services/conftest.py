"""A screening that is signed already, for tests of what comes after it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import pytest
from sqlalchemy.orm import Session

from tests.conftest import prepared, undone
from tests.review_world import Kept, fixed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Engine

    from tests.review_world import World


class Signed(NamedTuple):
    """A database in which a screening was signed, and who and what is in it."""

    engine: Engine
    kept: Kept


@pytest.fixture(scope="session")
def signed() -> Iterator[Signed]:
    with prepared("sqlite://") as engine:
        with Session(engine, expire_on_commit=False) as session:
            kept = Kept.signed(session, form=fixed())
            session.commit()
        yield Signed(engine, kept)


@pytest.fixture
def world(signed: Signed) -> Iterator[World]:
    """Those who took part in it, on that database, undone after the test."""
    with undone(signed.engine) as session:
        yield signed.kept.found_by(session)

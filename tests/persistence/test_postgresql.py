"""What only a server with many writers and several roles can get wrong."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import make_url, text
from sqlalchemy.exc import ProgrammingError

from eqia.domain.errors import NotAllowed
from eqia.domain.people import MemberRole
from eqia.domain.screenings import Status
from eqia.persistence.database import create_all_for_tests, make_engine, make_session, writing
from eqia.persistence.tables import AnswerRow, ScreeningRow
from eqia.persistence.trigger_rules import APPEND_ONLY
from eqia.services import events, screenings, tokens
from tests.builders import NOW, acting, kept, make_person, make_project, make_screening

if TYPE_CHECKING:
    from collections.abc import Iterator
    from uuid import UUID

    from sqlalchemy import Engine


@pytest.fixture
def engine(postgres_database_url: str) -> Iterator[Engine]:
    engine = make_engine(postgres_database_url)
    create_all_for_tests(engine)
    yield engine
    engine.dispose()


def test_no_answer_slips_in_while_somebody_submits(engine: Engine):
    with make_session(engine) as session:
        person = make_person(session).id
        screening = make_screening(session).id

    def answer() -> str:
        with make_session(engine) as late:
            try:
                kept(late, AnswerRow(screening_id=screening, question="A1", value="late"))
            except NotAllowed as refused:
                return refused.code
        return "kept"

    with ThreadPoolExecutor(1) as pool, make_session(engine) as session:
        with writing(session):
            row = session.get_one(ScreeningRow, screening)
            row.status, row.submitted_by, row.submitted_at = Status.SUBMITTED, person, NOW
            session.flush()
            waiting = pool.submit(answer)
            assert not waiting.done()
        assert waiting.result(timeout=10) == "frozen"


@pytest.fixture
def restricted(engine: Engine) -> Iterator[Engine]:
    """Connect as a role that owns nothing and may only add to what is logged."""
    added_to = ", ".join(APPEND_ONLY)
    with engine.begin() as connection:
        for statement in (
            "DROP ROLE IF EXISTS eqia_runtime",
            "CREATE ROLE eqia_runtime LOGIN",
            "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO eqia_runtime",
            f"REVOKE UPDATE, DELETE ON {added_to} FROM eqia_runtime",
        ):
            connection.execute(text(statement))
    limited = make_engine(str(make_url(str(engine.url)).set(username="eqia_runtime")))
    yield limited
    limited.dispose()
    with engine.begin() as connection:
        connection.execute(text("DROP OWNED BY eqia_runtime"))
        connection.execute(text("DROP ROLE eqia_runtime"))


def start(engine: Engine) -> UUID:
    with make_session(engine) as session:
        lead = make_person(session)
        project = make_project(session, lead=lead)
        return screenings.start(
            session,
            actor=acting(lead, projects={project.id: MemberRole.LEAD}),
            now=NOW,
            project=project,
            question_set_id="bhp-nhs",
            language="en",
            token=tokens.new_token(),
        ).id


def test_the_service_runs_as_a_role_that_owns_nothing(restricted: Engine):
    assert start(restricted)
    with make_session(restricted) as session:
        assert events.verify(session) is None


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE event SET action = 'forged'",
        "DELETE FROM event",
        "TRUNCATE event",
        "ALTER TABLE event DISABLE TRIGGER ALL",
        "DROP TRIGGER event_no_update ON event",
        "DROP FUNCTION event_no_update() CASCADE",
    ],
)
def test_that_role_cannot_touch_the_log(restricted: Engine, statement: str):
    start(restricted)
    with restricted.begin() as connection, pytest.raises(ProgrammingError):
        connection.execute(text(statement))

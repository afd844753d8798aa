"""Eight people at once: no edit is lost unseen, and no double click counts twice."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from threading import Barrier
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import func, select

from eqia.domain.edits import Edit, Typed
from eqia.domain.errors import Conflict
from eqia.domain.people import MemberRole, Person
from eqia.domain.screenings import Status
from eqia.persistence.database import make_session
from eqia.persistence.queries import screenings as queries
from eqia.persistence.tables import (
    AnswerChangeRow,
    AnswerRow,
    EventRow,
    ProjectRow,
    ScreeningRow,
    SubmitTokenRow,
)
from eqia.services import events, screenings, tokens
from tests.builders import NOW, acting, answer, make_person, make_project, make_screening
from tests.domain.forms import short_form

if TYPE_CHECKING:
    from uuid import UUID

    from sqlalchemy import Engine

ATTEMPTS = 10_000
PEOPLE = 8
FORMS = 200
CLICKS = 4
#: Two places, so that some stale forms overwrite nothing and are let through.
PLACES = (("A1", ""), ("A3", ""))


@dataclass(frozen=True, slots=True)
class Team:
    project: UUID
    screening: UUID
    people: tuple[Person, ...]


@pytest.fixture
def team(database_engine: Engine) -> Team:
    with make_session(database_engine) as session:
        rows = [make_person(session) for _ in range(PEOPLE)]
        project = make_project(session, lead=rows[0])
        screening = make_screening(session, project=project, author=rows[0])
        role = {project.id: MemberRole.LEAD}
        people = tuple(acting(row, projects=role) for row in rows)
        return Team(project.id, screening.id, people)


def test_every_edit_is_kept_or_told(database_engine: Engine, team: Team):
    told: Counter[str] = Counter()
    acknowledged: list[str] = []

    def work(number: int) -> None:
        version = 0
        for turn in range(ATTEMPTS // PEOPLE):
            text = f"{number}-{turn}"
            edit = Edit("about", version, {PLACES[turn % 2]: Typed(text)})
            with make_session(database_engine) as session:
                screening = session.get_one(ScreeningRow, team.screening)
                try:
                    version = screenings.save(
                        session,
                        actor=team.people[number],
                        now=NOW,
                        screening=screening,
                        edit=edit,
                    )
                    acknowledged.append(text)
                except Conflict as conflict:
                    told[conflict.attempted] += 1
                    version = queries.section_version(session, screening, "about")

    with ThreadPoolExecutor(PEOPLE) as pool:
        list(pool.map(work, range(PEOPLE)))

    assert len(acknowledged) + told.total() == ATTEMPTS
    assert acknowledged
    assert told
    assert not told.keys() & set(acknowledged)
    assert history_tells(database_engine, team) == sorted(acknowledged)


def history_tells(engine: Engine, team: Team) -> list[str]:
    """Read every edit from the history, and check that each follows the one before it."""
    with make_session(engine) as session:
        changes = session.scalars(
            select(AnswerChangeRow)
            .where(AnswerChangeRow.screening_id == team.screening)
            .order_by(AnswerChangeRow.section_version)
        ).all()
        assert [one.section_version for one in changes] == list(range(1, len(changes) + 1))
        for question, _ in PLACES:
            own = [one for one in changes if one.question == question]
            assert [one.before for one in own] == [None, *(one.after for one in own[:-1])]
            stored = session.scalar(select(AnswerRow.value).where(AnswerRow.question == question))
            assert stored == own[-1].after
        assert session.scalar(select(func.count()).select_from(EventRow)) == len(changes)
        assert events.verify(session) is None
        return sorted(one.after for one in changes)


def clicked(engine: Engine, forms: int, click) -> list[list[object]]:
    """Click every form four times at the same moment; give what each click led to."""
    ready = Barrier(CLICKS)

    def one(_click: int) -> list[object]:
        results = []
        for number in range(forms):
            ready.wait(timeout=60)
            with make_session(engine) as session:
                results.append(click(session, number))
        return results

    with ThreadPoolExecutor(CLICKS) as pool:
        return list(zip(*pool.map(one, range(CLICKS)), strict=True))


def test_four_clicks_start_one_screening(database_engine: Engine, team: Team):
    forms = [tokens.new_token() for _ in range(FORMS)]

    def click(session, number: int) -> UUID:
        return screenings.start(
            session,
            actor=team.people[0],
            now=NOW,
            project=session.get_one(ProjectRow, team.project),
            question_set_id="bhp-nhs",
            language="en",
            token=forms[number],
        ).id

    results = clicked(database_engine, FORMS, click)
    assert all(len(set(clicks)) == 1 for clicks in results)
    with make_session(database_engine) as session:
        started = session.scalar(select(func.count()).select_from(ScreeningRow))
        assert started == FORMS + 1
        assert session.scalar(select(func.count()).select_from(SubmitTokenRow)) == FORMS
        references = session.scalars(select(ScreeningRow.reference)).all()
        assert len(set(references)) == len(references)


def test_the_first_screenings_of_a_year_get_numbers_of_their_own(database_engine: Engine):
    with make_session(database_engine) as session:
        leads = [make_person(session) for _ in range(PEOPLE)]
        projects = [make_project(session, lead=lead).id for lead in leads]
        teams = [
            (acting(lead, projects={project: MemberRole.LEAD}), project)
            for lead, project in zip(leads, projects, strict=True)
        ]
    ready = Barrier(PEOPLE)

    def begin(team: tuple[Person, UUID]) -> str:
        lead, project = team
        with make_session(database_engine) as session:
            ready.wait(timeout=60)
            return screenings.start(
                session,
                actor=lead,
                now=NOW,
                project=session.get_one(ProjectRow, project),
                question_set_id="bhp-nhs",
                language="en",
                token=tokens.new_token(),
            ).reference

    with ThreadPoolExecutor(PEOPLE) as pool:
        given = sorted(pool.map(begin, teams))
    assert given == [f"EQS-2026-{number:04d}" for number in range(1, PEOPLE + 1)]


def test_four_clicks_submit_once(database_engine: Engine, team: Team):
    forms = [tokens.new_token() for _ in range(FORMS)]
    with make_session(database_engine) as session:
        project = session.get_one(ProjectRow, team.project)
        drafts = [complete(session, project) for _ in range(FORMS)]

    def click(session, number: int) -> tuple[UUID, Status]:
        row = screenings.submit(
            session,
            actor=team.people[0],
            now=NOW,
            screening=session.get_one(ScreeningRow, drafts[number]),
            token=forms[number],
        )
        return row.id, row.status

    results = clicked(database_engine, FORMS, click)
    assert all(set(clicks) == {(drafts[n], Status.SUBMITTED)} for n, clicks in enumerate(results))
    with make_session(database_engine) as session:
        submitted = select(func.count()).where(EventRow.action == "screening.submitted")
        assert session.scalar(submitted) == FORMS
        assert events.verify(session) is None


def complete(session, project: ProjectRow) -> UUID:
    """A draft that touches nobody, with every question answered."""
    author = make_person(session)
    screening = make_screening(session, project=project, author=author)
    answer(session, screening=screening, answers=short_form(), actor=author)
    return screening.id

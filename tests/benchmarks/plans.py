"""What the pages of plans cost: CPU milliseconds and statements, with much in them.

Run: python -m tests.benchmarks plans
"""

from __future__ import annotations

import tempfile
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid4

from sqlalchemy import event, insert

from eqia.domain.people import MemberRole, Role
from eqia.domain.periods import Frequency, Schedule
from eqia.domain.screenings import Status
from eqia.persistence.database import create_all_for_tests, writing
from eqia.persistence.tables import BaselineRow, PersonRow, ReadingRow
from eqia.services import accounts, standings
from eqia.web import clock
from eqia.web.extensions import db
from eqia.web.factory import create_app
from eqia.web.settings import Settings
from tests.benchmarks._tables import table
from tests.benchmarks.pages import cpu_ms, visit
from tests.builders import make_member, make_person, make_project, make_screening
from tests.plan_builders import make_action, make_finding, make_measure, make_plan, make_version

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flask import Flask
    from sqlalchemy.orm import Session

MEASURES, PERIODS, GROUPS = 50, 24, 8
PLANS = 200
#: so many of them are of the same team as the large one
MINE = 9
ROUNDS = 10
FIRST = date(2024, 11, 1)
NOW = datetime(2026, 11, 25, 9, tzinfo=UTC)
MONTHS = Schedule(Frequency.MONTH, FIRST)
MEMBERS = [
    {"code": f"g{n}", "label": f"Group number {n}", "kind": "substantive"} for n in range(GROUPS)
]


@dataclass(frozen=True)
class World:
    """An app with plans in it, and the cookies of a team's member and of a reviewer."""

    app: Flask
    team: str
    reviewer: str
    plan: UUID
    measure: UUID


def main() -> None:
    """Print the table."""
    with tempfile.TemporaryDirectory() as name:
        world = make_world(Path(name))
        rows = [_row(world, *one) for one in _pages(world)]
        print(f"{MEASURES} measures, {PERIODS} periods, {GROUPS} groups; {PLANS} plans")  # noqa: T201
        print(table(("page", "CPU ms", "statements", "kB"), rows))  # noqa: T201 - for reading


def _pages(world: World) -> Iterator[tuple[str, str, str]]:
    plan = f"/plans/{world.plan}"
    yield "plan, its team (goal 50)", plan, world.team
    yield "plan, a reviewer", plan, world.reviewer
    yield "measure, its team", f"{plan}/measures/{world.measure}", world.team
    yield "measure, a reviewer", f"{plan}/measures/{world.measure}", world.reviewer
    yield "readings due", "/readings", world.team
    yield "readings due (ICS)", "/readings/calendar.ics", world.team
    yield "governance, a page of 25", "/governance", world.reviewer
    yield "governance, 200 plans (CSV)", "/governance/plans.csv", world.reviewer
    yield "home, its team", "/", world.team
    yield "home, a reviewer", "/", world.reviewer


def _row(world: World, label: str, path: str, cookie: str) -> tuple[str, ...]:
    page = visit(world.app.wsgi_app, path, cookie)
    size = len(page())
    with counted(world.app) as said:
        page()
    return label, f"{cpu_ms(page, ROUNDS):.1f}", str(len(said)), f"{size / 1000:.0f}"


@contextmanager
def counted(app: Flask) -> Iterator[list[str]]:
    """Collect the statements that are sent to the database."""
    said: list[str] = []

    def listen(_conn: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        said.append(statement)

    with app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", listen)
    try:
        yield said
    finally:
        event.remove(engine, "before_cursor_execute", listen)


def make_world(folder: Path) -> World:
    """An app on a SQLite file with one large plan and many small ones."""
    url = f"sqlite:///{folder / 'eqia.sqlite3'}"
    app = create_app(Settings.for_tests(database_url=url, testing=False), instance_path=folder)
    app.config["CLOCK"] = lambda: NOW
    with app.app_context():
        create_all_for_tests(db.engine)
    with app.app_context(), writing(db.session) as session:
        lead, reviewer = make_person(session), make_person(session, roles=[Role.REVIEWER])
        large, measure = a_plan(session, lead, MEASURES, GROUPS)
        others = make_person(session)
        for number in range(PLANS - 1):
            a_plan(session, lead if number < MINE else others, 2, 2, readings=6)
        ids = (lead.id, reviewer.id)
    return World(app, *(_cookie(app, one) for one in ids), large, measure)


def a_plan(
    session: Session, lead: PersonRow, measures: int, groups: int, readings: int = PERIODS
) -> tuple[UUID, UUID]:
    """A plan with one finding and action, and so many measures read for so many groups."""
    project = make_project(session)
    make_member(session, project=project, person=lead, role=MemberRole.LEAD)
    screening = make_screening(session, project=project, status=Status.SIGNED)
    plan = make_plan(session, screening=screening, change_start=date(2025, 11, 1))
    action = make_action(session, plan=plan, finding=make_finding(session, plan=plan))
    rows = []
    for number in range(measures):
        row = make_measure(
            session,
            plan=plan,
            action=action,
            title=f"Measure number {number}",
            frequency="month",
            first_period=FIRST,
        )
        members = MEMBERS[:groups]
        version = make_version(
            session,
            plan=plan,
            measure=row,
            members=members,
            reference="g0",
            numerator=f"Visits missed, {number}",
        )
        days = {"from_date": FIRST, "to_date": date(2025, 10, 31)}
        by = {"created_by": plan.created_by, "created_at": NOW}
        session.add(BaselineRow(version_id=version.id, state="agreed", **days, **by))
        session.flush()
        session.execute(insert(ReadingRow), list(_readings(version, groups, readings, by)))
        rows.append(row)
    standings.refresh(session, *rows)
    return plan.id, rows[0].id


def _readings(
    version: Any, groups: int, periods: int, by: dict[str, Any]
) -> Iterator[dict[str, Any]]:
    for at in range(periods):
        period = MONTHS.period(at)
        for place in range(-1, groups):
            yield {
                "id": uuid4(),
                "version_id": version.id,
                "shape": version.shape,
                "period_start": period.start,
                "period_end": period.end,
                "member": f"g{place}" if place >= 0 else "",
                "numerator": 40 + (at * 7 + place * 3) % 11,
                "denominator": 200 + place,
                "state": "final",
                "comment": "",
                **by,
            }


def _cookie(app: Flask, person_id: UUID) -> str:
    with app.test_request_context(), writing(db.session):
        person = db.session.get_one(PersonRow, person_id)
        token = accounts.start_session(
            db.session, person=person, now=clock.now(), browser=accounts.Browser()
        )
    client = app.test_client()
    with client.session_transaction() as cookie:
        cookie["token"] = token
    client.get("/")
    found = client.get_cookie("eqia")
    assert found is not None
    return f"eqia={found.value}"


if __name__ == "__main__":
    main()

"""What a page of the register costs at 100, 10,000 and 100,000 screenings.

Run: python -m tests.benchmarks register
"""

from __future__ import annotations

import tempfile
from datetime import timedelta
from pathlib import Path
from statistics import median
from time import perf_counter, process_time
from uuid import uuid4

from sqlalchemy import insert

from eqia.domain.people import Role
from eqia.domain.screenings import Status
from eqia.persistence.database import create_all_for_tests, make_session
from eqia.persistence.tables import (
    AnswerRow,
    OrganisationRow,
    ScreeningRow,
)
from eqia.web.extensions import db
from eqia.web.factory import create_app
from eqia.web.settings import Settings
from tests.benchmarks._tables import table
from tests.builders import NOW, make_person, make_project, make_question_set
from tests.pages import CheckingClient

SIZES = (100, 10_000, 100_000)
PAGES = {
    "first page": "/register",
    "filtered by EqIA": "/register?eqia=triggered",
    "filtered by group": "/register?group=age&status=draft",
    "searched by text": "/register?text=clinic+7",
}
ROUNDS = 20
_OUTCOMES = ("not_required", "conditions", "full")


def main() -> None:
    """Print milliseconds of CPU and of wall time for each page at each size."""
    rows = []
    for size in SIZES:
        with tempfile.TemporaryDirectory() as folder:
            rows += _measured(size, Path(folder))
    print(table(("page", "screenings", "CPU ms", "wall ms"), rows))  # noqa: T201 - for reading


def _measured(size: int, folder: Path) -> list[tuple[str, str, str, str]]:
    settings = Settings.for_tests(database_url=f"sqlite:///{folder / 'eqia.sqlite3'}")
    app = create_app(settings, instance_path=folder)
    with app.app_context():
        create_all_for_tests(db.engine)
        with make_session(db.engine) as session:
            session.add(OrganisationRow(name="Benchmark"))
            session.commit()
            auditor = make_person(session, roles=[Role.AUDITOR])
            _fill(session, size)
            client = CheckingClient(app).sign_in(auditor).raw
    times = {name: _time(client, url) for name, url in PAGES.items()}
    return [(n, f"{size:,}", f"{cpu:.1f}", f"{wall:.1f}") for n, (cpu, wall) in times.items()]


def _time(client, url: str) -> tuple[float, float]:
    assert client.get(url).status_code == 200
    cpus, walls = [], []
    for _ in range(ROUNDS):
        cpu, wall = process_time(), perf_counter()
        client.get(url)
        cpus.append((process_time() - cpu) * 1000)
        walls.append((perf_counter() - wall) * 1000)
    return median(cpus), median(walls)


def _fill(session, size: int) -> None:
    project = make_project(session, title="Moving the clinic")
    digest = make_question_set(session).digest
    rows = [
        {
            "id": uuid4(),
            "project_id": project.id,
            "reference": f"EQS-{2000 + number // 9999}-{number % 9999 + 1:04d}",
            "number": 1,
            "status": Status.DRAFT,
            "question_set_digest": digest,
            "created_by": project.created_by,
            "created_at": NOW - timedelta(minutes=number),
            "updated_at": NOW,
            "calculated_outcome": _OUTCOMES[number % 3],
            "outcome_in_force": _OUTCOMES[number % 3],
        }
        for number in range(size)
    ]
    answers = [
        {
            "id": uuid4(),
            "screening_id": row["id"],
            "question": "C1",
            "group_id": group,
            "value": "minor" if number % 50 == 0 else "none",
        }
        for number, row in enumerate(rows)
        for group in ("age", "sex")
    ]
    session.execute(insert(ScreeningRow), rows)
    session.execute(insert(AnswerRow), answers)
    session.commit()

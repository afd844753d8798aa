"""Saves of ten answers with their event, durable, by eight people at once."""

from __future__ import annotations

import statistics
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING

from eqia.domain.edits import Edit, Typed
from eqia.domain.people import MemberRole, Person
from eqia.persistence.database import create_all_for_tests, make_engine, make_session
from eqia.persistence.tables import ScreeningRow
from eqia.services import events, screenings
from tests.benchmarks._tables import table
from tests.builders import NOW, acting, make_person, make_project, make_screening
from tests.postgres import running_cluster, server_programs

if TYPE_CHECKING:
    from collections.abc import Iterator
    from uuid import UUID

#: gunicorn's usual shape on two cores: two workers of four threads
WORKERS, THREADS = 2, 4
SECONDS = 8.0
WARM_UP = 2.0
ANSWERS = [(f"A{number}", "") for number in range(1, 5)] + [(f"B{n}", "") for n in range(1, 7)]


@dataclass(frozen=True, slots=True)
class Job:
    """One person's own draft, so that what is measured is saving and not conflicts."""

    url: str
    screening: UUID
    actor: Person


def main() -> None:
    rows = []
    for name, database in (("SQLite", sqlite), ("PostgreSQL", postgresql)):
        with database() as url:
            rows.append((name, *measured(url)))
    print(table(("database", "saves a second", "p50 ms", "p99 ms", "CPU ms a save"), rows))  # noqa: T201


@contextmanager
def sqlite() -> Iterator[str]:
    with tempfile.TemporaryDirectory() as folder:
        yield f"sqlite:///{Path(folder) / 'eqia.sqlite3'}"


@contextmanager
def postgresql() -> Iterator[str]:
    programs = server_programs()
    if programs is None:
        raise SystemExit("PostgreSQL is not installed on this machine")
    with running_cluster(programs, durable=True) as cluster:
        yield cluster.create("eqia_saves")


def measured(url: str) -> tuple[str, str, str, str]:
    """Save for some seconds; check that nothing was lost; give the figures."""
    jobs = prepared(url)
    shares = [jobs[worker::WORKERS] for worker in range(WORKERS)]
    with ProcessPoolExecutor(WORKERS, mp_context=get_context("spawn")) as pool:
        results = list(pool.map(work, shares))
    times = [one for took, _ in results for one in took]
    cpu = sum(spent for _, spent in results)
    engine = make_engine(url)
    with make_session(engine) as session:
        assert events.verify(session) is None
        assert events.head(session)[0] >= len(times)
    engine.dispose()
    cuts = statistics.quantiles(times, n=100)
    return (
        f"{len(times) / SECONDS:.0f}",
        f"{cuts[49] * 1000:.1f}",
        f"{cuts[98] * 1000:.1f}",
        f"{cpu / len(times) * 1000:.2f}",
    )


def prepared(url: str) -> list[Job]:
    engine = make_engine(url)
    create_all_for_tests(engine)
    jobs = []
    with make_session(engine) as session:
        for _ in range(WORKERS * THREADS):
            lead = make_person(session)
            project = make_project(session, lead=lead)
            screening = make_screening(session, project=project, author=lead)
            actor = acting(lead, projects={project.id: MemberRole.LEAD})
            jobs.append(Job(url, screening.id, actor))
    engine.dispose()
    return jobs


def work(jobs: list[Job]) -> tuple[list[float], float]:
    """Let each job save in a thread of its own; give the times and the CPU spent."""
    engine = make_engine(jobs[0].url)
    times: list[float] = []
    ends = time.monotonic() + WARM_UP
    run(engine, jobs, [], ends)
    began = time.process_time()
    run(engine, jobs, times, time.monotonic() + SECONDS)
    spent = time.process_time() - began
    engine.dispose()
    return times, spent


_versions: dict[UUID, int] = {}


def run(engine, jobs: list[Job], times: list[float], ends: float) -> None:
    threads = [Thread(target=save, args=(engine, job, times, ends)) for job in jobs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def save(engine, job: Job, times: list[float], ends: float) -> None:
    version = _versions.get(job.screening, 0)
    while time.monotonic() < ends:
        typed = {place: Typed(f"{place[0]} in version {version}") for place in ANSWERS}
        began = time.perf_counter()
        with make_session(engine) as session:
            version = screenings.save(
                session,
                actor=job.actor,
                now=NOW,
                screening=session.get_one(ScreeningRow, job.screening),
                edit=Edit("about", version, typed),
            )
        times.append(time.perf_counter() - began)
    _versions[job.screening] = version

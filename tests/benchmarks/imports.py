"""What an import of 100,000 rows costs, step by step: seconds, and the most memory it takes.

No more than 20,000 readings are taken in at once, as nobody else can write while it lasts; of our
own form every fifth row is filled in.

Run: python -m tests.benchmarks imports
"""

from __future__ import annotations

import resource
import tempfile
from concurrent.futures import ProcessPoolExecutor
from datetime import date, timedelta
from multiprocessing import get_context
from pathlib import Path
from time import perf_counter

from sqlalchemy import func, select

from eqia.documents.sheets import workbook
from eqia.domain.exported_readings import EVERYBODY, TEMPLATE
from eqia.domain.imports.layouts import NO_GROUPS, Layout
from eqia.domain.people import MemberRole
from eqia.domain.periods import Frequency, Schedule
from eqia.domain.spreadsheets import csv_text
from eqia.persistence.database import create_all_for_tests, make_engine, make_session
from eqia.persistence.queries.plans import LIVE
from eqia.persistence.tables import ReadingRow
from eqia.services import import_files, imports
from eqia.services.import_files import Sent
from tests.benchmarks._tables import table
from tests.builders import NOW, acting
from tests.plan_builders import make_measure, make_plan, make_version, person_of

GROUPS = 60
WEEKS = 1_640
FIRST = date(1995, 6, 5)
MEMBERS = [{"code": f"g{n}", "label": f"Group {n}", "kind": "substantive"} for n in range(GROUPS)]
_MEGABYTE = 1024


def main() -> None:
    """Print the seconds of each step and the peak of memory, each file in a process of its own."""
    rows = []
    for kind in _FILES:
        # A process of its own has a peak of its own.
        with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
            rows += pool.submit(_measured, kind).result()
    print(table(("100,000 rows", "step", "seconds", "peak MB"), rows))  # noqa: T201 - for reading


def _measured(kind: str) -> list[tuple[str, ...]]:
    with tempfile.TemporaryDirectory() as folder:
        engine = make_engine(f"sqlite:///{Path(folder) / 'eqia.sqlite3'}")
        create_all_for_tests(engine)
        with make_session(engine) as session:
            found = _steps(session, kind, Watch(kind))
        engine.dispose()
    return found


def _steps(session, kind: str, watch: Watch) -> list[tuple[str, ...]]:
    plan = make_plan(session)
    days = {"frequency": "week", "first_period": FIRST}
    measure = make_measure(session, plan=plan, **days)
    make_version(session, plan=plan, measure=measure, members=MEMBERS)
    actor = acting(person_of(session, plan), projects={plan.project_id: MemberRole.LEAD})
    by = {"actor": actor, "now": NOW}
    sent = Sent("readings", _FILES[kind](measure.id))
    watch.begin()
    row = import_files.send(session, **by, plan=plan, measure_id=measure.id, sent=sent)
    watch.note("sent, read and kept")
    opened = _opened(session, by, import_files.open_file(session, measure, row), kind)
    found = import_files.preview(session, opened, **by)
    watch.note(f"looked at: {found.changes:,} new")
    yes = imports.Yes(found.mark, agreed=True)
    batch = imports.confirm(session, **by, plan=plan, opened=opened, yes=yes)
    watch.note("taken in")
    assert session.scalar(select(func.count(ReadingRow.id)).where(LIVE)) == found.changes
    imports.undo(session, **by, plan=plan, measure_id=measure.id, batch_id=batch.id)
    watch.note("undone")
    return watch.rows


def _opened(session, by, opened, kind: str):
    """Say how the file is to be read."""
    if kind == "one place of a hundred":
        columns = {"period": "day", "numerator": "late", "denominator": "all"}
        said = {"columns": columns, "apart": ("place",), "chosen": {"place": "Place 7"}}
        layout = Layout(kind="plain", **said, by=NO_GROUPS, length="week")
        import_files.say(session, **by, opened=opened, layout=layout)
    else:
        import_files.begin(session, **by, opened=opened, kind="own", sheet="")
    return import_files.open_file(session, opened.measure, opened.row)


class Watch:
    """Takes the time of each step, and the most memory up to it."""

    def __init__(self, kind: str) -> None:
        self.kind, self.rows, self.last = kind, [], 0.0

    def begin(self) -> None:
        """Start the time, once the file is made."""
        self.last = perf_counter()

    def note(self, step: str) -> None:
        now = perf_counter()
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / _MEGABYTE
        self.rows.append((self.kind, step, f"{now - self.last:.1f}", f"{peak:.0f}"))
        self.last = perf_counter()


def _own(reference) -> list[list[object]]:
    schedule = Schedule(Frequency.WEEK, FIRST)
    rows: list[list[object]] = []
    for week in range(WEEKS):
        period = schedule.period(week)
        for n in range(-1, GROUPS):
            label = EVERYBODY if n < 0 else f"Group {n}"
            dimension = "" if n < 0 else "age"
            figures = [n + 1 + week % 50, 200 + week % 7] if n % 5 == 0 else [None, None]
            rows.append(
                [str(reference), f"{period.start}", f"{period.end}", dimension, label, *figures]
            )
            rows[-1] += [None, None, None, None, None]
    return rows


def _csv(reference) -> bytes:
    # Without the reference, which alone would make the file larger than the limit.
    return csv_text(TEMPLATE, ([None, *row[1:]] for row in _own(reference))).encode()


def _xlsx(reference) -> bytes:
    return workbook("Readings", TEMPLATE, _own(reference))


def _places(_reference) -> bytes:
    rows = (
        [FIRST + timedelta(weeks=week), f"Place {place}", week % 90, 100 + place]
        for week in range(1000)
        for place in range(100)
    )
    return csv_text(["day", "place", "late", "all"], rows).encode()


_FILES = {
    "own form, CSV": _csv,
    "own form, XLSX": _xlsx,
    "one place of a hundred": _places,
}

"""What a record's PDF costs: milliseconds each, pages, size, and memory over many.

Run: python -m tests.benchmarks pdf
"""

from __future__ import annotations

import gc
import io
from pathlib import Path
from statistics import median
from time import perf_counter, process_time
from typing import TYPE_CHECKING

from pypdf import PdfReader

from eqia.documents.records import render
from eqia.domain.record_contents import contents
from eqia.domain.records import record_of
from tests.benchmarks._tables import table
from tests.documents.fixtures import ALL_SETS, make_facts, make_record, short_form

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

ROUNDS = 50
MANY = 300


def main() -> None:
    """Print a line for the shortest record and for a full one of each set, then the memory."""
    records = {"shortest": record_of(make_facts(answers=short_form(), rich=False))}
    records |= {set_id: make_record(set_id) for set_id in ALL_SETS}
    heads = ("record", "pages", "kB", "contents, ms CPU", "PDF, ms CPU", "PDF, ms elapsed")
    print(table(heads, [_line(name, record) for name, record in records.items()]))  # noqa: T201
    print(_growth(records["shortest"]))  # noqa: T201


def _line(name: str, record: dict[str, Any]) -> tuple[str, ...]:
    pdf = render(record)
    pages = len(PdfReader(io.BytesIO(pdf)).pages)
    read = _median(lambda: contents(record), process_time)
    busy = _median(lambda: render(record), process_time)
    whole = _median(lambda: render(record), perf_counter)
    figures = (read, busy, whole)
    return (name, str(pages), f"{len(pdf) / 1000:.0f}", *(f"{each:.1f}" for each in figures))


def _median(act: Callable[[], object], clock: Callable[[], float]) -> float:
    times = []
    for _ in range(ROUNDS):
        start = clock()
        act()
        times.append((clock() - start) * 1000)
    return median(times)


def _growth(record: dict[str, Any]) -> str:
    """Tell how much more memory the process holds after many records than after a few."""
    for _ in range(MANY // 10):
        render(record)
    gc.collect()
    before = resident()
    for _ in range(MANY):
        render(record)
    gc.collect()
    return f"{resident() - before:+.1f} MB resident after {MANY} more records"


def resident() -> float:
    """Read the megabytes this process holds, from the kernel."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    line = next(line for line in status.splitlines() if line.startswith("VmRSS:"))
    return int(line.split()[1]) / 1000

"""What sealing and checking a record cost: milliseconds each, median of fifty, and p95.

Run: python -m tests.benchmarks seal
"""

from __future__ import annotations

import gc
import io
from statistics import median, quantiles
from time import perf_counter, process_time
from typing import TYPE_CHECKING

from pypdf import PdfReader

from eqia.documents.checking import findings
from eqia.documents.examining import examine, examine_apart
from eqia.documents.finishing import SEAL_FIELD
from eqia.documents.fonts import load
from eqia.documents.records import render, renderer_version
from eqia.documents.sealing import seal
from eqia.domain.records import canonical, digest, read, record_of
from eqia.domain.replays import replay
from eqia.domain.verdicts import Evidence, Overall, Remade, Stored, judge
from tests.benchmarks._tables import table
from tests.benchmarks.pdf import resident
from tests.documents.fixtures import make_facts, make_record, short_form
from tests.documents.samples import BLOCKS, sample
from tests.documents.seal_material import AT, seal_key

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from eqia.documents.seal_keys import SealKey

ROUNDS = 50
MANY = 300
#: documents.md section 13
BUDGETS = "budgets: render and seal 80 ms for two pages, verify 100 ms"


def main() -> None:
    """Print a line for each step on records of three lengths, then the memory."""
    made_with = {"application": "eqia", "renderer": renderer_version(load())}
    shortest = record_of(make_facts(answers=short_form(), rich=False, made_with=made_with))
    heads = ("step", "ms CPU", "p95", "ms elapsed")
    for record in (_least(shortest), shortest, make_record("bhp-nhs")):
        pdf = render(record)
        pages = len(PdfReader(io.BytesIO(pdf)).pages)
        print(f"{pages} pages, {len(pdf) / 1000:.0f} kB")  # noqa: T201
        print(table(heads, [_line(*step) for step in _steps(record, pdf)]))  # noqa: T201
    print(_two_pages())  # noqa: T201
    print(BUDGETS)  # noqa: T201
    print(_apart(_sealed(pdf, seal_key())))  # noqa: T201
    print(_growth(render(shortest)))  # noqa: T201


def _two_pages() -> str:
    """Tell what the two pages cost that the budget is set for: every kind of block, twice."""
    blocks = BLOCKS + BLOCKS
    make = sample.__wrapped__  # past its cache
    pdf = make(blocks=blocks)
    assert len(PdfReader(io.BytesIO(pdf)).pages) == 2
    key = seal_key()
    steps = (
        ("render and finish", lambda: make(blocks=blocks)),
        ("the same and seal", lambda: _sealed(make(blocks=blocks), key)),
    )
    lines = [_line(name, act) for name, act in steps]
    return "2 pages\n" + table(("step", "ms CPU", "p95", "ms elapsed"), lines)


def _least(record: dict[str, Any]) -> dict[str, Any]:
    """Give the fewest pages a record can have; the budget is set for two."""
    lists = ("sheet", "findings", "law", "evidence", "receipts", "reviews", "people", "timeline")
    return {**record, **{name: [] for name in lists}}


def _steps(record: dict[str, Any], pdf: bytes) -> list[tuple[str, Callable[[], object]]]:
    """Everything between a record and a verdict, by itself and together."""
    key, rsa = seal_key(), seal_key("RSA 2048")
    sealed = _sealed(pdf, key)
    text = canonical(record)
    return [
        ("render and finish", lambda: render(record)),
        ("seal, P-256", lambda: _sealed(pdf, key)),
        ("seal, RSA 2048", lambda: _sealed(pdf, rsa)),
        ("render, finish and seal", lambda: _sealed(render(record), key)),
        ("look a file over", lambda: examine(sealed)),
        ("make it again", lambda: render(read(text))),
        ("take the decision again", lambda: replay(record)),
        ("verify, all six checks", lambda: _verified(sealed, text, key)),
        ("check structure and archival form", lambda: findings(pdf)),
    ]


def _sealed(pdf: bytes, key: SealKey) -> bytes:
    return seal(pdf, key, field=SEAL_FIELD, at=AT)


def _verified(sealed: bytes, text: str, key: SealKey) -> None:
    """Check a file as the page does, but for the database."""
    seen = examine(sealed)
    record = read(text)
    made = sealed.startswith(render(record))
    verdict = judge(
        Evidence(
            seen=seen,
            trusted={key.seal.fingerprint: key.seal},
            asked=True,
            stored=Stored(file_sha256=seen.sha256, record_sha256=digest(text), seal=key.seal),
            remade=Remade.SAME if made else Remade.OTHER,
        )
    )
    replay(record)
    if verdict.overall is not Overall.GENUINE:
        raise RuntimeError(verdict.headline)


def _line(name: str, act: Callable[[], object]) -> tuple[str, ...]:
    busy, elapsed = _times(act, process_time), _times(act, perf_counter)
    figures = (median(busy), quantiles(busy, n=20)[-1], median(elapsed))
    return (name, *(f"{each:.1f}" for each in figures))


def _times(act: Callable[[], object], clock: Callable[[], float]) -> list[float]:
    act()
    times = []
    for _ in range(ROUNDS):
        start = clock()
        act()
        times.append((clock() - start) * 1000)
    return times


def _apart(sealed: bytes) -> str:
    """Tell how long the file of a stranger takes, which has a process of its own."""
    times = []
    for _ in range(5):
        start = perf_counter()
        examine_apart(sealed)
        times.append(perf_counter() - start)
    return f"{median(times):.2f} s elapsed for a file that is not ours"


def _growth(pdf: bytes) -> str:
    """Tell how much more memory the process holds after many seals and checks."""
    key = seal_key()
    for _ in range(MANY // 10):
        examine(_sealed(pdf, key))
    gc.collect()
    before = resident()
    for _ in range(MANY):
        examine(_sealed(pdf, key))
    gc.collect()
    return f"{resident() - before:+.1f} MB resident after {MANY} more seals and checks"

"""How long the service takes to start, and how much memory it holds.

Run: python -m tests.benchmarks start
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import urllib.request
from pathlib import Path
from statistics import median
from time import perf_counter, sleep

from tests.benchmarks._tables import table

ROUNDS = 5
REQUESTS = 2_000
PORT = 8791
ADDRESS = f"http://127.0.0.1:{PORT}"


def main() -> None:
    """Print seconds to the first answer, and proportional set size before and after requests."""
    with tempfile.TemporaryDirectory() as folder:
        environment = {**os.environ, "EQIA_INSTANCE_PATH": folder, "EQIA_ENV": "production"}
        subprocess.run([_eqia(), "init"], env=environment, check=True, capture_output=True)
        starts, memory = zip(*(_round(environment, 200) for _ in range(ROUNDS)), strict=True)
        _, grown = _round(environment, REQUESTS)
    rows = (
        ("seconds to the first answer", f"{median(starts):.2f}"),
        ("MB after 200 requests (PSS)", f"{median(memory):.1f}"),
        (f"MB after {REQUESTS:,} requests (PSS)", f"{grown:.1f}"),
    )
    print(table(("start and memory", "median"), rows))  # noqa: T201 - for reading


def _round(environment: dict[str, str], requests: int) -> tuple[float, float]:
    began = perf_counter()
    command = [_eqia(), "serve", "--port", str(PORT)]
    with subprocess.Popen(
        command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as server:
        try:
            _wait(server)
            seconds = perf_counter() - began
            for _ in range(requests):
                _ask("/account/sign-in")
            return seconds, _megabytes(server.pid)
        finally:
            server.terminate()


def _wait(server: subprocess.Popen[bytes]) -> None:
    while server.poll() is None:
        try:
            _ask("/healthz")
        except OSError:
            sleep(0.01)
        else:
            return
    message = "the server stopped before it answered"
    raise RuntimeError(message)


def _ask(path: str) -> None:
    with urllib.request.urlopen(ADDRESS + path) as answer:  # noqa: S310 - our own address
        answer.read()


def _megabytes(pid: int) -> float:
    rollup = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii")
    [line] = [line for line in rollup.splitlines() if line.startswith("Pss:")]
    return int(line.split()[1]) / 1024


def _eqia() -> str:
    return str(Path(sys.executable).with_name("eqia"))

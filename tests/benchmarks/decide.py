"""What a decision costs: milliseconds of CPU a form, each set, and the whole command.

Run: python -m tests.benchmarks decide
"""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import date
from pathlib import Path
from random import Random
from resource import RUSAGE_CHILDREN, getrusage
from time import process_time

from eqia.domain.answer_parsing import parse_answers
from eqia.domain.decisions import decide
from eqia.domain.interchange import decide_json
from eqia.domain.question_set_loading import load_question_sets
from eqia.domain.sample_forms import random_form
from tests.benchmarks._tables import table

FORMS = 1_000
TODAY = date(2026, 11, 24)


def main() -> None:
    """Print CPU milliseconds a form for each set, then for the command on standard input."""
    rows = [_measured(name) for name in sorted({key[0] for key in load_question_sets()})]
    heads = (f"{FORMS:,} random forms of", "read and decide, ms", "with what would change, ms")
    print(table(heads, rows))  # noqa: T201 - for reading
    print(f"eqia decide - : {_command():.2f} ms a form, start included")  # noqa: T201


def _forms(name: str) -> list[dict[str, object]]:
    chance = Random(7)  # noqa: S311 - the same forms every time
    question_set = next(s for s in load_question_sets().values() if s.id == name)
    return [dict(random_form(question_set, chance)) for _ in range(FORMS)]


def _measured(name: str) -> tuple[str, str, str]:
    sets = load_question_sets()
    question_set = next(s for s in sets.values() if s.id == name)
    forms = _forms(name)
    began = process_time()
    for form in forms:
        decide(question_set, parse_answers(question_set, form))
    decided = process_time() - began
    lines = [json.dumps({"question_set": name, "answers": form}) for form in forms]
    began = process_time()
    for line in lines:
        decide_json(line, sets, TODAY)
    whole = process_time() - began
    return name, f"{decided / FORMS * 1000:.3f}", f"{whole / FORMS * 1000:.3f}"


def _command() -> float:
    forms = _forms("bhp-nhs")
    lines = "\n".join(json.dumps({"question_set": "bhp-nhs", "answers": form}) for form in forms)
    before = getrusage(RUSAGE_CHILDREN)
    eqia = str(Path(sys.executable).with_name("eqia"))
    subprocess.run([eqia, "decide", "-"], input=lines.encode(), check=True, capture_output=True)
    after = getrusage(RUSAGE_CHILDREN)
    spent = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return spent / FORMS * 1000

"""What our PDF costs beside WeasyPrint's of the same content, by turns in one run.

Run: pip install -e '.[benchmark]', then python -m tests.benchmarks pdf_beside
"""

from __future__ import annotations

import io
from statistics import median
from time import process_time
from typing import TYPE_CHECKING

from pypdf import PdfReader

from eqia.documents.finishing import SEAL_FIELD
from eqia.documents.fonts import BUILT
from eqia.documents.records import render
from eqia.domain.record_contents import contents
from eqia.domain.records import record_of
from eqia.web.factory import create_app
from eqia.web.settings import Settings
from tests.benchmarks._tables import table
from tests.documents.fixtures import make_facts, make_record, short_form

try:
    from weasyprint import HTML
except ImportError:
    HTML = None

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

ROUNDS = 7
PAGE = """<!doctype html><html lang="{{ whole.language }}"><title>{{ whole.name }}</title><style>
@font-face { font-family: house; src: url({{ fonts }}/NotoSans-Regular.ttf) }
@font-face { font-family: house; font-weight: bold; src: url({{ fonts }}/NotoSans-Bold.ttf) }
@page { size: A4; margin: 22mm } body { font: 12pt/1.4 house } table { width: 100% }
th, td { text-align: left; vertical-align: top; border-bottom: 1px solid } svg { color: black }
</style><h1>{{ whole.title }}</h1>
{% from "records/_blocks.html" import section_of with context %}
{% for section in whole.sections %}{{ section_of(section) }}{% endfor %}"""


def main() -> None:
    """Print both figures for the shortest record and a full one, and their ratio."""
    if HTML is None:
        print("WeasyPrint is not installed: pip install -e '.[benchmark]'")  # noqa: T201
        return
    app = create_app(Settings.for_tests())
    records = {
        "shortest": record_of(make_facts(answers=short_form(), rich=False)),
        "full": make_record(),
    }
    with app.test_request_context():
        rows = [_line(app, name, record) for name, record in records.items()]
    heads = ("record", "ours: pages", "ms CPU", "WeasyPrint: pages", "ms CPU", "ratio")
    print(f"Both tagged; ours also PDF/A-3a with its record and {SEAL_FIELD!r} inside")  # noqa: T201
    print(table(heads, rows))  # noqa: T201


def _line(app: Any, name: str, record: dict[str, Any]) -> tuple[str, ...]:
    template = app.jinja_env.from_string(PAGE)

    def beside() -> bytes:
        html = template.render(whole=contents(record), fonts=BUILT.as_uri())
        pdf: bytes = HTML(string=html).write_pdf(pdf_variant="pdf/ua-1")
        return pdf

    def ours() -> bytes:
        return render(record)

    times: dict[Callable[[], bytes], list[float]] = {ours: [], beside: []}
    pages = [str(len(PdfReader(io.BytesIO(make())).pages)) for make in times]
    for _ in range(ROUNDS):
        for make, taken in times.items():
            start = process_time()
            make()
            taken.append((process_time() - start) * 1000)
    a, b = median(times[ours]), median(times[beside])
    return (name, pages[0], f"{a:.0f}", pages[1], f"{b:.0f}", f"{b / a:.1f}")

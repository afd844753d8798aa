"""What somebody outside the team reads in each output, taken from the bytes that were published."""

from __future__ import annotations

import csv
import io
import json
import re
from datetime import date
from typing import TYPE_CHECKING
from uuid import UUID

import pypdf
from openpyxl import load_workbook

from eqia.domain.records import canonical
from eqia.persistence.tables import PlanRow
from eqia.services import annexes
from eqia.web.extensions import db

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from tests.page import Page
    from tests.pages import CheckingClient

#: numerator and denominator of each group, as they are written
Cells = dict[str, tuple[str, str]]

_NUMBER = r"\*|[\d,]+"
_OF = re.compile(rf"(?P<top>{_NUMBER}) of (?P<bottom>{_NUMBER})")
_HIDDEN = "(hidden, small number)"
EVERYBODY = "Everybody"


def parts_of(words: str) -> tuple[str, str]:
    """Read "20.0% (20 of 100)", "* of 100 (hidden, small number)" or "* (hidden, …)"."""
    if words.startswith(f"* {_HIDDEN}"):
        return "*", "*"
    found = _OF.search(words)
    assert found, words
    return found["top"], found["bottom"]


def from_page(client: CheckingClient, measure: str, labels: list[str]) -> Cells:
    """Read the table of readings."""
    page = client.get(measure)
    (table,) = [
        one
        for one in page.tree.iter("table")
        if "By period, the newest first" in "".join(one.itertext())
    ]
    (row,) = table.iter("tbody")
    cells = ["".join(cell.itertext()).strip() for cell in row.iter("td")][1:]
    return {
        label: parts_of(words) for label, words in zip([EVERYBODY, *labels], cells, strict=True)
    }


def from_plan(client: CheckingClient, measure: str, labels: list[str]) -> Cells:
    """Read the latest figures of the plan page."""
    text = client.get(measure.partition("/measures")[0]).text
    return _after_labels(text, [EVERYBODY, *labels], ": ")


def from_chart(client: CheckingClient, measure: str, labels: list[str]) -> Cells:
    """Read the files beside the charts, and see that the drawings say no more."""
    found = {}
    for code, label in [("", EVERYBODY), *((label.lower(), label) for label in labels)]:
        (row,) = _csv(client, f"{measure}/chart.csv?group={code}")
        found[label] = ("*", "*") if row["Figure"] == "*" else parts_of(row["Counted"])
        spoken = _drawn_words(client.get(f"{measure}?group={code}"))
        said = "hidden, small number" if row["Figure"] == "*" else row["Figure"]
        assert any(said in words for words in spoken)
    return found


def from_file(client: CheckingClient, measure: str, labels: list[str], kind: str) -> Cells:
    """Read a file of readings, and see that what is worked out comes from the same row."""
    data = client.get(f"{measure}/export/{kind}").response.data
    rows = _READERS[kind](data)
    for row in rows:
        hidden = "*" in {row["numerator"], row["denominator"]}
        assert hidden is (row["masked"] == "by us")
        assert hidden is not bool(row["interval_method"])
        if hidden:
            assert row["worked_value"] in {"", None}
            assert row["worked_lower_95"] in {"", None}
        else:
            share = int(row["numerator"]) * 100 / int(row["denominator"])
            assert abs(float(row["worked_value"]) - share) < 1e-5
    found = {row["category"]: (str(row["numerator"]), str(row["denominator"])) for row in rows}
    assert list(found) == [EVERYBODY, *labels]
    return found


def from_pdf(client: CheckingClient, measure: str, labels: list[str]) -> Cells:
    """Read the table of the printed plan, which is made like the annex of a record."""
    data = client.get(f"{measure.partition('/measures')[0]}/plan.pdf").response.data
    pages = pypdf.PdfReader(io.BytesIO(data)).pages
    text = " ".join(" ".join(page.extract_text() for page in pages).split())
    return _after_labels(text, [EVERYBODY, *labels], " No reading ")


def _drawn_words(page: Page) -> list[str]:
    """Everything that is written in a drawing or told instead of it."""
    told = (one for one in page.tree.iter() if str(one.tag).endswith(("desc", "text")))
    return ["".join(one.itertext()) for one in told]


def from_annex(client: CheckingClient, measure: str, labels: list[str]) -> Cells:
    """Read the JSON that the record of a version signed today would hold."""
    with client.app.app_context():
        plan = db.session.get_one(PlanRow, UUID(measure.split("/")[2]))
        kept = json.loads(canonical(annexes.of_plan(db.session, plan, date(2026, 11, 24))))
    ((period,),) = [one["readings"] for one in kept["measures"]]
    found = {label: parts_of(words) for label, words in period["figures"]}
    assert list(found) == [EVERYBODY, *labels]
    return found


def _after_labels(text: str, labels: list[str], between: str) -> Cells:
    found = {}
    for label in labels:
        _, _, after = text.partition(f"{label}{between}")
        assert after, f"{label} is not in {text}"
        found[label] = parts_of(after.partition(", Q")[0])
    return found


def _csv(client: CheckingClient, url: str) -> list[dict[str, str]]:
    return _read_csv(client.get(url).response.data)


def _read_csv(data: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"))))


def _read_xlsx(data: bytes) -> list[dict[str, object]]:
    heading, *rows = load_workbook(io.BytesIO(data)).active.values
    return [dict(zip(heading, row, strict=True)) for row in rows]


def _read_json(data: bytes) -> list[dict[str, object]]:
    return json.loads(data)["measures"][0]["readings"]


_READERS: Mapping[str, Callable[[bytes], list[dict]]] = {
    "csv": _read_csv,
    "xlsx": _read_xlsx,
    "json": _read_json,
}

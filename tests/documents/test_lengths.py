"""A record stays under sixty pages and a few times the work of another, whatever is typed in."""

from __future__ import annotations

import io

import pytest
from pypdf import PdfReader

from eqia.documents.checking import check
from eqia.documents.records import render
from eqia.domain.records import record_of
from tests.documents.fixtures import english, make_facts
from tests.work import calls_in

#: An ordinary record is half a million calls and a fifth of a second; without a limit, fifty times.
CALLS = 5_000_000


def read(pdf: bytes) -> tuple[int, str]:
    """Count the pages; give the text without the ends of lines."""
    pages = PdfReader(io.BytesIO(pdf)).pages
    return len(pages), " ".join(" ".join(page.extract_text() for page in pages).split())


@pytest.mark.parametrize(
    "piece",
    [
        "a😀 ",
        "aم ",
        "https://a.example/x ",
        "a\n",
        "a\n\n",
        "W",
        "مرحبا ",
        "a\u0300\u0489",
        "a\ue000",
        "漢",
        "<b>&",
    ],
    ids=ascii,
)
def test_nothing_typed_makes_a_record_too_long(piece: str) -> None:
    answers = english()
    answers["A1"] = (piece * 10_000)[:10_000]
    for group in answers["C3"]:
        answers["C3"][group] = f"{group} {piece * 20_000}"[:19_900]
    record = record_of(make_facts(answers=answers))
    made = []
    assert calls_in(lambda: made.append(render(record))) < CALLS
    (pdf,) = made
    check(pdf)
    pages, text = read(pdf)
    assert pages < 60
    assert "more characters are on the web page" in text


def test_an_ordinary_long_answer_is_not_cut() -> None:
    answers = {**english(), "A1": "A sentence of some words that goes on. " * 250 + "THE END"}
    _, text = read(render(record_of(make_facts(answers=answers))))
    assert "THE END" in text
    assert "more characters" not in text

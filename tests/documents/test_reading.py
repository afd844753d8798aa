"""What a screen reader hears: every word, apart from its neighbours, in the order it was made."""

from __future__ import annotations

import io
import re
import shutil
import subprocess
from collections import Counter
from functools import cache
from itertools import pairwise
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest
from pikepdf import Array, Dictionary, Name, Pdf
from pypdf import PdfReader

from eqia.documents import fonts
from eqia.documents.checking import check
from eqia.documents.lines import Place, finish_lines
from eqia.documents.records import render
from eqia.documents.theme import MARGIN, PAGE
from eqia.domain.record_contents import contents
from eqia.domain.records import record_of
from tests.documents.fixtures import english, evidence, make_facts
from tests.documents.rich import RICH, SCRIPTS
from tests.documents.samples import elements, tree_of

if TYPE_CHECKING:
    from pathlib import Path

needs_fonts = pytest.mark.skipif(not fonts.load().writes("cy"), reason="the fonts are not built")


@cache
def record(name: str) -> dict[str, Any]:
    return record_of(RICH[name]())


@cache
def made(name: str) -> bytes:
    return render(record(name))


def heard(pdf: bytes) -> str:
    """The text layer without the edges of pages and the heads that are repeated."""
    return " ".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages)


def words(text: str) -> list[str]:
    return re.findall(r"[A-Za-z]{2,}", text)


def typed(name: str) -> str:
    """Everything the record says, from its blocks."""
    found: list[str] = []

    def walk(value: Any) -> None:
        if isinstance(value, str):
            found.append(value)
        elif isinstance(value, tuple):
            for one in value:
                walk(one)
        elif hasattr(value, "__slots__"):
            for slot in value.__slots__:
                walk(getattr(value, slot))

    walk(contents(record(name)))
    return " ".join(found)


@needs_fonts
@pytest.mark.parametrize("name", RICH)
def test_no_words_are_joined_where_a_line_ends(name: str) -> None:
    known = set(words(typed(name))) | {"Page", "of", "Tudalen"}
    # Long addresses and digests are cut where a line ends; what is left of them is no word.
    joined = [
        word
        for word in words(heard(made(name)))
        if word not in known
        for first in range(2, len(word) - 1)
        if word[:first] in known and word[first:] in known
    ]
    assert joined == []


@pytest.mark.parametrize("name", RICH)
def test_nothing_is_printed_that_a_font_lacks(name: str) -> None:
    text = heard(made(name))
    assert "\ufffd" not in text
    assert "\x00" not in text


@needs_fonts
def test_every_script_is_printed_or_named_and_can_be_told_apart() -> None:
    text = re.sub(r"\s+", " ", heard(made("longest")))
    for script in ("welsh", "yoruba", "polish"):
        assert SCRIPTS[script] in text
    assert "characters, cjk: see the web page]" in text
    with Pdf.open(io.BytesIO(made("longest"))) as pdf:
        spans = {
            (str(one.get(Name.Lang, "")), str(one.ActualText)) for one in elements(pdf, "Span")
        }
    assert ("ar", SCRIPTS["arabic"]) in spans
    assert ("ur", SCRIPTS["urdu"]) in spans
    assert ("", "👩\u200d👩\u200d👧") in spans


def test_words_from_the_right_are_drawn_in_the_order_they_are_seen_in() -> None:
    lines = SimpleNamespace(kind=0, lines=[(0, ["one", "two", "three"]), (0, ["four"])])
    finish_lines(lines, Place(), "some font")
    assert [" ".join(words) for _, words in lines.lines] == ["three two one ", "four "]


@pytest.mark.parametrize("times", [1, 2, 3, 8])
def test_no_word_runs_over_the_edge_of_the_text(times: int, tmp_path: Path) -> None:
    """A long address after a line break has to be parted as any other long word is."""
    pdftotext = shutil.which("pdftotext")
    if pdftotext is None:
        pytest.skip("pdftotext is not installed")
    link = f"https://data.example/{'publications-of-the-year/' * times}"
    answers = {**english(), "A1": f"See what they said:\n{link}"}
    sources = [evidence("A census of everybody who came here", [], link=link)]
    path = tmp_path / "record.pdf"
    path.write_bytes(render(record_of(make_facts(answers=answers, evidence=sources))))
    done = subprocess.run(
        [pdftotext, "-bbox", path, "-"], capture_output=True, text=True, check=True
    )
    edges = [float(edge) for edge in re.findall(r'<word [^>]*xMax="([\d.]+)"', done.stdout)]
    assert len(edges) > 1000
    assert max(edges) <= PAGE[0] - MARGIN + 1


@needs_fonts
@pytest.mark.parametrize(
    "text", [SCRIPTS["arabic"], f"He said {SCRIPTS['arabic']} to us."], ids=["alone", "within"]
)
def test_arabic_can_be_copied_word_by_word(text: str, tmp_path: Path) -> None:
    pdftotext = shutil.which("pdftotext")
    if pdftotext is None:
        pytest.skip("pdftotext is not installed")
    path = tmp_path / "record.pdf"
    path.write_bytes(render(record_of(make_facts(answers={**english(), "A1": text}))))
    done = subprocess.run([pdftotext, path, "-"], capture_output=True, text=True, check=True)
    # Signs and figures turn with the words around them, and poppler sets them apart.
    wanted = re.findall("[\u0620-\u064a]+", SCRIPTS["arabic"])
    found = re.findall("[\u0620-\u064a]+", done.stdout)
    assert Counter(wanted) <= Counter(found)
    pairs = set(pairwise(found))
    assert sum(pair in pairs for pair in pairwise(wanted)) >= len(wanted) * 2 // 3


def test_chinese_is_set_in_the_font_of_the_setting(chinese_folder: Path) -> None:
    faces = fonts.load(chinese_folder)
    answers = {**english(), "A1": f"The letter says: {SCRIPTS['chinese']}."}
    pdf = render(record_of(make_facts(answers=answers)), faces=faces)
    check(pdf)
    assert SCRIPTS["chinese"] in heard(pdf).replace("\n", "")
    with Pdf.open(io.BytesIO(pdf)) as opened:
        assert {str(one.Lang) for one in elements(opened, "Span")} == {"zh"}


def test_a_welsh_record_says_that_it_is_welsh() -> None:
    with Pdf.open(io.BytesIO(made("wales-reg8"))) as pdf:
        assert str(pdf.Root.Lang) == "cy"


def test_the_law_in_a_welsh_record_says_that_it_is_english() -> None:
    with Pdf.open(io.BytesIO(made("wales-reg8"))) as pdf:
        marked = [str(one.Lang) for one in elements(pdf, "TD") if Name.Lang in one]
        assert marked == ["en"] * 14
    with Pdf.open(io.BytesIO(made("bhp-nhs"))) as pdf:
        assert not [one for one in elements(pdf, "TD") if Name.Lang in one]


def test_the_heads_of_a_long_table_are_in_the_tree_once() -> None:
    with Pdf.open(io.BytesIO(made("longest"))) as pdf:
        table = max(elements(pdf, "Table"), key=lambda one: len(one.K[-1].K))
        head, body = table.K
        assert len(body.K) == 120
        assert len(head.K) == 1
        assert len(head.K[0].K) == 3
    pages = [page.extract_text() for page in PdfReader(io.BytesIO(made("longest"))).pages]
    assert sum("Groups covered" in page for page in pages) > 5


def test_a_cell_taller_than_a_page_stays_one_cell() -> None:
    answers = english()
    answers["C4"]["age"]["owner"] = "Somebody with a very long title and more. " * 200
    pdf = render(record_of(make_facts(answers=answers)))
    check(pdf)
    with Pdf.open(io.BytesIO(pdf)) as opened:
        pages = [len(set(_pages(cell))) for cell in elements(opened, "TD")]
    assert max(pages) >= 3


def _pages(element: Any) -> list[Any]:
    kids = element.get(Name.K, Array())
    kids = kids if isinstance(kids, Array) else [kids]
    return [(kid.Pg if isinstance(kid, Dictionary) else element.Pg).objgen for kid in kids]


@pytest.mark.parametrize("shift", [0, 9])
def test_a_link_that_crosses_a_page_stays_one_link(shift: int) -> None:
    address = "https://data.example/" + "x" * 150
    answers = {**english(), "A1": "word " * (900 + 7 * shift) + f"{address} " * 20}
    pdf = render(record_of(make_facts(answers=answers)))
    check(pdf)
    with Pdf.open(io.BytesIO(pdf)) as opened:
        links = [one for one in elements(opened, "Link") if str(_contents(one)) == address]
        assert len(links) == 20
        crossing = [link for link in links if len(_places(link, annotations=False)) == 2]
        assert len(crossing) == 1
        # What can be clicked lies on both pages too.
        assert _places(crossing[0], annotations=True) == _places(crossing[0], annotations=False)


def _places(link: Any, *, annotations: bool) -> set[Any]:
    kids = [kid for kid in link.K if _is_annotation(kid) is annotations]
    return {(kid.Pg if isinstance(kid, Dictionary) else link.Pg).objgen for kid in kids}


def _is_annotation(one: Any) -> bool:
    return isinstance(one, Dictionary) and Name.Obj in one


def _contents(link: Any) -> Any:
    return next(one.Obj.Contents for one in link.K if _is_annotation(one))


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "\n\n\n",
        "\x00",
        "\u200d",
        "👩" * 400,
        "مرحبا " * 400,
        "مرحبا\n" * 50,
        "a\u0300" * 5_000,
        "x" * 10_000,
        "https://a.example/ " * 200,
        "مرحبا https://a.example/ 漢字 <b> & 😀 " * 60,
        "\u202eturned\u202c \ufeff\ufffe\uffff",
        "\ufdfa \ufdf2 \u0644\u0627 \u200c\u0627",
    ],
    ids=lambda text: f"{ascii(text)[:14]}-{len(text)}",
)
def test_no_text_makes_a_file_unfit(text: str) -> None:
    answers = {**english(), "A1": text}
    answers["C3"]["age"] = text
    answers["C4"]["age"]["owner"] = text
    facts = make_facts(
        answers=answers,
        project={**make_facts().project, "title": f"T {text[:300]}"},
        evidence=[evidence(f"E {text[:300]}", ["age"], note=text[:3000])],
    )
    for profile in ("record", "publication"):
        check(render(record_of(facts), profile), profile)


@pytest.mark.parametrize("name", RICH)
def test_no_page_ends_with_a_heading(name: str) -> None:
    with Pdf.open(io.BytesIO(made(name))) as pdf:
        numbers = pdf.Root.StructTreeRoot.ParentTree.Nums
        last = [str(numbers[2 * n + 1][-1].S) for n in range(len(pdf.pages))]
    assert len(last) > 10
    assert not [role for role in last if role in {"/H1", "/H2", "/H3", "/H4", "/Caption"}]


def test_a_link_in_a_cell_is_inside_it() -> None:
    tree = tree_of(made("longest"))
    assert "        TD\n          Link\n" in tree

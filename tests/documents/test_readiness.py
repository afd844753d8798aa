"""The file of a readiness checklist, read back: every item, its answer and what was said."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

import pytest
from pikepdf import Name, Pdf
from pypdf import PdfReader

from eqia.documents import fonts
from eqia.documents.checking import check, findings
from eqia.documents.readiness import PROFILE, render
from eqia.domain.readiness import Given
from eqia.domain.readiness_contents import Heading, Signed, contents
from eqia.domain.readiness_sheets import sheet_of
from eqia.domain.record_blocks import Bullets, Section, Text
from eqia.services.readiness_files import pdf as made_and_checked
from tests.documents.samples import elements
from tests.domain.test_readiness_live import CHECKLIST, TODAY, facts, harmed

if TYPE_CHECKING:
    from eqia.domain.record_blocks import Contents

AT = datetime(2026, 11, 25, 12, 0, tzinfo=UTC)
GIVEN = Given(
    answer="partly",
    note="Two wards asked for it.\nThe third waits.",
    for_whom="Older people.",
    link="https://example.org/minutes",
    owner="Chief nurse",
    on=date(2027, 1, 31),
)


def whole(answers: dict[str, Given] | None = None, **more: Any) -> Contents:
    answers = answers or {}
    sheet = sheet_of(CHECKLIST, answers, facts(harmed("age")))
    values = {
        "name": "EQS-2026-0001 v1",
        "project": "Evening clinics",
        "organisation": "Northmere Health",
        "today": TODAY,
        "enforced": False,
    }
    answered = {part: Signed("Lee Lead", AT, confirmed=part == "1.3") for part in answers}
    return contents(sheet, Heading(**{**values, **more}), answered)


def text_of(pdf: bytes) -> str:
    pages = PdfReader(io.BytesIO(pdf)).pages
    return " ".join(" ".join(page.extract_text() for page in pages).split())


def test_every_item_stands_in_its_order_and_passes_the_checks():
    pdf = render(whole(), at=AT)
    check(pdf, PROFILE)
    said = text_of(pdf)
    places = [said.index(f"{part.id} {part.text.split('?')[0][:12]}") for part in CHECKLIST.parts]
    assert places == sorted(places)
    assert len(PdfReader(io.BytesIO(pdf)).pages) < 8


def test_an_answer_stands_with_all_that_was_said_and_by_whom():
    said = text_of(render(whole({"1.3": GIVEN}), at=AT))
    for words in (
        "Two wards asked for it. The third waits.",
        "For whom: Older people.",
        "https://example.org/minutes",
        "Seen to by: Chief nurse",
        "Date: 31 January 2027",
        "Confirmed by Lee Lead on 25 November 2026",
    ):
        assert words in said


def test_it_says_which_list_it_answers_and_on_which_day():
    said = text_of(render(whole(), at=AT))
    assert "Readiness to adopt and spread, version 1" in said
    assert "as it stood on 25 November 2026" in said
    assert "Page 1 of" in said


def test_live_items_say_what_they_rest_on():
    said = text_of(render(whole(), at=AT))
    assert "No measure has a reading of this group yet: Age." in said
    assert "Nobody can tick it." in said


@pytest.mark.parametrize(
    ("enforced", "words"),
    [(False, "This is a warning."), (True, "the items on spread cannot be answered")],
)
def test_it_says_what_follows_from_the_equality_gate(enforced, words):
    assert words in text_of(render(whole(enforced=enforced), at=AT))


def test_names_of_today_and_before_stand_beside_each_other():
    said = text_of(render(whole(), at=AT))
    assert "10 Year Health Plan, from 3 July 2025" in said
    assert "NHS Long Term Plan, from 7 January 2019" in said
    assert "To be checked" in said


def test_it_is_tagged_with_headings_and_tables():
    pdf = render(whole({"1.3": GIVEN}), at=AT)
    with Pdf.open(io.BytesIO(pdf)) as opened:
        assert len(elements(opened, "H1")) == 1
        assert len(elements(opened, "H2")) == 2 + len(CHECKLIST.gates)
        assert len(elements(opened, "Table")) == 3 + len(CHECKLIST.gates)
        assert all(one.A for one in elements(opened, "TH"))
        assert str(opened.Root.Lang) == "en-GB"
        assert Name.AF not in opened.Root


def test_the_same_contents_give_the_same_bytes():
    assert render(whole(), at=AT) == render(whole(), at=AT)
    assert render(whole(), at=AT) != render(whole({"1.3": GIVEN}), at=AT)


@pytest.mark.parametrize(
    "odd",
    [
        "<b>bold</b> & <para>",
        "\u202egnp.exe",
        "ملف المريض",
        "x" * 20_000,
        "word " * 4000,
        "\n" * 300,
        "a\x0bb",
        "😀" * 50,
    ],
)
def test_odd_words_make_a_whole_file(odd):
    given = Given(answer="yes", note=odd, for_whom=odd[:100], owner=odd[:200], link=odd[:50])
    pdf = made_and_checked(whole({"1.2": given, "3.1.6": given}), at=AT)
    assert findings(pdf, PROFILE) == ()


def test_a_list_full_of_long_words_is_cut_and_says_where_the_rest_is():
    given = {part.id: Given(answer="yes", note="word " * 3900) for part in CHECKLIST.parts[:20]}
    pdf = made_and_checked(whole(given), at=AT)
    assert "more characters are on the web page]" in text_of(pdf)
    assert len(PdfReader(io.BytesIO(pdf)).pages) < 80


@pytest.mark.skipif(not fonts.load().writes("cy"), reason="the fonts are not built")
def test_its_title_names_the_screening_and_the_project():
    title = PdfReader(io.BytesIO(render(whole(), at=AT))).metadata.title
    assert title == "EQS-2026-0001 v1: Ready to adopt and spread? Evening clinics"


@pytest.mark.parametrize("lines", range(18, 40))
def test_a_list_is_never_parted_from_the_sentence_above_it(lines):
    told = [Text("Filler.") for _ in range(lines)]
    section = Section("a", "A", (*told, Text("To look at:"), Bullets(("Ask the wards.",))), 1)
    pdf = render(replace(whole(), sections=(section,)), at=AT)
    pages = [page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages]
    assert [page for page in pages if "To look at:" in page and "Ask the wards." in page]

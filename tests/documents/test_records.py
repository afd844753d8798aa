from __future__ import annotations

import io
import re
from datetime import UTC, date, datetime
from typing import Any

import pytest
from pypdf import PdfReader

from eqia.documents import fonts
from eqia.documents.checking import check
from eqia.documents.records import render
from eqia.domain.records import canonical, digest, in_blocks, record_of
from tests.documents.fixtures import (
    ALL_SETS,
    english,
    evidence,
    form_of,
    make_dates,
    make_facts,
    make_record,
    receipt,
    review,
    short_form,
)

ORDER = {
    "en": (
        "2. Outcome and why",
        "3. Conditions and measures",
        "4. Due-regard timeline",
        "5. Sign-offs",
        "6. Groups of people",
        "7. All answers",
        "8. Evidence",
        "9. Law and versions",
        "10. Check this record",
    ),
    "cy": (
        "2. Y canlyniad a pham",
        "3. Amodau a mesurau",
        "4. Llinell amser sylw dyledus",
        "5. Llofnodion",
        "6. Grwpiau o bobl",
        "7. Pob ateb",
        "8. Tystiolaeth",
        "9. Y gyfraith a fersiynau",
        "10. Gwirio'r cofnod hwn",
    ),
}

needs_fonts = pytest.mark.skipif(not fonts.load().writes("cy"), reason="the fonts are not built")


def pages_of(pdf: bytes) -> list[str]:
    return [page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages]


def text_of(pdf: bytes) -> str:
    """The text without the ends of lines, so that a sentence can be looked for."""
    return re.sub(r"\s+", " ", " ".join(pages_of(pdf)))


def rendered(set_id: str = "bhp-nhs", **facts: Any) -> str:
    return text_of(render(record_of(make_facts(set_id, **facts))))


@pytest.mark.parametrize("set_id", ALL_SETS)
def test_every_set_prints_in_the_order_of_the_design(set_id: str) -> None:
    record = make_record(set_id)
    text = text_of(render(record))
    places = [text.index(heading) for heading in ORDER[record["language"]]]
    assert places == sorted(places)


@pytest.mark.parametrize("set_id", ALL_SETS)
def test_every_file_is_fit_to_store(set_id: str) -> None:
    check(render(make_record(set_id)))


@pytest.mark.parametrize("set_id", ALL_SETS)
def test_every_answer_prints_with_its_id(set_id: str) -> None:
    record = make_record(set_id)
    text = text_of(render(record))
    asked = record["question_set"]["snapshot"]["questions"]
    follow = {one["id"] for one in asked if one.get("companion_of")}
    for section in record["sheet"]:
        for question in section["questions"]:
            assert (f"{question['id']}. " in text) == (question["id"] not in follow)


def test_page_one_tells_the_whole_story() -> None:
    first = re.sub(r"\s+", " ", pages_of(render(make_record()))[0])
    for words in (
        "EQS-2026-0042 v1",
        "Signed on 24 November 2026",
        "Go ahead with conditions",
        "moves its Thursday session",
        "Priya Nair",
        "Tom Okafor reviewed it",
        "23 November 2026 at 8:15am",
        "1 March 2028",
        "this does not approve the proposal",
        "equality@example.org",
    ):
        assert words in first


@pytest.mark.parametrize(
    "label",
    ["Aware", "Timing", "Rigour", "Who decided", "Continuing review", "Record"],
)
def test_the_six_questions_of_brown_have_their_labels(label: str) -> None:
    before_groups = rendered().split("6. Groups of people")[0]
    assert label in before_groups


@needs_fonts
@pytest.mark.parametrize("label", ["Diben", "Camau", "Gwybodaeth", "Canlyniadau", "Penderfyniadau"])
def test_a_welsh_record_has_the_five_headings_of_the_regulations(label: str) -> None:
    text = text_of(render(make_record("wales-reg8")))
    report = text.split("rheoliad 8(2)", 1)[1].split("6. Grwpiau o bobl")[0]
    assert label in report


@needs_fonts
def test_welsh_letters_print_as_they_are() -> None:
    assert "Bydd mwy o staff sy'n siarad Cymraeg yn Nhŷ Ŵyr." in text_of(
        render(make_record("wales-reg8"))
    )


def test_protected_and_local_groups_are_told_apart() -> None:
    text = rendered()
    protected = text.index("Protected characteristics Group")
    local = text.index("Local groups (not protected characteristics)")
    assert protected < text.index("Sexual orientation", protected) < local
    assert text.index("Unpaid carers", local) > local


def test_sex_and_gender_reassignment_are_two_rows() -> None:
    table = rendered().split("Protected characteristics Group")[1].split("What happens")[0]
    assert re.search(r"Gender reassignment No different \(Neutral\)", table)
    assert re.search(r"Sex Helps \(Positive\)", table)


def test_a_group_that_was_not_asked_has_its_reason() -> None:
    text = rendered(answers={**english(), "B2": "no"})
    assert "Marriage and civil partnership Not asked: does not touch work" in text


def test_a_reason_for_several_groups_is_printed_once_with_their_names() -> None:
    groups = rendered().split("6. Groups of people")[1].split("Local groups")[0]
    assert groups.count("The clinic keeps the same staff") == 1
    assert "Gender reassignment, Marriage and civil partnership, Pregnancy" in groups


def test_a_blank_is_never_a_no() -> None:
    answers = english()
    del answers["B5"]
    section = rendered(answers=answers).split("7. All answers")[1]
    assert re.search(r"B5\. Has anyone .{,80} Not answered", section)


def test_planned_dates_say_so_and_wrong_order_is_told_in_words() -> None:
    text = rendered()
    assert "1 March 2027 (planned)" in text
    assert "Nothing came in the wrong order." in text
    early = make_dates(decision=make_dates().signed.date().replace(day=1), decision_taken=True)
    text = rendered(dates=early)
    assert "The decision (1 November 2026) came before this screening was signed" in text
    assert "Priya Nair read it (23 November 2026) after the decision" in text


def test_a_decision_logged_before_signing_is_told_with_what_was_read() -> None:
    logged = {
        "kind": "decision",
        "on": date(2026, 11, 20),
        "body": "Community Services Board",
        "link": "https://minutes.example/14",
        "version_read": 1,
        "trigger": "",
        "note": "Taken early.",
        "name": "Ada Lewis",
        "at": datetime(2026, 11, 21, 9, 0, tzinfo=UTC),
    }
    text = rendered(follow_ups=[logged])
    assert "Decision taken 20 November 2026 Community Services Board Had read v1" in text
    assert "https://minutes.example/14" in text.replace(" ", "")


def test_an_outcome_that_was_changed_names_who_and_why() -> None:
    text = rendered(
        confirmed="full",
        reviews=[review("raise", outcome="full", reason="Two other clinics close as well.")],
    )
    assert "Confirmed outcome Full EqIA needed under our policy" in text
    assert "Calculated outcome Go ahead with conditions" in text
    assert "Outcome raised by Tom Okafor" in text
    assert "Two other clinics close as well." in text
    assert "legally required" not in text


@pytest.mark.parametrize("accepted", ["Tom Okafor", ""])
def test_a_stated_date_of_the_eqia_prints_as_such_once_it_is_accepted(accepted: str) -> None:
    eqia = {
        "reference": "EQIA-7",
        "link": "",
        "status": "started",
        "approved_at": None,
        "approved_by": "",
        "stated_date": date(2026, 10, 1),
        "stated_document": "Minute 4",
        "stated_reason": "Approved on paper.",
        "accepted_by": accepted,
        "accepted_at": datetime(2026, 11, 21, 9, 0, tzinfo=UTC) if accepted else None,
    }
    text = rendered(confirmed="full", eqia=eqia)
    assert "A full EqIA is needed under our policy." in text
    assert ("1 October 2026 Minute 4 Approved on paper. Accepted by Tom Okafor" in text) is bool(
        accepted
    )
    assert ("Approved on paper." in text) is bool(accepted)


def test_no_seal_is_said_and_the_digest_stands_in_blocks() -> None:
    record = make_record()
    text = text_of(render(record))
    assert in_blocks(digest(canonical(record))) in text
    assert "This file carries no digital seal" in text


# Long, short and hostile


def test_the_shortest_form_prints() -> None:
    text = rendered(answers=short_form(), rich=False, receipts=[], reviews=[])
    assert "Full EqIA not needed" in text
    assert "No evidence was entered." in text
    assert "the short form was enough: nobody is affected" in text


def test_a_very_long_answer_prints_to_its_last_word() -> None:
    long = "A sentence of some words that goes on. " * 250 + "THE END"
    assert len(long) > 9_700
    answers = {**english(), "A1": long}
    answers["C3"]["age"] = long.replace("THE END", "END OF AGE")
    text = rendered(answers=answers)
    assert "THE END" in text
    assert "END OF AGE" in text


def test_an_answer_of_one_word_without_spaces_prints() -> None:
    assert "x" * 60 in rendered(answers={**english(), "A1": "x" * 10_000}).replace(" ", "")


def test_a_cell_taller_than_a_page_prints_to_its_last_word() -> None:
    answers = english()
    tall = "Somebody with a very long title and more. " * 200
    answers["C4"]["age"]["owner"] = f"{tall}LAST OWNER"
    answers["G2"][0]["what"] = "x" * 9_000 + " LAST MEASURE"
    answers["A5_who"] = "W" * 199
    many = [evidence("T" * 299, ["age"], note=f"{tall}LAST NOTE")]
    text = rendered(answers=answers, evidence=many)
    for last in ("LAST OWNER", "LAST MEASURE", "LAST NOTE"):
        assert last in text


def test_heads_are_never_printed_twice_on_a_page() -> None:
    for set_id in ALL_SETS:
        for page in pages_of(render(make_record(set_id))):
            assert page.count("Answers it rests on") <= 1


def test_a_table_of_120_rows_repeats_its_heads() -> None:
    many = [evidence(f"Source {n}", ["age"]) for n in range(120)]
    pages = pages_of(render(record_of(make_facts(evidence=many))))
    with_rows = [page for page in pages if "Source 1" in page or "Source 6" in page]
    assert "Source 119" in " ".join(pages)
    assert all("Groups covered" in page for page in with_rows)


def test_too_much_text_stays_under_sixty_pages_and_says_what_is_left_out() -> None:
    answers = english()
    answers["C3"] = {group: (f"{group} " + "words " * 3_300)[:19_900] for group in answers["C3"]}
    pdf = render(record_of(make_facts(answers=answers)))
    pages = pages_of(pdf)
    assert len(pages) < 60
    assert "more characters are on the web page" in " ".join(pages)


HOSTILE = (
    '<b>bold <img src="/etc/hostname"/> </para> <a href="javascript:alert(1)">x</a> '
    "&amp; <font color='__import__(\"os\")'> {0} {groups} %s"
)


def test_hostile_text_prints_as_text_wherever_it_was_typed() -> None:
    answers = {**english(), "A1": HOSTILE}
    answers["C3"]["age"] = HOSTILE
    answers["C4"]["age"]["owner"] = HOSTILE
    answers["G2"][0]["what"] = HOSTILE
    facts = make_facts(
        answers=answers,
        organisation={"name": HOSTILE, "mailbox": HOSTILE},
        project={**make_facts().project, "title": HOSTILE, "organisations": HOSTILE},
        evidence=[evidence(HOSTILE, ["age"], note=HOSTILE, link=HOSTILE)],
        receipts=[receipt(name=HOSTILE, organisation=HOSTILE)],
        reviews=[review("return", reason=HOSTILE)],
    )
    text = text_of(render(record_of(facts)))
    assert text.count('<img src="/etc/hostname"/>') >= 10


@pytest.mark.parametrize(
    "typed",
    ["漢字とかな", "مرحبا بكم في العيادة", "👩‍👩‍👧 family", "\ue000\uf8ff", "a\u0300\u0316\u0489"],
    ids=["cjk", "arabic", "emoji", "private", "marks"],
)
def test_no_character_prints_as_an_empty_box(typed: str) -> None:
    pdf = render(record_of(make_facts(answers={**english(), "A1": f"Start {typed} end"})))
    check(pdf)
    assert "\ufffd" not in text_of(pdf)
    assert not re.search("[\ue000-\uf8ff]", text_of(pdf))


def test_local_groups_of_an_organisation_print_with_the_local_ones() -> None:
    grown = form_of("bhp-nhs").with_local_groups([("org-veterans", "Veterans")])
    text = rendered(question_set=grown)
    local = text.index("Local groups (not protected characteristics)")
    assert text.index("Veterans", local) > local

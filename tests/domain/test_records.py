from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eqia.domain.question_set_loading import from_snapshot
from eqia.domain.record_blocks import Contents, Heading
from eqia.domain.record_contents import contents
from eqia.domain.record_reading import Reading, shortened
from eqia.domain.record_times import Read, day_in_words, moment_in_words, order_notes, timeline
from eqia.domain.record_words import Words
from eqia.domain.records import (
    as_plain,
    canonical,
    content_digest,
    digest,
    in_blocks,
    read,
    record_of,
)
from eqia.domain.screenings import Status
from tests.documents.fixtures import ALL_SETS, english, make_dates, make_facts, make_record

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)


@given(VALUES)
def test_canonical_text_reads_back_the_same(value: Any) -> None:
    assert json.loads(canonical(value)) == value
    assert canonical(json.loads(canonical(value))) == canonical(value)


@pytest.mark.parametrize(
    ("value", "plain"),
    [
        (Decimal("1.10"), "1.10"),
        (date(2026, 11, 24), "2026-11-24"),
        (datetime(2026, 11, 24, 15, 4, 5, 999, tzinfo=UTC), "2026-11-24T15:04:05Z"),
        (
            datetime(2026, 7, 1, 1, 30, tzinfo=timezone(timedelta(hours=1))),
            "2026-07-01T00:30:00Z",
        ),
        (UUID(int=1), "00000000-0000-0000-0000-000000000001"),
        (Status.SIGNED, "signed"),
        (("a", ["b"]), ["a", ["b"]]),
    ],
)
def test_every_value_has_one_text(value: object, plain: object) -> None:
    assert as_plain(value) == plain


@pytest.mark.parametrize("value", [1.5, {1, 2}, b"bytes", object()])
def test_what_has_no_one_text_is_refused(value: object) -> None:
    with pytest.raises(TypeError):
        canonical({"value": value})


def test_keys_are_sorted_and_nothing_is_escaped() -> None:
    assert canonical({"ŵ": 1, "a": "Tŷ"}) == '{"a":"Tŷ","ŵ":1}'


@pytest.mark.parametrize("set_id", ALL_SETS)
def test_a_stored_record_has_the_digest_of_its_own_text(set_id: str) -> None:
    text = canonical(make_record(set_id))
    assert digest(canonical(read(text))) == digest(text)


@pytest.mark.parametrize("set_id", ALL_SETS)
def test_a_record_can_be_decided_again_from_its_snapshot(set_id: str) -> None:
    record = make_record(set_id)
    form = from_snapshot(record["question_set"]["snapshot"])
    assert form.digest == record["question_set"]["digest"]


@pytest.mark.parametrize("set_id", ALL_SETS)
def test_a_record_reads_the_same_from_its_text(set_id: str) -> None:
    record = make_record(set_id)
    assert contents(read(canonical(record))) == contents(record)


# What a receipt is for


EVIDENCE = [{"kind": "data", "title": "A"}, {"kind": "views", "title": "B"}]


def digested(**changes: Any) -> str:
    values = {
        "question_set_digest": "q",
        "answers": {"A1": "x"},
        "evidence": EVIDENCE,
        "confirmed_outcome": "full",
        **changes,
    }
    return content_digest(**values)


@pytest.mark.parametrize(
    "change",
    [
        {"question_set_digest": "r"},
        {"answers": {"A1": "y"}},
        {"evidence": EVIDENCE[:1]},
        {"confirmed_outcome": "conditions"},
    ],
)
def test_any_change_of_content_voids_a_receipt(change: dict[str, Any]) -> None:
    assert digested(**change) != digested()


def test_the_order_of_evidence_voids_nothing() -> None:
    assert digested(evidence=EVIDENCE[::-1]) == digested()


def test_the_salt_changes_the_digest_of_the_record() -> None:
    facts = make_facts()
    other = replace(facts, salt="ff" * 16)
    assert digest(canonical(record_of(facts))) != digest(canonical(record_of(other)))


def test_a_digest_is_written_in_blocks_of_eight() -> None:
    assert in_blocks("0123456789abcdef") == "01234567 89abcdef"


# Findings


def finding(record: dict[str, Any], group: str) -> dict[str, Any]:
    return next(g for one in record["findings"] for g in one["groups"] if g["id"] == group)


@pytest.mark.parametrize(
    ("group", "direction", "effect"),
    [
        ("age", "negative", "Small harm"),
        ("disability", "negative", "Helps and harms"),
        ("sex", "positive", "Helps"),
        ("race", "neutral", "No different"),
    ],
)
def test_each_group_has_its_direction(group: str, direction: str, effect: str) -> None:
    found = finding(make_record(), group)
    assert (found["direction"], found["effect"]) == (direction, effect)


def test_a_group_left_out_has_its_reason_and_no_answer() -> None:
    record = record_of(make_facts(answers={**english(), "B2": "no"}))
    found = finding(record, "marriage_cp")
    assert not found["asked"]
    assert found["not_asked"] == "Not asked: does not touch work"
    assert "marriage_cp" not in record["answers"]["C1"]


def test_a_group_without_an_answer_is_not_called_unaffected() -> None:
    answers = english()
    del answers["C1"]["race"]
    found = finding(record_of(make_facts(answers=answers)), "race")
    assert (found["asked"], found["effect"], found["direction"]) == (True, "", "")


# Times


def test_events_stand_in_order_and_planned_ones_say_so() -> None:
    entries = timeline(make_dates())
    days = [entry.get("on") or entry["at"].date() for entry in entries]
    assert days == sorted(days)
    planned = {entry["what"] for entry in entries if entry["planned"]}
    assert planned == {"decided", "starts", "ends", "review_due"}


def test_a_logged_decision_is_not_planned() -> None:
    dates = make_dates(decision=date(2026, 11, 20), decision_taken=True)
    entry = next(one for one in timeline(dates) if one["what"] == "decided")
    assert not entry["planned"]


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({}, ()),
        ({"decision": date(2026, 11, 20)}, ("came before this screening was signed", "after the")),
        ({"decision": date(2026, 11, 1)}, ("were submitted (2 November 2026) after",)),
        ({"starts": date(2026, 11, 20)}, ("The change started (20 November 2026)",)),
        ({"late_stage": True}, ("made before this screening",)),
        ({"decision": date(2026, 11, 24)}, ()),
    ],
    ids=["in order", "decided first", "submitted after", "started", "stage", "same day"],
)
def test_the_wrong_order_is_told_in_words(changes: dict[str, Any], words: tuple[str, ...]) -> None:
    notes = order_notes(make_dates(**changes), "en")
    assert bool(notes) == bool(words)
    for said in words:
        assert any(said in note for note in notes)


def test_one_day_for_everything_is_told() -> None:
    day = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
    dates = make_dates(submitted=day, reviewed=day, read=(Read("A", day),))
    assert any("on one day" in note for note in order_notes(dates, "en"))


@pytest.mark.parametrize(
    ("at", "words"),
    [
        (datetime(2026, 7, 1, 23, 30, tzinfo=UTC), "2 July 2026 at 12:30am"),
        (datetime(2026, 11, 24, 12, 0, tzinfo=UTC), "24 November 2026 at 12:00pm"),
        (datetime(2026, 11, 24, 15, 4, tzinfo=UTC), "24 November 2026 at 3:04pm"),
    ],
)
def test_moments_are_in_united_kingdom_time(at: datetime, words: str) -> None:
    assert moment_in_words(at) == words


@pytest.mark.parametrize("text", ["soon", "2026-13-40", "T", "2026-11-24 or so"])
def test_what_is_no_date_stays_as_typed(text: str) -> None:
    assert day_in_words(text) == text


# Words


def test_every_word_there_is_exists_in_both_languages() -> None:
    english_words, welsh = Words("en"), Words("cy")
    for key in ("summary", "aware", "seal_none", "t_review_due", "f_late"):
        assert english_words(key) != welsh(key)


def test_braces_in_names_are_left_alone() -> None:
    assert Words("en")("contact", mailbox="{0}{x}") == "Contact: {0}{x}."


def test_a_cut_text_says_where_the_rest_is() -> None:
    assert shortened("one two three", "(more)", limit=9) == "one two (more)"
    assert shortened("one", "(more)", limit=8) == "one"


def test_a_date_among_the_answers_is_put_in_words() -> None:
    reading = Reading(make_record(), Words("en"))
    assert dict(reading.rows("measures")[0])["When will you look?"] == "30 September 2027"


def test_a_question_that_follows_from_another_is_named_by_its_words() -> None:
    reading = Reading(make_record("bhp-nhs"), Words("en"))
    asked = {question["id"]: question for question in reading.every_question()}
    assert reading.numbered(asked["A5"]) == "A5. Where is the decision now?"
    assert reading.numbered(asked["A5_date"]) == "When is the decision made?"
    assert reading.numbered(asked["C1"]).endswith("likely effect on each group?")
    assert reading.place("A5_date", None) == "Decision date"
    assert reading.place("C1", "age") == "C1 (Age)"


def test_a_group_of_two_lists_is_missing_once() -> None:
    missing = make_record("ni-s75")["sources_missing"]
    assert len(missing) == len(set(missing))


def test_what_was_found_out_is_not_still_to_be_found_out() -> None:
    record = make_record("bhp-nhs")
    done = [{**one, "done_at": "2026-11-24T15:04:00Z"} for one in record["evidence_actions"]]
    whole = contents({**record, "evidence_actions": done})
    story = dict(whole.sections[0].blocks[1].rows)
    assert "Still to be found out: 0." in story["Conditions"]
    assert done
    assert "What was found out" in headings(whole)
    assert "What still has to be found out" not in headings(whole)
    assert "What still has to be found out" in headings(contents(record))


def headings(whole: Contents) -> list[str]:
    blocks = [block for section in whole.sections for block in section.blocks]
    return [block.text for block in blocks if isinstance(block, Heading)]


@pytest.mark.parametrize(("day", "printed"), [("2027-06-30", " (planned)."), ("2026-01-05", ".")])
def test_the_report_of_wales_says_whether_the_decision_is_only_planned(
    day: str, printed: str
) -> None:
    record = record_of(make_facts("wales-reg8", language="en"))
    planned = day > "2026-12-31"
    decided = {"what": "decided", "on": day, "who": "", "planned": planned}
    timeline = [*(one for one in record["timeline"] if one["what"] != "decided"), decided]
    whole = contents({**record, "timeline": timeline})
    report = next(one for one in whole.sections if one.id == "report")
    assert report.blocks[-1].text.endswith(f"{day_in_words(day)}{printed}")

"""Somebody wants what a public copy leaves out: by looking, guessing, comparing and subtracting."""

from __future__ import annotations

import hashlib
import re
from copy import deepcopy
from itertools import product

import pytest

from eqia.domain.errors import Invalid
from eqia.domain.events import text_digest
from eqia.domain.publication_checks import check_copy, gives_away, numbers
from eqia.domain.publications import Choice, Why, names_in, parts_of
from eqia.domain.record_contents import contents
from eqia.domain.records import canonical, content_digest, digest
from tests.documents.fixtures import ALL_SETS, make_record
from tests.domain.publishable import (
    WITHHELD,
    all_withheld,
    copied,
    decided,
    leaves,
    secrets_of,
    whole_record,
)

RECORD = whole_record()
SMALL = Choice(Why.SMALL)
HASHES = ("md5", "sha1", "sha256", "sha512")
#: the organisation itself, and the id of a question
PUBLIC_ANYWAY = {"Riverside Health Partners", "OLD9"}


def everything_shown(copy) -> str:
    """All that a reader of the page, the document or the data can see."""
    blocks = [repr(block) for section in contents(copy).sections for block in section.blocks]
    return canonical(copy) + "\n".join(blocks)


# Looking


def test_with_everything_withheld_no_secret_is_left_anywhere():
    copy = copied(RECORD, all_withheld(RECORD))
    shown = everything_shown(copy)
    secrets = secrets_of(RECORD) - PUBLIC_ANYWAY
    assert len(secrets) > 50
    assert [secret for secret in secrets if secret in shown] == []


@pytest.mark.parametrize("set_id", ALL_SETS)
def test_no_form_keeps_a_secret_elsewhere(set_id):
    record = make_record(set_id)
    shown = everything_shown(copied(record, all_withheld(record)))
    form = canonical(record["question_set"])
    secrets = {s for s in secrets_of(record) if len(s) > 5 and s not in form} - PUBLIC_ANYWAY
    assert [secret for secret in secrets if secret in shown] == []


def test_a_part_withheld_alone_is_nowhere_in_the_copy():
    for part in parts_of(RECORD):
        if len(part.text) < 8 or part.text in PUBLIC_ANYWAY:
            continue
        choices = decided(RECORD, {part.text: WITHHELD})
        others = [other.text for other in parts_of(RECORD) if other != part]
        if any(part.text.casefold() in other.casefold() for other in others):
            continue
        assert part.text not in everything_shown(copied(RECORD, choices)), part.labels


def test_neither_salt_nor_ids_nor_log_nor_raw_answers_leave_the_house():
    copy = copied(RECORD, decided(RECORD))
    assert not {"salt", "id", "answers", "events", "chain_head", "content_digest"} & set(copy)
    keys = {key for path, _ in leaves(copy) for key in path}
    assert not keys & {"salt", "digest_read", "hash", "prev_hash", "seq", "people_a_year"}
    assert all("digest" not in one for one in copy["receipts"])
    assert RECORD["id"] not in canonical(copy)


# Comparing: what is left out does not change a letter of the copy


@pytest.mark.parametrize("choice", [WITHHELD, SMALL], ids=["withheld", "suppressed"])
def test_copies_of_records_that_differ_in_a_part_left_out_are_the_same(choice):
    for part in parts_of(RECORD):
        if part.text in PUBLIC_ANYWAY:
            continue
        other = replaced(RECORD, part.text, f"Something quite else, and longer: {part.id}. " * 9)
        copies = [
            copied(record, decided(record, {start: choice}))
            for record, start in ((RECORD, part.text), (other, "Something quite else"))
        ]
        for copy in copies:
            assert len(copy["publication"].pop("record_sha256")) == 64
        assert copies[0] == copies[1], part.labels
        assert contents({**copies[0], **_again()}) == contents({**copies[1], **_again()})


def _again() -> dict[str, object]:
    made = {"by": "", "names": False, "left_out": []}
    return {"publication": {**made, "record_sha256": "0" * 64}}


def test_copies_of_records_that_differ_in_names_alone_are_the_same():
    others = {name: f"Nobody Known{'n' * n}" for n, name in enumerate(names_in(RECORD))}
    record = RECORD
    for name, other in others.items():
        record = replaced(record, name, other)
        record["order"] = [one.replace(name, other) for one in record["order"]]
    for person in record["people"]:
        person["title"] = "Another job"
    first, second = (copied(one, decided(one)) for one in (RECORD, record))
    for copy in (first, second):
        copy["publication"].pop("record_sha256")
    assert first == second


def replaced(record, old: str, new: str):
    """The same record with one text another, wherever it stands."""

    def walk(value):
        if isinstance(value, str):
            return new if value == old else value
        if isinstance(value, dict):
            kept = {"question_set", "law", "outcome", "organisation"}
            return {k: v if k in kept else walk(v) for k, v in value.items()}
        return [walk(one) for one in value] if isinstance(value, list) else value

    return walk(deepcopy(record))


# Guessing: whoever knows all but one value, and tries the right one, learns nothing


def test_no_digest_in_the_copy_confirms_a_guess():
    choices = decided(RECORD, {"Estates lead": WITHHELD})
    copy = copied(RECORD, choices)
    found = set(re.findall(r"[0-9a-f]{32,64}", canonical(copy)))
    guesses = set(confirmations(RECORD, "Estates lead", copy, found))
    assert len(guesses) > 40
    assert not found & guesses


def test_the_digest_of_the_record_is_out_of_reach_without_its_salt():
    copy = copied(RECORD, all_withheld(RECORD))
    known = copy["publication"]["record_sha256"]
    assert known == digest(canonical(RECORD))
    without = {name: value for name, value in RECORD.items() if name != "salt"}
    tries = [without, {**without, "salt": ""}]
    tries += [{**without, "salt": one[:32]} for one in re.findall(r"[0-9a-f]{32}", canonical(copy))]
    assert known not in {digest(canonical(one)) for one in tries}


def confirmations(record, guess: str, copy, found):
    """Digest a right guess, and all that holds it, in every way the service digests anything."""
    texts = [guess, f"{guess}\n", canonical(guess), canonical([guess])]
    salts = ["", *found]
    yield from (text_digest(text, salt) for text, salt in product(texts, salts))
    yield from (hashlib.new(name, t.encode()).hexdigest() for name in HASHES for t in texts)
    outcomes = record["outcome"]["labels"]
    forms = [record["question_set"]["digest"], *found]
    for form, outcome in product(forms, outcomes):
        for sources in (record["evidence"], []):
            yield content_digest(form, record["answers"], sources, outcome)
    for name in ("answers", "sheet", "findings", "sign_off", "evidence", "events"):
        yield digest(canonical(record[name]))
    stripped = {name: value for name, value in record.items() if name != "salt"}
    yield digest(canonical(stripped))
    yield digest(canonical({**copy, "sheet": record["sheet"]}))


# Repeating: words left out here and published there


@pytest.mark.parametrize(
    ("hidden", "shown"),
    [
        ("The hall at Quarry Lane is sold.", "We know: the hall at quarry  lane is sold."),
        ("Sam", "Ask Sam about it."),
        (
            "A new hall. The Tansley family lives next to it and objects.",
            "So: the Tansley family lives next to it and objects, they said.",
        ),
    ],
)
def test_a_text_that_repeats_what_is_left_out_is_found(hidden, shown):
    assert gives_away(shown, hidden)


@pytest.mark.parametrize(
    ("hidden", "shown"),
    [("Sam", "The same sample."), ("No", "No, nobody."), ("The hall is sold.", "The hall is let.")],
)
def test_other_words_are_no_repetition(hidden, shown):
    assert not gives_away(shown, hidden)


def test_publishing_in_one_place_what_is_withheld_in_another_is_refused():
    record = whole_record()
    body = "You write: the hall at Quarry Lane is sold already. Since when?"
    record["comments"][0]["body"] = body
    with pytest.raises(Invalid, match="repeats words you leave out"):
        check_copy(record, decided(record, {"The hall at Quarry": WITHHELD}))


def test_a_text_that_is_also_chosen_from_a_list_cannot_be_withheld():
    record = whole_record()
    record["comments"][0]["body"] = "local data"
    for text in ("local data", "Riverside Health"):
        with pytest.raises(Invalid, match="always published"):
            check_copy(record, decided(record, {text: WITHHELD}))


def test_a_name_in_a_published_text_is_refused_while_names_are_left_out():
    record = whole_record()
    record["comments"][0]["body"] = "Ask priya nair about the bus."
    with pytest.raises(Invalid, match="names Priya Nair"):
        check_copy(record, decided(record))
    check_copy(record, decided(record, names=True))
    check_copy(record, decided(record, {"Ask priya": WITHHELD}))


def test_a_reason_that_says_what_is_withheld_is_refused():
    told = Choice(Why.OTHER, "The hall at Quarry Lane is sold already, keep it quiet")
    with pytest.raises(Invalid, match="says what is left out"):
        check_copy(RECORD, decided(RECORD, {"The hall at Quarry": told}))
    named = Choice(Why.OTHER, "Ada Lewis asked for it")
    with pytest.raises(Invalid, match="names Ada Lewis"):
        check_copy(RECORD, decided(RECORD, {"The hall at Quarry": named}))


def test_what_another_public_version_leaves_out_is_not_published_here():
    with pytest.raises(Invalid, match="another public version"):
        check_copy(RECORD, decided(RECORD), ["The hall at Quarry Lane is sold already."])


# Subtracting


@pytest.mark.parametrize(
    ("hidden", "first", "second"),
    [
        ("5 people asked for an interpreter", "1,204 people came", "1,199 needed no interpreter"),
        ("five people", "204 in all", "199 without one"),
        ("3 of them", "Of 240 people, 120 walked, 80 drove and 37 came by bus.", "Nothing else."),
        ("6 people", "5% could not say", "120 were asked"),
    ],
    ids=["two texts", "in words", "the rest of a total", "a share"],
)
def test_a_small_number_that_can_be_worked_out_is_refused(hidden, first, second):
    record = whole_record()
    record["comments"][0]["body"] = hidden
    record["comments"][0]["replies"][0]["body"] = first
    record["sign_off"]["benefits"] = second
    with pytest.raises(Invalid, match="can be worked out"):
        check_copy(record, decided(record, {hidden: SMALL}))


def test_numbers_that_lead_nowhere_are_let_through():
    record = whole_record()
    record["comments"][0]["body"] = "5 people asked for an interpreter"
    record["comments"][0]["replies"][0]["body"] = "1,204 people came in 2026, on 24 November 2026"
    record["sign_off"]["benefits"] = "900 needed no interpreter"
    check_copy(record, decided(record, {"5 people": SMALL}))


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("1,204 people and 37 more", [1204, 37]),
        ("in 2026, at 10:30, on 2026-11-24, for 12% and £3.50", []),
        ("Two of six bays", [2, 6]),
    ],
)
def test_counts_are_told_from_years_times_and_shares(text, found):
    assert numbers(text) == found

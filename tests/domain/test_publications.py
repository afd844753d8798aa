"""The public copy of a record: one choice for each text, and what the copy then says."""

from __future__ import annotations

import pytest

from eqia.domain.errors import Invalid
from eqia.domain.publication_checks import check_copy
from eqia.domain.publication_choices import LONGEST_REASON
from eqia.domain.publications import (
    Choice,
    Decided,
    State,
    Why,
    names_in,
    parts_of,
)
from eqia.domain.record_contents import contents
from eqia.domain.records import canonical
from tests.documents.fixtures import ALL_SETS, make_record
from tests.domain.publishable import (
    AT,
    WITHHELD,
    all_withheld,
    copied,
    decided,
    leaves,
    whole_record,
)

RECORD = whole_record()
OWN_WORDS = Choice(Why.OTHER, "The land is still being bought")


def words_of(copy) -> str:
    return canonical([canonical(block_words(one)) for one in contents(copy).sections])


def block_words(section):
    return [section.heading, [repr(block) for block in section.blocks]]


def test_each_text_is_one_part_wherever_it_stands():
    texts = [part.text for part in parts_of(RECORD)]
    assert len(texts) == len(set(texts))
    panel = next(p for p in parts_of(RECORD) if p.text == "Larkfield Commissioning Panel")
    assert panel.labels == ("Logged before signing",)
    board = next(p for p in parts_of(RECORD) if p.text == "Community Services Board")
    assert board.labels == ("A5_who. Decision-maker",)


def test_an_answer_is_called_by_its_question_group_and_column():
    part = next(p for p in parts_of(RECORD) if p.text == "Estates lead")
    assert part.labels == ("C4. What you will do, Age, Who will do it?",)


@pytest.mark.parametrize("set_id", ALL_SETS)
def test_the_copy_of_every_form_is_read_in_the_same_order(set_id):
    record = make_record(set_id)
    copy = copied(record, decided(record))
    before, after = contents(record), contents(copy)
    assert [s.id for s in after.sections if s.id != "publication"] == [
        s.id for s in before.sections
    ]
    assert after.kind != before.kind


@pytest.mark.parametrize("set_id", ALL_SETS)
def test_with_everything_published_no_word_of_the_team_is_missing(set_id):
    record = make_record(set_id)
    copy = copied(record, decided(record))
    shown = {text for _, text in leaves(copy)}
    assert {part.text for part in parts_of(record)} <= shown
    assert copy["publication"]["left_out"] == []


def test_each_part_is_published_suppressed_or_withheld_with_its_reason():
    choices = {
        "Estates lead": WITHHELD,
        "14 in 100": Choice(Why.SMALL),
        "The hall at Quarry Lane": OWN_WORDS,
    }
    copy = copied(RECORD, decided(RECORD, choices))
    told = {(one["where"], one["state"], one["reason"]) for one in copy["publication"]["left_out"]}
    assert told == {
        ("C4. What you will do, Age, Who will do it?", "withheld", "It could point at a person"),
        (
            "G2. Measures, What is it now?",
            "suppressed",
            "Small numbers could point at a person",
        ),
        ("Stopped early", "withheld", "The land is still being bought"),
    }
    read = words_of(copy)
    assert "[Withheld: The land is still being bought]" in read
    assert "[Suppressed: small numbers could point at a person]" in read
    assert "Quarry Lane is sold" not in read


def test_the_state_follows_from_the_reason():
    states = {why: Choice(why).state for why in Why}
    assert states.pop(Why.SMALL) is State.SUPPRESSED
    assert set(states.values()) == {State.WITHHELD}
    assert Choice().state is State.PUBLISHED


def test_a_part_nobody_chose_about_stops_the_publication():
    choices = decided(RECORD).choices
    missing = parts_of(RECORD)[3]
    without = Decided({one: choice for one, choice in choices.items() if one != missing.id})
    with pytest.raises(Invalid) as refusal:
        copied(RECORD, without)
    assert [problem.field for problem in refusal.value.problems] == [missing.id]


@pytest.mark.parametrize("reason", ["", "  ", "x" * (LONGEST_REASON + 1)])
def test_a_reason_in_own_words_is_needed_and_bounded(reason):
    with pytest.raises(Invalid):
        copied(RECORD, decided(RECORD, {"Estates lead": Choice(Why.OTHER, reason)}))


def test_roles_stand_for_names_unless_names_are_chosen():
    roles = copied(RECORD, decided(RECORD))
    assert roles["publication"]["names"] is False
    assert roles["sign_off"]["name"] == "Approver"
    assert not [name for name in names_in(RECORD) if name in words_of(roles)]
    named = copied(RECORD, decided(RECORD, names=True))
    assert named["sign_off"]["name"] == "Priya Nair"
    assert named["publication"]["by"] == "Wren Abbott"


def test_two_people_of_one_role_stay_two():
    record = whole_record()
    record["people"].append({"part": "reviewer", "name": "Wren Abbott", "title": "Second"})
    copy = copied(record, decided(record))
    names = {one["name"] for one in copy["reviews"]}
    assert names == {"Reviewer 1", "Reviewer 2"}


def test_a_sentence_of_ours_that_names_somebody_gives_their_role():
    record = whole_record()
    record["order"] = ["Priya Nair read it (1 May 2027) after the decision (1 April 2027)."]
    copy = copied(record, decided(record))
    assert copy["order"] == ["Approver read it (1 May 2027) after the decision (1 April 2027)."]


def test_the_copy_says_when_and_by_whom_it_was_published():
    copy = copied(RECORD, decided(RECORD))
    assert copy["published_at"] == AT.strftime("%Y-%m-%dT%H:%M:%SZ")
    assert copy["publication"]["by"] == "Reviewer"


def test_the_same_choices_give_the_same_copy():
    assert canonical(copied(RECORD, decided(RECORD))) == canonical(copied(RECORD, decided(RECORD)))


def test_a_text_that_may_point_at_a_person_is_marked_for_the_publisher():
    record = whole_record()
    record["comments"][0]["body"] = "Priya told us that 3 older people rang 07700 900123."
    part = next(p for p in parts_of(record) if p.text.startswith("Priya"))
    assert "the name of a person in this record" in part.signs
    assert "a phone number" in part.signs


def test_a_record_signed_before_there_were_seals_can_be_published():
    record = whole_record()
    record |= {"schema": 1, "seal": "none"}
    del record["verify_address"]
    copy = copied(record, decided(record))
    assert copy["schema"] == 1
    assert contents(copy).sections


def test_a_welsh_copy_gives_its_reasons_in_welsh():
    record = make_record("wales-reg8")
    copy = copied(record, all_withheld(record))
    assert {one["reason"] for one in copy["publication"]["left_out"]} == {
        "Gallai bwyntio at berson"
    }


def test_what_is_all_withheld_gives_nothing_away_and_may_be_published():
    check_copy(make_record(), decided(make_record()))
    record = make_record()
    # The organisation is always named, so a text that says the same is published too.
    check_copy(record, decided(record, {"Riverside Health": Choice()}, otherwise=WITHHELD))


def test_a_name_added_to_a_list_was_typed_and_is_asked_about():
    part = next(p for p in parts_of(RECORD) if p.text.startswith("Larkfield Tenants"))
    assert part.labels == ("A7. Organisations that decide",)
    copy = copied(RECORD, decided(RECORD, {part.text: WITHHELD}))
    assert "Larkfield Tenants" not in canonical(copy)
    assert "[Withheld: It could point at a person]" in words_of(copy)

"""The list itself, how a gate stands, and what a list that contradicts itself is told."""

from collections import Counter
from datetime import date

import pytest

from eqia.domain.errors import Invalid
from eqia.domain.question_set_loading import load_question_sets
from eqia.domain.readiness import AnswerCode, Checklist, Given, standing_of
from eqia.domain.readiness_loading import (
    FOLDER,
    in_force,
    load_checklists,
    read_checklist,
)

TODAY = date(2026, 11, 25)
#: product.md section 8: what touches equality
EQUALITY = {
    *("1.0a", "1.0b", "1.2", "1.3", "1.5a", "1.5b", "3.1.3", "3.1.5", "3.1.6", "3.1.8"),
    *("3.2.1", "3.2.4", "3.2.5", "4.4", "4.7", "5.4"),
}
SUGGESTED = {"1.3", "3.1.5", "3.1.2", "3.1.3", "3.2.1", "3.2.4", "3.2.5"}


@pytest.fixture(scope="module")
def checklist() -> Checklist:
    return in_force(TODAY)


def test_there_are_33_items_and_3_opening_criteria(checklist):
    items = [item for gate in checklist.gates for item in gate.items]
    opening, *numbered = items
    assert (opening.id, [one.id for one in opening.parts]) == ("1.0", ["1.0a", "1.0b", "1.0c"])
    assert len(numbered) == 33
    assert [one.id for one in numbered if one.is_split] == ["1.5", "2.2", "5.1"]
    wanted = [f"1.{n}" for n in range(1, 6)] + ["2.1", "2.2", "3.1"]
    wanted += [f"3.1.{n}" for n in range(1, 9)] + ["3.2"] + [f"3.2.{n}" for n in range(1, 6)]
    wanted += [f"4.{n}" for n in range(1, 8)] + [f"5.{n}" for n in range(1, 5)]
    assert [one.id for one in numbered] == wanted


def test_the_gates_run_in_their_order(checklist):
    gates = [gate.id for gate in checklist.gates]
    assert gates == ["priority", "sponsor", "plan", "resources", "spread"]
    assert [gate.id for gate in checklist.gates if gate.waits_for_equality] == ["spread"]


def test_what_touches_equality_asks_for_whom(checklist):
    assert {part.id for part in checklist.parts if part.equality} == EQUALITY


def test_three_items_are_answered_from_live_data_and_seven_are_suggested(checklist):
    assert [part.id for part in checklist.auto_parts] == ["1.4", "3.1.4", "3.2.3"]
    assert {part.id for part in checklist.parts if part.suggest} == SUGGESTED


def test_a_part_is_asked_once_and_in_its_own_words(checklist):
    texts = Counter(part.text for part in checklist.parts)
    assert texts.most_common(1)[0][1] == 1
    assert all(part.text.endswith("?") for part in checklist.parts)


def test_the_list_names_only_questions_and_codes_its_sets_have(checklist):
    latest = {one.id: one for _, one in sorted(load_question_sets().items())}
    assert set(checklist.sets) == set(latest)
    for set_id, meaning in checklist.sets.items():
        asked = latest[set_id]
        named = {*meaning.considered, *meaning.considered_short, *meaning.replies}
        assert all(asked.has_question(one) for one in named)
        codes = asked.question(asked.id_for("involvement")).codes
        assert set(meaning.involvement) == set(codes)


def test_names_of_today_stand_beside_those_before(checklist):
    plan = next(one for one in checklist.labels if one.id == "nhs_plan")
    assert plan.words(TODAY) == "10 Year Health Plan (before: NHS Long Term Plan)"
    assert plan.words(date(2025, 7, 2)) == "NHS Long Term Plan"
    assert checklist.say("See the {nhs_plan}.", date(2025, 7, 3)).startswith("See the 10 Year")


def test_a_name_nobody_checked_says_so(checklist):
    unsure = {one.id for one in checklist.labels if not one.verified}
    assert {"innovation", "outcomes"} <= unsure
    assert all(
        "check that this is still its name" in one.words(TODAY)
        for one in checklist.labels
        if one.id in unsure
    )


def test_before_the_first_version_starts_it_is_the_one_in_force():
    assert in_force(date(2020, 1, 1)).version == 1
    assert [one.name for one in load_checklists().values()] == [
        "Readiness to adopt and spread, version 1"
    ]


@pytest.mark.parametrize(
    ("answers", "settled", "line"),
    [
        ({}, 0, "No answer yet: 2.1, 2.2a, 2.2b"),
        ({"2.1": Given(answer="yes")}, 1, "No answer yet: 2.2a, 2.2b"),
        ({"2.1": Given(answer="not_yet")}, 0, "Not yet: 2.1"),
        ({"2.1": Given(answer="partly")}, 0, "Partly: 2.1"),
        ({"2.1": Given(answer="na")}, 0, "Say why it does not apply: 2.1"),
        ({"2.1": Given(note="Asked twice.")}, 0, "No answer yet: 2.1, 2.2a, 2.2b"),
    ],
)
def test_a_gate_warns_of_what_is_not_settled(checklist, answers, settled, line):
    standing = standing_of(checklist.gate("sponsor"), answers)
    assert standing.settled == settled
    assert line in standing.lines
    assert standing.share == f"{settled} of 3"


def test_a_yes_that_touches_equality_is_asked_for_whom(checklist):
    answers = {"1.2": Given(answer="yes"), "1.3": Given(answer="yes", for_whom="Older people.")}
    standing = standing_of(checklist.gate("priority"), answers)
    assert "Say for whom: 1.2" in standing.lines
    assert standing.settled == 1


def test_a_gate_with_everything_settled_warns_of_nothing(checklist):
    whole = Given(answer="na", note="It is done already.")
    gate = checklist.gate("resources")
    standing = standing_of(gate, {part.id: whole for part in gate.parts})
    assert (standing.warnings, standing.share) == ((), "7 of 7")


TEXT = next(FOLDER.glob("*.toml")).read_text("utf-8")


@pytest.mark.parametrize(
    ("before", "after", "fault"),
    [
        ('id = "2.1"', 'id = "1.1"', "1.1 is there twice"),
        ('auto = "screened"', 'auto = "guessed"', "3.1.4: nothing is called 'guessed'"),
        ('suggest = "risks"', 'suggest = "luck"', "3.2.4: nothing is called 'luck'"),
        ("{nhs_plan}", "{nhs}", "1.1: there is no name 'nhs'"),
        ('planned = "partly"', 'planned = "maybe"', "bhp-nhs: there is no answer 'maybe'"),
        ('text = "Is other help from outside secured?"', 'text = " "', "5.3 asks nothing"),
        ("version = 1", "versions = 1", "is not a checklist"),
        ('id = "5.3"', 'id = "5.3"\nodd = 1', "is not a checklist"),
        ('names = [{name = "Public', 'names = [] # [{name = "Public', "is not a checklist"),
        ("version = 1", "version = ", "is not a checklist"),
    ],
)
def test_a_list_that_contradicts_itself_is_refused_naming_the_fault(before, after, fault):
    assert before in TEXT
    with pytest.raises(Invalid) as refused:
        read_checklist(TEXT.replace(before, after), "list.toml")
    assert any(fault in one.message for one in refused.value.problems)


def test_the_digest_covers_every_word():
    first = read_checklist(TEXT, "list.toml")
    assert first.digest == read_checklist(f"{TEXT}\n# a remark\n", "list.toml").digest
    assert first.digest != read_checklist(TEXT.replace("strong lead", "lead"), "list.toml").digest
    assert first.version == 1
    assert set(AnswerCode) == {"yes", "partly", "not_yet", "na"}


def test_a_published_version_is_never_edited():
    """Plans name the digest they answer: reword in a new file with the next version."""
    assert {version: one.digest[:12] for version, one in load_checklists().items()} == {
        1: "6bf002dbe531"
    }

"""Findings and promises are read from any set's answers, by the part each question plays."""

import pytest

from eqia.domain.findings import Direction, findings_of, fixes_of, gaps_of, measures_of
from tests.domain.forms import (
    TEXT,
    effects,
    everywhere,
    fix,
    health_form,
    ni_form,
    parsed,
    question_set,
    scottish_form,
    welsh_form,
)


def found(form, name="bhp-nhs"):
    return findings_of(question_set(name), parsed(form, name), "en")


@pytest.mark.parametrize(
    ("code", "direction", "words"),
    [
        ("positive", "positive", "Helps"),
        ("none", "neutral", "No different"),
        ("minor", "negative", "Small harm"),
        ("mixed", "negative", "Helps and harms"),
        ("major", "negative", "Serious harm"),
        ("dk", "unknown", "Don't know yet"),
    ],
)
def test_an_effect_has_one_direction(code, direction, words):
    age = next(one for one in found(health_form(C1=effects(age=code))) if one.group == "age")
    assert (age.direction, age.effect, age.label, age.statement) == (direction, words, "Age", TEXT)
    assert age.needs_action is (direction in {"negative", "unknown"})


def test_a_group_that_is_not_asked_about_has_no_finding():
    groups = {one.group for one in found(health_form(B2="no"))}
    assert "marriage_cp" not in groups
    assert {"age", "carers"} <= groups


def test_a_group_under_two_questions_has_two_findings():
    form = ni_form(Q3=everywhere(("relations",), "none", "ni-s75", racial_group="minor"))
    both = [one for one in found(form, "ni-s75") if one.group == "racial_group"]
    assert [(one.question, one.direction) for one in both] == [
        ("Q1", Direction.NEUTRAL),
        ("Q3", Direction.NEGATIVE),
    ]


@pytest.mark.parametrize(
    ("name", "form", "number"),
    [("scot-psed-fsd", scottish_form(), 0), ("wales-reg8", welsh_form(), 11)],
)
def test_every_nation_has_the_findings_its_form_asks_for(name, form, number):
    assert len(found(form, name)) == number


def test_what_will_be_done_names_its_group_its_owner_and_its_day():
    form = health_form(C1=effects(age="minor"), C4={"age": fix(), "sex": fix()})
    (only,) = fixes_of(question_set(), parsed(form), "en")
    assert (only.cause, only.title, only.owner, only.group) == (
        "C4:age",
        "Ring people",
        "Sam",
        "age",
    )
    assert only.due.isoformat() == "2027-01-31"
    assert only.details == (("What harm will be left?", "None"),)


def test_what_will_be_found_out_and_measured_is_read_row_by_row():
    gap = {"gap": "Who stays away", "how": "Ask them", "owner": "Ada", "due": "2027-02-01"}
    row = {"what": "Missed visits", "owner": "Sam", "split_by": "age", "date": "2027-09-30"}
    form = health_form(C1=effects(age="dk"), F2=[gap], G2=[row, {**row, "what": "Calls"}])
    (one,) = gaps_of(question_set(), parsed(form), "en")
    assert (one.cause, one.title, one.owner) == ("F2:0", "Who stays away", "Ada")
    assert one.details == (("How will we find out?", "Ask them"),)
    promised = measures_of(question_set(), parsed(form), "en")
    assert [(one.cause, one.title) for one in promised] == [
        ("G2:0", "Missed visits"),
        ("G2:1", "Calls"),
    ]
    assert ("Which groups will you compare?", "age") in promised[0].details


@pytest.mark.parametrize(
    ("code", "severity"),
    [
        ("positive", ""),
        ("none", ""),
        ("minor", "small"),
        ("mixed", "small"),
        ("major", "serious"),
        ("dk", ""),
    ],
)
def test_harm_is_small_or_serious_and_nothing_else_is(code, severity):
    age = next(one for one in found(health_form(C1=effects(age=code))) if one.group == "age")
    assert age.severity == severity


def test_what_an_answer_rests_on_is_told_in_words():
    form = health_form(C2=everywhere(("pc", "local"), ["data", "judgement"], age=["nothing"]))
    told = {one.group: one.evidence for one in found(form)}
    assert told["sex"] == "Local data, Professional judgement"
    assert told["age"] == "Nothing yet"
    # A set that does not ask for it has none.
    assert {one.evidence for one in found(welsh_form(), "wales-reg8")} == {""}

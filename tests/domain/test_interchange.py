import json
from datetime import date

import pytest

from eqia.domain.errors import Invalid
from eqia.domain.interchange import decide_json
from eqia.domain.question_set_loading import load_question_sets
from tests.domain.forms import effects, fix, health_form, ni_form

TODAY = date(2026, 11, 24)


def decide(form):
    text = form if isinstance(form, str) else json.dumps(form)
    return json.loads(decide_json(text, load_question_sets(), TODAY))


def asked(answers, name="bhp-nhs", **more):
    return {"question_set": name, "answers": answers, **more}


def test_the_form_of_the_design_gives_the_decision_of_the_design():
    decision = decide(asked(health_form(B5="yes")))
    assert list(decision) == [
        *("question_set", "version", "outcome", "reasons", "duties"),
        *("what_would_change", "unanswered"),
    ]
    assert (decision["question_set"], decision["version"]) == ("bhp-nhs", 1)
    assert decision["outcome"] == "conditions"
    assert decision["reasons"][0] == {
        "rule": "R15",
        "outcome": "conditions",
        "text": "People raised an equality worry, so reply and watch results.",
        "answers": [{"question": "B5", "group": None, "answer": "yes"}],
    }
    assert decision["duties"] == []
    assert decision["unanswered"] == [{"question": "G2", "group": None}]
    ways = decision["what_would_change"]
    assert {way["outcome"] for way in ways} == {"conditions", "more_info", "full"}
    assert ways[-1]["changes"] == []  # nothing to find out lowers it


def test_answers_go_out_with_the_type_they_came_in_with():
    form = health_form(C1=effects(age="minor"), C4={"age": fix("minor")})
    rules = {reason["rule"]: reason["answers"] for reason in decide(asked(form))["reasons"]}
    assert {"question": "C4", "group": "age", "answer": fix("minor")} in rules["R04"]
    screened = decide(asked(health_form()))["reasons"][0]["answers"]
    assert {"question": "A3", "group": None, "answer": ["patients"]} in screened
    assert {"question": "C2", "group": "sex", "answer": ["data"]} in screened


def test_an_incomplete_form_is_decided_by_default_and_lists_what_is_open():
    decision = decide(asked({}))
    assert decision["outcome"] == "more_info"
    assert [reason["rule"] for reason in decision["reasons"]] == ["default"]
    assert decision["what_would_change"] == []
    assert {"question": "C1", "group": "age"} in decision["unanswered"]
    listed = {blank["question"] for blank in decision["unanswered"]}
    assert not listed & {"A1", "A5_date", "A5_who", "A7", "C3", "C4", "D2_why", "G3"}


def test_the_version_may_be_named():
    assert decide(asked({}, version=1))["version"] == 1
    assert decide(asked(ni_form(), "ni-s75"))["outcome"] == "screened_out"


def test_the_output_has_no_control_characters_and_reads_back():
    form = health_form(C1=effects(age="minor"), C4={"age": fix(action="a\u0000\u202e\U0001f44d")})
    reasons = decide(asked(form))["reasons"]
    cited = [one["answer"] for reason in reasons for one in reason["answers"]]
    assert fix(action="a\u202e\U0001f44d") in cited


@pytest.mark.parametrize(
    ("form", "field"),
    [
        ("", "form"),
        ("nonsense", "form"),
        ("[]", "form"),
        ('"text"', "form"),
        ("null", "form"),
        ('{"question_set": "bhp-nhs"', "form"),
        ("[" * 100_000 + "]" * 100_000, "form"),
        ('{"question_set": "bhp-nhs", "answers": {"A4": NaN}}', "form"),
        ('{"question_set": "bhp-nhs", "answers": {"A4": 1e999}}', "A4"),
        ('{"question_set": "bhp-nhs", "answers": {"A4": 9' + "9" * 5000 + "}}", "form"),
        ('{"question_set": "bhp-nhs", "answers": {"B1": "no", "B1": "yes"}}', "B1"),
        ('{"question_set": "bhp-nhs", "question_set": "ni-s75", "answers": {}}', "question_set"),
        ('{"question_set": "bhp-nhs", "answers": {"C1": {"age": "dk", "age": "none"}}}', "age"),
        ("\ufeff{}", "form"),
        (asked({"A1": "\ud800"}), "A1"),
        (asked({"A1": "x" * 1_000_000}), "A1"),
        (asked({"Z1": "yes"}), "Z1"),
        (asked({"B1": "<b>yes</b>"}), "B1"),
        (asked({"C1": {"martians": "none"}}), "C1.martians"),
        (asked({"B1": ["yes"]}), "B1"),
        (asked([]), "answers"),
        (asked(None), "answers"),
        ({"question_set": "bhp-nhs"}, "answers"),
        ({"answers": {}}, "question_set"),
        (asked({}, name=5), "question_set"),
        (asked({}, name="nobody's"), "question_set"),
        (asked({}, name="x" * 1_000_000), "question_set"),
        (asked({}, version="1"), "version"),
        (asked({}, version=True), "version"),
        (asked({}, version=2), "version"),
        (asked({}, colour="red"), "colour"),
    ],
)
def test_a_form_that_cannot_be_used_names_its_field(form, field):
    with pytest.raises(Invalid) as caught:
        decide(form)
    assert field in {problem.field for problem in caught.value.problems}


def test_a_form_too_large_to_be_one_is_refused():
    with pytest.raises(Invalid) as caught:
        decide(" " * 9_000_000)
    assert caught.value.problems[0].message == "Is too large"

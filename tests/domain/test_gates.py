"""A screening is not signed while harm has no answer or nobody will find out what is not known."""

import pytest

from eqia.domain.errors import NotAllowed
from eqia.domain.gates import check_open_points, open_points
from tests.domain.forms import (
    effects,
    everywhere,
    fix,
    groups,
    health_form,
    ni_form,
    parsed,
    question_set,
    scottish_form,
    welsh_form,
)

GAP = {"gap": "Who stays away", "how": "Ask them", "owner": "Ada", "due": "2027-02-01"}
MEASURE = {"what": "Missed visits", "owner": "Sam", "date": "2027-09-30"}
HARM = {"C1": effects(age="minor")}
UNKNOWN = {"C1": effects(age="dk")}


def found(form, outcome="conditions", name="bhp-nhs"):
    asked = question_set(name)
    return open_points(asked, parsed(form, name), outcome, "en")


def told(form, outcome="conditions", name="bhp-nhs"):
    return [(one.rule, one.name) for one in found(form, outcome, name)]


@pytest.mark.parametrize(
    ("form", "points"),
    [
        ({}, []),
        ({"C1": effects("positive")}, []),
        (HARM, [("C01", "Age")]),
        ({**HARM, "C4": {"sex": fix()}}, [("C01", "Age")]),
        ({**HARM, "C4": {"age": fix()}}, []),
        # What harm is left is for the rules of the set, not for this gate.
        ({**HARM, "C4": {"age": fix(residual="major")}}, []),
        ({**HARM, "C4": {"age": fix(owner=None)}}, [("C02", "Ring people")]),
        ({**HARM, "C4": {"age": fix(due=None)}}, [("C02", "Ring people")]),
        ({**HARM, "C4": {"age": fix(action=None)}}, [("C01", "Age")]),
        (UNKNOWN, [("C01", "Age"), ("C16", "Age")]),
        ({**UNKNOWN, "F2": [GAP]}, []),
        ({**UNKNOWN, "F2": [{**GAP, "owner": ""}]}, [("C02", "Who stays away")]),
        (
            {**UNKNOWN, "F2": [{**GAP, "due": ""}]},
            [("C02", "Who stays away"), ("C16", "Age")],
        ),
        ({"G2": [MEASURE]}, []),
        ({"G2": [{**MEASURE, "owner": ""}]}, [("C02", "Missed visits")]),
        ({"G2": [{**MEASURE, "date": ""}]}, [("C02", "Missed visits")]),
    ],
)
def test_each_row_is_named_with_the_rule_that_it_keeps_open(form, points):
    assert told(health_form(**form)) == points


def test_every_point_says_how_to_put_it_right():
    for form in (HARM, UNKNOWN, {**HARM, "C4": {"age": fix(owner=None, due=None)}}):
        for one in found(health_form(**form)):
            assert one.fix.startswith("Return it to the team, to say")
    (bare,) = found(health_form(**HARM, C4={"age": fix(owner=None, due=None)}))
    assert bare.text == "This has no owner and no date."


@pytest.mark.parametrize(
    ("outcome", "count"), [("not_required", 1), ("conditions", 1), ("more_info", 1), ("full", 0)]
)
def test_the_highest_outcome_carries_it_into_its_plan_instead(outcome, count):
    assert len(found(health_form(**HARM), outcome)) == count


def test_a_group_that_is_not_asked_about_keeps_nothing_open():
    form = health_form(C1=effects(marriage_cp="minor"), B2="no")
    assert told(form) == []


def test_local_groups_count_as_well():
    group = groups("local")[0]
    assert [rule for rule, _ in told(health_form(C1=effects(**{group: "minor"})))] == ["C01"]


@pytest.mark.parametrize(
    ("plan", "rules"),
    [
        ({"M": "recorded", "M_plan": fix()}, []),
        ({"M": "recorded", "M_plan": fix(owner=None)}, ["C02"]),
        ({"M": "not_recorded"}, ["C01"]),
    ],
)
def test_one_fix_for_the_whole_policy_answers_every_group_in_northern_ireland(plan, rules):
    form = ni_form(Q1=everywhere(("equality",), "none", "ni-s75", age="minor"), **plan)
    assert [rule for rule, _ in told(form, "screened_out_mitigated", "ni-s75")] == rules


def test_what_a_set_has_no_row_for_cannot_keep_it_open():
    # Wales asks for a fix per characteristic, not for the Welsh language.
    form = welsh_form(W3=everywhere(("also",), "none", "wales-reg8", welsh_language="minor"))
    assert told(form, "assessed_not_substantial", "wales-reg8") == []
    harm = welsh_form(W1=everywhere(("pc",), "none", "wales-reg8", age="minor"))
    assert [one for one, _ in told(harm, "assessed_not_substantial", "wales-reg8")] == ["C01"]
    assert told(scottish_form(), "declaration_not_required", "scot-psed-fsd") == []


def test_the_refusal_names_rule_row_and_fix():
    asked, answers = question_set(), parsed(health_form(**HARM))
    with pytest.raises(NotAllowed) as refusal:
        check_open_points(asked, answers, "conditions", "en")
    assert refusal.value.code == "coverage"
    assert "C01, Age: Nothing is done about the harm. Return it to the team" in str(refusal.value)
    check_open_points(asked, answers, "full", "en")

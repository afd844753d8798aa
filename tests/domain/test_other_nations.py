"""The rules of Northern Ireland, Scotland and Wales, each fired and not fired."""

import pytest

from eqia.domain.answers import Unanswered
from tests.domain.forms import decided, everywhere, ni_form, question_set, scottish_form, welsh_form


def q1(answer="none", **changed):
    return everywhere(("equality",), answer, "ni-s75", **changed)


def q3(answer="none", **changed):
    return everywhere(("relations",), answer, "ni-s75", **changed)


def w1(answer="none", **changed):
    return everywhere(("pc",), answer, "wales-reg8", **changed)


def w3(answer="none", **changed):
    return everywhere(("also",), answer, "wales-reg8", **changed)


@pytest.mark.parametrize(
    ("changed", "outcome", "rules"),
    [
        ({}, "screened_out", ["N6"]),
        ({"Q1": q1(age="major")}, "screened_in", ["N1"]),
        ({"Q1": q1(age="major"), "M": "recorded"}, "screened_in", ["N1"]),
        ({"Q3": q3(racial_group="major")}, "screened_in", ["N2"]),
        ({"Q1": q1(sex="dk")}, "more_information", ["N3"]),
        ({"Q3": q3(racial_group="dk")}, "more_information", ["N3"]),
        ({"Q5": "dk"}, "more_information", ["N3", "N6"]),
        ({"Q5": "yes"}, "screened_out", ["N6"]),
        ({"Q1": q1(age="minor")}, "screened_in", ["N4"]),
        ({"Q1": q1(age="minor"), "M": "not_recorded"}, "screened_in", ["N4"]),
        ({"Q1": q1(age="minor"), "M": None}, "screened_in", ["N4"]),
        ({"Q3": q3(racial_group="minor"), "M": "recorded"}, "screened_out_mitigated", ["N5"]),
        (
            {"Q1": q1(age="minor", sex="dk"), "M": "recorded"},
            "more_information",
            ["N3", "N5"],
        ),
    ],
)
def test_northern_ireland(changed, outcome, rules):
    decision = decided(ni_form(**changed), "ni-s75")
    assert (decision.outcome, list(decision.rules)) == (outcome, rules)


@pytest.mark.parametrize(
    ("changed", "outcome", "rules"),
    [
        ({}, "declaration_not_required", ["C3"]),
        ({"S1": "yes"}, "eqia_required", ["C1"]),
        ({"S4": "yes", "S2": "dk"}, "eqia_required", ["C1", "C2"]),
        ({"S3": "dk"}, "more_information", ["C2"]),
        ({"J": None}, "more_information", ["C2", "C3"]),
        ({"J": "  "}, "more_information", ["C2", "C3"]),
        ({"FSD": "yes"}, "declaration_not_required", ["C3"]),
    ],
)
def test_scotland(changed, outcome, rules):
    decision = decided(scottish_form(**changed), "scot-psed-fsd")
    assert (decision.outcome, list(decision.rules)) == (outcome, rules)


@pytest.mark.parametrize(
    ("changed", "outcome", "rules"),
    [
        ({}, "assessed_not_substantial", ["L4"]),
        ({"W1": w1(age="minor", sex="positive")}, "assessed_not_substantial", ["L4"]),
        ({"W1": w1(age="substantial")}, "full_and_publish", ["L1"]),
        (
            {"W4": "yes", "W3": w3(welsh_language="substantial")},
            "full_and_publish",
            ["L2", "L4"],
        ),
        ({"W3": w3(welsh_language="substantial")}, "assessed_not_substantial", ["L4"]),
        ({"W4": "yes"}, "assessed_not_substantial", ["L4"]),
        ({"W1": w1(race="dk")}, "more_information", ["L3"]),
        ({"W2": "not_yet"}, "more_information", ["L3"]),
        ({"W2": "no"}, "more_information", ["L3"]),
        ({"W3": w3(socio_economic="dk")}, "more_information", ["L5", "L4"]),
    ],
)
def test_wales(changed, outcome, rules):
    decision = decided(welsh_form(**changed), "wales-reg8")
    assert decision.outcome == outcome
    assert sorted(decision.rules) == sorted(rules)


@pytest.mark.parametrize(
    ("form", "name"),
    [(ni_form(), "ni-s75"), (scottish_form(), "scot-psed-fsd"), (welsh_form(), "wales-reg8")],
)
def test_what_is_kept_for_the_record_is_never_asked_for_to_decide(form, name):
    assert decided(form, name).unanswered == ()


def test_scotland_asks_for_the_justification_because_a_rule_reads_it():
    assert decided(scottish_form(J=None), "scot-psed-fsd").unanswered == (Unanswered("J"),)


def test_mitigation_is_asked_for_only_beside_a_minor_impact():
    assert decided(ni_form(M=None), "ni-s75").unanswered == ()
    minor = decided(ni_form(M=None, Q1=q1(age="minor")), "ni-s75")
    assert minor.unanswered == (Unanswered("M"),)


@pytest.mark.parametrize(
    ("name", "statements"),
    [
        ("bhp-nhs", ["need_a", "need_b", "need_c"]),
        ("scot-psed-fsd", ["need_a", "need_b", "need_c"]),
        ("wales-reg8", ["need_a", "need_b", "need_c"]),
        ("ni-s75", ["s75_1", "s75_2"]),
    ],
)
def test_the_approver_confirms_the_duty_of_the_nation(name, statements):
    assert [one.id for one in question_set(name).signoff.confirm] == statements


@pytest.mark.parametrize("name", ["bhp-nhs", "ni-s75", "scot-psed-fsd", "wales-reg8"])
def test_the_parts_the_service_needs_are_played_in_every_set(name):
    found = question_set(name)
    parts = (
        *("summary", "kind_of_change", "stage", "decision_date", "decision_maker", "people"),
        *("bodies", "gaps", "measures", "review_date", "review_triggers", "involvement"),
    )
    assert all(found.has_question(found.id_for(part)) for part in parts)
    assert set(found.codes("late_stages")) <= set(found.question(found.id_for("stage")).codes)
    assert found.top.opens_eqia
    assert found.lowest.signable
    assert not found.outcome(found.default).signable


@pytest.mark.parametrize("name", ["bhp-nhs", "ni-s75", "wales-reg8"])
def test_every_effect_has_a_direction(name):
    found = question_set(name)
    for question_id in found.ids("effect"):
        assert set(found.table("direction")) == set(found.question(question_id).codes)


@pytest.mark.parametrize("name", ["bhp-nhs", "ni-s75", "scot-psed-fsd", "wales-reg8"])
def test_every_law_reference_was_checked_on_the_day_stated(name):
    assert {law.as_at.isoformat() for law in question_set(name).law} == {"2026-11-23"}


@pytest.mark.parametrize("name", ["bhp-nhs", "scot-psed-fsd", "wales-reg8"])
def test_sex_and_gender_reassignment_are_two_rows(name):
    labels = [group.label["en"] for group in question_set(name).group_list("pc").groups]
    assert "Sex" in labels
    assert "Gender reassignment" in labels
    assert len(labels) == 9


def test_welsh_is_marked_as_a_draft_translation():
    found = question_set("wales-reg8")
    assert found.languages == ("en", "cy")
    assert "draft translation" in found.translation_status["cy"]
    assert all(question.text["cy"] != question.text["en"] for question in found.questions)


@pytest.mark.parametrize("name", ["bhp-nhs", "ni-s75", "scot-psed-fsd", "wales-reg8"])
def test_no_outcome_says_the_law_requires_an_assessment(name):
    words = str(question_set(name).to_snapshot()["outcomes"]).lower()
    assert "legally required" not in words
    assert "required by law" not in words

"""Who may raise or lower an outcome, what signing needs, and what to look at twice."""

from dataclasses import replace
from datetime import date

import pytest

from eqia.domain.challenges import challenges
from eqia.domain.errors import Invalid, NotAllowed
from eqia.domain.review_sheets import Reader
from eqia.domain.reviews import (
    Lowering,
    Supplied,
    asks_for_measure,
    barring_rules,
    check_proposal,
    check_raise,
    check_signable,
    has_measure,
    higher_outcomes,
    lower_outcomes,
    missing_for,
    review_day,
)
from tests.domain.forms import (
    TEXT,
    decided,
    effects,
    fix,
    groups,
    health_form,
    parsed,
    question_set,
)

BHP = question_set()
SETS = ("bhp-nhs", "ni-s75", "scot-psed-fsd", "wales-reg8")


@pytest.mark.parametrize("name", SETS)
def test_every_outcome_can_be_raised_to_any_higher_one_and_no_other(name):
    asked = question_set(name)
    for one in asked.outcomes:
        higher = {found.id for found in higher_outcomes(asked, one.id)}
        for other in asked.outcomes:
            if other.id in higher:
                check_raise(asked, one.id, other.id, "It is wider.")
            else:
                with pytest.raises(Invalid):
                    check_raise(asked, one.id, other.id, "It is wider.")


@pytest.mark.parametrize("name", SETS)
def test_every_outcome_can_be_lowered_to_any_lower_one_and_no_other(name):
    asked = question_set(name)
    for one in asked.outcomes:
        lower = {found.id for found in lower_outcomes(asked, one.id)}
        for other in asked.outcomes:
            proposal = Lowering(other.id, "It covers this.", "EqIA 7")
            if other.id in lower:
                check_proposal(asked, (), one.id, proposal)
            else:
                with pytest.raises(Invalid):
                    check_proposal(asked, (), one.id, proposal)


@pytest.mark.parametrize(
    ("form", "barred"),
    [
        ({"D1": "possibly"}, ("R01",)),
        ({"D1": "yes"}, ("R01",)),
        ({"C1": effects(sex="major")}, ("R02",)),
        ({"C1": effects(carers="major")}, ()),
        ({"G1": "yes"}, ()),
    ],
)
def test_only_the_sets_own_mark_bars_a_lowering(form, barred):
    rules = decided(health_form(**form)).rules
    assert barring_rules(BHP, rules) == barred
    if barred:
        with pytest.raises(NotAllowed):
            check_proposal(BHP, rules, "full", Lowering("conditions", "a", "b"))


def test_the_default_reason_bars_nothing():
    assert barring_rules(BHP, ("default",)) == ()


@pytest.mark.parametrize("name", SETS)
def test_only_signable_outcomes_can_be_signed(name):
    asked = question_set(name)
    for one in asked.outcomes:
        if one.signable:
            check_signable(asked, one.id)
        else:
            with pytest.raises(NotAllowed):
                check_signable(asked, one.id)
    assert {one.signable for one in asked.outcomes} == {True, False}


ROW = {"what": "Missed visits", "owner": "Sam", "date": "2027-09-30"}


@pytest.mark.parametrize(
    ("form", "has"),
    [
        ({}, False),
        ({"G2": [ROW]}, True),
        ({"G2": [{**ROW, "owner": ""}]}, False),
        ({"G2": [{"what": "Missed visits"}, ROW]}, True),
        ({"C1": effects(age="minor"), "C4": {"age": fix()}}, True),
        ({"C1": effects(age="minor"), "C4": {"age": fix(owner=None)}}, False),
        # A fix on a row that is no longer harmed is hidden and does not count.
        ({"C4": {"age": fix()}}, False),
    ],
)
def test_a_measure_has_what_who_and_when(form, has):
    assert has_measure(BHP, parsed(health_form(**form))) is has


def problem_fields(form, outcome, supplied=None):
    found = missing_for(BHP, parsed(form), outcome, supplied or Supplied())
    return [problem.field for problem in found]


def test_conditions_need_a_measure_and_a_review_date():
    form = health_form(G3=None)
    assert problem_fields(form, "conditions") == ["measure", "review_date"]
    given = Supplied(review_date=date(2027, 9, 1))
    assert problem_fields(health_form(G3=None, G2=[ROW]), "conditions", given) == []


def test_a_set_without_a_question_for_measures_asks_at_sign_off():
    asked = replace(BHP, uses={k: v for k, v in BHP.uses.items() if k != "measures"})
    answers = parsed(health_form())
    assert asks_for_measure(asked, answers, "conditions")
    assert not asks_for_measure(asked, answers, "not_required")
    missing = missing_for(asked, answers, "conditions", Supplied())
    assert [problem.field for problem in missing] == ["measure", "owner", "due"]
    given = Supplied("Complaints", "Sam", date(2027, 6, 1))
    assert missing_for(asked, answers, "conditions", given) == []


def test_an_answered_review_date_wins():
    given = Supplied(review_date=date(2027, 9, 1))
    assert review_day(BHP, parsed(health_form()), given) == date(2028, 6, 30)


# What to look at twice


def words(form, starts=None):
    return [one.words for one in challenges(BHP, parsed(form), starts=starts)]


def different(**changed):
    """A different, full reason for every group."""
    every = [*groups("pc"), *groups("local")]
    given = {g: f"Patients in {g} keep the same clinic, times, letters and staff." for g in every}
    return {**given, **changed}


def test_full_and_different_reasons_are_not_questioned():
    assert words(health_form(C3=different())) == []


def test_a_very_short_reason_is_flagged():
    assert words(health_form(C3=different(age="No change in how it works."))) == [
        "The reason for Age is very short."
    ]


def test_one_reason_for_more_than_four_unaffected_groups_is_flagged():
    first = groups("pc")
    four = different(**dict.fromkeys(first[:4], f"{TEXT} It stays the same."))
    assert words(health_form(C3=four)) == []
    five = different(**dict.fromkeys(first[:5], f"{TEXT} It stays the same."))
    assert len(words(health_form(C3=five))) == 1


def test_one_reason_for_two_groups_of_which_one_is_affected_is_flagged():
    same = different(age=f"{TEXT} More.", sex=f"  {TEXT.upper()}  more. ")
    found = words(health_form(C1=effects(age="positive"), C3=same))
    assert found == ["The same reason is given for Age and Sex."]


@pytest.mark.parametrize(
    ("starts", "late"), [(date(2027, 1, 30), True), (date(2027, 1, 31), False)]
)
def test_a_fix_due_after_the_start_is_flagged(starts, late):
    form = health_form(C1=effects(age="minor"), C4={"age": fix()}, C3=different())
    assert (words(form, starts) == ["The fix for Age is due after the project starts."]) is late


@pytest.mark.parametrize(("when", "late"), [("2027-07-01", True), ("2027-06-30", False)])
def test_involvement_planned_for_after_the_decision_is_flagged(when, late):
    found = words(health_form(F1="planned", F1_when=when, C3=different()))
    assert bool(found) is late


# Answers in words


def test_a_blank_is_never_a_no():
    reader = Reader(BHP, "en")
    sheet = reader.sheet(parsed(health_form(B5=None)))
    assert sheet.lines()["B5", ""].answer == "Not answered"


def test_sex_and_gender_reassignment_are_two_rows():
    sheet = Reader(BHP, "en").sheet(parsed(health_form()))
    labels = [group.label for group in sheet.lists[0].groups]
    assert "Sex" in labels
    assert "Gender reassignment" in labels


def test_a_group_that_was_not_asked_says_why():
    sheet = Reader(BHP, "en").sheet(parsed(health_form(B2="no")))
    found = next(group for group in sheet.lists[0].groups if group.not_asked)
    assert found.not_asked == "Not asked: does not touch work"
    assert found.lines == ()


def test_protected_and_local_groups_share_no_table():
    sheet = Reader(BHP, "en").sheet(parsed(health_form()))
    assert [(one.id, one.protected) for one in sheet.lists] == [("pc", True), ("local", False)]


def test_what_differs_between_versions_is_said_in_words():
    before, after = parsed(health_form()), parsed(health_form(A4="5000plus", C1=effects(sex="dk")))
    found = Reader(BHP, "en").between(before, after)
    assert [(one.group_label, one.before, one.after) for one in found] == [
        ("", "50 to 499", "5,000 or more"),
        ("Sex", "No different", "Don't know yet"),
    ]

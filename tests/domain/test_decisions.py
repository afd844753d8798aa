import json

import pytest

from eqia.domain.answer_parsing import parse_answers
from eqia.domain.answers import Unanswered, shown
from eqia.domain.decisions import decide, top_matches
from eqia.domain.question_set_loading import from_snapshot
from tests.domain.forms import (
    QUIET,
    TEXT,
    decided,
    effects,
    fix,
    health_form,
    parsed,
    question_set,
    scottish_form,
    short_form,
    welsh_form,
)


def cited(decision, rule):
    reason = next(reason for reason in decision.reasons if reason.rule == rule)
    return [(one.question, one.group, one.answer) for one in reason.answers]


def text_of(decision, rule):
    return next(reason.text for reason in decision.reasons if reason.rule == rule)


def test_an_empty_form_needs_more_information_by_default():
    decision = decided({})
    assert (decision.outcome, decision.rules) == ("more_info", ("default",))
    assert decision.reasons[0].text == "The answers so far do not settle it."
    assert decision.reasons[0].answers == ()
    assert not decision.settled


def test_a_blank_answer_is_never_a_no():
    decision = decided(health_form(B1=None))
    assert decision.outcome == "more_info"
    assert decision.rules == ("default", "R91")
    assert decision.unanswered == (Unanswered("B1"),)


def test_a_blank_row_is_never_no_difference():
    without_age = {group: answer for group, answer in effects().items() if group != "age"}
    decision = decided(health_form(C1=without_age))
    assert decision.outcome == "more_info"
    assert decision.unanswered == (Unanswered("C1", "age"),)


@pytest.mark.parametrize("blank", ["", "   ", None])
def test_an_empty_answer_is_a_blank(blank):
    assert decided({**health_form(), "B1": blank}).unanswered == (Unanswered("B1"),)


def test_a_blank_below_a_settled_top_changes_nothing():
    decision = decided({"D1": "yes"})
    assert (decision.outcome, decision.rules) == ("full", ("R01",))
    assert Unanswered("A2") in decision.unanswered


def test_a_blank_beside_conditions_falls_to_the_default():
    decision = decided(health_form(B5="yes", B6=None))
    assert decision.outcome == "more_info"
    assert decision.rules == ("default", "R15", "R91")


def test_a_blank_that_no_rule_reads_changes_nothing():
    no_local_basis = effects(["data"])
    del no_local_basis["carers"]
    decision = decided(health_form(C2=no_local_basis))
    assert decision.outcome == "not_required"
    assert decision.unanswered == (Unanswered("C2", "carers"),)
    assert decision.settled


def test_texts_companions_and_offers_may_be_left_out():
    bare = health_form(A1=None, A5_date=None, A7=None, C3=None, G3=None)
    assert decided(bare).unanswered == ()


def test_not_turns_a_blank_round():
    # R06 reads "A6 not full": a blank A6 is not full.
    assert "R06" in decided(health_form(A2=["eligibility"], A6=None)).rules


def test_a_hidden_row_is_skipped_whatever_it_holds():
    asked = health_form(C1=effects(marriage_cp="major"))
    assert decided(asked).outcome == "full"
    assert decided({**asked, "B2": "no"}).outcome == "not_required"


def test_a_fix_counts_only_while_there_is_harm():
    decision = decided(health_form(C4={"age": fix("major")}))
    assert decision.rules == ("R91",)


def test_a_hidden_answer_is_kept_and_comes_back_with_its_question():
    answers = parsed(health_form(B2="no", C1=effects(marriage_cp="major")))
    assert answers.get("C1", "marriage_cp") == "major"
    assert answers.visible(question_set()).get("C1", "marriage_cp") is None
    assert answers.visible(question_set()).get("C1", "age") == "none"


def test_a_short_form_still_counts_what_is_answered():
    assert decided(short_form(C1={"age": "major"})).rules == ("R02", "R90")
    assert decided(short_form(D3="dk")).outcome == "more_info"


def test_a_short_form_with_a_device_has_to_say_how_it_was_tested():
    decision = decided(short_form(A2=["technical", "digital_ai"]))
    assert decision.outcome == "more_info"
    assert decision.unanswered == (Unanswered("B7"),)
    assert decided(short_form(A2=["digital_ai"], B7="na")).outcome == "not_required"


def test_reasons_name_the_groups_and_cite_their_answers():
    decision = decided(health_form(C1=effects(age="dk", sex="dk", race="dk")))
    assert text_of(decision, "R09") == ("Find out the effect on Age, Race and Sex before deciding.")
    assert [one for one in cited(decision, "R09") if one[0] == "C1"] == [
        ("C1", "age", "dk"),
        ("C1", "race", "dk"),
        ("C1", "sex", "dk"),
    ]


def test_reasons_name_the_open_questions():
    decision = decided(health_form(B3="dk", D4="dk"))
    assert text_of(decision, "R13") == (
        "These questions are still open: B3 (Money, staff time or space) and "
        "D4 (People in several groups)."
    )
    assert cited(decision, "R13") == [("B3", None, "dk"), ("D4", None, "dk")]


def test_an_answer_is_cited_in_the_shape_it_was_given():
    decision = decided(health_form(C1=effects(age="minor"), C4={"age": fix("minor")}))
    assert ("C4", "age", fix("minor")) in cited(decision, "R04")
    assert ("C2", "sex", ("judgement",)) in cited(
        decided(health_form(C2=effects(["data"], sex=["judgement"]))), "R12"
    )


def test_every_protected_group_is_behind_a_screening_out():
    names = {group for question, group, _ in cited(decided(health_form()), "R91") if group}
    assert names == {group.id for group in question_set().group_list("pc").groups}


def test_all_matched_rules_are_kept_with_the_deciding_ones_first():
    decision = decided(health_form(B5="yes", G1="unsure", D1="yes"))
    assert decision.rules == ("R01", "R29", "R15", "R91")


def test_the_measure_is_asked_for_when_conditions_need_it():
    assert decided(health_form(B5="yes")).unanswered == (Unanswered("G2"),)
    measured = health_form(
        B5="yes", G2=[{"what": "Complaints", "owner": "Sam", "date": "2027-09-01"}]
    )
    assert decided(measured).unanswered == ()


def test_a_gap_is_asked_for_where_something_is_not_known():
    assert Unanswered("F2") in decided(health_form(C1=effects(age="dk"))).unanswered
    assert Unanswered("F2") in decided(health_form(C2=effects(["nothing"]))).unanswered
    assert Unanswered("F2") not in decided(short_form(C1={"age": "dk"})).unanswered


def test_the_team_may_stop_once_a_rule_of_the_top_outcome_matches():
    answers = parsed({"D1": "possibly", "B5": "yes"})
    assert [reason.rule for reason in top_matches(question_set(), answers)] == ["R01"]
    assert top_matches(question_set(), parsed(health_form(B5="yes"))) == ()


def test_after_stopping_only_what_stays_required_is_missing():
    form = health_form(D1="yes", F1_who=TEXT, D2=None, G1=None, C2=None, C3=None)
    answers = parsed({**form, "A5_who": "The board", "A7": ["org-1"]})
    assert Unanswered("D2") in answers.missing(question_set())
    assert answers.missing(question_set(), stopped=True) == ()


def test_submitting_asks_for_companions_and_long_enough_reasons():
    short = effects(TEXT, age="Too short")
    answers = parsed(health_form(A5_who="The board", D2_why=TEXT, F1_who=TEXT, C3=short))
    assert answers.missing(question_set()) == (Unanswered("C3", "age"),)
    answers = parsed(health_form(A5_who="The board", D2_why=TEXT, C3=effects(TEXT)))
    assert answers.missing(question_set()) == (Unanswered("F1_who"),)


def test_fully_covered_needs_all_three_ticks():
    form = health_form(A5_who="The board", D2_why=TEXT, F1_who=TEXT, A6="full")
    form |= {"A6_ref": "EQ-1", "A6_date": "2026-01-31", "A6_same": ["people", "place"]}
    assert parsed(form).missing(question_set()) == (Unanswered("A6_same"),)
    form["A6_same"] = ["people", "place", "period"]
    assert parsed(form).missing(question_set()) == ()


def test_a_measure_is_missing_only_for_the_outcome_that_needs_it():
    answers = parsed(health_form(A5_who="The board", D2_why=TEXT, F1_who=TEXT))
    assert answers.missing(question_set(), outcome="not_required") == ()
    assert answers.missing(question_set(), outcome="conditions") == (Unanswered("G2"),)


def test_a_half_filled_row_is_not_enough_to_submit():
    half = [{"what": "Complaints", "owner": "Sam"}]
    answers = parsed(health_form(A5_who="The board", D2_why=TEXT, F1_who=TEXT, G2=half))
    assert answers.missing(question_set(), outcome="conditions") == (Unanswered("G2"),)


def test_duties_are_raised_beside_the_outcome():
    assert decided(scottish_form(FSD="yes"), "scot-psed-fsd").duties == ("FSD",)
    assert decided(scottish_form(), "scot-psed-fsd").duties == ()
    assert decided(welsh_form(W4="yes"), "wales-reg8").duties == ("SED",)
    assert decided(health_form()).duties == ()


def test_reasons_come_in_the_language_of_the_set():
    found = question_set("wales-reg8")
    decision = decide(found, parse_answers(found, welsh_form()), language="cy")
    assert decision.reasons[0].text == (
        "Cafodd pobl eu cynnwys, ac nid oes niwed sylweddol yn debygol."
    )


def test_named_conditions_can_be_asked_of_a_form():
    assert shown(question_set(), parsed(short_form())).holds("NOREL")
    assert not shown(question_set(), parsed(health_form())).holds("NOREL")
    assert not shown(question_set(), parsed(health_form())).holds("NO_SUCH")


def test_replay_from_the_snapshot_agrees():
    snapshot = json.loads(json.dumps(question_set().to_snapshot()))
    again = from_snapshot(snapshot)
    for form in (health_form(), short_form(), health_form(**QUIET, C1=effects("dk"))):
        assert decide(again, parse_answers(again, form)) == decided(form)


def test_organisations_add_their_own_local_groups():
    grown = question_set().with_local_groups([("org-forces", "Armed forces community")])
    assert grown.digest != question_set().digest
    assert from_snapshot(grown.to_snapshot()).digest == grown.digest
    form = health_form(C1={**effects(), "org-forces": "major"})
    assert decide(grown, parse_answers(grown, form)).rules == ("R23", "R91")
    blank = decide(grown, parse_answers(grown, health_form()))
    assert Unanswered("C1", "org-forces") in blank.unanswered
    assert question_set().with_local_groups([]) is question_set()

"""What is answered from live data, state by state, and what the data suggest."""

from dataclasses import replace
from datetime import date

import pytest

from eqia.domain.answer_parsing import parse_answers
from eqia.domain.coverage_items import Item, Level, On
from eqia.domain.decisions import decide
from eqia.domain.errors import Invalid
from eqia.domain.findings import Direction
from eqia.domain.interchange import decision_as_json
from eqia.domain.measures import Baseline
from eqia.domain.pictures import ActionView, FindingView, MeasureFacts, Picture
from eqia.domain.readiness import AnswerCode, Given, refuse_auto
from eqia.domain.readiness_auto import derived
from eqia.domain.readiness_contents import equality_words
from eqia.domain.readiness_facts import Cycle, Deed, DeedKind, ReadinessFacts, Version
from eqia.domain.readiness_loading import in_force
from eqia.domain.readiness_owed import Need, owed_for
from eqia.domain.readiness_sheets import sheet_of
from eqia.domain.readiness_suggestions import suggestions
from eqia.domain.risks import RiskView
from eqia.domain.screenings import Status
from eqia.domain.standings import Standing
from eqia.domain.untold import Untold
from tests.domain.forms import everywhere, fix, health_form, question_set, short_form, welsh_form
from tests.readiness_builders import LAST_ITEM

TODAY = date(2026, 11, 25)
CHECKLIST = in_force(TODAY)
PARTS = {part.id: part for part in CHECKLIST.parts}
REPLY = Deed(DeedKind.REPLY, date(2026, 11, 20), "We wrote to the carers' forum.")
DONE = ActionView(id="a1", title="Ask a panel", kind="other", status="done")


def version(form, status=Status.SIGNED, name="EQS-2026-0001 v1", set_id="bhp-nhs"):
    asked = question_set(set_id)
    return Version(name, name, status, asked, parse_answers(asked, form))


def facts(form=None, *, outcome=None, set_id="bhp-nhs", **changed) -> ReadinessFacts:
    """A signed screening with its decision, and an empty plan, unless a test says otherwise."""
    asked = question_set(set_id)
    answers = parse_answers(asked, form or health_form())
    decision = decide(asked, answers)
    values = {
        "versions": (version(form or health_form(), set_id=set_id),),
        "question_set": asked,
        "answers": answers,
        "decision": decision_as_json(asked, decision, ()),
        "outcome": outcome or decision.outcome,
        "language": "en",
        "eqia_approved": False,
        "plan": Picture(today=TODAY),
        "blocking": (),
        "coverage": (0, 0, "No finding needs action"),
        "meanings": CHECKLIST.sets,
    }
    return ReadinessFacts(**{**values, **changed})


def answer_of(item, **changed):
    return derived(CHECKLIST, facts(**changed))[item]


def harmed(*groups, **changed):
    """Small harm to some groups, each with a whole fix: `conditions` by R04 or R24."""
    rows = health_form()
    fixes = {group: fix() for group in groups}
    effects = {**rows["C1"], **dict.fromkeys(groups, "minor")}
    return health_form(C1=effects, C4=fixes, **changed)


# 1.4


@pytest.mark.parametrize(
    ("versions", "answer"),
    [
        ([version(health_form())], "yes"),
        ([version(short_form())], "yes"),
        ([version(short_form(B9=None))], "not_yet"),
        ([version(health_form(B6=None))], "not_yet"),
        ([version(health_form(D2=None))], "not_yet"),
        ([version(health_form(A1=None))], "not_yet"),
        ([version(health_form(), Status.DRAFT)], "partly"),
        ([version(health_form(), Status.RETURNED)], "partly"),
        ([version(health_form(), Status.SUBMITTED)], "partly"),
        ([version(health_form(), Status.REVIEWED)], "partly"),
        ([version(short_form(), Status.DRAFT)], "partly"),
        ([version(health_form(), Status.DRAFT), version(health_form(D2=None))], "partly"),
        ([version(health_form(D2=None), Status.DRAFT), version(health_form())], "yes"),
        ([version(health_form(), Status.SUPERSEDED)], "not_yet"),
        ([], "not_yet"),
    ],
)
def test_equality_was_considered(versions, answer):
    assert answer_of("1.4", versions=tuple(versions)).answer == answer


def test_it_says_which_questions_are_not_answered():
    found = answer_of("1.4", versions=(version(health_form(B6=None, D2=None)),))
    assert found.lines == (
        "EQS-2026-0001 v1 does not answer B6 (Known differences), D2 (Chance to advance equality).",
    )


def test_a_set_the_list_does_not_name_is_read_by_the_parts_its_questions_play():
    form = welsh_form(P1="Bus stops move.")
    found = answer_of("1.4", form=form, set_id="wales-reg8")
    assert (found.answer, found.words.split("answers ")[1][:2]) == ("yes", "P1")


# 3.1.4


@pytest.mark.parametrize(
    ("statuses", "answer", "words"),
    [
        ([Status.SIGNED], "yes", "is signed. Outcome: Full EqIA not needed."),
        ([Status.DRAFT, Status.SIGNED], "yes", "is signed"),
        ([Status.DRAFT], "partly", "is not signed yet (draft)"),
        ([Status.SUBMITTED], "partly", "is not signed yet (submitted)"),
        ([Status.REVIEWED], "partly", "is not signed yet (reviewed)"),
        ([Status.RETURNED], "partly", "is not signed yet (returned)"),
        ([], "not_yet", "There is no screening."),
    ],
)
def test_the_change_was_screened(statuses, answer, words):
    versions = tuple(version(health_form(), status) for status in statuses)
    found = answer_of("3.1.4", versions=versions)
    assert (found.answer, words in found.words) == (answer, True)
    assert bool(found.screening) == bool(statuses)


# 3.2.3

AGE = {"m1": "age"}
BOTH = {"m1": "age", "m2": "disability"}
MISSING = Item("C14", Level.BLOCKS, On.MEASURE, "m1", "Missed visits", "It is worse.", "Review it")


@pytest.mark.parametrize(
    ("form", "more", "answer"),
    [
        (harmed("age"), {}, "not_yet"),
        (harmed("age"), {"read_by": {"m1": "race"}}, "not_yet"),
        (harmed("age"), {"read_by": AGE}, "yes"),
        (harmed("age"), {"read_by": AGE, "blocking": (MISSING,)}, "partly"),
        (harmed("age", "disability"), {"read_by": AGE}, "not_yet"),
        (harmed("age", "disability"), {"read_by": BOTH}, "yes"),
        (harmed("age", "carers"), {"read_by": AGE}, "partly"),
        (harmed("age", "carers"), {"read_by": {**AGE, "m2": "carers"}}, "yes"),
        # B5: a reply, and no measure however good.
        (health_form(B5="yes"), {}, "not_yet"),
        (health_form(B5="yes"), {"read_by": AGE}, "not_yet"),
        (health_form(B5="yes"), {"deeds": {"R15": REPLY}}, "yes"),
        (health_form(B5="yes"), {"deeds": {"R15": replace(REPLY, on=None)}}, "not_yet"),
        (health_form(B5="yes"), {"deeds": {"R27": REPLY}}, "not_yet"),
        # F1: an action that is done.
        (health_form(F1="none"), {}, "not_yet"),
        (health_form(F1="none"), {"read_by": AGE, "review_held": TODAY}, "not_yet"),
        # A5: a review.
        (health_form(A5="started"), {}, "not_yet"),
        (health_form(A5="started"), {"read_by": AGE}, "not_yet"),
        (health_form(A5="started"), {"review_held": TODAY}, "yes"),
        # Two rules, one answered.
        (health_form(A5="started", B5="yes"), {"review_held": TODAY}, "partly"),
        (
            health_form(A5="started", B5="yes"),
            {"review_held": TODAY, "deeds": {"R15": REPLY}},
            "yes",
        ),
        # A rule about no group: any group will do.
        (health_form(D4="yes"), {}, "not_yet"),
        (health_form(D4="yes"), {"read_by": {"m1": "sex"}}, "yes"),
    ],
)
def test_under_conditions_each_matched_rule_has_what_answers_it(form, more, answer):
    assert facts(form).outcome == "conditions"
    found = answer_of("3.2.3", form=form, **more)
    assert (found.answer, found.by_hand) == (answer, False)


@pytest.mark.parametrize(
    ("deed", "status", "answer"),
    [
        (Deed(DeedKind.INVOLVEMENT, None, "A panel of twelve.", "a1"), "done", "yes"),
        (Deed(DeedKind.INVOLVEMENT, None, "A panel of twelve.", "a1"), "open", "not_yet"),
        (Deed(DeedKind.INVOLVEMENT, None, "A panel of twelve.", "a9"), "done", "not_yet"),
        (Deed(DeedKind.REPLY, TODAY, "A panel of twelve.", "a1"), "done", "not_yet"),
        (None, "done", "not_yet"),
    ],
)
def test_nobody_was_asked_until_an_action_to_ask_them_is_done(deed, status, answer):
    plan = Picture(today=TODAY, actions=(replace(DONE, status=status),))
    deeds = {"R27": deed} if deed else {}
    found = answer_of("3.2.3", form=health_form(F1="none"), plan=plan, deeds=deeds)
    assert found.answer == answer


def test_what_keeps_the_plan_from_closing_is_named_without_its_figures():
    found = answer_of("3.2.3", form=harmed("age"), read_by=AGE, blocking=(MISSING, MISSING))
    assert found.lines[1:] == ("Missing in the plan: Missed visits. Review it.",)


def test_each_rule_says_what_it_waits_for():
    found = answer_of("3.2.3", form=harmed("age", "carers"), read_by=AGE)
    assert found.words == "1 of 2 things the decision asks for are in place."
    assert found.lines[1].endswith("No measure has a reading of this group yet: Unpaid carers.")


def test_under_the_lowest_outcome_the_team_answers():
    found = answer_of("3.2.3")
    assert (found.by_hand, found.answer) == (True, "")


ACTION = ActionView(
    id="a2", title="Ring people", kind="mitigation", findings=frozenset({"f1"}), measures={"m1"}
)
FINDING = FindingView(id="f1", group="age", label="Age", direction=Direction.NEGATIVE)
GAP = ActionView(id="a3", title="Ask the wards", kind="data_gap")


def full(*actions, **more):
    plan = Picture(today=TODAY, actions=actions, findings=(FINDING,))
    return answer_of("3.2.3", form=health_form(G1="yes", G1_why="Big."), plan=plan, **more)


def test_under_the_top_outcome_it_waits_for_the_eqia():
    found = full(ACTION, read_by=AGE)
    assert (found.answer, found.words) == ("not_yet", "Waiting for EqIA: it is not approved yet.")


@pytest.mark.parametrize(
    ("actions", "read_by", "answer"),
    [
        ((), AGE, "not_yet"),
        ((ACTION,), {}, "not_yet"),
        ((ACTION,), AGE, "yes"),
        # Of another group, or not of this action.
        ((ACTION,), {"m1": "sex"}, "not_yet"),
        ((ACTION,), {"m2": "age"}, "not_yet"),
        ((ACTION, GAP), AGE, "partly"),
        ((ACTION, replace(GAP, status="done")), AGE, "yes"),
        ((ACTION, replace(GAP, status="cancelled")), AGE, "yes"),
        ((replace(ACTION, findings=frozenset()),), {"m1": "sex"}, "yes"),
    ],
)
def test_with_an_approved_eqia_each_action_has_what_answers_it(actions, read_by, answer):
    assert full(*actions, read_by=read_by, eqia_approved=True).answer == answer


def test_an_outcome_raised_to_conditions_asks_for_a_measure():
    raised = facts(health_form(), outcome="conditions")
    (owed,) = owed_for(raised)
    assert (owed.need, owed.title) == (Need.MEASURE, "The reviewer asked for conditions.")
    assert derived(CHECKLIST, raised)["3.2.3"].answer == "not_yet"
    read = replace(raised, read_by=AGE)
    assert derived(CHECKLIST, read)["3.2.3"].answer == "yes"


def test_an_outcome_lowered_to_conditions_asks_for_its_rules_alone():
    lowered = facts(health_form(B5="yes", G1="yes", G1_why="Big."), outcome="conditions")
    assert [one.id for one in owed_for(lowered)] == ["R15"]


def test_a_tick_never_satisfies_what_is_answered_from_live_data():
    found = derived(CHECKLIST, facts(harmed("age")))
    ticked = {"3.2.3": Given(answer="yes", note="We are sure.")}
    sheet = sheet_of(CHECKLIST, ticked, facts(harmed("age")))
    assert sheet.given["3.2.3"].answer == AnswerCode.NOT_YET
    for part in CHECKLIST.auto_parts:
        with pytest.raises(Invalid) as refused:
            refuse_auto(part, found)
        assert refused.value.code == "read_only"
    refuse_auto(PARTS["3.2.3"], derived(CHECKLIST, facts()))


def test_the_equality_gate_is_open_once_its_three_items_are_settled():
    assert sheet_of(CHECKLIST, {}, facts(harmed("age"))).shut == (f"{LAST_ITEM} Not yet",)
    assert sheet_of(CHECKLIST, {}, facts(harmed("age"), read_by=AGE)).shut == ()
    # Nothing is asked for: the team's own answer counts, and a blank is never a yes.
    assert sheet_of(CHECKLIST, {}, facts()).shut == (f"{LAST_ITEM} No answer yet",)
    why = f"{LAST_ITEM} Does not apply (say why it does not apply)"
    assert sheet_of(CHECKLIST, {"3.2.3": Given(answer="na")}, facts()).shut == (why,)
    told = {"3.2.3": Given(answer="na", note="Nobody is affected.")}
    assert sheet_of(CHECKLIST, told, facts()).shut == ()


UNTOLD = Untold("m1", "Missed visits", ("18 to 64",))


@pytest.mark.parametrize("form", [health_form(), harmed("age")])
def test_no_answer_settles_it_while_something_stops_the_plan(form):
    told = {"3.2.3": Given(answer="yes")}
    held = sheet_of(CHECKLIST, told, facts(form, read_by=AGE, blocking=(MISSING,)))
    assert held.shut == (f"{LAST_ITEM} Partly",)
    assert "Missing in the plan: Missed visits. Review it." in held.derived["3.2.3"].lines
    assert sheet_of(CHECKLIST, told, facts(form, read_by=AGE)).shut == ()


@pytest.mark.parametrize("form", [health_form(), harmed("age")])
def test_where_figures_are_hidden_nothing_is_called_settled(form):
    told = {"3.2.3": Given(answer="yes")}
    hidden = facts(form, read_by=AGE, untold=(UNTOLD,), outside=True)
    seen = sheet_of(CHECKLIST, told, hidden)
    assert seen.shut == (f"{LAST_ITEM} Partly",)
    assert seen.derived["3.2.3"].lines[-1].endswith("hidden: Missed visits: 18 to 64.")
    # The team sees all there is: what nobody can know is told, and holds nothing up.
    team = sheet_of(CHECKLIST, told, replace(hidden, outside=False))
    words = equality_words(team, enforced=True)
    assert (team.shut, words.startswith("The equality items are settled as far as")) == ((), True)
    assert "Missed visits: 18 to 64" in words


# Suggestions


def suggested(part, **changed):
    found = suggestions(CHECKLIST, facts(**changed)).get(part)
    return found.answer if found else None


@pytest.mark.parametrize(
    ("code", "answer"),
    [("done", "yes"), ("planned", "partly"), ("none", "not_yet"), ("na", "na"), (None, None)],
)
@pytest.mark.parametrize("part", ["1.3", "3.1.5"])
def test_involvement_is_suggested_from_the_screening(part, code, answer):
    assert suggested(part, form=health_form(F1=code)) == answer


@pytest.mark.parametrize(
    ("code", "answer"), [("involved", "yes"), ("not_yet", "not_yet"), ("no", "not_yet")]
)
def test_each_set_says_what_its_own_codes_mean(code, answer):
    form = welsh_form(W2=code)
    assert suggested("1.3", form=form, set_id="wales-reg8") == answer


DATED = ActionView(id="a4", title="Ring", kind="other", owner="Sam", due=TODAY)
BARE = ActionView(id="a5", title="Write", kind="other")
READ = MeasureFacts(id="m1", title="Missed visits")
COMPARED = replace(READ, id="m2", standing=Standing(baseline=Baseline(TODAY, TODAY, "agreed", "")))
RISK = RiskView(id="r1", title="Vans break down", score=12)


@pytest.mark.parametrize(
    ("part", "plan", "answer"),
    [
        ("3.1.2", {}, "not_yet"),
        ("3.1.2", {"actions": (BARE,)}, "not_yet"),
        ("3.1.2", {"actions": (BARE, DATED)}, "partly"),
        ("3.1.2", {"actions": (DATED, replace(BARE, status="cancelled"))}, "yes"),
        ("3.1.2", {"actions": (replace(BARE, status="done"),)}, "yes"),
        ("3.1.3", {}, "not_yet"),
        ("3.1.3", {"measures": (READ,)}, "not_yet"),
        ("3.1.3", {"measures": (READ, COMPARED)}, "partly"),
        ("3.1.3", {"measures": (replace(READ, live=False), COMPARED)}, "yes"),
        ("3.2.4", {}, "not_yet"),
        ("3.2.4", {"risks": (RISK,)}, "not_yet"),
        ("3.2.4", {"risks": (RISK, replace(RISK, response=True))}, "partly"),
        ("3.2.4", {"risks": (replace(RISK, response=True),)}, "yes"),
        ("3.2.4", {"risks": (replace(RISK, is_open=False),)}, "yes"),
    ],
)
def test_what_the_plan_suggests(part, plan, answer):
    assert suggested(part, plan=Picture(today=TODAY, **plan)) == answer


@pytest.mark.parametrize(
    ("coverage", "answer"),
    [
        ((0, 0, "No finding needs action"), None),
        ((0, 2, "0 of 2"), "not_yet"),
        ((1, 2, "1 of 2"), "partly"),
        ((2, 2, "2 of 2"), "yes"),
    ],
)
def test_coverage_suggests_whether_the_data_are_right(coverage, answer):
    assert suggested("3.2.1", coverage=coverage) == answer


@pytest.mark.parametrize(
    ("decided", "answer"), [([], "not_yet"), ([False], "partly"), ([False, True], "yes")]
)
def test_cycles_suggest_whether_it_is_tested_small_first(decided, answer):
    cycles = tuple(Cycle(title="One ward", decided=one) for one in decided)
    assert suggested("3.2.5", cycles=cycles) == answer


def test_a_suggestion_never_sets_an_answer_by_itself():
    sheet = sheet_of(CHECKLIST, {}, facts())
    part = PARTS["1.3"]
    assert sheet.suggestion(part).answer == "yes"
    assert "1.3" not in sheet.given
    answered = sheet_of(CHECKLIST, {"1.3": Given(answer="yes")}, facts())
    assert answered.suggestion(part) is None


def test_every_group_of_the_form_can_be_the_one_a_rule_waits_for():
    everybody = health_form(
        C1=everywhere(("pc",), "minor"), C4=everywhere(("pc",), fix()), C2=everywhere(("pc",), [])
    )
    owed = next(one for one in owed_for(facts(everybody, outcome="conditions")) if one.id == "R04")
    assert len(owed.groups) == 9

"""P1 to P6 over every bundled set (questions.md section 4)."""

from itertools import product

import pytest

from eqia.domain.answer_parsing import parse_answers
from eqia.domain.answers import shown
from eqia.domain.compilation import compile_set
from eqia.domain.decisions import decide
from eqia.domain.moves import trials
from eqia.domain.question_set_checks import Findings, check_form, check_properties
from eqia.domain.question_set_loading import from_snapshot, load_question_sets
from eqia.domain.sample_forms import random_form
from tests.domain.forms import TEXT, question_set, seeded

FORMS = 20_000
SETS = [key[0] for key in load_question_sets()]


def problems(findings):
    return [(found.property, found.message, found.form) for found in findings.breaches]


@pytest.fixture(scope="module", params=SETS)
def tried(request):
    found = question_set(request.param)
    return found, check_properties(found, seeded(2026), FORMS)


def test_random_forms_break_no_property(tried):
    _, findings = tried
    assert findings.forms == FORMS
    assert problems(findings) == []


def test_every_rule_fires_and_every_outcome_occurs_on_complete_forms(tried):
    found, findings = tried
    assert findings.warnings == []
    assert {rule.id for rule in found.rules} <= findings.fired.keys()
    assert {outcome.id for outcome in found.outcomes} == findings.outcomes.keys()
    assert "default" not in findings.fired


# P1 in its own words, apart from what the set says of itself.

OPEN_QUESTIONS = [
    "A6",
    "B1",
    "B2",
    "B3",
    "B4",
    "B5",
    "B6",
    "B7",
    "B8",
    "D1",
    "D2",
    "D3",
    "D4",
    "D5",
]
TAKES = {"reduce_close_move", "eligibility", "workforce"}


def unsafe(form):
    """Why questions.md says this English form may not be screened out, if it may not."""
    rows = set(form["C1"]) - ({"marriage_cp"} if form["B2"] == "no" else set())
    protected = rows & {group.id for group in question_set().group_list("pc").groups}
    nobody = form["A3"] == ["nobody"]
    quiet = nobody and all(form[question] == "no" for question in ("B1", "B2", "B3", "B4"))
    takes = bool(TAKES & set(form["A2"]))
    yield any(form[question] == "dk" for question in OPEN_QUESTIONS)
    yield any(form["C1"][row] in ("minor", "mixed", "major") for row in rows)
    yield form["D1"] in ("possibly", "yes")
    yield nobody and takes
    if not quiet or takes:
        yield any(form["C1"][row] == "dk" for row in rows)
        yield any(form["C2"][row] == ["nothing"] for row in protected)


def test_no_unsafe_english_form_is_screened_out():
    chance, screened_out = seeded(7), 0
    for _ in range(3000):
        form = random_form(question_set(), chance)
        if decide(question_set(), parse_answers(question_set(), form)).outcome == "not_required":
            screened_out += 1
            assert not any(unsafe(form)), form
    assert screened_out > 300


def reversed_rules(found):
    snapshot = found.to_snapshot()
    snapshot["rules"].reverse()
    return from_snapshot(snapshot)


@pytest.mark.parametrize("name", SETS)
def test_the_order_of_rules_changes_nothing(name):
    found, chance = question_set(name), seeded(3)
    turned = reversed_rules(found)
    for _ in range(300):
        form = random_form(found, chance)
        straight = decide(found, parse_answers(found, form))
        assert decide(turned, parse_answers(turned, form)) == straight


@pytest.mark.parametrize("name", SETS)
def test_every_declared_move_can_be_made_on_some_form(name):
    found, chance = question_set(name), seeded(4)
    moving = {question.id for question in found.questions if question.steps or question.worse}
    moved = set()
    for _ in range(200):
        answers = parse_answers(found, random_form(found, chance))
        program = compile_set(found)
        state = program.run(answers.values)
        assert len(state) == program.size
        moved |= {t.question for t in trials(found, answers, shown(found, answers))}
    assert moved == moving


# Small sets in full, on fewer groups.


def reduced(name, **kept):
    snapshot = question_set(name).to_snapshot()
    for list_id, count in kept.items():
        del snapshot["groups"][list_id][count:]
    return from_snapshot(snapshot)


def rows(found, list_id, answers):
    names = [group.id for group in found.group_list(list_id).groups]
    return dict(zip(names, answers, strict=True))


def all_ni_forms(found):
    effects = ("none", "minor", "major", "dk")
    plans = ("recorded", "not_recorded", "not_needed")
    answers = product(product(effects, repeat=3), product(effects, repeat=2), ("yes", "no", "dk"))
    for (equality, relations, several), plan in product(answers, plans):
        yield {
            "Q1": rows(found, "equality", equality),
            "Q2": rows(found, "equality", ("no",) * 3),
            "Q3": rows(found, "relations", relations),
            "Q4": rows(found, "relations", ("no",) * 2),
            "Q5": several,
            "M": plan,
        }


def all_scottish_forms(_found):
    for screen in product(("yes", "no", "dk"), repeat=4):
        for strategic in ("yes", "no"):
            answers = dict(zip(("S1", "S2", "S3", "S4"), screen, strict=True))
            yield {**answers, "FSD": strategic, "J": TEXT}


def all_welsh_forms(found):
    effects = ("positive", "none", "minor", "substantial", "dk")
    answers = product(product(effects, repeat=3), product(effects, repeat=2))
    for (protected, also), involved in product(answers, ("involved", "not_yet", "no")):
        for strategic in ("yes", "no"):
            yield {
                "W1": rows(found, "pc", protected),
                "W3": rows(found, "also", also),
                "W2": involved,
                "W4": strategic,
            }


@pytest.mark.parametrize(
    ("name", "kept", "forms", "count"),
    [
        ("ni-s75", {"equality": 3, "relations": 2}, all_ni_forms, 9216),
        ("scot-psed-fsd", {}, all_scottish_forms, 162),
        ("wales-reg8", {"pc": 3}, all_welsh_forms, 18_750),
    ],
)
def test_small_sets_hold_on_every_form_there_is(name, kept, forms, count):
    found, findings, chance = reduced(name, **kept), Findings(), seeded(5)
    for i, form in enumerate(forms(found)):
        # One in five with every check; the others with every worse move sampled.
        check_form(found, form, chance, findings, thorough=i % 5 == 0)
    assert findings.forms == count
    assert problems(findings) == []
    assert findings.warnings == []
    assert {rule.id for rule in found.rules} == findings.fired.keys()


# The checks themselves can fail.


def broken(name, change):
    snapshot = question_set(name).to_snapshot()
    change(snapshot)
    return check_properties(from_snapshot(snapshot), seeded(1), 400)


def drop(rule_id):
    def change(snapshot):
        snapshot["rules"] = [rule for rule in snapshot["rules"] if rule["id"] != rule_id]

    return change


def only_harmless(snapshot):
    """An evidence rule that exempts harmful answers lets harm lower the outcome."""
    rule = next(rule for rule in snapshot["rules"] if rule["id"] == "L3")
    harmed = {"not": {"in": ["W1", ["positive", "none"]]}}
    rule["when"] = {"not": {"some": {"over": "pc", "where": harmed}}}


@pytest.mark.parametrize(
    ("name", "change", "property_name"),
    [
        ("wales-reg8", drop("L5"), "P1"),
        ("wales-reg8", only_harmless, "P2"),
        ("bhp-nhs", drop("R02"), "P2"),
        ("bhp-nhs", drop("R32"), "P1"),
    ],
)
def test_a_set_without_a_rule_it_needs_is_found_out(name, change, property_name):
    findings = broken(name, change)
    assert property_name in {breach.property for breach in findings.breaches}


def test_an_odd_set_can_still_be_tried():
    def change(snapshot):
        snapshot["questions"].append(
            {
                "id": "ODD",
                "type": "many",
                "text": {"en": "?"},
                "record_only": True,
                "section": "screen",
                "choices": [{"code": "only", "label": {"en": "Only"}, "exclusive": True}],
            }
        )
        short = next(question for question in snapshot["questions"] if question["id"] == "J")
        short["max_length"] = 3

    assert broken("scot-psed-fsd", change).breaches == []


def test_a_rule_that_never_fires_is_reported():
    def change(snapshot):
        rule = next(rule for rule in snapshot["rules"] if rule["id"] == "C1")
        rule["when"] = {"all": [{"is": ["S1", "yes"]}, {"is": ["S1", "no"]}]}

    findings = broken("scot-psed-fsd", change)
    messages = [warning.message for warning in findings.warnings]
    assert "rule C1 fired on no form" in messages
    assert "a complete form reaches the default" in messages

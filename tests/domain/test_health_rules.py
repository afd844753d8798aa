"""Every rule of the English health set, fired and not fired (questions.md section 3)."""

import pytest

from tests.domain.forms import QUIET, decided, effects, fix, health_form, question_set, short_form


def four(effect="minor", **others):
    return effects("none", age=effect, disability=effect, race=effect, sex=effect, **others)


def four_fixed(residual):
    return {group: fix(residual) for group in ("age", "disability", "race", "sex")}


HARM = {"C1": effects(age="minor"), "C4": {"age": fix("minor")}}


@pytest.mark.parametrize(
    ("changed", "outcome", "rule"),
    [
        pytest.param({}, "not_required", "R91", id="clean base"),
        pytest.param({"C2": effects(["nothing"])}, "more_info", "R11", id="all nothing"),
        pytest.param({"C2": effects(["judgement"])}, "conditions", "R12", id="all judgement"),
        pytest.param(
            {"C2": effects(["judgement"]), "A4": "lt50"}, "not_required", "R91", id="few people"
        ),
        pytest.param(
            {"C1": effects(age="minor"), "C4": {"age": fix()}}, "conditions", "R04", id="one fixed"
        ),
        pytest.param(
            {"C1": four(), "C4": four_fixed("none")},
            "conditions",
            "R04",
            id="four fixed, none left",
        ),
        pytest.param(
            {"C1": four(), "C4": four_fixed("minor")}, "full", "R05", id="four fixed, small left"
        ),
        pytest.param({"A2": ["reduce_close_move"]}, "full", "R06", id="closing"),
        pytest.param(
            {**QUIET, "A2": ["reduce_close_move"]}, "more_info", "R31", id="quiet closing"
        ),
        pytest.param({"A6": "partly"}, "more_info", "R32", id="partly covered"),
        pytest.param({"B7": "vendor"}, "conditions", "R33", id="supplier tests"),
        pytest.param(
            {"B8": "no_alternative", "A4": "lt50"}, "conditions", "R34", id="no alternative, few"
        ),
    ],
)
def test_the_check_values_of_the_design_hold(changed, outcome, rule):
    decision = decided(health_form(**changed))
    assert decision.outcome == outcome
    deciding = [reason.rule for reason in decision.reasons if reason.outcome == outcome]
    assert deciding == [rule]


FIRES = {
    "R01": [{"D1": "possibly"}, {"D1": "yes"}],
    "R02": [
        {"C1": effects(age="major")},
        {"C1": effects(age="major"), "C4": {"age": fix("none")}},
    ],
    "R03": [
        {"C1": effects(age="minor")},
        {"C1": effects(age="mixed"), "C4": {"age": fix(owner=None)}},
        {"C1": effects(age="minor"), "C4": {"age": fix("major")}},
        {"C1": effects(age="minor"), "C4": {"age": fix("dk")}},
    ],
    "R04": [HARM, {"C1": effects(sex="mixed"), "C4": {"sex": fix("none")}}],
    "R05": [
        {"C1": effects("none", age="major", sex="minor", race="mixed")},
        {"C1": four(), "C4": four_fixed("minor")},
    ],
    "R06": [{"A2": ["eligibility"]}, {"A2": ["reduce_close_move", "new"], "A6": "partly"}],
    "R07": [{"B7": "untested"}],
    "R08": [{"B8": "no_alternative"}, {"B8": "no_alternative", "A4": "lt50", **HARM}],
    "R09": [{"C1": effects(race="dk")}],
    "R10": [{"C1": effects("none", age="dk", sex="dk", race="dk")}],
    "R11": [{"C2": effects(["data"], sex=["nothing"])}],
    "R12": [
        {"C2": effects(["data"], sex=["judgement"])},
        {"C1": effects(sex="positive"), "C2": effects(["data"], sex=["judgement"]), "A4": "lt50"},
    ],
    "R13": [
        {f"{part}{i}": "dk"} for part, last in (("B", 8), ("D", 5)) for i in range(1, last + 1)
    ],
    "R14": [{"B5": "yes", **HARM}, {"B5": "yes", "C1": effects(carers="minor")}],
    "R15": [{"B5": "yes"}],
    "R16": [{"B6": "yes", "D2": "not_taken"}],
    "R17": [{"B6": "yes", "D2": "taken"}, {"B6": "yes", **HARM}],
    "R18": [{"D3": "harm"}],
    "R19": [{"D4": "yes", **HARM}],
    "R20": [{"D4": "yes"}],
    "R21": [{"D5": "yes", **HARM}],
    "R22": [{"A4": "5000plus", **HARM}, {"A4": "dk", **HARM}],
    "R23": [{"C1": effects(carers="major")}],
    "R24": [{"C1": effects(carers="minor"), "C4": {"carers": fix("minor")}}],
    "R25": [{"C1": effects(deprivation="dk")}],
    "R26": [{"F1": "none", **HARM}, {"F1": "na", **HARM}],
    "R27": [{"F1": "none"}],
    "R28": [{"G1": "yes"}],
    "R29": [{"G1": "unsure"}],
    "R30": [{"A5": "approved"}, {"A5": "started"}],
    "R31": [
        {**QUIET, "B1": "dk"},
        {**QUIET, "B4": "yes"},
        {**QUIET, "A2": ["workforce"]},
    ],
    "R32": [{"A6": "partly"}, {"A6": "dk"}],
    "R33": [{"B7": "vendor"}],
    "R34": [{"B8": "no_alternative", "A4": "lt50"}],
    "R35": [{"C1": effects(carers="mixed")}],
    "R90": [QUIET, {**QUIET, "C1": None, "C2": None, "D1": None}],
    "R91": [{}, {"C1": effects("positive")}, {"C1": effects(marriage_cp="none"), "B2": "no"}],
}

STAYS_QUIET = {
    "R01": [{}, {"D1": "dk"}, {"D1": None}],
    "R02": [{"C1": effects(carers="major")}, {"C1": effects(marriage_cp="major"), "B2": "no"}],
    "R03": [HARM, {"C1": effects(carers="minor")}, {"C1": effects(age="major")}],
    "R04": [{"C1": effects(age="minor")}, {"C1": effects(carers="minor"), "C4": {"carers": fix()}}],
    "R05": [
        {"C1": effects("none", age="minor", sex="minor", carers="minor")},
        {"C1": four(), "C4": four_fixed("none")},
        {"C1": effects("none", age="dk", sex="dk", race="dk")},
    ],
    "R06": [{"A2": ["eligibility"], "A6": "full"}, {**QUIET, "A2": ["eligibility"]}, {}],
    "R07": [{"B7": "vendor"}, {"B7": "tested"}],
    "R08": [{"B8": "alternative"}, {"B8": "no_alternative", "A4": "lt50"}],
    "R09": [{"C1": effects(carers="dk")}, {**QUIET, "C1": effects(race="dk")}],
    "R10": [
        {"C1": effects("none", age="dk", sex="dk")},
        {"C1": effects("none", age="dk", sex="dk", race="dk"), "A4": "lt50"},
        {**QUIET, "C1": effects("dk")},
    ],
    "R11": [
        {"C1": effects(age="dk"), "C2": effects(["data"], age=["nothing"])},
        {"C2": effects(["data"], carers=["nothing"])},
        {**QUIET, "C2": effects(["nothing"])},
    ],
    "R12": [
        {"C2": effects(["judgement", "data"])},
        {"C1": effects(age="dk"), "C2": effects(["data"], age=["judgement"])},
        {**QUIET, "C2": effects(["judgement"])},
    ],
    "R13": [{}, {"A4": "dk"}, {"A6": "dk"}],
    "R14": [HARM, {"B5": "yes"}, {"B5": "yes", "C1": effects(sex="minor"), "C4": {"sex": fix()}}],
    "R15": [{"B5": "no"}, {"B5": "dk"}],
    "R16": [{"B6": "no", "D2": "not_taken"}, {"B6": "yes", "D2": "taken"}],
    "R17": [{"B6": "yes", "D2": "none"}, HARM],
    "R18": [{"D3": "dk"}, {"D3": "helps"}],
    "R19": [HARM, {"D4": "yes"}],
    "R20": [{"D4": "no"}],
    "R21": [HARM, {"D5": "yes"}],
    "R22": [HARM, {"A4": "5000plus"}, {"A4": "5000plus", "C1": effects(carers="major")}],
    "R23": [{"C1": effects(age="major")}, {"C1": effects(carers="minor")}],
    "R24": [{"C1": effects(carers="minor")}, HARM],
    "R25": [{"C1": effects(age="dk")}, {**QUIET, "C1": effects("dk")}],
    "R26": [{"F1": "none"}, HARM, {"F1": "planned", **HARM}],
    "R27": [{"F1": "na"}, {**QUIET, "F1": "none"}],
    "R28": [{"G1": "no"}, {"G1": None}],
    "R29": [{"G1": "no"}],
    "R30": [{"A5": "preferred"}, {"A5": "idea"}],
    "R31": [QUIET, {"B1": "yes"}, {**QUIET, "A2": ["policy"]}],
    "R32": [{"A6": "full"}, {"A6": None}],
    "R33": [{"B7": "tested"}],
    "R34": [{"B8": "alternative"}],
    "R35": [
        {"C1": effects(carers="major")},
        {"C1": effects(carers="minor"), "C4": {"carers": fix()}},
        {"C1": effects(age="minor")},
    ],
    "R90": [{}, {**QUIET, "A2": ["workforce"]}, {**QUIET, "B3": "dk"}],
    "R91": [
        {"C1": effects(age="dk")},
        {"C2": effects(["data"], age=["nothing"])},
        {"C1": effects(age="minor"), "C4": {"age": fix()}},
        QUIET,
    ],
}


def cases(table):
    return [
        pytest.param(rule, changed, id=f"{rule} {i}")
        for rule, forms in table.items()
        for i, changed in enumerate(forms)
    ]


@pytest.mark.parametrize(("rule", "changed"), cases(FIRES))
def test_a_rule_fires(rule, changed):
    decision = decided(health_form(**changed))
    assert rule in decision.rules
    reason = next(reason for reason in decision.reasons if reason.rule == rule)
    assert reason.outcome == question_set().rule(rule).outcome
    assert reason.answers


@pytest.mark.parametrize(("rule", "changed"), cases(STAYS_QUIET))
def test_a_rule_stays_quiet(rule, changed):
    assert rule not in decided(health_form(**changed)).rules


def test_every_rule_of_the_set_is_in_both_tables():
    rules = {rule.id for rule in question_set().rules}
    assert rules == FIRES.keys() == STAYS_QUIET.keys()
    assert len(rules) == 37


@pytest.mark.parametrize(
    ("rule", "tags", "overridable"),
    [
        ("R01", ("advice",), False),
        ("R02", (), False),
        ("R03", (), True),
        ("R23", ("local",), True),
        ("R24", ("local",), True),
        ("R25", ("local",), True),
        ("R30", ("late",), True),
        ("R31", ("disagree",), True),
        ("R35", ("local",), True),
    ],
)
def test_rules_carry_their_tags(rule, tags, overridable):
    found = question_set().rule(rule)
    assert (found.tags, found.overridable) == (tags, overridable)


def test_only_two_rules_refuse_an_override():
    assert [rule.id for rule in question_set().rules if not rule.overridable] == ["R01", "R02"]


def test_nobody_affected_needs_only_the_short_form():
    decision = decided(short_form())
    assert (decision.outcome, decision.rules, decision.unanswered) == ("not_required", ("R90",), ())


def test_local_basis_and_other_changes_without_harm_fire_nothing():
    calm = decided(health_form(C2=effects(["data"], carers=["nothing"]), D5="yes"))
    assert (calm.outcome, calm.rules) == ("not_required", ("R91",))


def test_a_widening_is_a_change_and_not_a_narrowing():
    assert decided(health_form(A2=["change", "new"])).outcome == "not_required"

"""What would change it, held against trying everything the slow way (section 6)."""

from itertools import combinations

import pytest

from eqia.domain.answer_parsing import parse_answers
from eqia.domain.answers import shown
from eqia.domain.decisions import decide, outcome_of
from eqia.domain.moves import trials
from eqia.domain.sample_forms import random_form
from eqia.domain.what_would_change import MOST, what_would_change
from tests.domain.forms import (
    effects,
    fix,
    health_form,
    parsed,
    question_set,
    scottish_form,
    seeded,
    short_form,
    welsh_form,
)
from tests.work import calls_in

DK = {f"{part}{i}": "dk" for part, last in (("B", 8), ("D", 5)) for i in range(1, last + 1)}
#: Nine thousand today, two milliseconds on a slow machine; the design allows five.
CALLS = 15_000
ALL_OPEN = {**DK, "A4": "dk", "A6": "dk", "C1": effects("dk"), "C2": effects(["nothing"])}


def ways(form, name="bhp-nhs"):
    found = {}
    for change in what_would_change(question_set(name), parsed(form, name)):
        listed = [(one.question, one.group, one.answer) for one in change.changes]
        found.setdefault(change.outcome, []).append(listed)
    return found


def tried(values, changes, found, program):
    copy = {k: dict(v) if found.question(k).scope else v for k, v in values.items()}
    for one in changes:
        if one.group is None:
            copy[one.question] = one.answer
        else:
            copy.setdefault(one.question, {})[one.group] = one.answer
    return outcome_of(program, program.run(copy)).outcome.rank


def by_trying_everything(found, answers):
    view = shown(found, answers)
    program, every = view.program, list(trials(found, answers, view))
    here = outcome_of(program, view.state).outcome.rank
    expected = {}
    for outcome in found.by_rank:
        if outcome.rank == here:
            continue
        fit = [one for one in every if one.is_step or outcome.rank > here]
        singles = [(one,) for one in fit]
        pairs = (
            (a, b)
            for a, b in combinations(fit, 2)
            if (a.question, a.group) != (b.question, b.group)
        )
        for candidates in (singles, pairs):
            good = []
            for way in candidates:
                if tried(answers.values, way, found, program) == outcome.rank:
                    good.append([(one.question, one.group, one.answer) for one in way])
                if len(good) == MOST:
                    break
            if good:
                expected[outcome.id] = good
                break
    return expected, here


@pytest.mark.parametrize(
    ("name", "forms"), [("bhp-nhs", 40), ("ni-s75", 60), ("scot-psed-fsd", 60), ("wales-reg8", 60)]
)
def test_it_finds_exactly_what_trying_everything_finds(name, forms):
    found, chance = question_set(name), seeded(11)
    for _ in range(forms):
        answers = parse_answers(found, random_form(found, chance))
        expected, here = by_trying_everything(found, answers)
        given = what_would_change(found, answers)
        shape = {}
        for change in given:
            if change.changes:
                one_way = [(one.question, one.group, one.answer) for one in change.changes]
                shape.setdefault(change.outcome, []).append(one_way)
        assert shape == expected
        stuck = [change for change in given if not change.changes]
        lowered = any(found.outcome(outcome).rank < here for outcome in expected)
        assert bool(stuck) == (here > 0 and not lowered)


def test_nothing_is_shown_while_a_question_is_open():
    assert what_would_change(question_set(), parsed(health_form(B1=None))) == ()
    assert what_would_change(question_set(), parsed({})) == ()


def test_one_open_row_is_all_that_stands_in_the_way():
    found = ways(health_form(C1=effects(age="dk")))
    assert found["not_required"] == [
        [("C1", "age", "positive")],
        [("C1", "age", "none")],
    ]


def test_two_open_rows_need_two_answers():
    found = ways(health_form(C1=effects(age="dk", sex="dk")))
    assert found["not_required"][0] == [("C1", "age", "positive"), ("C1", "sex", "positive")]
    assert len(found["not_required"]) == 4


def test_three_open_rows_are_too_many_for_two_answers():
    found = ways(health_form(C1=effects(age="dk", sex="dk", race="dk"), A4="lt50"))
    assert "not_required" not in found
    assert found["more_info"] == [[]]


def test_a_written_plan_is_one_change_and_keeps_what_is_written():
    form = health_form(C1=effects(age="minor"), C4={"age": fix(owner=None, residual=None)})
    (first, *_rest) = ways(form)["conditions"]
    assert first == [
        (
            "C4",
            "age",
            {"action": "Ring people", "owner": "…", "due": "2027-01-31", "residual": "none"},
        )
    ]
    applied = {**form, "C4": {"age": first[0][2]}}
    assert decide(question_set(), parsed(applied)).outcome == "conditions"


def test_an_imagined_plan_is_dated_by_the_decision():
    form = health_form(C1=effects(age="minor"))
    assert ways(form)["conditions"][0][0][2]["due"] == "2027-06-30"


def test_less_harm_is_never_offered():
    found = ways(health_form(C1=effects(age="major")))
    assert found == {"full": [[]]}
    changed = ways(health_form(C1=effects(age="minor"), C4={"age": fix()}))
    lower = [one for way in changed.get("not_required", []) for one in way]
    assert not [one for one in lower if one[0] == "C1"]


def test_a_yes_never_becomes_a_no_and_a_late_decision_never_early():
    found = ways(health_form(B5="yes", A5="approved"))
    lower = [one for way in found.get("not_required", []) for one in way]
    assert lower == []
    assert found["conditions"] == [[]]


def test_upward_the_worse_answers_are_listed_in_form_order():
    found = ways(health_form())
    assert found["full"][0] == [("A2", None, ("change", "reduce_close_move"))]
    assert found["conditions"][0] == [("A5", None, "approved")]
    assert all(len(listed) == MOST for listed in found.values())


def test_what_cannot_be_lowered_says_in_words_what_holds_it_up():
    form = health_form(A2=["reduce_close_move"], G1="yes")
    stuck = [c for c in what_would_change(question_set(), parsed(form)) if not c.changes]
    assert [change.outcome for change in stuck] == ["full"]
    reasons = {one.rule: one.text for one in decide(question_set(), parsed(form)).reasons}
    assert stuck[0].text.endswith(f"It stands because: {reasons['R06']} {reasons['R28']}")


def test_the_words_say_if_this_becomes_true():
    changes = what_would_change(question_set(), parsed(health_form(C1=effects(age="dk"))))
    assert changes[0].text == (
        "If this becomes true: C1 (Likely effect), Age: Helps, "
        "the outcome becomes: Full EqIA not needed."
    )


def test_the_words_are_welsh_where_the_reader_is():
    found = question_set("wales-reg8")
    answers = parse_answers(found, welsh_form(W2="not_yet"))
    (first, *_rest) = what_would_change(found, answers, language="cy")
    assert first.text.startswith("Os daw hyn yn wir: W2 (Cynnwys pobl): Wedi'u cynnwys")


def test_scotland_lowers_only_what_is_not_known():
    assert ways(scottish_form(S1="dk"), "scot-psed-fsd")["declaration_not_required"] == [
        [("S1", None, "no")]
    ]
    assert ways(scottish_form(S1="yes"), "scot-psed-fsd") == {"eqia_required": [[]]}


def test_a_short_form_can_only_rise():
    assert set(ways(short_form())) <= {"conditions", "more_info", "full"}


def test_every_listed_change_gives_its_outcome_when_applied():
    form = health_form(**ALL_OPEN)
    for outcome, listed in ways(form).items():
        for way in listed:
            copy = {k: dict(v) if isinstance(v, dict) else v for k, v in form.items()}
            for question, group, answer in way:
                given = list(answer) if isinstance(answer, tuple) else answer
                if group is None:
                    copy[question] = given
                else:
                    copy[question][group] = given
            assert decide(question_set(), parsed(copy)).outcome == outcome


def test_a_form_with_every_answer_open_is_little_work():
    answers = parsed(health_form(**ALL_OPEN))
    what_would_change(question_set(), answers)
    assert calls_in(lambda: what_would_change(question_set(), answers)) < CALLS

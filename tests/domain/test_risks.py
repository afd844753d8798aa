"""Risks and issues: what they must say, how they are scored, and what a high one lacks (C18)."""

from dataclasses import replace
from datetime import date
from itertools import product
from uuid import uuid4

import pytest

from eqia.domain.coverage import Level, On, Picture, blocking, items
from eqia.domain.errors import Invalid
from eqia.domain.risks import (
    HIGH,
    IMPACTS,
    LIKELIHOODS,
    MEDIUM,
    MOST,
    SCORE_WORDS,
    STEPS,
    Known,
    Risk,
    RiskView,
    check_risk,
    is_high,
    score,
    score_words,
)

ACTION = uuid4()
KNOWN = Known({"age": "Age"}, {ACTION})
RISK = Risk(
    kind="risk",
    cause="There is one driver.",
    event="The driver falls ill.",
    effect="Disabled people wait longest.",
    likelihood=3,
    impact=4,
)
TODAY = date(2026, 11, 24)
VIEW = RiskView(id="r", title="The driver falls ill.", score=HIGH, response=True, review_date=TODAY)


def problems(**changed):
    try:
        check_risk(replace(RISK, **changed), KNOWN)
    except Invalid as refusal:
        return [one.field for one in refusal.problems]
    return []


def raised(**changed):
    picture = Picture(today=TODAY, risks=(replace(VIEW, **changed),))
    return [one.rule for one in items(picture)]


def test_a_whole_risk_is_kept_with_its_group_and_action_or_without():
    assert problems() == []
    assert problems(group="age", action=ACTION) == []


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"kind": "worry"}, "kind"),
        ({"kind": ""}, "kind"),
        ({"cause": " \n"}, "cause"),
        ({"event": ""}, "event"),
        ({"effect": "\t"}, "effect"),
        ({"likelihood": 0}, "likelihood"),
        ({"likelihood": 6}, "likelihood"),
        ({"impact": 0}, "impact"),
        ({"impact": -1}, "impact"),
        ({"group": "shoe_size"}, "group"),
        ({"action": uuid4()}, "action"),
    ],
)
def test_a_risk_that_says_too_little_or_names_what_is_not_there_is_refused(changed, field):
    assert problems(**changed) == [field]


def test_every_problem_is_told_at_once():
    blank = {"cause": "", "event": "", "effect": "", "kind": "", "likelihood": 0, "impact": 0}
    assert problems(**blank) == ["kind", "cause", "event", "effect", "likelihood", "impact"]


def test_the_score_is_the_product_and_each_has_a_word():
    seen = set()
    for likelihood, impact in product(STEPS, STEPS):
        points = score(likelihood, impact)
        assert 1 <= points <= MOST
        assert points == score(impact, likelihood)
        words = score_words(points)
        assert words.startswith(f"{points} of {MOST}, ")
        assert words.endswith("high") is is_high(points)
        seen.add(words.rpartition(" ")[2])
    assert seen == {"low", "medium", "high"}


@pytest.mark.parametrize(
    ("points", "word"),
    [(1, "low"), (5, "low"), (6, "medium"), (10, "medium"), (12, "high"), (25, "high")],
)
def test_where_one_word_ends_and_the_next_begins(points, word):
    assert score_words(points) == f"{points} of 25, {word}"
    assert (MEDIUM, HIGH) == (6, 12)
    assert "12 or more counts as high, and 6 to 11 as medium" in SCORE_WORDS


def test_making_a_risk_worse_never_makes_its_score_lower():
    for likelihood, impact in product(range(1, 5), range(1, 5)):
        here = score(likelihood, impact)
        assert score(likelihood + 1, impact) > here
        assert score(likelihood, impact + 1) > here


def test_every_step_has_words():
    assert list(LIKELIHOODS) == list(IMPACTS) == [str(step) for step in STEPS]


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"response": False}, "It scores 12 of 25, high, and has no response."),
        ({"review_date": None}, "and has no date to look at it again."),
        (
            {"response": False, "review_date": None},
            "and has no response and no date to look at it again.",
        ),
    ],
)
def test_a_high_risk_without_response_or_date_is_named(changed, words):
    (found,) = items(Picture(today=TODAY, risks=(replace(VIEW, **changed),)))
    assert (found.rule, found.level, found.on, found.row) == ("C18", Level.WARN, On.RISK, "r")
    assert found.name == "The driver falls ill."
    assert found.text.endswith(words)
    assert blocking([found]) == ()


def test_one_that_is_answered_closed_or_not_high_is_not():
    assert raised() == []
    assert raised(response=False, is_open=False) == []
    assert raised(response=False, score=HIGH - 1) == []
    assert raised(response=False, score=HIGH) == ["C18"]


def test_the_owner_of_an_open_risk_who_has_left_is_named():
    picture = Picture(today=TODAY, risks=(replace(VIEW, owner="Sam"),), inactive=frozenset({"Sam"}))
    assert [one.rule for one in items(picture)] == ["C20"]
    closed = replace(picture, risks=(replace(VIEW, owner="Sam", is_open=False),))
    assert items(closed) == ()

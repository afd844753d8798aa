"""Figures are exact, and five empty states are five different words."""

from decimal import Decimal
from fractions import Fraction

import pytest

from eqia.domain.errors import Invalid
from eqia.domain.measures import (
    Baseline,
    Definition,
    Routine,
    Target,
    check_baseline,
    check_target,
    definition_problems,
    members_from,
    routine_problems,
)
from eqia.domain.periods import Period
from eqia.domain.readings import (
    Figure,
    checked,
    figure_words,
    improved,
    in_words,
    is_correction,
    pooled,
    value_of,
)
from tests.builders import NOW

TODAY = NOW.date()
PAST = Period(TODAY.replace(month=1, day=1), TODAY.replace(month=3, day=31))
NOW_ON = Period(TODAY.replace(month=10, day=1), TODAY.replace(month=12, day=31))


def define(**changed):
    given = {
        "shape": "proportion",
        "numerator": "Visits missed",
        "denominator": "Visits booked",
        "direction": "down",
        "members": members_from(["Under 65", "65 and over"], ["Not recorded"]),
    }
    return Definition(**{**given, **changed})


SHARE, RATE = define(), define(shape="rate", per=1000)
MEAN, COUNT = define(shape="mean", unit="days"), define(shape="count")


@pytest.mark.parametrize(
    ("definition", "figure", "value", "words"),
    [
        (SHARE, Figure("", 1, 3), Fraction(1, 3), "33.3% (1 of 3)"),
        (SHARE, Figure("", 0, 3), Fraction(0), "0.0% (0 of 3)"),
        (SHARE, Figure("", 1, 8), Fraction(1, 8), "12.5% (1 of 8)"),
        (SHARE, Figure("", 1, 16), Fraction(1, 16), "6.3% (1 of 16)"),
        (RATE, Figure("", 7, 2000), Fraction(7, 2), "3.5 per 1,000 (7 of 2,000)"),
        (MEAN, Figure("", value=Decimal("12.25")), Fraction(49, 4), "12.3 days"),
        (MEAN, Figure("", value=Decimal("-0.04")), Fraction(-1, 25), "0.0 days"),
        (COUNT, Figure("", 1200), Fraction(1200), "1,200"),
        (
            SHARE,
            Figure("", 1, 2, state="provisional"),
            Fraction(1, 2),
            "50.0% (1 of 2), provisional",
        ),
    ],
)
def test_a_figure_is_worked_out_exactly_and_rounded_only_in_words(definition, figure, value, words):
    assert value_of(definition, figure) == value
    assert figure_words(definition, figure) == words


def test_five_empty_states_are_five_different_words():
    states = ("masked_at_source", "not_collected", "not_applicable")
    words = [figure_words(SHARE, Figure("", state=state)) for state in states]
    words += [figure_words(SHARE, None), figure_words(SHARE, Figure("", 0, 5))]
    assert len(set(words)) == 5
    assert all(value_of(SHARE, Figure("", state=state)) is None for state in states)


def test_figures_are_pooled_by_their_parts_not_by_their_shares():
    figures = [Figure("", 1, 2), Figure("", 0, 8), Figure("", state="masked_at_source")]
    assert pooled(SHARE, figures) == Fraction(1, 10)
    assert pooled(MEAN, [Figure("", value=Decimal(2)), Figure("", value=Decimal(5))]) == Fraction(
        7, 2
    )
    assert pooled(SHARE, []) is None


@pytest.mark.parametrize(
    ("direction", "better"), [("down", True), ("up", False), ("neither", None)]
)
def test_which_way_is_better_decides(direction, better):
    assert improved(define(direction=direction), Fraction(1, 2), Fraction(1, 3)) is better


@pytest.mark.parametrize(
    ("definition", "figure", "words"),
    [
        (SHARE, Figure("", 4, 3), "cannot be above"),
        (SHARE, Figure("", 1), "Enter out of how many"),
        (SHARE, Figure("", None, 3), "Enter how many were counted"),
        (RATE, Figure("", 1, 0), "must be 1 or more"),
        (MEAN, Figure("", 3), "Enter the average"),
        (MEAN, Figure("", value=Decimal("NaN")), "Enter a number"),
        (MEAN, Figure("", value=Decimal("Infinity")), "Enter a number"),
        (COUNT, Figure("", None, 3), "Enter how many were counted"),
        (SHARE, Figure("", 1, 3, state="not_collected"), "Leave the boxes empty"),
        (SHARE, Figure("", 1, 3, state="invented"), "Choose a state"),
    ],
)
def test_an_impossible_figure_is_refused(definition, figure, words):
    with pytest.raises(Invalid, match=words):
        checked(definition, figure, PAST, TODAY)


def test_a_figure_before_its_period_ends_is_provisional():
    assert checked(SHARE, Figure("", 1, 3), NOW_ON, TODAY).state == "provisional"
    assert checked(SHARE, Figure("", 1, 3), PAST, TODAY).state == "final"
    masked = Figure("", state="masked_at_source")
    assert checked(SHARE, masked, NOW_ON, TODAY).state == "masked_at_source"


def test_every_member_has_a_code_of_its_own():
    codes = [one.code for one in members_from(["65+", "65 +", "نساء", "رجال", "x" * 90, "x" * 91])]
    assert len(set(codes)) == len(codes)
    assert all(0 < len(code) <= 40 for code in codes)


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"shape": "guess"}, "shape"),
        ({"direction": "sideways"}, "direction"),
        ({"numerator": " "}, "numerator"),
        ({"denominator": ""}, "denominator"),
        ({"per": 0}, "per"),
        ({"characteristic": "age", "members": ()}, "members"),
        ({"members": members_from(["Age", "age"])}, "members"),
        ({"reference": "nobody"}, "reference"),
        ({"reference": "not_recorded"}, "reference"),
        ({"members": members_from(str(n) for n in range(61))}, "members"),
    ],
)
def test_a_definition_two_people_would_read_apart_is_refused(changed, field):
    assert [one.field for one in definition_problems(define(**changed))] == [field]


def test_a_whole_definition_has_no_problem():
    assert list(definition_problems(SHARE)) == []


def test_a_measure_without_a_timetable_is_refused():
    fields = [one.field for one in routine_problems(Routine(title="", kind="", lag_days=-1))]
    assert fields == ["title", "kind", "frequency", "first_period", "lag_days"]


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"value": None}, "value"),
        ({"value": Decimal(101)}, "value"),
        ({"kind": "hope"}, "kind"),
        ({"kind": "ratio", "member": "under_65", "value": Decimal(0)}, "value"),
        ({"kind": "ratio", "member": "under_65", "value": Decimal(-1)}, "value"),
        ({"kind": "ratio"}, "member"),
        ({"kind": "gap"}, "member"),
        ({"member": "nobody"}, "member"),
        ({"from_date": None}, "from_date"),
        ({"to_date": PAST.start.replace(year=2020)}, "to_date"),
    ],
)
def test_a_target_without_value_or_days_is_refused(changed, field):
    given = {
        "member": "",
        "kind": "level",
        "value": Decimal(10),
        "from_date": PAST.start,
        "to_date": PAST.end,
    }
    with pytest.raises(Invalid) as refused:
        check_target(Target(**{**given, **changed}), SHARE)
    assert [one.field for one in refused.value.problems] == [field]


@pytest.mark.parametrize(
    ("kind", "value"), [("ratio", "120"), ("gap", "-10"), ("trajectory", "100"), ("level", "0")]
)
def test_a_target_of_each_kind_is_taken(kind, value):
    member = "" if kind in {"level", "trajectory"} else "under_65"
    check_target(Target(member, kind, Decimal(value), PAST.start, PAST.end), SHARE)


def test_a_baseline_without_earlier_figures_says_why():
    check_baseline(Baseline(PAST.start, PAST.end, "agreed"))
    with pytest.raises(Invalid, match="no earlier figures"):
        check_baseline(Baseline(PAST.start, PAST.end, "none_earlier"))


def test_values_are_written_with_their_unit():
    assert in_words(define(shape="count", unit="calls"), Fraction(3)) == "3 calls"
    assert in_words(SHARE, None) == ""


@pytest.mark.parametrize(
    ("before", "is_one"),
    [
        (Figure("", 1, 2), True),
        (Figure("", 3, 4), False),
        (Figure("", 1, 2, state="provisional"), False),
        (Figure("", state="not_collected"), True),
    ],
)
def test_only_what_stood_is_corrected(before, is_one):
    assert is_correction(before, Figure("", 3, 4)) is is_one

"""Small numbers stay hidden, whatever somebody adds up (measures.md section 8)."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from eqia.domain.suppression import (
    MASKED,
    Profile,
    Shown,
    State,
    Sum,
    is_safe,
    small_numbers_beside,
    suppress,
    suppress_shares,
)
from tests.domain.attackers import assert_nothing_can_be_worked_out, cells_of

ABC = (Sum("all", ("a", "b", "c")),)
#: few enough to try every number
SMALL = st.integers(0, 14)


def breakdown(*counts):
    return {**dict(zip("abc", counts, strict=False)), "all": sum(counts)}


def texts(cells, sums=ABC, profile=Profile.MASK7_ROUND5, **more):
    return [one.text for one in suppress(cells, sums, profile, **more).values()]


@pytest.mark.parametrize(
    ("count", "text"),
    [(0, "0"), (1, "*"), (7, "*"), (8, "10"), (12, "10"), (13, "15"), (1002, "1,000")],
)
def test_one_to_seven_are_hidden_and_the_rest_go_to_the_nearest_five(count, text):
    assert texts({"a": count}, ()) == [text]


@pytest.mark.parametrize(
    ("profile", "hidden", "shown"),
    [(Profile.MASK9_ROUND5, 9, (10, "10")), (Profile.MASK4_SECONDARY, 4, (5, "5"))],
)
def test_other_profiles(profile, hidden, shown):
    assert texts({"a": hidden}, (), profile) == ["*"]
    assert texts({"a": shown[0]}, (), profile) == [shown[1]]


def test_the_total_is_rounded_from_the_exact_one():
    # 12 + 12 + 12 = 36: shown 10, 10, 10 and 35.
    assert texts(breakdown(12, 12, 12)) == ["10", "10", "10", "35"]


@pytest.mark.parametrize(
    ("counts", "shown"),
    [
        # One alone would follow by subtraction: the smallest other goes too.
        ((3, 20, 30), ["*", "*", "30", "53"]),
        # Ties in the order of the set.
        ((3, 20, 20), ["*", "*", "20", "43"]),
        # Two that add up to 2 are both 1, two that add up to 8 are both 4.
        ((1, 1, 30), ["*", "*", "*", "32"]),
        ((4, 4, 30), ["*", "*", "*", "38"]),
        ((1, 3, 30), ["*", "*", "30", "34"]),
        # None left that is not zero: the total goes too.
        ((3, 0, 0), ["*", "0", "0", "*"]),
        ((10, 20, 30), ["10", "20", "30", "60"]),
    ],
)
def test_others_are_hidden_until_nothing_follows(counts, shown):
    assert texts(breakdown(*counts), profile=Profile.MASK4_SECONDARY) == shown


def test_where_all_that_is_hidden_follows_even_who_has_none_is_hidden():
    cells = {**dict.fromkeys("abcdefg", 1), "h": 0, "all": 7}
    found = suppress(cells, (Sum("all", tuple("abcdefgh")),))
    assert set(found.values()) == {MASKED}
    # With one more there are other ways to come to the total.
    found = suppress({**cells, "a": 2, "all": 8}, (Sum("all", tuple("abcdefgh")),))
    assert found["h"].text == "0"


def test_rounding_alone_may_still_give_a_number_away():
    # 8 and 8 shown 10 and 10, with 1 they are 17, shown 15: at most 17 - 16 = 1 is left.
    assert not is_safe(cells_of({"a": "*", "b": "10", "c": "10", "all": "15"}), ABC, "mask7_round5")
    assert texts(breakdown(1, 8, 8)).count("*") > 1


def test_what_is_shown_as_ten_is_at_least_ten_where_nines_are_hidden():
    # 10 + 13 + 13 + 1 = 37, shown 35: at most 37, so at most 1 is left for the hidden one.
    shown = cells_of({"a": "*", "b": "10", "c": "15", "d": "15", "all": "35"})
    sums = (Sum("all", ("a", "b", "c", "d")),)
    assert not is_safe(shown, sums, Profile.MASK9_ROUND5)


def test_a_parent_and_its_children_are_kept_apart():
    sums = (Sum("asian", ("indian", "chinese")), Sum("all", ("asian", "white")))
    cells = {"indian": 3, "chinese": 20, "asian": 23, "white": 50, "all": 73}
    found = suppress(cells, sums, Profile.MASK4_SECONDARY)
    assert [found[key].text for key in ("indian", "chinese", "asian")] == ["*", "*", "23"]


def test_two_sets_that_overlap_do_not_give_each_other_away():
    # The five-group set hides "other" (3); the sixteen-group set must not show both its halves.
    sums = (Sum("other", ("arab", "any")), Sum("all", ("white", "other")))
    cells = {"white": 40, "other": 3, "arab": 3, "any": 0, "all": 43}
    found = suppress(cells, sums, Profile.MASK4_SECONDARY)
    assert [found[key] for key in ("other", "arab", "white")] == [MASKED] * 3


def test_a_measure_that_runs_on_does_not_give_a_month_away():
    # April to May 23, April 20: May is 3.
    sums = (Sum("to_may", ("to_april", "may")),)
    found = suppress({"to_april": 20, "may": 3, "to_may": 23}, sums, Profile.MASK4_SECONDARY)
    assert found["may"] == found["to_april"] == MASKED


@pytest.mark.parametrize(
    ("share", "numerator", "denominator"),
    [
        ((58, 60), "*", "60"),
        ((60, 60), "60", "60"),
        ((5, 5), "*", "*"),
        ((0, 5), "0", "*"),
        ((3, 60), "*", "60"),
        ((30, 61), "30", "60"),
    ],
)
def test_a_few_people_left_out_are_hidden_as_well(share, numerator, denominator):
    found = suppress_shares({"a": share})["a"]
    assert (found.numerator.text, found.denominator.text) == (numerator, denominator)
    shown = {found.numerator.state, found.denominator.state}
    assert (found.value is None) is (State.MASKED in shown)


def test_a_share_is_of_the_figures_shown():
    assert suppress_shares({"a": (33, 61)})["a"].value == Fraction(35, 60)
    assert suppress_shares({"a": State.MISSING})["a"].value is None


def test_five_empty_states_are_five_words():
    states = [State.MISSING, State.NOT_COLLECTED, State.NOT_APPLICABLE]
    cells = {"zero": 0, "few": 2, **{one.value: one for one in states}}
    assert texts(cells, ()) == ["0", "*", "no reading yet", "not collected", "does not apply"]
    assert suppress(cells)["few"].spoken == "hidden, small number"
    assert len({one.state for one in suppress(cells).values()}) == 5


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Only 3 Arab women came", ("3 near Arab",)),
        ("Of 30 Arab women, 12 came", ()),
        ("3.5% of Arab women", ()),
        ("There were 3 meetings", ()),
        ("Arabic classes: 3", ()),
        ("Arab: 3", ("3 near Arab",)),
    ],
)
def test_small_numbers_beside_a_group_in_free_text_are_found(text, found):
    assert small_numbers_beside(text, ["Arab"]) == found


def test_the_number_in_the_name_of_a_group_tells_nothing():
    assert small_numbers_beside("Fewer under 5 came.", ["Under 5"]) == ()
    assert small_numbers_beside("Only 3 under 5 came.", ["Under 5"]) == ("3 near Under 5",)
    assert small_numbers_beside("2 of (most deprived)", ["1 (most deprived)"]) == ()


@settings(max_examples=80, deadline=None)
@given(st.tuples(SMALL, SMALL, SMALL), st.sampled_from(Profile))
def test_no_hidden_number_can_be_worked_out(counts, profile):
    cells = breakdown(*counts)
    found = suppress(cells, ABC, profile)
    assert is_safe(found, ABC, profile)
    assert_nothing_can_be_worked_out(found, ABC, profile, most=42)


@settings(max_examples=40, deadline=None)
@given(st.tuples(*[st.integers(0, 9)] * 3), st.sampled_from(Profile))
def test_nor_from_two_sets_that_overlap(counts, profile):
    a, b, c = counts
    sums = (Sum("ab", ("a", "b")), Sum("all", ("ab", "c")))
    cells = {"a": a, "b": b, "c": c, "ab": a + b, "all": a + b + c}
    found = suppress(cells, sums, profile)
    assert_nothing_can_be_worked_out(found, sums, profile, most=27)


def test_an_attacker_is_not_fooled():
    with pytest.raises(AssertionError, match="can only be"):
        assert_nothing_can_be_worked_out(
            {"a": MASKED, "b": Shown(State.NUMBER, 20), "all": Shown(State.NUMBER, 23)},
            (Sum("all", ("a", "b")),),
            Profile.MASK4_SECONDARY,
            most=25,
        )


PARTS = st.integers(0, 14).flatmap(lambda of: st.tuples(st.integers(0, of), st.just(of)))


@settings(max_examples=25, deadline=None)
@given(st.tuples(PARTS, PARTS, PARTS), st.sampled_from(Profile))
def test_neither_those_counted_nor_those_left_out_can_be_worked_out(pairs, profile):
    total = (sum(top for top, _ in pairs), sum(of for _, of in pairs))
    found = suppress_shares({**dict(zip("abc", pairs, strict=True)), "all": total}, ABC, profile)
    tops = {key: one.numerator for key, one in found.items()}
    bottoms = {key: one.denominator for key, one in found.items()}
    assert_nothing_can_be_worked_out(bottoms, ABC, profile, most=42)
    limits = {key: one.count + 2 if one.count else 42 for key, one in bottoms.items()}
    assert_nothing_can_be_worked_out(tops, ABC, profile, most=42, limits=limits)

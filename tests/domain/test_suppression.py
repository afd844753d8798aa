"""Small numbers stay hidden, whatever somebody adds up (measures.md section 8)."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from eqia.domain.inference import Sum
from eqia.domain.small_numbers import small_numbers_beside
from eqia.domain.suppression import MASKED, Profile, Shown, State, is_safe, suppress
from tests.domain.attackers import assert_enough_is_open

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
        # Two that add up to 3 are 1 or 2, of four small numbers.
        ((1, 2, 30), ["*", "*", "*", "33"]),
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
    assert not is_safe(breakdown(1, 8, 8), {"a"}, ABC, Profile.MASK7_ROUND5)
    assert texts(breakdown(1, 8, 8)).count("*") > 1


def test_what_is_shown_as_ten_is_at_least_ten_where_nines_are_hidden():
    # 10 + 13 + 13 + 1 = 37, shown 35: at most 37, so at most 4 are left for the hidden one.
    sums = (Sum("all", ("a", "b", "c", "d")),)
    cells = {"a": 1, "b": 10, "c": 13, "d": 13, "all": 37}
    assert not is_safe(cells, {"a"}, sums, Profile.MASK9_ROUND5)


@pytest.mark.parametrize(
    ("profile", "cells", "is_open"),
    [
        # 20 and 10 shown leave 6 to 14: of the small numbers 6 and 7 alone.
        (Profile.MASK7_ROUND5, (7, 12, 19), False),
        # 20 and 15 leave 1 to 9.
        (Profile.MASK7_ROUND5, (5, 13, 18), True),
        # Two that add up to 4 are 1 to 3 each, two that add up to 3 are 1 or 2.
        (Profile.MASK4_SECONDARY, (1, 3, 4), True),
        (Profile.MASK4_SECONDARY, (1, 2, 3), False),
    ],
)
def test_a_small_number_has_to_leave_more_than_half_of_them_open(profile, cells, is_open):
    sums = (Sum("all", ("a", "b")),)
    cells = dict(zip(("a", "b", "all"), cells, strict=True))
    exact = profile is Profile.MASK4_SECONDARY
    if exact:
        # The total of 30 more is shown.
        cells, sums = {**cells, "c": 30, "all": cells["all"] + 30}, ABC
    hidden = {"a", "b"} if exact else {"a"}
    assert is_safe(cells, hidden, sums, profile) is is_open


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
    assert small_numbers_beside("2 of (the most)", ["1 (the most)"]) == ()


@settings(max_examples=80, deadline=None)
@given(st.tuples(SMALL, SMALL, SMALL), st.sampled_from(Profile))
def test_no_hidden_number_can_be_worked_out(counts, profile):
    cells = breakdown(*counts)
    assert_enough_is_open(suppress(cells, ABC, profile), cells, ABC, profile)


@settings(max_examples=40, deadline=None)
@given(st.tuples(*[st.integers(0, 9)] * 3), st.sampled_from(Profile))
def test_nor_from_two_sets_that_overlap(counts, profile):
    a, b, c = counts
    sums = (Sum("ab", ("a", "b")), Sum("all", ("ab", "c")))
    cells = {"a": a, "b": b, "c": c, "ab": a + b, "all": a + b + c}
    assert_enough_is_open(suppress(cells, sums, profile), cells, sums, profile)


def test_an_attacker_is_not_fooled():
    cells = {"a": 3, "b": 20, "all": 23}
    shown = {"a": MASKED, "b": Shown(State.NUMBER, 20), "all": Shown(State.NUMBER, 23)}
    with pytest.raises(AssertionError, match=r"a, 3, can only be \{3\}"):
        assert_enough_is_open(shown, cells, (Sum("all", ("a", "b")),), Profile.MASK4_SECONDARY)

"""Small numbers beside the names of groups in what somebody wrote, found and hidden."""

import pytest

from eqia.domain.small_numbers import hidden_outside, small_numbers_beside

GROUPS = {"Carers", "Disabled people", "Under 5", "Gofalwyr"}


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Carers: 3 came twice.", ("3 near Carers",)),
        ("Two carers came twice.", ("Two near Carers",)),
        ("There were seven disabled people.", ("seven near Disabled people",)),
        ("Disabled people fare as before, and of carers 4 came.", ("4 near Carers",)),
        ("3 carers and 2 disabled people.", ("3 near Carers", "2 near Disabled people")),
        ("Carers: 12 of 40, 3% and 4.5 points, in 2026.", ()),
        ("Under 5 fared well.", ()),
        ("No one of the carers minded.", ()),
        ("Carers help one another.", ()),
        ("Three buses run.", ()),
    ],
)
def test_a_small_number_is_told_with_the_group_that_is_nearest(text, found):
    assert small_numbers_beside(text, GROUPS) == found


@pytest.mark.parametrize("word", ["un", "dau", "ddwy", "tri", "pedair", "bump", "chwech", "saith"])
def test_a_form_in_welsh_is_read_in_welsh(word):
    text = f"Daeth {word} o'r gofalwyr."
    assert small_numbers_beside(text, GROUPS, "cy") == (f"{word} near Gofalwyr",)
    assert small_numbers_beside(text, GROUPS) == ()


def test_outside_the_numbers_are_hidden_and_the_rest_stays():
    text = "Two carers of 40 came back, and 3 disabled people; 5 buses were late for all."
    assert hidden_outside(text, GROUPS) == (
        "* carers of 40 came back, and * disabled people; * buses were late for all."
    )
    assert hidden_outside("All came.", GROUPS) == "All came."

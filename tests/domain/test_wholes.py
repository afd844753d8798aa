"""Groups beside everybody: larger ones are refused, sums that differ are asked about."""

from __future__ import annotations

from decimal import Decimal

import pytest

from eqia.domain.measures import Definition, members_from
from eqia.domain.readings import Figure
from eqia.domain.wholes import larger_than_everybody, sums_of, sums_told


def define(shape="proportion"):
    return Definition(
        shape=shape,
        numerator="Late",
        denominator="Visits",
        direction="down",
        members=members_from(["Young", "Old"]),
    )


def by_member(figures):
    return {one.member: one for one in figures}


def told(*figures, apart=(), shape="proportion"):
    return sums_told(sums_of(define(shape), by_member(figures), apart))


def larger(*figures, shape="proportion"):
    return [
        (one.member, one.words.partition(".")[0])
        for one in larger_than_everybody(define(shape), by_member(figures))
    ]


EVERYBODY, YOUNG = Figure("", 12, 120), Figure("young", 5, 60)


def test_groups_that_do_not_add_up_to_everybody_are_told_with_both_numbers():
    assert told(EVERYBODY, YOUNG, Figure("old", 7, 60)) == ""
    words = "Out of: the groups add up to 118, Everybody is 120."
    assert told(EVERYBODY, YOUNG, Figure("old", 7, 58)) == words
    both = told(EVERYBODY, YOUNG, Figure("old", 1_000, 1_058))
    counted = "Counted: the groups add up to 1,005, Everybody is 12."
    assert both == f"{counted} Out of: the groups add up to 1,118, Everybody is 120."
    assert told(Figure("", 12), Figure("young", 5), Figure("old", 6), shape="count") == (
        "Counted: the groups add up to 11, Everybody is 12."
    )


@pytest.mark.parametrize(
    "figures",
    [
        # Something is missing, hidden or not collected: too little says nothing.
        (YOUNG, Figure("old", 7, 58)),
        (EVERYBODY, YOUNG),
        (EVERYBODY, YOUNG, Figure("old", state="masked_at_source")),
        (Figure("", state="not_collected"), YOUNG, Figure("old", 7, 58)),
    ],
)
def test_what_cannot_be_added_is_not_asked_about(figures):
    assert told(*figures) == ""


def test_too_many_are_asked_about_even_where_a_group_is_missing():
    given = Definition(
        shape="count",
        numerator="Calls",
        direction="down",
        members=members_from(["Young", "Old", "Oldest"]),
    )
    figures = by_member([Figure("", 12), Figure("young", 8), Figure("old", 7)])
    assert [one.words for one in sums_of(given, figures)] == [
        "Counted: the groups add up to 15, Everybody is 12"
    ]


def test_averages_are_not_added_and_a_part_of_a_group_not_twice():
    means = [Figure(one, value=Decimal(3)) for one in ("", "young", "old")]
    assert told(*means, shape="mean") == ""
    figures = (EVERYBODY, Figure("young", 12, 120), Figure("old", 7, 58))
    assert told(*figures) != ""
    assert told(*figures, apart={"old"}) == ""


@pytest.mark.parametrize(
    ("everybody", "words"),
    [
        ("12.5", ""),
        ("9", ""),
        ("20", ""),
        ("20.1", "Average: those of the groups lie from 9 to 20, that of Everybody is 20.1."),
        ("8", "Average: those of the groups lie from 9 to 20, that of Everybody is 8."),
    ],
)
def test_an_average_of_everybody_lies_among_those_of_the_groups(everybody, words):
    young, old = Figure("young", value=Decimal(9)), Figure("old", value=Decimal(20))
    whole = Figure("", value=Decimal(everybody))
    assert told(whole, young, old, shape="mean") == words
    # Without one of the groups nobody knows.
    assert told(whole, young, shape="mean") == ""


@pytest.mark.parametrize(
    ("shape", "figures", "found"),
    [
        ("proportion", (EVERYBODY, YOUNG), []),
        ("proportion", (EVERYBODY, Figure("young", 12, 120)), []),
        (
            "proportion",
            (EVERYBODY, Figure("young", 13, 60)),
            [("young", "13 counted is more than the 12 of Everybody")],
        ),
        (
            "proportion",
            (EVERYBODY, Figure("old", 5, 1_121)),
            [("old", "out of 1,121 is more than the 120 of Everybody")],
        ),
        (
            # Of 120, 108 were not late: 109 of a part of them cannot be.
            "proportion",
            (EVERYBODY, Figure("young", 1, 110)),
            [("young", "109 not counted is more than the 108 of Everybody")],
        ),
        # Of a rate there may be more events than people.
        ("rate", (EVERYBODY, Figure("young", 1, 110)), []),
        ("rate", (EVERYBODY, Figure("young", 13, 1)), [("young", "13 counted is more than ")]),
        (
            "count",
            (Figure("", 12), Figure("young", 12), Figure("old", 13)),
            [("old", "13 counted")],
        ),
        ("mean", (Figure("", value=Decimal(3)), Figure("young", value=Decimal(9))), []),
        # What is hidden, or not there, is not compared.
        ("count", (Figure("young", 99),), []),
        ("count", (Figure("", state="masked_at_source"), Figure("young", 99)), []),
        ("count", (Figure("", 12), Figure("young", state="masked_at_source")), []),
    ],
)
def test_a_group_with_more_than_everybody_is_found_with_both_numbers(shape, figures, found):
    told = larger(*figures, shape=shape)
    assert [member for member, _ in told] == [member for member, _ in found]
    for (_, words), (_, wanted) in zip(told, found, strict=True):
        assert words.startswith(wanted)

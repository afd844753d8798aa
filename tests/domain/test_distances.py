"""How far a figure lies from its target, and whether it is twice as bad as before."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from eqia.domain.distances import from_target, is_doubled
from eqia.domain.judgements import standing_of
from eqia.domain.measures import Target
from tests.domain.test_concerns import view


def aimed(value, *months, kind="level", last=None, **changed):
    target = Target("old", kind, Decimal(value), None, last)
    return replace(view(*months, **changed), targets=(target,))


def month(old, whole=100):
    return (old, whole), (20, 100)


@pytest.mark.parametrize(
    ("found", "words"),
    [
        (aimed("8", month(68)), "Target 8.0%: 60.0 percentage points away"),
        (aimed("8", month(8)), "Target 8.0%: met"),
        (aimed("8", month(5)), "Target 8.0%: met"),
        (aimed("90", month(68), direction="up"), "Target 90.0%: 22.0 percentage points away"),
        (aimed("60", month(68), direction="up"), "Target 60.0%: met"),
        # Rates and averages are told in what they are counted in.
        (
            aimed("50", month(68), shape="rate", per=1000),
            "Target 50.0 per 1,000: 630.0 per 1,000 away",
        ),
        # Where neither way is better, over after its day, or for a gap, there is none.
        (aimed("8", month(68), direction="neither"), ""),
        (aimed("8", month(68), last=date(2023, 12, 31)), ""),
        (aimed("8", month(68), kind="gap"), ""),
        (view(month(68)), ""),
        # Of rounded counts nobody can say on which side a figure lies that is so near.
        (
            replace(aimed("8", month(10)), rounded_to=5),
            "Target 8.0%: too close to tell once rounded",
        ),
        (
            replace(aimed("8", month(70)), rounded_to=5),
            "Target 8.0%: about 62.0 percentage points away",
        ),
    ],
)
def test_a_figure_says_how_far_it_is_from_its_target(found, words):
    assert from_target(found, "old") == words
    place = standing_of(found).place("old")
    assert (words in place.told) == bool(words)


def test_a_group_without_a_figure_is_at_no_distance():
    assert from_target(replace(aimed("8", month(68)), readings=()), "old") == ""
    assert from_target(replace(aimed("8", month(68)), definition=None), "old") == ""


@pytest.mark.parametrize(
    ("before", "now", "changed", "doubled"),
    [
        (10, 20, {}, True),
        (10, 19, {}, False),
        (10, 5, {}, False),
        (0, 1, {}, True),
        (0, 0, {}, False),
        # What should be high: of a share the rest counts, of a rate half of it.
        (90, 80, {"direction": "up"}, True),
        (90, 81, {"direction": "up"}, False),
        (40, 20, {"direction": "up"}, False),
        (40, 20, {"direction": "up", "shape": "rate", "per": 100}, True),
        (40, 21, {"direction": "up", "shape": "rate", "per": 100}, False),
        (20, 40, {"direction": "neither"}, True),
        (40, 20, {"direction": "neither"}, True),
        (40, 30, {"direction": "neither"}, False),
    ],
)
def test_twice_as_bad_is_twice_as_many_of_whom_it_goes_badly_for(before, now, changed, doubled):
    assert is_doubled(view(month(before), month(now), **changed), "old") is doubled


def test_nothing_is_twice_as_bad_as_nothing():
    found = view(month(10), month(90))
    assert not is_doubled(replace(found, baseline=None), "old")
    assert not is_doubled(replace(found, definition=None), "old")
    assert not is_doubled(replace(found, readings=()), "old")

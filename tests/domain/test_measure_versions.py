"""What a change of a definition means: the same in other words, or something else."""

from dataclasses import replace
from datetime import date

import pytest

from eqia.domain.errors import Invalid
from eqia.domain.measure_versions import (
    Change,
    Stands,
    check_change,
    may_go_on,
    rewordings,
    words_of,
)
from eqia.domain.measures import Definition, members_from
from eqia.domain.periods import Period
from eqia.domain.pictures import MeasureView
from eqia.domain.published_readings import published
from eqia.domain.readings import Figure, Reading
from eqia.domain.suppression import Profile

QUARTER = Period(date(2026, 1, 1), date(2026, 3, 31))
AGE = Definition(
    shape="proportion",
    numerator="Visits missed",
    denominator="Visits booked",
    direction="down",
    characteristic="age",
    members=members_from(["Under 65", "65 and over"]),
    reference="under_65",
)


@pytest.mark.parametrize(
    ("changed", "goes_on"),
    [
        ({"numerator": "Visits that were missed"}, True),
        ({"denominator": "Booked visits", "unit": "visits"}, True),
        ({"inclusion": "All clinics", "exclusion": "Home visits"}, True),
        ({"reference": "65_and_over"}, False),
        ({"reference": ""}, False),
        ({"shape": "rate"}, False),
        ({"per": 100}, False),
        ({"direction": "up"}, False),
        ({"members": members_from(["Under 65"])}, False),
        ({"characteristic": "sex"}, False),
        ({"conflict": "improvement"}, False),
        ({"suppression": "mask9_round5"}, False),
    ],
)
def test_only_words_go_on(changed, goes_on):
    assert may_go_on(AGE, replace(AGE, **changed)) is goes_on


def test_being_compared_for_the_first_time_takes_nothing_away():
    assert may_go_on(replace(AGE, reference=""), AGE)


def test_what_is_said_differently_is_listed_with_both_words():
    after = {**words_of(AGE), "numerator": "No-shows"}
    (one,) = rewordings(words_of(AGE), after)
    assert (one.label, one.before, one.after) == ("What is counted", "Visits missed", "No-shows")


@pytest.mark.parametrize(
    ("change", "reason", "goes_on", "field"),
    [
        ("", "", True, "change"),
        ("neither", "", True, "change"),
        ("same", "", False, "change"),
        ("", "", False, "change"),
        ("other", "  ", True, "reason"),
        ("other", "", False, "reason"),
    ],
)
def test_a_change_says_what_it_means_and_why(change, reason, goes_on, field):
    with pytest.raises(Invalid) as found:
        check_change(change, reason, goes_on=goes_on)
    assert [one.field for one in found.value.problems] == [field]


def test_the_same_in_other_words_needs_no_reason():
    assert check_change("same", "", goes_on=True) is Change.SAME
    assert check_change("other", "The clinics count too.", goes_on=True) is Change.OTHER


def test_what_stands_is_named_thing_by_thing():
    whole = Stands(1_234, QUARTER, Period(date(2026, 4, 1), date(2026, 6, 30)), True, 2, 1)
    assert whole.words == (
        "1,234 readings, Q4 of 2025/26 to Q1 of 2026/27",
        "the baseline",
        "2 targets",
        "1 change to its charts",
    )
    assert bool(whole)
    assert not Stands()


def measure(definition, *figures):
    readings = tuple(Reading(QUARTER, one, date(2026, 4, 2)) for one in figures)
    return MeasureView(id="m", title="Visits", definition=definition, readings=readings)


def test_measures_that_counted_the_same_at_first_are_hidden_together_still():
    mine = measure(AGE, Figure("", 8, 100))
    other = replace(AGE, numerator="No-shows", at_first=words_of(AGE))
    strict = replace(measure(other, Figure("", 8, 100)), suppression=Profile("mask9_round5"))
    (seen, _) = published([mine, strict])
    assert seen.readings[0].is_hidden
    alone = replace(strict, definition=replace(other, at_first={}))
    (seen, _) = published([mine, alone])
    assert not seen.readings[0].is_hidden

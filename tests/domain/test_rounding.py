"""What rounding may have made of figures is never told as if people had done better or worse."""

from dataclasses import replace
from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eqia.domain.concerns import gaps_of
from eqia.domain.courses import Course
from eqia.domain.gaps import gap_change
from eqia.domain.judgements import HIDDEN_CONCERN
from eqia.domain.measure_gaps import gaps_drawn
from eqia.domain.measure_series import chart_of
from eqia.domain.measures import REST, Baseline, Definition, Goal, members_from
from eqia.domain.pictures import MeasureView
from eqia.domain.published_readings import published
from eqia.domain.readings import Figure, in_words, value_of
from eqia.domain.rounding import overlap, span_of
from eqia.domain.standings import CLOSE
from eqia.domain.withholding import COARSE
from tests.domain.test_standings import FIRST, reading, view

SHARE = Definition(
    shape="proportion",
    numerator="Missed",
    denominator="Booked",
    direction="down",
    members=members_from(["Young", "Old"], []),
    reference="young",
)
MARCH = Baseline(FIRST, date(2024, 1, 31), "agreed")


def seen(*readings):
    """A measure as people outside the team see it, compared with its first month."""
    (shown,) = published([view(*readings, baseline=MARCH, targets=())])
    return shown


def test_where_rounding_turns_the_story_round_neither_is_told():
    """Of 40 nine, then of 45 twelve: from 22.5 to 26.7 per cent, shown as 25.0 and 22.2."""
    shown = seen(reading(0, "old", 9, 40), reading(1, "old", 12, 45))
    place = shown.standing.place("old")
    assert (place.before, place.words) == ("about 25%", "about 22% (10 of 45)")
    assert place.is_close
    assert CLOSE in place.told
    assert place.improved is None
    assert place.course == Course.UNSURE


def test_a_difference_that_no_rounding_makes_is_told():
    place = seen(reading(0, "old", 9, 40), reading(1, "old", 30, 45)).standing.place("old")
    assert (place.is_close, place.improved) == (False, False)
    assert CLOSE not in place.told


@given(*[st.tuples(st.integers(8, 80), st.integers(0, 80)) for _ in range(2)])
def test_what_is_told_outside_goes_the_way_it_went(before, now):
    rows = [(count, count + more) for count, more in (before, now)]
    shown = seen(*(reading(at, "old", *row) for at, row in enumerate(rows)))
    place = shown.standing.place("old")
    exact = Fraction(*rows[1]) < Fraction(*rows[0])
    assert place.improved in {None, exact}


@given(
    st.sampled_from(["proportion", "rate", "count"]),
    st.lists(st.tuples(st.integers(0, 90), st.integers(0, 90)), min_size=1, max_size=4),
)
def test_the_exact_figure_lies_in_the_span_of_the_rounded_ones(shape, rows):
    definition = Definition(shape=shape, numerator="Missed", direction="down", per=100)
    exact = [(count, count + more + 3) for count, more in rows]
    shown = [Figure("", *((one + 2) // 5 * 5 for one in row)) for row in exact]
    least, most = span_of(definition, shown, 5)
    above, below = (sum(row[end] for row in exact) for end in (0, 1))
    if shape == "count":
        assert least <= Fraction(above, len(exact)) <= most
    else:
        scale = 100 if shape == "rate" else 1
        assert least <= Fraction(above * scale, below) <= most


def test_exact_figures_have_no_span_and_are_never_too_close():
    assert span_of(SHARE, [Figure("", 10, 40)], 1) is None
    assert not overlap(None, (1.0, 2.0))
    assert view(reading(0, "old", 9, 40)).rounded_to == 1


def test_the_words_of_a_gap_do_not_move_a_side_that_rounding_alone_moved():
    both = [(0, 9, 40), (1, 12, 45)]
    shown = seen(*(reading(at, code, *row) for code in ("old", "young") for at, *row in both))
    (gap,) = shown.standing.gaps
    sides = "both stayed about the same once rounded."
    assert f"Whether the gap has changed cannot be told once rounded: {sides}" in gap.words
    assert "went from" not in gap.words
    assert "no clear gap: about 0.0 percentage points" in gap.words


def test_a_gap_that_only_rounding_makes_unclear_is_not_called_unclear():
    """20 of 60 beside 32 of 60 is clear; from counts to the nearest 5 nobody can tell."""
    rows = [("old", 32, 60), ("young", 20, 60)]
    exact = view(*(reading(0, *row) for row in rows), baseline=MARCH)
    assert gaps_of(exact)[0].now.is_clear
    (shown,) = published([exact])
    (gap,) = shown.standing.gaps
    told = "Whether there is a clear gap cannot be told once rounded: about 16.7 percentage points"
    assert gap.words.startswith(told)
    assert not gap.is_clear
    assert gaps_drawn(shown).rows[0][-1] == "cannot be told once rounded"


@given(
    st.sampled_from(["young", REST]),
    st.lists(st.tuples(st.integers(8, 80), st.integers(8, 80)), min_size=4, max_size=4),
)
def test_no_clear_gap_is_said_of_rounded_counts_only_where_the_exact_ones_say_so(reference, rows):
    whole = [tuple(map(sum, zip(*rows[at : at + 2], strict=True))) for at in (0, 2)]
    given_ = [
        reading(at // 2, code, count, count + more)
        for at, (code, (count, more)) in enumerate(zip(["old", "young"] * 2, rows, strict=True))
    ]
    all_ = [reading(at, "", top, top + more) for at, (top, more) in enumerate(whole)]
    one = view(*given_, *all_, baseline=MARCH, targets=())
    exact = replace(one, definition=replace(one.definition, reference=reference))
    (shown,) = published([exact])
    for gap, told in zip(gaps_of(exact), gaps_of(shown), strict=False):
        assert gap.label == told.label
        for side, near in (
            (gap.now.group, told.now.group),
            (gap.now.reference, told.now.reference),
        ):
            assert near.span[0] - 1e-9 <= side.value <= near.span[1] + 1e-9
        assert gap.now.is_clear or not told.now.is_clear
        assert told.now.is_clear or told.now.is_untold or not gap.now.is_clear
        before, after = (
            gap_change(gap.before, gap.now, Goal.DOWN),
            gap_change(told.before, told.now, Goal.DOWN),
        )
        if after.change == "no_clear_change" and not after.is_untold:
            assert before.change == "no_clear_change"


@pytest.mark.parametrize(
    ("shape", "row", "words"),
    [
        ("proportion", (30, 40), "about 75%"),
        ("proportion", (0, 40), "0.0%"),
        ("proportion", (5, 1000), "about 0.5%"),
        ("rate", (30, 40), "about 750 per 1,000"),
        ("rate", (10, 4000), "about 2.5 per 1,000"),
        ("count", (30, None), "about 30"),
    ],
)
def test_a_rounded_figure_is_no_more_exact_than_it_is_known(shape, row, words):
    definition = replace(SHARE, shape=shape, per=1000)
    value = value_of(definition, Figure("old", *row))
    assert in_words(definition, value, rounded=True) == words


def test_points_that_may_be_one_and_the_same_are_not_joined():
    rows = [(9, 40), (12, 45), (11, 42), (9, 41)]
    shown = seen(*(reading(at, "old", *row) for at, row in enumerate(rows)))
    drawn = chart_of(shown, "old")
    assert drawn.chart.headline.endswith(COARSE)
    assert "About 25.0%" not in drawn.chart.headline
    assert drawn.chart.headline.startswith("About 25% in ")
    assert [row.figure for row in drawn.rows] == ["25%", "22%", "25%", "25%"]
    assert not [mark for mark in drawn.chart.marks if getattr(mark, "weight", 0) == 1.5]
    moving = seen(*(reading(at, "old", *row) for at, row in enumerate([*rows, (30, 45)])))
    joined = [m for m in chart_of(moving, "old").chart.marks if getattr(m, "weight", 0) == 1.5]
    assert len(joined) == 4


@pytest.mark.parametrize("profile", ["mask7_round5", "mask9_round5"])
def test_a_concern_known_from_exact_figures_is_told_without_figures_that_speak_against_it(profile):
    numbers = [30] * 19 + [38]
    exact = view(*(reading(at, "old", one, 60) for at, one in enumerate(numbers)))
    (shown,) = published([MeasureView(**{**_values(exact), "suppression": profile})])
    assert shown.standing.concern[1] in {
        HIDDEN_CONCERN,
        "Old: cause for concern: higher than usual.",
    }
    assert shown.standing.place("old").course == Course.WORSE


def _values(one):
    names = ("id", "title", "definition", "baseline", "targets", "readings")
    return {name: getattr(one, name) for name in names}

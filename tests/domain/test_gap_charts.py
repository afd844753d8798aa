"""Gaps of several groups in one drawing: clear or not, in shape and words."""

from __future__ import annotations

import pytest

from eqia.domain.charts import WIDE, WIDTH, Line, Marker, Shape, Words
from eqia.domain.gap_charts import HIDDEN_GAPS, GroupGap, gap_chart
from eqia.domain.gaps import Pair
from eqia.domain.intervals import wilson
from eqia.domain.suppression import State


def points(value):
    return f"{100 * value:+.0f} points".replace("+0 ", "0 ")


def group(label, count, of=100):
    return GroupGap(label, Pair(wilson(count, of), wilson(92, 200)))


GROUPS = [group("Chinese", 60), group("Irish", 48), GroupGap("Arab", None, State.MASKED)]


def test_a_clear_gap_is_a_diamond_and_said_and_another_is_a_ring():
    found = gap_chart(GROUPS, "everybody else", points)
    shapes = [mark.shape for mark in found.marks if isinstance(mark, Marker)]
    # Two groups, then the key.
    assert shapes == [Shape.DIAMOND, Shape.RING, Shape.DIAMOND, Shape.RING]
    assert found.headline == "Clearly apart from everybody else: Chinese (+14 points above)."
    assert (
        "Irish: +2 points above, between +10 points below and +14 points above, may be chance."
        in found.description
    )
    assert "may be chance" in found.description


def test_a_long_name_is_cut_so_that_its_figure_fits_and_a_short_one_is_not():
    long = group("Black, Black British, Black Welsh, Caribbean or African", 60)
    found = gap_chart(
        [long, group("Irish", 48)], "White", lambda v: f"{100 * v:.1f} percentage points"
    )
    words = [mark.text for mark in found.marks if isinstance(mark, Words) and mark.bold]
    assert words == ["Black, Black Bri…: 14.0 percentage points", "Irish: 2.0 percentage points"]
    assert max(map(len, words)) * 7 <= WIDTH


def test_where_there_is_room_a_name_has_twice_the_letters_and_every_mark_its_place():
    carers = group("Looked after by a carer", 60)
    wide = gap_chart([carers, *GROUPS], "nobody", lambda v: f"{100 * v:.1f} percentage points").wide
    words = [mark.text for mark in wide.marks if isinstance(mark, Words)]
    assert "Looked after by a carer: 14.0 percentage points" in words
    assert max(map(len, words)) * 7 <= WIDE
    for mark in wide.marks:
        places = [mark.x1, mark.x2] if isinstance(mark, Line) else [mark.x]
        assert all(0 <= x <= WIDE for x in places)
    # It fills the drawing from end to end.
    assert max(mark.x2 for mark in wide.marks if isinstance(mark, Line)) == WIDE - 8


def test_a_hidden_group_is_named_and_shows_nothing():
    found = gap_chart(GROUPS, "everybody else", points)
    assert "Arab: hidden, small number." in found.description
    assert "Arab: *" in [mark.text for mark in found.marks if isinstance(mark, Words)]


@pytest.mark.parametrize(
    ("groups", "headline"),
    [
        ([], "There is no gap to show yet."),
        (GROUPS[2:], HIDDEN_GAPS),
        (GROUPS[1:], "No group is clearly apart from everybody else."),
        ([group("Roma", 10)], "Clearly apart from everybody else: Roma (+36 points below)."),
    ],
)
def test_the_headline(groups, headline):
    assert gap_chart(groups, "everybody else", points).headline == headline


@pytest.mark.parametrize("groups", [[], GROUPS, [group("L" * 80, 1), group("M", 99)]])
def test_every_mark_lies_on_the_narrow_drawing(groups):
    found = gap_chart(groups, "everybody else", points)
    for mark in found.marks:
        ends = [(mark.x1, mark.y1), (mark.x2, mark.y2)] if isinstance(mark, Line) else []
        for x, y in ends or [(mark.x, mark.y)]:
            assert 0 <= x <= WIDTH
            assert 0 <= y <= found.height

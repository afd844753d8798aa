"""The chart of a measure says in words, shapes and a table what its figures bear, and no more."""

from __future__ import annotations

import re
from datetime import date
from fractions import Fraction
from itertools import pairwise
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eqia.domain.chart_settings import Settings
from eqia.domain.charts import WIDE, WIDTH, Line, Marker, Shape, Words
from eqia.domain.measure_charts import NO_READING, measure_chart
from eqia.domain.measure_drawing import Act
from eqia.domain.measure_words import HIDDEN, TOO_FEW, written
from eqia.domain.measures import Goal
from eqia.domain.periods import Frequency, Schedule
from eqia.domain.series import Point, exact, proportion
from eqia.domain.spc_icons import WARNING_WORDS, Level, Method, Warned
from eqia.domain.suppression import State
from eqia.web.charts import svg

MONTHS = Schedule(Frequency.MONTH, date(2024, 4, 1))
#: of 1,000 each: no signal around 50 per cent
CALM = [500, 510, 490] * 6


def shares(counts):
    return [
        Point(MONTHS.period(at), None) if one is None else proportion(MONTHS.period(at), one, 1000)
        for at, one in enumerate(counts)
    ]


def drawn(counts, **settings):
    given = {"goal": Goal.UP, "shape": "proportion", **settings}
    return measure_chart(shares(counts), Settings(**given))


def texts(found):
    return [mark.text for mark in found.chart.marks if isinstance(mark, Words)]


def shapes(found):
    return [mark.shape for mark in found.chart.marks if isinstance(mark, Marker)]


def joins(found):
    """Count the lines between readings, which are the only ones of this weight."""
    return sum(isinstance(mark, Line) and mark.weight == 1.5 for mark in found.chart.marks)


@pytest.mark.parametrize(
    ("count", "method", "headline"),
    [
        (0, Method.LINE, NO_READING),
        (1, Method.LINE, "50% in April 2024. There is 1 reading so far, too few"),
        (9, Method.LINE, "49% in December 2024. There are 9 readings so far, too few"),
        # Of twelve, four lie on the middle: eight say nothing, neither that it is calm.
        (12, Method.RUN_CHART, "49% in March 2025. There are too few readings to tell"),
        (14, Method.RUN_CHART, "51% in May 2025. There are too few readings to tell"),
        (18, Method.XMR, "49% in September 2025. No clear change"),
    ],
)
def test_how_much_is_said_depends_on_how_many_readings_there_are(count, method, headline):
    found = drawn(CALM[:count])
    assert found.method is method
    assert found.chart.headline.startswith(headline)
    assert (found.icons.variation is None) is (method is not Method.XMR)
    assert any("usual range" in text for text in texts(found)) is (method is Method.XMR)
    assert len(found.rows) == count


def test_a_signal_is_a_shape_and_a_word_on_the_chart_and_in_the_table():
    found = drawn([*CALM, 300])
    assert Shape.TRIANGLE in shapes(found)
    assert "cause for concern" in texts(found)
    assert found.rows[-1].said.startswith("Cause for concern: it is below the lower limit")
    assert "Cause for concern: lower than usual" in found.chart.headline
    better = drawn([*CALM, 300], goal=Goal.DOWN)
    assert Shape.DIAMOND in shapes(better)
    assert "better than usual" in texts(better)


def test_a_target_is_a_line_and_a_sentence():
    found = drawn(CALM, targets=(Level(exact("0.95")),))
    assert "target 95%" in texts(found)
    assert "will be missed unless something changes" in found.chart.headline


def test_a_missing_period_stays_a_gap_and_is_named():
    whole, gap = drawn(CALM), drawn([*CALM[:5], None, *CALM[6:]])
    assert joins(whole) == 17
    assert joins(gap) == 15
    assert gap.rows[5].figure == "no reading yet"
    assert "September 2024: no reading yet." in gap.chart.description


def test_a_period_that_nobody_listed_is_a_gap_too():
    points = shares(CALM)
    found = measure_chart([*points[:5], *points[6:]], Settings(goal=Goal.UP, shape="proportion"))
    assert joins(found) == 15


def test_an_excluded_reading_is_a_ring_and_its_neighbours_are_joined():
    found = drawn([*CALM[:5], 900, *CALM[6:]], excluded={5})
    assert shapes(found).count(Shape.RING) == 2  # the reading and the key
    assert joins(found) == 16
    assert found.rows[5].said == "Set aside, not counted"


def test_hidden_figures_leave_no_average_no_limits_and_no_icon():
    found = drawn([*CALM[:17], None], states={17: State.MASKED}, is_group=True)
    assert found.method is Method.LINE
    assert found.icons.variation is None
    assert found.rows[17].figure == "*"
    assert found.warnings == ()
    assert HIDDEN in found.chart.headline
    # The older figure is not taken for the latest one.
    assert f"{drawn(CALM[:17]).chart.headline.partition('.')[0]}; " in found.chart.headline
    assert "; the figure for September 2025 is hidden." in found.chart.headline
    assert not any("average" in text or "usual" in text for text in texts(found))
    assert "hidden, small number" in found.chart.description
    assert "verage" not in found.chart.description


def test_a_group_whose_numbers_are_small_has_no_icon_and_no_point_that_stands_out():
    points = [proportion(MONTHS.period(at), 3, 100) for at in range(18)]
    points[17] = proportion(MONTHS.period(17), 20, 100)
    settings = Settings(goal=Goal.UP, shape="proportion", is_group=True)
    found = measure_chart(points, settings)
    assert found.icons.variation is None
    assert "fewer than five on average" in found.chart.headline
    assert {row.said for row in found.rows} == {""}
    assert set(shapes(found)) == {Shape.DISC}


def test_new_limits_draw_both_parts_each_with_its_own_words():
    found = drawn([*CALM, *[n + 200 for n in CALM]], recalculations=(18,))
    assert [text for text in texts(found) if text.startswith("average")] == [
        "average 50% from Apr 2024",
        "average 70% from Oct 2025",
    ]
    assert "Average 50% from Apr 2024." in found.chart.description
    # Calm within the new limits is no change only since they began.
    assert found.chart.headline.endswith(
        "No clear change: it goes up and down as usual. New limits began with October 2025: "
        "the average was 50% before, and is 70% since."
    )
    assert "New limits" not in drawn(CALM).chart.headline
    assert sum(isinstance(mark, Line) and mark.dashed for mark in found.chart.marks) == 6


@pytest.mark.parametrize(("length", "is_drawn"), [(1, False), (2, False), (3, True)])
def test_a_part_of_fewer_than_three_readings_draws_no_limits_and_says_so(length, is_drawn):
    shifted = [*CALM, *[600, 900, 620][:length]]
    found = drawn([*shifted[:3], 300, *shifted[4:]], recalculations=(18,))
    there = [text for text in texts(found) if text.startswith("average")]
    assert len(there) == 1 + is_drawn
    assert (WARNING_WORDS[Warned.SHORT_PART] in found.warnings) is not is_drawn
    assert (found.icons.variation is None) is not is_drawn
    assert (WARNING_WORDS[Warned.SHORT_PART] in found.chart.headline) is not is_drawn
    # What an earlier part showed stays where it was.
    assert found.rows[3].said.startswith("Cause for concern")


def test_a_run_chart_with_a_short_part_says_too_few_and_draws_no_middle_of_it():
    found = drawn([*CALM[:11], 900], recalculations=(11,))
    assert found.method is Method.RUN_CHART
    assert TOO_FEW in found.chart.headline
    assert sum(text.startswith("middle") for text in texts(found)) == 1


def test_a_run_chart_with_enough_off_the_middle_says_that_it_is_calm():
    found = drawn([510, 490] * 6)
    assert "It goes up and down no more than chance would make it." in found.chart.headline


def test_what_was_done_stands_on_the_time_axis():
    acts = (Act(date(2024, 6, 5), "Cycle 1"), Act(date(2031, 1, 1), "Later"))
    found = drawn(CALM, acts=acts)
    assert "1: Cycle 1" in texts(found)
    assert "Cycle 1, 5 June 2024." in found.chart.description
    assert "Later" not in found.chart.description
    assert "Cycle 1" not in drawn([], acts=acts).chart.description


@pytest.mark.parametrize("counts", [[], [500], [0] * 20, [1000] * 20, CALM, [*CALM, 0, 1000]])
def test_every_mark_lies_on_both_drawings(counts):
    acts = (Act(date(2024, 6, 5), "A" * 90), Act(date(2024, 7, 5), "Long words " * 9))
    found = drawn(counts, targets=(Level(exact("0.95")),), acts=acts)
    for chart, letters in ((found.chart, 42), (found.chart.wide, 72)):
        for mark in chart.marks:
            places = [(mark.x1, mark.y1), (mark.x2, mark.y2)] if isinstance(mark, Line) else []
            for x, y in places or [(mark.x, mark.y)]:
                assert 0 <= x <= chart.width
                assert 0 <= y <= chart.height
        # About 6 points a letter at the widest: nothing runs over the edge.
        told = [mark.text for mark in chart.marks if isinstance(mark, Words)]
        assert all(len(text) <= letters for text in told)
        # And nothing is cut.
        if len(counts) > 3:
            assert "…" not in "".join(told)
            assert " ".join(told).count("Long words") == 9


@given(days=st.lists(st.dates(date(2024, 4, 1), date(2025, 9, 30)), min_size=1, max_size=40))
def test_the_numbers_of_what_was_done_never_cover_each_other_and_none_is_left_out(days):
    found = drawn(CALM, acts=tuple(Act(day, "Moved") for day in days)).chart
    for chart in (found, found.wide):
        labels = [one for one in chart.marks if isinstance(one, Words) and one.bold]
        # About 6 points a letter at the widest.
        ends = [(one.x, one.x + 6 * len(one.text)) for one in labels]
        assert all(before[1] <= after[0] for before, after in pairwise(ends))
        assert ends[0][0] >= 0
        assert ends[-1][1] <= chart.width
        told = [int(number) for one in labels for number in re.findall(r"\d+", one.text)]
        assert told == sorted(told)
        assert (told[0], told[-1]) == (1, len(days))


@pytest.mark.parametrize("day", [1, 15, 30])
def test_what_was_done_in_a_month_lies_between_its_neighbours(day):
    acts = (Act(date(2024, 6, day), "Moved"),)
    for chart in (drawn(CALM, acts=acts).chart, drawn(CALM, acts=acts).chart.wide):
        places = [mark.x for mark in chart.marks if isinstance(mark, Marker)]
        lines = [m.x1 for m in chart.marks if isinstance(m, Line) and m.dashed and m.x1 == m.x2]
        may, june, july = places[1:4]
        assert may + (june - may) / 4 < lines[0] < july - (july - june) / 4


def test_a_constant_series_says_that_nothing_changed():
    found = drawn([1000] * 20)
    assert found.chart.headline == (
        "100% in November 2025. No clear change: it goes up and down as usual."
    )


@pytest.mark.parametrize(
    ("value", "shape", "unit", "text"),
    [
        (Fraction(1, 3), "proportion", "", "33.3%"),
        (Fraction(1), "proportion", "", "100%"),
        (Fraction(25, 2), "mean", "days", "12.5 days"),
        (Fraction(12345), "count", "", "12,345"),
        (Fraction(-31, 10), "mean", "", "-3.1"),
    ],
)
def test_figures_are_written_to_one_place(value, shape, unit, text):
    assert written(value, shape, unit) == text


def test_the_drawing_on_a_page_is_sound_and_says_the_same():
    found = drawn([*CALM, None, 300], acts=(Act(date(2024, 6, 5), "<b>&"),))
    both = ET.fromstring(f"<p>{svg(found.chart, 'measure')}</p>")  # noqa: S314 - our own drawing
    assert [one.get("viewBox").split()[2] for one in both] == [str(WIDTH), str(WIDE)]
    for root in both:
        parts = {one.tag.split("}")[1]: one.text for one in root}
        assert parts["title"] == found.chart.headline
        assert parts["desc"] == found.chart.description
    ids = [one.get("id") for root in both for one in root if one.get("id")]
    assert len(ids) == len(set(ids)) == 4
    assert "style" not in str(svg(found.chart, "measure"))


def test_the_rules_are_named():
    assert drawn(CALM).rule_set_version == "mdc-2.5-2023-11"


def test_the_drawing_ends_at_nought_and_all_though_limits_lie_beyond():
    low, high = drawn([5, 0, 30] * 6), drawn([995, 1000, 970] * 6)
    assert "0%" in texts(low)
    assert "100%" in texts(high)
    assert "usual range -" in " ".join(texts(low))

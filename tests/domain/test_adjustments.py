"""New limits, readings set aside and notes: what fits, and that all of them reach every output."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from eqia.domain.adjustments import (
    NOTHING_READ,
    Adjustment,
    Around,
    Change,
    Held,
    check_adjustment,
    check_baseline_fits,
    limits_fit,
    new_limits_at,
    no_limits_fit,
    on_the_axis,
    set_aside_at,
    unseen,
)
from eqia.domain.charts import Shape
from eqia.domain.concerns import REVIEW_CHANGE, concern_of, gaps_of
from eqia.domain.courses import Course, courses_of
from eqia.domain.errors import Invalid
from eqia.domain.exported_readings import Exported, rows_of
from eqia.domain.measure_drawing import Act
from eqia.domain.measure_series import chart_of, icons_of, new_limits_fit
from eqia.domain.measures import Baseline
from eqia.domain.periods import Period, period_name, short_name
from eqia.domain.spc_icons import Method, Variation
from tests.domain.test_concerns import MONTHS, view

TODAY = date(2026, 6, 5)
#: eight calm months, then twelve at a higher level
STEP = [((11 - at % 2, 100), (20, 100)) for at in range(8)] + [
    ((30 + at % 2, 100), (20, 100)) for at in range(12)
]


def month(number):
    return MONTHS.period(number).start


def limits(number, member=None, reason="A new clinic opened."):
    return Adjustment("recalculation", month(number), member, reason)


def aside(number, member="old", reason="A flood."):
    return Adjustment("exclusion", month(number), member, reason)


def note(day, member=None, reason="Strike"):
    return Adjustment("note", day, member, reason)


def around(*adjustments, months=6, baseline=None):
    found = view(*[((10, 100), (20, 100))] * months)
    return Around(frozenset({"", "old", "young"}), found.readings, baseline, adjustments)


def until(number):
    return Baseline(month(0), month(number + 1) - timedelta(days=1), "agreed")


def refused(wanted, there, today=TODAY):
    with pytest.raises(Invalid) as refusal:
        check_adjustment(wanted, there, today)
    return [(one.field, one.message) for one in refusal.value.problems]


@pytest.mark.parametrize(
    ("wanted", "there"),
    [
        (limits(3), around()),
        (limits(3, "old"), around()),
        (limits(3, "old"), around(limits(3, "young"))),
        (limits(4), around(limits(3))),
        # The month after the last one of the baseline.
        (limits(2), around(baseline=until(1))),
        (aside(0), around()),
        (aside(0), around(aside(0, "young"))),
        (aside(0), around(baseline=until(1))),
        (note(TODAY), around()),
        (note(TODAY), around(note(TODAY, reason="Snow"))),
    ],
)
def test_what_fits_is_taken(wanted, there):
    check_adjustment(wanted, there, TODAY)


@pytest.mark.parametrize(
    ("wanted", "there", "field", "words"),
    [
        (limits(3, reason=" "), around(), "reason", "Say why"),
        (limits(3, "nobody"), around(), "member", "Choose everybody or a group"),
        (limits(9), around(), "on", "a period that has a reading"),
        (replace(limits(3), on=month(3) + timedelta(days=1)), around(), "on", "has a reading"),
        (limits(3, ""), around(), "on", "a period that has a reading"),
        (limits(0), around(), "on", "only begin after the first reading"),
        (limits(3), around(limits(3)), "on", "begin there already"),
        (limits(3, "old"), around(limits(3)), "on", "begin there already"),
        (limits(3), around(limits(3, "old")), "on", "begin there already"),
        (limits(1), around(baseline=until(1)), "on", "The baseline runs to 29 February 2024"),
        (aside(0, None), around(), "member", "Choose whose reading it is"),
        (aside(9), around(), "on", "no reading of this group"),
        (aside(1), around(aside(1)), "on", "set aside already"),
        (aside(0), around(baseline=until(0)), "on", "the last reading of the baseline"),
        (aside(1), around(aside(0), baseline=until(1)), "on", "the last reading of the baseline"),
        (note(TODAY + timedelta(days=1)), around(), "on", "today or in the past"),
        (note(TODAY), around(note(TODAY)), "reason", "on the chart already"),
    ],
)
def test_what_does_not_fit_is_refused_in_words(wanted, there, field, words):
    problems = refused(wanted, there)
    assert [one for one in problems if one[0] == field and words in one[1]], problems


@pytest.mark.parametrize(
    ("there", "first", "words"),
    [
        (around(), 1, ""),
        (around(baseline=until(3)), 4, ""),
        (around(baseline=until(5)), None, "The baseline runs to 30 June 2024"),
        (around(months=1), None, "after the first reading"),
        (around(months=0), None, NOTHING_READ),
        (around(*map(limits, range(1, 6))), None, "begin there already"),
        # On another chart they may.
        (around(*(limits(at, "old") for at in range(1, 6))), 1, ""),
    ],
)
def test_only_what_fits_is_offered_and_why_nothing_does_is_said(there, first, words):
    found = limits_fit(there)
    assert found[:1] == (() if first is None else (month(first),))
    assert all(
        any(not refusals(limits_on(day, who), there) for who in (None, "old", "young"))
        for day in found
    )
    assert bool(found) or words in no_limits_fit(there)


def limits_on(day, member):
    return Adjustment("recalculation", day, member, "Why")


def refusals(wanted, there):
    try:
        check_adjustment(wanted, there, TODAY)
    except Invalid as refusal:
        return refusal.problems
    return ()


def test_a_baseline_ends_before_new_limits_and_starts_with_the_first_reading():
    check_baseline_fits(until(2), around(limits(3)))
    for baseline, field in (
        (until(3), "to_date"),
        (replace(until(2), from_date=month(1)), "from_date"),
    ):
        with pytest.raises(Invalid) as refusal:
            check_baseline_fits(baseline, around(limits(3)))
        assert [one.field for one in refusal.value.problems] == [field]
    # Before anything is read any days will do.
    check_baseline_fits(replace(until(2), from_date=month(1)), around(months=0))


def test_one_day_that_both_have_is_an_overlap():
    # The baseline ends on the first day of the month in which the new limits begin.
    shared = replace(until(2), to_date=month(3))
    assert refused(limits(3), around(baseline=shared))[0][0] == "on"
    with pytest.raises(Invalid):
        check_baseline_fits(shared, around(limits(3)))


def test_new_limits_begin_with_the_first_point_from_their_day_on():
    points = [p.period for p in view(*STEP).of("old")]
    series = [type("P", (), {"period": period})() for period in points]
    assert new_limits_at(series, [limits(8), limits(12, "young"), limits(10, "old")], "old") == (
        8,
        10,
    )
    # On the first point, before it or after the last there is nothing to cut.
    assert new_limits_at(series, [limits(0), limits(40)], "old") == ()
    between = replace(limits(8), on=month(8) + timedelta(days=1))
    assert new_limits_at(series, [between], "old") == (9,)
    assert set_aside_at(series, [aside(2), aside(3, "young")], "old") == {2}


def test_new_limits_reach_icons_chart_table_and_description():
    before = view(*STEP, known=8)
    after = replace(before, adjustments=(limits(8),))
    assert icons_of(before, "old").variation is Variation.CONCERN_HIGH
    assert icons_of(after, "old").variation is Variation.COMMON_CAUSE
    assert concern_of(before)[1].count("Old: cause for concern") == 1
    assert "Old: cause for concern" not in (concern_of(after) or ("", ""))[1]
    drawn = chart_of(after, "old")
    assert "New limits: A new clinic opened, 1 September 2024." in drawn.chart.description
    assert not [row for row in drawn.rows if row.said]
    assert [row for row in chart_of(before, "old").rows if row.said]
    # By hand: 30 and 31 in turn have the mean 30.5 and the limits 30.5 -/+ 2.66.
    assert "Average 30.5%" in drawn.chart.description


@pytest.mark.parametrize(("at", "trial"), [(8, False), (9, True)])
def test_a_part_of_fewer_than_twelve_readings_is_a_trial(at, trial):
    drawn = chart_of(replace(view(*STEP, known=8), adjustments=(limits(at),)), "old")
    words = drawn.chart.description
    assert (f"from {short_name(MONTHS.period(at))}, a trial." in words) is trial
    # The first part keeps its words.
    assert "Average 10.5% from Jan 2024, a trial." in words
    # The first part has eight readings, so that the warning is there either way.
    assert any("trial" in one for one in drawn.warnings)


def test_a_reading_set_aside_is_an_open_mark_and_counts_nowhere():
    wild = [*STEP[:8], ((90, 100), (20, 100)), *STEP[:8]]
    whole = view(*wild, known=8)
    without = replace(whole, adjustments=(aside(8),))
    drawn = chart_of(without, "old")
    assert drawn.rows[8].said == "Set aside, not counted"
    assert drawn.rows[8].figure == "90%"
    assert sum(getattr(mark, "shape", None) is Shape.RING for mark in drawn.chart.marks) == 2
    assert "Set aside, not counted" in drawn.chart.description
    calm = view(*STEP[:8], *STEP[:8], known=8)
    assert chart_of(calm, "old").method is drawn.method is Method.XMR
    assert drawn.chart.headline.partition(" in ")[0] == "10%"
    # It stays on the charts of others.
    assert chart_of(without, "young").rows[8].said == ""


def test_a_reading_set_aside_is_no_part_of_a_gap_or_a_baseline():
    found = view(((10, 100), (10, 100)), ((10, 100), (10, 100)), ((60, 100), (10, 100)), known=1)
    assert concern_of(found) is not None
    without = replace(found, adjustments=(aside(2),))
    assert concern_of(without) is None
    (gap,) = gaps_of(without)
    assert gap.now.gap.value == 0
    assert replace(found, adjustments=(aside(0),)).before("old") == ()


def test_notes_stand_on_the_axis_of_their_own_chart():
    both = (note(month(2)), note(month(3), "young", "Moved house\nand more"))
    assert [one.words for one in on_the_axis(both, "young")] == ["Strike", "Moved house"]
    drawn = chart_of(replace(view(*STEP), adjustments=both), "old")
    assert "Strike, 1 March 2024." in drawn.chart.description
    assert "Moved house" not in drawn.chart.description


def test_a_long_reason_is_cut_beside_the_axis_and_kept_whole_elsewhere():
    one = note(TODAY, reason="x" * 200)
    assert len(one.words) == 60
    assert len(one.reason) == 200


def test_new_limits_are_suggested_at_a_shift_with_an_act_and_never_made():
    shifted = view(*STEP, known=8)
    done = Act(month(8) + timedelta(days=3), "Rang people")
    assert new_limits_fit(shifted, "old", [done]) == MONTHS.period(8)
    assert new_limits_fit(shifted, "old", []) is None
    assert new_limits_fit(shifted, "young", [done]) is None
    assert chart_of(shifted, "old", [done]).rows == chart_of(shifted, "old").rows
    # Once they are made, nothing more is suggested.
    assert new_limits_fit(replace(shifted, adjustments=(limits(8),)), "old", [done]) is None
    assert new_limits_fit(replace(shifted, definition=None), "old", [done]) is None


def test_a_chart_stands_whatever_was_changed_on_it():
    # Everything set aside, limits with nothing behind them, a day nobody read.
    odd = (*map(aside, range(20)), limits(8), limits(19), limits(30, "old"))
    drawn = chart_of(replace(view(*STEP, known=8), adjustments=odd), "old")
    assert all(row.said == "Set aside, not counted" for row in drawn.rows)
    assert icons_of(replace(view(*STEP, known=8), adjustments=odd), "old").variation is None


def test_a_day_outside_every_period_changes_nothing():
    stray = Adjustment("exclusion", date(1999, 1, 1), "old", "x")
    found = view(*STEP, known=8)
    assert chart_of(replace(found, adjustments=(stray,)), "old") == chart_of(found, "old")
    assert Period(month(0), month(1) - timedelta(days=1)) == MONTHS.period(0)


def test_the_file_of_readings_says_the_same_as_the_chart():
    said = replace(aside(2), before="Old: No clear change.")
    changes = (said, limits(8), note(month(3)), aside(4, "young"))
    found = replace(view(*STEP, known=8), adjustments=changes)
    told = {
        (row["period_start"], row["category"]): row["chart"]
        for row in rows_of(Exported(found, exact=True))
        if row["chart"]
    }
    assert told == {
        (month(2).isoformat(), "Old"): "reading set aside (before it: Old: No clear change.)",
        (month(4).isoformat(), "Young"): "reading set aside",
        (month(8).isoformat(), "Old"): "new limits",
        (month(8).isoformat(), "Young"): "new limits",
    }


# What no review has looked at yet


DAY = datetime(2026, 6, 5, 9, tzinfo=UTC)


def made(adjustment, days=0, back=None):
    taken = None if back is None else DAY + timedelta(days=back)
    return Change(adjustment, DAY + timedelta(days=days), taken)


def held(days, hours=1):
    at = DAY + timedelta(days=days, hours=hours)
    return Held(at.date(), at)


def changed(found, *changes, reviews=()):
    """The same measure with some changes to its charts, and the reviews held meanwhile."""
    standing = tuple(one.adjustment for one in changes if one.back is None)
    return replace(found, adjustments=standing, earlier=unseen(changes, reviews))


WITHOUT = "Without the new limits from September 2024, Old: cause for concern: higher than usual;"


@pytest.mark.parametrize("at", [8, 19])
def test_a_concern_stays_when_new_limits_take_it_from_the_chart(at):
    after = changed(view(*STEP, known=8), made(limits(at)))
    assert icons_of(after, "old").variation is not Variation.CONCERN_HIGH
    since, told = concern_of(after)
    assert since == DAY.date()
    assert f"Without the new limits from {period_name(MONTHS.period(at))}, Old: cause" in told
    assert REVIEW_CHANGE in told
    assert courses_of(after)["old"] is Course.WORSE


def test_a_concern_stays_when_the_reading_that_gave_it_is_set_aside():
    both = [((10, 100), (10, 100))] * 2
    found = changed(view(*both, ((60, 100), (10, 100)), known=1), made(aside(2)))
    _, told = concern_of(found)
    assert told.startswith(
        "With the reading of Old for March 2024 counted, the gap between Old and Young is clearly"
    )


def test_a_review_held_after_the_change_ends_it_and_one_held_before_does_not():
    found = view(*STEP, known=8)
    gone = concern_of(changed(found, made(limits(8)), reviews=[held(1)]))
    assert gone is None or "Without" not in gone[1]
    # A review of the same morning was kept before the change, so that only a later one saw it.
    since, told = concern_of(changed(found, made(limits(8)), reviews=[held(0, hours=-1)]))
    assert WITHOUT in told
    assert since == DAY.date() + timedelta(days=1)
    # What is kept today of a review held last week cannot have seen what was done yesterday.
    late = Held(DAY.date() - timedelta(days=7), DAY + timedelta(days=1))
    assert WITHOUT in concern_of(changed(found, made(limits(8)), reviews=[late]))[1]


def test_taking_a_change_back_silences_nothing_either():
    # Better than at first, and yet worse than since the new limits: only they show it.
    rows = [*[((30 + at % 2, 100), (20, 100)) for at in range(8)], *STEP[:8]]
    found = view(*rows, ((20, 100), (20, 100)), known=8)
    cut = made(limits(8), days=-9)
    assert "Old: cause for concern" in concern_of(changed(found, cut, reviews=[held(-5)]))[1]
    back = changed(found, replace(cut, back=DAY + timedelta(days=3)), reviews=[held(-5)])
    assert (
        "Before the new limits from September 2024 were taken back, Old: cause for concern"
        in (concern_of(back)[1])
    )
    seen = changed(found, replace(cut, back=DAY), reviews=[held(-5), held(1)])
    assert concern_of(seen) is None


def test_a_concern_between_two_changes_is_found_and_told_once():
    first, second = made(note(month(1))), made(limits(8), days=1)
    found = changed(view(*STEP, known=8), first, second, made(aside(19), days=2))
    _, told = concern_of(found)
    assert told.count("Old: cause for concern") == 1
    assert WITHOUT in told


def test_a_slip_taken_back_the_same_day_counts_for_nothing():
    assert unseen([made(limits(8), back=0)], []) == ()
    assert len(unseen([made(limits(8), back=1)], [])) == 2
    assert unseen([made(note(TODAY))], []) == ()


def test_new_limits_that_a_later_baseline_covers_are_left_out_of_the_comparison():
    found = view(*STEP, known=12)
    taken = made(limits(8), days=-9, back=3)
    assert concern_of(changed(found, taken, reviews=[held(-5)])) is not None

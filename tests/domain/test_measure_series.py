"""A measure's readings become one series for signals and chart alike."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from eqia.domain.adjustments import Adjustment
from eqia.domain.measure_drawing import Act
from eqia.domain.measure_series import LATE_BASELINE, chart_of, icons_of, signal_of
from eqia.domain.measures import Target
from eqia.domain.readings import Figure, Reading
from eqia.domain.spc_icons import WARNING_WORDS, Assurance, Method, Warned
from tests.domain.test_concerns import ENTERED, MONTHS, view

CALM = [((10 + at % 2, 100), (20 + at % 2, 100)) for at in range(18)]


def test_before_anything_is_read_there_is_no_chart():
    assert chart_of(view(), "old") is None
    assert signal_of(view(), "old") == ""
    assert chart_of(replace(view(*CALM), definition=None), "old") is None


@pytest.mark.parametrize(
    ("number", "method"), [(9, Method.LINE), (10, Method.RUN_CHART), (15, Method.XMR)]
)
def test_how_a_chart_is_read_follows_from_its_readings(number, method):
    assert chart_of(view(*CALM[:number]), "old").method is method


def test_a_missing_month_stays_in_the_table_without_a_figure():
    found = chart_of(view(*CALM[:5], (None, (20, 100)), *CALM[:3]), "old")
    assert [row.figure for row in found.rows][5] == "no reading yet"
    assert len(found.rows) == 9


def test_a_month_hidden_at_source_keeps_the_whole_series_from_being_judged():
    calm = view(*CALM, known=18)
    hidden = Reading(MONTHS.period(18), Figure("old", state="masked_at_source"), ENTERED)
    found = replace(calm, readings=(*calm.readings, hidden))
    assert signal_of(found, "old") == ""
    assert chart_of(found, "old").icons.variation is None


def test_a_target_in_per_cent_is_compared_with_the_share():
    aimed = Target("old", "level", Decimal(50), date(2024, 1, 1), date(2026, 1, 1))
    found = replace(view(*CALM, known=18), targets=(aimed,))
    assert chart_of(found, "old").icons.assurance is Assurance.PASS
    assert chart_of(found, "young").icons.assurance is None
    missed = replace(aimed, value=Decimal("0.5"))
    assert chart_of(replace(found, targets=(missed,)), "old").icons.assurance is Assurance.FAIL


def test_what_was_done_stands_on_the_time_axis():
    acts = [Act(date(2024, 6, 3), "Rang people")]
    marks = chart_of(view(*CALM), "old", acts).chart.marks
    assert any("Rang people" in getattr(mark, "text", "") for mark in marks)


@pytest.mark.parametrize(("shape", "said"), [("rate", True), ("proportion", False)])
def test_events_that_may_come_more_than_once_leave_nobody_over(shape, said):
    # 98 visits by 100 people: a share of that would tell about the two who did not come.
    often = [((97 + at % 2, 100), (97 + at % 2, 100)) for at in range(15)]
    assert (icons_of(view(*often, known=15, shape=shape), "old").variation is not None) is said


def test_a_rate_of_more_events_than_people_has_its_icons():
    often = [((250 + at % 2, 100), (250 + at % 2, 100)) for at in range(15)]
    assert icons_of(view(*often, known=15, shape="rate"), "old").withheld == ()


def test_limits_that_would_stand_on_fewer_than_three_readings_give_no_icon():
    # A baseline of one month has an average and no range.
    found = icons_of(view(*CALM, known=1), "old")
    assert (found.variation, found.withheld) == (None, (WARNING_WORDS[Warned.SHORT_PART],))
    cut = Adjustment("recalculation", MONTHS.period(17).start, None, "A new clinic opened.")
    last = replace(view(*CALM, known=6), adjustments=(cut,))
    assert icons_of(last, "old").withheld == (WARNING_WORDS[Warned.SHORT_PART],)
    assert WARNING_WORDS[Warned.SHORT_PART] in chart_of(last, "old").chart.headline


@pytest.mark.parametrize(("first", "told"), [(0, False), (3, True)])
def test_a_baseline_that_earlier_readings_came_before_is_told_and_not_used(first, told):
    found = view(*CALM, known=6)
    late = replace(found.baseline, from_date=MONTHS.period(first).start)
    drawn = chart_of(replace(found, baseline=late), "old")
    assert (LATE_BASELINE in drawn.warnings) is told
    assert any("a trial" in one for one in drawn.warnings) is not told
    few = replace(view(*CALM[:5]), baseline=late)
    assert LATE_BASELINE not in chart_of(few, "old").warnings


def test_the_conflict_rule_of_the_measure_reaches_its_icons():
    # Seven in a row that rise, and stay below the average of the baseline: lower is better here.
    falling = [((60 + at % 2, 100), (60, 100)) for at in range(10)]
    rising = [((20 + at, 100), (60, 100)) for at in range(7)]
    found = {
        rule: icons_of(view(*falling, *rising, known=10, conflict=rule), "old").variation
        for rule in ("concern", "improvement")
    }
    assert {rule: one.value for rule, one in found.items()} == {
        "concern": "concern_high",
        "improvement": "improvement_low",
    }


def test_a_target_holds_from_its_first_day_to_its_last():
    aimed = Target("old", "level", Decimal(50), date(2024, 1, 1), date(2025, 6, 30))
    # The last of eighteen months ends on 30 June 2025.
    held = replace(view(*CALM, known=18), targets=(aimed,))
    assert chart_of(held, "old").icons.assurance is Assurance.PASS
    for changed in ({"to_date": date(2025, 6, 29)}, {"from_date": date(2025, 7, 1)}):
        late = replace(held, targets=(replace(aimed, **changed),))
        assert chart_of(late, "old").icons.assurance is None


def test_of_two_targets_that_begin_together_the_newest_holds():
    days = date(2024, 1, 1), date(2026, 1, 1)
    old, new = (Target("old", "level", Decimal(value), *days) for value in ("0.5", "50"))
    found = replace(view(*CALM, known=18), targets=(old, new))
    assert chart_of(found, "old").icons.assurance is Assurance.PASS


def test_a_rate_is_written_with_what_it_is_per():
    found = chart_of(view(*CALM[:3], shape="rate", per=1000), "old")
    assert found.rows[0].figure == "100 per 1,000"

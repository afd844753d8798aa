"""A measure's readings become one series for signals and chart alike."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from eqia.domain.measure_drawing import Act
from eqia.domain.measure_series import chart_of, signal_of
from eqia.domain.measures import Target
from eqia.domain.readings import Figure, Reading
from eqia.domain.spc_icons import Assurance, Method
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


def test_a_rate_is_written_with_what_it_is_per():
    found = chart_of(view(*CALM[:3], shape="rate", per=1000), "old")
    assert found.rows[0].figure == "100 per 1,000"

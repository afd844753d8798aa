"""Nine real series of people seen within four hours, read from beside the project where it is."""

from __future__ import annotations

import csv
from datetime import date
from pathlib import Path

import pytest

from eqia.domain.chart_settings import Settings
from eqia.domain.measure_charts import measure_chart
from eqia.domain.measures import Goal
from eqia.domain.periods import Frequency, aligned
from eqia.domain.series import exact, proportion
from eqia.domain.spc_icons import Level

FILE = "nhsr_ae_attendances_type1_9_trusts_2016-04_to_2019-03.csv"
DATA = Path(__file__).parents[3] / "shared" / "data" / FILE
TARGET = Level(exact("0.95"))


def month(day):
    return aligned(Frequency.MONTH, day).around(day)


@pytest.fixture(scope="module")
def charts():
    if not DATA.exists():
        pytest.skip("shared data absent: not a git checkout")
    points: dict[str, list] = {}
    with DATA.open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            seen, late = int(row["attendances"]), int(row["breaches"])
            one = proportion(month(date.fromisoformat(row["period"])), seen - late, seen)
            points.setdefault(row["org_code"], []).append(one)
    settings = Settings(goal=Goal.UP, shape="proportion", targets=(TARGET,))
    return {code: measure_chart(series, settings) for code, series in points.items()}


def test_nine_series_of_three_years_are_read_by_limits(charts):
    assert len(charts) == 9
    assert {len(one.rows) for one in charts.values()} == {36}
    assert all(one.icons.variation and one.icons.assurance for one in charts.values())


@pytest.mark.parametrize(
    ("code", "variation", "assurance"),
    [
        # Bristol: two of the last three months lie close to the lower limit.
        ("RA7", "concern_low", "fail"),
        # North Bristol: low, and as it has been for three years.
        ("RVJ", "common_cause", "fail"),
        ("RA4", "common_cause", "hit_or_miss"),
    ],
)
def test_what_the_icons_say(charts, code, variation, assurance):
    found = charts[code].icons
    assert (found.variation.value, found.assurance.value) == (variation, assurance)

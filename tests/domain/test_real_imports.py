"""Three real files of measures.md section 10, read from beside the project where they are."""

from __future__ import annotations

import csv
from collections import Counter
from decimal import Decimal
from pathlib import Path

import pytest

from eqia.domain.imports.checks import group_problems, row_problems
from eqia.domain.imports.layouts import NO_GROUPS
from eqia.domain.imports.sheets import make_sheet
from eqia.domain.periods import Frequency, Schedule
from tests.domain.import_samples import FINANCIAL, YEARS, counted, figures, reader

DATA = Path(__file__).parents[3] / "shared" / "data"
FINGERTIPS = "fingertips_93356_campylobacter_county_ua.csv"
STOPS = "eff_stop_and_search_3_areas_2006-07_to_2017-18.csv"
VISITS = "nhsr_ae_attendances_type1_9_trusts_2016-04_to_2019-03.csv"
COUNTIES = "County & UA deprivation deciles in England (IMD2015)"
DISTRICTS = "District & UA deprivation deciles in England (IMD2015)"
PER_100K = {"per": 100_000}
DECILES = ("deprivation_deciles", "2015")
NHS = ("ethnicity_nhs", "2001")
FOUND = {
    "numerator": "Number of stop and searches",
    "denominator": "Population by ethnicity",
    "value": "Rate per 1,000 population by ethnicity",
}


def begun(name, definition, schedule):
    path = DATA / name
    if not path.exists():
        pytest.skip("shared data absent: not a git checkout")
    with path.open(encoding="utf-8-sig", newline="") as lines:
        sheet = make_sheet("", enumerate(csv.reader(lines), 1))
    return reader(sheet, definition, schedule)


def rates(**chosen):
    found = begun(FINGERTIPS, counted(key=DECILES, **PER_100K), YEARS)
    return found.say(by="Category", chosen={"Age": "All ages", **chosen})


def test_fingertips_has_fewer_fields_than_headings_and_names_over_two_lines():
    found = rates()
    assert len(found.asked.sheet.lines) == 852
    assert found.asked.sheet.headings[-1] == "Compared to goal"
    assert found.asked.given.kind == "fingertips"


def test_fingertips_asks_for_one_of_162_areas_two_ages_and_two_sets():
    found = rates()
    asked = {name: len(values) for name, values in found.asked.choices.items()}
    assert asked == {"Area Code": 162, "Age": 2, "Category Type": 2}
    assert found.asked.choices["Area Code"]["E92000001"] == "England (E92000001)"


@pytest.mark.parametrize(("chosen", "first"), [(COUNTIES, 3541), (DISTRICTS, 5744)])
def test_fingertips_tenths_of_england_by_one_type_at_a_time(chosen, first):
    found = rates(**{"Area Code": "E92000001", "Category Type": chosen})
    assert sorted(found.asked.offer.values(), key=int) == [str(n) for n in range(1, 11)]
    taken = found.agree().take()
    assert not taken.faults
    assert len(taken.given) == 33
    assert figures(taken)[("2015-01-01", "1")][0] == first
    assert figures(taken)[("2015-01-01", "")] == (51897, 54786327)


def test_fingertips_keeps_limits_to_the_digit():
    found = rates(**{"Area Code": "E92000001", "Category Type": COUNTIES}).agree()
    whole = next(one for one in found.take().given if not one.figure.member)
    assert whole.lower == Decimal("93.9129396546008")
    assert whole.upper == Decimal("95.5447303303505")


def test_fingertips_values_are_those_of_their_parts():
    found = rates(**{"Area Code": "E92000001", "Category Type": COUNTIES}).agree()
    said = [words for words in found.take().warnings if "not what its two numbers" in words]
    assert said == []


def test_fingertips_of_a_single_area_has_no_tenths_and_its_blanks_say_why():
    counts: Counter[str] = Counter()
    found = begun(FINGERTIPS, counted(members=(), **PER_100K), YEARS).say(by=NO_GROUPS)
    for area in found.asked.choices["Area Code"]:
        said = found.say(chosen={"Area Code": area, "Age": "All ages"})
        taken = said.take()
        assert not taken.faults, area
        counts["given"] += len(taken.given)
        counts["bare"] += len(taken.bare)
        assert all("combined" in one.reason for one in taken.bare)
    assert counts == {"given": 480, "bare": 6}


def test_another_edition_of_tenths_is_refused():
    found = begun(FINGERTIPS, counted(key=("deprivation_deciles", "2019")), YEARS)
    found = found.say(by="Category", chosen={"Area Code": "E92000001", "Category Type": COUNTIES})
    assert any("2015 edition" in one.message for one in group_problems(found.asked))


def stops(place, kind="ONS 2001 16+1", definition=None):
    found = begun(STOPS, definition or counted(key=NHS), FINANCIAL)
    return found.say(columns=FOUND, chosen={"Geography": place, "Ethnicity_type": kind})


def test_stops_ask_for_one_set_and_refuse_none():
    found = begun(STOPS, counted(key=NHS), FINANCIAL).say(columns=FOUND)
    assert found.asked.choices["Geography"] == {
        name: name for name in ("Avon & Somerset", "Cumbria", "London, City of")
    }
    assert list(found.asked.choices["Ethnicity_type"]) == ["ONS 2001 16+1", "ONS 2001 5+1"]
    assert len(list(row_problems(found.asked))) == 2
    assert found.asked.next_page == "rows"


def test_stops_by_sixteen_groups_with_all_of_them_once():
    found = stops("Avon & Somerset")
    offer = found.asked.offer
    assert len(set(offer.values())) == 16
    assert offer["Chinese"] == "R"
    assert set(found.asked.labels) - set(offer) == {"Unreported"}
    taken = found.agree(Unreported="Z").take()
    assert not taken.faults
    read = figures(taken)
    assert read[("2017-04-01", "")] == (5676, 1599555)
    assert read[("2017-04-01", "R")] == (0, 8976)
    of_2017 = [n for (start, member), (n, _) in read.items() if start == "2017-04-01" and member]
    # 4,734 is the column that leaves out the unreported, who have no population.
    assert sum(of_2017) == 4734
    assert len(taken.bare) == 12
    assert len(read) == 12 * 17


def test_stops_of_a_place_without_population_give_no_rate():
    taken = stops("London, City of").agree(Unreported="Z").take()
    assert not taken.faults
    assert not taken.given
    assert len(taken.bare) == 216


def test_stops_by_six_groups_are_none_of_the_sixteen():
    found = stops("Avon & Somerset", "ONS 2001 5+1")
    assert found.asked.offer == {}
    wide = counted(key=("ethnicity_census_five", "2021"))
    assert stops("Avon & Somerset", "ONS 2001 5+1", wide).asked.offer == {}


def test_visits_are_of_nine_trusts_with_the_first_day_alone():
    months = Schedule(Frequency.MONTH, YEARS.anchor)
    found = begun(VISITS, counted("proportion", members=()), months)
    assert found.asked.given.kind == "plain"
    found = found.say(
        columns={"period": "period", "minus": "breaches", "denominator": "attendances"},
        apart=("org_code", "type"),
    )
    assert len(found.asked.choices["org_code"]) == 9
    # There is one type only: nothing to ask.
    assert "type" not in found.asked.choices
    assert found.asked.asks_length
    taken = found.say(chosen={"org_code": "RA7"}, length="month").take()
    assert len(taken.given) == 36
    assert figures(taken)[("2016-04-01", "")] == (7292, 8634)
    assert taken.others == 288

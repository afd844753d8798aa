"""Each kind of file that is known: what must be asked of the person, and what is taken from it."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from eqia.domain.categories import load_category_sets
from eqia.domain.exported_readings import TEMPLATE
from eqia.domain.imports.checks import group_problems, row_problems
from eqia.domain.imports.layouts import LEFT_OUT, NO_GROUPS
from eqia.domain.imports.presets import heading_faults, recognise
from tests.domain.import_samples import (
    FINANCIAL,
    YEARS,
    counted,
    figures,
    reader,
    table,
)

FINGERTIPS = (
    "Indicator ID,Indicator Name,Area Code,Area Name,Sex,Age,Category Type,Category,Time period,"
    "Value,Lower CI 95.0 limit,Upper CI 95.0 limit,Count,Denominator,Value note,Compared to goal\n"
)
DECILES = "County deprivation deciles (IMD2015)"
ROWS = f"""93,"Rate
",E92,England,Persons,All ages,,,2015,94.7,93.9,95.5,947,10000,
93,"Rate
",E92,England,Persons,0-9 yrs,,,2015,50,,,50,1000,
93,"Rate
",E92,England,Persons,All ages,{DECILES},Most deprived decile (IMD2015),2015,69.6,,,696,10000,Sums
93,"Rate
",E92,England,Persons,All ages,{DECILES},Second least deprived decile (IMD2015),2015,70,,,700,10000,
93,"Rate
",E92,England,Persons,All ages,District {DECILES},Most deprived decile (IMD2015),2015,1,,,1,100,
93,"Rate
",E06,Hackney,Persons,All ages,,,2015,,,,,,Value for Hackney and City of London combined
93,"Rate
",E06,Hackney,Persons,All ages,,,2016,9.9,,,99,10000,
"""
DEPRIVED = ("deprivation_deciles", "2015")
NHS = ("ethnicity_nhs", "2001")
ENGLAND = {"Area Code": "E92", "Age": "All ages", "Category Type": DECILES}


def fingertips(definition=None):
    return reader(FINGERTIPS + ROWS, definition or counted(key=DEPRIVED), YEARS)


def test_fingertips_asks_for_area_age_and_one_of_its_sets():
    found = fingertips().say(by="Category")
    assert found.asked.given.kind == "fingertips"
    assert list(found.asked.choices) == ["Area Code", "Age", "Category Type"]
    assert found.asked.choices["Area Code"] == {"E92": "England (E92)", "E06": "Hackney (E06)"}
    assert found.asked.next_page == "rows"


def test_fingertips_asks_which_column_holds_the_groups():
    assert fingertips().asked.next_page == "columns"
    assert fingertips().asked.by_options == ("Category", "Age")


def test_fingertips_is_taken_with_its_limits_and_the_words_beside():
    found = fingertips().say(by="Category", chosen=ENGLAND).agree()
    assert found.asked.next_page == "preview"
    taken = found.take()
    assert figures(taken) == {
        ("2015-01-01", ""): (947, 10000),
        ("2015-01-01", "1"): (696, 10000),
        ("2015-01-01", "9"): (700, 10000),
    }
    assert (taken.given[0].lower, taken.given[0].upper) == (Decimal("93.9"), Decimal("95.5"))
    assert taken.given[0].row == 2
    assert taken.others == 4
    assert taken.warnings == ("The file says of 1 of these rows: “Sums”",)


def test_a_blank_value_is_told_with_the_reason_beside_it():
    hackney = {"Area Code": "E06", "Age": "All ages"}
    taken = fingertips().say(by=NO_GROUPS, chosen=hackney).take()
    assert [(one.row, one.reason) for one in taken.bare] == [
        (7, "Value for Hackney and City of London combined")
    ]
    assert list(figures(taken)) == [("2016-01-01", "")]


def test_an_area_without_groups_has_none_to_choose():
    found = fingertips().say(by="Category", chosen={**ENGLAND, "Area Code": "E06"})
    assert found.asked.labels == {}
    assert found.asked.next_page == "preview"


def test_groups_of_another_edition_are_refused():
    found = fingertips(counted(key=("deprivation_deciles", "2019"))).say(
        by="Category", chosen=ENGLAND
    )
    assert "Another edition starts a new series" in found.asked.edition_fault
    assert found.asked.next_page == "groups"
    assert [one.message for one in group_problems(found.asked)] == [found.asked.edition_fault]


FACTS = (
    "Measure,Time,Time_type,Ethnicity,Ethnicity_type,Geography,Geography_type,"
    " Number of stops , Total (without unreported) ,Population,Share,Notes\n"
)
GROUPS = (
    ("White British", "White Irish", "Any other white background"),
    ("Mixed White and Black Caribbean", "Mixed White and Black African"),
    ("Mixed White and Asian", "Any other mixed/multiple ethnic background"),
    ("Indian", "Pakistani", "Bangladeshi", "Any other Asian background"),
    ("Black Caribbean", "Black African", "Any other black background"),
    ("Chinese", "Any other ethnic group"),
)
SIXTEEN = [label for labels in GROUPS for label in labels]


def facts():
    """Seventeen rows by 16+1, six by 5+1 and one for all, then another place."""
    place = '"London, City of",Force'
    lines = [f'All,All,{place},"15,018","9,050","1,599,555",N/A,']
    for kind, labels in (
        ("ONS 2001 16+1", [*SIXTEEN, "Unreported"]),
        ("ONS 2001 5+1", ["Asian", "Black", "Mixed", "Other", "White", "Unreported"]),
    ):
        for label in labels:
            below = " N/A " if label == "Unreported" else '"1,000"'
            figure = " -   " if label == "Chinese" else "12"
            lines.append(f'{label},{kind},{place},{figure},"9,050",{below},3%,')
    lines.append('All,All,Cumbria,Force,7,7,"1,000",N/A,')
    rows = "".join(f"Stops,2006/07,Financial year,{line}\n" for line in lines)
    return reader(FACTS + rows, counted(key=NHS), FINANCIAL)


FOUND = {"numerator": "Number of stops", "denominator": "Population"}
ONE_SET = {"Geography": "London, City of", "Ethnicity_type": "ONS 2001 16+1"}


def test_facts_and_figures_asks_for_columns_place_and_one_set():
    found = facts()
    assert found.asked.given.kind == "facts_long"
    assert found.asked.next_page == "columns"
    found = found.say(columns=FOUND)
    assert {name: list(values) for name, values in found.asked.choices.items()} == {
        "Geography": ["London, City of", "Cumbria"],
        "Ethnicity_type": ["ONS 2001 16+1", "ONS 2001 5+1"],
    }
    wanted = [one.message for one in row_problems(found.asked)]
    assert wanted == ["Choose one of “Geography”", "Choose one of “Ethnicity_type”"]


def test_facts_and_figures_offers_the_sixteen_and_asks_about_the_unreported():
    found = facts().say(columns=FOUND, chosen=ONE_SET)
    offer = found.asked.offer
    assert {offer[label] for label in SIXTEEN} == set("ABCDEFGHJKLMNPRS")
    assert offer["Chinese"] == "R"
    assert "Unreported" not in offer
    assert found.asked.next_page == "groups"


def test_facts_and_figures_counts_nobody_three_times():
    found = facts().say(columns=FOUND, chosen=ONE_SET).agree(Unreported="Z")
    taken = found.take()
    read = figures(taken)
    assert read[("2006-04-01", "")] == (15018, 1599555)
    assert read[("2006-04-01", "R")] == (0, 1000)
    assert read[("2006-04-01", "A")] == (12, 1000)
    assert len(read) == 17
    assert [one.reason for one in taken.bare] == ["Not available in the file: “Population”"]
    assert taken.others == 7
    assert not taken.faults


def test_a_total_that_leaves_people_out_is_no_denominator():
    layout = {"numerator": "Number of stops", "denominator": "Total (without unreported)"}
    found = facts().say(columns=layout, chosen=ONE_SET).agree(Unreported=LEFT_OUT)
    found = reader(found.asked.raw, counted("proportion", NHS), FINANCIAL).say(
        columns=layout, chosen=ONE_SET, members=found.asked.given.members
    )
    (fault,) = found.take().faults
    assert (fault.row, fault.column) == (2, "Number of stops")
    assert "cannot be above the number they are out of" in fault.reason


def test_labels_of_another_set_are_offered_nothing():
    wide = counted(key=("ethnicity_census_five", "2021"))
    found = reader(facts().asked.raw, wide, FINANCIAL).say(
        columns=FOUND, chosen={**ONE_SET, "Ethnicity_type": "ONS 2001 5+1"}
    )
    # White is White in both; Asian is not, as Chinese people moved: so nothing is offered.
    assert found.asked.offer == {}
    assert len(list(group_problems(found.asked))) == 6


def test_the_sets_that_have_all_the_labels_are_named():
    sets = tuple(load_category_sets().values())
    by_ages = facts().say(columns=FOUND, chosen=ONE_SET).asked
    by_ages = replace(by_ages, definition=counted(), standard=None, sets=sets)
    assert [one.key for one in by_ages.other_sets] == [NHS]
    own = facts().say(columns=FOUND, chosen=ONE_SET).asked
    assert replace(own, sets=sets).other_sets == ()


TABLE = "Ethnicity,Number,People\n" + "\n".join(
    f"{label},{number},100"
    for number, label in enumerate(["All", "Asian", *SIXTEEN, "Black", "Mixed", "White", "Other"])
)


def test_a_table_of_facts_asks_for_its_period_and_leaves_parents_out():
    found = reader(TABLE, counted(key=NHS), FINANCIAL)
    assert found.asked.given.kind == "facts_table"
    found = found.say(columns={"numerator": "Number", "denominator": "People"})
    assert found.asked.next_page == "rows"
    assert [one.message for one in row_problems(found.asked)] == ["Enter the period"]
    found = found.say(period="2025/26")
    offer = found.asked.offer
    assert [offer[one] for one in ("All", "Asian", "White", "Chinese")] == ["", "-", "-", "R"]
    taken = found.agree().take()
    assert len(taken.given) == 17
    assert taken.others == 5


UPLOAD = (
    "IndicatorId,Year,YearRange,Quarter,Month,AgeId,SexId,AreaCode,Count,Value,LowerCI95,UpperCI95,"
    "LowerCI99_8,UpperCI99_8,Denominator,Denominator_2,ValueNoteId,CategoryTypeId,CategoryId\n"
)


@pytest.mark.parametrize(
    ("parts", "year", "start"),
    [
        ("2025,1,-1,-1", "calendar", "2025-01-01"),
        ("2025,1,-1,-1", "financial", "2025-04-01"),
        ("2025,1,2,-1", "financial", "2025-07-01"),
        ("2025,1,2,-1", "calendar", "2025-04-01"),
        ("2025,1,-1,7", "financial", "2025-07-01"),
        ("2025,3,-1,-1", "calendar", "2025-01-01"),
    ],
)
def test_an_upload_says_its_period_in_four_columns(parts, year, start):
    row = f"9,{parts},27,4,E92,10,1,-1,-1,-1,-1,1000,-1,0,-1,-1\n"
    found = reader(UPLOAD + row, counted(members=()), FINANCIAL).say(year=year)
    taken = found.take()
    read = taken.given[0].period.start if taken.given else None
    said = taken.faults[0].reason if taken.faults else ""
    assert str(read) == start or f"{start[8:]}/{start[5:7]}/{start[:4]}" in said


def test_an_upload_has_minus_one_for_none():
    rows = (
        "9,2025,1,-1,-1,27,4,E92,-1,-1,-1,-1,-1,-1,-1,-1,0,-1,-1\n"
        "9,2024,1,-1,-1,27,4,E92,10,1,-1,-1,-1,-1,1000,-1,0,-1,-1\n"
    )
    found = reader(UPLOAD + rows, counted(members=()), FINANCIAL).say(year="financial")
    taken = found.take()
    assert [one.row for one in taken.bare] == [2]
    assert (taken.given[0].lower, taken.given[0].upper) == (None, None)


NEXT = (
    "area_code,date_from,date_to,period_type,sex,age_from,age_to,deprivation_decile,count,value,"
    "denominator,lower_ci_95,upper_ci_95,lower_ci_99_8,upper_ci_99_8\n"
)


def next_rows():
    rows = [
        f"E92,2025-01-01,2025-12-31,Calendar,Persons,0,,{decile},10,1,1000,0.5,1.5,,\n"
        for decile in ("", "10 (most deprived)", "10", "1")
    ]
    return reader(NEXT + "".join(rows), counted(key=DEPRIVED), YEARS)


def test_the_new_fingertips_numbers_the_most_deprived_tenth_ten_so_none_is_offered():
    found = next_rows().say(by="deprivation_decile")
    assert found.asked.given.kind == "fingertips_next"
    assert found.asked.offer == {"": ""}
    taken = found.say(members={"": "", "10 (most deprived)": "1", "10": LEFT_OUT, "1": "10"}).take()
    assert [one.figure.member for one in taken.given] == ["", "1", "10"]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (("sex,age_from", "age_from,sex"), "Column 5 is “age_from” and must be “sex”"),
        (("period_type", "period type"), "There is no column “period_type”"),
        (("upper_ci_99_8", "upper_ci_99_8,extra"), "“extra” is no column of FingertipsNext"),
    ],
)
def test_the_new_fingertips_must_have_its_headings_in_order(change, words):
    sheet = table(NEXT.replace(*change) + "E92" + "," * NEXT.count(",") + "\n")
    assert words in heading_faults("fingertips_next", sheet)


def test_a_value_that_is_not_that_of_its_parts_is_told():
    text = FINGERTIPS + ROWS.replace("2015,94.7,", "2015,9470,")
    taken = (
        reader(text, counted(members=()), YEARS)
        .say(chosen={"Area Code": "E92", "Age": "All ages"})
        .take()
    )
    assert "not what its two numbers give" in taken.warnings[0]
    assert "row 2" in taken.warnings[0]


@pytest.mark.parametrize(
    ("head", "kind"),
    [
        (",".join(TEMPLATE).upper(), "own"),
        (FINGERTIPS.strip(), "fingertips"),
        (UPLOAD.strip(), "fingertips_upload"),
        (NEXT.strip(), "fingertips_next"),
        (FACTS.strip(), "facts_long"),
        ("Ethnicity,Number", "facts_table"),
        ("Ethnicity,a,b,c,d", "plain"),
        ("period,late", "plain"),
    ],
)
def test_the_headings_tell_the_kind(head, kind):
    assert recognise(table(f"{head}\n1\n")) == kind

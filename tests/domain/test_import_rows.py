"""Our own form and tables of anybody's: what is taken, asked and refused, row by row."""

from __future__ import annotations

from decimal import Decimal

import pytest

from eqia.domain.categories import load_category_sets
from eqia.domain.exported_readings import TEMPLATE
from eqia.domain.imports.checks import column_problems, group_problems, row_problems
from eqia.domain.imports.groups import offered
from eqia.domain.imports.layouts import Layout, fitting
from eqia.domain.imports.own_forms import MeasureName
from tests.domain.import_samples import MONTHS, counted, figures, reader, table


def own(*rows):
    head = ",".join(TEMPLATE)
    return reader(head + "\n" + "\n".join(rows), counted("proportion"), MONTHS)


def test_our_own_form_asks_nothing():
    found = own("m1,2026-04-01,2026-04-30,age,Under 65,1,10,,,,,")
    assert found.asked.pages == ("preview",)
    assert figures(found.take()) == {("2026-04-01", "under_65"): (1, 10)}


@pytest.mark.parametrize(
    ("ref", "is_ours"),
    [
        ("m1", True),
        ("", True),
        ("EQS-2026-0001-measure-2", True),
        ("eqs-2026-0001-measure-2", True),
        ("Late  visits", True),
        ("EQS-2026-0001-measure-1", False),
        ("EQS-2026-0002-measure-2", False),
        ("Visits", False),
    ],
)
def test_a_row_names_its_measure_by_number_by_title_or_by_id(ref, is_ours):
    taken = own(f"{ref},2026-04-01,2026-04-30,,,1,10,,,,,").take()
    assert bool(taken.given) is is_ours
    assert bool(taken.faults) is not is_ours


@pytest.mark.parametrize(
    ("title", "file"),
    [
        ("Late visits", "late-visits"),
        ("Galwadau ffôn hwyr: tŷ / 2", "galwadau-ffon-hwyr-ty-2"),
        ("Late\nfrom April", "late"),
        ('"; rm -rf', "rm-rf"),
        ("迟到", "measure-3"),
        ("a" * 70, "a" * 60),
    ],
)
def test_a_form_is_named_by_plan_and_measure_in_plain_letters(title, file):
    name = MeasureName("EQS-2026-0001", 3, title)
    assert name.file == f"readings-EQS-2026-0001-{file}"
    assert name.reference == "EQS-2026-0001-measure-3"


@pytest.mark.parametrize(
    ("row", "column", "words"),
    [
        ("m2,2026-04-01,2026-04-30,,,1,10,,,,,", "measure_ref", "another measure"),
        ("m1,2026-04-01,2026-04-30,age,Elders,1,10,,,,,", "category", "not a group"),
        ("m1,2026-04-01,2026-04-30,sex,Under 65,1,10,,,,,", "dimension", "are by “age”"),
        ("m1,2026-04-01,2026-05-31,,,1,10,,,,,", "period_start", "none of the periods"),
        ("m1,2026-04-30,2026-04-01,,,1,10,,,,,", "period_start", "ends before it starts"),
        ("m1,2027-04-01,2027-04-30,,,1,10,,,,,", "period_start", "has not begun"),
        ("m1,soon,2026-04-30,,,1,10,,,,,", "period_start", "not a period"),
        ("m1,2026-04-01,2026-04-30,,,11,10,,,,,", "numerator", "cannot be above"),
        ("m1,2026-04-01,2026-04-30,,,NaN,10,,,,,", "numerator", "is not a number"),
        ("m1,2026-04-01,2026-04-30,,,inf,10,,,,,", "numerator", "is not a number"),
        ("m1,2026-04-01,2026-04-30,,,1,,,,,,", "denominator", "Enter out of how many"),
        ("m1,2026-04-01,2026-04-30,,,0,0,,,,,", "denominator", "must be 1 or more"),
        ("m1,2026-04-01,2026-04-30,,,1,10,,NaN,,,", "lower_95", "is not a number"),
        ("m1,2026-04-01,2026-04-30,,,1,10,,,,guessed,", "state", "no state we know"),
        ("m1,2026-04-01,2026-04-30,,,1,10,,,,not_collected,", "numerator", "There is a figure"),
    ],
)
def test_a_row_that_cannot_be_read_names_row_column_and_reason(row, column, words):
    (fault,) = own(row).take().faults
    assert (fault.row, fault.column) == (2, column)
    assert words in fault.reason


def test_the_same_period_and_group_twice_is_refused_with_both_rows():
    row = "m1,2026-04-01,2026-04-30,,,1,10,,,,,"
    (fault,) = own(row, row).take().faults
    assert fault.row == 3
    assert "Row 2 is for the same period and group already" in fault.reason


def test_figures_that_were_hidden_for_others_do_not_come_back():
    head = ",".join([*TEMPLATE, "suppression"])
    rows = "m1,2026-04-01,2026-04-30,,,10,20,,,,,,mask7_round5\n"
    (fault,) = reader(f"{head}\n{rows}", counted("proportion"), MONTHS).take().faults
    assert "hidden or rounded for others" in fault.reason
    exact = rows.replace("mask7_round5", "none: exact figures")
    assert reader(f"{head}\n{exact}", counted("proportion"), MONTHS).take().given


@pytest.mark.parametrize(
    ("cells", "state"),
    [
        ("*,10,,,,,", "masked_at_source"),
        ("*,*,,,,,", "masked_at_source"),
        ("<8,10,,,,,", "masked_at_source"),
        ("[c],100,,,,,", "masked_at_source"),
        ("z,z,,,,,", "not_applicable"),
        (",,,,,masked,", "masked_at_source"),
        (",,,,,(c),", "masked_at_source"),
        (",,,,,[z],", "not_applicable"),
        ("1,10,,,,[p],", "provisional"),
        ("1,10,,,,revised,", "final"),
        (",,,,,Not collected,", "not_collected"),
        (",,,,,not_applicable,", "not_applicable"),
        ("1,10,,,,provisional,", "provisional"),
        ("0,10,,,,,", "final"),
    ],
)
def test_why_there_is_no_figure_is_kept_apart_from_none_and_nought(cells, state):
    (given,) = own(f"m1,2026-04-01,2026-04-30,,,{cells}").take().given
    assert given.figure.state == state


@pytest.mark.parametrize("cells", ["x,10,,,,,", "..,..,,,,,", ",,,,,[x],"])
def test_what_is_not_available_is_told_and_is_no_reading(cells):
    taken = own(f"m1,2026-04-01,2026-04-30,,,{cells}").take()
    assert (taken.given, taken.faults) == ((), ())
    assert taken.bare[0].reason.startswith("Not available in the file")


def test_a_figure_beside_not_available_is_refused():
    (fault,) = own("m1,2026-04-01,2026-04-30,,,1,10,,,,[x],").take().faults
    assert fault.reason == "There is a figure, and the state says “[x]”"


def test_the_marks_of_a_file_are_told_with_what_they_were_read_as():
    months = ("04-01,2026-04-30", "05-01,2026-05-31", "06-01,2026-06-30")
    cells = ("[c],[c]", "<8,10", "-,10")
    rows = [
        f"m1,2026-{month},{who},{cell},,,,,"
        for month in months
        for who, cell in zip((",", "age,Under 65", "age,65 and over"), cells, strict=True)
    ]
    found = {one.text: (one.read_as, one.rows) for one in own(*rows).take().marks}
    hidden = "Hidden at source, small number"
    assert found == {"[c]": (hidden, 3), "<8": (hidden, 3), "-": ("0", 3)}


def test_limits_are_kept_as_supplied_even_the_wrong_way_round():
    (given,) = own("m1,2026-04-01,2026-04-30,,,1,10,,99.9,0.1,,").take().given
    assert (given.lower, given.upper) == (Decimal("99.9"), Decimal("0.1"))


PLAIN = "period,org_code,attendances,breaches\n" + "".join(
    f"2026-{month:02d}-01,{code},{seen},{late}\n"
    for month, seen, late in ((4, 100, 7), (5, 110, 9))
    for code in ("RA7", "RVJ")
)
LESS = {"period": "period", "minus": "breaches", "denominator": "attendances"}


def plain(**said):
    definition = counted("proportion", members=())
    return reader(PLAIN, definition, MONTHS).say(columns=LESS, apart=("org_code",), **said)


def test_a_plain_series_asks_for_organisation_and_length():
    found = plain()
    assert found.asked.asks_length
    assert [one.message for one in row_problems(found.asked)] == [
        "Choose one of “org_code”",
        "Choose how long a period is",
    ]


def test_in_time_is_all_less_those_that_were_late():
    found = plain(chosen={"org_code": "RA7"}, length="month")
    assert figures(found.take()) == {
        ("2026-04-01", ""): (93, 100),
        ("2026-05-01", ""): (101, 110),
    }


def test_rows_of_others_are_told_with_the_column_and_what_stands_there():
    found = plain(chosen={"org_code": "RA7"}, length="month").take()
    told = [(one.row, one.column, one.reason) for one in found.left]
    assert told == [(3, "org_code", "RVJ"), (5, "org_code", "RVJ")]


def test_more_late_than_there_were_is_refused():
    found = reader(PLAIN.replace("100,7", "100,700"), counted("proportion", members=()), MONTHS)
    found = found.say(columns=LESS, apart=("org_code",), chosen={"org_code": "RA7"}, length="month")
    (fault,) = found.take().faults
    assert fault.column == "breaches"


def test_days_that_can_be_read_in_two_ways_are_asked_about():
    text = "day,late\n01/04/2026,1\n01/05/2026,2\n"
    found = reader(text, counted("count", members=()), MONTHS).say(
        columns={"period": "day", "numerator": "late"}, length="month"
    )
    assert found.asked.asks_order
    assert found.asked.next_page == "rows"
    assert list(figures(found.say(order="dmy").take())) == [("2026-04-01", ""), ("2026-05-01", "")]
    assert len(found.say(order="mdy").take().faults) == 2


def test_what_is_wrong_with_the_columns_is_told_beside_each():
    found = reader(PLAIN, counted("proportion"), MONTHS).say(
        columns={"numerator": "breaches", "minus": "breaches"}
    )
    assert [(one.field, one.message) for one in column_problems(found.asked)] == [
        ("column.period", "Choose the column with the periods"),
        ("column.minus", "Choose the column with how many, or the one to take away, not both"),
        ("column.denominator", "Choose the column with out of how many"),
        ("by", "Choose the column with the groups, or say that there is none"),
        ("column.minus", "This column is chosen above already"),
    ]


def test_a_column_with_hundreds_of_names_holds_no_groups():
    rows = "".join(f"2026-04,p{n},1,2\n" for n in range(151))
    found = reader("period,who,a,b\n" + rows, counted("proportion"), MONTHS).say(
        columns={"period": "period", "numerator": "a", "denominator": "b"}, by="who"
    )
    (problem,) = column_problems(found.asked)
    assert "151 different names" in problem.message


def test_our_own_form_may_come_back_with_days_as_a_spreadsheet_writes_them():
    found = own("m1,01/04/2026,30/04/2026,,,1,10,,,,,", "m1,01/05/2026,31/05/2026,,,1,10,,,,,")
    assert found.asked.pages == ("preview",)
    assert list(figures(found.take())) == [("2026-04-01", ""), ("2026-05-01", "")]


def test_a_group_the_measure_has_no_more_is_asked_again():
    rows = "period,who,a,b\n2026-04,Old,1,2\n"
    columns = {"period": "period", "numerator": "a", "denominator": "b"}
    found = reader(rows, counted("proportion"), MONTHS)
    found = found.say(columns=columns, by="who", members={"Old": "gone"})
    assert found.asked.next_page == "groups"
    assert [one.message for one in group_problems(found.asked)] == ["Choose the group of “Old”"]


def test_the_period_of_a_table_is_asked_every_time():
    assert fitting(Layout(period="2025/26"), table(PLAIN)).period == ""


def test_two_labels_are_never_one_group():
    found = reader(
        "period,who,a,b\n2026-04,Old,1,2\n2026-04,Older,1,2\n", counted("proportion"), MONTHS
    ).say(by="who", members={"Old": "65_plus", "Older": "65_plus"})
    (problem,) = group_problems(found.asked)
    assert "“Older” and “Old” cannot be the same group" in problem.message


def test_an_average_is_read_from_its_own_column():
    found = reader(
        "period,days\nApr-26,12.5\nMay-26,12%\n", counted("mean", members=()), MONTHS
    ).say(columns={"period": "period", "value": "days"})
    assert [str(one.figure.value) for one in found.take().given] == ["12.5", "12"]


def test_a_layout_keeps_of_another_file_what_this_one_has():
    said = Layout(kind="plain", columns={"period": "period", "numerator": "gone"}, by="who")
    kept = fitting(said, table(PLAIN))
    assert kept.columns == {"period": "period"}
    assert kept.by == ""
    assert Layout.from_json(said.as_json()) == said


def test_quintiles_are_matched_on_their_words():
    chosen = load_category_sets()[("deprivation_quintiles", "2019")]
    definition = counted(key=("deprivation_quintiles", "2019"))
    labels = ["Most deprived quintile (IoD 2019)", "Least deprived quintile"]
    assert offered(labels, definition, chosen) == {labels[0]: "1", labels[1]: "5"}

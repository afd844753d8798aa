"""Small numbers beside the names of groups in what somebody wrote, found and hidden."""

import pytest

from eqia.domain.small_numbers import hidden_outside, small_numbers_beside

GROUPS = {"Carers", "Disabled people", "Under 5", "Gofalwyr"}


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Carers: 3 came twice.", ("3 near Carers",)),
        ("Two carers came twice.", ("Two near Carers",)),
        ("There were seven disabled people.", ("seven near Disabled people",)),
        ("Disabled people fare as before, and of carers 4 came.", ("4 near Carers",)),
        ("3 carers and 2 disabled people.", ("3 near Carers", "2 near Disabled people")),
        ("Carers: 12 of 40, 3% and 4.5 points, in 2026.", ()),
        ("Under 5 fared well.", ()),
        ("No one of the carers minded.", ()),
        ("Carers help one another.", ()),
        ("Three buses run.", ()),
    ],
)
def test_a_small_number_is_told_with_the_group_that_is_nearest(text, found):
    assert small_numbers_beside(text, GROUPS) == found


@pytest.mark.parametrize("word", ["un", "dau", "ddwy", "tri", "pedair", "bump", "chwech", "saith"])
def test_a_form_in_welsh_is_read_in_welsh(word):
    text = f"Daeth {word} o'r gofalwyr."
    assert small_numbers_beside(text, GROUPS, "cy") == (f"{word} near Gofalwyr",)
    assert small_numbers_beside(text, GROUPS) == ()


MORE = {
    "65 and over",
    "Under 65",
    "18 to 64",
    "Mixed or Multiple ethnic groups",
    "Black, Black British, Black Welsh, Caribbean or African",
    "Gypsy or Irish Traveller",
    "Any other ethnic group",
    "Not known",
    "Gay or Lesbian",
    "Disability",
    "Pregnancy and maternity",
}


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("We spoke with seven of ten people of mixed groups.", "seven near mixed"),
        ("There were only 3 Black callers.", "3 near Black"),
        ("7/10 Mixed", "7 near Mixed"),
        ("Two Travellers were turned away.", "Two near Travellers"),
        ("4 of the over 65s had no phone.", "4 near over 65s"),
        ("2 patients aged 65+ fell.", "2 near aged 65"),
        ("Of those 18-64 we lost 5.", "5 near 18-64"),
        ("A disabled man and 2 others came.", "2 near disabled"),
        ("3 were deaf.", "3 near deaf"),
        ("Five pregnant patients rang.", "Five near pregnant"),
        ("1 or 2 lesbians came.", "1 near lesbians"),
        ("African callers: 6", "6 near African"),
        ("One in ten, that is 4 people, were gypsies.", "One near gypsies"),
    ],
)
def test_the_short_name_of_a_group_counts_as_well(text, found):
    assert found in small_numbers_beside(text, MORE)
    assert found.split(" near ")[0] not in hidden_outside(text, MORE).split()


@pytest.mark.parametrize(
    "text",
    [
        "3 clinics were open.",
        "It took 7 weeks.",
        "Black callers waited 7 weeks, or 3-4 months, at 2 sites.",
        "Disabled people wait 3 times as long, by 4 percentage points (5 %).",
        "Two thirds of Black callers rang twice in twenty-three days.",
        "On 5 March and on 3/4/2026 gay men were asked.",
        "Version 3 of the letter is for travellers; see section 4 and C2, and 3rd.",
        "Any other group: 3 things to do, of which 2 are known.",
        "Three million people are Black.",
        "No pregnant callers, nor one-off ones.",
        "12 of 40 over 65s, and 5.5% of the rest.",
    ],
)
def test_what_counts_no_people_is_left_as_it_is(text):
    assert small_numbers_beside(text, MORE) == ()
    assert hidden_outside(text, MORE) == text


def test_the_name_of_a_characteristic_stands_for_the_groups_of_its_sets():
    for label, text in (
        ("Race", "3 Bangladeshi families came."),
        ("Sexual orientation", "Two bisexual callers rang."),
        ("Age", "3 older people fell."),
        ("Religious belief", "4 Sikhs asked."),
        ("Men and women generally (sex)", "One girl came."),
        ("Marital status", "2 widows came."),
    ):
        assert small_numbers_beside(text, {label}), label
        assert small_numbers_beside(text, {"Unpaid carers"}) == ()


@pytest.mark.parametrize(
    "text",
    ["Daeth tri o ofalwyr.", "Dim ond 3 gofalwr.", "Pump o bobl anabl.", "Daeth dwy fenyw hoyw."],
)
def test_words_that_change_after_others_in_welsh_are_known(text):
    labels = {"Gofalwyr di-dâl", "Anabledd", "Rhyw"}
    assert small_numbers_beside(text, labels, "cy")


def test_outside_both_languages_are_read_but_for_words_that_are_english_too():
    text = "The pump is for carers of the UN; daeth dau gofalwr."
    assert hidden_outside(text, GROUPS) == text.replace("dau", "*")


def test_outside_the_numbers_are_hidden_and_the_rest_stays():
    text = "Two carers of 40 came back, and 3 disabled people; 5 buses were late for all."
    assert hidden_outside(text, GROUPS) == (
        "* carers of 40 came back, and * disabled people; 5 buses were late for all."
    )
    assert hidden_outside("All came.", GROUPS) == "All came."

"""The bundled sets word for word as measures.md section 9 lists them, code by code."""

import pytest

from eqia.domain.categories import load_category_sets

SETS = load_category_sets()

CENSUS = {
    "Asian, Asian British or Asian Welsh": [
        *("1 Bangladeshi", "2 Chinese", "3 Indian", "4 Pakistani", "5 Other Asian")
    ],
    "Black, Black British, Black Welsh, Caribbean or African": [
        *("6 African", "7 Caribbean", "8 Other Black")
    ],
    "Mixed or Multiple ethnic groups": [
        "9 White and Asian",
        "10 White and Black African",
        "11 White and Black Caribbean",
        "12 Other Mixed or Multiple",
    ],
    "White": [
        "13 English, Welsh, Scottish, Northern Irish or British",
        *("14 Irish", "15 Gypsy or Irish Traveller", "16 Roma", "17 Other White"),
    ],
    "Other ethnic group": ["18 Arab", "19 Any other ethnic group"],
}
NHS = {
    "White": ["A British", "B Irish", "C Any other White background"],
    "Mixed": [
        "D White and Black Caribbean",
        "E White and Black African",
        "F White and Asian",
        "G Any other mixed background",
    ],
    "Asian or Asian British": [
        *("H Indian", "J Pakistani", "K Bangladeshi", "L Any other Asian background")
    ],
    "Black or Black British": ["M Caribbean", "N African", "P Any other Black background"],
    "Other ethnic groups": ["R Chinese", "S Any other ethnic group"],
}


def told(found):
    return [f"{one.code} {one.label}" for one in found.members]


@pytest.mark.parametrize(
    ("key", "headings", "others"),
    [
        (("ethnicity_census", "2021"), CENSUS, ["-8 Does not apply"]),
        (
            ("ethnicity_nhs", "2001"),
            NHS,
            ["Z Not stated", "99 Not known", "X Not known (hospital statistics)"],
        ),
    ],
)
def test_ethnic_groups_stand_under_their_headings(key, headings, others):
    found = SETS[key]
    assert told(found) == [*(one for group in headings.values() for one in group), *others]
    wanted = {
        heading: tuple(one.split(" ")[0] for one in group) for heading, group in headings.items()
    }
    assert found.parents() == wanted


@pytest.mark.parametrize(
    ("key", "members"),
    [
        (
            ("disability_census", "2021"),
            [
                *("1 Limited a lot", "2 Limited a little", "3 A condition that does not limit"),
                *("4 No condition", "-8 Does not apply"),
            ],
        ),
        (
            ("sexual_orientation_census", "2021"),
            [
                *("1 Straight or Heterosexual", "2 Gay or Lesbian", "3 Bisexual", "4 Pansexual"),
                *("5 Asexual", "6 Queer", "7 All other sexual orientations", "8 Not answered"),
                "-8 Does not apply",
            ],
        ),
        (
            ("sexual_orientation_nhs", "2018"),
            [
                *("1 Heterosexual or Straight", "2 Gay or Lesbian", "3 Bisexual"),
                *("4 Other sexual orientation not listed", "U Asked, and not sure"),
                *("Z Not stated", "9 Not recorded"),
            ],
        ),
        (
            ("religion_census", "2021"),
            [
                *("1 No religion", "2 Christian", "3 Buddhist", "4 Hindu", "5 Jewish", "6 Muslim"),
                *("7 Sikh", "8 Other religion", "9 Not answered", "-8 Does not apply"),
            ],
        ),
        (("sex", "2021"), ["female Female", "male Male", "not_known Not known"]),
        (
            ("gender_identity_census", "2021"),
            [
                *("1 Same as sex registered at birth", "2 Different, no identity given"),
                *("3 Trans woman", "4 Trans man", "5 Non-binary"),
                *("6 All other gender identities", "7 Not answered"),
            ],
        ),
        (
            ("pregnancy_maternity", "2010"),
            [
                *("pregnant Pregnant", "within_26_weeks Within 26 weeks of birth"),
                *("neither Neither", "not_known Not known"),
            ],
        ),
        (
            ("marriage_collapsed", "2021"),
            [
                *("married Married", "civil_partner Civil partner", "neither Neither"),
                "not_known Not known",
            ],
        ),
    ],
)
def test_every_other_set_has_the_codes_and_labels_listed(key, members):
    assert told(SETS[key]) == members


def test_those_disabled_under_the_act_are_the_first_two():
    assert SETS["disability_census", "2021"].parents() == {
        "Disabled under the Equality Act": ("1", "2")
    }


def test_the_set_of_2011_is_that_of_2021_without_roma():
    labels = [one.label for one in SETS["ethnicity_census", "2021"].substantive]
    labels.remove("Roma")
    assert [one.label for one in SETS["ethnicity_census", "2011"].substantive] == labels


@pytest.mark.parametrize("edition", ["2015", "2019", "2025"])
def test_deprivation_begins_with_the_most_deprived(edition):
    deciles = SETS["deprivation_deciles", edition].substantive
    fifths = SETS["deprivation_quintiles", edition].substantive
    assert [one.code for one in deciles] == [str(at) for at in range(1, 11)]
    assert "most deprived" in deciles[0].label
    assert "least deprived" in deciles[-1].label
    # Fifths are pairs of tenths.
    pairs = SETS["deprivation_deciles", edition].parents()
    assert list(pairs) == [one.label for one in fifths]
    assert list(pairs.values()) == [(str(at), str(at + 1)) for at in range(1, 11, 2)]


def test_the_later_editions_name_how_many_areas_there_are():
    assert "32,844" in SETS["deprivation_deciles", "2019"].label
    assert "33,755" in SETS["deprivation_deciles", "2025"].label
    assert "Less comparable" in SETS["deprivation_quintiles", "2025"].note


def test_ages_go_by_fives_to_90_and_75_is_part_of_65():
    fives = [one.label for one in SETS["age_five_year", "2021"].substantive]
    assert (fives[0], fives[1], fives[-2], fives[-1]) == (
        "0 to 4",
        "5 to 9",
        "85 to 89",
        "90 and over",
    )
    broad = {one.label: one.parent for one in SETS["age_broad", "2021"].substantive}
    assert broad["75 and over"] == "65 and over"

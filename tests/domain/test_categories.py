"""Sets of categories: dated, ordered, recognised by all their labels, never mixed."""

from __future__ import annotations

from fractions import Fraction

import pytest

from eqia.domain.categories import (
    FOLDER,
    Kind,
    age_category,
    breaks_series,
    candidates,
    editions,
    known_for,
    load_category_sets,
    one_set,
    parse_set,
)
from eqia.domain.errors import Invalid, Refusal

SETS = load_category_sets()
CENSUS = SETS["ethnicity_census", "2021"]
NHS = SETS["ethnicity_nhs", "2001"]


@pytest.mark.parametrize(
    ("key", "groups", "others"),
    [
        (("ethnicity_census", "2021"), 19, ["-8"]),
        (("ethnicity_census", "2011"), 18, ["-8"]),
        (("ethnicity_census_five", "2021"), 5, ["-8"]),
        (("ethnicity_nhs", "2001"), 16, ["Z", "99", "X"]),
        (("disability_census", "2021"), 4, ["-8"]),
        (("sexual_orientation_census", "2021"), 7, ["8", "-8"]),
        (("sexual_orientation_nhs", "2018"), 4, ["U", "Z", "9"]),
        (("religion_census", "2021"), 8, ["9", "-8"]),
        (("marriage_census", "2021"), 11, ["-8"]),
        (("marriage_collapsed", "2021"), 3, ["not_known"]),
        (("sex", "2021"), 2, ["not_known"]),
        (("gender_identity_census", "2021"), 6, ["7"]),
        (("pregnancy_maternity", "2010"), 3, ["not_known"]),
        (("age_five_year", "2021"), 19, ["not_known"]),
        (("age_broad", "2021"), 4, ["not_known"]),
        (("deprivation_deciles", "2019"), 10, ["not_known"]),
        (("deprivation_quintiles", "2025"), 5, ["not_known"]),
    ],
)
def test_every_set_has_its_groups_and_those_of_whom_nothing_is_known(key, groups, others):
    found = SETS[key]
    assert len(found.substantive) == groups
    assert [one.code for one in found.members if one.kind is not Kind.SUBSTANTIVE] == others
    assert found.source


def test_every_file_is_a_set_of_its_own():
    assert len(SETS) == len(list(FOLDER.glob("*.toml")))


def test_what_codes_mean():
    kinds = {code: NHS.member(code).kind.value for code in ("Z", "99", "X")}
    assert kinds == {"Z": "declined", "99": "unknown", "X": "unknown"}
    assert SETS["sexual_orientation_nhs", "2018"].member("9").kind is Kind.NOT_RECORDED
    assert CENSUS.member("-8").kind is Kind.NOT_APPLICABLE


def test_chinese_is_asian_in_the_census_and_other_for_the_nhs():
    assert CENSUS.member("2").parent.startswith("Asian")
    assert NHS.member("R").parent == "Other ethnic groups"
    assert "Roma" not in {one.label for one in SETS["ethnicity_census", "2011"].members}


def test_the_five_group_set_is_the_headings_of_the_nineteen():
    five = SETS["ethnicity_census_five", "2021"]
    assert [one.label for one in five.substantive] == list(CENSUS.parents())


def test_the_collapsed_marriage_set_says_who_is_in_it():
    assert SETS["marriage_census", "2021"].parents() == {
        "Neither": ("1", "8", "9", "10", "11"),
        "Married": ("2", "3", "6"),
        "Civil partner": ("4", "5", "7"),
    }


def test_the_first_tenth_is_the_most_deprived():
    deciles = SETS["deprivation_deciles", "2019"]
    assert deciles.member("1").label == "Decile 1 (most deprived)"
    assert [len(codes) for codes in deciles.parents().values()] == [2] * 5


def test_sex_and_gender_identity_are_two_sets_of_two_characteristics():
    kinds = {one.characteristic for one in SETS.values()}
    assert {"sex", "gender_reassignment"} <= kinds
    assert (
        SETS["sex", "2021"].characteristic != SETS["gender_identity_census", "2021"].characteristic
    )


def test_a_new_edition_breaks_the_series():
    found = editions(SETS.values(), "deprivation_deciles")
    assert [one.edition for one in found] == ["2025", "2019", "2015"]
    assert [one.replaces for one in found] == ["2019", "2015", ""]
    assert breaks_series(found[1], found[0])
    assert not breaks_series(found[0], found[0])


def test_members_of_different_sets_are_never_added():
    assert one_set([NHS, NHS]) == NHS
    for mixed in ([NHS, CENSUS], []):
        with pytest.raises(Refusal, match="different sets"):
            one_set(mixed)


def test_a_set_is_recognised_by_all_its_labels_together():
    labels = [one.label.upper() + " " for one in NHS.substantive]
    assert candidates(labels, SETS.values()) == (NHS,)
    # One label alone fits several, and a foreign one none.
    assert len(candidates(["Irish"], SETS.values())) > 1
    assert candidates([*labels, "Roma"], SETS.values()) == ()
    assert candidates([" "], SETS.values()) == ()


def test_unknowns_stay_in_the_count_and_those_not_asked_do_not():
    found = known_for({"A": 50, "R": 30, "Z": 15, "99": 5}, NHS)
    assert found.words == "known for 80 of 100"
    assert found.unknown_share == Fraction(1, 5)
    assert known_for({"1": 50, "-8": 900}, CENSUS).words == "known for 50 of 50"
    assert known_for({}, NHS).unknown_share is None


def test_a_code_of_another_set_is_refused():
    with pytest.raises(Refusal, match="is not in"):
        known_for({"A": 1}, CENSUS)


HEAD = 'code="a"\nlabel="A"\ncharacteristic="age"\nedition="1"\nsource="Ours"\n'


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("code = ", "not a category set"),
        (HEAD, "members"),
        (HEAD + 'colour="red"\nmembers=[]', "colour"),
        (HEAD + "members=[]", "no group"),
        (HEAD + "members=[1]", "not a category set"),
        (HEAD + 'members=[{code="1",label="One",kind="odd"}]', "odd"),
        (HEAD + 'members=[{code="1",label="One"},{code="1",label="Two"}]', "code 1 twice"),
        (HEAD + 'members=[{code="1",label="One"},{code="2",label=" one"}]', "label one twice"),
        (HEAD + 'members=[{code="",label="One"}]', "without a code"),
    ],
)
def test_a_set_that_cannot_be_used_is_refused_with_its_fault(text, fault):
    with pytest.raises(Invalid, match=fault):
        parse_set(text, "ours.toml")


def test_an_organisation_may_define_its_own_set():
    text = HEAD + 'members=[{code="1",label="Unpaid carer"},{code="2",label="Not a carer"}]'
    assert [one.label for one in parse_set(text, "carers").substantive] == [
        "Unpaid carer",
        "Not a carer",
    ]


@pytest.mark.parametrize(
    ("first", "last", "label"),
    [(16, 24, "16 to 24"), (65, None, "65 and over"), (None, 17, "17 and under"), (0, 0, "0 to 0")],
)
def test_an_age_group_has_two_ends_or_an_open_one(first, last, label):
    assert age_category(first, last).label == label


@pytest.mark.parametrize(("first", "last"), [(None, None), (9, 8), (-1, 5), (131, None)])
def test_an_age_group_without_ages_is_refused(first, last):
    with pytest.raises(Refusal, match="younger one first"):
        age_category(first, last)

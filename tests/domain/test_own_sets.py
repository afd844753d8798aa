"""An organisation's own sets of groups: dated, checked, and never mixed with the standard ones."""

from dataclasses import replace
from datetime import date

import pytest

from eqia.domain.categories import Kind, load_category_sets, move_words, one_set
from eqia.domain.errors import Invalid, Refusal
from eqia.domain.measures import members_in
from eqia.domain.own_sets import OwnSet, as_category_set, check_own_set, is_own

SETS = load_category_sets()
NHS = SETS["ethnicity_nhs", "2001"]
CENSUS = SETS["ethnicity_census", "2021"]
CARERS = OwnSet(
    label="Unpaid carers",
    edition="2026",
    from_date=date(2026, 4, 1),
    groups=("Unpaid carer", "Not a carer"),
    unknown=("Not recorded",),
    characteristic="carers",
)
HEAD = {"code": "org-carers", "label": "Unpaid carers", "edition": "2026"}
HEAD |= {"characteristic": "carers", "source": ""}


def refused(wanted, earlier=()):
    with pytest.raises(Invalid) as refusal:
        check_own_set(wanted, SETS.values(), earlier)
    return [one.field for one in refusal.value.problems]


def test_a_whole_set_is_taken_and_reads_like_any_other():
    check_own_set(CARERS, SETS.values(), ())
    found = as_category_set(HEAD, CARERS.members)
    assert found.key == ("org-carers", "2026")
    assert [(one.code, one.label, one.kind) for one in found.members] == [
        ("unpaid_carer", "Unpaid carer", Kind.SUBSTANTIVE),
        ("not_a_carer", "Not a carer", Kind.SUBSTANTIVE),
        ("not_recorded", "Not recorded", Kind.UNKNOWN),
    ]
    assert [one.kind.value for one in members_in(found)] == ["substantive"] * 2 + ["unknown"]


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"label": ""}, "label"),
        ({"label": "SEX"}, "label"),
        ({"edition": ""}, "edition"),
        ({"from_date": None}, "from_date"),
        ({"groups": ()}, "groups"),
        ({"groups": ("Unpaid carer",)}, "groups"),
        ({"groups": ("Carer", "CARER")}, "groups"),
        ({"groups": ("Carer", "Not recorded")}, "groups"),
        ({"groups": tuple(f"Group {n}" for n in range(61))}, "groups"),
        ({"groups": ("Carer", "x" * 201)}, "groups"),
    ],
)
def test_what_lacks_something_is_refused_at_its_box(changed, field):
    assert refused(replace(CARERS, **changed)) == [field]


def test_an_edition_comes_after_the_one_before_and_has_a_name_of_its_own():
    earlier = [("2026", date(2026, 4, 1))]
    check_own_set(
        replace(CARERS, edition="2027", from_date=date(2027, 4, 1)), SETS.values(), earlier
    )
    assert refused(CARERS, earlier) == ["edition", "from_date"]
    assert refused(replace(CARERS, edition="2025", from_date=date(2025, 4, 1)), earlier) == [
        "from_date"
    ]


def test_no_standard_set_has_a_code_of_ours():
    assert not [one.code for one in SETS.values() if is_own(one.code)]


def test_own_and_standard_groups_are_never_added():
    own = as_category_set(HEAD, CARERS.members)
    with pytest.raises(Refusal, match="different sets"):
        one_set([own, SETS["sex", "2021"]])
    with pytest.raises(Refusal, match="different sets"):
        one_set([own, replace(own, edition="2027")])


def test_moving_from_the_nhs_groups_to_the_census_ones_says_what_is_lost():
    told = move_words(NHS, CENSUS)
    assert told.startswith(
        "The figures so far are by Ethnicity, NHS ethnic category (16 groups), 2001."
        " They are not carried over, and a new series starts."
    )
    new = told.partition("Only in the new groups: ")[2].partition(".")[0]
    # Measures.md section 9: no Arab, Traveller, Roma; and Chinese moves.
    for label in ("Arab", "Roma", "Gypsy or Irish Traveller"):
        assert label in new
    assert "Under another heading: Chinese." in told
    assert told.endswith("Tick the box if you mean it")
    assert "Under another heading: Chinese." in move_words(CENSUS, NHS)


def test_between_editions_only_what_differs_is_named():
    told = move_words(SETS["ethnicity_census", "2011"], CENSUS)
    assert "Only in the new groups: Roma." in told
    assert "Only in the old" not in told
    assert "another heading" not in told
    assert "Only in" not in move_words(CENSUS, None)

from dataclasses import replace
from datetime import date

import pytest

from eqia.domain.errors import Invalid
from eqia.domain.projects import Project, check_project, material_changes, scale_changed

FALLS = Project(
    title="Falls clinic at home",
    start_date=date(2027, 1, 4),
    end_date=date(2027, 12, 31),
    decision_date=date(2026, 12, 15),
    sites="Bedminster",
    supplier="None",
    groups_served="People over 65",
    people_a_year=400,
    bodies=("icb", "council"),
)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"start_date": date(2027, 2, 1)}, "the start date"),
        ({"end_date": None}, "the end date"),
        ({"decision_date": date(2027, 1, 2)}, "the decision date"),
        ({"sites": "Bedminster and Yate"}, "the sites"),
        ({"groups_served": "Everyone"}, "the groups served"),
        ({"supplier": "A new supplier"}, "the supplier or device"),
        ({"bodies": ("icb",)}, "the deciding organisations"),
        ({"people_a_year": 500}, "the number of people a year, by a quarter or more"),
    ],
)
def test_a_material_change_is_named(change, words):
    now = replace(FALLS, **change)
    assert material_changes(FALLS.snapshot(), now.snapshot()) == (words,)


@pytest.mark.parametrize(
    "change",
    [
        {"title": "Falls clinic, renamed"},
        {"summary": "New words"},
        {"people_a_year": 499},
        {"bodies": ("council", "icb")},
    ],
)
def test_words_small_numbers_and_order_are_not_material(change):
    assert material_changes(FALLS.snapshot(), replace(FALLS, **change).snapshot()) == ()


def test_a_number_that_was_not_there_before_is_a_change():
    assert scale_changed(None, 10)
    assert not scale_changed(None, None)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"title": "  "}, "title"),
        ({"end_date": date(2026, 1, 1)}, "end_date"),
        ({"people_a_year": -1}, "people_a_year"),
    ],
)
def test_a_project_that_cannot_be_is_refused_at_the_field(change, field):
    with pytest.raises(Invalid) as refusal:
        check_project(replace(FALLS, **change))
    assert [problem.field for problem in refusal.value.problems] == [field]

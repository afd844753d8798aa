"""The table of a plan's other sections: whole, in order, and asked for by the guidance."""

import re

import pytest

from eqia.domain.errors import Invalid, NotFound
from eqia.domain.plan_sections import (
    CHOOSE,
    LONGEST_LINE,
    NOTHING_WRITTEN,
    check_words,
    section,
    sections,
)
from eqia.domain.readiness_loading import load_checklists

#: What the work order lists, in its words, and where it has its place.
NAMED = {
    "evaluation strategy": "evaluation",
    "assumptions": "assumptions",
    "outside factors": "outside",
    "stakeholders": "stakeholders",
    "public contributors": "contributors",
    "communication plan": "communication",
    "strategic fit": "fit",
    "evidence of need": "need",
    "contingency": "contingency",
    "resources": "resources",
    "systems and behaviours to change": "changes",
}
#: items of the checklist that other parts of the service answer: the screening (1.4, 3.1.4, 3.2.3),
#: actions and their dates (3.1.2), baselines (3.1.3), risks (3.2.4) and PDSA cycles (3.2.5)
ELSEWHERE = {"1.4", "3.1.2", "3.1.3", "3.1.4", "3.2.3", "3.2.4", "3.2.5"}
LISTS = {
    *("changes", "adopters", "assumptions", "outside", "resources"),
    *("stakeholders", "contributors", "communication"),
}


def problems(code, **words):
    try:
        check_words(section(code), words)
    except Invalid as refusal:
        return [(one.field, one.message) for one in refusal.problems]
    return []


def test_everything_named_has_its_place():
    known = {one.code for one in sections()}
    assert set(NAMED.values()) <= known
    assert {one.code for one in sections() if one.is_list} == LISTS


def test_every_item_of_the_readiness_checklist_has_a_place():
    checklist = load_checklists()[max(load_checklists())]
    placed = {item.rstrip("abc") for one in sections() for item in one.items}
    assert placed | ELSEWHERE == {part.item for part in checklist.parts}
    assert {"1.0a", "1.0b", "1.0c"} <= {item for one in sections() for item in one.items}


def test_codes_are_plain_and_given_once():
    codes = [one.code for one in sections()]
    assert len(codes) == len(set(codes))
    for one in sections():
        boxes = [box.code for box in one.boxes]
        assert len(boxes) == len(set(boxes)), one.code
        assert all(re.fullmatch(r"[a-z_]{2,40}", code) for code in (one.code, *boxes))


@pytest.mark.parametrize("about", sections(), ids=lambda one: one.code)
def test_every_section_is_whole(about):
    assert about.title
    assert about.why.endswith(".")
    assert all(box.label for box in about.boxes)
    # What an entry of a list is called by is its first box.
    assert bool(about.boxes[0].needed) is about.is_list
    assert not any(box.needed for box in about.boxes[1:])


@pytest.mark.parametrize("about", sections(), ids=lambda one: one.code)
def test_an_empty_one_is_refused_in_words(about):
    (found,) = problems(about.code)
    assert found == (about.boxes[0].code, about.boxes[0].needed or NOTHING_WRITTEN)


@pytest.mark.parametrize("about", sections(), ids=lambda one: one.code)
def test_each_box_takes_what_it_offers_and_nothing_longer_or_else(about):
    first = {about.boxes[0].code: "Something"}
    for box in about.boxes:
        if box.choices:
            for code, words in box.choices.items():
                assert problems(about.code, **first, **{box.code: code}) == []
                assert box.shown({box.code: code}) == words
            assert problems(about.code, **{**first, box.code: "no-such"}) == [(box.code, CHOOSE)]
        elif not box.is_long:
            assert problems(about.code, **{**first, box.code: "x" * LONGEST_LINE}) == []
            too_long = problems(about.code, **{**first, box.code: "x" * (LONGEST_LINE + 1)})
            assert too_long == [(box.code, "Use 200 characters or fewer")]
        else:
            assert problems(about.code, **{**first, box.code: "x" * 19_000}) == []


def test_contributors_are_asked_for_groups_and_roles_never_for_a_person():
    who = section("contributors").boxes[0]
    assert "Never a name" in who.hint
    assert "without a name" in who.needed


def test_what_is_no_section_is_not_found():
    with pytest.raises(NotFound):
        section("gossip")


def test_a_box_shows_what_was_typed_and_nothing_for_a_blank():
    box = section("fit").boxes[0]
    assert box.shown({"priority": "Waiting\ntimes"}) == "Waiting\ntimes"
    assert box.shown({}) == box.shown({"priority": ""}) == ""

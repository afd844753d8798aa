"""What a screening said of each group, beside what the readings show."""

from dataclasses import replace
from datetime import date

import pytest

from eqia.domain.courses import Course, courses_of
from eqia.domain.findings import Direction
from eqia.domain.judgements import seen_outside, standing_of
from eqia.domain.measures import members_from
from eqia.domain.pictures import Picture
from eqia.domain.plan_reviews import unanswered
from eqia.domain.predictions import (
    VERDICT_WORDS,
    Said,
    Verdict,
    counted,
    predictions_of,
    verdict_of,
)
from eqia.domain.published_readings import published
from tests.domain.test_concerns import ENTERED, view

CALM = [((20 + at % 2, 100), (20 + at % 2, 100)) for at in range(15)]
EVEN = ((20, 100), (20, 100))
WORSE = view(*CALM, ((60, 100), (20, 100)), known=15)
BETTER = view(*CALM, ((2, 100), (20, 100)), known=15)
AGE = Said("age", "Age", Direction.NEUTRAL, "No different")


def stood(found):
    return replace(found, standing=standing_of(found))


def said(direction, found=WORSE, **changed):
    return predictions_of([replace(AGE, direction=Direction(direction), **changed)], [stood(found)])


@pytest.mark.parametrize(
    ("found", "old"),
    [
        (view(), Course.UNSURE),
        (view(EVEN), Course.STEADY),
        # Fifteen calm months and one far above: a signal, and the gap is wider.
        (WORSE, Course.WORSE),
        (BETTER, Course.BETTER),
        (view(*CALM, EVEN, known=15), Course.STEADY),
        # A gap alone, by too few readings for a signal: 20 of 100 and then 45 of 100.
        (view(EVEN, ((45, 100), (20, 100))), Course.WORSE),
        # It narrows because the group got better, from 45 to 20.
        (view(((45, 100), (20, 100)), EVEN), Course.BETTER),
        # It narrows because the others got worse, which helps nobody.
        (view(((45, 100), (20, 100)), ((45, 100), (45, 100))), Course.UNSURE),
        # It widens in favour of the group.
        (view(EVEN, ((2, 100), (20, 100))), Course.BETTER),
        # The others got worse: the group is apart, and not behind.
        (view(EVEN, ((20, 100), (50, 100))), Course.UNSURE),
        # Few people: 1 of 10 and then 3 of 10 may be chance.
        (view(((1, 10), (1, 10)), ((3, 10), (1, 10))), Course.STEADY),
        # Higher is better: the same figures go the other way.
        (view(EVEN, ((45, 100), (20, 100)), direction="up"), Course.BETTER),
        (view(EVEN, ((2, 100), (20, 100)), direction="up"), Course.WORSE),
        # Where neither is better, apart is apart.
        (view(EVEN, ((45, 100), (20, 100)), direction="neither"), Course.WORSE),
        (view(EVEN, ((2, 100), (20, 100)), direction="neither"), Course.WORSE),
        # Without anybody to compare with only signals tell.
        (replace(WORSE, definition=replace(WORSE.definition, reference="")), Course.WORSE),
        (view(EVEN, ((45, 100), (20, 100)), reference=""), Course.UNSURE),
    ],
)
def test_which_way_a_group_goes(found, old):
    assert courses_of(found).get("old") is old


def test_what_is_worse_does_not_hide_behind_what_is_better():
    # The group got better than itself, and far behind the others all the same.
    months = [((40 + at % 2, 100), (40 + at % 2, 100)) for at in range(15)]
    found = view(*months, ((30, 100), (2, 100)), known=15)
    assert courses_of(found)["old"] is Course.WORSE


def test_before_anything_is_defined_nobody_goes_anywhere():
    assert courses_of(replace(WORSE, definition=None)) == {}


TABLE = {
    ("positive", "worse"): "contradicted",
    ("positive", "steady"): "not_shown",
    ("positive", "better"): "as_said",
    ("neutral", "worse"): "contradicted",
    ("neutral", "steady"): "as_said",
    ("neutral", "better"): "better",
    ("negative", "worse"): "as_said",
    ("negative", "steady"): "not_shown",
    ("negative", "better"): "better",
    ("unknown", "worse"): "found_out",
    ("unknown", "steady"): "found_out",
    ("unknown", "better"): "found_out",
}


@pytest.mark.parametrize("direction", list(Direction))
@pytest.mark.parametrize("course", list(Course))
def test_every_answer_beside_every_course_has_one_verdict(direction, course):
    wanted = TABLE.get((direction.value, course.value), "too_early")
    assert verdict_of(direction, course).value == wanted
    assert VERDICT_WORDS[Verdict(wanted)]


#: apart since the baseline, and nothing has changed since
APART = view(*[((60, 100), (20, 100))] * 3)


@pytest.mark.parametrize("direction", ["positive", "neutral", "negative"])
def test_no_verdict_calms_where_groups_are_clearly_apart(direction):
    (old,) = said(direction, APART)
    assert old.verdict is Verdict.APART
    assert old.words == "No change shows so far, but clearly apart already"


def test_apart_without_a_baseline_is_told_as_well_and_beside_what_got_better():
    (old,) = said("neutral", replace(APART, baseline=None))
    assert old.verdict is Verdict.APART
    better = view(((90, 100), (20, 100)), ((50, 100), (20, 100)))
    assert said("positive", better)[0].words == "As the screening said, and clearly apart"
    # Where harm was said and harm is read, nothing has to be added.
    assert said("negative", WORSE, severity="serious")[0].words == (
        "Harm shows, as the screening said"
    )


RISEN = [((40 + at % 2, 100), (20, 100)) for at in range(15)]


@pytest.mark.parametrize(
    ("severity", "months", "verdict"),
    [
        # From 20.5% to 60%, from 40.5% to 70% and to 81%.
        ("small", [*CALM, ((60, 100), (20, 100))], "worse"),
        ("", [*CALM, ((60, 100), (20, 100))], "worse"),
        ("serious", [*CALM, ((60, 100), (20, 100))], "as_said"),
        ("small", [*RISEN, ((70, 100), (20, 100))], "as_said"),
        ("small", [*RISEN, ((81, 100), (20, 100))], "worse"),
    ],
)
def test_a_small_harm_that_doubles_is_worse_than_was_said(severity, months, verdict):
    (old,) = said("negative", view(*months, known=15), severity=severity)
    assert old.verdict.value == verdict
    # Rounding makes it no smaller for people outside the team.
    exact = old.measure.standing
    seen = seen_outside(exact, standing_of(view()), hides=False)
    assert seen.place("old").is_doubled == exact.place("old").is_doubled


def test_harm_that_was_foreseen_is_not_told_as_if_all_were_well():
    (old,) = said("negative", view(*RISEN, ((70, 100), (20, 100)), known=15), severity="small")
    assert old.words == "Harm shows, as the screening said"


def test_what_is_hidden_here_is_not_too_early():
    (seen,) = published([view(*[((3, 100), (20, 100))] * 3)])
    (old,) = predictions_of([AGE], [seen])
    assert old.verdict is Verdict.HIDDEN
    assert old.words == "Hidden here: small numbers"
    (exact,) = said("neutral", view(*[((3, 100), (20, 100))] * 3))
    assert exact.verdict is not Verdict.HIDDEN


def test_said_and_read_stand_side_by_side_in_words():
    found = said("neutral")
    # Young people are those that others are compared with.
    (old,) = found
    assert old.name == "Age: Old"
    assert old.said.effect == "No different"
    assert old.shows[0] == "60.0% (60 of 100) (before: 20.5%)."
    assert "Cause for concern: higher than usual." in old.shows
    assert any("percentage points above the others" in one for one in old.shows)
    assert old.words == "The readings contradict the screening"


@pytest.mark.parametrize(
    "changed",
    [
        {"live": False},
        {"definition": None},
        {"definition": replace(WORSE.definition, characteristic="sex")},
        {"readings": ()},
    ],
)
def test_only_live_measures_split_by_the_group_and_read_are_set_beside_it(changed):
    assert said("neutral", replace(WORSE, **changed)) == ()


@pytest.mark.parametrize(
    ("key", "told"),
    [
        ("deprivation_quintiles|2019", ["1"]),
        ("deprivation_deciles|2019", ["1", "2"]),
        ("sex|", ["1", "2", "3", "4"]),
        ("", ["1", "2", "3", "4"]),
    ],
)
def test_of_areas_the_screening_speaks_of_the_most_deprived_fifth_alone(key, told):
    count = 10 if "deciles" in key else 5
    members = members_from([str(number) for number in range(1, count + 1)])
    members = tuple(replace(one, code=one.label) for one in members)
    definition = replace(WORSE.definition, category_set=key, members=members, reference=str(count))
    readings = tuple(
        replace(one, figure=replace(one.figure, member=member.code))
        for member in members
        for one in WORSE.of("old")
    )
    found = said("neutral", replace(WORSE, definition=definition, readings=readings))
    assert [one.member.label for one in found] == told


def test_each_group_and_question_of_a_screening_stands_by_itself():
    both = [AGE, replace(AGE, direction=Direction.NEGATIVE, effect="Small harm")]
    found = predictions_of(both, [stood(WORSE)])
    assert [one.verdict.value for one in found if one.member.label == "Old"] == [
        "contradicted",
        "worse",
    ]


@pytest.mark.parametrize(
    ("direction", "last", "due"),
    [
        ("neutral", None, True),
        ("positive", None, True),
        ("negative", None, False),
        ("unknown", None, False),
        ("neutral", date(2026, 6, 4), True),
        # Held on the day people could see it, or later.
        ("neutral", ENTERED, False),
        ("neutral", date(2026, 6, 6), False),
    ],
)
def test_a_contradiction_asks_for_a_review_until_one_is_held(direction, last, due):
    found = unanswered(said(direction), Picture(today=ENTERED, last_unasked=last))
    assert [one.member.label for one in found] == (["Old"] if due else [])


def test_readings_that_agree_ask_for_none():
    calm = view(*CALM, EVEN, known=15)
    nothing = Picture(today=ENTERED)
    assert unanswered(said("neutral", calm), nothing) == ()
    assert unanswered(said("positive", BETTER), nothing) == ()


def test_in_short_it_says_what_is_out_of_the_usual_and_which_gap_is_clear():
    (old,) = said("neutral")
    assert old.brief == (
        "60.0% (60 of 100) (before: 20.5%).",
        "Cause for concern: higher than usual.",
        *(gap.now for gap in old.measure.standing.clear_gaps),
    )
    (calm,) = said("neutral", view(*CALM, EVEN, known=15))
    assert calm.brief == ("20.0% (20 of 100) (before: 20.5%).",)
    assert len(calm.shows) == 3


def test_harm_that_shows_is_counted_as_what_it_is():
    (old,) = said("negative", severity="serious")
    assert counted([old]) == (("Harm shows, as the screening said", 1),)


def test_verdicts_are_counted_in_words():
    nobody = replace(WORSE, definition=replace(WORSE.definition, reference=""))
    assert counted(said("neutral", nobody)) == (
        ("The readings contradict the screening", 1),
        ("As the screening said", 1),
    )
    assert counted(()) == ()


def test_people_outside_the_team_learn_that_it_gets_worse_unless_hidden_numbers_say_so():
    blurred = standing_of(replace(BETTER, readings=()))
    worse, better = standing_of(WORSE), standing_of(BETTER)
    assert seen_outside(worse, blurred, hides=False).place("old").course == "worse"
    assert seen_outside(better, blurred, hides=False).place("old").course == "unsure"
    assert seen_outside(worse, blurred, hides=True).place("old").course == "unsure"

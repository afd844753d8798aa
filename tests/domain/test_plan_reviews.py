"""What a review is asked by name, what its answers settle, and what screening again waits for."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from eqia.domain.coverage import Picture, items
from eqia.domain.errors import Invalid
from eqia.domain.judgements import HIDDEN_CONCERN
from eqia.domain.periods import Period
from eqia.domain.pictures import MeasureFacts
from eqia.domain.plan_reviews import answered, is_answered, questions, settled
from eqia.domain.plans import Review, check_review, says_something
from eqia.domain.readings import Figure, Reading
from eqia.domain.review_answers import Rescreening, answer_from, as_json
from eqia.domain.standings import Standing

DAY = date(2026, 11, 24)
QUARTER = Period(date(2026, 4, 1), date(2026, 6, 30))
WIDER = "The gap between Carers and No carer is clearly wider than before."
SIGNAL = "Carers: above the upper limit."
READ = (Reading(QUARTER, Figure("carers", 3, 10)),)


def measure(why=WIDER, *, since=DAY, figures=READ):
    standing = Standing(concern=(since, why), figures=figures)
    return MeasureFacts(id="m", title="Missed visits\nby carers", standing=standing)


def picture(*measures, **more):
    return Picture(today=DAY, measures=measures, **more)


def held(asked, outside=None, *, holder="team", on=DAY):
    """What a review keeps that somebody holds who reads `asked`, or what is told outside."""
    exact = questions(picture(asked), ())
    told = questions(picture(outside), ()) if outside else ()
    mine = exact if holder == "team" else told
    words = {one.key: "We open on Sundays." for one in mine}
    review = Review(held_on=on, decision="continue", notes="Seen.", answers=words)
    return answered(mine, review, exact, told)


def test_a_concern_is_asked_by_the_name_of_its_measure():
    (one,) = questions(picture(measure()), ())
    assert (one.key, one.name, one.asked) == ("concern-m", "Missed visits", WIDER)


def test_an_answer_settles_what_it_was_an_answer_to():
    answers = held(measure())
    seen = picture(measure(), answers=answers)
    assert questions(seen, ()) == ()
    assert "C14" not in {one.rule for one in items(seen)}
    assert "C14" in {one.rule for one in items(picture(measure()))}


def test_it_is_told_which_review_answered_it():
    (one,) = settled(picture(measure(), answers=held(measure())))
    assert (one.measure, one.name) == ("m", "Missed visits")
    assert one.words == "Answered by the review of 24 November 2026"
    assert settled(picture(measure())) == ()
    (old,) = settled(picture(measure(), last_unasked=DAY))
    assert old.on == DAY


@pytest.mark.parametrize(
    "later",
    [
        measure(since=DAY + timedelta(days=1)),
        measure(f"{WIDER} {SIGNAL}"),
        measure(figures=(replace(READ[0], period=Period(date(2026, 7, 1), date(2026, 9, 30))),)),
    ],
    ids=["read later", "more that gives concern", "another period"],
)
def test_what_was_raised_after_it_is_not_answered(later):
    assert not is_answered(picture(answers=held(measure())), later)


def test_what_is_left_of_a_concern_was_answered_with_the_whole():
    answers = held(measure(f"{WIDER} {SIGNAL}"))
    assert is_answered(picture(answers=answers), measure(SIGNAL))


def test_a_review_held_before_it_was_raised_has_not_looked_at_it():
    answers = held(measure(), on=DAY - timedelta(days=1))
    assert not is_answered(picture(answers=answers), measure())


def test_the_team_answers_what_others_are_told_of_the_same_figures():
    answers = held(measure(f"{WIDER} {SIGNAL}"), measure(HIDDEN_CONCERN))
    assert is_answered(picture(answers=answers), measure(HIDDEN_CONCERN))


def test_who_knows_only_that_there_is_something_answers_for_all_of_it():
    answers = held(measure(WIDER), measure(HIDDEN_CONCERN), holder="outside")
    assert is_answered(picture(answers=answers), measure(WIDER))


def test_nobody_answers_for_what_they_were_not_told():
    answers = held(measure(f"{WIDER} {SIGNAL}"), measure(WIDER), holder="outside")
    assert is_answered(picture(answers=answers), measure(WIDER))
    assert not is_answered(picture(answers=answers), measure(f"{WIDER} {SIGNAL}"))


def test_what_people_outside_know_nothing_of_is_not_told_to_them():
    (one,) = held(measure())
    assert one.told == ""
    (one,) = held(measure(), measure(HIDDEN_CONCERN))
    assert one.told == HIDDEN_CONCERN


def test_another_engine_says_it_in_other_words_and_the_answer_holds():
    answers = tuple(replace(one, engine="1") for one in held(measure()))
    assert is_answered(picture(answers=answers), measure(SIGNAL))


def test_an_answer_is_kept_and_read_as_it_was():
    for one in held(measure(), measure(HIDDEN_CONCERN)):
        assert answer_from(as_json(one)) == one


AGAIN = Rescreening(decided_on=DAY, who="Asha", due=date(2026, 12, 1), number=2)


@pytest.mark.parametrize(
    ("status", "words", "task"),
    [
        ("", "it has not begun", "Start version 2"),
        ("draft", "it is a draft", "Go on with version 2"),
        ("returned", "it is back with its team", "Go on with version 2"),
        ("submitted", "it waits for a reviewer", "Go on with version 2"),
        ("reviewed", "it waits for sign-off", "Go on with version 2"),
    ],
)
def test_screening_again_stops_closing_and_says_how_far_it_is(status, words, task):
    (item,) = items(picture(again=replace(AGAIN, status=status)))
    assert (item.rule, item.level, item.fix) == ("C14", "blocks", task)
    assert item.text == (
        f"A review on 24 November 2026 decided to screen again; Asha, by 1 December 2026; {words}."
    )


def test_a_version_that_was_withdrawn_has_to_be_begun_anew():
    gone = replace(AGAIN, number=3, withdrawn=2, withdrawn_on=date(2026, 11, 30))
    assert gone.task == "Start version 3"
    assert gone.step == "version 2 was withdrawn on 30 November 2026; it has to be begun anew"
    assert gone.is_late(date(2026, 12, 2))
    assert replace(gone, status="draft").step == "it is a draft"


def test_it_is_late_when_nobody_began_by_the_day():
    day_after = date(2026, 12, 2)
    assert AGAIN.is_late(day_after)
    assert not AGAIN.is_late(date(2026, 12, 1))
    assert not replace(AGAIN, status="draft").is_late(day_after)


def test_a_decision_of_old_names_nobody_and_no_day():
    old = replace(AGAIN, who="", due=None)
    assert old.words == "A review on 24 November 2026 decided to screen again; it has not begun."


@pytest.mark.parametrize(
    ("text", "says"),
    [("", False), (".", False), ("ok", False), ("1 2 3 4", False), ("Rydym yn ffonio", True)],
)
def test_an_answer_is_a_few_words(text, says):
    assert says_something(text) is says


@pytest.mark.parametrize(
    ("changed", "field", "told"),
    [
        ({"held_on": date(2026, 3, 31)}, "held_on", "The plan began on 1 April 2026."),
        ({"next_review": date(2027, 4, 1)}, "next_review", "The plan ends on 31 March 2027."),
        (
            {"decision": "rescreen", "rescreen_by": "Asha", "rescreen_due": date(2035, 1, 1)},
            "rescreen_due",
            "The day must be within a year of the review",
        ),
    ],
    ids=["before the plan began", "after it ends", "in many years"],
)
def test_the_days_of_a_review_lie_within_the_plan(changed, field, told):
    good = Review(
        held_on=DAY, decision="continue", notes="Seen.", next_review=DAY + timedelta(days=30)
    )
    days = {"begins": date(2026, 4, 1), "ends": date(2027, 3, 31)}
    check_review(good, DAY, **days)
    with pytest.raises(Invalid) as refused:
        check_review(replace(good, **changed), DAY, **days)
    (problem,) = refused.value.problems
    assert problem.field == field
    assert problem.message.startswith(told)

"""A standing says what the readings say, survives being kept, and is noticed when it is old."""

import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eqia.domain.adjustments import Adjustment, Earlier
from eqia.domain.corrections import Corrected, Correction
from eqia.domain.due_dates import DueState, Pause, Terms, due_items, next_due, open_items
from eqia.domain.judgements import HIDDEN_CONCERN, HIDDEN_MANY, seen_outside, standing_of
from eqia.domain.measures import Baseline, Definition, Target, members_from
from eqia.domain.periods import Frequency, Period, Schedule, starting
from eqia.domain.pictures import MeasureView
from eqia.domain.published_readings import published
from eqia.domain.readings import Figure, Reading, ReadingState
from eqia.domain.standings import ENGINE, NOTHING_READ, Standing, as_json, from_json, spans_of

FIRST = date(2024, 1, 1)
MONTHS = Schedule(Frequency.MONTH, FIRST)
DEFINITION = Definition(
    shape="proportion",
    numerator="Missed",
    denominator="Booked",
    direction="down",
    characteristic="age",
    members=members_from(["Young", "Old"], ["Not recorded"]),
    reference="young",
)
CODES = [one.code for one in DEFINITION.places]
#: the digest of what this engine says of the samples below, to the team and to others
SAID = "3b373d0df57703d00c6f7447d9be83cbc2fe159e1eeec1fc1672f87b5e304641"


def reading(at, member, top, bottom=100, state=ReadingState.FINAL):
    there = state in {ReadingState.FINAL, ReadingState.PROVISIONAL}
    figure = Figure(member, top if there else None, bottom if there else None, None, state)
    return Reading(MONTHS.period(at), figure, MONTHS.period(at).end + timedelta(days=9))


def view(*readings, **changed):
    values = {
        "id": "m",
        "title": "Missed visits",
        "definition": DEFINITION,
        "baseline": Baseline(FIRST, date(2024, 12, 31), "agreed", "The year before."),
        "targets": (Target("", "level", Decimal("12.5"), FIRST, None),),
        "readings": readings,
    }
    return MeasureView(**{**values, **changed})


def series(numbers, member="old"):
    return [reading(at, member, number) for at, number in enumerate(numbers)]


CALM = [20 + at % 3 for at in range(20)]
ANEW = Adjustment("recalculation", MONTHS.period(20).start, "old", "A new clinic opened.")
ASIDE = Adjustment("exclusion", MONTHS.period(20).start, "old", "The clinic was flooded.")
HIGH = Reading(MONTHS.period(20), Figure("old", 70, 100), FIRST)
MOMENT = datetime(2026, 6, 5, 9, tzinfo=UTC)
RIGHT = Corrected(MOMENT.date(), MOMENT, (Correction(HIGH, MOMENT),))
SAMPLES = (
    view(),
    view(definition=None, had_baseline=True),
    view(*series(CALM), *series(CALM, "young"), *series(CALM, "")),
    view(*series([*CALM, 70]), *series([*CALM, 21], "young"), *series([40] * 21, "not_recorded")),
    view(*series([3, 2, 3]), *series([50] * 4, "")),
    view(
        *(reading(at, "old", 0, state=ReadingState.MASKED) for at in range(3)),
        reading(3, "old", 10, state=ReadingState.PROVISIONAL),
    ),
    view(
        Reading(MONTHS.period(0), Figure("", value=Decimal("12.50")), FIRST),
        definition=replace(DEFINITION, shape="mean", unit="days"),
    ),
    view(*series(CALM), definition=replace(DEFINITION, shape="rate", per=1000)),
    # New limits that no review has looked at took a concern from the chart.
    view(*series([*CALM, 70]), adjustments=(ANEW,), earlier=(Earlier((), ANEW, False, FIRST),)),
    # The last reading was set aside.
    view(*series([*CALM, 70]), adjustments=(ASIDE,)),
    # A correction that no review has looked at did.
    view(*series([*CALM, 21]), earlier=(Earlier((), RIGHT, False, FIRST, (HIGH,)),)),
)


def kept(standing):
    return from_json(json.loads(json.dumps(as_json(standing))))


@pytest.mark.parametrize("sample", SAMPLES)
def test_what_is_kept_comes_back_as_it_was(sample):
    standing = standing_of(sample)
    assert kept(standing) == standing
    (shown,) = published([sample])
    assert kept(shown.standing) == shown.standing


def test_a_reading_set_aside_is_not_told_as_the_latest():
    standing = standing_of(view(*series([*CALM, 70]), adjustments=(ASIDE,)))
    place = standing.place("old")
    assert place.latest.period == MONTHS.period(19)
    assert place.words == "21.0% (21 of 100) (the reading for September 2025 is set aside)"
    assert all(one.period == MONTHS.period(19) for one in standing.figures)


FIGURES = st.builds(
    reading,
    st.integers(0, 30),
    st.sampled_from(CODES),
    st.integers(0, 50),
    st.integers(50, 300),
    st.sampled_from(ReadingState),
)
READINGS = st.lists(FIGURES, max_size=60, unique_by=lambda one: (one.period, one.figure.member))


@given(READINGS)
def test_whatever_was_read_comes_back_as_it_was(readings):
    standing = standing_of(view(*readings))
    assert kept(standing) == standing


@given(READINGS, st.randoms())
def test_the_order_in_which_readings_were_entered_changes_nothing(readings, chance):
    other = list(readings)
    chance.shuffle(other)
    assert standing_of(view(*other)) == standing_of(view(*readings))


def test_an_engine_that_says_something_else_has_another_number():
    both = [(standing_of(one), published([one])[0].standing) for one in SAMPLES]
    said = json.dumps([[as_json(exact), as_json(seen)] for exact, seen in both], sort_keys=True)
    told = "Standings come out differently: raise ENGINE in eqia/domain/standings.py"
    assert (ENGINE, sha256(said.encode()).hexdigest()) == ("12", SAID), told


def test_before_anything_is_defined_nothing_stands():
    assert standing_of(view(definition=None)) == NOTHING_READ


def test_a_place_tells_baseline_latest_and_icons():
    place = standing_of(SAMPLES[2]).place("old")
    assert (place.words, place.before) == ("21.0% (21 of 100)", "21.0%")
    assert place.icons == ("No clear change: it goes up and down as usual",)
    everybody = standing_of(SAMPLES[2]).place("")
    assert everybody.icons[1] == "The target will be missed unless something changes"
    assert Standing().place("old").words == ""


def test_a_concern_tells_since_when_and_of_whom():
    since, why = standing_of(SAMPLES[3]).concern
    assert since == MONTHS.period(20).end + timedelta(days=9)
    assert why.startswith("The gap between Old and Young is clearly wider than before.")
    assert "Old: cause for concern: higher than usual." in why


def test_periods_are_told_as_spans_with_the_gaps_between():
    months = [MONTHS.period(at) for at in (4, 0, 1, 2, 6)]
    spans = spans_of(months)
    assert spans.whole == (
        Period(date(2024, 1, 1), date(2024, 3, 31)),
        MONTHS.period(4),
        MONTHS.period(6),
    )
    assert [at for at in range(8) if MONTHS.period(at) in spans] == [0, 1, 2, 4, 6]
    assert spans.after(FIRST) == date(2024, 4, 1)
    assert spans.after(date(2024, 4, 1)) == date(2024, 4, 1)


MOST = 30
POSITIONS = st.sets(st.integers(0, MOST))


@given(POSITIONS, POSITIONS, st.integers(0, 800), st.integers(0, 40), st.booleans())
def test_a_calendar_of_what_is_open_says_what_the_whole_one_says(given_, early, days, lag, rests):
    confirmed = [MONTHS.period(at) for at in given_ - early]
    provisional = [MONTHS.period(at) for at in early]
    today = FIRST + timedelta(days=days)
    pauses = (Pause(date(2024, 6, 1), date(2024, 8, 15)),) if rests else ()
    terms = Terms(lag, 3, pauses)
    until = date(2027, 6, 1)
    every = due_items(
        starting(MONTHS, FIRST), until, today, terms=terms, confirmed=confirmed, early=provisional
    )
    spans = spans_of(confirmed)
    short = open_items(
        starting(MONTHS, spans.after(FIRST)),
        until,
        today,
        terms=terms,
        confirmed=spans,
        early=spans_of(provisional),
    )
    coming = next_due(every, today)
    last = coming.period if coming else Period(date.max, date.max)
    wanted = [one for one in every if one.state is not DueState.GIVEN and one.period <= last]
    assert list(short) == wanted
    assert next_due(short, today) == coming


def test_outside_the_team_what_is_hidden_is_not_called_missing():
    exact = view(*series([3] * 12 + [6]), *series([40] * 13, ""))
    (shown,) = published([exact])
    place = shown.standing.place("old")
    assert place.words == "* of 100 (hidden, small number)"
    assert (place.before, place.icons) == ("", ())
    assert place.has_baseline
    assert shown.standing.baseline == exact.baseline


def test_outside_the_team_a_concern_that_rounding_blurs_is_known_without_its_figures():
    exact = Standing(concern=(FIRST, "Old: 30 of 90."), many_unknown="The group of 30 of 90.")
    seen = seen_outside(exact, Standing(), hides=False)
    assert (seen.concern, seen.many_unknown) == ((FIRST, HIDDEN_CONCERN), HIDDEN_MANY)
    assert seen_outside(Standing(), exact, hides=False).concern is None
    assert seen_outside(exact, exact, hides=False) == exact


def test_a_concern_that_a_hidden_number_gives_would_tell_the_number():
    exact = Standing(concern=(FIRST, "Old: 1 of 9."), many_unknown="The group of 3 of 9.")
    seen = seen_outside(exact, Standing(), hides=True)
    assert (seen.concern, seen.many_unknown) == (None, "")


MASKED = ReadingState.MASKED
LONG = [40 + at % 3 * 10 for at in range(16)]
#: readings, and the groups of which people outside the team cannot be told if they give concern
UNTOLD = (
    ("nothing is hidden", [*series(LONG), *series(LONG, "young")], []),
    ("its own series is", [*series([3] * 16), *series(LONG, "")], ["old"]),
    ("one early figure is", [*series([3, *LONG[1:]]), *series(LONG, "")], ["old"]),
    ("too few readings for anybody", [*series([3] * 9), *series(LONG, "")], []),
    ("those it is compared with", [*series([40] * 9), *series([3] * 9, "young")], ["old"]),
    ("the baseline of the others", [*series([40] * 2), *series([3, 40], "young")], ["old"]),
    ("at source", [reading(at, "old", 0, state=MASKED) for at in range(16)], ["old"]),
)


@pytest.mark.parametrize(("readings", "untold"), [case[1:] for case in UNTOLD])
def test_outside_the_team_it_is_said_of_whom_concern_cannot_be_told(readings, untold):
    (shown,) = published([view(*readings)])
    assert [one.code for one in shown.standing.places.values() if one.cannot_tell] == untold


@given(st.lists(st.integers(1, 7), min_size=16, max_size=16))
def test_that_it_cannot_be_told_says_nothing_of_the_hidden_figures(numbers):
    (shown,) = published([view(*series(numbers), *series(LONG, "young"), *series(LONG, ""))])
    seen = shown.standing
    assert [one.code for one in seen.places.values() if one.cannot_tell] == ["old"]
    assert seen.concern is None


def test_a_team_that_hides_nothing_from_itself_is_told_of_everybody():
    assert not any(one.cannot_tell for one in standing_of(view(*series([3] * 16))).places.values())


@pytest.mark.parametrize(
    ("people", "words"),
    [
        # Everybody's figure says of how many, whatever the groups add up to.
        ({"": 10_000, "young": 60, "old": 40}, "known for at least 100 of 10,000"),
        (
            {"": 10_000, "young": 60, "old": 40, "not_recorded": 10},
            "the group is known for 100 of 10,000",
        ),
        ({"": 120, "young": 60, "old": 40, "not_recorded": 20}, "known for 100 of 120"),
        ({"young": 60, "old": 40, "not_recorded": 20}, "known for 100 of 120"),
        (
            {"": 110, "young": 60, "old": 40, "not_recorded": 20},
            "add up to 120 and Everybody is 110, so for how many the group is known cannot be told",
        ),
    ],
)
def test_how_many_the_group_is_known_for_is_told_of_everybody(people, words):
    standing = standing_of(view(*(reading(0, one, 1, n) for one, n in people.items())))
    assert words in standing.known_for


@pytest.mark.parametrize(
    ("people", "words"),
    [
        ({"": 120, "young": 60, "old": 40, "not_recorded": 20}, ""),
        (
            {"": 120, "young": 50, "old": 40, "not_recorded": 30},
            "The group of 30 of 120 is not known.",
        ),
        (
            {"": 10_000, "young": 60, "old": 40, "not_recorded": 10},
            "9,900 of 10,000 are in none of the groups, or theirs is not known.",
        ),
        # A group that is not there yet may be all of the rest.
        ({"": 10_000, "young": 60, "not_recorded": 10}, ""),
        ({"young": 50, "old": 40, "not_recorded": 30}, "The group of 30 of 120 is not known."),
    ],
)
def test_people_in_none_of_the_groups_are_not_known_either(people, words):
    standing = standing_of(view(*(reading(0, one, 1, n) for one, n in people.items())))
    assert standing.many_unknown == words

"""When a reading is due, overdue, or not wanted; days counted by hand (measures.md section 4)."""

from __future__ import annotations

from datetime import date

import pytest

from eqia.domain.due_dates import (
    DueState,
    Pause,
    Terms,
    due_date,
    due_items,
    is_provisional,
    next_due,
    open_items,
)
from eqia.domain.periods import Frequency, Period, aligned, starting

JANUARY = Period(date(2026, 1, 1), date(2026, 1, 31))
FEBRUARY = Period(date(2026, 2, 1), date(2026, 2, 28))
TABLE = starting(aligned(Frequency.MONTH, date(2026, 1, 1)), date(2026, 1, 1))
LAST = date(2026, 4, 30)


def day(text):
    return date.fromisoformat(text)


def states(today, *, terms=None, **given):
    items = due_items(TABLE, LAST, day(today), terms=terms or Terms(), **given)
    return [one.state.value for one in items]


def test_due_is_the_end_of_the_period_and_the_lag():
    assert due_date(JANUARY, 0) == date(2026, 1, 31)
    assert due_date(JANUARY, 28) == date(2026, 2, 28)


@pytest.mark.parametrize(
    ("today", "lag", "grace", "state"),
    [
        ("2026-01-31", 0, 0, "not_yet"),
        ("2026-02-01", 0, 0, "overdue"),
        ("2026-02-10", 10, 0, "due"),
        ("2026-02-11", 10, 0, "overdue"),
        ("2026-02-15", 10, 5, "due"),
        ("2026-02-16", 10, 5, "overdue"),
        # February ends on 28: with 15 days it is overdue from 16 March, and January an alert.
        ("2026-03-15", 10, 5, "overdue"),
        ("2026-03-16", 10, 5, "alert"),
    ],
)
def test_a_reading_is_overdue_the_day_after_its_lag_and_grace(today, lag, grace, state):
    assert states(today, terms=Terms(lag, grace))[0] == state


def test_what_was_entered_early_is_provisional_and_does_not_clear_the_item():
    assert is_provisional(JANUARY, date(2026, 1, 31))
    assert not is_provisional(JANUARY, date(2026, 2, 1))
    assert states("2026-01-20", early=[JANUARY])[0] == "provisional"
    assert states("2026-02-01", early=[JANUARY])[0] == "overdue"
    assert states("2026-02-01", early=[JANUARY], confirmed=[JANUARY])[0] == "given"


def test_what_was_entered_early_does_not_move_the_schedule():
    items = due_items(TABLE, LAST, day("2026-01-20"), terms=Terms(), early=[JANUARY])
    assert next_due(items, day("2026-01-20")).period == JANUARY
    items = due_items(TABLE, LAST, day("2026-01-20"), terms=Terms(), confirmed=[JANUARY])
    assert next_due(items, day("2026-01-20")).period == FEBRUARY


def test_a_period_that_ends_in_a_pause_is_not_due_and_the_rest_stays_on_the_calendar():
    pause = Terms(pauses=(Pause(date(2026, 2, 10), date(2026, 3, 10)),))
    assert states("2026-04-20", terms=pause, confirmed=[JANUARY]) == [
        "given",
        "not_collected",
        "overdue",
        "not_yet",
    ]


def test_older_items_do_not_get_later_while_the_plan_rests():
    # January is overdue from 1 February and would be an alert from 1 March.
    rest = Terms(pauses=(Pause(date(2026, 2, 10)),))
    assert states("2026-03-20", terms=rest)[0] == "overdue"
    over = Terms(pauses=(Pause(date(2026, 2, 10), date(2026, 3, 19)),))
    assert states("2026-03-20", terms=over)[0] == "alert"


def test_an_item_that_falls_due_in_a_pause_is_not_overdue():
    rest = Terms(lag_days=20, pauses=(Pause(date(2026, 2, 10)),))
    assert states("2026-06-01", terms=rest)[0] == "due"


@pytest.mark.parametrize(
    ("made", "states_told"),
    [
        # The lag of the first two ends before that day, that of the third on it.
        ("2026-04-14", ["earlier", "earlier", "due", "not_yet"]),
        ("2026-02-14", ["alert", "overdue", "due", "not_yet"]),
        (None, ["alert", "overdue", "due", "not_yet"]),
    ],
)
def test_nothing_is_overdue_from_before_the_measure_was_made(made, states_told):
    terms = Terms(lag_days=14, made=day(made) if made else None)
    assert states("2026-04-14", terms=terms) == states_told


def test_what_the_baseline_asks_for_is_still_to_be_entered_however_old():
    terms = Terms(lag_days=14, made=day("2026-04-20"), baseline=FEBRUARY)
    assert states("2026-04-20", terms=terms) == ["earlier", "baseline", "earlier", "not_yet"]
    assert states("2026-04-20", terms=terms, confirmed={FEBRUARY})[1] == "given"
    waiting = open_items(TABLE, LAST, day("2026-04-20"), terms=terms)
    assert [one.state for one in waiting] == ["baseline", "not_yet"]
    assert not any(one.is_late for one in waiting)


def test_pauses_that_touch_count_as_one():
    rest = Terms(pauses=(Pause(date(2026, 2, 10), date(2026, 2, 28)), Pause(date(2026, 3, 1))))
    assert states("2026-03-20", terms=rest)[0] == "overdue"


def test_the_list_ends_with_the_period_of_the_last_day():
    items = due_items(TABLE, LAST, day("2026-01-01"), terms=Terms())
    assert [one.period.end.month for one in items] == [1, 2, 3, 4]
    assert not any(one.is_late for one in items)
    assert DueState.OVERDUE.value == "overdue"


def test_nothing_is_due_next_once_everything_is_entered():
    items = due_items(TABLE, date(2026, 2, 1), day("2026-01-05"), terms=Terms())
    given = due_items(
        TABLE,
        date(2026, 2, 1),
        day("2026-01-05"),
        terms=Terms(),
        confirmed=[one.period for one in items],
    )
    assert next_due(given, day("2026-01-05")) is None


def test_a_plan_that_never_ends_has_readings_due_for_ten_years():
    items = due_items(TABLE, date.max, day("2026-01-05"), terms=Terms())
    assert items[-1].period.start == date(2036, 1, 1)

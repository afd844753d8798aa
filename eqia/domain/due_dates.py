"""Which readings are due, overdue or not wanted, from the calendar alone.

Measures.md section 4.
"""

from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from itertools import pairwise

from eqia.domain.days import ONE_DAY
from eqia.domain.periods import Period, Timetable

#: a plan without an end, or with one typed wrong, has readings due for ten years at most
_AHEAD = 3653


class DueState(StrEnum):
    """How the reading of one period stands today."""

    NOT_YET = "not_yet"
    DUE = "due"
    OVERDUE = "overdue"
    #: still absent when the period after it is overdue too
    ALERT = "alert"
    GIVEN = "given"
    #: entered before its period ended, and not confirmed since
    PROVISIONAL = "provisional"
    NOT_COLLECTED = "not_collected"
    #: was due before anybody could have entered it, and nothing asks for it
    EARLIER = "earlier"
    #: the same, but the baseline asks for it
    BASELINE = "baseline"


#: What a state says on a page.
DUE_LABELS: dict[DueState, str] = {
    DueState.NOT_YET: "Not due yet",
    DueState.DUE: "Due",
    DueState.OVERDUE: "Overdue",
    DueState.ALERT: "Overdue for more than a period",
    DueState.GIVEN: "Entered",
    DueState.PROVISIONAL: "Entered early, to be confirmed",
    DueState.NOT_COLLECTED: "Not collected: the plan was paused",
    DueState.EARLIER: "From before the measure was made",
    DueState.BASELINE: "Baseline still to be entered",
}

#: The states of a reading that somebody has to chase.
LATE = frozenset({DueState.OVERDUE, DueState.ALERT})
_QUIET = frozenset({DueState.GIVEN, DueState.EARLIER})
_WAITING = frozenset({DueState.NOT_YET, DueState.DUE, DueState.PROVISIONAL})


@dataclass(frozen=True, slots=True)
class Pause:
    """Days on which a plan rests, both included; without a last day it still does."""

    first: date
    last: date | None = None

    def __contains__(self, day: date) -> bool:
        return self.first <= day and (self.last is None or day <= self.last)


@dataclass(frozen=True, slots=True)
class Terms:
    """How long after its period a reading may come, in calendar days."""

    lag_days: int = 0
    grace_days: int = 0
    pauses: tuple[Pause, ...] = ()
    #: the day the measure was made: what was due before is not overdue
    made: date | None = None
    #: the days of the baseline, whose readings are wanted however old
    baseline: Period | None = None

    def is_earlier(self, period: Period) -> bool:
        """Whether the reading of a period was due before the measure was made."""
        wait = (self.lag_days + self.grace_days) * ONE_DAY
        return self.made is not None and period.end + wait < self.made

    def is_asked(self, period: Period) -> bool:
        """Whether the baseline asks for the reading of a period."""
        asked = self.baseline
        return asked is not None and asked.start <= period.start and period.end <= asked.end


@dataclass(frozen=True, slots=True)
class DueItem:
    """The reading of one period, the day it is due and how it stands."""

    period: Period
    due: date
    state: DueState

    @property
    def is_late(self) -> bool:
        """Whether somebody has to chase it."""
        return self.state in LATE


def due_date(period: Period, lag_days: int) -> date:
    """Find the day by which the reading of a period is to be entered."""
    return period.end + lag_days * ONE_DAY


def is_provisional(period: Period, entered: date) -> bool:
    """Say whether a reading comes before its period is over, and so has to be confirmed."""
    return entered <= period.end


def due_items(
    timetable: Timetable,
    until: date,
    today: date,
    *,
    terms: Terms,
    confirmed: Container[Period] = (),
    early: Container[Period] = (),
) -> tuple[DueItem, ...]:
    """List every period of a timetable up to a day, each with its due date and state."""
    given = (confirmed, early)
    return tuple(_items(timetable, until, today, terms, given))


def open_items(
    timetable: Timetable,
    until: date,
    today: date,
    *,
    terms: Terms,
    confirmed: Container[Period] = (),
    early: Container[Period] = (),
) -> tuple[DueItem, ...]:
    """List the periods that wait for a reading, up to the one that is due next.

    These are what a plan says of its calendar; all that are given or too far ahead are left out.
    """
    found = []
    for item in _items(timetable, until, today, terms, (confirmed, early)):
        if item.state not in _QUIET:
            found.append(item)
        if item.state in _WAITING and item.due >= today:
            break
    return tuple(found)


def next_due(items: Sequence[DueItem], today: date) -> DueItem | None:
    """Find the next reading that is due today or later; an early one still has to be confirmed."""
    return next((one for one in items if one.state in _WAITING and one.due >= today), None)


def paused(period: Period, pauses: Sequence[Pause]) -> bool:
    """Say whether a period ends while the plan rests, so that no reading is due."""
    return any(period.end in pause for pause in pauses)


def _items(
    timetable: Timetable,
    until: date,
    today: date,
    terms: Terms,
    given: tuple[Container[Period], Container[Period]],
) -> Iterator[DueItem]:
    until = min(until, today + _AHEAD * ONE_DAY)
    for period, after in pairwise(_periods(timetable, until)):
        if period.start <= until:
            state = _state(period, after, today, terms, given)
            yield DueItem(period, due_date(period, terms.lag_days), state)


def _periods(timetable: Timetable, until: date) -> Iterator[Period]:
    """Give every period up to a day and the one after, which says when the last one escalates."""
    for period in timetable.periods(date.min, date.max):
        yield period
        if period.start > until:
            return


def _state(
    period: Period,
    after: Period,
    today: date,
    terms: Terms,
    given: tuple[Container[Period], Container[Period]],
) -> DueState:
    confirmed, early = given
    if period in confirmed:
        return DueState.GIVEN
    if paused(period, terms.pauses):
        return DueState.NOT_COLLECTED
    if period in early and today <= period.end:
        return DueState.PROVISIONAL
    if terms.is_earlier(period):
        return DueState.BASELINE if terms.is_asked(period) else DueState.EARLIER
    return _late(period, after, today, terms)


def _late(period: Period, after: Period, today: date, terms: Terms) -> DueState:
    if today <= period.end:
        return DueState.NOT_YET
    wait = (terms.lag_days + terms.grace_days) * ONE_DAY
    day = _counted(today, terms.pauses)
    if day > after.end + wait:
        return DueState.ALERT
    return DueState.OVERDUE if day > period.end + wait else DueState.DUE


def _counted(today: date, pauses: Sequence[Pause]) -> date:
    """Find the last day that counts: while a plan rests, what is late does not get later."""
    day = today
    while pause := next((one for one in pauses if day in one), None):
        day = pause.first - ONE_DAY
    return day

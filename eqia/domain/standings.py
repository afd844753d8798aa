"""How a measure stands: all that a plan, its coverage and the governance view say of its readings.

Worked out from the readings on every act that changes them and kept (eqia.domain.judgements), so
that a page about a plan reads no reading. What depends on today is no part of it.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from eqia.domain.days import ONE_DAY
from eqia.domain.measures import Baseline
from eqia.domain.periods import Period
from eqia.domain.readings import Figure, Reading

#: Raised whenever the same readings come out differently: a standing of another engine is not used.
ENGINE = "12"

CANNOT_TELL = "Cannot be told here: figures are hidden"
CLOSE = "Too close to tell once rounded"

Json = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Spans:
    """Periods of one measure, those that follow on each other told as one."""

    whole: tuple[Period, ...] = ()

    def __contains__(self, period: object) -> bool:
        # A loop of its own: a calendar asks this of every period of every measure.
        if isinstance(period, Period):
            for one in self.whole:
                if one.start <= period.start and period.end <= one.end:
                    return True
        return False

    def after(self, day: date) -> date:
        """Find the first day from this one on that lies in none of them."""
        found = next((one for one in self.whole if day in one), None)
        return found.end + ONE_DAY if found else day


NO_SPANS = Spans()


def spans_of(periods: Iterable[Period]) -> Spans:
    """Join periods where one begins on the day after another ends."""
    whole: list[Period] = []
    for one in sorted(set(periods)):
        if whole and one.start == whole[-1].end + ONE_DAY:
            whole[-1] = Period(whole[-1].start, one.end)
        else:
            whole.append(one)
    return Spans(tuple(whole))


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """How everybody together, or one group, stands."""

    code: str
    latest: Reading | None = None
    #: the latest figure and the baseline, exact and in words
    words: str = ""
    before: str = ""
    #: how many people the baseline rests on, and whether there is one at all
    before_people: int = 0
    has_baseline: bool = False
    #: what the last figure says against chance and against the target, in words
    icons: tuple[str, ...] = ()
    #: every reading is hidden at source
    is_hidden: bool = False
    #: the first day of the third figure from the last
    third: date | None = None
    #: whether the last figure is better than the baseline
    improved: bool | None = None
    #: which way it goes by its signals and its gap
    course: str = ""
    #: figures that its signals or its gap need are hidden from this reader: worse may not show
    cannot_tell: bool = False
    #: it moved by no more than rounding could make of it
    is_close: bool = False
    #: the latest figure is at least twice as bad as the baseline
    is_doubled: bool = False
    #: how far it is from its target, in words
    target: str = ""

    @property
    def told(self) -> tuple[str, ...]:
        """What is said of the latest figure, and why no more is."""
        close = (CLOSE,) if self.is_close else ()
        target = (self.target,) if self.target else ()
        return (*self.icons, *target, *close, *((CANNOT_TELL,) if self.cannot_tell else ()))


@dataclass(frozen=True, slots=True)
class GapTold:
    """The gap of one group to those it is compared with, in words."""

    pair: str
    #: with what became of it since the baseline
    words: str
    #: the gap itself, and whether it is clearly more than chance
    now: str
    is_clear: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """All that is kept of a measure's readings, for the definition in force."""

    places: Mapping[str, Place] = field(default_factory=dict)
    #: every figure of each period that is the latest of somebody
    figures: tuple[Reading, ...] = ()
    baseline: Baseline | None = None
    #: whether an earlier definition had a baseline
    had_baseline: bool = False
    has_target: bool = False
    #: the groups that the latest period of everybody lacks
    lacking: tuple[str, ...] = ()
    #: how many people's group is not known in the latest breakdown, where that is many (rule C21)
    many_unknown: str = ""
    known_for: str = ""
    gaps: tuple[GapTold, ...] = ()
    #: the day since which it gives reason to worry, and why
    concern: tuple[date, str] | None = None
    #: the periods that have a reading, and those read before they were over
    confirmed: Spans = NO_SPANS
    early: Spans = NO_SPANS

    @property
    def clear_gaps(self) -> tuple[GapTold, ...]:
        """The gaps that are clearly more than chance."""
        return tuple(one for one in self.gaps if one.is_clear)

    def place(self, code: str) -> Place:
        """Find how everybody ("") or a group stands."""
        return self.places.get(code) or Place(code=code)


NOTHING_READ = Standing()


def as_json(one: Standing) -> dict[str, Any]:
    """Give a standing as plain values, for the database."""
    return {
        "places": [_place_json(place) for place in one.places.values()],
        "figures": [_reading_json(reading) for reading in one.figures],
        "baseline": _baseline_json(one.baseline),
        "had_baseline": one.had_baseline,
        "has_target": one.has_target,
        "lacking": list(one.lacking),
        "many_unknown": one.many_unknown,
        "known_for": one.known_for,
        "gaps": [[gap.pair, gap.words, gap.now, gap.is_clear] for gap in one.gaps],
        "concern": [one.concern[0].isoformat(), one.concern[1]] if one.concern else None,
        "confirmed": _spans_json(one.confirmed),
        "early": _spans_json(one.early),
    }


def from_json(kept: Json) -> Standing:
    """Read a standing as kept."""
    figures = tuple(_reading(one) for one in kept["figures"])
    # In order of their periods, so that the last one of each group is its latest.
    latest = {reading.figure.member: reading for reading in figures}
    concern = kept["concern"]
    return Standing(
        places={one[0]: _place(one, latest) for one in kept["places"]},
        figures=figures,
        baseline=_baseline(kept["baseline"]),
        had_baseline=kept["had_baseline"],
        has_target=kept["has_target"],
        lacking=tuple(kept["lacking"]),
        many_unknown=kept["many_unknown"],
        known_for=kept["known_for"],
        gaps=tuple(GapTold(*gap) for gap in kept["gaps"]),
        concern=(date.fromisoformat(concern[0]), concern[1]) if concern else None,
        confirmed=spans_from(kept["confirmed"]),
        early=spans_from(kept["early"]),
    )


def spans_from(kept: Sequence[Sequence[str]]) -> Spans:
    """Read the periods of a standing alone."""
    return Spans(tuple(_period(one) for one in kept))


def _place_json(one: Place) -> list[Any]:
    return [
        *(one.code, one.words, one.before, one.before_people, one.has_baseline),
        *(list(one.icons), one.is_hidden, _day_json(one.third), one.improved),
        *(one.course, one.cannot_tell, one.is_close, one.is_doubled, one.target),
    ]


def _place(kept: Sequence[Any], latest: Mapping[str, Reading]) -> Place:
    code, words, before, people, has_baseline, icons, is_hidden, third, improved, *seen = kept
    course, cannot_tell, is_close, is_doubled, target = seen
    return Place(
        code=code,
        latest=latest.get(code),
        words=words,
        before=before,
        before_people=people,
        has_baseline=has_baseline,
        icons=tuple(icons),
        is_hidden=is_hidden,
        third=_day(third),
        improved=improved,
        course=course,
        cannot_tell=cannot_tell,
        is_close=is_close,
        is_doubled=is_doubled,
        target=target,
    )


def _reading_json(one: Reading) -> list[Any]:
    figure, period = one.figure, one.period
    value = None if figure.value is None else str(figure.value)
    return [
        *(figure.member, period.start.isoformat(), period.end.isoformat()),
        *(figure.numerator, figure.denominator, value, str(figure.state), _day_json(one.entered)),
    ]


def _reading(kept: Sequence[Any]) -> Reading:
    member, start, end, numerator, denominator, value, state, entered = kept
    number = None if value is None else Decimal(value)
    figure = Figure(member, numerator, denominator, number, state)
    return Reading(_period((start, end)), figure, _day(entered))


def _baseline_json(one: Baseline | None) -> list[Any] | None:
    if one is None:
        return None
    return [_day_json(one.from_date), _day_json(one.to_date), str(one.state), one.note]


def _baseline(kept: Sequence[Any] | None) -> Baseline | None:
    return Baseline(_day(kept[0]), _day(kept[1]), kept[2], kept[3]) if kept else None


def _spans_json(spans: Spans) -> list[list[str]]:
    return [[one.start.isoformat(), one.end.isoformat()] for one in spans.whole]


def _period(kept: Sequence[str]) -> Period:
    return Period(date.fromisoformat(kept[0]), date.fromisoformat(kept[1]))


def _day_json(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _day(kept: str | None) -> date | None:
    return date.fromisoformat(kept) if kept else None

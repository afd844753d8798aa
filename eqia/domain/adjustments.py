"""What people change on a chart: new limits, a reading set aside, a note on the time axis.

Measures.md section 5: new limits are a recorded human act, never automatic. Each has its day, its
reason and who said so, and goes to chart, table, icons and description alike.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from eqia.domain.corrections import Corrected, Correction, Place, corrected_unseen
from eqia.domain.days import ONE_DAY, london_day
from eqia.domain.errors import Invalid, Problem
from eqia.domain.measures import Baseline
from eqia.domain.readings import Reading
from eqia.domain.record_times import in_words
from eqia.domain.series import Point
from eqia.domain.texts import first_line

NOTHING_READ = "There is no reading yet"
#: letters of a reason that stand beside a chart
_SHORT = 60


class AdjustmentKind(StrEnum):
    """What was changed."""

    NEW_LIMITS = "recalculation"
    SET_ASIDE = "exclusion"
    NOTE = "note"


ADJUSTMENT_LABELS: Mapping[str, str] = {
    AdjustmentKind.NEW_LIMITS: "New limits",
    AdjustmentKind.SET_ASIDE: "Reading set aside",
    AdjustmentKind.NOTE: "Note on the chart",
}


@dataclass(frozen=True, slots=True)
class Adjustment:
    """One change to the charts of a measure that stands."""

    kind: str
    #: the first day of a period, or the day of a note
    on: date
    #: whose chart; None for every chart of the measure
    member: str | None
    reason: str
    #: what the charts said just before it was made; nothing where that was not kept
    before: str = field(default="", compare=False)
    #: the same as people outside the team were told it
    before_outside: str = field(default="", compare=False)

    def is_about(self, member: str) -> bool:
        """Whether it belongs on the chart of a member."""
        return self.member is None or self.member == member

    @property
    def words(self) -> str:
        """What stands beside the time axis: a reason's first line, cut to fit."""
        first = first_line(self.reason).rstrip(".")
        cut = first if len(first) <= _SHORT else f"{first[: _SHORT - 1]}…"
        return cut if self.kind == AdjustmentKind.NOTE else f"{ADJUSTMENT_LABELS[self.kind]}: {cut}"


@dataclass(frozen=True, slots=True)
class Change:
    """An adjustment with the moments at which it was made and taken back."""

    adjustment: Adjustment
    made: datetime
    back: datetime | None = None


@dataclass(frozen=True, slots=True)
class Held:
    """A review of the plan: its day, and the moment it was kept."""

    on: date
    kept: datetime

    def saw(self, moment: datetime) -> bool:
        """Whether it can have looked at what was done at a moment."""
        return self.kept >= moment and self.on >= london_day(moment)


@dataclass(frozen=True, slots=True)
class Earlier:
    """What stood before somebody changed a chart in a way that no review has looked at."""

    adjustments: tuple[Adjustment, ...]
    changed: Adjustment | Corrected
    is_back: bool
    #: the first day on which a review can look at it
    since: date
    #: the readings that stood then and do not now
    before: tuple[Reading, ...] = ()


@dataclass(frozen=True, slots=True)
class Around:
    """What a new adjustment has to fit: whom is read, what was read, and what stands already."""

    members: frozenset[str]
    readings: tuple[Reading, ...]
    baseline: Baseline | None
    adjustments: tuple[Adjustment, ...]


def new_limits_at(
    points: Sequence[Point], adjustments: Iterable[Adjustment], member: str
) -> tuple[int, ...]:
    """Find the positions from which limits are worked out anew: the first point from each day."""
    days = {one.on for one in _of(AdjustmentKind.NEW_LIMITS, adjustments, member)}
    found = {next((at for at, p in enumerate(points) if p.period.start >= day), 0) for day in days}
    # Before the first reading of this chart, or after its last, there is nothing to cut.
    return tuple(sorted(found - {0}))


def set_aside_at(
    points: Sequence[Point], adjustments: Iterable[Adjustment], member: str
) -> frozenset[int]:
    """Find the positions of the readings that do not count."""
    days = days_set_aside(adjustments, member)
    return frozenset(at for at, point in enumerate(points) if point.period.start in days)


def days_set_aside(adjustments: Iterable[Adjustment], member: str) -> frozenset[date]:
    """Give the first days of the periods whose reading of a member does not count."""
    return frozenset(one.on for one in _of(AdjustmentKind.SET_ASIDE, adjustments, member))


def on_the_axis(adjustments: Iterable[Adjustment], member: str) -> tuple[Adjustment, ...]:
    """Give what has a place on the time axis: notes, and where new limits begin."""
    shown = {AdjustmentKind.NOTE, AdjustmentKind.NEW_LIMITS}
    return tuple(one for one in adjustments if one.kind in shown and one.is_about(member))


def unseen(
    changes: Sequence[Change], reviews: Sequence[Held], corrections: Iterable[Correction] = ()
) -> tuple[Earlier, ...]:
    """Give what stood before each change that no review has looked at, the newest change first.

    A chart that a team changes must not silence a concern before somebody else has looked at it;
    nor must a reading that it corrects.
    """
    counted = [one for one in changes if one.adjustment.kind != AdjustmentKind.NOTE]
    stands = {at for at, one in enumerate(counted) if one.back is None}
    before: dict[Place, Reading] = {}
    corrected = corrected_unseen(corrections, lambda at: any(one.saw(at) for one in reviews))
    acts: list[tuple[datetime, bool, int | Corrected]] = [*_acts(counted, reviews)]
    acts += [(one.made, False, one) for one in corrected]
    found = []
    for moment, is_back, what in sorted(acts, key=lambda act: act[0], reverse=True):
        changed = what if isinstance(what, Corrected) else counted[what].adjustment
        if isinstance(what, Corrected):
            before = {**before, **what.before}
        else:
            stands = stands | {what} if is_back else stands - {what}
        day = london_day(moment)
        since = day + ONE_DAY if any(one.on >= day for one in reviews) else day
        left = tuple(counted[one].adjustment for one in sorted(stands))
        found.append(Earlier(left, changed, is_back, since, tuple(before.values())))
    return tuple(found)


def _acts(
    changes: Sequence[Change], reviews: Sequence[Held]
) -> Iterator[tuple[datetime, bool, int]]:
    """Give what was done and not looked at, without slips: made and taken back on one day."""
    for at, one in enumerate(changes):
        moments = [(one.made, False), *([(one.back, True)] if one.back else [])]
        fresh = [(m, back) for m, back in moments if not any(held.saw(m) for held in reviews)]
        is_slip = len(fresh) > 1 and london_day(fresh[0][0]) == london_day(fresh[1][0])
        yield from () if is_slip else ((moment, back, at) for moment, back in fresh)


def check_adjustment(wanted: Adjustment, around: Around, today: date) -> None:
    """Refuse what has no reason, no place on the chart, or does not fit what stands already."""
    problems = []
    if not wanted.reason.strip():
        problems.append(Problem("reason", "Say why"))
    if wanted.member is not None and wanted.member not in around.members:
        problems.append(Problem("member", "Choose everybody or a group from the list"))
    problems += _CHECKS[AdjustmentKind(wanted.kind)](wanted, around, today)
    if problems:
        raise Invalid(problems)


def limits_fit(around: Around) -> tuple[date, ...]:
    """Give the first day of each period from which new limits may begin on some chart."""
    everybody = (None, *sorted(around.members))
    return tuple(
        day
        for day in _days_read(around)
        if any(not _limits_refused(day, member, around) for member in everybody)
    )


def no_limits_fit(around: Around) -> str:
    """Say why new limits may begin at no period, in the words in which one is refused."""
    days = _days_read(around)
    return next(iter(_limits_refused(days[-1], None, around)), "") if days else NOTHING_READ


def _days_read(around: Around) -> list[date]:
    return sorted({one.period.start for one in around.readings if one.counts})


def _limits_refused(day: date, member: str | None, around: Around) -> list[str]:
    wanted = Adjustment(AdjustmentKind.NEW_LIMITS, day, member, "")
    return [one.message for one in _limits_problems(wanted, around, day)]


def check_baseline_fits(baseline: Baseline, around: Around) -> None:
    """Refuse a baseline that runs into new limits or does not start with the first reading."""
    cuts = [one.on for one in around.adjustments if one.kind == AdjustmentKind.NEW_LIMITS]
    counted = [one.period.start for one in around.readings if one.counts]
    problems = []
    if cuts and baseline.to_date and baseline.to_date >= min(cuts):
        words = f"New limits begin on {in_words(min(cuts))}. The baseline has to end before"
        problems.append(Problem("to_date", words))
    if counted and baseline.from_date and baseline.from_date > min(counted):
        first = in_words(min(counted))
        words = f"The first reading starts on {first}. The baseline has to start with it"
        problems.append(Problem("from_date", words))
    if problems:
        raise Invalid(problems)


def _of(
    kind: AdjustmentKind, adjustments: Iterable[Adjustment], member: str
) -> Iterator[Adjustment]:
    return (one for one in adjustments if one.kind == kind and one.is_about(member))


def _read(wanted: Adjustment, around: Around) -> list[date]:
    """List the first days of the periods that have a figure on the charts this is about."""
    return sorted(
        one.period.start
        for one in around.readings
        if one.counts and wanted.is_about(one.figure.member)
    )


def _limits_problems(wanted: Adjustment, around: Around, _today: date) -> Iterator[Problem]:
    read = _read(wanted, around)
    same = (one for one in around.adjustments if one.kind == wanted.kind and one.on == wanted.on)
    baseline = around.baseline
    if wanted.on not in read:
        yield Problem("on", "Choose a period that has a reading")
    elif wanted.on == read[0]:
        yield Problem("on", "New limits can only begin after the first reading")
    elif any(_share_a_chart(one, wanted) for one in same):
        yield Problem("on", "New limits begin there already")
    elif baseline and baseline.to_date and wanted.on <= baseline.to_date:
        last = in_words(baseline.to_date)
        yield Problem("on", f"The baseline runs to {last}. New limits can only begin after it")


def _share_a_chart(one: Adjustment, other: Adjustment) -> bool:
    return one.member == other.member or None in {one.member, other.member}


def _aside_problems(wanted: Adjustment, around: Around, _today: date) -> Iterator[Problem]:
    member = wanted.member or ""
    aside = days_set_aside(around.adjustments, member)
    read = _read(wanted, around)
    if wanted.member is None:
        yield Problem("member", "Choose whose reading it is")
    elif wanted.on not in read:
        yield Problem("on", "There is no reading of this group in this period")
    elif wanted.on in aside:
        yield Problem("on", "This reading is set aside already")
    elif _empties_baseline(wanted, around, aside):
        words = "This is the last reading of the baseline. Choose another baseline first"
        yield Problem("on", words)


def _empties_baseline(wanted: Adjustment, around: Around, aside: frozenset[date]) -> bool:
    baseline = around.baseline
    inside = {
        one.period.start
        for one in around.readings
        if one.counts
        and one.figure.member == wanted.member
        and baseline is not None
        and baseline.covers(one.period)
    }
    return wanted.on in inside and inside <= aside | {wanted.on}


def _note_problems(wanted: Adjustment, around: Around, today: date) -> Iterator[Problem]:
    if wanted.on > today:
        yield Problem("on", "The day must be today or in the past")
    elif wanted in around.adjustments:
        yield Problem("reason", "This note is on the chart already")


_CHECKS = {
    AdjustmentKind.NEW_LIMITS: _limits_problems,
    AdjustmentKind.SET_ASIDE: _aside_problems,
    AdjustmentKind.NOTE: _note_problems,
}

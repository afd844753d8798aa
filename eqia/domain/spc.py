"""XmR charts: what changed in a series that chance alone would rarely change.

Measures.md section 5. Exact arithmetic throughout: a float mean can miss a constant series and
then call it a shift.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from itertools import pairwise

from eqia.domain.measures import Goal
from eqia.domain.series import Part, Point, check_order, live, mean_of, parts_of
from eqia.domain.spc_rules import (
    HIGH,
    RULE_SET,
    RULE_SET_VERSION,
    Limits,
    Rule,
    trends,
    within_part,
)

#: fewer live points than this in a part make its limits a trial
FULL_PART = 12
#: and with fewer than this its limits would mean nothing, so that it has none
SHORT_PART = 3


class Type(StrEnum):
    """What a point says, once it is known which way is better."""

    COMMON_CAUSE = "common_cause"
    IMPROVEMENT = "improvement"
    CONCERN = "concern"
    NEITHER_HIGH = "neither_high"
    NEITHER_LOW = "neither_low"
    EXCLUDED = "excluded"


class Conflict(StrEnum):
    """What a point counts as that signals better and worse at once."""

    CONCERN = "concern"
    IMPROVEMENT = "improvement"


@dataclass(frozen=True, slots=True)
class Segment:
    """A part of the series with its limits; no limits while it has no live point."""

    part: Part
    limits: Limits | None

    @property
    def is_trial(self) -> bool:
        """Whether its limits stand on too few points to be kept."""
        return len(self.part.basis) < FULL_PART

    @property
    def is_short(self) -> bool:
        """Whether its limits would mean nothing: nothing is judged by them and none are drawn."""
        return len(self.part.basis) < SHORT_PART


@dataclass(frozen=True, slots=True)
class Judged:
    """A point with every rule it meets; without a type there is no value."""

    point: Point
    type: Type | None
    rules: tuple[Rule, ...]
    segment: int

    @property
    def is_conflict(self) -> bool:
        """Whether it signals high and low at once."""
        return len({rule in HIGH for rule in self.rules}) > 1


@dataclass(frozen=True, slots=True)
class Analysis:
    """A whole series, judged, with the name of the rules it was judged by."""

    points: tuple[Judged, ...]
    segments: tuple[Segment, ...]
    goal: Goal
    rule_set: str = RULE_SET
    rule_set_version: str = RULE_SET_VERSION

    @property
    def live(self) -> tuple[Judged, ...]:
        """The points that count."""
        return tuple(one for one in self.points if one.type not in {None, Type.EXCLUDED})

    @property
    def last(self) -> Judged | None:
        """The last point that counts."""
        return next((one for one in reversed(self.points) if _counts(one)), None)

    def limits_of(self, judged: Judged) -> Limits | None:
        """Find the limits in force for a point."""
        return self.segments[judged.segment].limits

    @property
    def ends_short(self) -> bool:
        """Whether the last point that counts stands in a part too short for limits."""
        return self.last is not None and self.segments[self.last.segment].is_short


def analyse(
    points: Sequence[Point],
    *,
    goal: Goal,
    conflict: Conflict = Conflict.CONCERN,
    excluded: Collection[int] = (),
    recalculations: Iterable[int] = (),
    baseline: int | None = None,
) -> Analysis:
    """Judge every point; positions count from 0 and `baseline` counts live points."""
    check_order(points)
    alive = live(points, excluded)
    parts = parts_of(points, alive, recalculations, baseline)
    segments = tuple(Segment(part, _limits(part, points)) for part in parts)
    rules = _rules(points, alive, segments)
    judged = [
        _judged(
            point,
            point.value is not None and at in excluded,
            tuple(sorted(rules[at])),
            (_segment_of(at, segments), segments),
            (goal, conflict),
        )
        for at, point in enumerate(points)
    ]
    return Analysis(tuple(judged), segments, goal)


def values_at(points: Sequence[Point], at: Iterable[int]) -> list[Fraction]:
    """Take the values at some positions."""
    return [value for one in at if (value := points[one].value) is not None]


def _counts(judged: Judged) -> bool:
    return judged.type is not None and judged.type is not Type.EXCLUDED


def _limits(part: Part, points: Sequence[Point]) -> Limits | None:
    values = values_at(points, part.basis)
    if not values:
        return None
    ranges = [abs(after - before) for before, after in pairwise(values)]
    return Limits(mean_of(values), mean_of(ranges) if ranges else None)


def _rules(
    points: Sequence[Point], alive: Sequence[int], segments: Sequence[Segment]
) -> Mapping[int, set[Rule]]:
    found: defaultdict[int, set[Rule]] = defaultdict(set)
    for at, rule in trends(values_at(points, alive)):
        found[alive[at]].add(rule)
    for segment in segments:
        if segment.limits is None:
            continue
        members = segment.part.members
        for at, rule in within_part(values_at(points, members), segment.limits):
            found[members[at]].add(rule)
    return found


def _segment_of(at: int, segments: Sequence[Segment]) -> int:
    return sum(segment.part.first <= at for segment in segments) - 1


def _judged(
    point: Point,
    is_excluded: bool,
    rules: tuple[Rule, ...],
    within: tuple[int, Sequence[Segment]],
    reading: tuple[Goal, Conflict],
) -> Judged:
    number, segments = within
    if point.value is None or is_excluded:
        return Judged(point, Type.EXCLUDED if is_excluded else None, (), number)
    limits = segments[number].limits
    above = limits is None or point.value >= limits.mean
    return Judged(point, _type(rules, above, *reading), rules, number)


def _type(rules: tuple[Rule, ...], above: bool, goal: Goal, conflict: Conflict) -> Type:
    if not rules:
        return Type.COMMON_CAUSE
    highs = {rule in HIGH for rule in rules}
    is_both = len(highs) > 1
    if goal is Goal.NEITHER:
        # Where nothing is better, a point of both kinds goes by its side of the mean.
        high = above if is_both else True in highs
        return Type.NEITHER_HIGH if high else Type.NEITHER_LOW
    if is_both:
        return Type(conflict.value)
    return Type.IMPROVEMENT if (True in highs) is (goal is Goal.UP) else Type.CONCERN

"""What a judged series says in one word each: variation, assurance, and when to say nothing.

Measures.md section 5: gating, icons, withholding, warnings and the suggestion of new limits.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from fractions import Fraction

from eqia.domain.measures import Goal
from eqia.domain.series import Point, has_missing
from eqia.domain.spc import Analysis, Type
from eqia.domain.spc_rules import Rule

RUN_FROM, XMR_FROM = 10, 15
#: too few events, or groups too uneven, for limits to mean anything
LOW_MEAN, UNEVEN = 5, 3


class Method(StrEnum):
    """How many points allow a series to be read."""

    LINE = "line"
    RUN_CHART = "run_chart"
    XMR = "xmr"


class Variation(StrEnum):
    """The state of the last point."""

    COMMON_CAUSE = "common_cause"
    IMPROVEMENT_HIGH = "improvement_high"
    IMPROVEMENT_LOW = "improvement_low"
    CONCERN_HIGH = "concern_high"
    CONCERN_LOW = "concern_low"
    NEITHER_HIGH = "neither_high"
    NEITHER_LOW = "neither_low"


VARIATION_WORDS: Mapping[Variation, str] = {
    Variation.COMMON_CAUSE: "No clear change: it goes up and down as usual",
    Variation.IMPROVEMENT_HIGH: "Getting better: higher than usual",
    Variation.IMPROVEMENT_LOW: "Getting better: lower than usual",
    Variation.CONCERN_HIGH: "Cause for concern: higher than usual",
    Variation.CONCERN_LOW: "Cause for concern: lower than usual",
    Variation.NEITHER_HIGH: "Changed: higher than usual",
    Variation.NEITHER_LOW: "Changed: lower than usual",
}
#: what is so of most figures, and need not be said of each
USUAL = VARIATION_WORDS[Variation.COMMON_CAUSE]
CONCERNS = frozenset({Variation.CONCERN_HIGH, Variation.CONCERN_LOW})


class Assurance(StrEnum):
    """Whether the target will be met if nothing changes."""

    PASS = "pass"  # noqa: S105 - a target that is met
    FAIL = "fail"
    HIT_OR_MISS = "hit_or_miss"


ASSURANCE_WORDS: Mapping[Assurance, str] = {
    Assurance.PASS: "The target will be met, period after period, if nothing changes",
    Assurance.FAIL: "The target will be missed unless something changes",
    Assurance.HIT_OR_MISS: "The target will be met at some times and missed at others",
}


class Warned(StrEnum):
    """What to bear in mind when reading a chart."""

    FEW_POINTS = "few_points"
    TRIAL_PART = "trial_part"
    SHORT_PART = "short_part"
    LOW_MEAN = "low_mean"
    UNEVEN_DENOMINATORS = "uneven_denominators"
    CONFLICT = "conflict"
    MISSING_PERIOD = "missing_period"
    NO_DIRECTION = "no_direction"


WARNING_WORDS: Mapping[Warned, str] = {
    Warned.FEW_POINTS: "A chart has limits once it has 15 readings: these are too few.",
    Warned.TRIAL_PART: "Limits that stand on fewer than 12 readings are a trial.",
    Warned.SHORT_PART: "Where limits would stand on fewer than 3 readings, there are none yet.",
    Warned.LOW_MEAN: "The numbers are small: fewer than five on average.",
    Warned.UNEVEN_DENOMINATORS: "The largest number of people is over three times the smallest.",
    Warned.CONFLICT: "A reading signals better and worse at once.",
    Warned.MISSING_PERIOD: "At least one period has no reading.",
    Warned.NO_DIRECTION: "Neither higher nor lower is better, so no change is good or bad.",
}


#: what new limits need, in the words that stand beside the chart as well
LIMITS_NEED = tuple(WARNING_WORDS[one] for one in (Warned.TRIAL_PART, Warned.SHORT_PART))


@dataclass(frozen=True, slots=True)
class Level:
    """A target, and the days on which it is in force; an end that is not set is open."""

    value: Fraction
    first: date | None = None
    last: date | None = None

    def on(self, day: date) -> bool:
        """Whether it is in force on a day."""
        return (self.first is None or self.first <= day) and (self.last is None or day <= self.last)


@dataclass(frozen=True, slots=True)
class Icons:
    """Both icons of a series, or why there are none."""

    variation: Variation | None = None
    assurance: Assurance | None = None
    withheld: tuple[str, ...] = ()

    @property
    def is_short(self) -> bool:
        """Whether only the last part is too short: earlier parts keep what they showed."""
        return self.withheld == (WARNING_WORDS[Warned.SHORT_PART],)


def words_of(found: Icons) -> tuple[str, ...]:
    """Say both icons in words; nothing where there are none."""
    variation = (VARIATION_WORDS[found.variation],) if found.variation else ()
    return (*variation, *((ASSURANCE_WORDS[found.assurance],) if found.assurance else ()))


def method_for(count: int) -> Method:
    """Say how a chart with so many live points is read."""
    if count < RUN_FROM:
        return Method.LINE
    return Method.RUN_CHART if count < XMR_FROM else Method.XMR


def variation(analysis: Analysis) -> Variation | None:
    """Read the last live point."""
    last = analysis.last
    if last is None or last.type is None:
        return None
    if last.type in {Type.IMPROVEMENT, Type.CONCERN}:
        better_high = analysis.goal is Goal.UP
        high = better_high is (last.type is Type.IMPROVEMENT)
        return Variation(f"{last.type.value}_{'high' if high else 'low'}")
    return Variation(last.type.value)


def assurance(analysis: Analysis, targets: Iterable[Level]) -> Assurance | None:
    """Compare the last live point's limits with the target in force that day."""
    last = analysis.last
    limits = analysis.limits_of(last) if last else None
    if last is None or limits is None or limits.lower is None or limits.upper is None:
        return None
    target = in_force(targets, last.point.on)
    if target is None or analysis.goal is Goal.NEITHER:
        return None
    met, missed = target.value <= limits.lower, target.value >= limits.upper
    if analysis.goal is Goal.DOWN:
        met, missed = missed, met
    # Limits that coincide, on the target, are met.
    return Assurance.PASS if met else Assurance.FAIL if missed else Assurance.HIT_OR_MISS


def in_force(targets: Iterable[Level], day: date) -> Level | None:
    """Find the target in force on a day; of several, the one that began last, then the newest."""
    found = [one for one in reversed(list(targets)) if one.on(day)]
    return max(found, key=lambda one: one.first or date.min, default=None)


def icons(analysis: Analysis, targets: Iterable[Level], *, is_group: bool) -> Icons:
    """Give both icons: none under 15 points, nor for a group whose numbers do not bear them."""
    if method_for(len(analysis.live)) is not Method.XMR:
        return Icons(withheld=(WARNING_WORDS[Warned.FEW_POINTS],))
    reasons = withholding([one.point for one in analysis.live]) if is_group else ()
    if reasons:
        return Icons(withheld=tuple(WARNING_WORDS[one] for one in reasons))
    if analysis.ends_short:
        return Icons(withheld=(WARNING_WORDS[Warned.SHORT_PART],))
    return Icons(variation(analysis), assurance(analysis, targets))


def withholding(points: Sequence[Point]) -> tuple[Warned, ...]:
    """Say why the numbers of a group do not bear icons: too small, or too uneven."""
    checks = {Warned.LOW_MEAN: _is_low, Warned.UNEVEN_DENOMINATORS: _is_uneven}
    return tuple(warned for warned, holds in checks.items() if holds(points))


def warnings(analysis: Analysis) -> tuple[Warned, ...]:
    """List what to bear in mind when reading a chart, in the order of the list above."""
    counted = [one.point for one in analysis.live]
    holds: Mapping[Warned, Callable[[], bool]] = {
        Warned.FEW_POINTS: lambda: len(counted) < XMR_FROM,
        Warned.TRIAL_PART: lambda: any(
            one.is_trial and not one.is_short for one in analysis.segments
        ),
        Warned.SHORT_PART: lambda: any(
            one.is_short and one.part.members for one in analysis.segments
        ),
        Warned.LOW_MEAN: lambda: _is_low(counted),
        Warned.UNEVEN_DENOMINATORS: lambda: _is_uneven(counted),
        Warned.CONFLICT: lambda: any(one.is_conflict for one in analysis.points),
        Warned.MISSING_PERIOD: lambda: has_missing([one.point for one in analysis.points]),
        Warned.NO_DIRECTION: lambda: analysis.goal is Goal.NEITHER,
    }
    return tuple(warned for warned, test in holds.items() if test())


def new_limits_suggested(analysis: Analysis, acts: Collection[date]) -> int | None:
    """Find where a shift begins in a period in which something was done; a person decides."""
    shifts = {Rule.SHIFT_HIGH, Rule.SHIFT_LOW}
    was: set[Rule] = set()
    for at, judged in enumerate(analysis.points):
        # A step up follows a run below the mean, so that one shift begins where another ends.
        now = shifts & set(judged.rules)
        if now and now != was and at and any(day in judged.point.period for day in acts):
            return at
        was = now
    return None


def _is_low(points: Sequence[Point]) -> bool:
    counts = [one.numerator for one in points if one.numerator is not None]
    if not counts:
        return False
    others = [
        one.denominator - one.numerator
        for one in points
        if one.numerator is not None and one.denominator is not None and not one.repeats
    ]
    least = min(sum(counts), sum(others)) if others else sum(counts)
    return least < LOW_MEAN * len(counts)


def _is_uneven(points: Sequence[Point]) -> bool:
    sizes = [one.denominator for one in points if one.denominator is not None]
    return bool(sizes) and max(sizes) > UNEVEN * min(sizes)

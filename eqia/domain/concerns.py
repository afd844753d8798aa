"""What the readings of a measure give reason to look at: wider gaps and signals of concern."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction

from eqia.domain.adjustments import Adjustment, AdjustmentKind, Earlier
from eqia.domain.corrections import Corrected, as_it_stood
from eqia.domain.gaps import Pair, change_words, gap_words, is_clearly_wider
from eqia.domain.intervals import Estimate, poisson_rate, supplied, wilson
from eqia.domain.measure_series import signal_of
from eqia.domain.measures import IN_PARTS, OVERALL, REST, Definition, Goal, Member, Shape
from eqia.domain.periods import period_name
from eqia.domain.pictures import MeasureView
from eqia.domain.readings import Figure, Reading, rough_words
from eqia.domain.record_times import in_words
from eqia.domain.rounding import span_of

_GAP, _SIGNAL = "gap", "signal"
REVIEW_CHANGE = "a review has to look at this change."


@dataclass(frozen=True, slots=True)
class Gap:
    """The gap of one group to those it is compared with, in the baseline and now."""

    label: str
    reference: str
    before: Pair | None
    now: Pair

    @property
    def is_wider(self) -> bool:
        """Whether it is clearly wider than in the baseline."""
        return self.before is not None and is_clearly_wider(self.before, self.now)


def gaps_of(view: MeasureView) -> tuple[Gap, ...]:
    """Compare each group with the reference, in the latest period that both have."""
    definition = view.definition
    if definition is None or not is_compared(definition):
        return ()
    found = (_gap(view, definition, one) for one in definition.substantive)
    return tuple(one for one in found if one is not None)


def is_compared(definition: Definition) -> bool:
    """Whether groups can be compared: a plain count says nothing without how many there are."""
    return bool(definition.reference) and definition.shape != Shape.COUNT


def gap_told(definition: Definition, gap: Gap) -> str:
    """State a gap, how sure it is, and what became of it since the baseline."""
    told = gap_words(gap.now, points_of(definition))
    if gap.before is None:
        return told
    goal = Goal(definition.direction)
    rounded = gap.now.is_rounded
    return f"{told} {change_words(gap.before, gap.now, goal, _level(definition, rounded=rounded))}"


def concern_of(view: MeasureView) -> tuple[date, str] | None:
    """Find what gives concern, and since when people could have seen it.

    What gave it before a chart was changed still does, until a review has looked at the change.
    """
    told, silenced = _named(view), silenced_of(view)
    days = [one.entered for one in _latest(view) if one.entered is not None] if told else []
    since = [*days, *(one.since for one in silenced)]
    if not since:
        return None
    return max(since), " ".join([*told.values(), *(one.words for one in silenced)])


@dataclass(frozen=True, slots=True)
class Silenced:
    """A concern that only a change to a chart took away, which no review has looked at."""

    label: str
    since: date
    words: str
    #: whether its gap gave concern, and not its own figures
    is_gap: bool = False


def silenced_of(view: MeasureView) -> tuple[Silenced, ...]:
    """Find what would give concern without the changes that no review has looked at."""
    if ("silenced", "") not in view.worked:
        view.worked["silenced", ""] = tuple(_silenced(view))
    return view.worked["silenced", ""]  # type: ignore[no-any-return]


def _silenced(view: MeasureView) -> Iterator[Silenced]:
    known = set(_named(view)) if view.earlier else set()
    for earlier in view.earlier:
        kept = tuple(one for one in earlier.adjustments if _fits(one, view))
        stood = as_it_stood(view.readings, earlier.before)
        past = replace(view, adjustments=kept, earlier=(), readings=stood)
        for key, words in _named(past).items():
            if key not in known:
                known.add(key)
                said = f"{_changed(view, earlier)}, {_within(words)}"
                told = f"{said.removesuffix('.')}; {REVIEW_CHANGE}"
                yield Silenced(key[1], earlier.since, told, is_gap=key[0] == _GAP)


def _within(words: str) -> str:
    """Let what begins with an article go on within a sentence; a group keeps its capital."""
    return f"{words[0].lower()}{words[1:]}" if words.startswith("The ") else words


def _fits(one: Adjustment, view: MeasureView) -> bool:
    """Whether new limits still fit the baseline, which may have been set since."""
    last = view.baseline.to_date if view.baseline else None
    return one.kind != AdjustmentKind.NEW_LIMITS or last is None or one.on > last


def _changed(view: MeasureView, earlier: Earlier) -> str:
    """Say without which change it would be told: what it was, of whom and of when."""
    one, definition = earlier.changed, view.definition
    if isinstance(one, Corrected):
        return one.words(definition)
    period = next((read.period for read in view.readings if read.period.start == one.on), None)
    when = period_name(period) if period else in_words(one.on)
    whose = definition.label(one.member) if definition and one.member is not None else ""
    of = f" of {whose}" if whose else ""
    if one.kind == AdjustmentKind.NEW_LIMITS:
        limits = f"the new limits{of} from {when}"
        return f"Before {limits} were taken back" if earlier.is_back else f"Without {limits}"
    reading = f"the reading{of} for {when}"
    return f"Before {reading} counted again" if earlier.is_back else f"With {reading} counted"


def _latest(view: MeasureView) -> list[Reading]:
    last = max((one.period for one in view.readings), default=None)
    return [one for one in view.readings if one.period == last]


def _named(view: MeasureView) -> dict[tuple[str, str], str]:
    """Give everything that gives concern by its kind and whom it is about."""
    return {
        **{(_GAP, label): words for label, words in _wider(view)},
        **{(_SIGNAL, label): words for label, words in _signals(view)},
    }


def _wider(view: MeasureView) -> Iterator[tuple[str, str]]:
    for gap in gaps_of(view):
        if gap.is_wider:
            words = f"The gap between {gap.label} and {gap.reference} is clearly wider than before."
            yield gap.label, words


def _gap(view: MeasureView, definition: Definition, member: Member) -> Gap | None:
    if any(one[-1].is_hidden for one in (view.others_of(member.code), view.of(member.code)) if one):
        # An older gap told as if it were today's would mislead.
        return None
    theirs = {one.period: one for one in view.others_counted(member.code)}
    both = [one for one in view.counted(member.code) if one.period in theirs]
    if not both:
        return None
    now = _pair_now(view, definition, both[-1], theirs[both[-1].period])
    before = _pair(view, definition, view.before(member.code), view.others_before(member.code))
    if now is None:
        return None
    return Gap(member.label, definition.label(definition.reference), before, now)


def _pair_now(view: MeasureView, definition: Definition, one: Reading, two: Reading) -> Pair | None:
    """Set two readings against each other; averages only with the limits that came with them."""
    if definition.shape != Shape.MEAN:
        return _pair(view, definition, [one.figure], [two.figure])
    group, reference = _supplied(one), _supplied(two)
    return Pair(group, reference) if group and reference else None


def _supplied(reading: Reading) -> Estimate | None:
    if reading.limits is None or reading.figure.value is None:
        return None
    return supplied(float(reading.figure.value), *(float(end) for end in reading.limits))


def _pair(
    view: MeasureView, definition: Definition, one: Iterable[Figure], two: Iterable[Figure]
) -> Pair | None:
    step = view.rounded_to
    group = estimate_of(definition, one, rounded_to=step)
    # What is left of everybody was rounded twice.
    left = step > 1 and definition.reference == REST
    reference = estimate_of(definition, two, rounded_to=2 * step if left else step)
    return Pair(group, reference) if group and reference else None


def estimate_of(
    definition: Definition, figures: Iterable[Figure], *, rounded_to: int = 1
) -> Estimate | None:
    """Work out several figures together, with their limits; none without people.

    Of rounded counts the limits hold whatever was rounded: no gap may be clear by rounding alone.
    """
    counted = [one for one in figures if one.numerator is not None and one.denominator]
    above = sum(one.numerator or 0 for one in counted)
    below = sum(one.denominator or 0 for one in counted)
    if not below:
        return None
    found = _share_or_rate(definition, above, below)
    slack = rounded_to // 2 * len(counted)
    span = span_of(definition, counted, rounded_to)
    if not slack or span is None:
        return found
    least, most = float(span[0]), float(span[1])
    corners = [
        _share_or_rate(definition, *one) for one in _corners(definition, above, below, slack)
    ]
    lower = least - max(one.value - one.lower for one in corners)
    upper = most + max(one.upper - one.value for one in corners)
    nearest = (
        min(one.value - one.lower for one in corners),
        min(one.upper - one.value for one in corners),
    )
    return replace(found, lower=lower, upper=upper, span=(least, most), nearest=nearest)


def _corners(
    definition: Definition, above: int, below: int, slack: int
) -> Iterator[tuple[int, int]]:
    """Give the counts that may have been rounded to these, as far away as they may lie."""
    for top in (max(above - slack, 0), above, above + slack):
        for bottom in (max(below - slack, 1), below + slack):
            yield min(top, bottom) if definition.shape == Shape.PROPORTION else top, bottom


def _share_or_rate(definition: Definition, above: int, below: int) -> Estimate:
    if definition.shape == Shape.RATE:
        return poisson_rate(above, below, definition.per)
    return wilson(above, below)


def _signals(view: MeasureView) -> Iterator[tuple[str, str]]:
    """Name those whose last figure is a signal of concern, where there is enough to say so."""
    groups = view.definition.substantive if view.definition else ()
    for member in (Member(OVERALL, "Everybody"), *groups):
        said = signal_of(view, member.code) if view.of(member.code) else ""
        if said:
            yield member.label, f"{member.label}: {said[0].lower()}{said[1:]}."


def points_of(definition: Definition) -> Callable[[float], str]:
    """Give what writes the size of a gap."""
    if definition.shape == Shape.PROPORTION:
        return lambda value: f"{value * 100:.1f} percentage points"
    unit = unit_of(definition)
    return lambda value: f"{value:.1f} {unit}".rstrip()


def unit_of(definition: Definition) -> str:
    """Give what a gap is counted in."""
    if definition.shape == Shape.PROPORTION:
        return "percentage points"
    return f"per {definition.per:,}" if definition.shape == Shape.RATE else definition.unit


def _level(definition: Definition, *, rounded: bool) -> Callable[[float], str]:
    """Give what writes how high a figure is."""
    if definition.shape in IN_PARTS and rounded:
        return lambda value: rough_words(definition, Fraction(str(value)))
    if definition.shape == Shape.PROPORTION:
        return lambda value: f"{value * 100:.1f}%"
    return points_of(definition)

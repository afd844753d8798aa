"""A group's figure as so many times that of those it is compared with, and against its target.

Measures.md section 7: MOVER-R for shares, log normal or exact limits for rates. The four-fifths
lines are shown to those who ask for them, and are never a verdict.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

from eqia.domain.concerns import estimate_of
from eqia.domain.gaps import NO_EVENTS
from eqia.domain.intervals import Estimate, Events, against, quotient, rate_ratio
from eqia.domain.intervals import wilson as share_of
from eqia.domain.measures import IN_PARTS, LEVELS, Definition, Goal, Member, Shape, TargetKind
from eqia.domain.pictures import MeasureView
from eqia.domain.readings import Figure, Reading
from eqia.domain.record_times import in_words

#: a rule of thumb from elsewhere: below the first line, or above the second, people look twice
FOUR_FIFTHS = (0.8, 1.25)
_NEITHER = "It has a target, but of this measure neither way is better"
NO_RATIO = "There is no ratio: nothing was counted of the others. See the difference."


class Line(StrEnum):
    """Where a ratio lies against the four-fifths lines."""

    BELOW = "below 0.8"
    BETWEEN = "between 0.8 and 1.25"
    ABOVE = "above 1.25"


@dataclass(frozen=True, slots=True)
class Ratio:
    """How a group compares: the ratio in words, its target, and the four-fifths lines."""

    label: str
    words: str
    target: str
    line: Line | None


def ratios_of(view: MeasureView) -> tuple[Ratio, ...]:
    """Compare each group, in the latest period that it and those it is compared with have.

    Not of rounded counts: how many times as much could be a matter of rounding.
    """
    definition = view.definition
    if definition is None or definition.shape not in IN_PARTS or view.rounded_to > 1:
        return ()
    if not definition.reference:
        return ()
    return tuple(_ratios(view, definition))


def _ratios(view: MeasureView, definition: Definition) -> Iterator[Ratio]:
    for member in definition.substantive:
        both = _latest(view, member)
        if both is None:
            continue
        mine, theirs = both
        ratio = _ratio(definition, mine.figure, theirs.figure)
        yield Ratio(
            member.label,
            _words(definition, ratio, mine.figure, theirs.figure),
            _against_targets(view, member, mine, ratio),
            line_of(ratio.value) if ratio else None,
        )


def line_of(ratio: float) -> Line:
    """Say where a ratio lies; on a line is between them."""
    if ratio < FOUR_FIFTHS[0]:
        return Line.BELOW
    return Line.ABOVE if ratio > FOUR_FIFTHS[1] else Line.BETWEEN


def _latest(view: MeasureView, member: Member) -> tuple[Reading, Reading] | None:
    mine, others = view.of(member.code), view.others_of(member.code)
    if any(one[-1].is_hidden for one in (mine, others) if one):
        # An older ratio told as if it were today's would mislead.
        return None
    theirs = {one.period: one for one in view.others_counted(member.code)}
    found = [one for one in view.counted(member.code) if one.period in theirs]
    return (found[-1], theirs[found[-1].period]) if found else None


def _ratio(definition: Definition, mine: Figure, theirs: Figure) -> Estimate | None:
    one, two = (Events(f.numerator or 0, f.denominator or 1) for f in (mine, theirs))
    if definition.shape == Shape.RATE:
        return rate_ratio(one, two)
    return quotient(share_of(one.count, one.of), share_of(two.count, two.of))


def _words(definition: Definition, ratio: Estimate | None, mine: Figure, theirs: Figure) -> str:
    if not mine.numerator and not theirs.numerator:
        return NO_EVENTS
    if ratio is None:
        return NO_RATIO
    upper = f"{ratio.upper:.2f}" if ratio.upper != float("inf") else "any number"
    whom = definition.label(definition.reference)
    return f"{ratio.value:.2f} times the figure of {whom}, between {ratio.lower:.2f} and {upper}"


def _against_targets(
    view: MeasureView, member: Member, reading: Reading, ratio: Estimate | None
) -> str:
    """Say better or worse only where the limits lie strictly beyond a target in force."""
    definition = view.definition
    if definition is None:
        return ""
    if definition.direction == Goal.NEITHER:
        return _NEITHER if any(one.member == member.code for one in view.targets) else ""
    higher = definition.direction == Goal.UP
    level = _aimed(view, member, reading, LEVELS)
    aimed = _aimed(view, member, reading, {TargetKind.RATIO})
    told = []
    if level is not None:
        scale = 100 if definition.shape == Shape.PROPORTION else 1
        estimate = estimate_of(definition, [reading.figure])
        told += _told(estimate, float(Fraction(level) / scale), "target", higher=higher)
    if aimed is not None:
        told += _told(ratio, float(aimed), "target for the ratio", higher=higher)
    return ". ".join(told) or _other_targets(view, member, reading)


def _other_targets(view: MeasureView, member: Member, reading: Reading) -> str:
    """Say what targets a group has where none is in force that a figure can be set against."""
    day, found = reading.period.end, []
    for one in view.targets:
        if one.member != member.code:
            continue
        if one.from_date and one.from_date > day:
            found.append(f"Its target holds from {in_words(one.from_date)}")
        elif one.to_date and one.to_date < day:
            found.append(f"Its target held until {in_words(one.to_date)}")
        elif one.kind == TargetKind.GAP:
            found.append("Its target is for the gap: see the chart of the gap over time")
        elif one.kind == TargetKind.RATIO:
            found.append("Its target is for the ratio, and there is none")
    return ". ".join(dict.fromkeys(found))


def _aimed(
    view: MeasureView, member: Member, reading: Reading, kinds: Collection[str]
) -> Decimal | None:
    """Find the target in force on the last day of a reading: the one that began last."""
    day = reading.period.end
    found = [
        one
        for one in reversed(view.targets)
        if one.member == member.code
        and one.kind in kinds
        and (one.from_date or date.min) <= day <= (one.to_date or date.max)
    ]
    chosen = max(found, key=lambda one: one.from_date or date.min, default=None)
    return chosen.value if chosen else None


def _told(estimate: Estimate | None, aimed: float, what: str, *, higher: bool) -> list[str]:
    if estimate is None:
        return []
    said = against(estimate, aimed, higher_is_better=higher)
    return [_AGAINST[said].format(what)]


_AGAINST = {
    "better": "Better than its {}",
    "worse": "Worse than its {}",
    "similar": "Not clearly apart from its {}",
}

"""The level lines of a measure's chart: averages, usual ranges, middles and targets, with words."""

from datetime import date

from eqia.domain.chart_settings import Settings
from eqia.domain.measure_drawing import KeyLine
from eqia.domain.measure_drawing import Level as Lines
from eqia.domain.measure_words import Reading
from eqia.domain.periods import period_name, short_name
from eqia.domain.spc_icons import Method, in_force

_TWO = 2


def lines_of(read: Reading, settings: Settings) -> list[tuple[Lines, KeyLine]]:
    """Draw the lines the method allows, each with its words."""
    if read.method is Method.LINE:
        found = []
    else:
        found = _limits(read, settings) if read.method is Method.XMR else _medians(read, settings)
    return [*found, *_target(read, settings)]


def moved(read: Reading, settings: Settings) -> str:
    """Say from what to what the average moved where new limits began, or nothing.

    A part is judged by its own limits alone: calm within them, it would be told as no change
    though the chart shows the largest there is.
    """
    means = [
        (number, one.limits.mean)
        for number, one in enumerate(read.analysis.segments)
        if one.limits is not None and not one.is_short
    ]
    if read.method is not Method.XMR or read.is_hidden or len(means) < _TWO:
        return ""
    (_, before), (number, after) = means[-_TWO:]
    first = next(one.point for one in read.analysis.points if one.segment == number)
    name = period_name(first.period, settings.first_month)
    average = f"the average was {settings.written(before)} before, and is {settings.written(after)}"
    return f"New limits began with {name}: {average} since."


def _limits(read: Reading, settings: Settings) -> list[tuple[Lines, KeyLine]]:
    found = []
    for number, segment in enumerate(read.analysis.segments):
        ends = _ends(read, number)
        if ends is None or segment.limits is None or segment.is_short:
            continue
        limits, since = segment.limits, _since(read, number, settings)
        trial = ", a trial" if segment.is_trial else ""
        mean = KeyLine(f"average {settings.written(limits.mean)}{since}{trial}")
        found.append((Lines(*ends, (float(limits.mean),)), mean))
        if limits.lower is None or limits.upper is None:
            continue
        ends_told = f"{settings.written(limits.lower)} to {settings.written(limits.upper)}"
        words = f"usual range {ends_told}{since}"
        both = float(limits.lower), float(limits.upper)
        found.append((Lines(*ends, both, dashed=True), KeyLine(words, dashed=True)))
    return found


def _medians(read: Reading, settings: Settings) -> list[tuple[Lines, KeyLine]]:
    return [
        (
            Lines(*ends, (float(run.median),)),
            KeyLine(
                f"middle of the readings {settings.written(run.median)}"
                f"{_since(read, number, settings)}"
            ),
        )
        for number, run in enumerate(read.runs)
        if run.median is not None
        and not read.analysis.segments[number].is_short
        and (ends := _ends(read, number))
    ]


def _since(read: Reading, number: int, settings: Settings) -> str:
    """Tell the lines of several parts apart: every earlier one stays, with its own figures."""
    if len(read.analysis.segments) == 1:
        return ""
    first = next(one.point for one in read.analysis.points if one.segment == number)
    return f" from {short_name(first.period, settings.first_month)}"


def _target(read: Reading, settings: Settings) -> list[tuple[Lines, KeyLine]]:
    points = [one.point for one in read.analysis.points]
    target = in_force(settings.targets, points[-1].on) if points else None
    if target is None:
        return []
    start, end = points[0].period.start, points[-1].period.end
    lines = Lines(
        min(max(start, target.first or date.min), end),
        end,
        (float(target.value),),
        dashed=True,
        weight=3,
    )
    words = f"target {settings.written(target.value)}"
    return [(lines, KeyLine(words, dashed=True, weight=3))]


def _ends(read: Reading, number: int) -> tuple[date, date] | None:
    periods = [one.point.period for one in read.analysis.points if one.segment == number]
    return (periods[0].start, periods[-1].end) if periods else None

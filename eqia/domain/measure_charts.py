"""The chart of a measure: what it says in a sentence, its marks and its table of figures.

Measures.md sections 5, 6 and 13: one settings record and one function feed icons, chart, page,
PDF and export alike. How a series is read depends on how many readings there are.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import pairwise

from eqia.domain.chart_settings import Settings, read_series
from eqia.domain.charts import WIDE, WIDTH, Chart
from eqia.domain.charts import Shape as Form
from eqia.domain.days import ONE_DAY
from eqia.domain.measure_drawing import Act, Dot, Frame, KeyLine, draw, spanned
from eqia.domain.measure_lines import lines_of, moved
from eqia.domain.measure_words import Reading, said_of, verdict, written
from eqia.domain.measures import Shape
from eqia.domain.periods import period_name, short_name
from eqia.domain.record_times import in_words
from eqia.domain.series import Point, exact
from eqia.domain.spc import Judged, Type
from eqia.domain.spc_icons import WARNING_WORDS, Icons, Method, Warned, warnings
from eqia.domain.suppression import STATE_SPOKEN, STATE_TEXTS, State
from eqia.domain.withholding import is_coarse

NO_READING = "There is no reading yet."

_FORMS: Mapping[Type, tuple[Form, str]] = {
    Type.IMPROVEMENT: (Form.DIAMOND, "better than usual"),
    Type.CONCERN: (Form.TRIANGLE, "cause for concern"),
    Type.NEITHER_HIGH: (Form.DIAMOND, "higher than usual"),
    Type.NEITHER_LOW: (Form.DIAMOND, "lower than usual"),
    Type.EXCLUDED: (Form.RING, "set aside, not counted"),
}


@dataclass(frozen=True, slots=True)
class Row:
    """One period of the table of figures."""

    period: str
    figure: str
    counts: str
    said: str


@dataclass(frozen=True, slots=True)
class MeasureChart:
    """A chart with all that is said beside it."""

    chart: Chart
    method: Method
    icons: Icons
    rows: tuple[Row, ...]
    warnings: tuple[str, ...]
    rule_set: str
    rule_set_version: str


def measure_chart(points: Sequence[Point], settings: Settings) -> MeasureChart:
    """Read and draw a series; give every period a point, without a value if it has none."""
    read = read_series(points, settings)
    judged = read.analysis.points
    rows = tuple(_row(at, one, settings, read) for at, one in enumerate(judged))
    lines = lines_of(read, settings)
    keys = [key for _, key in lines]
    acts = _acts(points, settings)
    headline = _headline(read, settings)
    told = _told(headline, rows, keys, acts)
    frame = _frame(points, [value for line, _ in lines for value in line.values], settings)
    narrow, wide = (
        draw(
            [*_dots(judged, read)],
            [line for line, _ in lines],
            acts,
            [*keys, *_forms(judged, read)],
            replace(frame, width=width),
            joined=not is_coarse(read.analysis, settings.rounded_to),
        )
        for width in (WIDTH, WIDE)
    )
    twin = Chart(headline, told, wide.height, wide.marks, WIDE)
    return MeasureChart(
        Chart(headline, told, narrow.height, narrow.marks, wide=twin),
        read.method,
        read.icons,
        rows,
        _warned(read),
        read.analysis.rule_set,
        read.analysis.rule_set_version,
    )


def _headline(read: Reading, settings: Settings) -> str:
    last = read.analysis.last
    if last is None or last.point.value is None:
        return read.withheld or NO_READING
    name = period_name(last.point.period, settings.first_month)
    is_about = settings.rounded_to > 1 and last.point.value and last.point.numerator is not None
    figure = f"{'About ' if is_about else ''}{settings.written(last.point.value)}"
    told = f"{figure} in {name}{_later_hidden(read, settings)}. {verdict(read)}"
    return f"{told} {moved(read, settings)}".rstrip()


def _later_hidden(read: Reading, settings: Settings) -> str:
    """Say that a later figure is hidden, so that an older one is not taken for the latest."""
    last = read.analysis.last
    hidden = [
        one.point.period
        for at, one in enumerate(read.analysis.points)
        if last is not None
        and one.point.period > last.point.period
        and settings.states.get(at) is State.MASKED
    ]
    if not hidden:
        return ""
    return f"; the figure for {period_name(hidden[-1], settings.first_month)} is hidden"


def _row(at: int, judged: Judged, settings: Settings, read: Reading) -> Row:
    point = judged.point
    name = period_name(point.period, settings.first_month)
    if point.value is None:
        return Row(name, STATE_TEXTS[settings.states.get(at, State.MISSING)], "", "")
    both = point.numerator is not None and point.denominator is not None
    counts = f"{point.numerator:,} of {point.denominator:,}" if both else ""
    return Row(name, settings.written(point.value), counts, said_of(judged, read))


def _dots(judged: Sequence[Judged], read: Reading) -> list[Dot | None]:
    dots: list[Dot | None] = []
    for before, one in pairwise([None, *judged]):
        if one is None:
            continue
        if before and one.point.period.start > before.point.period.end + ONE_DAY:
            dots.append(None)
        dots.append(_dot(one, read))
    return dots


def _dot(judged: Judged, read: Reading) -> Dot | None:
    if judged.point.value is None or judged.type is None:
        return None
    stands_out = bool(said_of(judged, read))
    form = _FORMS[judged.type][0] if stands_out else Form.DISC
    is_ring = form is Form.RING
    return Dot(_middle(judged.point), float(judged.point.value), form, stands_out and not is_ring)


def _middle(point: Point) -> date:
    """Stand in the middle of the period: what was done in it lies around it, not at the one before.

    A note of the first of a month would otherwise stand on the reading of the month before.
    """
    return point.period.start + (point.period.end - point.period.start) / 2


def _forms(judged: Sequence[Judged], read: Reading) -> list[KeyLine]:
    """Explain the shapes that occur, and no others."""
    kinds = {one.type for one in judged if said_of(one, read)}
    return [KeyLine(words, form) for kind, (form, words) in _FORMS.items() if kind in kinds]


def _frame(points: Sequence[Point], lines: Sequence[float], settings: Settings) -> Frame:
    values = [*(float(one.value) for one in points if one.value is not None), *lines] or [0, 1]
    low, high = spanned(values, least=0.1 if settings.shape == Shape.PROPORTION else 1)
    # Limits may lie below nought or over 100 per cent; the drawing does not (section 5).
    if all(one.value is None or one.value >= 0 for one in points):
        low = max(0.0, low)
    if settings.shape == Shape.PROPORTION:
        high = min(1.0, high)
    names = [short_name(one.period, settings.first_month) for one in points]
    top, bottom = (written(exact(value), settings.shape) for value in (high, low))
    if not points:
        return Frame(date.min, date.max, low, high, top, bottom, "", "", date.min, date.max)
    return Frame(
        *(points[0].period.start, points[-1].period.end, low, high, top, bottom),
        *(names[0], names[-1], _middle(points[0]), _middle(points[-1])),
    )


def _acts(points: Sequence[Point], settings: Settings) -> tuple[Act, ...]:
    """Keep what was done while there were readings, in order: the rest has no place on the axis."""
    days = (points[0].period.start, points[-1].period.end) if points else (date.max, date.min)
    there = (act for act in settings.acts if days[0] <= act.on <= days[1])
    return tuple(sorted(there, key=lambda act: act.on))


def _told(headline: str, rows: Sequence[Row], keys: Sequence[KeyLine], acts: Sequence[Act]) -> str:
    """Tell somebody who cannot see the chart what it shows, without the whole table."""
    span = [f"From {rows[0].period} to {rows[-1].period}."] if rows else []
    empty = {text: STATE_SPOKEN[state] for state, text in STATE_TEXTS.items()}
    return " ".join(
        [
            headline,
            *span,
            *(f"{key.words[0].upper()}{key.words[1:]}." for key in keys),
            *(f"{row.period}, {row.figure}: {row.said}." for row in rows if row.said),
            *(f"{row.period}: {empty[row.figure]}." for row in rows if row.figure in empty),
            *(f"{act.label}, {in_words(act.on)}." for act in acts),
        ]
    )


def _warned(read: Reading) -> tuple[str, ...]:
    if read.is_hidden:
        # The sentence above the chart says why.
        return ()
    # Of limits that are not shown nothing needs to be said.
    unread = set() if read.method is Method.XMR else {Warned.TRIAL_PART, Warned.CONFLICT}
    return tuple(WARNING_WORDS[one] for one in warnings(read.analysis) if one not in unread)

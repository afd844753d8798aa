"""Readings as rows of a file: the form in which they come in and go out (measures.md 10 and 11)."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from fractions import Fraction

from eqia.domain.adjustments import ADJUSTMENT_LABELS, AdjustmentKind
from eqia.domain.concerns import estimate_of
from eqia.domain.measures import OVERALL, Definition, Shape
from eqia.domain.periods import Period
from eqia.domain.pictures import MeasureView
from eqia.domain.readings import HIDDEN, STAR, Reading, ReadingState, value_of
from eqia.domain.small_numbers import hidden_outside
from eqia.domain.spc_rules import RULE_SET, RULE_SET_VERSION

#: the headings of our own template, which an import reads and an export begins with
TEMPLATE = (
    *("measure_ref", "period_start", "period_end", "dimension", "category"),
    *("numerator", "denominator", "value", "lower_95", "upper_95", "state", "note"),
)
#: the day on which another definition took the place of the one a row was read by
REPLACED = "version_until"
#: what an export says beside; an import passes over it
BESIDE = (
    *("masked", "worked_value", "worked_lower_95", "worked_upper_95", "interval_method"),
    *("chart", "suppression", "rule_set", "rule_set_version"),
    *("version", REPLACED),
)
HEADING = (*TEMPLATE, *BESIDE)
#: what stands for everybody together
EVERYBODY = "Everybody"
EXACT = "none: exact figures"

Value = str | int | Decimal | None
Row = dict[str, Value]

_MASKED = {HIDDEN: "by us", ReadingState.MASKED.value: "at source"}
_SUPPLIED = "as supplied, method unknown"
#: to how many digits what is worked out is written
_DIGITS = 6


@dataclass(frozen=True, slots=True)
class Beside:
    """What was entered with a figure: limits as somebody else worked them out, and a note."""

    lower: Decimal | None = None
    upper: Decimal | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Exported:
    """A measure to be written to a file, as its reader may see it."""

    view: MeasureView
    exact: bool
    beside: Mapping[tuple[Period, str], Beside] = field(default_factory=dict)
    #: the number of the definition it was read by, and the day another one took its place
    version: int = 1
    until: date | None = None


def rows_of(measure: Exported) -> Iterator[Row]:
    """Give a row for each reading, in the order of periods and groups."""
    definition = measure.view.definition
    if definition is None:
        return
    order = {one.code: at for at, one in enumerate(definition.places)}
    for reading in sorted(
        measure.view.readings, key=lambda one: (one.period, order.get(one.figure.member, 0))
    ):
        yield _row(measure, definition, reading)


def _row(measure: Exported, definition: Definition, reading: Reading) -> Row:
    figure = reading.figure
    beside = measure.beside.get((reading.period, figure.member), Beside())
    whole = figure.member == OVERALL
    return {
        "measure_ref": measure.view.id,
        "period_start": reading.period.start.isoformat(),
        "period_end": reading.period.end.isoformat(),
        "dimension": "" if whole else _dimension(definition),
        "category": EVERYBODY if whole else definition.label(figure.member),
        **_counts(definition, reading),
        "lower_95": beside.lower if measure.exact else None,
        "upper_95": beside.upper if measure.exact else None,
        "state": "masked" if reading.is_hidden else str(figure.state),
        "note": beside.note if measure.exact else hidden_outside(beside.note, definition.labels),
        "masked": _MASKED.get(figure.state, ""),
        **_worked(measure, definition, reading, beside),
        "chart": _on_the_chart(measure.view, reading),
        "suppression": EXACT if measure.exact else measure.view.suppression.value,
        "rule_set": RULE_SET,
        "rule_set_version": RULE_SET_VERSION,
        "version": measure.version,
        REPLACED: measure.until.isoformat() if measure.until else "",
    }


def _on_the_chart(view: MeasureView, reading: Reading) -> str:
    """Say what people changed on the chart at a reading, as the chart itself does."""
    changed = [
        _with_before(ADJUSTMENT_LABELS[one.kind].lower(), one.before)
        for one in view.adjustments
        if one.kind != AdjustmentKind.NOTE
        and one.is_about(reading.figure.member)
        and one.on == reading.period.start
    ]
    return "; ".join(changed)


def _with_before(label: str, before: str) -> str:
    """Keep with a change what the chart said before it."""
    told = " ".join(before.splitlines())
    return f"{label} (before it: {told})" if told else label


def _dimension(definition: Definition) -> str:
    """Name what the groups are groups of: the standard set, or the characteristic."""
    return definition.category_set or definition.characteristic


def _counts(definition: Definition, reading: Reading) -> Row:
    figure = reading.figure
    if not reading.is_hidden:
        return {
            "numerator": figure.numerator,
            "denominator": figure.denominator,
            "value": figure.value,
        }
    mean = definition.shape == Shape.MEAN
    bottom = None if definition.shape in {Shape.MEAN, Shape.COUNT} else STAR
    return {
        "numerator": None if mean else _starred(figure.numerator),
        "denominator": figure.denominator if figure.denominator is not None else bottom,
        "value": STAR if mean else None,
    }


def _starred(count: int | None) -> Value:
    return STAR if count is None else count


def _worked(measure: Exported, definition: Definition, reading: Reading, beside: Beside) -> Row:
    """Give the value with its limits, from the figures in the same row or not at all."""
    value = value_of(definition, reading.figure)
    found = estimate_of(definition, [reading.figure]) if reading.counts else None
    scale = 100 if definition.shape == Shape.PROPORTION else 1
    limits = (found.lower, found.upper) if found else (None, None)
    method = found.method if found else ""
    if found is None and measure.exact and beside.lower is not None:
        method = _SUPPLIED
    lower, upper = (None if one is None else _digits(one * scale) for one in limits)
    return {
        "worked_value": None if value is None else _digits(value * scale),
        "worked_lower_95": lower,
        "worked_upper_95": upper,
        "interval_method": method,
    }


def _digits(value: float | Fraction) -> Decimal:
    """Write a number to a few digits, the same on every machine."""
    text = f"{float(value):.{_DIGITS}f}"
    return Decimal(text.rstrip("0").rstrip("."))

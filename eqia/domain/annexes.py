"""The plan and its measures as a signed record keeps them: frozen, with small numbers hidden.

Measures.md section 12.5. Everything comes from the figures that may leave the team.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from eqia.domain.adjustments import ADJUSTMENT_LABELS, AdjustmentKind
from eqia.domain.frozen_charts import freeze
from eqia.domain.measure_charts import MeasureChart
from eqia.domain.measure_drawing import Act
from eqia.domain.measure_gaps import gaps_drawn
from eqia.domain.measure_series import chart_of
from eqia.domain.measures import (
    BASELINE_LABELS,
    GOAL_LABELS,
    OVERALL,
    SHAPE_LABELS,
    TARGET_LABELS,
    Definition,
    is_percentage,
)
from eqia.domain.periods import period_name
from eqia.domain.pictures import MeasureView
from eqia.domain.readings import figure_words
from eqia.domain.record_times import in_words
from eqia.domain.spc_rules import RULE_SET, RULE_SET_VERSION
from eqia.domain.standings import CLOSE
from eqia.domain.suppression import PROFILE_WORDS

Entry = Mapping[str, Any]

#: A record stays under sixty pages: after so many charts, and of so many groups of a measure, the
#: rest is told in words and tables.
MOST_CHARTS, MOST_GROUPS = 8, 3
_NO_BASELINE, _HIDDEN = "No reading", "Hidden"


@dataclass(frozen=True, slots=True)
class Measured:
    """A measure as people outside the team see it, with what was done on its time axis."""

    view: MeasureView
    definition_version: int
    source: str = ""
    done: tuple[Act, ...] = ()


def annex_of(plan: Entry, measures: Sequence[Measured]) -> dict[str, Any]:
    """Freeze a plan with its measures; `plan` says what it is and what it does, as plain values."""
    frozen: list[dict[str, Any]] = []
    charts = 0
    for one in measures:
        if one.view.definition is not None:
            frozen.append(_measure(one, one.view.definition, is_drawn=charts < MOST_CHARTS))
            charts += len(frozen[-1]["charts"]) + bool(frozen[-1]["gap_chart"])
    return {
        **plan,
        "measures": frozen,
        "rule_set": RULE_SET,
        "rule_set_version": RULE_SET_VERSION,
    }


def _measure(one: Measured, definition: Definition, *, is_drawn: bool) -> dict[str, Any]:
    view = one.view
    return {
        "title": view.title,
        "definition": _definition(one, definition),
        "suppression": view.suppression.value,
        "hidden": PROFILE_WORDS[view.suppression],
        "baseline": _baseline(view),
        "targets": _targets(view, definition),
        "compared": [_compared(view, definition, place.code) for place in definition.places],
        "known_for": view.standing.known_for,
        "gaps": [[gap.pair, gap.words] for gap in view.standing.gaps],
        "gap_chart": _gaps(view) if is_drawn else None,
        "charts": _charts(one, definition) if is_drawn else [],
        "readings": _readings(view, definition),
        **_changes(view, definition),
    }


def _changes(view: MeasureView, definition: Definition) -> dict[str, Any]:
    """Give what people changed on the charts and what these said before; nothing if nobody did."""
    names = {one.period.start: period_name(one.period) for one in view.readings}
    told = [
        {
            "what": ADJUSTMENT_LABELS[one.kind],
            "when": names.get(one.on, "") if one.kind != AdjustmentKind.NOTE else in_words(one.on),
            "group": "" if one.member is None else definition.label(one.member),
            "reason": one.reason,
            "before": one.before,
        }
        for one in view.adjustments
    ]
    return {"changes": told} if told else {}


def _definition(one: Measured, definition: Definition) -> list[list[str]]:
    """Say what is counted, as far as it was said."""
    reference = definition.label(definition.reference) if definition.reference else ""
    told = {
        "What is counted": definition.numerator,
        "Out of": definition.denominator,
        "Figure": SHAPE_LABELS[definition.shape],
        "Left in": definition.inclusion,
        "Left out": definition.exclusion,
        "Which way is better": GOAL_LABELS[definition.direction],
        "Groups counted apart": ", ".join(member.label for member in definition.members),
        "Compared with": reference,
        "Source": one.source,
        "Definition": f"Version {one.definition_version}",
    }
    return [[label, words] for label, words in told.items() if words]


def _baseline(view: MeasureView) -> dict[str, Any] | None:
    found = view.baseline
    if found is None:
        return None
    said = {"state": BASELINE_LABELS[found.state], "note": found.note}
    return {"from": found.from_date, "to": found.to_date, **said}


def _targets(view: MeasureView, definition: Definition) -> list[dict[str, Any]]:
    return [
        {
            "group": definition.label(one.member),
            "kind": TARGET_LABELS[one.kind],
            "value": f"{one.value}{'%' if is_percentage(one, definition) else ''}",
            "by": one.to_date,
        }
        for one in view.targets
    ]


def _compared(view: MeasureView, definition: Definition, member: str) -> list[str]:
    place = view.place(member)
    none = _HIDDEN if view.hides_baseline(member) else _NO_BASELINE
    when = f", {period_name(place.latest.period)}" if place.latest else ""
    close = f". {CLOSE}" if place.is_close else ""
    return [definition.label(member), place.before or none, f"{place.words}{when}{close}"]


def _charts(one: Measured, definition: Definition) -> list[dict[str, Any]]:
    """Draw everybody, then the groups that are furthest from those they are compared with."""
    members = [OVERALL, *_furthest(one.view, definition)]
    drawn = ((member, chart_of(one.view, member, one.done)) for member in members)
    return [_chart(definition.label(member), chart) for member, chart in drawn if chart is not None]


def _furthest(view: MeasureView, definition: Definition) -> list[str]:
    told = [gap.pair.rpartition(" compared with ")[0] for gap in view.standing.gaps]
    ranked = sorted(
        definition.substantive,
        key=lambda member: (member.label not in told, member.code == definition.reference),
    )
    return [member.code for member in ranked if view.of(member.code)][:MOST_GROUPS]


def _chart(label: str, drawn: MeasureChart) -> dict[str, Any]:
    return {
        "label": label,
        **freeze(drawn.chart),
        "warnings": list(drawn.warnings),
        "rows": [[row.period, row.figure, row.counts, row.said] for row in drawn.rows],
    }


def _gaps(view: MeasureView) -> dict[str, Any] | None:
    found = gaps_drawn(view)
    if found is None:
        return None
    return {**freeze(found.chart), "rows": [list(row) for row in found.rows]}


def _readings(view: MeasureView, definition: Definition) -> list[dict[str, Any]]:
    """Give every figure that may be shown, by period and group."""
    known = {(one.period, one.figure.member): one.figure for one in view.readings}
    periods = sorted({period for period, _ in known})
    return [
        {
            "period": period_name(period),
            "from": period.start,
            "to": period.end,
            "figures": [
                [place.label, figure_words(definition, known.get((period, place.code)))]
                for place in definition.places
            ],
        }
        for period in periods
    ]

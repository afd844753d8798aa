"""What the page of a measure shows, as far as its reader may know."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from eqia.domain.due_dates import DUE_LABELS, DueState
from eqia.domain.errors import NotFound
from eqia.domain.exported_readings import note_outside
from eqia.domain.gap_series import gap_series_of
from eqia.domain.measure_charts import MeasureChart
from eqia.domain.measure_gaps import GapPicture, gaps_drawn
from eqia.domain.measure_series import chart_of
from eqia.domain.measures import OVERALL, Definition, Member, Shape
from eqia.domain.periods import Period, period_name
from eqia.domain.readings import figure_words
from eqia.domain.suppression import PROFILE_WORDS
from eqia.persistence.queries import acts_done
from eqia.persistence.queries import measures as queries
from eqia.persistence.queries.measures import Read
from eqia.web.extensions import db
from eqia.web.plan_pages import PlanPage

FIGURES_HEADING = ("Period", "Figure", "Counted", "What stands out")

_GONE = "There is no such measure in this plan."
_HIDDEN = "Hidden"


@dataclass(frozen=True, slots=True)
class Picture:
    """One chart with the figures it is drawn from."""

    label: str
    member: str
    drawn: MeasureChart

    @property
    def rows(self) -> list[tuple[str, str, str, str]]:
        """The figures as a table."""
        return chart_rows(self.drawn)


@dataclass(frozen=True, slots=True)
class Correction:
    """A reading that was corrected since; people outside the team do not see what it was."""

    about: str
    figure: str
    on: datetime


class MeasurePage:
    """A measure on its page; `member` is the group whose chart was asked for."""

    def __init__(self, page: PlanPage, shown: Read, member: str = "") -> None:
        self.page, self.shown, self.view = page, shown, shown.view
        self.definition = shown.view.definition
        self.done = acts_done.by_measure(page.session, page.rows)[shown.row.id]
        self.member = member

    @property
    def hiding(self) -> str:
        """How small numbers are hidden from people outside the team."""
        return PROFILE_WORDS[self.view.suppression]

    @property
    def profile(self) -> str:
        """How they are hidden from this reader; nothing if they are not."""
        return "" if self.page.is_exact else self.hiding

    @property
    def table(self) -> list[dict[str, object]]:
        """The readings, a row for each period up to the one under way."""
        definition = self.definition
        if definition is None:
            return []
        figures = {(one.period, one.figure.member): one.figure for one in self.view.readings}
        with_figures = {period for period, _ in figures}
        past = [
            item
            for item in self.view.due
            if item.state is not DueState.NOT_YET or item.period in with_figures
        ]
        return [
            {
                "period": period_name(item.period),
                "start": item.period.start.isoformat(),
                "state": DUE_LABELS[item.state],
                "late": item.is_late,
                "given": item.period in with_figures,
                "cells": [
                    figure_words(definition, figures.get((item.period, place.code)))
                    for place in definition.places
                ],
            }
            for item in reversed(past)
        ]

    @property
    def compared(self) -> list[tuple[str, str, str]]:
        """The baseline of everybody and of each group beside the latest figure."""
        if self.definition is None or self.view.baseline is None:
            return []
        return [self._pair(self.definition, place.code) for place in self.definition.places]

    @property
    def pictures(self) -> list[Picture]:
        """The chart of everybody, and that of the group asked for."""
        wanted = dict.fromkeys([OVERALL, self.member])
        found = ((member, chart_of(self.view, member, self.done)) for member in wanted)
        return [
            Picture(self.definition.label(member), member, chart)
            for member, chart in found
            if chart is not None and self.definition is not None
        ]

    @property
    def gap_over_time(self) -> Picture | None:
        """The gap of the group asked for, period by period."""
        drawn = gap_series_of(self.view, self.member, tuple(self.done))
        if drawn is None or self.definition is None:
            return None
        whom = self.definition.label(self.definition.reference)
        points = ", in percentage points" if self.definition.shape == Shape.PROPORTION else ""
        label = f"{self.definition.label(self.member)} compared with {whom}{points}"
        return Picture(label, self.member, drawn)

    @property
    def others(self) -> list[Member]:
        """The groups that have a chart of their own."""
        members = self.definition.members if self.definition else ()
        return [one for one in members if one.code != self.member and self.view.of(one.code)]

    @property
    def gap_picture(self) -> GapPicture | None:
        """The gaps of all groups in one drawing."""
        return gaps_drawn(self.view)

    @property
    def gaps(self) -> list[tuple[str, str]]:
        """The gap of each group to those it is compared with, in words."""
        return [(one.pair, one.words) for one in self.view.standing.gaps]

    @property
    def notes(self) -> list[tuple[str, str]]:
        """What was said about the figures of each period, the newest first, each once."""
        said = queries.comments_of(db.session, self.shown.version) if self.shown.version else ()
        return [(period_name(Period(start, end)), self._told(words)) for start, end, words in said]

    @property
    def corrected(self) -> list[Correction]:
        """The readings that were corrected since; two figures of one count tell more than one."""
        version, definition = self.shown.version, self.definition
        if version is None or definition is None:
            return []
        return [
            Correction(
                f"{period_name(Period(row.period_start, row.period_end))},"
                f" {definition.label(row.member)}",
                figure_words(definition, queries.figure_of(row)) if self.page.is_exact else "",
                row.created_at,
            )
            for row in queries.corrections_of(db.session, version)
        ]

    def _told(self, words: str) -> str:
        if self.page.is_exact or self.definition is None:
            return words
        return note_outside(words, self.definition)

    def _pair(self, definition: Definition, member: str) -> tuple[str, str, str]:
        place = self.view.place(member)
        when = f", {period_name(place.latest.period)}" if place.latest else ""
        none = _HIDDEN if self.view.hides_baseline(member) else "No reading"
        return definition.label(member), place.before or none, f"{place.words}{when}"


def found(page: PlanPage, measure_id: UUID) -> Read:
    """Find a measure of the plan with everything that was read by it."""
    shown = page.measure(measure_id)
    if shown is None:
        raise NotFound(_GONE)
    return shown


def chart_rows(chart: MeasureChart) -> list[tuple[str, str, str, str]]:
    """Give the figures of a chart as a table."""
    return [(one.period, one.figure, one.counts, one.said) for one in chart.rows]

"""What the page of a measure shows, as far as its reader may know."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from uuid import UUID

from flask import url_for

from eqia.domain.days import london_day
from eqia.domain.due_dates import DUE_LABELS, DueItem, DueState
from eqia.domain.errors import NotAllowed, NotFound
from eqia.domain.gap_series import gap_series_of
from eqia.domain.measure_charts import MeasureChart
from eqia.domain.measure_gaps import GapPicture, gaps_drawn
from eqia.domain.measure_series import chart_of
from eqia.domain.measures import OVERALL, Definition, Member, Shape
from eqia.domain.periods import Period, period_name
from eqia.domain.plans import PlanStatus
from eqia.domain.readings import ReadingState, figure_words
from eqia.domain.record_times import in_words
from eqia.domain.standings import CLOSE
from eqia.domain.suppression import PROFILE_WORDS
from eqia.domain.withholding import ALL_HIDDEN
from eqia.persistence.queries import acts_done
from eqia.persistence.queries import measures as queries
from eqia.persistence.queries.measures import Corrected, Read
from eqia.persistence.tables.measures import ReadingRow
from eqia.persistence.tables.plans import PlanRow
from eqia.services.plan_acts import CLOSED
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
    def is_all_hidden(self) -> bool:
        """Whether there is nothing to draw: empty axes would say that nothing was read."""
        return self.drawn.chart.headline == ALL_HIDDEN

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
    #: when, by whom and why it was corrected
    after: str


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
                "state": self._state(item),
                "late": item.is_late,
                "given": item.period in with_figures,
                "cells": [
                    figure_words(
                        definition,
                        figures.get((item.period, place.code)),
                        rounded=self.view.rounded_to > 1,
                    )
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
        written = self.page.written
        return [(period_name(Period(start, end)), written(words)) for start, end, words in said]

    @property
    def corrected(self) -> list[Correction]:
        """The readings that were corrected since; two figures of one count tell more than one."""
        version, definition = self.shown.version, self.definition
        if version is None or definition is None:
            return []
        return [
            Correction(
                f"{period_name(_period_of(one.before))}, {definition.label(one.before.member)}",
                figure_words(definition, queries.figure_of(one.before))
                if self.page.is_exact
                else "",
                one.before.created_at,
                self._after(one),
            )
            for one in self._corrections
        ]

    @cached_property
    def _corrections(self) -> Sequence[Corrected]:
        return queries.corrections_of(db.session, self.shown.version) if self.shown.version else ()

    def _after(self, one: Corrected) -> str:
        if one.after is None:
            return "Taken back with its import"
        why = f": {self.page.written(one.after.why)}" if one.after.why else ""
        when = f"on {in_words(london_day(one.after.created_at))} by {one.who}{why}"
        return f"{self._done(one.before, one.after)} {when}"

    def _done(self, before: ReadingRow, after: ReadingRow) -> str:
        """Say what was done to a reading: an early one is confirmed only by the same figure."""
        if before.state != ReadingState.PROVISIONAL:
            return "Corrected"
        early, now = queries.figure_of(before), queries.figure_of(after)
        if replace(now, state=early.state) == early:
            return "Confirmed"
        if not self.page.is_exact or self.definition is None:
            return "Early figure replaced"
        final = replace(early, state=ReadingState.FINAL)
        told = (figure_words(self.definition, one) for one in (final, now))
        return f"Early figure {' replaced by '.join(told)}"

    def _state(self, item: DueItem) -> str:
        """Say how a period stands; a reading that was corrected says when, by whom and why."""
        told = [
            self._after(one)
            for one in self._corrections
            if one.after is not None and _period_of(one.before) == item.period
        ]
        return ". ".join(dict.fromkeys([DUE_LABELS[item.state], *told]))

    def _pair(self, definition: Definition, member: str) -> tuple[str, str, str]:
        place = self.view.place(member)
        when = f", {period_name(place.latest.period)}" if place.latest else ""
        none = _HIDDEN if self.view.hides_baseline(member) else "No reading"
        close = f". {CLOSE}" if place.is_close else ""
        return definition.label(member), place.before or none, f"{place.words}{when}{close}"


def _period_of(row: ReadingRow) -> Period:
    return Period(row.period_start, row.period_end)


def found(page: PlanPage, measure_id: UUID) -> Read:
    """Find a measure of the plan with everything that was read by it."""
    shown = page.measure(measure_id)
    if shown is None:
        raise NotFound(_GONE)
    return shown


def to_change(plan: PlanRow, measure_id: UUID) -> tuple[PlanPage, Read]:
    """Find a measure that is to be changed."""
    page = open_page(plan)
    return page, found(page, measure_id)


def open_page(plan: PlanRow) -> PlanPage:
    """Give the page of a plan that can be changed: a closed one stands still."""
    if plan.status == PlanStatus.CLOSED:
        raise NotAllowed(CLOSED, code="frozen")
    return PlanPage(db.session, plan)


def address_of(plan: PlanRow, measure_id: UUID) -> str:
    """Give the address of a measure's page."""
    return url_for("measures.show", plan_id=plan.id, measure_id=measure_id)


def chart_rows(chart: MeasureChart) -> list[tuple[str, str, str, str]]:
    """Give the figures of a chart as a table."""
    return [(one.period, one.figure, one.counts, one.said) for one in chart.rows]

"""Pages of the earlier versions of a measure: what was counted before, to be read only."""

from dataclasses import replace
from functools import cached_property
from uuid import UUID

from flask import Blueprint, redirect, render_template, request

from eqia.domain.errors import NotFound
from eqia.domain.judgements import standing_of
from eqia.domain.measures import BASELINE_LABELS, GOAL_LABELS, SHAPE_LABELS, target_words
from eqia.domain.periods import period_name
from eqia.domain.permissions import Action
from eqia.domain.pictures import MeasureView
from eqia.domain.readings import figure_words
from eqia.persistence.queries import measure_versions as queries
from eqia.persistence.queries import outside
from eqia.persistence.queries.measure_versions import EarlierVersion, Reworded
from eqia.persistence.queries.measures import Read
from eqia.persistence.queries.plans import thing_of
from eqia.persistence.queries.readings import earlier_views_of
from eqia.persistence.tables.plans import PlanRow
from eqia.web.access import requires
from eqia.web.exact_views import open_until
from eqia.web.extensions import db
from eqia.web.measure_pages import FIGURES_HEADING, MeasurePage, address_of, found
from eqia.web.plan_pages import Answer, PlanPage, the_plan

blueprint = Blueprint("measure_versions", __name__)

_GONE = "There is no such earlier version of this measure."


class VersionPage(MeasurePage):
    """A measure as an earlier definition read it: nothing is due any more."""

    @property
    def table(self) -> list[dict[str, object]]:
        """The readings, a row for each period, the newest first."""
        definition = self.definition
        if definition is None:
            return []
        figures = {(one.period, one.figure.member): one.figure for one in self.view.readings}
        return [
            {
                "period": period_name(period),
                "cells": [
                    figure_words(
                        definition,
                        figures.get((period, place.code)),
                        rounded=self.view.rounded_to > 1,
                    )
                    for place in definition.places
                ],
            }
            for period in sorted({period for period, _ in figures}, reverse=True)
        ]


class Versions:
    """The history of what a measure counts, on its page."""

    def __init__(self, page: PlanPage, shown: Read) -> None:
        self.page, self.shown = page, shown

    @cached_property
    def earlier(self) -> list[EarlierVersion]:
        """The definitions before the one in force, the newest first."""
        if self.shown.version is None or self.shown.version.number == 1:
            return []
        return list(queries.earlier_of(db.session, self.shown.row))

    @cached_property
    def wordings(self) -> list[Reworded]:
        """How the definition in force was put in other words, the latest first."""
        version = self.shown.version
        if version is None or not version.worded:
            return []
        return list(queries.wordings_of(db.session, version))


@blueprint.get("/plans/<uuid:plan_id>/measures/<uuid:measure_id>/versions/<int:before>")
@requires(Action.READ_PLAN, load=the_plan)
def show(plan: PlanRow, measure_id: UUID, before: int) -> Answer:
    """Show what was read by an earlier definition of a measure."""
    opened = open_until(measure_id, thing_of(plan)) is not None
    page = PlanPage(db.session, plan, opened=opened)
    now = found(page, measure_id)
    if now.version is not None and now.version.number == before:
        return redirect(address_of(plan, measure_id))
    earlier = Versions(page, now).earlier
    told = next((one for one in earlier if one.row.number == before), None)
    if told is None:
        raise NotFound(_GONE)
    view = _seen(page, now, before)
    shown = Read(now.row, told.row, view or now.view)
    return render_template(
        "measures/version.html",
        page=page,
        shown=shown,
        told=told,
        measure=VersionPage(page, shown, request.args.get("group", "")) if view else None,
        wordings=queries.wordings_of(db.session, told.row),
        target_words=target_words,
        figures_heading=FIGURES_HEADING,
        labels={"shape": SHAPE_LABELS, "direction": GOAL_LABELS, "baseline": BASELINE_LABELS},
    )


def _seen(page: PlanPage, now: Read, number: int) -> MeasureView | None:
    """Give what whoever asks may see of it; nothing where it would give small numbers away."""
    read = earlier_views_of if page.is_exact else outside.earlier
    some = read(db.session, [now.row])[now.row.id]
    view = next((one.view for one in some if one.version.number == number), None)
    if view is None or not page.is_exact:
        return view
    return replace(view, standing=standing_of(view))

"""Pages on which people change the charts of a measure, and take a change back."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from uuid import UUID

from flask import Blueprint, request, url_for

from eqia.domain.adjustments import (
    ADJUSTMENT_LABELS,
    AdjustmentKind,
    Around,
    limits_fit,
    no_limits_fit,
)
from eqia.domain.errors import NotFound
from eqia.domain.measure_drawing import Act
from eqia.domain.measure_series import new_limits_fit
from eqia.domain.measures import Definition
from eqia.domain.periods import period_name
from eqia.domain.permissions import Action
from eqia.domain.record_times import in_words as day
from eqia.domain.spc_icons import LIMITS_NEED
from eqia.persistence.queries import adjustments as queries
from eqia.persistence.queries import measures as measure_queries
from eqia.persistence.queries import people
from eqia.persistence.queries.adjustments import Told
from eqia.persistence.queries.measures import Read
from eqia.persistence.tables.adjustments import ChartAdjustmentRow
from eqia.persistence.tables.measures import MeasureRow, MeasureVersionRow
from eqia.persistence.tables.plans import PlanRow
from eqia.services import adjustments as services
from eqia.web.access import requires
from eqia.web.acts import by, one_use
from eqia.web.extensions import db
from eqia.web.forms.adjustments import (
    AdjustmentForm,
    TakeBackForm,
    new_limits_form,
    note_form,
    set_aside_form,
)
from eqia.web.plan_pages import Answer, PlanPage, planned, the_plan

blueprint = Blueprint("adjustments", __name__, url_prefix="/plans/<uuid:plan_id>/measures")


@dataclass(frozen=True)
class Charted:
    """A measure whose charts can be changed, with the definition in force."""

    row: MeasureRow
    version: MeasureVersionRow

    @property
    def definition(self) -> Definition:
        """What it counts and for whom."""
        return measure_queries.definition_of(self.version)

    @cached_property
    def around(self) -> Around:
        """What a change has to fit."""
        return queries.around(db.session, self.version)

    @property
    def periods(self) -> dict[str, str]:
        """The periods that were read, the newest first, by their first day."""
        found = {one.period for one in self.around.readings if one.counts}
        return {one.start.isoformat(): period_name(one) for one in sorted(found, reverse=True)}

    @property
    def fitting(self) -> dict[str, str]:
        """Those of them from which new limits may begin."""
        fit = {day.isoformat() for day in limits_fit(self.around)}
        return {day: name for day, name in self.periods.items() if day in fit}

    @property
    def none_fits(self) -> str:
        """Why new limits may begin at none of them; nothing where they may at some."""
        return "" if self.fitting else no_limits_fit(self.around)


@blueprint.route("/<uuid:measure_id>/new-limits", methods=["GET", "POST"])
@requires(Action.EDIT_PLAN, load=the_plan)
def new_limits(plan: PlanRow, measure_id: UUID) -> Answer:
    """Work out the limits of the charts anew from some period on."""
    shown = _charted(plan, measure_id)
    chosen = request.args.get("from", "")
    # What was sent stays, so that what no longer fits is told in words, and a second click is one.
    kept = {request.form.get("on", "")}
    offered = {day: name for day, name in shown.periods.items() if day in {*shown.fitting, *kept}}
    form = new_limits_form(shown.definition, offered, chosen)
    return _adjusted(plan, shown, form, AdjustmentKind.NEW_LIMITS, "The charts have new limits.")


@blueprint.route("/<uuid:measure_id>/set-aside", methods=["GET", "POST"])
@requires(Action.EDIT_PLAN, load=the_plan)
def set_aside(plan: PlanRow, measure_id: UUID) -> Answer:
    """Set one reading aside, so that nothing is worked out from it."""
    shown = _charted(plan, measure_id)
    form = set_aside_form(shown.definition, shown.periods)
    return _adjusted(plan, shown, form, AdjustmentKind.SET_ASIDE, "The reading is set aside.")


@blueprint.route("/<uuid:measure_id>/note", methods=["GET", "POST"])
@requires(Action.EDIT_PLAN, load=the_plan)
def note(plan: PlanRow, measure_id: UUID) -> Answer:
    """Put a note on the time axis."""
    shown = _charted(plan, measure_id)
    form = note_form(shown.definition)
    return _adjusted(plan, shown, form, AdjustmentKind.NOTE, "The note is on the charts.")


@blueprint.route("/<uuid:measure_id>/changes/<uuid:adjustment_id>", methods=["GET", "POST"])
@requires(Action.EDIT_PLAN, load=the_plan)
def take_back(plan: PlanRow, measure_id: UUID, adjustment_id: UUID) -> Answer:
    """Take a change back; it stays in the history."""
    shown, form = _charted(plan, measure_id), TakeBackForm()
    row = queries.get(db.session, shown.version, adjustment_id)
    if row is None:
        raise NotFound(services.NO_SUCH)
    form.token.data = one_use(form.token.data)

    def act() -> None:
        services.take_back(
            db.session,
            **by(),
            plan=plan,
            measure_id=measure_id,
            adjustment_id=adjustment_id,
            reason=form.reason.data or "",
            token=form.token.data or "",
        )

    page = PlanPage(db.session, plan)
    return planned(
        "adjustments/take_back",
        page,
        form,
        act,
        "It was taken back. It stays in the history.",
        to=_here(plan, measure_id),
        shown=shown,
        row=row,
        label=ADJUSTMENT_LABELS[row.kind],
    )


@dataclass(frozen=True, slots=True)
class Fitting:
    """A period from which new limits may fit, because something was done as a shift began."""

    label: str
    period: str
    start: str


@dataclass(frozen=True, slots=True)
class Changes:
    """What people changed on the charts of a measure, and what they may look at."""

    told: Sequence[Told]
    names: Mapping[UUID, str]
    fitting: Sequence[Fitting]
    labels: Mapping[str, str]
    #: the names of the periods that were read, by their first day
    periods: Mapping[date, str]
    is_exact: bool

    def before(self, row: ChartAdjustmentRow) -> Sequence[str]:
        """Give what the charts said just before a change, as whoever reads it may see it."""
        return (row.said_before if self.is_exact else row.told_before).splitlines()

    def when(self, row: ChartAdjustmentRow) -> str:
        """Name the day of a note, or the period of what is about one."""
        named = self.periods.get(row.on_date, day(row.on_date))
        return {
            AdjustmentKind.NOTE: day(row.on_date),
            AdjustmentKind.NEW_LIMITS: f"from {named}",
        }.get(AdjustmentKind(row.kind), named)


def changes_of(measure: Read, acts: Sequence[Act], *, exact: bool) -> Changes | None:
    """List every change to the charts of a measure; none before it is defined."""
    if measure.version is None or measure.view.definition is None:
        return None
    told = queries.history(db.session, measure.version)
    fitting = [
        Fitting(place.label, period_name(period), period.start.isoformat())
        for place in measure.view.definition.places
        if (period := new_limits_fit(measure.view, place.code, acts))
    ]
    periods = {one.period.start: period_name(one.period) for one in measure.view.readings}
    return Changes(told, _names(told), fitting, ADJUSTMENT_LABELS, periods, exact)


def _names(told: Sequence[Told]) -> Mapping[UUID, str]:
    ids = {one.row.created_by for one in told} | {one.back.created_by for one in told if one.back}
    return people.names(db.session, ids)


def _charted(plan: PlanRow, measure_id: UUID) -> Charted:
    row = measure_queries.get(db.session, plan, measure_id)
    version = measure_queries.version_of(db.session, row) if row else None
    if row is None or version is None:
        raise NotFound(services.NO_MEASURE)
    return Charted(row, version)


def _adjusted(
    plan: PlanRow, shown: Charted, form: AdjustmentForm, kind: AdjustmentKind, said: str
) -> Answer:
    form.token.data = one_use(form.token.data)

    def act() -> None:
        services.adjust(
            db.session,
            **by(),
            plan=plan,
            measure_id=shown.row.id,
            wanted=form.adjustment(kind),
            token=form.token.data or "",
        )

    page = PlanPage(db.session, plan)
    name = {
        AdjustmentKind.NEW_LIMITS: "adjustments/new_limits",
        AdjustmentKind.SET_ASIDE: "adjustments/set_aside",
        AdjustmentKind.NOTE: "adjustments/note",
    }[kind]
    return planned(
        name, page, form, act, said, to=_here(plan, shown.row.id), shown=shown, need=LIMITS_NEED
    )


def _here(plan: PlanRow, measure_id: UUID) -> str:
    return url_for("measures.show", plan_id=plan.id, measure_id=measure_id, _anchor="charts")

"""Pages of a measure: what it counts, its readings by group, and what is due."""

from datetime import date, datetime
from uuid import UUID

from flask import Blueprint, redirect, render_template, request, url_for

from eqia.domain.categories import CategorySet
from eqia.domain.errors import Conflict, Invalid, NotFound
from eqia.domain.gradients import gradient_told
from eqia.domain.measure_gaps import GAP_HEADING
from eqia.domain.measure_versions import ASKS
from eqia.domain.measures import (
    BASELINE_LABELS,
    GOAL_LABELS,
    KIND_LABELS,
    SHAPE_LABELS,
    Definition,
    runs_into,
    target_words,
)
from eqia.domain.periods import FREQUENCY_LABELS, Period, period_name
from eqia.domain.permissions import Action
from eqia.domain.ratios import ratios_of
from eqia.domain.readings import STATE_LABELS, ReadingState
from eqia.domain.texts import first_line
from eqia.persistence.queries import category_sets
from eqia.persistence.queries import measure_versions as versions
from eqia.persistence.queries import measures as queries
from eqia.persistence.queries import plans as plan_queries
from eqia.persistence.queries.measures import Read
from eqia.persistence.tables.plans import PlanRow
from eqia.services import exports, targets
from eqia.services import measures as services
from eqia.services import readings as reading_services
from eqia.web.access import current_person, requires
from eqia.web.acts import by, one_use
from eqia.web.adjustments import changes_of
from eqia.web.clock import today
from eqia.web.concerns import told_with
from eqia.web.exact_views import MINUTES, keep_open, open_until
from eqia.web.extensions import db
from eqia.web.forms.measures import measure_form, set_label
from eqia.web.forms.readings import readings_form
from eqia.web.forms.targets import BaselineForm, target_form
from eqia.web.measure_pages import (
    FIGURES_HEADING,
    MeasurePage,
    address_of,
    found,
    open_page,
    to_change,
)
from eqia.web.measure_versions import Versions
from eqia.web.plan_pages import Answer, PlanPage, pages_of, planned, the_plan
from eqia.web.predictions import compared
from eqia.web.targets import ended, held

blueprint = Blueprint("measures", __name__)

_NO_PERIOD = "This measure has no such period."


@blueprint.get("/readings")
@requires(Action.SEE_HOME)
def due() -> str:
    """List the readings that are due or overdue in the projects of whoever asks."""
    plans = plan_queries.of_person(db.session, current_person().id)
    return render_template("measures/due.html", pages=pages_of(db.session, plans))


@blueprint.route("/plans/<uuid:plan_id>/measures/new", methods=["GET", "POST"])
@requires(Action.EDIT_PLAN, load=the_plan)
def new(plan: PlanRow) -> Answer:
    """Add a measure that the screening did not promise."""
    page = open_page(plan)
    form = measure_form(
        characteristics=_characteristics(page),
        actions=_actions(page),
        sets=category_sets.offered(db.session, today()),
    )
    form.token.data = one_use(form.token.data)
    made: list[UUID] = []

    def act() -> None:
        row = services.define(
            db.session,
            **by(),
            plan=plan,
            defined=form.defined(),
            token=form.token.data or "",
        )
        made.append(row.id)

    def after() -> str:
        return url_for("measures.baseline", plan_id=plan.id, measure_id=made[0])

    said = "The measure was added. Say next what its figures are compared with."
    return planned("measures/new", page, form, act, said, to=after)


@blueprint.get("/plans/<uuid:plan_id>/measures/<uuid:measure_id>")
@requires(Action.READ_PLAN, load=the_plan)
def show(plan: PlanRow, measure_id: UUID) -> str:
    """Show what a measure counts and its readings, group by group."""
    until = open_until(measure_id, plan_queries.thing_of(plan))
    return _shown(PlanPage(db.session, plan, opened=until is not None), measure_id, until)


@blueprint.post("/plans/<uuid:plan_id>/measures/<uuid:measure_id>/exact")
@requires(Action.OPEN_EXACT, load=the_plan)
def exact(plan: PlanRow, measure_id: UUID) -> Answer:
    """Open the exact figures to somebody outside the team for a while, and log who opened them."""
    found(PlanPage(db.session, plan, opened=True), measure_id)
    exports.open_exact(db.session, **by(), plan=plan, measure_id=measure_id)
    keep_open(measure_id)
    return redirect(url_for("measures.show", plan_id=plan.id, measure_id=measure_id))


@blueprint.route("/plans/<uuid:plan_id>/measures/<uuid:measure_id>/edit", methods=["GET", "POST"])
@requires(Action.EDIT_PLAN, load=the_plan)
def edit(plan: PlanRow, measure_id: UUID) -> Answer:
    """Say what a measure counts, or change it."""
    page, shown = to_change(plan, measure_id)
    linked = set(queries.actions_of(db.session, shown.row))
    form = measure_form(
        characteristics=_characteristics(page),
        actions=_actions(page, linked),
        sets=_sets_with(shown.view.definition),
        row=shown.row,
        definition=shown.view.definition,
        linked=bool(linked),
    )

    def act() -> None:
        try:
            services.define(db.session, **by(), plan=plan, defined=form.defined(measure_id))
        except Invalid as refusal:
            form.asks = form.asks or refusal.code == ASKS
            raise

    return planned(
        "measures/edit",
        page,
        form,
        act,
        "What the measure counts was kept.",
        to=address_of(plan, measure_id),
        newest=shown.row.version,
        shown=shown,
        stands=versions.standing_on(db.session, shown.version) if shown.version else None,
        linked=[(row.id, first_line(row.title)) for row in page.rows.actions if row.id in linked],
    )


@blueprint.route(
    "/plans/<uuid:plan_id>/measures/<uuid:measure_id>/baseline", methods=["GET", "POST"]
)
@requires(Action.EDIT_PLAN, load=the_plan)
def baseline(plan: PlanRow, measure_id: UUID) -> Answer:
    """Say which periods the measure is compared with."""
    page, shown = to_change(plan, measure_id)
    form = BaselineForm(obj=shown.view.baseline)

    def act() -> None:
        try:
            services.set_baseline(
                db.session,
                **by(),
                plan=plan,
                measure_id=measure_id,
                baseline=form.baseline,
                sure=form.sure,
            )
        except Invalid as refusal:
            if refusal.code == services.LATE:
                form.ask()
            raise

    said, to = "The baseline was set.", address_of(plan, measure_id)
    return planned("measures/baseline", page, form, act, said, to=to, shown=shown)


@blueprint.route("/plans/<uuid:plan_id>/measures/<uuid:measure_id>/target", methods=["GET", "POST"])
@requires(Action.EDIT_PLAN, load=the_plan)
def target(plan: PlanRow, measure_id: UUID) -> Answer:
    """Say where the measure should be, and by when."""
    page, shown = to_change(plan, measure_id)
    if shown.view.definition is None:
        return redirect(url_for("measures.edit", plan_id=plan.id, measure_id=measure_id))
    form = target_form(shown.view.definition)

    def act() -> None:
        targets.set_target(db.session, **by(), plan=plan, measure_id=measure_id, target=form.target)

    said, to = "The target was set.", address_of(plan, measure_id)
    return planned("measures/target", page, form, act, said, to=to, shown=shown)


@blueprint.route(
    "/plans/<uuid:plan_id>/measures/<uuid:measure_id>/readings/<start>", methods=["GET", "POST"]
)
@requires(Action.ADD_READING, load=the_plan)
def readings(plan: PlanRow, measure_id: UUID, start: str) -> Answer:
    """Enter the readings of one period, or correct them."""
    page, shown = to_change(plan, measure_id)
    period = _period(shown, start)
    if shown.version is None or shown.view.definition is None:
        return redirect(url_for("measures.edit", plan_id=plan.id, measure_id=measure_id))
    version, definition = shown.version, shown.view.definition
    held = queries.live_readings(db.session, version, period)
    form = readings_form(definition, period, held, reading_services.mark_of(held))

    def act() -> None:
        entry = form.entry(definition, period)
        try:
            reading_services.add_readings(
                db.session, **by(), plan=plan, measure_id=measure_id, entry=entry
            )
        except Invalid as refusal:
            if refusal.code == reading_services.ASKS:
                form.ask(entry.mark)
            raise
        except Conflict:
            # Sent again after a look at what is there now, it is a correction.
            newest = queries.live_readings(db.session, version, period)
            form.seen.data, form.seen.typed = reading_services.mark_of(newest), None
            raise

    return planned(
        "measures/readings",
        page,
        form,
        act,
        lambda: told_with(f"The readings of {period_name(period)} were kept.", plan, measure_id),
        to=address_of(plan, measure_id),
        shown=shown,
        definition=definition,
        period=period_name(period),
        nobody=STATE_LABELS[ReadingState.NOT_APPLICABLE],
        held=held,
    )


def _shown(page: PlanPage, measure_id: UUID, until: datetime | None) -> str:
    shown = found(page, measure_id)
    measure = MeasurePage(page, shown, request.args.get("group", ""))
    return render_template(
        "measures/show.html",
        page=page,
        shown=shown,
        measure=measure,
        until=until,
        versions=Versions(page, shown),
        open_minutes=MINUTES,
        changes=changes_of(shown, measure.done, exact=page.is_exact),
        compared_with_said=compared(page, shown.view),
        ratios=ratios_of(shown.view),
        fifths=bool(request.args.get("fifths")),
        gradient=gradient_told(shown.view),
        runs_into=shown.view.baseline and runs_into(shown.view.baseline, page.plan.change_start),
        set_label=_set_label(shown.view.definition),
        targets=held(page, shown),
        ended=ended(page, shown),
        target_words=target_words,
        figures_heading=FIGURES_HEADING,
        gap_heading=GAP_HEADING,
        labels={
            "kind": KIND_LABELS,
            "shape": SHAPE_LABELS,
            "direction": GOAL_LABELS,
            "frequency": FREQUENCY_LABELS,
            "baseline": BASELINE_LABELS,
        },
    )


def _period(shown: Read, start: str) -> Period:
    """Find the period of the measure that starts on a day."""
    schedule = queries.schedule_of(shown.row)
    try:
        period = schedule.around(date.fromisoformat(start)) if schedule else None
    except (ValueError, OverflowError):
        period = None
    if period is None or period.start.isoformat() != start:
        raise NotFound(_NO_PERIOD)
    return period


def _sets_with(definition: Definition | None) -> dict[str, CategorySet]:
    """Offer the sets in use today, and the one the measure has, though it may be an older one."""
    held = definition.category_set if definition else ""
    mine = category_sets.every(db.session).get(held)
    return category_sets.offered(db.session, today()) | ({held: mine} if mine else {})


def _set_label(definition: Definition | None) -> str:
    """Name the set of groups of a measure; groups of its own have none."""
    held = definition.category_set if definition else ""
    found = category_sets.every(db.session).get(held) if held else None
    return set_label(found) if found else held


def _characteristics(page: PlanPage) -> dict[str, str]:
    return {row.group_id: row.label for row in page.current}


def _actions(page: PlanPage, linked: frozenset[UUID] | set[UUID] = frozenset()) -> dict[str, str]:
    """Offer the live actions a measure can be linked to: those that are not linked yet."""
    return {
        str(row.id): row.title.splitlines()[0][:200]
        for row in page.rows.actions
        if row.id not in linked and row.status != "cancelled"
    }

"""Pages of a plan: the thread from finding to reading, its actions, its reviews."""

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from eqia.domain.coverage import stops
from eqia.domain.errors import NotFound
from eqia.domain.findings import DIRECTION_LABELS, LIKELIHOOD_LABELS
from eqia.domain.permissions import Action
from eqia.domain.plan_sections import sections
from eqia.domain.plans import (
    ACTION_LABELS,
    ACTION_STATUS_LABELS,
    DECISION_LABELS,
    PLAN_LABELS,
    Move,
    PlanStatus,
)
from eqia.domain.record_times import in_words
from eqia.persistence.queries import plan_sections
from eqia.persistence.queries import plans as queries
from eqia.persistence.tables.plans import ActionRow, PlanRow
from eqia.persistence.tables.projects import ProjectRow
from eqia.persistence.tables.screenings import ScreeningRow
from eqia.services import exports, plan_actions, plan_answers, plan_moves
from eqia.services import plans as services
from eqia.web.access import current_person, requires
from eqia.web.acts import by, one_use
from eqia.web.exact_views import keep_open
from eqia.web.extensions import db
from eqia.web.forms.plan_reviews import review_form
from eqia.web.forms.plans import EndForm, PlanForm, WhyForm, action_form
from eqia.web.held_reviews import HeldPage
from eqia.web.loaders import the_screening
from eqia.web.plan_moves import WAYS, MovePage, close_when_sure
from eqia.web.plan_pages import Answer, PlanPage, planned, the_plan
from eqia.web.predictions import compared
from eqia.web.review_pages import ReviewPage

blueprint = Blueprint("plans", __name__)


@blueprint.route("/screenings/<uuid:screening_id>/plan", methods=["GET", "POST"])
@requires(Action.OPEN_PLAN, load=the_screening)
def new(screening: ScreeningRow) -> Answer:
    """Open the plan of a signed screening."""
    there = queries.of_reference(db.session, screening.reference)
    if there is not None:
        return redirect(url_for("plans.show", plan_id=there.id))
    page = ReviewPage(db.session, screening)
    form = PlanForm(
        data={
            "start_date": page.project.start_date,
            "end_date": page.project.end_date,
            "change_start": page.project.start_date,
            "next_review": screening.review_due,
        }
    )
    _tell_days(form, page.project)
    if form.validate_on_submit():
        row = services.open_plan(db.session, **by(), screening=screening, plan=form.plan)
        flash("The plan is open. What the screening found and promised is in it.", "success")
        return redirect(url_for("plans.show", plan_id=row.id))
    html = render_template("plans/new.html", page=page, form=form)
    return html, 422 if form.problems else 200


@blueprint.get("/plans/<uuid:plan_id>")
@requires(Action.READ_PLAN, load=the_plan)
def show(plan: PlanRow) -> str:
    """Show the thread, what is due, what is overdue and what is missing."""
    page = PlanPage(db.session, plan)
    return render_template(
        "plans/show.html",
        page=page,
        compared=compared(page),
        directions=DIRECTION_LABELS,
        likelihoods=LIKELIHOOD_LABELS,
        kinds=ACTION_LABELS,
        ends=ACTION_STATUS_LABELS,
        stops=stops,
        statuses=PLAN_LABELS,
        decisions=DECISION_LABELS,
        parts=plan_sections.counts(db.session, plan),
        section_count=len(sections()),
    )


@blueprint.route("/plans/<uuid:plan_id>/edit", methods=["GET", "POST"])
@requires(Action.EDIT_PLAN, load=the_plan)
def edit(plan: PlanRow) -> Answer:
    """Change what the plan says about itself."""
    page, form = PlanPage(db.session, plan), PlanForm(obj=plan)
    _tell_days(form, page.project)

    def act() -> None:
        services.change(db.session, **by(), row=plan, version=form.version.data, plan=form.plan)

    return planned("plans/edit", page, form, act, "The plan was changed.")


@blueprint.route("/plans/<uuid:plan_id>/actions/new", methods=["GET", "POST"])
@requires(Action.EDIT_PLAN, load=the_plan)
def add_action(plan: PlanRow) -> Answer:
    """Add an action."""
    page = PlanPage(db.session, plan)
    form = action_form(_findings(page))
    form.token.data = one_use(form.token.data)

    def act() -> None:
        plan_actions.add_action(
            db.session,
            **by(),
            plan=plan,
            action=form.action,
            links=form.links,
            token=form.token.data or "",
        )

    return planned("plans/add_action", page, form, act, "The action was added.")


@blueprint.route("/plans/<uuid:plan_id>/actions/<uuid:step_id>", methods=["GET", "POST"])
@requires(Action.EDIT_PLAN, load=the_plan)
def action(plan: PlanRow, step_id: UUID) -> Answer:
    """Change an action."""
    row, page = _action(plan, step_id), PlanPage(db.session, plan)
    linked = {one.finding_id for one in queries.answered_by(db.session, row)}
    form = action_form(_findings(page, {str(one) for one in linked}), row)

    def act() -> None:
        plan_actions.change_action(
            db.session,
            **by(),
            plan=plan,
            row=row,
            version=form.version.data,
            action=form.action,
            links=form.links,
        )

    said = "The action was changed."
    return planned("plans/action", page, form, act, said, newest=row.version, row=row)


@blueprint.route("/plans/<uuid:plan_id>/actions/<uuid:step_id>/finish", methods=["GET", "POST"])
@requires(Action.EDIT_PLAN, load=the_plan)
def finish(plan: PlanRow, step_id: UUID) -> Answer:
    """Say that an action is done, or given up."""
    row, page = _action(plan, step_id), PlanPage(db.session, plan)
    form = EndForm(data={"version": row.version})

    def act() -> None:
        plan_actions.finish_action(
            db.session, **by(), plan=plan, row=row, version=form.version.data, end=form.end
        )

    said = "The end of the action was kept."
    return planned("plans/finish", page, form, act, said, newest=row.version, row=row)


@blueprint.route(
    "/plans/<uuid:plan_id>/actions/<uuid:step_id>/cannot-measure", methods=["GET", "POST"]
)
@requires(Action.EDIT_PLAN, load=the_plan)
def cannot_measure(plan: PlanRow, step_id: UUID) -> Answer:
    """Sign why an action cannot be measured."""
    row, page, form = _action(plan, step_id), PlanPage(db.session, plan), WhyForm()
    form.reason.label.text = "Why can it not be measured, and what will you do instead?"

    def act() -> None:
        plan_actions.cannot_measure(
            db.session, **by(), plan=plan, row=row, reason=form.reason.data or ""
        )

    said = "The reason was kept with your name."
    return planned("plans/cannot_measure", page, form, act, said, row=row)


@blueprint.route(
    "/plans/<uuid:plan_id>/findings/<uuid:finding_id>/no-action", methods=["GET", "POST"]
)
@requires(Action.EDIT_PLAN, load=the_plan)
def no_action(plan: PlanRow, finding_id: UUID) -> Answer:
    """Sign why nothing is done about a finding."""
    row = queries.finding(db.session, plan, finding_id)
    if row is None:
        raise NotFound("There is no such finding in this plan.")
    page, form = PlanPage(db.session, plan), WhyForm()
    form.reason.label.text = "Why is nothing done, and why is that fair?"

    def act() -> None:
        services.no_action(db.session, **by(), plan=plan, row=row, reason=form.reason.data or "")

    said = "The reason was kept with your name."
    return planned("plans/no_action", page, form, act, said, row=row)


@blueprint.route("/plans/<uuid:plan_id>/review", methods=["GET", "POST"])
@requires(Action.HOLD_REVIEW, load=the_plan)
def review(plan: PlanRow) -> Answer:
    """Keep what a review saw and decided, with an answer to each thing that is open."""
    page = HeldPage(db.session, plan)
    known = page.known_exactly
    form = review_form(plan_answers.asked(db.session, current_person(), plan, page.today, known))
    form.token.data = one_use(form.token.data)

    def act() -> None:
        services.hold_review(
            db.session,
            **by(),
            plan=plan,
            review=form.review,
            opened=known,
            token=form.token.data or "",
        )

    said = "The review was kept."
    return planned("plans/review", page, form, act, said, compared=compared(page))


@blueprint.post("/plans/<uuid:plan_id>/review/exact")
@requires(Action.OPEN_EXACT, load=the_plan)
def review_exact(plan: PlanRow) -> Response:
    """Open the exact figures a review cannot be held without, and log who opened them."""
    for one in HeldPage(db.session, plan).to_open:
        measure_id = UUID(one.measure)
        exports.open_exact(db.session, **by(), plan=plan, measure_id=measure_id)
        keep_open(measure_id)
    return redirect(url_for("plans.review", plan_id=plan.id))


@blueprint.post("/plans/<uuid:plan_id>/take-over")
@requires(Action.EDIT_PLAN, load=the_plan)
def take_over(plan: PlanRow) -> Response:
    """Take over the findings of the newest signed version."""
    services.take_over(db.session, plan=plan, **by())
    flash("The findings of the newest version are in the plan.", "success")
    return redirect(url_for("plans.show", plan_id=plan.id))


@blueprint.route("/plans/<uuid:plan_id>/<any(open, pause, close):way>", methods=["GET", "POST"])
@requires(Action.MOVE_PLAN, load=the_plan)
def move(plan: PlanRow, way: str) -> Answer:
    """Pause the plan, go on with it, or close it: each on a page of its own that asks why."""
    moved = WAYS[way]
    over = plan.status == PlanStatus.CLOSED and moved.to is not PlanStatus.OPEN
    if over or plan.status == moved.to:
        return redirect(url_for("plans.show", plan_id=plan.id))
    page, form = MovePage(db.session, plan), moved.form(data={"version": plan.version})

    def act() -> None:
        close_when_sure(page, form)
        keeper = (form.looked_after_by.data or "") if "looked_after_by" in form else ""
        wanted = Move(moved.to, form.reason.data or "", keeper)
        plan_moves.move_plan(db.session, **by(), plan=plan, version=form.version.data, move=wanted)

    return planned("plans/move", page, form, act, moved.said, way=moved)


def _tell_days(form: PlanForm, project: ProjectRow) -> None:
    """Say which days the project has, beside those of the plan."""
    days = ((form.start_date, project.start_date), (form.end_date, project.end_date))
    for field, day in days:
        if day is None:
            continue
        if field.data == day:
            field.hint = "This is the day from the project. Change it if the plan has another."
        else:
            field.hint = f"The day from the project is {in_words(day)}."


def _action(plan: PlanRow, step_id: UUID) -> ActionRow:
    row = queries.action(db.session, plan, step_id)
    if row is None:
        raise NotFound("There is no such action in this plan.")
    return row


def _findings(page: PlanPage, linked: frozenset[str] | set[str] = frozenset()) -> dict[str, str]:
    """Offer the findings an action can answer: those that are not linked yet."""
    return {
        str(row.id): f"{row.label}: {row.effect or DIRECTION_LABELS[row.direction]}"
        for row in page.current
        if str(row.id) not in linked
    }

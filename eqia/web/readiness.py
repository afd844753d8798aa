"""Pages of the readiness checklist of a plan: its gates, its history, and its file."""

from pathlib import Path

from flask import Blueprint, Response, current_app, flash, redirect, render_template, url_for
from werkzeug.wrappers import Response as BaseResponse

from eqia.domain.errors import NotFound
from eqia.domain.permissions import Action
from eqia.domain.plans import ActionStatus
from eqia.domain.readiness import ANSWER_LABELS
from eqia.domain.readiness_contents import equality_words
from eqia.domain.readiness_facts import DEED_LABELS, DeedKind
from eqia.persistence.queries import people, plans
from eqia.persistence.queries import readiness as queries
from eqia.persistence.tables.plans import PlanRow
from eqia.services import readiness as services
from eqia.services import readiness_deeds, readiness_files
from eqia.web.access import requires
from eqia.web.acts import CONFLICT, DONE, by, one_use, tried
from eqia.web.clock import now, today
from eqia.web.extensions import db
from eqia.web.forms.readiness import gate_form, told_form
from eqia.web.plan_pages import the_plan
from eqia.web.readiness_pages import ReadinessPage

blueprint = Blueprint("readiness", __name__, url_prefix="/plans/<uuid:plan_id>")

Answer = str | BaseResponse | tuple[str, int]


@blueprint.get("/readiness")
@requires(Action.READ_PLAN, load=the_plan)
def show(plan: PlanRow) -> str:
    """Show every gate in order, with what to look at."""
    page = ReadinessPage(db.session, plan)
    equality = equality_words(page.sheet, enforced=page.enforced)
    return render_template(
        "readiness/show.html", page=page, labels=ANSWER_LABELS, equality=equality
    )


@blueprint.route("/readiness/<gate_id>", methods=["GET", "POST"])
@requires(Action.EDIT_PLAN, load=the_plan)
def gate(plan: PlanRow, gate_id: str) -> Answer:
    """Answer one gate; what is half answered is kept too."""
    page = ReadinessPage(db.session, plan)
    here = page.checklist.gate(gate_id)
    if here is None:
        raise NotFound("There is no such gate.")
    form = gate_form(page.sheet, here, page.kept.seen(here), today())

    def act() -> None:
        kept = services.save(
            db.session,
            **by(),
            plan=plan,
            entry=services.Entry(
                gate_id, form.seen.data, form.given(page.sheet, here), form.confirmed
            ),
        )
        words = f"{kept} {'answer was' if kept == 1 else 'answers were'} kept."
        flash(words if kept else "Nothing had changed.", "success")

    status = 200
    if form.is_submitted():
        status = tried(form, act, lambda: page.kept.seen(here))
        if status == DONE:
            return redirect(url_for("readiness.show", plan_id=plan.id, _anchor=f"gate-{gate_id}"))
        if status == CONFLICT:
            db.session.rollback()
            page = ReadinessPage(db.session, plan)
            form.seen.data, form.seen.typed = page.kept.seen(here), None
    html = render_template(
        "readiness/gate.html",
        page=page,
        form=form,
        gate=here,
        labels=ANSWER_LABELS,
        differs=status == CONFLICT,
    )
    return html, status


@blueprint.get("/readiness/<gate_id>/<key>")
@requires(Action.READ_PLAN, load=the_plan)
def history(plan: PlanRow, gate_id: str, key: str) -> str:
    """Show every answer one item was ever given."""
    page = ReadinessPage(db.session, plan)
    here = page.checklist.gate(gate_id)
    part = next((one for one in here.parts if one.key == key), None) if here else None
    if part is None:
        raise NotFound("There is no such item.")
    rows = queries.history(db.session, page.kept.row, part.id) if page.kept.row else ()
    names = people.names(db.session, {row.created_by for row in rows})
    return render_template(
        "readiness/history.html", page=page, part=part, rows=rows, names=names, labels=ANSWER_LABELS
    )


@blueprint.route("/readiness-done/<rule>", methods=["GET", "POST"])
@requires(Action.EDIT_PLAN, load=the_plan)
def tell(plan: PlanRow, rule: str) -> Answer:
    """Say that what a rule of the screening asks for was done."""
    page = ReadinessPage(db.session, plan)
    owed = readiness_deeds.owed_by(page.sheet, rule)
    kind = owed.deed or DeedKind.REPLY
    form = told_form(kind, _done(plan))
    form.token.data = one_use(form.token.data)

    def act() -> None:
        readiness_deeds.tell(
            db.session, **by(), plan=plan, rule=rule, told=form.told, token=form.token.data or ""
        )

    status = 200
    if form.is_submitted():
        status = tried(form, act, lambda: plan.version)
        if status == DONE:
            flash("It was kept with your name.", "success")
            return redirect(url_for("readiness.show", plan_id=plan.id))
    html = render_template(
        "readiness/tell.html", page=page, form=form, owed=owed, heading=DEED_LABELS[kind]
    )
    return html, status


@blueprint.get("/readiness.pdf")
@requires(Action.READ_PLAN, load=the_plan)
def pdf(plan: PlanRow) -> Response:
    """Give the checklist as it stands now, as a tagged PDF: small numbers hidden, to pass on."""
    page = ReadinessPage(db.session, plan, outside=True)
    folder = current_app.config["EQIA_SETTINGS"].font_folder
    content = readiness_files.pdf(
        page.contents, at=now(), font_folder=Path(folder) if folder else None
    )
    response = Response(content, mimetype="application/pdf")
    name = f"{page.screening.reference}-readiness.pdf"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _done(plan: PlanRow) -> dict[str, str]:
    """Offer the actions of the plan that are done."""
    return {
        str(row.id): row.title.splitlines()[0][:200]
        for row in plans.actions(db.session, plan)
        if row.status == ActionStatus.DONE
    }

"""The organisation's settings, its partner bodies and its local groups."""

from uuid import UUID

from flask import Blueprint, Response, flash, redirect, render_template, url_for
from werkzeug.wrappers import Response as BaseResponse

from eqia.domain.errors import Invalid, Problem
from eqia.domain.permissions import Action
from eqia.domain.question_set_loading import load_question_sets
from eqia.domain.questions import text_in
from eqia.persistence.queries import organisations as queries
from eqia.persistence.tables.organisations import BodyRow, LocalGroupRow, OrganisationRow
from eqia.services import organisations as services
from eqia.web.access import context, current_person, public, requires
from eqia.web.clock import now
from eqia.web.extensions import db
from eqia.web.forms.organisations import BodyForm, EntryForm, LocalGroupForm, OrganisationForm

blueprint = Blueprint("organisations", __name__)

Answer = str | BaseResponse | tuple[str, int]
_A_DAY = 86_400
_DEFAULTS = OrganisationRow(
    name="",
    logo_text="",
    colour="",
    role_mailbox="",
    retention_years=6,
    stale_months=24,
    grace_days=0,
    question_set_id="bhp-nhs",
    enforce_equality_gate=False,
    version=0,
)


@blueprint.route("/organisation", methods=["GET", "POST"])
@requires(Action.ADMINISTER)
def edit() -> Answer:
    """Change the organisation's name, looks and settings."""
    row = queries.host(db.session) or _DEFAULTS
    form = OrganisationForm(obj=row)
    if form.equality_gate.posted is None:
        form.equality_gate.data = "enforce" if row.enforce_equality_gate else "warn"
    form.question_set_id.choices = {
        each.id: text_in(each.title) for each in load_question_sets().values()
    }
    if not form.is_submitted():
        return render_template("organisations/edit.html", form=form)
    if form.validate():
        try:
            _update(form)
        except Invalid as refusal:
            form.refuse(refusal.problems)
        else:
            flash("The settings were saved.", "success")
            return redirect(url_for("organisations.edit"))
    return render_template("organisations/edit.html", form=form), 422


@blueprint.route("/organisation/bodies", methods=["GET", "POST"])
@requires(Action.ADMINISTER)
def bodies() -> Answer:
    """List and add the bodies that may decide with you."""
    form = BodyForm()
    if not form.is_submitted():
        return _bodies_page(form)
    if form.validate():
        try:
            services.add_body(
                db.session,
                actor=current_person(),
                now=now(),
                name=form.name.data,
                context=context(),
            )
        except Invalid as refusal:
            form.refuse(refusal.problems)
        else:
            return redirect(url_for("organisations.bodies"))
    return _bodies_page(form), 422


@blueprint.post("/organisation/bodies/<uuid:row_id>")
@requires(Action.ADMINISTER)
def body(row_id: UUID) -> BaseResponse:
    """Take a body off the list, or put it back."""
    _set_active(BodyRow, row_id)
    return redirect(url_for("organisations.bodies"))


@blueprint.route("/organisation/groups", methods=["GET", "POST"])
@requires(Action.ADMINISTER)
def groups() -> Answer:
    """List and add local groups, which are asked about and marked as not protected."""
    form = LocalGroupForm()
    if not form.is_submitted():
        return _groups_page(form)
    if form.validate():
        try:
            services.add_local_group(
                db.session,
                actor=current_person(),
                now=now(),
                label=form.label.data,
                context=context(),
            )
        except Invalid as refusal:
            form.refuse(refusal.problems)
        else:
            return redirect(url_for("organisations.groups"))
    return _groups_page(form), 422


@blueprint.post("/organisation/groups/<uuid:row_id>")
@requires(Action.ADMINISTER)
def group(row_id: UUID) -> BaseResponse:
    """Take a local group off the list, or put it back."""
    _set_active(LocalGroupRow, row_id)
    return redirect(url_for("organisations.groups"))


@blueprint.get("/organisation.css")
@public
def colour() -> Response:
    """Give the header the organisation's own colour; a sheet, as no style may stand in a page."""
    row = queries.host(db.session)
    sheet = _SHEET.format(colour=row.colour) if row and row.colour else ""
    response = Response(sheet, content_type="text/css; charset=utf-8")
    response.cache_control.public = True
    response.cache_control.max_age = _A_DAY
    return response


_SHEET = ".govuk-generic-header,.eqia-header{{background:{colour};border-color:{colour}}}\n"


def _update(form: OrganisationForm) -> None:
    services.update(
        db.session,
        actor=current_person(),
        now=now(),
        version=form.version.data,
        details=services.Details(
            name=form.name.data,
            logo_text=form.logo_text.data or "",
            colour=(form.colour.data or "").strip().lower(),
            role_mailbox=form.role_mailbox.data or "",
            retention_years=form.retention_years.data,
            stale_months=form.stale_months.data,
            grace_days=form.grace_days.data,
            question_set_id=form.question_set_id.data,
            enforce_equality_gate=form.equality_gate.data == "enforce",
        ),
        context=context(),
    )


#: what the buttons of a list send, and whether the entry is offered after it
_ACTS = {"use": True, "retire": False}


def _set_active(kind: type[BodyRow] | type[LocalGroupRow], row_id: UUID) -> None:
    act = EntryForm().act.data
    if act not in _ACTS:
        raise Invalid([Problem("act", "Use one of the buttons of the list")])
    services.set_active(
        db.session,
        actor=current_person(),
        now=now(),
        kind=kind,
        row_id=row_id,
        active=_ACTS[act],
        context=context(),
    )


def _bodies_page(form: BodyForm) -> str:
    rows = queries.bodies(db.session, active_only=False)
    return render_template("organisations/bodies.html", form=form, rows=rows)


def _groups_page(form: LocalGroupForm) -> str:
    rows = queries.local_groups(db.session, active_only=False)
    return render_template("organisations/groups.html", form=form, rows=rows)

"""People and their roles, for administrators."""

from datetime import timedelta
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from eqia.domain.errors import Invalid
from eqia.domain.people import Role
from eqia.domain.permissions import Action, Thing
from eqia.persistence.queries import events as event_queries
from eqia.persistence.queries import people as queries
from eqia.persistence.tables.people import PersonRow
from eqia.services import invitations
from eqia.services import people as services
from eqia.web import sessions
from eqia.web.access import Loaded, context, current_person, requires
from eqia.web.clock import now
from eqia.web.events import entries
from eqia.web.extensions import db
from eqia.web.forms.fields import Form
from eqia.web.forms.people import ROLE_LABELS, GrantForm, InviteForm, end_of, start_of

blueprint = Blueprint("people", __name__, url_prefix="/people")

Answer = str | Response | tuple[str, int]


@blueprint.get("")
@requires(Action.ADMINISTER)
def index() -> str:
    """List people, what they are, and who has been invited."""
    return render_template(
        "people/index.html",
        people=queries.everybody(db.session),
        roles=queries.roles_of_everybody(db.session, now()),
        invited=queries.open_invitations(db.session, now()),
        labels=ROLE_LABELS,
    )


@blueprint.get("/log")
@requires(Action.ADMINISTER)
def log() -> str:
    """Show the newest events about people and settings, and none about screenings."""
    found = event_queries.latest_about_people(db.session)
    return render_template("people/log.html", entries=entries(found))


@blueprint.route("/invite", methods=["GET", "POST"])
@requires(Action.ADMINISTER, reauth=True)
def invite() -> Answer:
    """Invite somebody by a one-time link."""
    form = InviteForm()
    if not form.is_submitted():
        return render_template("people/invite.html", form=form)
    if form.validate():
        try:
            return _invite(form)
        except Invalid as refusal:
            form.refuse(refusal.problems)
    return render_template("people/invite.html", form=form), 422


def the_person(session: Session, person_id: UUID) -> Loaded | None:
    """Find a person to look after."""
    row = queries.get(session, person_id)
    return Loaded(row, Thing(), reading=Action.ADMINISTER) if row else None


@blueprint.route("/<uuid:person_id>", methods=["GET", "POST"])
@requires(Action.ADMINISTER, load=the_person, reauth=True)
def show(person: PersonRow) -> Answer:
    """Show a person and give them a role."""
    form = GrantForm()
    if not form.is_submitted():
        return _page(person, form)
    if form.validate():
        try:
            _grant(person, form)
        except Invalid as refusal:
            form.refuse(refusal.problems)
        else:
            flash(f"{person.name} has the role.", "success")
            return redirect(url_for("people.show", person_id=person.id))
    return _page(person, form), 422


@blueprint.post("/<uuid:person_id>/grants/<uuid:grant_id>/end")
@requires(Action.ADMINISTER, load=the_person, reauth=True)
def end_grant(person: PersonRow, grant_id: UUID) -> Response:
    """Take a role away now."""
    services.revoke_role(
        db.session,
        actor=current_person(),
        now=now(),
        person=person,
        grant_id=grant_id,
        context=context(),
    )
    flash("The role has ended.", "success")
    return redirect(url_for("people.show", person_id=person.id))


@blueprint.post("/<uuid:person_id>/deactivate")
@requires(Action.ADMINISTER, load=the_person, reauth=True)
def deactivate(person: PersonRow) -> Response:
    """Stop somebody from signing in."""
    services.deactivate(
        db.session, actor=current_person(), now=now(), person=person, context=context()
    )
    flash(f"{person.name} can no longer sign in.", "success")
    return redirect(url_for("people.index"))


@blueprint.post("/<uuid:person_id>/reactivate")
@requires(Action.ADMINISTER, load=the_person, reauth=True)
def reactivate(person: PersonRow) -> Response:
    """Let somebody sign in again."""
    services.reactivate(
        db.session, actor=current_person(), now=now(), person=person, context=context()
    )
    flash(f"{person.name} can sign in again.", "success")
    return redirect(url_for("people.show", person_id=person.id))


@blueprint.route("/<uuid:person_id>/reset", methods=["GET", "POST"])
@requires(Action.ADMINISTER, load=the_person, reauth=True)
def reset(person: PersonRow) -> Answer:
    """Make a link with which somebody sets a new password."""
    form = Form()
    if not form.is_submitted():
        return render_template("people/reset.html", person=person, form=form)
    token = invitations.reset_link(
        db.session, actor=current_person(), now=now(), person=person, context=context()
    )
    return _link_page(person.name, token, timedelta(days=1))


def _invite(form: InviteForm) -> str:
    valid = timedelta(days=sessions.settings().invitation_days)
    token = invitations.invite(
        db.session,
        actor=current_person(),
        now=now(),
        name=form.name.data,
        email=form.email.data,
        roles=[Role(role) for role in form.roles.data or ()],
        valid=valid,
        context=context(),
    )
    return _link_page(form.name.data, token, valid)


def _link_page(name: str, token: str, valid: timedelta) -> str:
    link = url_for("account.invitation", token=token, _external=True)
    return render_template("people/link.html", name=name, link=link, until=now() + valid)


def _grant(person: PersonRow, form: GrantForm) -> None:
    services.grant_role(
        db.session,
        actor=current_person(),
        now=now(),
        person=person,
        role=Role(form.role.data),
        from_at=start_of(form.from_day.data),
        until_at=end_of(form.until_day.data),
        context=context(),
    )


def _page(person: PersonRow, form: GrantForm) -> str:
    return render_template(
        "people/show.html",
        person=person,
        form=form,
        grants=queries.grants(db.session, person.id, now()),
        labels=ROLE_LABELS,
        now=now(),
    )

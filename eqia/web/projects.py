"""Projects: the list, one project, its facts and its people."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from eqia.domain.errors import Conflict, Invalid
from eqia.domain.permissions import Action, Thing
from eqia.domain.question_set_loading import load_question_sets
from eqia.domain.questions import text_in
from eqia.domain.screenings import Status
from eqia.persistence.queries import organisations, people, plans
from eqia.persistence.queries import projects as queries
from eqia.persistence.queries.register import READERS
from eqia.persistence.tables.projects import ProjectRow
from eqia.services import invitations, tokens
from eqia.services import projects as services
from eqia.web.access import Loaded, context, current_person, requires
from eqia.web.clock import now, today
from eqia.web.extensions import db
from eqia.web.forms.projects import (
    MemberForm,
    PersonForm,
    ProjectForm,
    differences,
    project_form,
    project_from,
)
from eqia.web.paging import paged

blueprint = Blueprint("projects", __name__, url_prefix="/projects")

PER_PAGE = 50
INVITATION_FOR = timedelta(days=7)


def the_project(session: Session, project_id: UUID) -> Loaded | None:
    """Find the project a page is about, with what permissions depend on."""
    row = queries.get(session, project_id)
    return Loaded(row, queries.thing_of(row)) if row else None


@blueprint.get("")
@requires(Action.SEE_HOME)
def index() -> str:
    """List your projects, or all of them for those who oversee them."""
    person = current_person()
    oversees = bool(person.roles & READERS)
    total = queries.count(db.session) if oversees else 0
    page, pages = paged(request.args.get("page", type=int), total, PER_PAGE)
    offset = (page - 1) * PER_PAGE
    return render_template(
        "projects/index.html",
        mine=queries.of_person(db.session, person.id),
        every=queries.every(db.session, limit=PER_PAGE, offset=offset) if oversees else None,
        page=page,
        pages=pages,
    )


@blueprint.route("/new", methods=["GET", "POST"])
@requires(Action.START_PROJECT)
def new() -> str | Response | tuple[str, int]:
    """Start a project."""
    form = project_form(bodies=_bodies(), sets=_sets())
    if not form.is_submitted():
        form.token.data = tokens.new_token()
        return render_template("projects/new.html", form=form)
    if form.validate():
        try:
            row = services.create(
                db.session,
                actor=current_person(),
                now=now(),
                project=project_from(form),
                token=form.token.data or tokens.new_token(),
                context=context(),
            )
            return redirect(url_for("projects.show", project_id=row.id))
        except Invalid as refusal:
            form.refuse(refusal.problems)
    return render_template("projects/new.html", form=form), 422


@blueprint.get("/<uuid:project_id>")
@requires(Action.READ_PROJECT, load=the_project)
def show(project: ProjectRow) -> str:
    """Show one project: what it is, who is in it, its screenings."""
    screenings = queries.screenings(db.session, project.id)
    signed = next((row for row in screenings if row.status is Status.SIGNED), None)
    return render_template(
        "projects/show.html",
        project=project,
        thing=queries.thing_of(project),
        members=queries.members(db.session, project.id),
        screenings=screenings,
        plans=plans.of_project(db.session, project.id),
        signed=signed,
        signed_thing=Thing(project.id, signed.status) if signed else None,
        deciding=[_bodies().get(code, code) for code in project.bodies],
        sets=_sets(),
        today=today(),
    )


@blueprint.route("/<uuid:project_id>/edit", methods=["GET", "POST"])
@requires(Action.EDIT_PROJECT, load=the_project)
def edit(project: ProjectRow) -> str | Response | tuple[str, int]:
    """Change a project's facts."""
    form = project_form(bodies=_bodies(), sets=_sets(), row=project)
    if not form.is_submitted():
        return render_template("projects/edit.html", form=form, project=project, differing=())
    if not form.validate():
        page = render_template("projects/edit.html", form=form, project=project, differing=())
        return page, 422
    try:
        services.update(
            db.session,
            actor=current_person(),
            now=now(),
            row=project,
            version=form.version.data,
            project=project_from(form),
            context=context(),
        )
    except Conflict:
        return _conflict(form, project)
    except Invalid as refusal:
        form.refuse(refusal.problems)
        page = render_template("projects/edit.html", form=form, project=project, differing=())
        return page, 422
    return redirect(url_for("projects.show", project_id=project.id))


@blueprint.route("/<uuid:project_id>/people", methods=["GET", "POST"])
@requires(Action.INVITE_MEMBER, load=the_project)
def members(project: ProjectRow) -> str | tuple[str, int]:
    """Invite somebody to write with you: at once if they have an account, else by a link."""
    form = MemberForm()
    if not form.is_submitted():
        return _members_page(project, form)
    if form.validate():
        try:
            invited = _invite(project, form)
            return _members_page(project, MemberForm(formdata=None), invited=invited)
        except Invalid as refusal:
            form.refuse(refusal.problems)
    return _members_page(project, form), 422


@blueprint.post("/<uuid:project_id>/people/change")
@requires(Action.INVITE_MEMBER, load=the_project)
def change_member(project: ProjectRow) -> Response | tuple[str, int]:
    """Make a member the lead, or take them out."""
    form = PersonForm()
    if not form.validate():
        return _members_page(project, MemberForm(formdata=None), problems=form.problems), 422
    acts = {"lead": services.change_lead, "leave": services.end_membership}
    acts[form.act.data](
        db.session,
        actor=current_person(),
        now=now(),
        row=project,
        person_id=form.person.data,
        context=context(),
    )
    flash("The people in this project were changed.", "success")
    return redirect(url_for("projects.members", project_id=project.id))


def _bodies() -> dict[str, str]:
    return {row.code: row.name for row in organisations.bodies(db.session)}


def _sets() -> dict[str, str]:
    return {s.id: text_in(s.title) for s in load_question_sets().values()}


def _conflict(form: ProjectForm, project: ProjectRow) -> tuple[str, int]:
    db.session.refresh(project)
    differing = differences(form, project)
    form.version.data = project.version
    form.version.typed = None
    page = render_template("projects/edit.html", form=form, project=project, differing=differing)
    return page, 409


@dataclass(frozen=True, slots=True)
class Invited:
    """Who was let in, and the link to send them if they have no account yet."""

    name: str
    link: str = ""
    expires: datetime | None = None


def _invite(project: ProjectRow, form: MemberForm) -> Invited:
    actor, moment = current_person(), now()
    person = people.by_email(db.session, form.email.data.casefold())
    if person is not None:
        services.add_member(
            db.session, actor=actor, now=moment, row=project, person=person, context=context()
        )
        return Invited(person.name)
    token = invitations.invite_to_project(
        db.session,
        actor=actor,
        now=moment,
        project=project,
        name=form.name.data,
        email=form.email.data,
        valid=INVITATION_FOR,
        context=context(),
    )
    link = url_for("account.invitation", token=token, _external=True)
    return Invited(form.name.data, link, moment + INVITATION_FOR)


def _members_page(
    project: ProjectRow,
    form: MemberForm,
    *,
    invited: Invited | None = None,
    problems: Sequence[Mapping[str, str]] = (),
) -> str:
    return render_template(
        "projects/members.html",
        project=project,
        members=queries.members(db.session, project.id),
        form=form,
        invited=invited,
        problems=problems,
    )

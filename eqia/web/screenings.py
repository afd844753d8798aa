"""Pages of a project team's screening: start, task list, questions, check, send."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from eqia.domain.errors import Conflict, Invalid, NotFound, Problem
from eqia.domain.journeys import Page
from eqia.domain.permissions import Action
from eqia.domain.questions import text_in
from eqia.domain.versions import set_changes
from eqia.persistence.queries import projects as project_queries
from eqia.persistence.queries import screenings as queries
from eqia.persistence.tables.projects import ProjectRow
from eqia.persistence.tables.screenings import ScreeningRow
from eqia.services import question_sets, submissions
from eqia.services import screenings as services
from eqia.services.tokens import new_token
from eqia.web import question_pages
from eqia.web.access import allowed, requires
from eqia.web.acts import by
from eqia.web.answer_cards import cards_of, problem_links
from eqia.web.clock import now
from eqia.web.drafts import Draft, comments_listed, draft_of, page_href
from eqia.web.extensions import db
from eqia.web.forms.acts import NewVersionForm, ReasonForm, SectionForm, StartForm, SubmitForm
from eqia.web.loaders import the_screening
from eqia.web.outcome_panels import panel_of
from eqia.web.projects import the_project
from eqia.web.question_pages import Answer, status_of
from eqia.web.task_lists import task_list
from eqia.web.wording import say

blueprint = Blueprint("screenings", __name__, url_prefix="/screenings")


@blueprint.route("/new/<uuid:project_id>", methods=["GET", "POST"])
@requires(Action.START_SCREENING, load=the_project)
def new(project: ProjectRow) -> Answer:
    """Start the screening of a project."""
    asked = question_sets.current(db.session, project.question_set_id, now())
    form = StartForm(data={"token": new_token()})
    form.offer(asked.languages)
    if form.validate_on_submit():
        row = services.start(
            db.session,
            project=project,
            question_set_id=asked.id,
            language=form.chosen,
            token=form["token"].data or new_token(),
            **by(),
        )
        return redirect(url_for(".show", screening_id=row.id))
    words = {"set_title": text_in(asked.title), "short_path": asked.id_for("short_path")}
    page = render_template("screenings/new.html", form=form, project=project, **words)
    return page, status_of(form)


@blueprint.get("/<uuid:screening_id>")
@requires(Action.READ_SCREENING, load=the_screening)
def show(screening: ScreeningRow) -> Answer:
    """Show the task list of a draft, or where a sent screening stands."""
    draft = draft_of(db.session, screening)
    newer = services.newer_questions(db.session, screening, now()) if draft.editable else None
    return render_template(
        "screenings/show.html",
        draft=draft,
        tasks=task_list(draft),
        closed=bool(draft.closed),
        panel=panel_of(draft, changes=True),
        newer=newer,
        project=project_queries.get(db.session, screening.project_id),
        versions=queries.versions(db.session, screening.reference),
        submitter=queries.name_of(db.session, screening.submitted_by),
        permitted=_permitted(screening),
        returned=queries.last_return(db.session, screening),
        asked_for=comments_listed(draft),
    )


def _permitted(screening: ScreeningRow) -> frozenset[str]:
    """List what the reader may do to it now."""
    thing = queries.thing_of(db.session, screening)
    acts = (
        Action.EDIT_SCREENING,
        Action.SUBMIT,
        Action.WITHDRAW,
        Action.NEW_VERSION,
        Action.COMMENT,
        Action.CONFIRM,
        Action.SIGN_OFF,
        Action.READ_RECORD,
        Action.SEE_EVENTS,
        Action.READ_PROJECT,
    )
    return frozenset(act.value for act in acts if allowed(act, thing))


@blueprint.route("/<uuid:screening_id>/pages/<page_id>", methods=["GET", "POST"])
@requires(Action.EDIT_SCREENING, load=the_screening)
def page(screening: ScreeningRow, page_id: str) -> Answer:
    """Ask the questions of one page, and save whatever comes back."""
    draft = draft_of(db.session, screening)
    found = draft.page(page_id)
    if found is None or not found.questions:
        return _no_such_page(draft, found)
    if request.method == "GET" and found.section in draft.closed:
        return redirect(url_for(".show", screening_id=screening.id))
    form = question_pages.form_for(draft, found)
    if not form.is_submitted():
        return question_pages.show(draft, found, form)
    form.validate()
    return question_pages.save(draft, found, form)


def _no_such_page(draft: Draft, found: Page | None) -> Response:
    """Go where a page without questions leads; a page that is gone loses nothing typed on it."""
    if request.method == "POST":
        raise Conflict("The answers have changed, and this page is no longer part of the form.")
    target = page_href(draft.row, found) if found else url_for(".show", screening_id=draft.row.id)
    return redirect(target)


@blueprint.route("/<uuid:screening_id>/sections/<section>", methods=["GET", "POST"])
@requires(Action.EDIT_SCREENING, load=the_screening)
def section(screening: ScreeningRow, section: str) -> Answer:
    """Check the answers of one section, and say whether it is completed."""
    draft = draft_of(db.session, screening)
    progress = next((one for one in draft.progress if one.section.id == section), None)
    if progress is None:
        raise NotFound("There is no such section.")
    form = SectionForm.spoken(draft.language)()
    if form.holds(len(progress.missing)):
        services.complete_section(
            db.session,
            screening=screening,
            section=section,
            completed=form["completed"].data == "yes",
            **by(),
        )
        return redirect(url_for(".show", screening_id=screening.id))
    html = render_template(
        "screenings/section.html",
        draft=draft,
        progress=progress,
        form=form,
        cards=cards_of(draft, section),
        panel=panel_of(draft, changes=True),
    )
    return html, status_of(form)


@blueprint.get("/<uuid:screening_id>/check")
@requires(Action.READ_SCREENING, load=the_screening)
def check(screening: ScreeningRow) -> Answer:
    """Check every answer before sending, or read them once sent."""
    draft = draft_of(db.session, screening)
    cards = [(one.section, cards_of(draft, one.section.id)) for one in draft.progress]
    return render_template(
        "screenings/check.html",
        draft=draft,
        cards=cards,
        panel=panel_of(draft, changes=True),
        permitted=_permitted(screening),
    )


@blueprint.route("/<uuid:screening_id>/submit", methods=["GET", "POST"])
@requires(Action.SUBMIT, load=the_screening)
def submit(screening: ScreeningRow) -> Answer:
    """Send a complete screening to review."""
    form = SubmitForm.spoken(screening.language)(
        data={"token": new_token(), "version": screening.version}
    )
    form.ask_to_confirm(newer=screening.previous_id is not None)
    problems: tuple[Problem, ...] = ()
    if form.validate_on_submit():
        try:
            _send(screening, form)
        except Invalid as refusal:
            problems = refusal.problems
        else:
            flash(say(screening.language, "done_sent"), "success")
            return redirect(url_for(".show", screening_id=screening.id))
    return _submit_page(screening, form, problems)


def _send(screening: ScreeningRow, form: SubmitForm) -> None:
    services.submit(
        db.session,
        screening=screening,
        token=form["token"].data or new_token(),
        version=form["version"].data,
        **by(),
    )


def _submit_page(
    screening: ScreeningRow, form: SubmitForm, refused: tuple[Problem, ...]
) -> tuple[str, int]:
    draft = draft_of(db.session, screening)
    standing = submissions.problems_of(
        db.session, screening, submissions.sheet_of(db.session, screening)
    )
    html = render_template(
        "screenings/submit.html",
        draft=draft,
        form=form,
        problems=problem_links(draft, standing),
        refused=bool(refused),
        panel=panel_of(draft, changes=True),
    )
    return html, 422 if refused else status_of(form)


@blueprint.route("/<uuid:screening_id>/stop", methods=["GET", "POST"])
@requires(Action.EDIT_SCREENING, load=the_screening)
def stop(screening: ScreeningRow) -> Answer:
    """Stop here and go to the full assessment, or take that back."""
    draft = draft_of(db.session, screening)
    form = ReasonForm.spoken(screening.language)()
    if form.pressed("go_on"):
        services.go_on_in_full(db.session, screening=screening, **by())
        return redirect(url_for(".show", screening_id=screening.id))
    if form.validate_on_submit():
        services.stop_here(
            db.session, screening=screening, reason=form["reason"].data or "", **by()
        )
        flash(draft.say("done_stopped"), "success")
        return redirect(url_for(".show", screening_id=screening.id))
    if form.is_submitted() and not draft.may_stop:
        # It is stopped by now, or cannot be: there is no box any more that a message could name.
        return redirect(url_for(".stop", screening_id=screening.id))
    html = render_template(
        "screenings/stop.html", draft=draft, form=form, panel=panel_of(draft, changes=True)
    )
    return html, status_of(form)


@blueprint.route("/<uuid:screening_id>/withdraw", methods=["GET", "POST"])
@requires(Action.WITHDRAW, load=the_screening)
def withdraw(screening: ScreeningRow) -> Answer:
    """Withdraw a screening that is not signed."""
    form = ReasonForm.spoken(screening.language)()
    if form.validate_on_submit():
        services.withdraw(db.session, screening=screening, reason=form["reason"].data or "", **by())
        flash(say(screening.language, "done_withdrawn"), "success")
        return redirect(url_for(".show", screening_id=screening.id))
    draft = draft_of(db.session, screening)
    html = render_template("screenings/withdraw.html", draft=draft, form=form)
    return html, status_of(form)


@blueprint.route("/<uuid:screening_id>/new-version", methods=["GET", "POST"])
@requires(Action.NEW_VERSION, load=the_screening)
def new_version(screening: ScreeningRow) -> Answer:
    """Start the next version of a signed screening."""
    draft = draft_of(db.session, screening)
    form = NewVersionForm.spoken(screening.language)(data={"token": new_token()})
    form.offer({one.id: draft.text(one.title) for one in draft.asked.sections})
    if form.validate_on_submit():
        row = services.new_version(
            db.session,
            screening=screening,
            summary=form["summary"].data or "",
            sections=form["sections"].data or (),
            token=form["token"].data or new_token(),
            **by(),
        )
        return redirect(url_for(".show", screening_id=row.id))
    html = render_template("screenings/new_version.html", draft=draft, form=form)
    return html, status_of(form)


@blueprint.route("/<uuid:screening_id>/newer-questions", methods=["GET", "POST"])
@requires(Action.EDIT_SCREENING, load=the_screening)
def newer_questions(screening: ScreeningRow) -> Answer:
    """Offer a draft the questions in force today, with what is different about them."""
    if request.method == "POST":
        services.move_to_newer_questions(db.session, screening=screening, **by())
        flash(say(screening.language, "done_moved"), "success")
        return redirect(url_for(".show", screening_id=screening.id))
    draft = draft_of(db.session, screening)
    newer = services.newer_questions(db.session, screening, now())
    if newer is None:
        return redirect(url_for(".show", screening_id=screening.id))
    changes = set_changes(draft.asked, newer)
    return render_template(
        "screenings/newer_questions.html", draft=draft, newer=newer, changes=changes
    )

"""The sources of a screening: the list, one to enter, one to change or take off."""

from collections.abc import Callable
from functools import partial
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from eqia.domain.answers import shown
from eqia.domain.errors import Invalid, NotFound
from eqia.domain.evidence import KINDS, covered, web_address
from eqia.domain.journeys import Kind
from eqia.domain.permissions import Action
from eqia.domain.privacy import personal_signs
from eqia.persistence.queries import evidence as queries
from eqia.persistence.tables.screenings import ScreeningRow
from eqia.services import evidence as services
from eqia.services.tokens import new_token
from eqia.web.access import requires
from eqia.web.acts import by
from eqia.web.drafts import Draft, draft_of
from eqia.web.extensions import db
from eqia.web.forms.evidence import SourceForm, source_form, source_from
from eqia.web.loaders import the_screening
from eqia.web.outcome_panels import panel_of
from eqia.web.wording import said, say

blueprint = Blueprint("evidence", __name__, url_prefix="/screenings/<uuid:screening_id>/evidence")

Answer = str | Response | tuple[str, int]


@blueprint.get("")
@requires(Action.READ_SCREENING, load=the_screening)
def index(screening: ScreeningRow) -> Answer:
    """List the sources and the groups that none of them covers."""
    draft = draft_of(db.session, screening)
    here = next((page for page in draft.pages if page.kind is Kind.EVIDENCE), None)
    return render_template(
        "evidence/index.html",
        draft=draft,
        rows=queries.rows_of(db.session, screening),
        kinds=kinds_of(draft),
        labels=_labels(draft),
        bare=_bare(draft),
        signs=_signs(draft),
        web_address=web_address,
        section=draft.asked.id_for("evidence_section") if here else "",
        panel=panel_of(draft),
    )


def kinds_of(draft: Draft) -> dict[str, str]:
    """Word the kinds of source, in the set's own words where it has some."""
    words = {kind: said(draft.language, label) for kind, label in KINDS.items()}
    given = draft.asked.table("evidence_basis")
    for question_id in draft.asked.ids("basis"):
        question = draft.asked.question(question_id)
        words.update(
            {kind: question.label_of(code, draft.language) for kind, code in given.items()}
        )
    return words


def _labels(draft: Draft) -> dict[str, str]:
    groups = (group for one in draft.asked.groups for group in one.groups)
    return {group.id: draft.text(group.label) for group in groups}


def _bare(draft: Draft) -> list[str]:
    """Name the groups on the form that no source covers."""
    view = shown(draft.asked, draft.answers)
    labels = _labels(draft)
    rows = dict.fromkeys(row for one in draft.asked.groups for row in view.rows(one.id))
    reached = {group for source in draft.sources for group in source.groups}
    by_kind = bool(draft.asked.table("evidence_basis"))
    bare = (
        row
        for row in rows
        if not (covered(draft.asked, draft.sources, row) if by_kind else row in reached)
    )
    return [labels[row] for row in bare]


def _signs(draft: Draft) -> list[str]:
    """List what in the sources may point at a person."""
    labels = tuple(_labels(draft).values())
    texts = (text for one in draft.sources for text in (one.title, one.note, one.link))
    return list(dict.fromkeys(sign for text in texts for sign in personal_signs(text, labels)))


@blueprint.route("/new", methods=["GET", "POST"])
@requires(Action.EDIT_SCREENING, load=the_screening)
def new(screening: ScreeningRow) -> Answer:
    """Enter a source."""
    draft = draft_of(db.session, screening)
    form = source_form(draft.asked, draft.language, kinds_of(draft), token=new_token())
    if form.validate_on_submit():
        act = partial(services.add, db.session, screening=screening, token=form.token.data or "")
        if _done(form, act):
            return redirect(url_for(".index", screening_id=screening.id))
    return _shown("evidence/new.html", draft, form)


@blueprint.route("/<uuid:evidence_id>", methods=["GET", "POST"])
@requires(Action.EDIT_SCREENING, load=the_screening)
def edit(screening: ScreeningRow, evidence_id: UUID) -> Answer:
    """Change a source, or take it off the list."""
    draft = draft_of(db.session, screening)
    row = queries.get(db.session, screening, evidence_id)
    if row is None:
        raise NotFound("That source is no longer on the list.")
    form = source_form(draft.asked, draft.language, kinds_of(draft), source=queries.source_of(row))
    if form.validate_on_submit():
        act = partial(
            services.change,
            db.session,
            screening=screening,
            evidence_id=evidence_id,
            seen=form.seen.data or "",
        )
        if _done(form, act):
            return redirect(url_for(".index", screening_id=screening.id))
    return _shown("evidence/edit.html", draft, form, evidence_id=evidence_id)


@blueprint.post("/<uuid:evidence_id>/remove")
@requires(Action.EDIT_SCREENING, load=the_screening)
def remove(screening: ScreeningRow, evidence_id: UUID) -> Answer:
    """Take a source off the list."""
    services.remove(db.session, screening=screening, evidence_id=evidence_id, **by())
    flash(say(screening.language, "done_source_off"), "success")
    return redirect(url_for(".index", screening_id=screening.id))


def _done(form: SourceForm, act: Callable[..., object]) -> bool:
    """Do an act with the source as typed; refusals go beside the fields they are about."""
    try:
        act(source=source_from(form), **by())
    except Invalid as refusal:
        form.refuse(refusal.problems)
        return False
    flash(form.say("done_source"), "success")
    return True


def _shown(template: str, draft: Draft, form: SourceForm, **values: object) -> tuple[str, int]:
    html = render_template(template, draft=draft, form=form, **values)
    return html, 422 if form.problems else 200

"""One page of the questions: shown, saved, warned about, or in conflict."""

from flask import flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from eqia.domain.edits import Edit, Typed
from eqia.domain.errors import Conflict
from eqia.domain.journeys import Page, next_page, previous_page
from eqia.domain.privacy import personal_signs
from eqia.domain.questions import text_in
from eqia.persistence.queries import screenings as queries
from eqia.persistence.tables.screenings import ScreeningRow
from eqia.services import evidence
from eqia.services import screenings as services
from eqia.web.acts import by
from eqia.web.drafts import Draft, draft_of, page_href
from eqia.web.extensions import db
from eqia.web.forms.edits import edit_from
from eqia.web.forms.fields import Form
from eqia.web.forms.screenings import page_form
from eqia.web.outcome_panels import panel_of
from eqia.web.page_layouts import blocks_of, effect_of, heading_of, intro_of
from eqia.web.words import lines_of

Answer = str | Response | tuple[str, int]


def form_for(draft: Draft, found: Page) -> Form:
    """Build the form of a page, filled with what is stored."""
    saved = draft.sections.get(found.section)
    version = saved.version if saved else 0
    texts = {place: draft.typed.get(place, Typed()) for place in _places(found)}
    warned = bool(_signs(draft, Edit(found.section, version, texts)))
    return page_form(draft.sheet, found, version=version, warned=warned)


def _places(found: Page) -> list[tuple[str, str]]:
    return [(q, group) for q in found.questions for group in found.groups or ("",)]


def save(draft: Draft, found: Page, form: Form) -> Answer:
    """Save what came back, complete or not, and say where that leads."""
    edit = edit_from(form, draft.sheet, found)
    edit = evidence.with_basis(db.session, draft.row, edit)
    try:
        version = services.save(
            db.session,
            screening=draft.row,
            edit=edit,
            **by(),
        )
    except Conflict as conflict:
        return _conflict(draft.row, found, form, edit, conflict)
    fresh = draft_of(db.session, draft.row)
    if form.problems:
        _carry_version(form, version)
        return show(fresh, found, form)
    return redirect(_after(fresh, found, form, edit))


def _carry_version(form: Form, version: int) -> None:
    """Let a page that is shown again carry the version it has just saved."""
    form["version"].typed, form["version"].data = None, version


def _after(draft: Draft, found: Page, form: Form, edit: Edit) -> str:
    """Choose where a saved page leads."""
    if form.pressed("later"):
        flash(draft.say("done_saved"), "success")
        return url_for("screenings.show", screening_id=draft.row.id)
    unseen = bool(_signs(draft, edit)) and form["warned"].data != "1"
    if form.stays or unseen:
        return page_href(draft.row, found)
    following = next_page(draft.pages, found.id)
    if following.section != found.section:
        return url_for("screenings.section", screening_id=draft.row.id, section=found.section)
    return page_href(draft.row, following)


def show(
    draft: Draft, found: Page, form: Form, *, status: int = 200, differing: object = ()
) -> Answer:
    """Show a page of the form; with `differing`, both texts of a conflict."""
    previous = previous_page(draft.pages, found.id)
    edit = edit_from(form, draft.sheet, found)
    html = render_template(
        "screenings/page.html",
        draft=draft,
        sheet=found,
        form=form,
        heading=heading_of(draft, found),
        intro=intro_of(draft, found),
        blocks=blocks_of(draft, found, form),
        effect=effect_of(draft, found),
        back=page_href(draft.row, previous) if previous else "",
        panel=panel_of(draft),
        signs=_signs(draft, edit),
        comments=[c for p in _places(found) for c in draft.comments.get(p, ())],
        differing=differing,
    )
    return html, status if status != 200 else status_of(form)  # noqa: PLR2004 - OK


def _signs(draft: Draft, edit: Edit) -> list[str]:
    """List what in the texts of a page may point at a person."""
    labels = [text_in(g.label, draft.language) for one in draft.asked.groups for g in one.groups]
    found: dict[str, None] = {}
    for (question, _), typed in edit.typed.items():
        if draft.asked.question(question).type in {"text", "list", "mitigation"}:
            for line in lines_of(draft.asked.question(question), typed, draft.language):
                found.update(dict.fromkeys(personal_signs(line, labels)))
    return list(found)


def _conflict(row: ScreeningRow, found: Page, form: Form, edit: Edit, conflict: Conflict) -> Answer:
    """Show both texts; saving again keeps yours, opening the page again keeps theirs."""
    fresh = draft_of(db.session, row)
    differing = [
        {
            "label": fresh.label(fresh.asked.question(place[0]), place[1] or None),
            "theirs": "\n".join(_words(fresh, place, before)),
            "yours": "\n".join(_words(fresh, place, after)),
            "who": conflict.other,
            "own": conflict.own,
        }
        for place, before, after in edit.differences(fresh.typed)
    ]
    _carry_version(form, queries.section_version(db.session, row, found.section))
    return show(fresh, found, form, status=409, differing=differing)


def _words(draft: Draft, place: tuple[str, str], typed: Typed) -> list[str]:
    return lines_of(draft.asked.question(place[0]), typed, draft.language, draft.bodies)


def status_of(form: Form) -> int:
    """Give 422 for a form with problems, else 200."""
    return 422 if form.problems else 200

"""Pages of those who publish a record and answer what the public asks about it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from flask import Blueprint, flash, redirect, render_template, url_for

from eqia.domain.errors import Conflict, Invalid, NotFound
from eqia.domain.permissions import Action
from eqia.domain.publications import parts_of
from eqia.domain.record_contents import contents
from eqia.domain.records import read
from eqia.persistence.queries import publications as queries
from eqia.persistence.queries import screenings
from eqia.persistence.tables import RecordRow, ScreeningRow
from eqia.services import look_requests
from eqia.services import publications as services
from eqia.services.records import Printing
from eqia.web import sessions
from eqia.web.access import requires
from eqia.web.acts import CONFLICT, REFUSED, Page, by, one_use
from eqia.web.extensions import db
from eqia.web.forms.publications import AnswerForm, PublishForm, UnpublishForm, publish_form
from eqia.web.records import the_record
from eqia.web.verify import seals

if TYPE_CHECKING:
    from collections.abc import Callable
    from uuid import UUID

    from eqia.web.forms.base import Form

blueprint = Blueprint("publishing", __name__, url_prefix="/records/<uuid:screening_id>")

#: What the parts of a record are called on the page where they are chosen, in order.
SECTIONS = {
    "project": "The project",
    "answers": "Answers on the form",
    "sign_off": "What the approver weighed",
    "acts": "What was done and said on the way",
    "comments": "Challenges and replies",
    "evidence": "Evidence, and what still has to be found out",
}


@blueprint.route("/publish", methods=["GET", "POST"])
@requires(Action.PUBLISH, load=the_record)
def publish(record: RecordRow) -> Page:
    """Choose part by part what is published, look at the copy, then publish it."""
    stored = read(record.canonical_json)
    parts = parts_of(stored)
    form = publish_form(parts, stored["language"])
    form.token.data = one_use(form.token.data)
    status, copy = 200, None
    if form.is_submitted() and not form.pressed("change"):
        status, done = _tried(form, lambda: _next(record, form))
        if isinstance(done, dict):
            copy = done
        elif done is not None:
            flash("This record is published.", "success")
            return redirect(_public_address(done))
    values = {"record": record, "stored": stored, "form": form}
    if copy is not None:
        page = render_template("publishing/preview.html", contents=contents(copy), **values)
        return page, status
    sections = {
        title: [part for part in parts if part.section == code] for code, title in SECTIONS.items()
    }
    live = queries.live(db.session, record.screening_id)
    page = render_template("publishing/publish.html", sections=sections, live=live, **values)
    return page, status


@blueprint.route("/unpublish", methods=["GET", "POST"])
@requires(Action.PUBLISH, load=the_record)
def unpublish(record: RecordRow) -> Page:
    """Take the public copy down."""
    screening = _screening(record)
    form, status = UnpublishForm(), 200
    if form.is_submitted():

        def act() -> object:
            reason = form.reason.data or ""
            return services.unpublish(db.session, **by(), screening=screening, reason=reason)

        status, done = _tried(form, act)
        if done is not None:
            flash("This record is not published any more.", "success")
            return redirect(url_for("records.show", screening_id=record.screening_id))
    live = queries.live(db.session, record.screening_id)
    page = render_template("publishing/unpublish.html", screening=screening, form=form, live=live)
    return page, status


@blueprint.get("/requests")
@requires(Action.READ_RECORD, load=the_record)
def requests(record: RecordRow) -> str:
    """Show what was asked about this version, and what was answered."""
    screening = _screening(record)
    return render_template(
        "publishing/requests.html",
        screening=screening,
        thing=screenings.thing_of(db.session, screening),
        requests=queries.requests_of(db.session, record.screening_id),
    )


@blueprint.route("/requests/<uuid:request_id>", methods=["GET", "POST"])
@requires(Action.ANSWER_REQUEST, load=the_record)
def answer(record: RecordRow, request_id: UUID) -> Page:
    """Answer a request for another look."""
    screening = _screening(record)
    asked = queries.request(db.session, request_id)
    if asked is None or asked.screening_id != screening.id:
        raise NotFound("There is no such request.")
    form, status = AnswerForm(), 200
    if form.is_submitted():

        def act() -> object:
            return look_requests.answer_request(
                db.session,
                **by(),
                screening=screening,
                request_id=request_id,
                answer=form.answer.data or "",
            )

        status, done = _tried(form, act)
        if done is not None:
            flash("Your answer was kept.", "success")
            return redirect(url_for("publishing.requests", screening_id=screening.id))
    given = queries.answer_to(db.session, request_id)
    page = render_template(
        "publishing/answer.html", screening=screening, asked=asked, form=form, given=given
    )
    return page, status


def _next(record: RecordRow, form: PublishForm) -> object:
    """Publish what was looked at, or make the copy to be looked at."""
    stored = read(record.canonical_json)
    what: dict[str, Any] = {
        "record": record,
        "decided": form.decided_about(parts_of(stored)),
        "printing": _printing(stored),
    }
    if not form.pressed("publish"):
        return services.draft(db.session, **by(), **what)
    return services.publish(db.session, **by(), **what, token=form.token.data or "")


def _tried(form: Form, act: Callable[[], object]) -> tuple[int, Any]:
    """Do an act whose form is valid; give the status of the answer, and what was done."""
    if not form.validate():
        return REFUSED, None
    try:
        return 200, act()
    except Invalid as refusal:
        form.refuse(refusal.problems)
        return REFUSED, None
    except Conflict as refusal:
        form.form_errors.append(refusal.message)
        return CONFLICT, None


def _screening(record: RecordRow) -> ScreeningRow:
    return db.session.get_one(ScreeningRow, record.screening_id)


def _public_address(publication: Any, *, external: bool = False) -> str:  # noqa: ANN401 - a row
    return url_for(
        "publications.show",
        reference=publication.reference,
        number=publication.number,
        _external=external,
    )


def _printing(stored: dict[str, Any]) -> Printing:
    settings = sessions.settings()
    return Printing(
        address=url_for(
            "publications.show",
            reference=stored["reference"],
            number=stored["version"],
            _external=True,
        ),
        font_folder=Path(settings.font_folder) if settings.font_folder else None,
        production=settings.production,
        seals=seals(),
        verify_address=url_for("verify.index", _external=True),
    )

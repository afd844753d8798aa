"""What the pages of acts on a screening share: the form, the act, its refusals, the way back."""

import re
from collections.abc import Callable
from datetime import datetime
from functools import wraps
from typing import Any, TypedDict

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from eqia.domain.errors import Conflict, Invalid, NotAllowed
from eqia.domain.events import Context
from eqia.domain.people import Person
from eqia.persistence.tables.screenings import ScreeningRow
from eqia.services import tokens
from eqia.web import sessions
from eqia.web.access import View, context, current_person
from eqia.web.clock import now, today
from eqia.web.extensions import db
from eqia.web.forms.base import Form
from eqia.web.review_pages import ReviewPage

#: Where on the review page the comments on the whole are.
GENERAL = "general-comments"
REVIEW = "reviews.show"
DONE, CONFLICT, REFUSED = 302, 409, 422
Page = str | Response | tuple[str, int]
Act = Callable[[], object]
#: the shape of a submit token
_TOKEN = re.compile(r"[A-Za-z0-9_-]{1,64}")


def counts_once(view: View) -> View:
    """Show what the first click did when a form is sent again, though nothing is to do any more."""

    @wraps(view)
    def first(**values: Any) -> Any:  # noqa: ANN401 - whatever the address and page hold
        if _was_taken():
            return redirect(url_for(REVIEW, screening_id=values["screening_id"]))
        try:
            return view(**values)
        except NotAllowed:
            # The first click may have been taken after we looked; look with fresh eyes.
            db.session.rollback()
            if _was_taken():
                return redirect(url_for(REVIEW, screening_id=values["screening_id"]))
            raise

    return first


def _was_taken() -> bool:
    """Whether the form now posted was taken already."""
    token = request.form.get("token", "") if request.method == "POST" else ""
    if not _TOKEN.fullmatch(token) or sessions.signed_in() is None:
        return False
    return tokens.result_of(db.session, token=token, actor=current_person()) is not None


def one_use(posted: str | None) -> str:
    """Keep the token a form came with, or make one; an odd one counts as none."""
    return posted if posted and _TOKEN.fullmatch(posted) else tokens.new_token()


def acted(
    name: str,
    page: ReviewPage,
    form: Form,
    act: Act,
    said: str,
    *,
    anchor: str = "",
    to: str = REVIEW,
    newest: Callable[[], int] | None = None,
    **values: object,
) -> Page:
    """Show the form of an act, or do it; what is refused comes back with everything typed.

    `newest` gives the version to send a form again with that somebody else overtook.
    """
    status = 200
    if form.is_submitted():
        status = tried(form, act, newest or (lambda: page.screening.version))
        if status == DONE:
            flash(said, "success")
            return redirect(back(page.screening, anchor, to))
    html = render_template(f"{name}.html", page=page, form=form, today=today(), **values)
    return html, status


def tried(form: Form, act: Act, newest: Callable[[], int]) -> int:
    """Do an act whose form is valid; give the status of the answer."""
    if not form.validate():
        return REFUSED
    try:
        act()
    except Invalid as refusal:
        form.refuse(refusal.problems)
        return REFUSED
    except Conflict as refusal:
        form.form_errors.append(refusal.message)
        if "version" in form:
            form.version.data, form.version.typed = newest(), None
        return CONFLICT
    return DONE


class By(TypedDict):
    """Who acts, when and from where."""

    actor: Person
    now: datetime
    context: Context


def by() -> By:
    """Say who acts, when and from where."""
    return {"actor": current_person(), "now": now(), "context": context()}


def back(screening: ScreeningRow, anchor: str = "", to: str = REVIEW) -> str:
    """Give the way back to the page the act was on."""
    return url_for(to, screening_id=screening.id, _anchor=anchor or None)

"""The demonstration's own door: be anybody in it with one click.

Registered by `eqia demo` alone.
"""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from flask import Blueprint, abort, redirect, request
from werkzeug.wrappers import Response

from eqia.domain.permissions import Action
from eqia.persistence.database import writing
from eqia.persistence.queries import people
from eqia.persistence.tables.people import PersonRow
from eqia.services import accounts
from eqia.web import kept, sessions
from eqia.web.access import current_person, public, requires
from eqia.web.clock import now
from eqia.web.extensions import db

blueprint = Blueprint("demonstration", __name__, url_prefix="/demonstration")


@blueprint.post("/be/<uuid:person_id>")
@public
def be(person_id: UUID) -> Response:
    """Sign in as this person, and go on to the page that was asked for."""
    row = db.session.get(PersonRow, person_id)
    if row is None or not row.active:
        abort(404)
    _enter(row)
    target = kept.safe_address(request.form.get("next"))
    return redirect(kept.keep(row.id, target, kept.carried()))


@blueprint.post("/confirm")
@requires(Action.MANAGE_OWN_ACCOUNT)
def confirm() -> Response:
    """Let one labelled click stand for the password nobody has here."""
    _enter(db.session.get_one(PersonRow, current_person().id))
    return redirect(kept.safe_address(request.form.get("next")))


def _enter(row: PersonRow) -> None:
    with writing(db.session):
        token = accounts.start_session(
            db.session, person=row, now=now(), browser=sessions.browser(), methods="demonstration"
        )
    sessions.remember(token)


@blueprint.app_context_processor
def _folk() -> dict[str, Any]:
    return {"demonstration_people": _people}


def _people() -> Sequence[PersonRow]:
    """List everybody in the demonstration, for the sign-in page."""
    return people.everybody(db.session)

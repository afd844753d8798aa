"""The demonstration's own door: be anybody in it with one click.

Registered by `eqia demo` alone.
"""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from flask import Blueprint, abort, redirect, request
from werkzeug.wrappers import Response

from eqia.persistence.database import writing
from eqia.persistence.queries import people
from eqia.persistence.tables.people import PersonRow
from eqia.services import accounts
from eqia.web.access import public
from eqia.web.clock import now
from eqia.web.extensions import db
from eqia.web.kept import safe_address
from eqia.web.sessions import remember

blueprint = Blueprint("demonstration", __name__, url_prefix="/demonstration")


@blueprint.post("/be/<uuid:person_id>")
@public
def be(person_id: UUID) -> Response:
    """Sign in as this person; the same click proves again who they are."""
    row = db.session.get(PersonRow, person_id)
    if row is None or not row.active:
        abort(404)
    browser = accounts.Browser("Demonstration", request.remote_addr or "")
    with writing(db.session):
        token = accounts.start_session(
            db.session, person=row, now=now(), browser=browser, methods="demonstration"
        )
    remember(token)
    return redirect(safe_address(request.form.get("next")))


@blueprint.app_context_processor
def _folk() -> dict[str, Any]:
    return {"demonstration_people": _people}


def _people() -> Sequence[PersonRow]:
    """List everybody in the demonstration, for the sign-in page."""
    return people.everybody(db.session)

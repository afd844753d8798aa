"""The page where anyone, signed in or not, has the file of a record checked."""

from datetime import timedelta
from pathlib import Path
from threading import BoundedSemaphore

from flask import Blueprint, Response, current_app, make_response, render_template, request
from werkzeug.exceptions import RequestEntityTooLarge

from eqia.domain.errors import NotFound
from eqia.domain.examinations import MOST_BYTES, TROUBLES, Trouble
from eqia.domain.verdicts import Overall
from eqia.services import verifications
from eqia.services.seals import Seals
from eqia.web import clock
from eqia.web.access import public
from eqia.web.extensions import csrf, db
from eqia.web.forms.verify import VerifyForm
from eqia.web.limits import Turns
from eqia.web.sessions import settings

blueprint = Blueprint("verify", __name__, url_prefix="/verify")
# A check changes nothing, and the token would be looked for before the size of the file is.
csrf.exempt(blueprint)

#: files that one sender may have checked, and in what time
MOST_FILES = 20
PERIOD = timedelta(minutes=10)
#: files that are looked over at the same time, each in a process of its own
AT_ONCE = 2
#: a short wait, since whoever waits keeps others from the service
PATIENCE_SECONDS = 3
#: what stands around the file in the request
_AROUND = 64_000

turns = Turns(MOST_FILES, PERIOD)
places = BoundedSemaphore(AT_ONCE)


def seals() -> Seals:
    """Give the seal of this instance."""
    found: Seals = current_app.extensions["seals"]
    return found


@blueprint.route("", methods=["GET", "POST"])
@public
def index() -> Response:
    """Ask for a file, check it, say what came of it, and forget the file."""
    request.max_content_length = MOST_BYTES + _AROUND
    try:
        form = VerifyForm()
    except RequestEntityTooLarge:
        return _too_large()
    if not form.is_submitted():
        return _page(form, 200)
    if not form.validate():
        return _page(form, 422)
    wait = turns.wait(request.remote_addr or "", clock.now())
    if wait:
        form.file.refuse("You have had many files checked. Wait a few minutes, then try again")
        return _page(form, 429, wait)
    return _checked(form)


@blueprint.get("/certificates.pem")
@public
def certificates() -> Response:
    """Give the certificates of the seal, in use and retired, for anyone to check with."""
    if not seals().certificates:
        raise NotFound("Records are signed here without a seal.")
    response = Response(seals().certificates_as_text(), mimetype="application/x-pem-file")
    response.headers["Content-Disposition"] = 'attachment; filename="seal-certificates.pem"'
    return response


def _checked(form: VerifyForm) -> Response:
    if not places.acquire(timeout=PATIENCE_SECONDS):
        form.file.refuse("Many files are being checked just now. Wait a minute, then try again")
        return _page(form, 503, 60)
    try:
        folder = settings().font_folder
        found = verifications.verify(
            db.session,
            form.file.data,
            seals=seals(),
            font_folder=Path(folder) if folder else None,
        )
    finally:
        places.release()
    if found.verdict.overall is Overall.UNUSABLE:
        form.file.refuse(found.verdict.headline.removesuffix("."))
        return _page(form, 413 if found.seen.trouble is Trouble.TOO_LARGE else 422)
    return make_response(
        render_template("verify/verdict.html", found=found, file_name=form.file.file_name)
    )


def _too_large() -> Response:
    """Say at the box what is wrong with a file too large to be read at all."""
    form = VerifyForm(formdata=None)
    form.file.refuse(TROUBLES[Trouble.TOO_LARGE])
    return _page(form, 413)


def _page(form: VerifyForm, status: int, wait: int = 0) -> Response:
    known = list(seals().known.values())
    page = render_template("verify/index.html", form=form, known=known)
    return make_response(page, status, {"Retry-After": str(wait)} if wait else {})

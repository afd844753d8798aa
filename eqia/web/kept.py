"""What somebody typed is kept: through a session that ended, and through a page that failed."""

from collections.abc import Sequence
from urllib.parse import parse_qsl, urlencode, urlsplit
from uuid import UUID

from flask import current_app, redirect, render_template, request, url_for
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect
from werkzeug.wrappers import Response

from eqia.persistence.queries import kept_forms as queries
from eqia.services import kept_forms
from eqia.web import clock
from eqia.web.extensions import db
from eqia.web.forms.account import SignInForm
from eqia.web.forms.simple import presentable

Pairs = Sequence[tuple[str, str]]
PREFIX = "kept-"
_NEVER_KEPT = frozenset({"csrf_token", "next"})
_HOME = "/"
#: what the server in front takes at most; beyond the 2 MB we act on, we only show it again
MOST_SHOWN = 16 * 1024 * 1024
#: no address of ours comes near; one that does would only burst a header
_LONGEST = 2_000


def typed() -> list[tuple[str, str]]:
    """List what was posted, in order, without passwords and our own hidden fields."""
    try:
        posted = list(request.form.items(multi=True))
    except HTTPException:
        # Too large or broken to read: nothing of it can be shown, and the page still must be.
        return []
    # Shown again on a page, which cannot hold a NUL or a lone surrogate.
    return [(presentable(name), presentable(value)) for name, value in posted if _may_be_kept(name)]


def typed_beyond_limit() -> list[tuple[str, str]]:
    """List what was posted when it was too much to take: shown to be copied, never acted on."""
    request.max_content_length = request.max_form_memory_size = MOST_SHOWN
    return typed()


def carried() -> list[tuple[str, str]]:
    """List what an earlier form held, carried through the sign-in page."""
    return [
        (name.removeprefix(PREFIX), value)
        for name, value in request.form.items(multi=True)
        if name.startswith(PREFIX) and _may_be_kept(name.removeprefix(PREFIX))
    ]


def sign_in_first() -> Response | tuple[str, int]:
    """Send somebody who is not signed in to the sign-in page, and keep what they posted."""
    if request.method != "POST":
        return redirect(url_for("account.sign_in", next=_this_page()))
    form = SignInForm(formdata=None, data={"next": form_page()})
    page = render_template("account/sign_in.html", form=form, carried=typed(), session_ended=True)
    return page, 401


def confirm_first(person_id: UUID) -> Response:
    """Ask a person to prove again who they are, and keep what they posted."""
    target = _this_page()
    if request.method == "POST":
        target = keep(person_id, form_page(), typed())
    return redirect(url_for("account.confirm", next=target))


def keep(person_id: UUID, target: str, pairs: Pairs) -> str:
    """Store what was typed for the page it was typed on; gives the address that refills it."""
    if not pairs:
        return target
    parts = urlsplit(target)
    kept_id = kept_forms.keep(
        db.session, person_id=person_id, path=parts.path, body=pairs, now=clock.now()
    )
    query = [pair for pair in parse_qsl(parts.query, keep_blank_values=True) if pair[0] != "kept"]
    return f"{parts.path}?{urlencode([*query, ('kept', str(kept_id))])}"


def kept_form(person_id: UUID) -> MultiDict[str, str] | None:
    """Give what this person had typed on this page before, when they come back to it."""
    try:
        kept_id = UUID(request.args.get("kept", ""))
    except ValueError:
        return None
    row = queries.kept_form(db.session, kept_id)
    if request.method != "GET" or row is None:
        return None
    if (row.person_id, row.path) != (person_id, request.path):
        return None
    return MultiDict((name, value) for name, value in row.body)


def safe_address(target: str | None) -> str:
    """Give an address on this site to go on to; anything else becomes the home page."""
    if not target or len(target) > _LONGEST or not target.isprintable() or "\\" in target:
        return _HOME
    parts = urlsplit(target)
    on_this_site = target.startswith("/") and not (
        target.startswith("//") or parts.scheme or parts.netloc
    )
    return target if on_this_site else _HOME


def form_page() -> str:
    """Find the page a posted form stands on: the same address, or the one it was sent from."""
    came_from = urlsplit(request.referrer or "")
    address = f"{came_from.path}?{came_from.query}".removesuffix("?")
    referrer = address if came_from.netloc == request.host else ""
    return next((page for page in (_this_page(), referrer) if _is_page(page)), _HOME)


def _this_page() -> str:
    return request.full_path.removesuffix("?")


def _is_page(address: str) -> bool:
    if safe_address(address) != address:
        return False
    path = urlsplit(address).path
    try:
        current_app.create_url_adapter(request).match(path, method="GET")  # type: ignore[union-attr]
    except (HTTPException, RequestRedirect):
        return False
    return True


def _may_be_kept(name: str) -> bool:
    hidden = name in _NEVER_KEPT or name.startswith(PREFIX)
    return not hidden and "password" not in name.casefold()

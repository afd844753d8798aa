"""What is published, for anyone: the list, the feed, each public copy and its files."""

from __future__ import annotations

import hashlib
import hmac
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from flask import Blueprint, Response, make_response, redirect, render_template, request, url_for
from werkzeug.exceptions import Gone

from eqia.domain.errors import Invalid, NotFound
from eqia.domain.record_contents import contents
from eqia.domain.records import moment, read
from eqia.domain.references import with_version
from eqia.persistence.queries import publications as queries
from eqia.services import look_requests
from eqia.services.look_requests import Asking, TooManyRequests
from eqia.web import sessions
from eqia.web.access import context, public
from eqia.web.acts import one_use
from eqia.web.chrome import chrome
from eqia.web.clock import now, today
from eqia.web.extensions import csrf, db
from eqia.web.forms.publications import LookForm
from eqia.web.forms.register import read_public_search
from eqia.web.limits import sender_of
from eqia.web.paging import paged
from eqia.web.sizes import in_kilobytes

if TYPE_CHECKING:
    from werkzeug.wrappers import Response as Redirect

    from eqia.persistence.tables import PublicationRow

blueprint = Blueprint("publications", __name__)
# Nobody signs in, so a forged post could do no more than any other; no cookie is needed.
csrf.exempt(blueprint)

#: a cache may show what it has for a minute before it asks again
_A_WHILE = "public, max-age=60"
_ONE = "/published/<reference>/<int(max=9999):number>"
_FEED = "https://jsonfeed.org/version/1.1"
_LONGEST_REFERENCE = 20


@blueprint.get("/published")
@public
def index() -> Response:
    """List what is published, the newest first."""
    search = read_public_search(request.args)
    total = queries.count(db.session, search.text)
    page, pages = paged(search.page, total, queries.PAGE_SIZE)
    html = render_template(
        "publications/index.html",
        search=search,
        lines=queries.page(db.session, search.text, page),
        total=total,
        page=page,
        pages=pages,
        query={"text": search.text} if search.text else {},
    )
    return _for_anyone(make_response(html, 422 if search.problems else 200))


@blueprint.get("/published.json")
@public
def feed() -> Response:
    """Give the list as a JSON feed, a page at a time."""
    search = read_public_search(request.args)
    lines = queries.page(db.session, search.text, search.page)
    told: dict[str, Any] = {
        "version": _FEED,
        "title": f"Published equality screening records: {chrome().name}",
        "home_page_url": url_for("publications.index", _external=True),
        "feed_url": url_for("publications.feed", _external=True),
        "items": [_item(line) for line in lines],
    }
    if search.page * queries.PAGE_SIZE < queries.count(db.session, search.text):
        query = {"text": search.text} if search.text else {}
        told["next_url"] = url_for(
            "publications.feed", page=search.page + 1, **query, _external=True
        )
    response = make_response(told)
    response.mimetype = "application/feed+json"
    return _for_anyone(response)


@blueprint.get(_ONE)
@public
def show(reference: str, number: int) -> Response:
    """Show a public copy from its JSON alone; only what came later is read from elsewhere."""
    publication = _the_copy(reference, number)
    copy = read(publication.canonical_json)
    html = render_template(
        "publications/show.html",
        publication=publication,
        contents=contents(copy),
        superseded=queries.is_superseded(db.session, publication),
        newer=queries.newer(db.session, publication),
        large=request.args.get("print") == "large",
        sizes={
            "pdf": in_kilobytes(len(publication.pdf)),
            "json": in_kilobytes(len(publication.canonical_json.encode())),
        },
    )
    return _for_anyone(make_response(html))


@blueprint.get(f"{_ONE}.pdf")
@public
def pdf(reference: str, number: int) -> Response:
    """Give the stored file of a public copy, byte for byte."""
    publication = _the_copy(reference, number)
    return _file(publication, publication.pdf, "application/pdf", publication.pdf_sha256)


@blueprint.get(f"{_ONE}.json")
@public
def json(reference: str, number: int) -> Response:
    """Give the stored JSON of a public copy: its SHA-256 is the copy's."""
    publication = _the_copy(reference, number)
    text = publication.canonical_json.encode()
    return _file(publication, text, "application/json", publication.sha256)


@blueprint.route(f"{_ONE}/ask", methods=["GET", "POST"])
@public
def ask(reference: str, number: int) -> Response | Redirect:
    """Ask for another look at a published record."""
    publication = _the_copy(reference, number)
    form = LookForm()
    form.token.data = one_use(form.token.data)
    status = _asked(publication, form) if form.is_submitted() else 200
    if not status:
        return redirect(url_for("publications.asked", reference=reference, number=number))
    title = read(publication.canonical_json)["organisation"]["name"]
    html = render_template(
        "publications/ask.html", publication=publication, form=form, organisation=title
    )
    return make_response(html, status)


@blueprint.get(f"{_ONE}/asked")
@public
def asked(reference: str, number: int) -> Response:
    """Say what happens with a request now."""
    publication = _the_copy(reference, number)
    return make_response(render_template("publications/asked.html", publication=publication))


@blueprint.errorhandler(Gone)
def gone(error: Gone) -> Response:
    """Say that a copy was taken down; nothing of it is shown any more."""
    return make_response(render_template("publications/gone.html", name=error.description), 410)


def _the_copy(reference: str, number: int) -> PublicationRow:
    """Find a public copy; what was never published is not there, whatever else it is."""
    plain = reference.isascii() and reference.isprintable() and len(reference) < _LONGEST_REFERENCE
    found = queries.at_address(db.session, reference, number) if plain else None
    if found is None:
        raise NotFound("There is no such page.")
    if queries.taken_down(db.session, found) is not None:
        raise Gone(description=with_version(found.reference, found.number))
    return found


def _asked(publication: PublicationRow, form: LookForm) -> int:
    """Send a request on; give the status of the form that comes back, or none."""
    if not form.validate():
        return 422
    asking = Asking(
        form.wrong.data or "", form.contact.data or "", form.token.data or "", _senders()
    )
    try:
        look_requests.ask_for_another_look(
            db.session, now=now(), publication=publication, asking=asking, context=context()
        )
    except Invalid as refusal:
        form.refuse(refusal.problems)
        return 422
    except TooManyRequests as refusal:
        form.wrong.refuse(refusal.message)
        return 429
    return 0


def _senders() -> tuple[str, str]:
    """Name the sender for yesterday and today, so that nobody can tell who it was tomorrow."""
    key = sessions.settings().secret_key.encode()
    address = sender_of(request.remote_addr or "")

    def named(days: int) -> str:
        day = (today() - timedelta(days=days)).isoformat()
        return hmac.new(key, f"look {day} {address}".encode(), hashlib.sha256).hexdigest()

    return named(1), named(0)


def _for_anyone(response: Response) -> Response:
    """Let caches keep what a stranger sees; somebody signed in has a menu of their own."""
    if sessions.signed_in() is None:
        response.headers["Cache-Control"] = _A_WHILE
    return response


def _file(publication: PublicationRow, content: bytes, mimetype: str, sha256: str) -> Response:
    kind = mimetype.rpartition("/")[2]
    name = f"{publication.reference}-v{publication.number}-public.{kind}"
    response = Response(content, mimetype=mimetype)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    response.headers["Cache-Control"] = _A_WHILE
    response.set_etag(sha256)
    response.make_conditional(request)
    return response


def _item(line: queries.Published) -> dict[str, Any]:
    row = line.publication
    name = with_version(row.reference, row.number)

    def address(endpoint: str) -> str:
        return url_for(
            f"publications.{endpoint}", reference=row.reference, number=row.number, _external=True
        )

    return {
        "id": address("show"),
        "url": address("show"),
        "title": f"{name}: {row.title}",
        "content_text": row.outcome,
        "date_published": moment(row.published_at),
        "language": row.language,
        "attachments": [
            {"url": address("pdf"), "mime_type": "application/pdf"},
            {"url": address("json"), "mime_type": "application/json"},
        ],
        "_eqia": {
            "reference": row.reference,
            "version": row.number,
            "outcome": row.outcome,
            "signed_at": moment(row.signed_at),
            "superseded": line.superseded,
            "sha256": row.sha256,
            "pdf_sha256": row.pdf_sha256,
        },
    }

"""Refusals and faults become pages, and nothing typed is lost on the way."""

import logging
from collections.abc import Callable
from dataclasses import dataclass

from flask import Flask, Response, make_response, render_template, request
from flask_login import current_user
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import DataError, DBAPIError, IntegrityError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.exceptions import HTTPException, RequestEntityTooLarge, SecurityError

from eqia.domain.errors import Conflict, Invalid, NotAllowed, NotFound, Problem, Refusal
from eqia.persistence.database import refusal_from
from eqia.web import access, kept, sessions
from eqia.web.extensions import db

log = logging.getLogger(__name__)

_RETRY_AFTER = "5"
_UNPROVEN = "We could not be sure that you sent this. Check your words, then send them again."
_FOREIGN = (
    '<!DOCTYPE html><html lang="en"><title>Bad request</title><h1>Bad request</h1>'
    "<p>This service does not answer to that host name.</p></html>"
)
_CHANGED = "Somebody else changed this while you had it open."


@dataclass(frozen=True, slots=True)
class Words:
    """What an error page says."""

    title: str
    body: str


PAGES = {
    400: Words("We could not read that request", "Go back, check what you sent, and try again."),
    403: Words("You cannot do this", "You do not have permission to use this page."),
    404: Words(
        "Page not found",
        "If you typed the address, check it. The page may have moved, or it may not be yours"
        " to see.",
    ),
    405: Words("This page cannot be used that way", "Go back and use the buttons on the page."),
    409: Words("Somebody else changed this", _CHANGED),
    413: Words(
        "That is too much to send at once",
        "Send 2 MB or less. What you saved before is safe. Send the rest in smaller parts.",
    ),
    422: Words("There is a problem", "Something you sent cannot be used."),
    429: Words("Too many tries", "Wait a little, then try again."),
    500: Words(
        "Sorry, there is a problem with the service",
        "What you saved before is safe. Try again later.",
    ),
    503: Words(
        "Sorry, the service is busy",
        "We could not reach our records just now. Wait a few seconds, then try again.",
    ),
}


def init_app(app: Flask) -> None:
    """Turn every refusal and every fault into a page."""
    for kind, handler in _HANDLERS.items():
        app.register_error_handler(kind, handler)


def _page(code: int, *, body: str = "", template: str = "error", **values: object) -> Response:
    """Write an error page; the transaction that failed is over before it asks for anything."""
    _end_reading()
    words = PAGES.get(code, PAGES[400 if code < 500 else 500])  # noqa: PLR2004 - client or server
    values = {"title": words.title, "body": body or words.body, "typed": [], **values}
    html = render_template(f"errors/{template}.html", request_id="", **values)
    return make_response(html, code)


def _end_reading() -> None:
    try:
        db.session.rollback()
    except DBAPIError:
        sessions.without_database()


def _http(error: HTTPException) -> Response:
    if error.response is not None:
        return make_response(error.response)
    code = error.code or 500
    response = _page(code if code in PAGES else 400 if code < 500 else 500)  # noqa: PLR2004
    response.status_code = code
    for name, value in error.get_headers():
        if name in {"Allow", "Retry-After"}:
            response.headers[name] = value
    return response


def _too_large(_error: RequestEntityTooLarge) -> Response:
    return _page(413, typed=kept.typed_beyond_limit())


def _foreign_host(_error: SecurityError) -> Response:
    """Answer without a single address of ours: with a foreign Host none can be built."""
    return Response(_FOREIGN, 400, content_type="text/html; charset=utf-8")


def _not_found(_refusal: NotFound) -> Response:
    # The same body as for an address that never was: it must not tell what there is.
    return _page(404)


def _not_allowed(refusal: NotAllowed) -> Response:
    return _page(403, body=refusal.message, typed=kept.typed())


def _conflict(refusal: Conflict) -> Response:
    return _page(
        409,
        body=refusal.message,
        template="conflict",
        refusal=refusal,
        typed=kept.typed(),
        back=kept.form_page(),
    )


def _invalid(refusal: Invalid) -> Response:
    return _page(
        422,
        template="invalid",
        problem_list=[{"href": "#go-back", "text": p.message} for p in refusal.problems],
        typed=kept.typed(),
        back=kept.form_page(),
    )


def _refused(refusal: Refusal) -> Response:
    return _invalid(Invalid([Problem("", refusal.message)]))


def _stale(_error: StaleDataError) -> Response:
    return _conflict(Conflict(_CHANGED))


def _csrf(_error: CSRFError) -> Response:
    """Offer to send the text again; without a session, to sign in first, with the text kept."""
    if not current_user.is_authenticated:
        return make_response(kept.sign_in_first())
    return _page(400, template="resend", body=_UNPROVEN, typed=kept.typed())


def _unavailable(error: DBAPIError | PoolTimeout | OSError) -> Response:
    """Keep the text in a form to resend, and ask the database, which is away, nothing."""
    log.error("database unavailable in request %s: %s", access.request_id(), type(error).__name__)
    sessions.without_database()
    typed = kept.typed() if request.method == "POST" else []
    html = render_template(
        "errors/resend.html", title=PAGES[503].title, body=PAGES[503].body, typed=typed
    )
    return make_response(html, 503, {"Retry-After": _RETRY_AFTER})


def _integrity(error: IntegrityError) -> Response:
    """Let a trigger's refusal speak; two people doing the same at once is a conflict."""
    refusal = refusal_from(error)
    if refusal is not None:
        return _not_allowed(NotAllowed(refusal.message, code=refusal.code))
    log.error("constraint refused request %s: %s", access.request_id(), error.orig)
    return _conflict(Conflict("This was changed at the same moment by somebody else."))


def _data(error: DataError) -> Response:
    log.error("database refused a value in request %s: %s", access.request_id(), type(error.orig))
    return _refused(Refusal(PAGES[422].body))


def _fault(error: Exception) -> Response:
    log.error("request %s failed", access.request_id(), exc_info=error)
    sessions.without_database()
    html = render_template(
        "errors/error.html",
        title=PAGES[500].title,
        body=PAGES[500].body,
        request_id=access.request_id(),
        typed=kept.typed(),
    )
    return make_response(html, 500)


_HANDLERS: dict[type[Exception] | int, Callable[..., Response]] = {
    HTTPException: _http,
    SecurityError: _foreign_host,
    RequestEntityTooLarge: _too_large,
    CSRFError: _csrf,
    NotFound: _not_found,
    NotAllowed: _not_allowed,
    Conflict: _conflict,
    Invalid: _invalid,
    Refusal: _refused,
    StaleDataError: _stale,
    IntegrityError: _integrity,
    DataError: _data,
    OperationalError: _unavailable,
    InterfaceError: _unavailable,
    PoolTimeout: _unavailable,
    # The gate before a SQLite file: the folder is gone, full or read-only.
    OSError: _unavailable,
    500: _fault,
}

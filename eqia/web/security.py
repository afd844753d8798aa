"""Headers on every answer, cookie flags, and limits on what may be sent."""

from base64 import b64encode
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

from flask import Flask, Response, request
from flask.sessions import SecureCookieSessionInterface
from markupsafe import Markup
from whitenoise import WhiteNoise

if TYPE_CHECKING:
    from wsgiref.headers import Headers

    from eqia.web.settings import Settings

#: The only inline script there is: it tells the styles that scripts run (interface.md section 9).
JS_ENABLED = Markup(
    "document.body.className += ' js-enabled' + "
    "('noModule' in HTMLScriptElement.prototype ? ' govuk-frontend-supported' : '');"
)
MOST_BYTES = 2 * 1024 * 1024
MOST_PARTS = 5_000
_A_YEAR = 31_536_000
_LOOPBACK = frozenset({"localhost", "127.0.0.1", "[::1]"})


def content_security_policy() -> str:
    """Allow our own files and the one script, and nothing else."""
    digest = b64encode(sha256(JS_ENABLED.encode()).digest()).decode()
    return (
        f"default-src 'none'; script-src 'self' 'sha256-{digest}'; style-src 'self';"
        " img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    )


_HEADERS = {
    "Content-Security-Policy": content_security_policy(),
    "X-Content-Type-Options": "nosniff",
    # The page somebody came from is ours to know, to bring them back to it; nobody else's.
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}


class CookieSessions(SecureCookieSessionInterface):
    """Flask's signed cookie, sent over HTTPS only, save on the machine itself."""

    def get_cookie_secure(self, app: Flask) -> bool:
        """Ask for HTTPS everywhere but on loopback, where there is none to be had."""
        # Not `request.host`, which raises for a host we do not answer to.
        host = request.environ.get("HTTP_HOST", "").rpartition(":")[0]
        on_loopback = host in _LOOPBACK or request.environ.get("HTTP_HOST") in _LOOPBACK
        return request.is_secure or not on_loopback or super().get_cookie_secure(app)


def secure(app: Flask, settings: "Settings") -> None:
    """Set the flags Flask leaves open, and put the headers on every answer."""
    app.session_interface = CookieSessions()
    app.config.update(
        MAX_CONTENT_LENGTH=MOST_BYTES,
        MAX_FORM_MEMORY_SIZE=MOST_BYTES,
        MAX_FORM_PARTS=MOST_PARTS,
        PERMANENT_SESSION_LIFETIME=settings.session_hours * 3600,
        SECRET_KEY=settings.secret_key,
        SECRET_KEY_FALLBACKS=list(settings.secret_key_fallbacks),
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_NAME="eqia",
        SESSION_COOKIE_SAMESITE="Lax",
        TRUSTED_HOSTS=list(settings.trusted_hosts),
        # Bound to the session, not to an hour: long answers take longer (interface.md 5.2).
        WTF_CSRF_TIME_LIMIT=None,
    )
    app.after_request(_add_headers(settings))


def serve_static_files(app: Flask) -> None:
    """Serve static files before the app is asked, for ever where the name holds the hash."""
    folder = Path(str(app.static_folder))
    app.wsgi_app = WhiteNoise(  # type: ignore[method-assign]
        app.wsgi_app,
        root=folder,
        prefix="static/",
        autorefresh=app.debug,
        allow_all_origins=False,
        immutable_file_test="/dist/",
        add_headers_function=_add_static_headers,
    )


def _add_headers(settings: "Settings") -> Callable[[Response], Response]:
    def add(response: Response) -> Response:
        for name, value in _HEADERS.items():
            response.headers.setdefault(name, value)
        if "Cache-Control" not in response.headers:
            response.headers["Cache-Control"] = "no-store"
        if settings.production and request.is_secure:
            response.headers["Strict-Transport-Security"] = f"max-age={_A_YEAR}"
        return response

    return add


def _add_static_headers(headers: "Headers", _path: str, _url: str) -> None:
    for name, value in _HEADERS.items():
        headers[name] = value

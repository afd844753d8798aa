"""What the server in front says of a request too large to be handed on: a page, in words."""

from waitress.channel import HTTPChannel
from waitress.task import ErrorTask
from waitress.utilities import RequestEntityTooLarge

_PAGE = b"""<!DOCTYPE html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>That is too much to send at once</title>
<h1>That is too much to send at once</h1>
<p>What you sent was not taken, because it is too large. What you saved before is safe.</p>
<p>The file of a record has less than 5 MB, a file with readings 10 MB or less, and other
forms take 2 MB or less.</p>
<p>Go back, and send less.</p>
</html>
"""
_HEADERS = [
    ("Content-Type", "text/html; charset=utf-8"),
    ("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'"),
    ("X-Content-Type-Options", "nosniff"),
    ("Cache-Control", "no-store"),
]


class _TooLarge(RequestEntityTooLarge):  # type: ignore[misc]  # waitress is untyped
    """The same answer, for people."""

    def to_response(self, ident: str | None = None) -> tuple[str, list[tuple[str, str]], bytes]:  # noqa: ARG002 - waitress's
        """Give status, headers and page."""
        return f"{self.code} {self.reason}", _HEADERS, _PAGE


class _InWords(ErrorTask):  # type: ignore[misc]  # waitress is untyped
    """Answers what the app never sees."""

    def execute(self) -> None:
        """Put the one error that people can bring about into words."""
        if isinstance(self.request.error, RequestEntityTooLarge):
            self.request.error = _TooLarge(self.request.error.body)
        super().execute()


class SpeakingChannel(HTTPChannel):  # type: ignore[misc]  # waitress is untyped
    """A connection that says in words why it takes no more."""

    error_task_class = _InWords

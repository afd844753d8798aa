"""A test client that proves every page it fetches sound, and every request clean.

A page: strict HTML5, one h1 the title starts with, no id twice, labels, legends, ids that
exist, links and forms that lead somewhere, the strict CSP. A request: leaves no change
uncommitted, and a GET commits none.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from werkzeug.datastructures import MultiDict

from eqia.persistence.database import writing
from eqia.services import accounts
from eqia.web import clock
from eqia.web.extensions import db
from tests.page import FormOnPage, Page, text_of
from tests.page_checks import check_page
from tests.watching import watched

if TYPE_CHECKING:
    from collections.abc import Mapping
    from uuid import UUID

    from flask import Flask

__all__ = ["CheckingClient", "FormOnPage", "Page", "check_page", "text_of", "watched"]


class CheckingClient:
    """Flask's test client with a conscience."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.raw = app.test_client()
        self.last: Page | None = None
        self.person_id: UUID | None = None

    def sign_in(self, person: Any) -> CheckingClient:
        """Be this person: a session row and its cookie, without the sign-in page."""
        with self.app.test_request_context(), writing(db.session):
            token = accounts.start_session(
                db.session, person=person, now=clock.now(), browser=accounts.Browser("Test")
            )
        with self.raw.session_transaction() as cookie:
            cookie.clear()
            cookie["token"] = token
        self.last, self.person_id = None, person.id
        return self

    def sign_out(self) -> CheckingClient:
        """Be nobody."""
        with self.raw.session_transaction() as cookie:
            cookie.clear()
        self.last, self.person_id = None, None
        return self

    def get(self, url: str, *, expect: int = 200, **options: Any) -> Page:
        return self._ask("GET", url, expect, **options)

    def post(
        self,
        url: str,
        data: Mapping[str, Any] | None = None,
        *,
        expect: int = 302,
        csrf: bool = True,
        **options: Any,
    ) -> Page:
        """Post; the last page's CSRF token goes along unless `csrf=False`."""
        sent = MultiDict(data or {})
        if csrf and "csrf_token" not in sent:
            sent["csrf_token"] = self._token()
        return self._ask("POST", url, expect, data=sent, **options)

    def submit_form(
        self,
        page: Page,
        form: FormOnPage | None = None,
        data: Mapping[str, Any] | None = None,
        *,
        button: str | None = None,
        expect: int = 302,
        **values: Any,
    ) -> Page:
        """Fill a page's form as a person would, and send it with a button (the first one)."""
        form = form or page.form()
        given = {**(data or {}), **values}
        unknown = {name for name in given if name not in form.names}
        assert not unknown, f"no such boxes on {page.url}: {sorted(unknown)}; {sorted(form.names)}"
        sent = form.values.copy()
        for name, value in given.items():
            sent.setlist(name, list(value) if isinstance(value, list | tuple) else [value])
        pressed = [pair for pair in form.buttons if pair[0] == button]
        assert button is None or pressed, f"no button {button}: {form.buttons}"
        for name, value in pressed[:1]:
            sent[name] = value
        if form.method == "get":
            return self._ask("GET", form.action, expect, query_string=sent)
        return self._ask("POST", form.action, expect, data=sent)

    def follow(self, page: Page) -> Page:
        """Go where an answer sends the browser."""
        assert page.location, f"{page.status} from {page.url} leads nowhere"
        return self.get(page.location)

    def _token(self) -> str:
        tokens = (
            []
            if self.last is None
            else re.findall(r'name="csrf_token" value="([^"]+)"', self.last.html)
        )
        if tokens:
            return str(tokens[0])
        # No page yet: take the token from any page there is.
        page = self._ask("GET", "/", None)
        page = self.follow(page) if page.location else page
        return str(re.findall(r'name="csrf_token" value="([^"]+)"', page.html)[0])

    def _ask(self, method: str, url: str, expect: int | None, **options: Any) -> Page:
        with watched(self.app) as watch:
            response = self.raw.open(url, method=method, **options)
        page = Page(response, urlsplit(url).path)
        if expect is not None:
            what = (
                f"{method} {url}: {page.status} {page.location} {page.errors if page.html else ''}"
            )
            assert page.status == expect, what
        watch.check(method, url, page.status)
        if page.is_html and page.status not in {301, 302, 303, 307, 308}:
            check_page(self.app, page)
            self.last = page
        return page

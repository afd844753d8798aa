"""A test client that proves every page it fetches sound, and every request clean.

A page: strict HTML5, one h1 the title starts with, no id twice, labels, legends, ids that
exist, links and forms that lead somewhere, the strict CSP. A request: leaves no change
uncommitted, and a GET commits none.
"""

from __future__ import annotations

import re
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import html5lib
from flask import Flask, request_finished
from sqlalchemy import event
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect

from eqia.persistence.database import writing
from eqia.services import accounts
from eqia.web import clock
from eqia.web.extensions import db
from eqia.web.security import JS_ENABLED

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from uuid import UUID
    from xml.etree.ElementTree import Element

    from werkzeug.test import TestResponse

_BOXES = ("input", "select", "textarea")
_UNLABELLED = frozenset({"hidden", "submit", "button", "image", "reset"})
_POINTERS = ("aria-labelledby", "aria-describedby", "aria-controls", "aria-owns", "aria-details")
_WRITES = re.compile(r"\s*(?:insert\s+into|update|delete\s+from)\s+\"?(\w+)", re.IGNORECASE)
#: The session layer notes that somebody is still there, whatever the page does.
_MAY_BE_WRITTEN_BY_GET = frozenset({"person_session"})
_SUCCESS = 400
_INVALID = 422


def text_of(element: Element) -> str:
    """The text of an element, white space folded."""
    return " ".join("".join(element.itertext()).split())


@dataclass(frozen=True)
class FormOnPage:
    """A form as a browser sees it."""

    action: str
    method: str
    #: what a browser would send without anybody touching it
    values: MultiDict[str, str]
    #: every name that can be sent, buttons among them
    names: frozenset[str]
    #: name and value of each button, in order
    buttons: tuple[tuple[str, str], ...]
    #: name -> values that can be chosen, for radios, checkboxes and lists
    choices: Mapping[str, tuple[str, ...]]
    hidden: frozenset[str]
    element: Element = field(repr=False)


class Page:
    """What came back, parsed."""

    def __init__(self, response: TestResponse, url: str) -> None:
        self.response = response
        self.status = response.status_code
        self.headers = response.headers
        self.url = url
        self.is_html = response.mimetype == "text/html" and bool(response.data)
        self.html = response.get_data(as_text=True) if self.is_html else ""
        self._tree: Element | None = None

    @property
    def location(self) -> str:
        """Path and query the answer sends the browser to."""
        parts = urlsplit(self.headers.get("Location", ""))
        return parts.path + (f"?{parts.query}" if parts.query else "")

    @property
    def tree(self) -> Element:
        if self._tree is None:
            parser = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False)
            self._tree = parser.parse(self.html)
        return self._tree

    @property
    def text(self) -> str:
        """All words of the main part."""
        return text_of(next(self.tree.iter("main")))

    @property
    def title(self) -> str:
        return text_of(next(self.tree.iter("title")))

    @property
    def h1(self) -> str:
        return text_of(next(self.tree.iter("h1")))

    @property
    def errors(self) -> list[str]:
        """The messages of the error summary."""
        summaries = self.having_class("govuk-error-summary")
        return [text_of(item) for one in summaries for item in one.iter("li")]

    @property
    def links(self) -> dict[str, str]:
        """Text -> address of every link."""
        return {text_of(a): a.get("href", "") for a in self.tree.iter("a")}

    @property
    def forms(self) -> list[FormOnPage]:
        return [_read_form(form, self.url) for form in self.tree.iter("form")]

    def form(self, action: str | None = None) -> FormOnPage:
        """The form of the main part, or the one with an action ending so."""
        main = next(self.tree.iter("main"))
        found = [_read_form(one, self.url) for one in main.iter("form")]
        if action is not None:
            found = [one for one in found if urlsplit(one.action).path.endswith(action)]
        else:
            found = [one for one in found if one.method == "post"] or found
        assert found, f"no form {action or ''} on {self.url}: {self.h1}"
        return found[0]

    def having_class(self, name: str) -> list[Element]:
        return [e for e in self.tree.iter() if name in (e.get("class") or "").split()]


def _read_form(form: Element, page_url: str) -> FormOnPage:
    boxes = [box for box in form.iter() if box.get("name") and box.tag in {*_BOXES, "button"}]
    buttons = [box for box in boxes if box.tag == "button" or box.get("type") == "submit"]
    values: MultiDict[str, str] = MultiDict()
    choices: dict[str, tuple[str, ...]] = {}
    for box in boxes:
        name = box.get("name", "")
        if box not in buttons:
            for value in _sent(box):
                values.add(name, value)
            if offered := _offered(box):
                choices[name] = (*choices.get(name, ()), *offered)
    return FormOnPage(
        action=form.get("action") or page_url,
        method=(form.get("method") or "get").lower(),
        values=values,
        names=frozenset(box.get("name", "") for box in boxes),
        buttons=tuple((box.get("name", ""), box.get("value", "")) for box in buttons),
        choices=choices,
        hidden=frozenset(box.get("name", "") for box in boxes if box.get("type") == "hidden"),
        element=form,
    )


def _offered(box: Element) -> list[str]:
    """The values a box lets somebody choose from."""
    if box.tag == "select":
        return [option.get("value", text_of(option)) for option in box.iter("option")]
    return [box.get("value", "on")] if box.get("type") in {"radio", "checkbox"} else []


def _sent(box: Element) -> list[str]:
    """What a browser sends for a box nobody touched."""
    if box.get("disabled") is not None:
        return []
    if box.tag == "textarea":
        return ["".join(box.itertext()).replace("\n", "\r\n")]
    if box.tag == "select":
        options = list(box.iter("option"))
        chosen = [o for o in options if o.get("selected") is not None] or options[:1]
        return [o.get("value", text_of(o)) for o in chosen]
    if box.get("type") in {"radio", "checkbox"} and box.get("checked") is None:
        return []
    return [box.get("value", "on" if box.get("type") == "checkbox" else "")]


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


@dataclass
class Watch:
    """What one request did to the database."""

    pending: list[str] = field(default_factory=list)
    written: set[str] = field(default_factory=set)
    committed: set[str] = field(default_factory=set)
    undone: set[str] = field(default_factory=set)

    def check(self, method: str, url: str, status: int) -> None:
        assert not self.pending, f"{method} {url} left changes uncommitted: {self.pending}"
        if status < _SUCCESS:
            assert not self.undone, f"{method} {url} undid what it wrote: {self.undone}"
        if method == "GET":
            bad = self.committed - _MAY_BE_WRITTEN_BY_GET
            assert not bad, f"GET {url} committed changes to {bad}"

    def execute(self, _conn: Any, _cursor: Any, statement: str, *_: Any) -> None:
        found = _WRITES.match(statement)
        if found:
            self.written.add(found[1].lower())

    def commit(self, _conn: Any) -> None:
        self.committed |= self.written
        self.written.clear()

    def rollback(self, _conn: Any) -> None:
        self.undone |= self.written
        self.written.clear()

    def finished(self, _app: Flask, **_: Any) -> None:
        session = db.session
        changed = [row for row in session.dirty if session.is_modified(row)]
        self.pending += [repr(row) for row in (*session.new, *changed, *session.deleted)]


@contextmanager
def watched(app: Flask) -> Iterator[Watch]:
    """Watch what is written, committed and left behind while requests run."""
    watch = Watch()
    with app.app_context():
        engine = db.engine
    listeners = {
        "before_cursor_execute": watch.execute,
        "commit": watch.commit,
        "rollback": watch.rollback,
    }
    for name, listener in listeners.items():
        event.listen(engine, name, listener)
    request_finished.connect(watch.finished, app)
    try:
        yield watch
    finally:
        request_finished.disconnect(watch.finished, app)
        for name, listener in listeners.items():
            event.remove(engine, name, listener)


def check_page(app: Flask, page: Page) -> None:
    """Fail on the first thing wrong with a page, naming it."""
    where = f"{page.url} ({page.status})"
    _check_policy(page, where)
    _check_headings(page, where)
    ids = _check_ids(page, where)
    _check_boxes(page, where, ids)
    _check_groups(page, where)
    _check_addresses(app, page, where)


def _check_policy(page: Page, where: str) -> None:
    policy = page.headers.get("Content-Security-Policy", "")
    assert "default-src 'none'" in policy, f"{where}: no strict CSP"
    assert "unsafe" not in policy, f"{where}: {policy}"
    for element in page.tree.iter():
        tag = element.tag
        assert tag != "style", f"{where}: a style element"
        assert element.get("style") is None, f"{where}: inline style on {tag}"
        handlers = [name for name in element.attrib if str(name).startswith("on")]
        assert not handlers, f"{where}: inline {handlers} on {tag}"
        if tag == "script" and element.get("src") is None:
            assert "".join(element.itertext()) == JS_ENABLED, f"{where}: an inline script"


def _check_headings(page: Page, where: str) -> None:
    headings = list(page.tree.iter("h1"))
    assert len(headings) == 1, f"{where}: {len(headings)} h1"
    heading = text_of(headings[0])
    assert heading, f"{where}: an empty h1"
    title = page.title.removeprefix("Error: ")
    assert title.startswith(heading), f"{where}: title {title!r} does not start with {heading!r}"
    assert next(page.tree.iter("html")).get("lang"), f"{where}: no lang"
    if page.status == _INVALID:
        assert page.title.startswith("Error: "), f"{where}: invalid, but the title does not say so"
        assert page.errors, f"{where}: invalid, but no error summary"


def _check_ids(page: Page, where: str) -> set[str]:
    found = [e.get("id") for e in page.tree.iter() if e.get("id") is not None]
    twice = {one for one in found if found.count(one) > 1}
    assert not twice, f"{where}: ids used twice: {twice}"
    assert all(one and not re.search(r"\s", one) for one in found), f"{where}: an id with spaces"
    ids = set(found)
    for element in page.tree.iter():
        for name in _POINTERS:
            lost = set((element.get(name) or "").split()) - ids
            assert not lost, f"{where}: {name} points at nothing: {lost}"
        target = element.get("for")
        assert target is None or target in ids, f"{where}: a label for nothing: {target}"
        href = element.get("href") or ""
        if href.startswith("#"):
            assert href[1:] in ids, f"{where}: {href} leads nowhere"
    return ids


def _check_boxes(page: Page, where: str, ids: set[str]) -> None:
    labels = {e.get("for") for e in page.tree.iter("label") if text_of(e)}
    for box in (e for tag in _BOXES for e in page.tree.iter(tag)):
        if box.get("type") in _UNLABELLED:
            continue
        named = box.get("id") in labels or (box.get("aria-label") or "").strip()
        named = named or set((box.get("aria-labelledby") or "").split()) & ids
        assert named, f"{where}: no label for {box.get('name')}"
    for tag in ("button", "a"):
        for one in page.tree.iter(tag):
            named = text_of(one) or (one.get("aria-label") or "").strip()
            assert named, f"{where}: a {tag} without words: {one.attrib}"
    for image in page.tree.iter("img"):
        assert image.get("alt") is not None, f"{where}: an image without alt"


def _check_groups(page: Page, where: str) -> None:
    for group in page.tree.iter("fieldset"):
        first = next(iter(group), None)
        assert first is not None, f"{where}: an empty fieldset"
        assert first.tag == "legend", f"{where}: a fieldset without a legend"
        assert text_of(first), f"{where}: an empty legend"


def _check_addresses(app: Flask, page: Page, where: str) -> None:
    for form in page.forms:
        assert form.element.get("method"), f"{where}: a form without a method"
        assert _leads_somewhere(app, form.action, form.method.upper()), (
            f"{where}: a form that leads nowhere: {form.action}"
        )
        if form.method == "post":
            assert "csrf_token" in form.names, f"{where}: no CSRF token for {form.action}"
    for text, href in page.links.items():
        assert _leads_somewhere(app, href, "GET"), f"{where}: {text!r} leads nowhere: {href}"


def _leads_somewhere(app: Flask, address: str, method: str) -> bool:
    parts = urlsplit(address)
    if parts.scheme or parts.netloc or not parts.path:
        return True
    try:
        app.url_map.bind("localhost").match(parts.path, method=method)
    except RequestRedirect:
        return True
    except HTTPException:
        return False
    return True

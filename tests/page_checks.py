"""What makes a page sound, without a browser."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect

from eqia.web.security import JS_ENABLED
from eqia.web.wording import say
from tests.page import BOXES, Page, text_of

if TYPE_CHECKING:
    from flask import Flask

_UNLABELLED = frozenset({"hidden", "submit", "button", "image", "reset"})
_POINTERS = ("aria-labelledby", "aria-describedby", "aria-controls", "aria-owns", "aria-details")
_INVALID = 422
#: Forms for anybody at all, where a forged post could do no more than any other.
OPEN = frozenset({"publications.ask"})


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
    language = next(page.tree.iter("html")).get("lang")
    assert language, f"{where}: no lang"
    error = f"{say(language, 'error')}: "
    title = page.title.removeprefix(error)
    assert title.startswith(heading), f"{where}: title {title!r} does not start with {heading!r}"
    if page.status == _INVALID:
        assert page.title.startswith(error), f"{where}: invalid, but the title does not say so"
        assert page.errors, f"{where}: invalid, but no error summary"


def _check_ids(page: Page, where: str) -> set[str]:
    found = [e.get("id") for e in page.tree.iter() if e.get("id") is not None]
    twice = {one for one, times in Counter(found).items() if times > 1}
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
    for box in (e for tag in BOXES for e in page.tree.iter(tag)):
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
        if form.method == "post" and not _is_open(app, form.action):
            assert "csrf_token" in form.names, f"{where}: no CSRF token for {form.action}"
    for text, href in page.links.items():
        assert _leads_somewhere(app, href, "GET"), f"{where}: {text!r} leads nowhere: {href}"


def _is_open(app: Flask, address: str) -> bool:
    found, _ = app.url_map.bind("localhost").match(urlsplit(address).path, method="POST")
    return found in OPEN


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

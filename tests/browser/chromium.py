"""Chromium for tests: found, started, and pages that must not complain."""

from __future__ import annotations

import os
import shutil
from contextlib import contextmanager
from typing import TYPE_CHECKING
from weakref import WeakSet

from axe_playwright_python.base import AXE_SCRIPT

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, ConsoleMessage, Page, Response, Route

NARROW, WIDE = 320, 1100
#: the build for tests first, which starts no windows of its own
NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
FLAGS = (
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
# Pages opened with JavaScript off.
_without_script: WeakSet[Page] = WeakSet()
#: Only what is wrong comes back, not the longer list of what is well.
_RUN_AXE = "async options => (await axe.run(document, options)).violations"
WCAG = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa")
#: Style sheets need not be fetched again: no rule of these tags reads them.
AXE_OPTIONS = {
    "runOnly": {"type": "tag", "values": list(WCAG)},
    "resultTypes": ["violations"],
    "preload": False,
}


def find_chromium() -> str | None:
    """Where EQIA_CHROMIUM says, else the first on the PATH."""
    named = os.environ.get("EQIA_CHROMIUM")
    return named or next(filter(None, map(shutil.which, NAMES)), None)


def flags() -> list[str]:
    """Chromium's sandbox cannot start as root; anybody else keeps it."""
    return [*FLAGS, "--no-sandbox"] if os.geteuid() == 0 else list(FLAGS)


@contextmanager
def quiet_page(
    browser: Browser,
    *,
    width: int = WIDE,
    script: bool = True,
    enhanced: bool = True,
    base_url: str | None = None,
) -> Iterator[Page]:
    """A page in its own fresh context that fails the test on any console or page error.

    `script=False` turns JavaScript off as a person would. axe cannot run then, so
    `enhanced=False` keeps JavaScript but serves every script file empty.
    """
    context = browser.new_context(
        viewport={"width": width, "height": 900},
        java_script_enabled=script,
        reduced_motion="reduce",
        base_url=base_url,
    )
    if not enhanced:
        context.route("**/*.js", _serve_nothing)
    page = context.new_page()
    if not script:
        _without_script.add(page)
    complaints = Complaints(page)
    try:
        yield page
        assert complaints.found() == []
    finally:
        context.close()


def _serve_nothing(route: Route) -> None:
    route.fulfill(body="", content_type="text/javascript")


class Complaints:
    """Console and page errors, less the browser's note that a page itself answered 4xx."""

    def __init__(self, page: Page) -> None:
        self._errors: list[str] = []
        self._messages: list[tuple[str, str]] = []
        self._refusals: set[str] = set()
        page.on("console", self._hear)
        page.on("pageerror", lambda error: self._errors.append(str(error)))
        page.on("response", self._note)

    def found(self) -> list[str]:
        heard = [text for text, url in self._messages if url not in self._refusals]
        return self._errors + heard

    def _hear(self, message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"}:
            self._messages.append((message.text, message.location.get("url", "")))

    def _note(self, response: Response) -> None:
        if response.request.is_navigation_request() and 400 <= response.status < 500:
            self._refusals.add(response.url)


def assert_accessible(page: Page) -> None:
    """Nothing found by axe at WCAG 2.2 AA, no exemptions, and no sideways scroll (1.4.10)."""
    assert page not in _without_script, "axe never answers with JavaScript off: use enhanced=False"
    # Half a megabyte of script: sent once, and there on every page that is opened after this one.
    if not page.evaluate("'axe' in window"):
        page.add_init_script(AXE_SCRIPT)
        page.evaluate(AXE_SCRIPT)
    findings = [
        f"{finding['id']}: {finding['help']}: {node['html'][:200]}"
        for finding in page.evaluate(_RUN_AXE, AXE_OPTIONS)
        for node in finding["nodes"]
    ]
    assert findings == [], f"{page.url} at {page.viewport_size}"
    assert_no_sideways_scroll(page)


def assert_no_sideways_scroll(page: Page) -> None:
    """The page fits its width (WCAG 1.4.10), with JavaScript on or off."""
    overflow = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    assert page.evaluate(overflow) <= 0, f"{page.url} scrolls sideways at {page.viewport_size}"

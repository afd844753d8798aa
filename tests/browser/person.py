"""Somebody at a browser with JavaScript off, who can do what the checking client can."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from tests.page import FormOnPage, Page

if TYPE_CHECKING:
    from collections.abc import Mapping

    from playwright.sync_api import Locator, Response
    from playwright.sync_api import Page as BrowserPage

PASSWORD = "a long walk on the downs"


@dataclass
class _Seen:
    """What the browser shows, in the shape a page is read from."""

    text: str
    status_code: int
    mimetype: str = "text/html"
    headers: dict[str, str] = field(default_factory=dict)
    data: bool = True

    def get_data(self, *, as_text: bool) -> str:
        assert as_text
        return self.text


class Somebody:
    """A person who clicks and types; offers `get`, `submit_form` and `follow` to the journeys."""

    def __init__(self, page: BrowserPage) -> None:
        self.browser = page
        self.status = 0
        page.on("response", self._note)

    def sign_in(self, email: str) -> Page:
        """Sign in with the password every person of these tests has."""
        page = self.get("/account/sign-in")
        return self.submit_form(page, email=email, password=PASSWORD)

    def get(self, address: str, *, expect: int = 200) -> Page:
        self.browser.goto(address)
        return self._page(expect)

    def follow(self, page: Page) -> Page:
        """Stay: a browser has already gone where it was sent."""
        assert page.location
        return self._page(200)

    def click(self, words: str, *, expect: int = 200) -> Page:
        """Click a link in the main part."""
        self.browser.locator("main").get_by_role("link", name=words).first.click()
        return self._page(expect)

    def submit_form(
        self,
        _page: Page,
        form: FormOnPage | None = None,
        data: Mapping[str, Any] | None = None,
        *,
        button: str | None = None,
        expect: int = 200,
        **values: Any,
    ) -> Page:
        """Fill the page's own form by hand and press a button (the first one)."""
        assert form is None or form.method == "post"
        box = self.browser.locator('main form[method="post"]').first
        for name, value in {**(data or {}), **values}.items():
            _fill(box, name, value)
        named = f'button[name="{button}"]' if button else 'button[type="submit"]:not([name])'
        box.locator(named).first.click()
        page = self._page(expect)
        page.headers["Location"] = self.browser.url
        return page

    def _page(self, expect: int) -> Page:
        address = urlsplit(self.browser.url).path
        page = Page(_Seen(self.browser.content(), self.status), address)
        assert self.status == expect, f"{self.status} from {address}: {page.errors or page.text}"
        return page

    def _note(self, response: Response) -> None:
        if response.request.is_navigation_request():
            self.status = response.status


def _fill(form: Locator, name: str, value: Any) -> None:
    boxes = form.locator(f'[name="{name}"]')
    kind = boxes.first.get_attribute("type")
    if kind in {"radio", "checkbox"}:
        wanted = value if isinstance(value, list | tuple) else [value]
        for box in boxes.all():
            box.set_checked(box.get_attribute("value") in wanted) if kind == "checkbox" else None
        if kind == "radio":
            form.locator(f'[name="{name}"][value="{value}"]').check()
    elif boxes.first.evaluate("box => box.tagName") == "SELECT":
        boxes.first.select_option(value)
    else:
        boxes.first.fill(value)

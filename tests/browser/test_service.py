"""The running service in Chromium, before anybody has signed in."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.browser.chromium import (
    NARROW,
    WIDE,
    assert_accessible,
    assert_no_sideways_scroll,
    quiet_page,
)
from tests.requirements import built_root

if TYPE_CHECKING:
    from playwright.sync_api import Browser

    from tests.browser.server import Service

OPEN_PAGES = ("/account/sign-in", "/accessibility", "/no-such-page")


@pytest.mark.parametrize("enhanced", [True, False], ids=["script", "bare"])
@pytest.mark.parametrize("width", [NARROW, WIDE])
@pytest.mark.parametrize("path", OPEN_PAGES)
def test_open_pages_are_accessible(
    browser: Browser, service: Service, path: str, width: int, enhanced: bool
):
    with quiet_page(browser, width=width, enhanced=enhanced, base_url=service.url) as page:
        page.goto(path)
        assert_accessible(page)


def test_first_page_is_styled_by_the_hashed_sheet_under_the_real_policy(
    browser: Browser, service: Service
):
    built_root()
    with quiet_page(browser, base_url=service.url) as page:
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.url.removeprefix(service.url)))
        page.goto("/")
        (sheet,) = [path for path in asked if path.endswith(".css")]
        assert re.fullmatch(r"/static/dist/app-[0-9a-f]{12}\.css", sheet)
        expect(page.locator("body")).to_have_class(re.compile("govuk-frontend-supported"))
        styled = page.locator(".govuk-button").first.evaluate("b => getComputedStyle(b).boxShadow")
        assert styled != "none"


def test_sign_in_is_refused_in_words_with_javascript_off(browser: Browser, service: Service):
    with quiet_page(browser, width=NARROW, script=False, base_url=service.url) as page:
        page.goto("/account/sign-in")
        page.get_by_role("button", name="Sign in").click()
        expect(page).to_have_title(re.compile("^Error: "))
        assert_no_sideways_scroll(page)

"""Both style sheets, the built and the plain one, on a page with every component in use."""

from __future__ import annotations

import re
import threading
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import eqia
from eqia.web.static_files import Assets, asset_names
from tests.browser.chromium import (
    NARROW,
    WIDE,
    assert_accessible,
    assert_no_sideways_scroll,
    quiet_page,
)
from tests.requirements import missing

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser

WEB = Path(eqia.__file__).parent / "web"
SAMPLE = Path(__file__).parent / "components.html"
PLAIN = Assets("/static/plain.css", "/static/plain.js", built=False)


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture(scope="module", params=["built", "plain"])
def site(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    assets = PLAIN if request.param == "plain" else asset_names(WEB / "static")
    if request.param == "built" and not assets.built:
        missing("the design system was not built", "EQIA_ASSETS")
    folder = tmp_path_factory.mktemp("site")
    (folder / "static").symlink_to(WEB / "static")
    page = SAMPLE.read_text(encoding="utf-8")
    page = page.replace("{{ css }}", assets.css_url).replace("{{ js }}", assets.js_url)
    (folder / "index.html").write_text(page, encoding="utf-8")
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=folder))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.mark.parametrize("enhanced", [True, False], ids=["script", "bare"])
@pytest.mark.parametrize("width", [NARROW, WIDE])
def test_every_component_is_accessible(browser: Browser, site: str, width: int, enhanced: bool):
    with quiet_page(browser, width=width, enhanced=enhanced, base_url=site) as page:
        page.goto("/")
        assert_accessible(page)


@pytest.mark.parametrize("width", [NARROW, WIDE])
def test_nothing_overflows_with_javascript_off(browser: Browser, site: str, width: int):
    with quiet_page(browser, width=width, script=False, base_url=site) as page:
        page.goto("/")
        assert_no_sideways_scroll(page)


def test_group_options_wrap_instead_of_overflowing(browser: Browser, site: str):
    with quiet_page(browser, width=WIDE, base_url=site) as page:
        page.goto("/")
        boxes = [item.bounding_box() for item in page.locator(".eqia-groups label").all()]
        assert len({round(box["x"]) for box in boxes if box}) > 1


def test_header_is_not_gov_uk_blue_and_holds_no_crown(browser: Browser, site: str):
    with quiet_page(browser, base_url=site) as page:
        page.goto("/")
        header = page.locator(".govuk-generic-header")
        look = "header => getComputedStyle(header)"
        colour = header.evaluate(f"header => ({look})(header).backgroundColor")
        family = header.evaluate(f"header => ({look})(header).fontFamily")
        assert colour == "rgb(15, 76, 79)"
        assert re.match("arial, ?helvetica", family, re.IGNORECASE)

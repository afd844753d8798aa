"""Fixtures for tests in a real browser."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import sync_playwright

from tests.browser.chromium import find_chromium, flags
from tests.browser.server import Service, fresh_service
from tests.requirements import missing

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One Chromium for the whole run."""
    program = find_chromium()
    if program is None:
        missing("no Chromium on the PATH or in EQIA_CHROMIUM", "EQIA_REQUIRE_BROWSER")
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=program, args=flags())
        yield chromium
        chromium.close()


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """The service itself with an empty database, one for each file of tests."""
    with fresh_service(tmp_path_factory.mktemp("instance")) as service:
        yield service

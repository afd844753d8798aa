"""Every page that can be reached by links, as each person of the demonstration, is sound."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.walking import Site, walked_site

if TYPE_CHECKING:
    from collections.abc import Iterator

#: Opened by a form's answer, by a message or by a machine.
UNLINKED = frozenset(
    {
        *("account.confirm", "account.invitation", "organisations.colour", "static"),
        "publications.asked",
        *("health.healthz", "health.readyz", "health.version"),
    }
)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with walked_site(tmp_path_factory) as site:
        yield site


def test_every_page_is_reached_by_links_and_sound(site: Site):
    reached = {site.endpoint(sight.url) for sight in site.sights}
    pages = {rule.endpoint for rule in site.app.url_map.iter_rules() if "GET" in rule.methods}
    assert pages - reached <= UNLINKED

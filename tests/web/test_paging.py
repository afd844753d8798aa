"""A page of a list that is not there is never shown as an empty list."""

from __future__ import annotations

import pytest

from eqia.web.paging import paged


@pytest.mark.parametrize(
    ("asked", "total", "shown"),
    [
        (None, 0, (1, 1)),
        (0, 50, (1, 1)),
        (-3, 51, (1, 2)),
        (2, 50, (1, 1)),
        (2, 51, (2, 2)),
        (10**30, 120, (3, 3)),
    ],
)
def test_the_last_page_stands_for_every_page_after_it(asked, total, shown):
    assert paged(asked, total, 50) == shown

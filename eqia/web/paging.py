"""Pages of a list: how many there are, and which one somebody sees."""

from typing import NamedTuple


class Paging(NamedTuple):
    """The page that is shown, and how many there are."""

    page: int
    pages: int


def paged(asked: int | None, total: int, size: int) -> Paging:
    """Find the page to show of a list of `total` rows, `size` on a page.

    Instead of a page after the last one the last is shown: an empty one would read as if there
    were nothing at all.
    """
    pages = max(1, -(-total // size))
    return Paging(min(max(1, asked or 1), pages), pages)

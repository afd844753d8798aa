"""Keeps a record under sixty pages: the longest texts go on in the JSON and on the web page."""

import re
from collections.abc import Callable, Iterator
from dataclasses import replace

from eqia.domain.record_blocks import Block, Contents, Facts, Picture, Quote, Section, Table
from eqia.domain.record_words import Words

#: Under sixty pages of twelve-point text (documents.md section 12).
MOST = 140_000
#: No text is ever cut below this.
LEAST = 200

#: The sections that hold charts, with what a chart and a line of figures take, in letters.
_DRAWN = frozenset({"annex", "measures"})
_PICTURE, _ROW = 1_100, 60

_OTHER = "[^\0-\u024f\u1e00-\u203f]"
#: What takes more of a page, or more time, than a small letter does, counted as so many letters:
#: a new line, a capital, a sign that is named in words, and a stretch of another script or a link.
_WEIGHTS = (
    (re.compile("\n"), 90),
    (re.compile("[A-Z]"), 1),
    # ReportLab makes a piece of each, with a style of its own.
    (re.compile("[<>&]"), 5),
    (re.compile("[^\0-\u203f]"), 20),
    (re.compile(f"{_OTHER}+(?: {_OTHER}+)*|https?://"), 30),
)


def fitted(whole: Contents, said: str = "continued_elsewhere", most: int = MOST) -> Contents:
    """Cut the longest texts, saying by how much, until everything fits; mostly nothing is cut.

    `said` names the words that tell where the rest is.
    """
    lengths = [_length(text) for text in _texts(whole)]
    most -= sum(_drawn_room(section) for section in whole.sections)
    if sum(lengths) <= most:
        return whole
    limit = _limit(lengths, most)
    words = Words(whole.language)

    def cut(text: str) -> str:
        if _length(text) <= limit:
            return text
        kept = _kept(text, limit)
        more = words(said, count=f"{len(text) - len(kept):,}")
        return f"{kept}… {more}"

    return replace(
        whole,
        sections=tuple(
            replace(section, blocks=tuple(_changed(block, cut) for block in section.blocks))
            for section in whole.sections
        ),
    )


def _length(text: str) -> int:
    """Give the length of a text as it takes up the page, in small letters."""
    return len(text) + sum(more * len(sign.findall(text)) for sign, more in _WEIGHTS)


def _kept(text: str, limit: int) -> str:
    """Give the longest beginning of a text that is not longer than the limit on the page."""
    start, end = 0, len(text)
    while start < end:
        middle = (start + end + 1) // 2
        start, end = (middle, end) if _length(text[:middle]) <= limit else (start, middle - 1)
    return text[:start]


def _drawn_room(section: Section) -> int:
    """Count what charts and their figures take of the pages, in letters."""
    if section.id not in _DRAWN:
        return 0
    pictures = sum(isinstance(block, Picture) for block in section.blocks)
    rows = sum(len(block.rows) for block in section.blocks if isinstance(block, Table | Facts))
    return pictures * _PICTURE + rows * _ROW


def _limit(lengths: list[int], most: int) -> int:
    """Find the longest any text may be so that all of them fit."""
    limit = LEAST
    while sum(min(length, limit * 2) for length in lengths) <= most:
        limit *= 2
    return limit


def _texts(whole: Contents) -> Iterator[str]:
    seen: list[str] = []

    def see(text: str) -> str:
        seen.append(text)
        return text

    for section in whole.sections:
        for block in section.blocks:
            _changed(block, see)
    yield from seen


def _changed(block: Block, change: Callable[[str], str]) -> Block:
    """Put every text a person may have typed through a change."""
    if isinstance(block, Quote):
        return replace(block, text=change(block.text))
    if isinstance(block, Facts):
        return replace(block, rows=tuple((name, change(value)) for name, value in block.rows))
    if isinstance(block, Table):
        return replace(block, rows=tuple(tuple(change(c) for c in row) for row in block.rows))
    return block

"""Keeps a record under sixty pages: the longest texts go on in the JSON and on the web page."""

from collections.abc import Callable, Iterator
from dataclasses import replace

from eqia.domain.record_blocks import Block, Contents, Facts, Quote, Table
from eqia.domain.record_words import Words

#: About sixty pages of twelve-point text (documents.md section 12).
MOST = 140_000
#: No text is ever cut below this.
LEAST = 200


def fitted(whole: Contents) -> Contents:
    """Cut the longest texts, saying by how much, until everything fits; mostly nothing is cut."""
    lengths = [len(text) for text in _texts(whole)]
    if sum(lengths) <= MOST:
        return whole
    limit = _limit(lengths)
    words = Words(whole.language)

    def cut(text: str) -> str:
        if len(text) <= limit:
            return text
        more = words("continued_elsewhere", count=f"{len(text) - limit:,}")
        return f"{text[:limit]}… {more}"

    return replace(
        whole,
        sections=tuple(
            replace(section, blocks=tuple(_changed(block, cut) for block in section.blocks))
            for section in whole.sections
        ),
    )


def _limit(lengths: list[int]) -> int:
    """Find the longest any text may be so that all of them fit."""
    limit = LEAST
    while sum(min(length, limit * 2) for length in lengths) <= MOST:
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

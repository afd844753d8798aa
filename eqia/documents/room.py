"""How much of a page a heading needs below it, guessed from what it heads."""

from collections.abc import Sequence

from eqia.documents.theme import WIDTH
from eqia.domain.record_blocks import Block, Heading, Quote, Table, Text

#: points: the mean width of a letter, the height of a line, and of what stands around it
_LETTER = 6.4
_LINE = 17.0
_AROUND = 12.0
#: a heading between headings, the heads of a table, and the start of anything else
_HEADING = 42.0
_HEADS = 34.0
_START = 66.0
#: Two lines of a text may stand alone at the end of a page.
_FEWEST = 2
#: Beyond this it would leave too much of a page empty.
_MOST = 330.0


def room_below(blocks: Sequence[Block]) -> float:
    """Guess the height of what leads up to the first real thing, and of the start of that.

    A heading with its one sentence at the foot of a page, and the table they announce on the
    next, is what this prevents.
    """
    height = 0.0
    for block in blocks:
        if isinstance(block, Heading):
            height += _HEADING
        elif isinstance(block, Text):
            height += _height(block.text, WIDTH) + _AROUND
        else:
            return min(height + _start(block), _MOST)
    return min(height, _MOST)


def height_of(block: Table) -> float:
    """Guess the height of a whole table."""
    return _HEADS + sum(_row(block, row) for row in block.rows)


def _start(block: Block) -> float:
    if isinstance(block, Quote):
        label = _START + _AROUND + _LINE if block.label else 0.0
        return max(label, min(_height(block.text, WIDTH), _FEWEST * _LINE) + _AROUND)
    if not isinstance(block, Table) or not block.rows:
        return _START
    return _HEADS + _row(block, block.rows[0])


def _row(block: Table, row: tuple[str, ...]) -> float:
    shares = (WIDTH * share / sum(block.widths) for share in block.widths)
    return _AROUND + max(_height(cell, width) for cell, width in zip(row, shares, strict=False))


def _height(text: str, width: float) -> float:
    lines = sum(1 + int(len(line) * _LETTER / width) for line in text.split("\n"))
    return lines * _LINE

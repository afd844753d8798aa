"""Each kind of block made into flowables and into its part of the logical tree, side by side."""

from collections.abc import Callable, Mapping
from collections.abc import Set as AbstractSet
from typing import Any

from reportlab.lib.styles import ParagraphStyle
from reportlab.platypus import CondPageBreak, Flowable, KeepTogether

from eqia.documents.charts import Drawing
from eqia.documents.grids import boxed, facts_grid, grid
from eqia.documents.room import height_of, room_below
from eqia.documents.tagging import Element
from eqia.documents.theme import Theme
from eqia.documents.words import worded
from eqia.domain.record_blocks import (
    Bullets,
    Contents,
    Facts,
    Heading,
    Panel,
    Picture,
    Quote,
    Section,
    Table,
    Text,
)

Story = list[Flowable]

#: A section starts on a new page unless at least this much of the page is left.
_ROOM = 190
#: A label has at least this much of its text below it on the page.
_BELOW = 60
#: A lower table is never parted by the end of a page.
_WHOLE = 230
#: Rows with more text than this may be parted by the end of a page.
_KEPT_TOGETHER = 1200

_HEADINGS = frozenset({"h2", "h3", "h4"})


def make_title(whole: Contents, theme: Theme, tree: Element) -> Story:
    """Make the name and the title; the title is the one heading of level 1."""
    return [
        worded(whole.name, theme.over, tree.add("P"), theme),
        worded(whole.title, theme.title, tree.add("H1"), theme),
    ]


def make_section(section: Section, theme: Theme, tree: Element) -> Story:
    """Make a section with its heading."""
    heading = worded(section.heading, theme.h2, tree.add("H2", title=section.heading), theme)
    room = max(_ROOM, _above(theme.h2) + room_below(section.blocks))
    story: Story = [heading] if section.number == 1 else [CondPageBreak(room), heading]
    for number, block in enumerate(section.blocks, 1):
        made = _MAKERS[type(block)](block, theme, tree)
        if isinstance(block, Heading):
            # Not ReportLab's own way of keeping a heading with what follows: that moves a
            # whole table.
            below = _above(_style_of(block, theme)) + room_below(section.blocks[number:])
            made = [CondPageBreak(below), *made]
        if isinstance(block, Bullets) and story and _is_set_in(story[-1], {"body"}):
            # The sentence above says what the list is of.
            story.insert(len(story) - 1, CondPageBreak(_above(theme.body) + _BELOW))
        if isinstance(made[0], KeepTogether):
            headings = _headings_before(story)
            made = [KeepTogether([*headings, *_kept(made[0])])]
            if headings:
                # Without it what stands above takes the space over the heading into its own.
                made.insert(0, CondPageBreak(1))
        story += made
    return story


def _kept(flowable: KeepTogether) -> Story:
    kept: Story = vars(flowable)["_content"]
    return kept


def _above(style: ParagraphStyle) -> float:
    return style.leading + style.spaceBefore


def _headings_before(story: Story) -> Story:
    """Take headings, and a sentence under them, off the end of a story: to be kept together."""
    taken: Story = []
    if len(story) > 1 and _is_set_in(story[-1], {"body"}) and _is_set_in(story[-2], _HEADINGS):
        taken.append(story.pop())
    while story and (isinstance(story[-1], CondPageBreak) or _is_set_in(story[-1], _HEADINGS)):
        last = story.pop()
        if not isinstance(last, CondPageBreak):
            taken.insert(0, last)
    return taken


def _is_set_in(flowable: Flowable, styles: AbstractSet[str]) -> bool:
    return getattr(getattr(flowable, "style", None), "name", "") in styles


def _make_heading(block: Heading, theme: Theme, tree: Element) -> Story:
    return [worded(block.text, _style_of(block, theme), tree.add(f"H{block.level}"), theme)]


def _style_of(block: Heading, theme: Theme) -> ParagraphStyle:
    return {3: theme.h3, 4: theme.h4}[block.level]


def _make_text(block: Text, theme: Theme, tree: Element) -> Story:
    if block.kind == "note":
        return [boxed([worded(block.text, theme.note, tree.add("P"), theme)], theme)]
    return [worded(block.text, theme.body, tree.add("P"), theme)]


def _make_quote(block: Quote, theme: Theme, tree: Element) -> Story:
    label: Story = []
    if block.label:
        label = [
            CondPageBreak(_BELOW),
            worded(block.label, theme.label, tree.add("P"), theme),
        ]
    paragraphs = [part for part in block.text.split("\n\n") if part.strip()] or [block.text]
    return [
        *label,
        *(worded(part.strip("\n"), theme.quote, tree.add("P"), theme) for part in paragraphs),
    ]


def _make_bullets(block: Bullets, theme: Theme, tree: Element) -> Story:
    bullets = tree.add("L", numbering="Disc")
    story: Story = []
    for item in block.items:
        line = bullets.add("LI")
        label, body = line.add("Lbl"), line.add("LBody")
        story.append(worded(item, theme.bullet, body, theme, label=label))
    return story


def _make_facts(block: Facts, theme: Theme, tree: Element) -> Story:
    table = tree.add("Table")
    title: Story = []
    if block.title:
        title = [worded(block.title, theme.label, table.add("Caption"), theme)]
    made = facts_grid(block.rows, theme, table)
    if sum(len(value) for _, value in block.rows) > _KEPT_TOGETHER:
        return [*title, made]
    return [KeepTogether([*title, made])]


def _make_table(block: Table, theme: Theme, tree: Element) -> Story:
    # The heading above says what it is; a caption would say it twice to every eye.
    made = grid(block, theme, tree.add("Table", summary=block.caption))
    # One row alone on the next page is harder to read than some white at the end of this one.
    return [KeepTogether([made])] if height_of(block) < _WHOLE else [made]


def _make_panel(block: Panel, theme: Theme, tree: Element) -> Story:
    lines: Story = [
        worded(block.status, theme.note, tree.add("P"), theme),
        worded(block.outcome, theme.panel, tree.add("P"), theme),
    ]
    return [boxed(lines, theme)]


def _make_picture(block: Picture, theme: Theme, tree: Element) -> Story:
    headline = worded(block.chart.headline, theme.label, tree.add("P"), theme)
    figure = tree.add("Figure", Alt=block.chart.description)
    return [KeepTogether([headline, Drawing(block.chart, figure, theme)])]


_MAKERS: Mapping[type, Callable[[Any, Theme, Element], Story]] = {
    Heading: _make_heading,
    Text: _make_text,
    Quote: _make_quote,
    Facts: _make_facts,
    Bullets: _make_bullets,
    Table: _make_table,
    Panel: _make_panel,
    Picture: _make_picture,
}

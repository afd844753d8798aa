"""The record as a PDF: each kind of block is made into flowables in one place.

Tagging, PDF/A and the seal come next: a structure element belongs to each `_make_…` function,
the page furniture of `theme.draw_furniture` becomes artifacts, and finishing takes the bytes
that `render` gives.
"""

import io
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

import PIL
import reportlab
from reportlab.platypus import (
    BaseDocTemplate,
    CondPageBreak,
    Flowable,
    Frame,
    KeepTogether,
    PageTemplate,
    Paragraph,
)

from eqia.documents.fonts import Faces, load
from eqia.documents.grids import boxed, grid
from eqia.documents.lengths import fitted
from eqia.documents.text import markup, printable
from eqia.documents.theme import (
    BOTTOM,
    MARGIN,
    PAGE,
    TOP,
    WIDTH,
    Furniture,
    Theme,
    canvas_maker,
    theme_of,
)
from eqia.domain.record_blocks import (
    Bullets,
    Contents,
    Facts,
    Heading,
    Panel,
    Quote,
    Section,
    Table,
    Text,
)
from eqia.domain.record_contents import contents
from eqia.domain.record_words import Words
from eqia.domain.records import canonical, digest

#: Raised whenever the same record would give other bytes.
RENDERER = 1

Story = list[Flowable]

#: A section starts on a new page unless this much of the page is left.
_ROOM = 190
#: A heading has at least this much of its text below it on the page.
_BELOW = 60
_BELOW_PART = 150
#: Rows with more text than this may be parted by the end of a page.
_KEPT_TOGETHER = 1200


def renderer_version(faces: Faces) -> str:
    """Name everything that the bytes of a PDF depend on, beside the record itself."""
    parts = (
        f"renderer {RENDERER}",
        f"reportlab {reportlab.__version__}",
        f"pillow {PIL.__version__}",
        faces.version,
    )
    return ", ".join(parts)


def render(
    record: Mapping[str, Any], profile: str = "record", *, faces: Faces | None = None
) -> bytes:
    """Make the PDF of a record; the same record always gives the same bytes."""
    if profile != "record":
        msg = f"there is no profile {profile!r}"
        raise ValueError(msg)
    faces = faces or load()
    theme = theme_of(faces)
    read_in_order = fitted(contents(record))
    story = _make_title(read_in_order, theme)
    for section in read_in_order.sections:
        story += _make_section(section, theme)
    return _build(story, read_in_order, record, theme)


def _build(story: Story, whole: Contents, record: Mapping[str, Any], theme: Theme) -> bytes:
    words = Words(whole.language)
    furniture = Furniture(
        top_left=whole.organisation,
        top_right=whole.kind,
        bottom_left=f"{whole.name} · {whole.status}",
        at=datetime.fromisoformat(record["sign_off"]["at"]),
        sha256=digest(canonical(record)),
        page_of=lambda page, pages: words("page_of", page=page, pages=pages),
    )
    output = io.BytesIO()
    document = BaseDocTemplate(
        output,
        pagesize=PAGE,
        invariant=1,
        lang="cy" if whole.language == "cy" else "en-GB",
        displayDocTitle=1,
        initialFontName=theme.faces.regular.name,
        title=f"{whole.name}: {printable(whole.title, theme.faces.regular)}",
        author=printable(whole.organisation, theme.faces.regular),
        subject=whole.kind,
        creator="eqia",
    )
    frame = Frame(
        MARGIN,
        BOTTOM,
        WIDTH,
        PAGE[1] - TOP - BOTTOM,
        leftPadding=0,
        rightPadding=0,
        topPadding=0,
        bottomPadding=0,
    )
    document.addPageTemplates(PageTemplate(id="page", frames=[frame]))
    document.build(story, canvasmaker=canvas_maker(theme, furniture))
    return output.getvalue()


# One function for each kind of block


def _make_title(whole: Contents, theme: Theme) -> Story:
    return [
        Paragraph(markup(whole.name, theme.faces.regular), theme.over),
        Paragraph(markup(whole.title, theme.faces.bold), theme.title),
    ]


def _make_section(section: Section, theme: Theme) -> Story:
    heading = Paragraph(markup(section.heading, theme.faces.bold), theme.h2)
    story: Story = [] if section.number == 1 else [CondPageBreak(_ROOM), heading]
    for block in section.blocks:
        made = _MAKERS[type(block)](block, theme)
        if isinstance(made[0], KeepTogether):
            made = [KeepTogether([*_headings_before(story), *_kept(made[0])])]
        story += made
    return story


def _kept(flowable: KeepTogether) -> Story:
    kept: Story = vars(flowable)["_content"]
    return kept


def _headings_before(story: Story) -> Story:
    """Take the headings off the end of a story, to be kept with what they head."""
    taken: Story = []
    while story and (isinstance(story[-1], CondPageBreak) or _is_heading(story[-1])):
        last = story.pop()
        if not isinstance(last, CondPageBreak):
            taken.insert(0, last)
    return taken


def _is_heading(flowable: Flowable) -> bool:
    return isinstance(flowable, Paragraph) and flowable.style.name in {"h2", "h3", "h4"}


def _make_heading(block: Heading, theme: Theme) -> Story:
    style, below = {3: (theme.h3, _BELOW_PART), 4: (theme.h4, _BELOW)}[block.level]
    # Not ReportLab's own way of keeping a heading with what follows: that moves a whole table.
    heading = Paragraph(markup(block.text, theme.faces.bold), style)
    return [CondPageBreak(style.leading + style.spaceBefore + below), heading]


def _make_text(block: Text, theme: Theme) -> Story:
    text = markup(block.text, theme.faces.regular)
    if block.kind == "note":
        return [boxed([[Paragraph(text, theme.note)]], theme)]
    return [Paragraph(text, theme.body)]


def _make_quote(block: Quote, theme: Theme) -> Story:
    label: Story = []
    if block.label:
        label = [
            CondPageBreak(_BELOW),
            Paragraph(markup(block.label, theme.faces.bold), theme.label),
        ]
    paragraphs = [part for part in block.text.split("\n\n") if part.strip()] or [block.text]
    face = theme.faces.regular
    return [
        *label,
        *(Paragraph(markup(part.strip("\n"), face), theme.quote) for part in paragraphs),
    ]


def _make_bullets(block: Bullets, theme: Theme) -> Story:
    face = theme.faces.regular
    return [
        Paragraph(markup(item, face), theme.bullet, bulletText="\u2022") for item in block.items
    ]


def _make_facts(block: Facts, theme: Theme) -> Story:
    rows = [
        [
            Paragraph(markup(name, theme.faces.bold), theme.head),
            Paragraph(markup(value, theme.faces.regular), theme.cell),
        ]
        for name, value in block.rows
    ]
    title = [Paragraph(markup(block.title, theme.faces.bold), theme.label)] if block.title else []
    made = grid(rows, (32, 68), theme, heads=0)
    if sum(len(value) for _, value in block.rows) > _KEPT_TOGETHER:
        return [*title, made]
    return [KeepTogether([*title, made])]


def _make_table(block: Table, theme: Theme) -> Story:
    rows = [[Paragraph(markup(head, theme.faces.bold), theme.head) for head in block.heads]]
    rows += [
        [Paragraph(markup(cell, theme.faces.regular), theme.cell) for cell in row]
        for row in block.rows
    ]
    return [grid(rows, block.widths, theme, heads=1)]


def _make_panel(block: Panel, theme: Theme) -> Story:
    face, bold = theme.faces.regular, theme.faces.bold
    cell = [
        Paragraph(markup(block.status, face), theme.note),
        Paragraph(markup(block.outcome, bold), theme.panel),
    ]
    return [boxed([[cell]], theme)]


_MAKERS: Mapping[type, Callable[[Any, Theme], Story]] = {
    Heading: _make_heading,
    Text: _make_text,
    Quote: _make_quote,
    Facts: _make_facts,
    Bullets: _make_bullets,
    Table: _make_table,
    Panel: _make_panel,
}

"""A paragraph of somebody's words, tied to its element of the logical tree."""

import re
from functools import lru_cache
from typing import Any

from reportlab.lib.styles import ParagraphStyle

from eqia.documents.paragraphs import Tagged
from eqia.documents.tagging import LINK, SWITCH, Element
from eqia.documents.text import ARABIC, Run, markup_of, runs_of
from eqia.documents.theme import BULLET, Theme

#: A line break, as `markup_of` writes it.
BREAK = "<br/>"
#: What means something to ReportLab's parser, or is a line of its own.
_MARKUP = re.compile("[<>&\n]")


def worded(
    text: str,
    style: ParagraphStyle,
    element: Element,
    theme: Theme,
    *,
    label: Element | None = None,
) -> Tagged:
    """Make a paragraph; links and other scripts in it are elements inside its own.

    With a label it is the body of a list item, and the bullet before it is the label.
    """
    runs = runs_of(text, theme.faces, bold=style.fontName == theme.faces.bold.name)
    bullet = BULLET if label else None
    if len(runs) == 1 and not _is_part(runs[0]):
        made = _plain(runs[0], style, bullet)
        made.belongs_to(element)
    else:
        made = Tagged(_markup(runs), style, bullet)
        source = "".join(run.text for run in runs)
        made.belongs_to(element, source, [_part(run) for run in runs])
        if theme.faces.arabic and any(run.kind == ARABIC for run in runs):
            made.turned = theme.faces.arabic.name
    made.label = label
    return made


def _plain(run: Run, style: ParagraphStyle, bullet: str | None) -> Tagged:
    """Make a paragraph of one run, without a search for markup where there can be none."""
    if _MARKUP.search(run.text):
        return Tagged(markup_of(run), style, bullet)
    words: Any = _fragment_of(style).clone(text=run.text)
    made = Tagged(run.text, style, bullet, frags=[words])
    made.text = run.text
    return made


@lru_cache(maxsize=64)
def _fragment_of(style: ParagraphStyle) -> Any:  # noqa: ANN401 - ReportLab's own
    """Give the one fragment of a plain paragraph, as ReportLab's parser makes it."""
    parsed: Any = Tagged("x", style)
    return parsed.frags[0]


def _is_part(run: Run) -> bool:
    return bool(run.link or run.language or run.original)


def _part(run: Run) -> Element:
    if run.link:
        return Element("Link", {"link": run.link})
    if not _is_part(run):
        return Element("")
    entries = {"Lang": run.language, "ActualText": run.original}
    return Element("Span", {name: value for name, value in entries.items() if value})


def _markup(runs: tuple[Run, ...]) -> str:
    made: list[str] = []
    for number, run in enumerate(runs):
        inner = markup_of(run)
        if run.link:
            inner = f'<a href="{LINK}{number}"><u>{inner}</u></a>'
        # Every part is begun by the callback but the first, with which the paragraph begins.
        begun = f'<onDraw name="{SWITCH}" label="{number}"/>' if number else ""
        if made and made[-1].endswith(BREAK):
            # ReportLab never cuts a long word that a callback begins at the start of a line.
            made[-1], begun = made[-1].removesuffix(BREAK) + begun + BREAK, ""
        made.append(begun + inner)
    return "".join(made)

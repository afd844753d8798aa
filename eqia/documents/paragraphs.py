"""A paragraph that keeps to its element of the logical tree, over lines and pages."""

from collections.abc import Sequence
from typing import Any

from reportlab.platypus import Paragraph

from eqia.documents.lines import Place, finish_lines
from eqia.documents.tagging import PAGINATION, Element, MarkedText, TaggedCanvas


class Tagged(Paragraph):
    """A paragraph that belongs to an element, and keeps to it over the end of a page."""

    element: Element
    blPara: Any  # noqa: N815 - ReportLab's own name
    canv: Any
    #: the inline parts in order, each an element or a stretch of the paragraph's own words
    parts: Sequence[Element] = ()
    place: Place
    #: what the bullet belongs to
    label: Element | None = None
    #: the head of a table is content once; on later pages it is an artifact
    repeats = False
    #: the font whose words run from right to left
    turned = ""
    #: the width its lines are broken at
    broken_at = -1.0

    def belongs_to(self, element: Element, source: str = "", parts: Sequence[Element] = ()) -> None:
        """Tie the paragraph, whose words are these, to its element."""
        self.element, self.place, self.parts = element, Place(source), parts
        element.kids.extend(parts)

    def wrap(self, width: float, height: float) -> tuple[float, float]:
        """Break the lines once for a width: a table asks for them twice."""
        if self.broken_at != width or "blPara" not in vars(self):
            super().wrap(width, height)
            self.broken_at = width
        return self.width, self.height

    def split(self, width: float, height: float) -> list[Any]:
        """Part the paragraph; both halves belong to the same element."""
        halves: list[Any] = super().split(width, height)
        for half in halves:
            if half is not self:
                half.element, half.parts, half.place = self.element, self.parts, self.place
                half.label, half.repeats, half.turned = self.label, self.repeats, self.turned
        return halves

    def draw(self) -> None:
        """Draw the words as a piece of their element."""
        canvas: TaggedCanvas = self.canv
        finish_lines(self.blPara, self.place, self.turned)
        vars(canvas)["_place"] = self.place
        if self.repeats and self.element.kids:
            with canvas.artifact(PAGINATION):
                super().draw()
            return
        self._note_section(canvas)
        with canvas.part_of(self.label or self.element):
            super().draw()

    def _note_section(self, canvas: TaggedCanvas) -> None:
        title = self.element.entries.get("title")
        if title and not self.element.kids:
            height = canvas.absolutePosition(0, self.height)[1]
            canvas.outline.append((title, len(canvas.pages_marked), height))

    def beginText(self, x: float, y: float) -> MarkedText:  # noqa: N802 - ReportLab's own name
        """Begin the words themselves; a bullet has come before them."""
        canvas: TaggedCanvas = self.canv
        vars(canvas)["_element"], vars(canvas)["_parts"] = self.element, self.parts
        text = MarkedText(canvas, x, y)
        if not vars(canvas)["_within"]:
            text.switch(canvas.mark_part(self.place.part))
        return text

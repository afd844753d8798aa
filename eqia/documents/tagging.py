"""Tagged drawing: the logical tree made with the story, and the marks that tie the page to it.

ReportLab draws without tags (documents.md section 4). Here a flowable holds its element of the
tree; drawing only adds the numbers of the marked pieces, so that reading order depends neither
on the order of painting nor on where a page ends.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from reportlab.pdfgen.canvas import Canvas
from reportlab.pdfgen.textobject import PDFTextObject

#: The callback by which a paragraph tells that its next words belong to another element.
SWITCH = "part"
#: A link names its part of the paragraph instead of its address.
LINK = "part:"

#: what is drawn again on each page: the head of a table
PAGINATION = "/Artifact <</Type /Pagination>> BDC"

Rect = tuple[float, float, float, float]


class UnmarkedError(RuntimeError):
    """Something would be painted outside every element, or inside two at once."""


class Piece(NamedTuple):
    """A marked piece of a page."""

    page: int
    number: int


@dataclass(slots=True, eq=False)
class Element:
    """A node of the logical tree; one without a role is a stretch of its parent's own words."""

    role: str
    #: Lang, ActualText, Alt, URL and the like, by the name the format has for them
    entries: Mapping[str, Any] = field(default_factory=dict)
    kids: list["Element | Piece"] = field(default_factory=list)
    #: where a link or figure lies: page and rectangle
    places: list[tuple[int, Rect]] = field(default_factory=list)

    def add(self, role: str, **entries: Any) -> "Element":  # noqa: ANN401 - text, numbers, lists
        """Put a new element at the end of this one."""
        made = Element(role, entries)
        self.kids.append(made)
        return made


@dataclass(frozen=True, slots=True)
class Drawn:
    """A document that is drawn, with what its tags need."""

    pdf: bytes
    tree: Element
    #: the marked pieces of each page, in the order of their numbers
    pages_marked: Sequence[Sequence[Element]]
    #: sections: title, page, height of the heading
    outline: Sequence[tuple[str, int, float]]


class MarkedText(PDFTextObject):
    """A text object whose operators lie in marked content."""

    _code: list[str]
    _open = False

    def switch(self, mark: str) -> None:
        """End the marked content that is open and begin another."""
        self.close()
        self._code.append(mark)
        self._open = True

    def close(self) -> None:
        """End the marked content, if any is open."""
        if self._open:
            self._code.append("EMC")
            self._open = False

    def getCode(self) -> str:  # noqa: N802 - ReportLab's own name
        """Give the operators; marked content ends inside the text object it began in."""
        self.close()
        code: str = super().getCode()
        return code


class TaggedCanvas(Canvas):
    """A canvas that paints nothing outside an element or an artifact."""

    _code: list[str]

    def __init__(self, *args: Any, **more: Any) -> None:  # noqa: ANN401 - ReportLab's own
        super().__init__(*args, **more)
        self.pages_marked: list[list[Element]] = []
        self.outline: list[tuple[str, int, float]] = []
        self._marked: list[Element] = []
        self._within = ""
        self._element: Element | None = None
        self._parts: Sequence[Element] = ()
        self.setNamedCB(SWITCH, _switch)

    # Elements

    @contextmanager
    def part_of(self, element: Element, parts: Sequence[Element] = ()) -> Iterator[None]:
        """Let the text that is drawn now belong to an element."""
        self._guard()
        before = self._element, self._parts
        self._element, self._parts = element, parts
        try:
            yield
        finally:
            self._element, self._parts = before

    @contextmanager
    def figure(self, element: Element, box: Rect) -> Iterator[None]:
        """Let everything that is drawn now be one figure, in a box of the present space."""
        self._guard()
        element.places.append((len(self.pages_marked), self._absolute(box)))
        self._code.append(self.mark(element, element.role))
        self._within = "figure"
        try:
            yield
        finally:
            self._within = ""
            self._code.append("EMC")

    @contextmanager
    def artifact(self, kind: str = "/Artifact BMC") -> Iterator[None]:
        """Let what is drawn now be no content: rules, shades, the edge of the page."""
        self._guard()
        self._code.append(kind)
        self._within = "artifact"
        try:
            yield
        finally:
            self._within = ""
            self._code.append("EMC")

    def mark(self, element: Element, role: str) -> str:
        """Give a piece of an element its number, and the operator that begins it."""
        number = len(self._marked)
        self._marked.append(element)
        element.kids.append(Piece(len(self.pages_marked), number))
        more = "".join(
            f" /{name} <{_utf16(element.entries[name])}>" for name in _told_twice(element)
        )
        return f"/{role} <</MCID {number}{more}>> BDC"

    def mark_part(self, number: int) -> str:
        """Begin a part of the present paragraph."""
        if self._element is None:
            msg = "there is text outside every element"
            raise UnmarkedError(msg)
        element = self._parts[number] if self._parts else self._element
        return self.mark(element, element.role or self._element.role)

    def _guard(self) -> None:
        if self._within:
            msg = f"marked content may not begin inside {self._within}"
            raise UnmarkedError(msg)

    # What ReportLab paints with

    def beginText(self, x: float = 0, y: float = 0, direction: Any = None) -> MarkedText:  # noqa: N802, ANN401
        """Begin a text object that belongs to the element at hand."""
        text = MarkedText(self, x, y, direction=direction)
        if not self._within:
            text.switch(self.mark_part(0))
        return text

    def line(self, *args: float) -> None:
        """Draw a line, which outside a figure is an artifact."""
        self._paint(super().line, *args)

    def rect(self, *args: Any, **more: Any) -> None:  # noqa: ANN401 - ReportLab's own
        """Draw a rectangle, which outside a figure is an artifact."""
        self._paint(super().rect, *args, **more)

    def drawPath(self, *args: Any, **more: Any) -> None:  # noqa: N802, ANN401 - ReportLab's own
        """Draw a path, which outside a figure is an artifact."""
        self._paint(super().drawPath, *args, **more)

    def _paint(self, paint: Any, *args: Any, **more: Any) -> None:  # noqa: ANN401
        if self._within:
            paint(*args, **more)
            return
        with self.artifact():
            paint(*args, **more)

    def linkURL(self, url: str, rect: Rect, relative: int = 0, **_more: Any) -> None:  # type: ignore[override]  # noqa: N802, ANN401
        """Note where a link lies; the annotation is made with the tree."""
        part = self._parts[int(url.removeprefix(LINK))]
        place = self._absolute(rect) if relative else rect
        part.places.append((len(self.pages_marked), place))

    def _absolute(self, rect: Rect) -> Rect:
        place: Rect = tuple(round(n, 3) for n in self._absRect(rect, 1))  # type: ignore[attr-defined]
        return place

    def end_page(self) -> None:
        """Keep the marks of a page that is drawn."""
        self.pages_marked.append(self._marked)
        self._marked = []


def _switch(canvas: Any, _kind: str | None, label: str) -> None:  # noqa: ANN401 - ReportLab's callback
    text = vars(canvas)["_curr_tx_info"]["tx"]
    if isinstance(text, MarkedText) and not vars(canvas)["_within"]:
        text.switch(canvas.mark_part(int(label)))
    vars(canvas)["_place"].part = int(label)


def _told_twice(element: Element) -> list[str]:
    """List what is said of a piece on the page as well, for those who copy and search."""
    if "Lang" in element.entries:
        # The letters themselves can be read, and a reader of the page expects them as seen.
        return ["Lang"]
    # The original once, not once more for each page that it goes on.
    return ["ActualText"] if "ActualText" in element.entries and len(element.kids) == 1 else []


def _utf16(text: str) -> str:
    return (b"\xfe\xff" + text.encode("utf-16-be", "ignore")).hex().upper()

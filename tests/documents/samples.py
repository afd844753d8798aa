"""A small document with every kind of element, and ways to read finished files."""

from __future__ import annotations

import io
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import cache
from typing import TYPE_CHECKING, Any

from pikepdf import Array, Dictionary, Name, ObjectStreamMode, Pdf
from reportlab.platypus import Flowable

from eqia.documents import fonts
from eqia.documents.blocks import make_section, make_title
from eqia.documents.finishing import Attachment, finish
from eqia.documents.metadata import About
from eqia.documents.pages import Furniture, draw
from eqia.documents.tagging import Element
from eqia.documents.theme import theme_of
from eqia.domain.record_blocks import (
    Block,
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
from eqia.domain.records import digest

if TYPE_CHECKING:
    from collections.abc import Iterator

BLOCKS = (
    Panel("Signed", "Go ahead"),
    Text("Fixed; see https://eqia.example/x for more.", "note"),
    Heading("A part"),
    Quote("Words somebody typed.\n\nA second paragraph.", "A label"),
    Heading("A part of a part", 4),
    Facts((("Name", "Value"), ("Other", "مرحبا and 😀")), "A title"),
    Bullets(("One thing", "Another thing")),
    Table("Two columns", ("Head", "Other head"), (("A", "B"), ("C", "D")), (50, 50)),
)

TREE = """\
Document
  P
  H1
  H2
  P
  P
  P
    Link
  H3
  P
  P
  P
  H4
  Table
    Caption
    TBody
      TR
        TH
        TD
      TR
        TH
        TD
          Span
          Span
  L
    LI
      Lbl
      LBody
    LI
      Lbl
      LBody
  Table
    THead
      TR
        TH
        TH
    TBody
      TR
        TD
        TD
      TR
        TD
        TD
  Figure
  Form
"""


class Square(Flowable):
    """A drawing of one square."""

    def __init__(self, element: Element) -> None:
        super().__init__()
        self.element = element

    def wrap(self, _width: float, _height: float) -> tuple[float, float]:
        return 50, 50

    def draw(self) -> None:
        canvas: Any = self.canv
        with canvas.figure(self.element, (0, 0, 50, 50)):
            canvas.rect(0, 0, 50, 50, stroke=1, fill=0)


@cache
def sample(
    profile: str = "record",
    faces: fonts.Faces | None = None,
    blocks: tuple[Block, ...] = BLOCKS,
) -> bytes:
    theme, tree = theme_of(faces or fonts.load()), Element("Document")
    section = Section("one", "All there is", blocks, 1)
    whole = Contents("en", "EQS v1", "Title", "Body", "Record", "Signed", "List", (section,))
    story = [*make_title(whole, theme, tree), *make_section(section, theme, tree)]
    story.append(Square(tree.add("Figure", Alt="A square")))
    furniture = Furniture("Body", "Record", "EQS v1", lambda page, pages: f"{page} of {pages}")
    about = About(
        profile=profile,
        language="en-GB",
        title="EQS v1: Title",
        author="Body",
        subject="Record",
        keywords="EQS v1",
        creator="eqia",
        producer="eqia",
        at=datetime(2026, 11, 24, 15, 4, tzinfo=UTC),
        reference="EQS v1",
        sha256=digest("{}"),
    )
    attached = Attachment("EQS.json", "Record", b"{}") if profile == "record" else None
    return finish(draw(story, tree, theme, furniture), about, attached)


@contextmanager
def changed(pdf: bytes) -> Iterator[tuple[Pdf, list[bytes]]]:
    """Open a file to change it; the changed bytes are put in the list."""
    made: list[bytes] = []
    with Pdf.open(io.BytesIO(pdf)) as opened:
        yield opened, made
        output = io.BytesIO()
        opened.save(
            output,
            object_stream_mode=ObjectStreamMode.generate,
            fix_metadata_version=False,
            force_version="1.7",
        )
        made.append(output.getvalue())


def elements(pdf: Pdf, role: str = "") -> list[Any]:
    """List the elements of a file in the order of reading."""
    found: list[Any] = []

    def walk(node: Any) -> None:
        kids = node.get(Name.K, Array())
        for kid in kids if isinstance(kids, Array) else [kids]:
            if isinstance(kid, Dictionary) and Name.S in kid:
                if not role or Name(f"/{role}") == kid.S:
                    found.append(kid)
                walk(kid)

    walk(pdf.Root.StructTreeRoot)
    return found


def tree_of(pdf: bytes) -> str:
    """Write the roles of a file as text, indented."""
    lines: list[str] = []

    def walk(node: Any, depth: int) -> None:
        kids = node.get(Name.K, Array())
        for kid in kids if isinstance(kids, Array) else [kids]:
            if isinstance(kid, Dictionary) and Name.S in kid:
                lines.append("  " * depth + str(kid.S)[1:])
                walk(kid, depth + 1)

    with Pdf.open(io.BytesIO(pdf)) as opened:
        walk(opened.Root.StructTreeRoot, 0)
    return "".join(f"{line}\n" for line in lines)

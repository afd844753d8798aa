"""A chart as one list of marks, for the page and for the PDF alike (interface.md section 8).

Lengths are in points, the origin is the top left corner, and every chart is narrow enough to be
read unscaled on a small telephone. A wide one may stand beside it, for those who have the room.
"""

from dataclasses import dataclass
from enum import StrEnum

#: A telephone of 320 pixels less its margins.
WIDTH = 290
#: The text of a wide screen, where letters may be a little larger than drawn, or of a page.
WIDE = 480
#: Size of every word in a chart.
SIZE = 12


class Shape(StrEnum):
    """What a marker looks like; shape and words tell things apart, never colour alone."""

    DISC = "disc"
    RING = "ring"
    DIAMOND = "diamond"
    TRIANGLE = "triangle"


class Anchor(StrEnum):
    """Which end of the words stands at their place."""

    START = "start"
    END = "end"


@dataclass(frozen=True, slots=True)
class Line:
    """A straight line."""

    x1: float
    y1: float
    x2: float
    y2: float
    weight: float = 1
    dashed: bool = False


@dataclass(frozen=True, slots=True)
class Marker:
    """A shape around its middle."""

    x: float
    y: float
    shape: Shape
    radius: float = 5


@dataclass(frozen=True, slots=True)
class Words:
    """One line of words; `y` is where it stands."""

    x: float
    y: float
    text: str
    bold: bool = False
    anchor: Anchor = Anchor.START


Mark = Line | Marker | Words


@dataclass(frozen=True, slots=True)
class Chart:
    """A drawing with the sentence that says what it shows; its figures follow as a table."""

    headline: str
    #: what somebody who cannot see it is told
    description: str
    height: float
    marks: tuple[Mark, ...]
    width: float = WIDTH
    #: the same for a wide screen, where a drawing as narrow as a telephone would leave room unused
    wide: "Chart | None" = None

"""What the screening said beside what the readings show, for the pages of a plan and a measure."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from eqia.domain.findings import Direction
from eqia.domain.pictures import MeasureFacts
from eqia.domain.plan_reviews import unanswered
from eqia.domain.predictions import (
    Prediction,
    Verdict,
    counted,
    predictions_of,
)
from eqia.domain.texts import first_line
from eqia.persistence.queries.predictions import said_by
from eqia.web.plan_pages import PlanPage

#: what needs no words of its own on the page of a whole plan
_QUIET = frozenset({Verdict.AS_SAID, Verdict.HIDDEN, Verdict.TOO_EARLY})
#: what stands out among the rows
_GRAVE = frozenset({Verdict.CONTRADICTED, Verdict.WORSE})


class Line(NamedTuple):
    """A row of the table: of whom, what was said, what is read and how they go together."""

    name: str
    said: str
    #: where the measure is, and what it is called; empty on its own page
    address: str
    title: str
    shown: str
    words: str
    is_grave: bool


@dataclass(frozen=True)
class Compared:
    """Every answer of the screening beside the readings, and what asks for a review."""

    everything: tuple[Prediction, ...]
    due: tuple[Prediction, ...]
    page: PlanPage

    @property
    def lines(self) -> Iterator[Line]:
        """Everything about one measure, for its own page."""
        for one in self.everything:
            yield _line(one, one.shows)

    @property
    def telling_lines(self) -> Iterator[Line]:
        """What a whole plan's page tells, in short, with the way to each measure."""
        for one in self.telling:
            address, title = self.page.address(one.measure.id), first_line(one.measure.title)
            yield _line(one, one.brief, address, title)

    @cached_property
    def telling(self) -> tuple[Prediction, ...]:
        """What is not as the screening said, and everybody for whom it foresaw harm."""
        return tuple(
            one
            for one in self.everything
            if one.verdict not in _QUIET or one.said.direction is Direction.NEGATIVE
        )

    @property
    def counts(self) -> str:
        """How many of each verdict there are, in words."""
        return ". ".join(f"{words}: {number}" for words, number in counted(self.everything))


def compared(page: PlanPage, measure: MeasureFacts | None = None) -> Compared:
    """Set the findings of a plan beside all its measures, or beside one."""
    said = said_by(page.current)
    measures = [measure] if measure else [one.view for one in page.measures]
    everything = predictions_of(said, measures)
    return Compared(everything, unanswered(everything, page.picture), page)


def _line(one: Prediction, shown: Iterable[str], address: str = "", title: str = "") -> Line:
    is_grave = one.verdict in _GRAVE
    return Line(one.name, one.said.effect, address, title, " ".join(shown), one.words, is_grave)

"""What the screening said beside what the readings show, for the pages of a plan and a measure."""

from dataclasses import dataclass

from eqia.domain.findings import Direction
from eqia.domain.pictures import MeasureFacts
from eqia.domain.plan_reviews import unanswered
from eqia.domain.predictions import (
    Prediction,
    Verdict,
    counted,
    predictions_of,
)
from eqia.persistence.queries.predictions import said_by
from eqia.web.plan_pages import PlanPage

#: what needs no words of its own on the page of a whole plan
_QUIET = frozenset({Verdict.AS_SAID, Verdict.HIDDEN, Verdict.TOO_EARLY})


@dataclass(frozen=True, slots=True)
class Compared:
    """Every answer of the screening beside the readings, and what asks for a review."""

    everything: tuple[Prediction, ...]
    due: tuple[Prediction, ...]

    @property
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
    return Compared(everything, unanswered(everything, page.picture))

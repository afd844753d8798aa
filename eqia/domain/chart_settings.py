"""How one series is read and drawn, and the series read so (measures.md section 5).

One settings record feeds icons, chart, page, PDF and export alike.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

from eqia.domain.measure_drawing import Act
from eqia.domain.measure_words import Reading, written
from eqia.domain.measures import Goal, Shape
from eqia.domain.run_charts import run_chart
from eqia.domain.series import Point
from eqia.domain.spc import Conflict, analyse
from eqia.domain.spc_icons import Icons, Level, Method, icons, method_for
from eqia.domain.suppression import State
from eqia.domain.withholding import withheld_from


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """How one series is read and drawn; positions count from 0 over all its points."""

    goal: Goal
    shape: str
    unit: str = ""
    conflict: Conflict = Conflict.CONCERN
    excluded: Collection[int] = frozenset()
    recalculations: tuple[int, ...] = ()
    #: how many of the first live points
    baseline: int | None = None
    targets: tuple[Level, ...] = ()
    #: the month in which the year of the measure begins
    first_month: int = 4
    is_group: bool = False
    #: whether the figures are differences, which lie above or below
    is_gap: bool = False
    #: to what counts are rounded, for people outside the team
    rounded_to: int = 1
    #: why a position has no value; without an entry there is no reading yet
    states: Mapping[int, State] = field(default_factory=dict)
    #: why nothing is said of change, whatever the series itself would bear
    withheld: tuple[str, ...] = ()
    #: what was done, for the time axis
    acts: tuple[Act, ...] = ()

    def written(self, value: Fraction) -> str:
        """Write a figure of this measure; a gap in words, as everywhere else."""
        if self.is_gap and value:
            way = "above" if value > 0 else "below"
            return f"{written(abs(value), self.shape, self.unit)} {way}"
        if self.rounded_to > 1 and self.shape == Shape.PROPORTION and value * 100 >= 1:
            # A decimal would say more of a share of rounded counts than is known.
            value = Fraction(int(value * 100 + Fraction(1, 2)), 100)
        return written(value, self.shape, self.unit)


def read_series(points: Sequence[Point], settings: Settings) -> Reading:
    """Judge a series as its settings say, by the method that its number of readings bears."""
    analysis = analyse(
        points,
        goal=settings.goal,
        conflict=settings.conflict,
        excluded=settings.excluded,
        recalculations=settings.recalculations,
        baseline=settings.baseline,
    )
    withheld = withheld_from(analysis, settings.states.values(), settings.rounded_to)
    if withheld:
        return Reading(analysis, Method.LINE, Icons(withheld=(withheld,)), withheld=withheld)
    runs = run_chart(
        points,
        excluded=settings.excluded,
        recalculations=settings.recalculations,
        baseline=settings.baseline,
    )
    shown = icons(analysis, settings.targets, is_group=settings.is_group)
    if settings.withheld and (shown.variation is not None or shown.is_short):
        shown = Icons(withheld=settings.withheld)
    return Reading(analysis, method_for(len(analysis.live)), shown, runs)

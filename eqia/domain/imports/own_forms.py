"""Our own form to fill in: a row for each period and group (measures.md section 10)."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from eqia.domain.exported_readings import EVERYBODY, TEMPLATE
from eqia.domain.imports.sheets import folded
from eqia.domain.measures import OVERALL, Definition
from eqia.domain.periods import Period, Schedule
from eqia.domain.texts import first_line, plain_name

#: so many rows at most: the latest periods that fit
MOST = 5_000
_LONGEST_NAME = 60


@dataclass(frozen=True, slots=True)
class MeasureName:
    """What a measure is called in our own form: its plan, its number there and its title."""

    plan: str = ""
    number: int = 0
    title: str = ""
    #: its id, by which exports of readings name it
    id: str = ""

    @property
    def reference(self) -> str:
        """What names it in every row: no other measure has it, whatever it is renamed to."""
        return f"{self.plan}-measure-{self.number}"

    @property
    def file(self) -> str:
        """The name of a file for it, without its ending; plain enough for every computer."""
        words = plain_name(first_line(self.title))[:_LONGEST_NAME].strip("-")
        return f"readings-{self.plan}-{words or f'measure-{self.number}'}"

    def is_meant(self, written: str) -> bool:
        """Whether a row of a form is about it; a blank says nothing else."""
        meant = {"", self.id, folded(self.reference), folded(first_line(self.title))}
        return folded(written) in meant


def blank_rows(
    reference: str, definition: Definition, schedule: Schedule, days: tuple[date, date]
) -> Iterator[tuple[str, ...]]:
    """Give the rows, oldest period first; figures are left to be filled in.

    Figures that are there already are not written: the file may travel further than the page.
    """
    first, today = days
    dimension = definition.category_set or definition.characteristic
    rest = ("",) * (len(TEMPLATE) - 5)
    for period in _periods(schedule, first, today, MOST // len(definition.places)):
        for place in definition.places:
            whole = place.code == OVERALL
            yield (
                reference,
                period.start.isoformat(),
                period.end.isoformat(),
                "" if whole else dimension,
                EVERYBODY if whole else place.label,
                *rest,
            )


def _periods(schedule: Schedule, first: date, today: date, most: int) -> list[Period]:
    last = schedule.number(max(today, first))
    start = max(schedule.number(first), last - max(most, 1) + 1)
    return [schedule.period(number) for number in range(start, last + 1)]

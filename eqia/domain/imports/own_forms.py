"""Our own form to fill in: a row for each period and group (measures.md section 10)."""

from collections.abc import Iterator
from datetime import date

from eqia.domain.exported_readings import EVERYBODY, TEMPLATE
from eqia.domain.measures import OVERALL, Definition
from eqia.domain.periods import Period, Schedule

#: so many rows at most: the latest periods that fit
MOST = 5_000


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

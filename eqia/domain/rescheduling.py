"""What becomes of a series when a measure is read more or less often (measures.md section 4)."""

from datetime import date

from eqia.domain.days import ONE_DAY
from eqia.domain.errors import Invalid, Problem
from eqia.domain.periods import Schedule
from eqia.domain.record_times import in_words

#: enough periods to tell two schedules apart whose days are clipped in February of leap years
_ENOUGH = 60


def begins_anew(before: Schedule | None, after: Schedule | None, read_until: date | None) -> bool:
    """Say whether other periods start a new series; refuse those that lose or double a day."""
    if before is None or after is None or read_until is None or _fits(before, after):
        return False
    start = read_until + ONE_DAY
    if after.anchor != start:
        words = (
            f"The readings so far end on {in_words(read_until)}. Other periods have to begin on"
            f" {in_words(start)}, so that no day is lost or counted twice"
        )
        raise Invalid([Problem("first_period", words)])
    return True


def _fits(before: Schedule, after: Schedule) -> bool:
    """Whether every period of one schedule is a period of the other."""
    return all(before.around(after.start(at)) == after.period(at) for at in range(_ENOUGH))

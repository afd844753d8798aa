"""What was read: figures and their states, checked, worked out exactly and put in words."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

from eqia.domain.due_dates import is_provisional
from eqia.domain.errors import Invalid, Problem
from eqia.domain.measures import IN_PARTS, REST, Definition, Goal, Shape
from eqia.domain.periods import Period


class ReadingState(StrEnum):
    """Whether a figure stands, and if there is none, why."""

    FINAL = "final"
    PROVISIONAL = "provisional"
    MASKED = "masked_at_source"
    NOT_COLLECTED = "not_collected"
    NOT_APPLICABLE = "not_applicable"


STATE_LABELS: Mapping[str, str] = {
    ReadingState.FINAL: "Final",
    ReadingState.PROVISIONAL: "Provisional",
    ReadingState.MASKED: "Hidden at source, small number",
    ReadingState.NOT_COLLECTED: "Not collected",
    ReadingState.NOT_APPLICABLE: "Does not apply",
}
COUNTED = frozenset({ReadingState.FINAL, ReadingState.PROVISIONAL})
#: the state of a figure that we hide from people outside the team; it is never stored
HIDDEN = "hidden"
#: from which a rate of rounded counts is told without decimals
_ROUGHLY = 10
#: what stands for a hidden number, and what it means
STAR, STAR_WORDS = "*", "hidden, small number"
#: what is said of a figure out of nobody
NOBODY = (
    "Out of how many must be 1 or more. If there was nobody it could happen to, leave both boxes"
    f" empty and choose “{STATE_LABELS[ReadingState.NOT_APPLICABLE]}”"
)


@dataclass(frozen=True, slots=True)
class Figure:
    """What was read for one member in one period."""

    member: str
    numerator: int | None = None
    denominator: int | None = None
    value: Decimal | None = None
    state: str = ReadingState.FINAL

    @property
    def is_blank(self) -> bool:
        """Whether nothing was given at all: then there is no reading yet."""
        bare = self.numerator is None and self.denominator is None and self.value is None
        return bare and self.state in COUNTED


@dataclass(frozen=True, slots=True)
class Reading:
    """A live reading: the period and the figure."""

    period: Period
    figure: Figure
    #: the day it was entered, from which people could see it
    entered: date | None = None
    #: the limits of an average, as somebody else worked them out; never corrected
    limits: tuple[Decimal, Decimal] | None = None

    @property
    def counts(self) -> bool:
        """Whether it holds a figure."""
        return self.figure.state in COUNTED

    @property
    def is_hidden(self) -> bool:
        """Whether its figure, or a part of it, is kept from this reader."""
        return self.figure.state == HIDDEN


def check_period(period: Period, today: date) -> None:
    """Refuse a period that has not begun."""
    if period.start > today:
        raise Invalid([Problem("period", "This period has not begun yet")])


def checked(definition: Definition, figure: Figure, period: Period, today: date) -> Figure:
    """Refuse an impossible figure; one that comes before its period ends is provisional."""
    problem = _FAULTS[Shape(definition.shape)](figure) if figure.state in COUNTED else ""
    empty = figure.numerator is None and figure.denominator is None and figure.value is None
    if figure.state not in COUNTED and not empty:
        problem = "Leave the boxes empty, or choose that there is a figure"
    if figure.state not in set(ReadingState):
        problem = "Choose a state from the list"
    if problem:
        raise Invalid([Problem(f"figure.{figure.member}", problem)])
    early = figure.state == ReadingState.FINAL and is_provisional(period, today)
    state = ReadingState.PROVISIONAL if early else ReadingState(figure.state)
    return Figure(figure.member, figure.numerator, figure.denominator, figure.value, state.value)


def is_correction(before: Figure, after: Figure) -> bool:
    """Whether a figure takes the place of one that stood; an early one was to be confirmed."""
    return before != after and before.state != ReadingState.PROVISIONAL


def _parts_fault(figure: Figure) -> str:
    if figure.numerator is None:
        return "Enter how many were counted"
    if figure.denominator is None:
        return "Enter out of how many"
    return NOBODY if figure.denominator < 1 else ""


def _proportion_fault(figure: Figure) -> str:
    fault = _parts_fault(figure)
    if fault or figure.numerator is None or figure.denominator is None:
        return fault
    too_many = figure.numerator > figure.denominator
    return "The number counted cannot be above the number they are out of" if too_many else ""


def _mean_fault(figure: Figure) -> str:
    if figure.value is None:
        return "Enter the average"
    return "" if figure.value.is_finite() else "Enter a number, like 12.5"


def _count_fault(figure: Figure) -> str:
    return "Enter how many were counted" if figure.numerator is None else ""


_FAULTS = {
    Shape.PROPORTION: _proportion_fault,
    Shape.RATE: _parts_fault,
    Shape.MEAN: _mean_fault,
    Shape.COUNT: _count_fault,
}


def value_of(definition: Definition, figure: Figure) -> Fraction | None:
    """Work out the figure exactly: a share of one, a rate per so many, an average or a count."""
    if figure.state not in COUNTED:
        return None
    if definition.shape in IN_PARTS and figure.numerator is not None and figure.denominator:
        per = definition.per if definition.shape == Shape.RATE else 1
        return Fraction(figure.numerator * per, figure.denominator)
    if figure.value is not None:
        return Fraction(figure.value)
    return None if figure.numerator is None else Fraction(figure.numerator)


def pooled(definition: Definition, figures: Iterable[Figure]) -> Fraction | None:
    """Work out several figures of one member together, as for a baseline."""
    counted = [one for one in figures if one.state in COUNTED]
    if definition.shape in IN_PARTS:
        below = sum(one.denominator or 0 for one in counted)
        per = definition.per if definition.shape == Shape.RATE else 1
        above = sum(one.numerator or 0 for one in counted)
        return Fraction(above * per, below) if below else None
    values = [value for one in counted if (value := value_of(definition, one)) is not None]
    return sum(values, Fraction(0)) / len(values) if values else None


def less(whole: Figure, part: Figure, *, is_share: bool = False) -> Figure:
    """Take a part from the whole: what is left of the counts; without both there is no figure."""
    for one in (whole, part):
        if one.state not in COUNTED:
            return Figure(REST, state=one.state)
    numerator = (whole.numerator or 0) - (part.numerator or 0)
    denominator = (whole.denominator or 0) - (part.denominator or 0)
    if numerator < 0 or denominator <= 0 or (is_share and numerator > denominator):
        # They do not fit: the whole is of another count, of nobody else, or rounded apart.
        return Figure(REST, state=ReadingState.NOT_APPLICABLE)
    return Figure(REST, numerator, denominator)


def people(figures: Iterable[Figure]) -> int:
    """Count the people, or visits, that some figures are out of."""
    return sum(one.denominator or 0 for one in figures)


def improved(definition: Definition, before: Fraction, after: Fraction) -> bool | None:
    """Say whether a figure went the right way; None where neither way is better."""
    ways = {Goal.UP: after > before, Goal.DOWN: after < before}
    return ways.get(Goal(definition.direction))


def in_words(definition: Definition, value: Fraction | None, *, rounded: bool = False) -> str:
    """Write a value as people read it; none is none, whatever was rounded."""
    if value is None:
        return ""
    if rounded and value and definition.shape != Shape.MEAN:
        return f"about {rough_words(definition, value)}"
    if definition.shape == Shape.PROPORTION:
        return f"{_rounded(value * 100)}%"
    if definition.shape == Shape.RATE:
        return f"{_rounded(value)} per {definition.per:,}"
    unit = f" {definition.unit}" if definition.unit else ""
    whole = definition.shape == Shape.COUNT and value.denominator == 1
    return f"{int(value):,}{unit}" if whole else f"{_rounded(value)}{unit}"


def rough_words(definition: Definition, value: Fraction) -> str:
    """Write a value of rounded counts: a decimal would say more of a share than is known."""
    if definition.shape == Shape.PROPORTION and value * 100 >= 1:
        return f"{_whole(value * 100)}%"
    if definition.shape == Shape.RATE and value >= _ROUGHLY:
        return f"{_whole(value)} per {definition.per:,}"
    return in_words(definition, value)


def figure_words(definition: Definition, figure: Figure | None, *, rounded: bool = False) -> str:
    """Write a reading with its parts; a missing, a hidden and a zero one each say what they are."""
    if figure is None:
        return "No reading yet"
    if figure.state == HIDDEN:
        return f"{_starred(definition, figure)} ({STAR_WORDS})"
    if figure.state not in COUNTED:
        return STATE_LABELS[figure.state]
    words = in_words(definition, value_of(definition, figure), rounded=rounded)
    if definition.shape in IN_PARTS and figure.numerator is not None and figure.denominator:
        words = f"{words} ({figure.numerator:,} of {figure.denominator:,})"
    early = figure.state == ReadingState.PROVISIONAL
    return f"{words}, provisional" if early else words


def _starred(definition: Definition, figure: Figure) -> str:
    """Give what may be shown of a figure with a hidden part."""
    parts = (figure.numerator, figure.denominator)
    top, bottom = (STAR if part is None else f"{part:,}" for part in parts)
    return top if definition.shape not in IN_PARTS or top == bottom else f"{top} of {bottom}"


def _whole(value: Fraction) -> str:
    return f"{int(value + Fraction(1, 2)):,}"


def _rounded(value: Fraction) -> str:
    """Round to one decimal, half away from nothing, exactly."""
    tenths = abs(value) * 10
    whole = int(tenths + Fraction(1, 2))
    sign = "-" if value < 0 and whole else ""
    return f"{sign}{whole // 10:,}.{whole % 10}"

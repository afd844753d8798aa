"""What a measure counts, for whom and how often; readings, targets and baselines as values."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from typing import Any

from eqia.domain.due_dates import is_provisional
from eqia.domain.errors import Invalid, Problem
from eqia.domain.periods import Frequency, Period

LONGEST_CODE = 40
MOST_MEMBERS = 60
MOST_LAG = 730
#: everybody together, beside the members
OVERALL = ""


class MeasureKind(StrEnum):
    """What a measure is about."""

    OUTCOME = "outcome"
    PROCESS = "process"
    BALANCING = "balancing"
    EXPERIENCE = "experience"


KIND_LABELS: Mapping[str, str] = {
    MeasureKind.OUTCOME: "Outcome: what changes for people",
    MeasureKind.PROCESS: "Process: whether the action is carried out",
    MeasureKind.BALANCING: "Balancing: whether something else gets worse",
    MeasureKind.EXPERIENCE: "Experience: what people tell us",
}


class Shape(StrEnum):
    """What kind of figure a reading is."""

    PROPORTION = "proportion"
    RATE = "rate"
    MEAN = "mean"
    COUNT = "count"


SHAPE_LABELS: Mapping[str, str] = {
    Shape.PROPORTION: "A share: so many of so many people or visits",
    Shape.RATE: "A rate: so many events per number of people",
    Shape.MEAN: "An average, such as days waited",
    Shape.COUNT: "A plain count",
}
#: shapes that are read as two numbers, one of the other
IN_PARTS = frozenset({Shape.PROPORTION, Shape.RATE})


class Goal(StrEnum):
    """Which way is better."""

    UP = "up"
    DOWN = "down"
    NEITHER = "neither"


GOAL_LABELS: Mapping[str, str] = {
    Goal.UP: "Higher is better",
    Goal.DOWN: "Lower is better",
    Goal.NEITHER: "Neither",
}


class MemberKind(StrEnum):
    """Whether a member says something about people, or that it is not known."""

    SUBSTANTIVE = "substantive"
    UNKNOWN = "unknown"


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


class TargetKind(StrEnum):
    """What a target is set for."""

    LEVEL = "level"
    GAP = "gap"


TARGET_LABELS: Mapping[str, str] = {
    TargetKind.LEVEL: "A level to reach",
    TargetKind.GAP: "A gap between the group and those it is compared with",
}


class BaselineState(StrEnum):
    """How firm a baseline is."""

    AGREED = "agreed"
    PROVISIONAL = "provisional"
    NONE_EARLIER = "none_earlier"


BASELINE_LABELS: Mapping[str, str] = {
    BaselineState.AGREED: "Agreed: these periods are what we compare with",
    BaselineState.PROVISIONAL: "Provisional: better figures may come",
    BaselineState.NONE_EARLIER: "There are no earlier figures: these periods are the first ones",
}


@dataclass(frozen=True, slots=True)
class Member:
    """One group of people that is read apart."""

    code: str
    label: str
    kind: MemberKind = MemberKind.SUBSTANTIVE

    def as_json(self) -> dict[str, str]:
        """Give it as plain values, for the database."""
        return {"code": self.code, "label": self.label, "kind": self.kind.value}


@dataclass(frozen=True, slots=True, kw_only=True)
class Definition:
    """What exactly is counted. Once readings stand on it, another one is another version."""

    shape: str
    numerator: str
    denominator: str = ""
    direction: str
    per: int = 1
    unit: str = ""
    inclusion: str = ""
    exclusion: str = ""
    characteristic: str = ""
    members: tuple[Member, ...] = ()
    reference: str = ""

    @property
    def substantive(self) -> tuple[Member, ...]:
        """The members that say something about people."""
        return tuple(one for one in self.members if one.kind is MemberKind.SUBSTANTIVE)

    @property
    def places(self) -> tuple[Member, ...]:
        """Everything that is read in a period: everybody together, then each member."""
        return (Member(OVERALL, "Everybody"), *self.members)

    def label(self, member: str) -> str:
        """Name a member."""
        return next((one.label for one in self.places if one.code == member), member)


@dataclass(frozen=True, slots=True, kw_only=True)
class Routine:
    """Who reads a measure, how often and from where."""

    title: str
    kind: str = MeasureKind.OUTCOME
    owner: str = ""
    source: str = ""
    frequency: str = ""
    first_period: date | None = None
    lag_days: int = 0


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

    @property
    def counts(self) -> bool:
        """Whether it holds a figure."""
        return self.figure.state in COUNTED


@dataclass(frozen=True, slots=True)
class Target:
    """Where a measure should be, from when to when."""

    member: str
    kind: str
    value: Decimal | None
    from_date: date | None
    to_date: date | None
    source: str = ""


@dataclass(frozen=True, slots=True)
class Baseline:
    """The periods a measure is compared with."""

    from_date: date | None
    to_date: date | None
    state: str
    note: str = ""

    def covers(self, period: Period) -> bool:
        """Whether a period lies within it."""
        if self.from_date is None or self.to_date is None:
            return False
        return self.from_date <= period.start and period.end <= self.to_date


def members_from(known: Iterable[str], unknown: Iterable[str] = ()) -> tuple[Member, ...]:
    """Make members of labels typed one a line, each with a code of its own."""
    found: dict[str, Member] = {}
    for kind, labels in ((MemberKind.SUBSTANTIVE, known), (MemberKind.UNKNOWN, unknown)):
        for label in labels:
            code = _code(label, len(found))
            while code in found:
                code = f"{code[: LONGEST_CODE - 2]}_{len(found)}"[-LONGEST_CODE:]
            found[code] = Member(code, label, kind)
    return tuple(found.values())


def members_of(stored: Iterable[Mapping[str, Any]]) -> tuple[Member, ...]:
    """Read members as stored."""
    return tuple(Member(one["code"], one["label"], MemberKind(one["kind"])) for one in stored)


def _code(label: str, number: int) -> str:
    return re.sub(r"[^a-z0-9]+", "_", label.lower()).strip("_")[:LONGEST_CODE] or f"m{number}"


def routine_problems(routine: Routine) -> Iterable[Problem]:
    """Find what a measure lacks: a title, or what says when its readings are due."""
    if not routine.title.strip():
        yield Problem("title", "Say what you measure")
    if routine.kind not in set(MeasureKind):
        yield Problem("kind", "Choose what kind of measure it is")
    if routine.frequency not in set(Frequency):
        yield Problem("frequency", "Choose how often it is read")
    if routine.first_period is None:
        yield Problem("first_period", "Enter the first day of the first period")
    if not 0 <= routine.lag_days <= MOST_LAG:
        yield Problem("lag_days", f"Enter a number of days from 0 to {MOST_LAG}")


def definition_problems(one: Definition) -> Iterable[Problem]:
    """Find what would let two people count differently."""
    if one.shape not in set(Shape):
        yield Problem("shape", "Choose what kind of figure it is")
    if one.direction not in set(Goal):
        yield Problem("direction", "Choose which way is better")
    if not one.numerator.strip():
        yield Problem("numerator", "Say exactly what is counted")
    if one.shape in IN_PARTS and not one.denominator.strip():
        yield Problem("denominator", "Say out of what: all whom it could happen to")
    if one.per < 1:
        yield Problem("per", "Enter a whole number of at least 1, such as 1,000")
    yield from _check_members(one)


def _check_members(one: Definition) -> Iterable[Problem]:
    if len(one.members) > MOST_MEMBERS:
        yield Problem("members", f"Give {MOST_MEMBERS} groups or fewer")
    if one.characteristic and not one.substantive:
        yield Problem("members", "List the groups that are counted apart, one a line")
    labels = [member.label.casefold() for member in one.members]
    if len(set(labels)) != len(labels):
        yield Problem("members", "Give every group a name of its own")
    if one.reference and one.reference not in {member.code for member in one.substantive}:
        yield Problem("reference", "Compare with one of the groups in the list")


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


def _parts_fault(figure: Figure) -> str:
    if figure.numerator is None:
        return "Enter how many were counted"
    if figure.denominator is None:
        return "Enter out of how many"
    return "Out of how many must be 1 or more" if figure.denominator < 1 else ""


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


def check_target(target: Target, definition: Definition) -> None:
    """Refuse a target without a value or its days."""
    problems = []
    if target.kind not in set(TargetKind):
        problems.append(Problem("kind", "Choose what the target is for"))
    if target.value is None:
        problems.append(Problem("value", "Enter the target"))
    elif definition.shape == Shape.PROPORTION and abs(target.value) > 100:  # noqa: PLR2004 - a percentage
        problems.append(Problem("value", "Enter a percentage from 0 to 100"))
    if target.member not in {one.code for one in definition.places}:
        problems.append(Problem("member", "Choose a group from the list"))
    problems += _check_days(target.from_date, target.to_date)
    if problems:
        raise Invalid(problems)


def check_baseline(baseline: Baseline) -> None:
    """Refuse a baseline without its days, or without saying why there is none earlier."""
    problems = list(_check_days(baseline.from_date, baseline.to_date))
    if baseline.state not in set(BaselineState):
        problems.append(Problem("state", "Choose how firm it is"))
    if baseline.state == BaselineState.NONE_EARLIER and not baseline.note.strip():
        problems.append(Problem("note", "Say why there are no earlier figures"))
    if problems:
        raise Invalid(problems)


def _check_days(first: date | None, last: date | None) -> Iterable[Problem]:
    if first is None:
        yield Problem("from_date", "Enter the first day")
    if last is None:
        yield Problem("to_date", "Enter the last day")
    if first and last and last < first:
        yield Problem("to_date", "The last day must be the same as or after the first")


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


def improved(definition: Definition, before: Fraction, after: Fraction) -> bool | None:
    """Say whether a figure went the right way; None where neither way is better."""
    ways = {Goal.UP: after > before, Goal.DOWN: after < before}
    return ways.get(Goal(definition.direction))


def in_words(definition: Definition, value: Fraction | None) -> str:
    """Write a value as people read it."""
    if value is None:
        return ""
    if definition.shape == Shape.PROPORTION:
        return f"{_rounded(value * 100)}%"
    if definition.shape == Shape.RATE:
        return f"{_rounded(value)} per {definition.per:,}"
    unit = f" {definition.unit}" if definition.unit else ""
    whole = definition.shape == Shape.COUNT and value.denominator == 1
    return f"{int(value):,}{unit}" if whole else f"{_rounded(value)}{unit}"


def figure_words(definition: Definition, figure: Figure | None) -> str:
    """Write a reading with its parts; a missing, a hidden and a zero one each say what they are."""
    if figure is None:
        return "No reading yet"
    if figure.state not in COUNTED:
        return STATE_LABELS[figure.state]
    words = in_words(definition, value_of(definition, figure))
    if definition.shape in IN_PARTS and figure.numerator is not None and figure.denominator:
        words = f"{words} ({figure.numerator:,} of {figure.denominator:,})"
    early = figure.state == ReadingState.PROVISIONAL
    return f"{words}, provisional" if early else words


def _rounded(value: Fraction) -> str:
    """Round to one decimal, half away from nothing, exactly."""
    tenths = abs(value) * 10
    whole = int(tenths + Fraction(1, 2))
    sign = "-" if value < 0 and whole else ""
    return f"{sign}{whole // 10:,}.{whole % 10}"

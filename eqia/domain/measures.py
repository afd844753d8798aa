"""What a measure counts, for whom and how often; readings, targets and baselines as values."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any

from eqia.domain.categories import NOT_KNOWN, CategorySet, Kind
from eqia.domain.errors import Invalid, Problem
from eqia.domain.periods import Frequency, Period
from eqia.domain.record_times import in_words
from eqia.domain.suppression import DEFAULT, Profile

LONGEST_CODE = 40
MOST_MEMBERS = 60
MOST_LAG = 730
#: what of a definition may be said in other words while its series goes on
REWORDED = ("numerator", "denominator", "unit", "inclusion", "exclusion", "reference")
#: everybody together, beside the members
OVERALL = ""
#: everybody but the group itself, to compare it with; no member has such a code
REST, REST_LABEL = "*rest", "Everyone else"


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


CONFLICT_DEFAULT = "concern"
CONFLICT_LABELS: Mapping[str, str] = {
    "concern": "A cause for concern (the usual choice)",
    "improvement": "An improvement",
}


class MemberKind(StrEnum):
    """Whether a member says something about people, or that it is not known."""

    SUBSTANTIVE = "substantive"
    UNKNOWN = "unknown"


class TargetKind(StrEnum):
    """What a target is set for."""

    LEVEL = "level"
    GAP = "gap"
    RATIO = "ratio"
    #: a level that holds for a while, on the way to another
    TRAJECTORY = "trajectory"


TARGET_LABELS: Mapping[str, str] = {
    TargetKind.LEVEL: "A level to reach",
    TargetKind.TRAJECTORY: "A step on the way to a level",
    TargetKind.GAP: "A gap between the group and those it is compared with",
    TargetKind.RATIO: "A ratio of the group to those it is compared with",
}
#: targets that a figure itself is set against
LEVELS = frozenset({TargetKind.LEVEL, TargetKind.TRAJECTORY})


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
    #: the standard set its members are, as code|edition; empty for groups of one's own
    category_set: str = ""
    members: tuple[Member, ...] = ()
    reference: str = ""
    #: what a figure counts as that signals better and worse at once
    conflict: str = CONFLICT_DEFAULT
    #: how its small numbers are hidden from people outside the team; never two ways for one series
    suppression: str = DEFAULT
    #: what it said at first, where it was put in other words since
    at_first: Mapping[str, str] = field(default_factory=dict, compare=False)

    @property
    def substantive(self) -> tuple[Member, ...]:
        """The members that say something about people."""
        return tuple(one for one in self.members if one.kind is MemberKind.SUBSTANTIVE)

    @property
    def places(self) -> tuple[Member, ...]:
        """Everything that is read in a period: everybody together, then each member."""
        return (Member(OVERALL, "Everybody"), *self.members)

    @property
    def labels(self) -> tuple[str, ...]:
        """The names of all members."""
        return tuple(one.label for one in self.members)

    def label(self, member: str) -> str:
        """Name a member."""
        named = REST_LABEL if member == REST else member
        return next((one.label for one in self.places if one.code == member), named)


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


def runs_into(baseline: Baseline, change_start: date | None) -> bool:
    """Whether a baseline reaches into the change, so that it may show some of it already."""
    if change_start is None or baseline.to_date is None:
        return False
    return baseline.state != BaselineState.NONE_EARLIER and baseline.to_date >= change_start


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


def members_in(found: CategorySet) -> tuple[Member, ...]:
    """Take the members of a standard set that can be counted apart."""
    return tuple(
        Member(
            one.code,
            one.label,
            MemberKind.UNKNOWN if one.kind in NOT_KNOWN else MemberKind.SUBSTANTIVE,
        )
        for one in found.members
        if one.kind in NOT_KNOWN or one.kind is Kind.SUBSTANTIVE
    )


def set_key(found: CategorySet) -> str:
    """Name a standard set and its edition in one word."""
    return f"{found.code}|{found.edition}"


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
    if one.conflict not in CONFLICT_LABELS:
        yield Problem("conflict", "Choose what such a figure counts as")
    if one.suppression not in set(Profile):
        yield Problem("suppression", "Choose how small numbers are hidden")
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
    if one.reference not in {"", REST, *(member.code for member in one.substantive)}:
        yield Problem("reference", "Compare with one of the groups in the list")


def check_target(target: Target, definition: Definition) -> None:
    """Refuse a target without a value or its days."""
    problems = []
    if target.kind not in set(TargetKind):
        problems.append(Problem("kind", "Choose what the target is for"))
    if target.value is None:
        problems.append(Problem("value", "Enter the target"))
    elif target.kind == TargetKind.RATIO and target.value <= 0:
        problems.append(Problem("value", "Enter a ratio above 0, like 1.2"))
    elif is_percentage(target, definition) and abs(target.value) > 100:  # noqa: PLR2004 - all of it
        problems.append(Problem("value", "Enter a percentage from 0 to 100"))
    if target.member not in {one.code for one in definition.places}:
        problems.append(Problem("member", "Choose a group from the list"))
    elif target.kind in {TargetKind.GAP, TargetKind.RATIO} and target.member == OVERALL:
        problems.append(Problem("member", "Choose a group: everybody is compared with nobody"))
    problems += _check_days(target.from_date, target.to_date)
    if problems:
        raise Invalid(problems)


def is_percentage(target: Target, definition: Definition) -> bool:
    """Whether the number of a target is a percentage; a ratio never is."""
    return definition.shape == Shape.PROPORTION and target.kind != TargetKind.RATIO


def target_words(definition: Definition, target: Target) -> str:
    """Say for whom a target is, how much, from when to when, and where it comes from."""
    sign = "%" if is_percentage(target, definition) else ""
    days = (in_words(one) if one else "?" for one in (target.from_date, target.to_date))
    words = (
        f"{definition.label(target.member)}: {target.value}{sign}, "
        f"{TARGET_LABELS[target.kind].lower()}, from {' to '.join(days)}"
    )
    return f"{words}. {target.source}" if target.source else words


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

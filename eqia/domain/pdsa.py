"""PDSA cycles: small tests of a change, each planned, done, studied and acted on."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from uuid import UUID

from eqia.domain.errors import Invalid, Problem
from eqia.domain.measure_drawing import Act

_LONGEST_MARK = 80


class CycleDecision(StrEnum):
    """What a cycle ends in."""

    ADOPT = "adopt"
    ADAPT = "adapt"
    ABANDON = "abandon"


CYCLE_LABELS: Mapping[str, str] = {
    CycleDecision.ADOPT: "Adopt: keep the change",
    CycleDecision.ADAPT: "Adapt: alter it and test again",
    CycleDecision.ABANDON: "Abandon: give it up",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Cycle:
    """One small test of a change."""

    objective: str
    prediction: str
    start: date | None
    plan: str = ""
    do: str = ""
    study: str = ""
    act: str = ""
    end: date | None = None
    decision: str = ""
    #: the measures it touches, by their ids
    measures: tuple[UUID, ...] = ()


def check_cycle(cycle: Cycle, measures: Collection[UUID], today: date) -> None:
    """Refuse a cycle without aim, guess or start, or one that is decided before it was studied."""
    found = [*_said_too_little(cycle), *_decided_too_soon(cycle, today)]
    if cycle.start and cycle.end and cycle.end < cycle.start:
        found.append(Problem("ends_on", "The end must be the same as or after the start"))
    if not set(cycle.measures) <= set(measures):
        found.append(Problem("measures", "Choose measures from the list"))
    if found:
        raise Invalid(found)


def _said_too_little(cycle: Cycle) -> list[Problem]:
    wanted = (
        ("objective", cycle.objective.strip(), "Say what you want to find out or make better"),
        ("prediction", cycle.prediction.strip(), "Say what you think will happen"),
        ("starts_on", cycle.start, "Enter the day it starts"),
    )
    return [Problem(field, message) for field, there, message in wanted if not there]


def _decided_too_soon(cycle: Cycle, today: date) -> list[Problem]:
    """List what a decision lacks: a cycle that was not studied shows nothing to decide by."""
    if not cycle.decision:
        return []
    found = []
    if cycle.decision not in set(CycleDecision):
        found.append(Problem("decision", "Choose what was decided"))
    if not cycle.study.strip():
        found.append(Problem("study", "Say what you learned before you decide"))
    if cycle.end is None:
        found.append(Problem("ends_on", "Enter the day it ended before you decide"))
    elif cycle.end > today:
        found.append(Problem("ends_on", "It has not ended yet, so it cannot be decided"))
    return found


def marks_of(number: int, cycle: Cycle) -> list[Act]:
    """Give the days of a cycle with the words that a measure's chart marks them with."""
    if cycle.start is None:
        return []
    first = cycle.objective.partition("\n")[0]
    cut = first if len(first) <= _LONGEST_MARK else f"{first[: _LONGEST_MARK - 1]}…"
    marks = [Act(cycle.start, f"PDSA {number} starts: {cut}")]
    if cycle.end is not None:
        marks.append(Act(cycle.end, f"PDSA {number} ends{_ended(cycle.decision)}"))
    return marks


def _ended(decision: str) -> str:
    return f": {CycleDecision(decision).value}" if decision else ""

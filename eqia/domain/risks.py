"""Risks and issues of a plan: cause, event and effect apart, scored by likelihood and impact."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from uuid import UUID

from eqia.domain.errors import Invalid, Problem

STEPS = range(1, 6)
#: the most a score can be, and from where it counts as high and as medium
MOST, HIGH, MEDIUM = 25, 12, 6
SCORE_WORDS = (
    f"The score is likelihood times impact, from 1 to {MOST}. {HIGH} or more counts as high, and"
    f" {MEDIUM} to {HIGH - 1} as medium. A high one needs a response and a date to look again."
)


class RiskKind(StrEnum):
    """Whether it may happen or has happened."""

    RISK = "risk"
    ISSUE = "issue"


RISK_LABELS: Mapping[str, str] = {RiskKind.RISK: "Risk", RiskKind.ISSUE: "Issue"}
RISK_CHOICES: Mapping[str, str] = {
    RiskKind.RISK: "A risk: it may happen",
    RiskKind.ISSUE: "An issue: it has happened, or is happening now",
}


class RiskStatus(StrEnum):
    """Whether it still counts."""

    OPEN = "open"
    CLOSED = "closed"


LIKELIHOODS: Mapping[str, str] = {
    "1": "1: Very unlikely",
    "2": "2: Unlikely",
    "3": "3: As likely as not",
    "4": "4: Likely",
    "5": "5: Almost certain",
}
IMPACTS: Mapping[str, str] = {
    "1": "1: Hardly noticed",
    "2": "2: A little harm or delay",
    "3": "3: Some people are worse off, or a part is late",
    "4": "4: Many people are worse off, or the plan is at stake",
    "5": "5: Serious harm to somebody, or the plan fails",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Risk:
    """Something that may go wrong, or has."""

    kind: str
    cause: str
    event: str
    effect: str
    likelihood: int
    impact: int
    #: the group of the question set it falls on; empty for none
    group: str = ""
    owner: str = ""
    response: str = ""
    review_date: date | None = None
    #: the action of the plan that answers it
    action: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RiskView:
    """A risk as the plan sees it when it looks for what is missing."""

    id: str
    title: str
    score: int
    is_open: bool = True
    owner: str = ""
    response: bool = False
    review_date: date | None = None

    @property
    def is_high(self) -> bool:
        """Whether its score counts as high."""
        return is_high(self.score)


@dataclass(frozen=True, slots=True)
class Known:
    """What a risk can name: the groups of the question set, and the actions of the plan."""

    groups: Mapping[str, str]
    actions: Collection[UUID]


def score(likelihood: int, impact: int) -> int:
    """Multiply how likely it is by how bad it would be."""
    return likelihood * impact


def is_high(points: int) -> bool:
    """Whether a score counts as high."""
    return points >= HIGH


def score_words(points: int) -> str:
    """Say a score in words: never by a number or a colour alone."""
    level = "high" if is_high(points) else "medium" if points >= MEDIUM else "low"
    return f"{points} of {MOST}, {level}"


def check_risk(risk: Risk, known: Known) -> None:
    """Refuse a risk that says too little, or names what the plan does not have."""
    found = [*_said_too_little(risk)]
    if risk.group and risk.group not in known.groups:
        found.append(Problem("group", "Choose a group from the list"))
    if risk.action is not None and risk.action not in known.actions:
        found.append(Problem("action", "Choose an action from the list"))
    if found:
        raise Invalid(found)


def _said_too_little(risk: Risk) -> list[Problem]:
    wanted = (
        ("kind", risk.kind in set(RiskKind), "Choose whether it is a risk or an issue"),
        ("cause", risk.cause.strip(), "Say what it comes from"),
        ("event", risk.event.strip(), "Say what may happen, or has happened"),
        ("effect", risk.effect.strip(), "Say what follows from it, and for whom"),
        ("likelihood", risk.likelihood in STEPS, "Choose how likely it is"),
        ("impact", risk.impact in STEPS, "Choose how bad it would be"),
    )
    return [Problem(field, message) for field, there, message in wanted if not there]

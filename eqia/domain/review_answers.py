"""What a review made of something that was open, and the screening it decided to hold again."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from eqia.domain.record_times import in_words
from eqia.domain.screenings import Status


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a review made of one thing, and what happens now."""

    #: what it was asked under
    key: str
    name: str
    #: what was open, as whoever held the review read it
    asked: str
    text: str
    #: the same as people outside the team are told it; empty where they know of nothing
    told: str = ""
    since: date | None = None
    #: the first day of the latest period it rested on
    period: str = ""
    #: every sentence it is an answer to
    covers: tuple[str, ...] = ()
    engine: str = ""
    held_on: date | None = None


def as_json(one: Answer) -> dict[str, Any]:
    """Give an answer as plain values, for the database."""
    days = {"since": one.since, "held_on": one.held_on}
    plain = {name: day.isoformat() if day else "" for name, day in days.items()}
    return {**asdict(one), **plain, "covers": list(one.covers)}


def answer_from(kept: Mapping[str, Any]) -> Answer:
    """Read an answer as it was kept."""
    days = {
        name: date.fromisoformat(kept[name]) if kept[name] else None
        for name in ("since", "held_on")
    }
    return Answer(**{**kept, **days, "covers": tuple(kept["covers"])})


#: how far the version is that a review decided on
_STEPS: Mapping[str, str] = {
    "": "it has not begun",
    Status.DRAFT: "it is a draft",
    Status.RETURNED: "it is back with its team",
    Status.SUBMITTED: "it waits for a reviewer",
    Status.REVIEWED: "it waits for sign-off",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Rescreening:
    """A review decided to screen again, and no version that answers it is signed yet."""

    decided_on: date
    who: str
    due: date | None
    #: the number of the version that is under way, or is to be started
    number: int
    #: how far that version is, and its id; empty while nobody has started it
    status: str = ""
    version: str = ""
    #: the last version begun for it that was withdrawn again, and when
    withdrawn: int = 0
    withdrawn_on: date | None = None

    @property
    def words(self) -> str:
        """Say what was decided, whom it waits for and how far it is."""
        by = f"by {in_words(self.due)}" if self.due else ""
        waits = ", ".join(one for one in (self.who, by) if one)
        decided = f"A review on {in_words(self.decided_on)} decided to screen again"
        return "; ".join(one for one in (decided, waits, self.step) if one) + "."

    @property
    def step(self) -> str:
        """How far it is."""
        if not self.status and self.withdrawn_on:
            withdrawn = f"version {self.withdrawn} was withdrawn on {in_words(self.withdrawn_on)}"
            return f"{withdrawn}; it has to be begun anew"
        return _STEPS[self.status]

    @property
    def task(self) -> str:
        """What is to be done next."""
        return f"{'Go on with' if self.status else 'Start'} version {self.number}"

    def is_late(self, today: date) -> bool:
        """Whether the day has passed by which it was to be started."""
        return not self.status and self.due is not None and self.due < today

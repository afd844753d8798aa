"""The register of screenings: how it is filtered, and the report over a period."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from statistics import median
from uuid import UUID

from eqia.domain.questions import QuestionSet, text_in

PAGE_SIZE = 50

#: flag id -> words; each has a `…_from` date on the screening (product.md section 3)
FLAGS = {
    "late": "Late",
    "stale": "Stale",
    "information_overdue": "Information overdue",
    "eqia_pending": "EqIA pending",
    "decided_without": "Decided without EqIA",
}
#: "Was a full EqIA triggered, and done?" in one filter
EQIA_STATES = {
    "triggered": "Full EqIA triggered",
    "not_started": "Triggered, not started",
    "started": "Triggered, started",
    "approved": "Triggered and done",
    "decided_without": "Triggered, decided without it",
}


@dataclass(frozen=True, slots=True)
class Filter:
    """What somebody looks for in the register; empty means everything they may see."""

    text: str = ""
    project_id: UUID | None = None
    group: str = ""
    outcome: str = ""
    status: str = ""
    flag: str = ""
    eqia: str = ""
    since: date | None = None
    until: date | None = None
    page: int = 1

    @property
    def offset(self) -> int:
        """How many rows come before this page."""
        return (self.page - 1) * PAGE_SIZE


@dataclass(frozen=True, slots=True)
class Outcomes:
    """Every outcome of every set: its words, its rank and whether it opens an EqIA."""

    labels: Mapping[str, str]
    ranks: Mapping[str, int]
    opening: frozenset[str]

    @property
    def offered(self) -> dict[str, str]:
        """Offer each wording once: some sets have the same words for ids of their own."""
        first: dict[str, str] = {}
        for outcome, label in self.labels.items():
            first.setdefault(label, outcome)
        return {outcome: label for label, outcome in first.items()}

    def called_like(self, outcome_id: str) -> frozenset[str]:
        """Find every outcome that has the words of this one."""
        wanted = self.labels.get(outcome_id, "")
        return frozenset(one for one, label in self.labels.items() if label == wanted)


def outcomes_of(sets: Iterable[QuestionSet]) -> Outcomes:
    """Gather the outcomes of some question sets, the later version winning."""
    found = [(outcome, s) for s in sets for outcome in s.outcomes]
    return Outcomes(
        labels={o.id: text_in(o.label) for o, _ in found},
        ranks={o.id: o.rank for o, _ in found},
        opening=frozenset(o.id for o, _ in found if o.opens_eqia),
    )


@dataclass(frozen=True, slots=True)
class Entry:
    """One submitted screening version, as the periodic report counts it."""

    reference: str
    question_set: str
    submitted_at: datetime
    created_at: datetime
    reviewed_at: datetime | None = None
    signed_at: datetime | None = None
    calculated: str = ""
    confirmed: str = ""
    late_from: date | None = None
    decided_without_from: date | None = None
    eqia_status: str = ""

    @property
    def in_force(self) -> str:
        """The confirmed outcome, else the calculated one."""
        return self.confirmed or self.calculated


@dataclass(frozen=True, slots=True)
class Stage:
    """How long one stage took: whole screenings counted, median and longest days."""

    label: str
    count: int
    median_days: float | None
    longest_days: float | None


@dataclass(frozen=True, slots=True)
class Report:
    """What a governance committee asks about a period."""

    since: date
    until: date
    submitted: int
    signed: int
    #: question set -> outcome -> count
    outcomes: Mapping[str, Mapping[str, int]]
    triggered: int
    not_started: int
    started: int
    done: int
    decided_without: int
    late: int
    raised: int
    lowered: int
    stages: Sequence[Stage] = field(default_factory=tuple)


def periodic_report(
    entries: Sequence[Entry], outcomes: Outcomes, *, since: date, until: date
) -> Report:
    """Count the screenings submitted in a period; both days are in it."""
    triggered = [e for e in entries if e.in_force in outcomes.opening]
    states = Counter(e.eqia_status or "not_started" for e in triggered)
    moves = [_moved(e, outcomes) for e in entries if e.confirmed]
    return Report(
        since=since,
        until=until,
        submitted=len(entries),
        signed=sum(1 for e in entries if e.signed_at),
        outcomes=_by_set(entries),
        triggered=len(triggered),
        not_started=states["not_started"],
        started=states["started"],
        done=states["approved"],
        decided_without=_held(triggered, "decided_without_from", until),
        late=_held(entries, "late_from", until),
        raised=sum(1 for move in moves if move > 0),
        lowered=sum(1 for move in moves if move < 0),
        stages=(
            _stage("Draft to submitted", [(e.created_at, e.submitted_at) for e in entries]),
            _stage("Submitted to reviewed", [(e.submitted_at, e.reviewed_at) for e in entries]),
            _stage("Reviewed to signed", [(e.reviewed_at, e.signed_at) for e in entries]),
        ),
    )


def _moved(entry: Entry, outcomes: Outcomes) -> int:
    return outcomes.ranks.get(entry.confirmed, 0) - outcomes.ranks.get(entry.calculated, 0)


def _held(entries: Iterable[Entry], column: str, day: date) -> int:
    starts = (getattr(entry, column) for entry in entries)
    return sum(1 for start in starts if start is not None and start <= day)


def _by_set(entries: Iterable[Entry]) -> dict[str, dict[str, int]]:
    counts: dict[str, Counter[str]] = {}
    for entry in entries:
        counts.setdefault(entry.question_set, Counter())[entry.in_force] += 1
    return {name: dict(sorted(found.items())) for name, found in sorted(counts.items())}


def _stage(label: str, spans: Iterable[tuple[datetime | None, datetime | None]]) -> Stage:
    days = [(end - start).total_seconds() / 86_400 for start, end in spans if start and end]
    if not days:
        return Stage(label, 0, None, None)
    return Stage(label, len(days), round(median(days), 1), round(max(days), 1))

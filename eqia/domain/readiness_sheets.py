"""A checklist as it stands on one day: what people said, what the data say, and each gate."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from eqia.domain.readiness import (
    NOTHING,
    Checklist,
    Derived,
    Gate,
    Given,
    Part,
    Standing,
    shut_because,
    standing_of,
)
from eqia.domain.readiness_auto import derived
from eqia.domain.readiness_facts import ReadinessFacts
from eqia.domain.readiness_owed import Owed, met, owed_for
from eqia.domain.readiness_suggestions import Suggestion, suggestions


@dataclass(frozen=True, slots=True)
class Sheet:
    """Everything about one checklist on one day."""

    checklist: Checklist
    #: what counts for each part: the data's answer where they give one, else a person's
    given: Mapping[str, Given]
    derived: Mapping[str, Derived]
    suggestions: Mapping[str, Suggestion]
    standings: tuple[Standing, ...]
    #: why the equality gate is shut; empty while it is open
    shut: tuple[str, ...]
    #: of whom it cannot be told whether they give concern
    untold: tuple[str, ...]
    #: the names of all groups, which typed words must not stand beside a small number of
    groups: frozenset[str]
    #: what a person has to say was done, by rule, and whether somebody has
    to_tell: tuple[tuple[Owed, bool], ...]

    def reads_only(self, part: Part) -> bool:
        """Whether a part is answered from live data and by nobody."""
        return bool(part.auto) and not self.derived[part.id].by_hand

    def suggestion(self, part: Part) -> Suggestion | None:
        """Give what the data suggest for a part, unless that is the answer already."""
        found = self.suggestions.get(part.id)
        said = self.given.get(part.id, NOTHING).answer
        return None if found is None or found.answer == said else found

    def is_shut(self, gate: Gate, *, enforced: bool) -> bool:
        """Whether a gate may not be answered yet, where the organisation chose so."""
        return enforced and gate.waits_for_equality and bool(self.shut)

    @property
    def settled(self) -> int:
        """How many parts are settled."""
        return sum(one.settled for one in self.standings)

    @property
    def total(self) -> int:
        """How many parts there are."""
        return len(self.checklist.parts)


def sheet_of(checklist: Checklist, answers: Mapping[str, Given], facts: ReadinessFacts) -> Sheet:
    """Put what people said and what the data say together."""
    found = derived(checklist, facts)
    live = {part: Given(answer=one.answer) for part, one in found.items() if not one.by_hand}
    said = {part: _as_seen(one, facts) for part, one in answers.items()}
    given = {**said, **live}
    return Sheet(
        checklist=checklist,
        given=given,
        derived=found,
        suggestions=suggestions(checklist, facts),
        standings=tuple(standing_of(gate, given) for gate in checklist.gates),
        shut=shut_because(checklist, given),
        groups=facts.groups,
        untold=tuple(one.words for one in facts.untold),
        to_tell=tuple((one, met(one, facts)[0]) for one in owed_for(facts) if one.deed),
    )


def _as_seen(given: Given, facts: ReadinessFacts) -> Given:
    return replace(given, note=facts.written(given.note), for_whom=facts.written(given.for_whom))

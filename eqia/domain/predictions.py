"""What a screening said of each group beside what the readings show (product.md sections 6, 9).

Where the readings contradict it, the screening's answer no longer holds: a review is due, which
decides whether to screen again.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from eqia.domain.categories import load_category_sets
from eqia.domain.courses import Course
from eqia.domain.findings import SERIOUS, Direction
from eqia.domain.measures import Definition, Member
from eqia.domain.pictures import MeasureFacts
from eqia.domain.spc_icons import USUAL
from eqia.domain.standings import GapTold


class Verdict(StrEnum):
    """How what was said and what is read go together."""

    CONTRADICTED = "contradicted"
    WORSE = "worse"
    AS_SAID = "as_said"
    BETTER = "better"
    NOT_SHOWN = "not_shown"
    FOUND_OUT = "found_out"
    APART = "apart"
    HIDDEN = "hidden"
    TOO_EARLY = "too_early"


VERDICT_WORDS: Mapping[Verdict, str] = {
    Verdict.CONTRADICTED: "The readings contradict the screening",
    Verdict.WORSE: "Worse than the screening said: at least twice as bad as before",
    Verdict.APART: "No change shows so far, but clearly apart already",
    Verdict.AS_SAID: "As the screening said",
    Verdict.BETTER: "Better than the screening said",
    Verdict.NOT_SHOWN: "What the screening said does not show so far",
    Verdict.FOUND_OUT: "The screening did not know it; the readings tell now",
    Verdict.HIDDEN: "Hidden here: small numbers",
    Verdict.TOO_EARLY: "Too early to say",
}
#: that harm was foreseen makes it no smaller
HARM_SHOWS = "Harm shows, as the screening said"
#: with which no verdict may calm anybody where the groups are clearly apart
AND_APART = "and clearly apart"

_FIFTHS = 5

#: what was said, and which way the readings go
_TABLE: Mapping[tuple[Direction, Course], Verdict] = {
    (Direction.POSITIVE, Course.WORSE): Verdict.CONTRADICTED,
    (Direction.POSITIVE, Course.STEADY): Verdict.NOT_SHOWN,
    (Direction.POSITIVE, Course.BETTER): Verdict.AS_SAID,
    (Direction.NEUTRAL, Course.WORSE): Verdict.CONTRADICTED,
    (Direction.NEUTRAL, Course.STEADY): Verdict.AS_SAID,
    (Direction.NEUTRAL, Course.BETTER): Verdict.BETTER,
    (Direction.NEGATIVE, Course.WORSE): Verdict.AS_SAID,
    (Direction.NEGATIVE, Course.STEADY): Verdict.NOT_SHOWN,
    (Direction.NEGATIVE, Course.BETTER): Verdict.BETTER,
    (Direction.UNKNOWN, Course.WORSE): Verdict.FOUND_OUT,
    (Direction.UNKNOWN, Course.STEADY): Verdict.FOUND_OUT,
    (Direction.UNKNOWN, Course.BETTER): Verdict.FOUND_OUT,
}
#: what says too little of groups that are clearly apart
_CALMING = frozenset({Verdict.AS_SAID, Verdict.BETTER})
_SILENT: Mapping[Course, frozenset[Verdict]] = {
    Course.STEADY: frozenset({Verdict.AS_SAID, Verdict.NOT_SHOWN}),
    Course.UNSURE: frozenset({Verdict.TOO_EARLY}),
    Course.BETTER: frozenset(),
    Course.WORSE: frozenset(),
}


@dataclass(frozen=True, slots=True)
class Said:
    """What the screening said of one group of people."""

    group: str
    label: str
    direction: Direction
    #: the answer in words
    effect: str = ""
    #: how bad the harm would be: "small" or "serious"; "" where none was said or the set asks not
    severity: str = ""


@dataclass(frozen=True, slots=True)
class Prediction:
    """What was said of a group beside what one measure shows of one part of it."""

    said: Said
    measure: MeasureFacts
    member: Member
    verdict: Verdict
    #: whether the group is clearly apart from those it is compared with
    is_apart: bool = False

    @property
    def words(self) -> str:
        """How the two go together."""
        is_better = self.measure.place(self.member.code).course == Course.BETTER
        calms = is_better and self.verdict in _CALMING
        return f"{self.told}, {AND_APART}" if calms and self.is_apart else self.told

    @property
    def told(self) -> str:
        """How they do in general, as it is counted: harm that was foreseen is no good news."""
        is_harm = self.said.direction is Direction.NEGATIVE and self.verdict is Verdict.AS_SAID
        return HARM_SHOWS if is_harm else VERDICT_WORDS[self.verdict]

    @property
    def name(self) -> str:
        """Whom it is about."""
        return f"{self.said.label}: {self.member.label}"

    @property
    def shows(self) -> tuple[str, ...]:
        """What the readings show: the latest figure, its signals, and what became of the gap."""
        told = self.measure.place(self.member.code).told
        return (self._figure, *(f"{one}." for one in told), *(gap.words for gap in self._gaps))

    @property
    def brief(self) -> tuple[str, ...]:
        """What they show in short: what is as usual, or not clear, needs no words."""
        told = self.measure.place(self.member.code).told
        clear = (gap.now for gap in self._gaps if gap.is_clear)
        return (self._figure, *(f"{one}." for one in told if one != USUAL), *clear)

    @property
    def _figure(self) -> str:
        place = self.measure.place(self.member.code)
        before = f" (before: {place.before})" if place.before else ""
        return f"{place.words}{before}."

    @property
    def _gaps(self) -> tuple[GapTold, ...]:
        pair = _pair(self.member)
        return tuple(one for one in self.measure.standing.gaps if one.pair.startswith(pair))


def verdict_of(direction: Direction, course: Course) -> Verdict:
    """Set what was said against which way the readings go."""
    return _TABLE.get((direction, course), Verdict.TOO_EARLY)


def predictions_of(
    said: Iterable[Said], measures: Iterable[MeasureFacts]
) -> tuple[Prediction, ...]:
    """Set what was said of each group beside every measure that is broken down by it."""
    known = [(one, one.definition) for one in measures if one.live and one.definition]
    return tuple(
        _predicted(one, measure, member)
        for one in said
        for measure, definition in known
        if definition.characteristic == one.group
        for member in _spoken_of(definition)
        if measure.place(member.code).latest is not None
    )


def _spoken_of(definition: Definition) -> tuple[Member, ...]:
    """Give the groups the screening speaks of: never those others are compared with (rule C06).

    Of a set in order of deprivation it speaks of the most deprived fifth alone.
    """
    members = definition.substantive
    found = load_category_sets().get(_key(definition))
    if found is not None and found.ordered:
        members = members[: max(1, len(members) // _FIFTHS)]
    return tuple(one for one in members if one.code != definition.reference)


def _key(definition: Definition) -> tuple[str, str]:
    code, _, edition = definition.category_set.partition("|")
    return code, edition


def counted(predictions: Iterable[Prediction]) -> tuple[tuple[str, int], ...]:
    """Count the verdicts, in words, the ones that need somebody first."""
    order = list(VERDICT_WORDS)
    found = Counter(
        one.told for one in sorted(predictions, key=lambda one: order.index(one.verdict))
    )
    return tuple(found.items())


def _predicted(said: Said, measure: MeasureFacts, member: Member) -> Prediction:
    apart = any(gap.pair.startswith(_pair(member)) for gap in measure.standing.clear_gaps)
    return Prediction(said, measure, member, _verdict(said, measure, member, apart=apart), apart)


def _verdict(said: Said, measure: MeasureFacts, member: Member, *, apart: bool) -> Verdict:
    place = measure.place(member.code)
    course = Course(place.course or Course.UNSURE)
    if place.cannot_tell and course is not Course.WORSE:
        return Verdict.HIDDEN
    found = verdict_of(said.direction, course)
    if _outgrew(said, course) and place.is_doubled:
        return Verdict.WORSE
    return Verdict.APART if apart and found in _SILENT[course] else found


def _outgrew(said: Said, course: Course) -> bool:
    """Whether harm was said and harm is read: then it counts how large either is."""
    return (
        said.direction is Direction.NEGATIVE and said.severity != SERIOUS and course is Course.WORSE
    )


def _pair(member: Member) -> str:
    return f"{member.label} compared with "

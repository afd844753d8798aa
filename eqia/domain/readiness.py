"""The readiness checklist: its gates and items, how one is answered, and how a gate stands."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from eqia.domain.errors import Invalid, Problem


class AnswerCode(StrEnum):
    """How far something is."""

    YES = "yes"
    PARTLY = "partly"
    NOT_YET = "not_yet"
    NA = "na"


ANSWER_LABELS: Mapping[str, str] = {
    AnswerCode.YES: "Yes",
    AnswerCode.PARTLY: "Partly",
    AnswerCode.NOT_YET: "Not yet",
    AnswerCode.NA: "Does not apply",
}
#: the answers that leave nothing to do, once they say why or for whom
SETTLED = frozenset({AnswerCode.YES.value, AnswerCode.NA.value})


@dataclass(frozen=True, slots=True)
class Name:
    """One name of something, and since when it has it."""

    name: str
    since: date | None = None


@dataclass(frozen=True, slots=True)
class Label:
    """Something whose name changes: the names in order, and the day they were looked up."""

    id: str
    what: str
    as_at: date
    verified: bool
    names: tuple[Name, ...]

    def current(self, today: date) -> Name:
        """Give the name in force."""
        begun = [one for one in self.names if one.since is None or one.since <= today]
        return (begun or [self.names[0]])[-1]

    def historic(self, today: date) -> tuple[Name, ...]:
        """Give the names it had before, the latest first."""
        here = self.names.index(self.current(today))
        return tuple(reversed(self.names[:here]))

    def words(self, today: date) -> str:
        """Name it in a sentence, with the name before, and say so if nobody checked."""
        notes = [f"before: {one.name}" for one in self.historic(today)]
        if not self.verified:
            notes.append("check that this is still its name")
        now = self.current(today).name
        return f"{now} ({'; '.join(notes)})" if notes else now


@dataclass(frozen=True, slots=True)
class Part:
    """One thing that is asked and answered: a whole item, or a part of one."""

    #: `1.3`, or `1.5b` for a part
    id: str
    item: str
    text: str
    help: str = ""
    #: it touches equality, so that "for whom?" is asked too (product.md section 8)
    equality: bool = False
    #: what answers it from live data, "" where a person does
    auto: str = ""
    #: what suggests an answer from live data, for a person to confirm
    suggest: str = ""

    @property
    def key(self) -> str:
        """Name it in forms and addresses."""
        return self.id.replace(".", "-")


@dataclass(frozen=True, slots=True)
class Item:
    """One numbered item with its parts; most have one part, which is the item."""

    id: str
    text: str
    parts: tuple[Part, ...]

    @property
    def is_split(self) -> bool:
        """Whether its parts are answered one by one."""
        return len(self.parts) > 1


@dataclass(frozen=True, slots=True)
class Gate:
    """A stage of a project, with what should be in place before it goes on."""

    id: str
    title: str
    intro: str
    items: tuple[Item, ...]
    #: shut until the equality items are settled, where the organisation chooses so
    waits_for_equality: bool = False

    @property
    def parts(self) -> tuple[Part, ...]:
        """Everything that is answered, in order."""
        return tuple(part for item in self.items for part in item.parts)


@dataclass(frozen=True, slots=True)
class SetMeaning:
    """What the questions of one set mean for the items answered from live data."""

    #: the questions that show that equality was considered; on the short path, these instead
    considered: tuple[str, ...] = ()
    considered_short: tuple[str, ...] = ()
    #: the questions whose rules ask for a reply
    replies: tuple[str, ...] = ()
    #: answers on involvement -> answers of the checklist
    involvement: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Checklist:
    """One published version of the checklist; never edited after first use."""

    id: str
    version: int
    title: str
    effective_from: date
    labels: tuple[Label, ...]
    gates: tuple[Gate, ...]
    sets: Mapping[str, SetMeaning]
    digest: str = ""

    @property
    def name(self) -> str:
        """Name the version, as pages and files show it."""
        return f"{self.title}, version {self.version}"

    @property
    def parts(self) -> tuple[Part, ...]:
        """Everything that is answered, gate by gate."""
        return tuple(part for gate in self.gates for part in gate.parts)

    @property
    def auto_parts(self) -> tuple[Part, ...]:
        """The parts answered from live data: together they are the equality gate."""
        return tuple(part for part in self.parts if part.auto)

    def gate(self, gate_id: str) -> Gate | None:
        """Find a gate."""
        return next((one for one in self.gates if one.id == gate_id), None)

    def gate_of(self, part: Part) -> Gate:
        """Find the gate a part stands in."""
        return next(one for one in self.gates if part in one.parts)

    def say(self, text: str, today: date) -> str:
        """Put the names of today into a text."""
        for label in self.labels:
            text = text.replace(f"{{{label.id}}}", label.words(today))
        return text


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """What a person says about one part; a blank answer is no answer, never a no."""

    answer: str = ""
    note: str = ""
    for_whom: str = ""
    link: str = ""
    owner: str = ""
    on: date | None = None


NOTHING = Given()


@dataclass(frozen=True, slots=True)
class Derived:
    """An answer from live data: why, line by line, and where it can be looked at."""

    answer: str
    words: str
    lines: tuple[str, ...] = ()
    #: the id of the screening version it rests on, "" where it rests on none
    screening: str = ""
    #: it is answered by a person after all, as nothing in the data could
    by_hand: bool = False


@dataclass(frozen=True, slots=True)
class ToLookAt:
    """A part that wants a look, and why."""

    part: str
    why: str


@dataclass(frozen=True, slots=True)
class Standing:
    """How a gate stands: how many of its parts are settled, and what to look at."""

    gate: Gate
    settled: int
    warnings: tuple[ToLookAt, ...]

    @property
    def total(self) -> int:
        """How many parts it has."""
        return len(self.gate.parts)

    @property
    def share(self) -> str:
        """Say how many are settled, never as a bare percentage."""
        return f"{self.settled} of {self.total}"

    @property
    def lines(self) -> tuple[str, ...]:
        """Give what to look at, a line for each reason with the parts it holds for."""
        reasons = dict.fromkeys(one.why for one in self.warnings)
        return tuple(
            f"{why}: {', '.join(one.part for one in self.warnings if one.why == why)}"
            for why in reasons
        )


def check_given(part: Part, given: Given) -> tuple[Problem, ...]:
    """List what cannot be kept; a half-filled one can, so that nothing typed is lost."""
    problems = []
    if given.answer and given.answer not in set(AnswerCode):
        problems.append(Problem(f"{part.key}-answer", f"{part.id}: choose from the list"))
    if given.for_whom and not part.equality:
        problems.append(Problem(f"{part.key}-note", f"{part.id} does not ask for whom"))
    return tuple(problems)


def refuse_auto(part: Part, derived: Mapping[str, Derived]) -> None:
    """Refuse an answer by hand to what is answered from live data: a tick never satisfies it."""
    if part.auto and not derived[part.id].by_hand:
        words = f"{part.id} is answered from the screening and the plan. It cannot be ticked."
        raise Invalid([Problem(f"{part.key}-answer", words)], code="read_only")


def standing_of(gate: Gate, answers: Mapping[str, Given]) -> Standing:
    """Say how a gate stands, given the answer to each part that has one."""
    seen = ((part, answers.get(part.id, NOTHING)) for part in gate.parts)
    warnings = [ToLookAt(part.id, why) for part, given in seen for why in _warned(part, given)]
    settled = sum(is_settled(part, answers.get(part.id, NOTHING)) for part in gate.parts)
    return Standing(gate, settled, tuple(warnings))


def is_settled(part: Part, given: Given) -> bool:
    """Whether a part leaves nothing to look at: it is answered and says all that goes with it."""
    return next(_warned(part, given), None) is None


def _warned(part: Part, given: Given) -> Iterator[str]:
    if not given.answer:
        yield "No answer yet"
    elif given.answer not in SETTLED:
        yield ANSWER_LABELS[given.answer]
    elif given.answer == AnswerCode.NA and not given.note.strip():
        yield "Say why it does not apply"
    elif part.equality and given.answer == AnswerCode.YES and not given.for_whom.strip():
        yield "Say for whom"


def shut_because(checklist: Checklist, derived: Mapping[str, Given]) -> tuple[str, ...]:
    """Say why the equality gate is shut; nothing while it is open.

    It is open once each of the items answered from live data is settled.
    """
    return tuple(
        _unsettled(part, given)
        for part in checklist.auto_parts
        if not is_settled(part, given := derived.get(part.id, NOTHING))
    )


def _unsettled(part: Part, given: Given) -> str:
    said = f"{part.id} “{part.text}” {ANSWER_LABELS.get(given.answer, 'No answer yet')}"
    lacking = next(_warned(part, given))
    if given.answer not in SETTLED:
        return said
    return f"{said} ({lacking[0].lower()}{lacking[1:]})"

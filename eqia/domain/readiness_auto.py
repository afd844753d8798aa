"""The items answered from live data alone: no tick satisfies them (product.md section 8)."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from eqia.domain.answers import shown
from eqia.domain.evaluation import is_blank
from eqia.domain.questions import text_in
from eqia.domain.readiness import AnswerCode, Checklist, Derived
from eqia.domain.readiness_facts import ReadinessFacts, Version
from eqia.domain.readiness_owed import Owed, met, owed_for
from eqia.domain.screenings import UNSIGNED, Status
from eqia.domain.texts import first_line

WAITING = "Waiting for EqIA"


@dataclass(frozen=True, slots=True)
class Met:
    """Something the decision asks for, and what the data say of it."""

    owed: Owed
    is_met: bool
    words: str


def derived(checklist: Checklist, facts: ReadinessFacts) -> Mapping[str, Derived]:
    """Answer every item that is answered from live data, by its id."""
    return {part.id: DERIVED[part.auto](facts) for part in checklist.auto_parts}


def _considered(facts: ReadinessFacts) -> Derived:
    """Answer whether equality was considered: a signed screening says so, or a draft does."""
    for statuses, answer in (
        (frozenset({Status.SIGNED}), AnswerCode.YES),
        (UNSIGNED, AnswerCode.PARTLY),
    ):
        found = next(
            (one for one in facts.versions if one.status in statuses and _says_all(facts, one)),
            None,
        )
        if found is not None:
            signed = "signed" if answer == AnswerCode.YES else "not signed yet"
            words = f"{found.name}, {signed}, answers {_listed(found, _asked(facts, found))}."
            return Derived(answer.value, words, screening=found.id)
    lacking = [
        f"{one.name} does not answer {_listed(one, _blank(facts, one))}." for one in _live(facts)
    ]
    return Derived(
        AnswerCode.NOT_YET.value, "No screening answers what this needs.", tuple(lacking)
    )


def _screened(facts: ReadinessFacts) -> Derived:
    """Answer whether there is a screening, with its outcome."""
    signed = next((one for one in facts.versions if one.status is Status.SIGNED), None)
    if signed is not None:
        outcome = text_in(facts.question_set.outcome(facts.outcome).label, facts.language)
        words = f"{signed.name} is signed. Outcome: {outcome}."
        return Derived(AnswerCode.YES.value, words, screening=signed.id)
    under_way = next((one for one in facts.versions if one.status in UNSIGNED), None)
    if under_way is not None:
        words = f"{under_way.name} is not signed yet ({under_way.status.value})."
        return Derived(AnswerCode.PARTLY.value, words, screening=under_way.id)
    return Derived(AnswerCode.NOT_YET.value, "There is no screening.")


def _impact_measured(facts: ReadinessFacts) -> Derived:
    """Answer whether what the decision asks for is in place, rule by rule or action by action."""
    outcome = facts.question_set.outcome(facts.outcome)
    stops = tuple(_stops(facts))
    if outcome == facts.question_set.lowest:
        # Nobody may say that all is well while the plan itself says that it is not.
        if stops:
            words = "The screening asks for no measures, but the plan cannot be called complete."
            return Derived(AnswerCode.PARTLY.value, words, stops)
        words = "The screening asks for no measures, so your team answers this."
        return Derived("", words, by_hand=True)
    if outcome.opens_eqia and not facts.eqia_approved:
        return Derived(AnswerCode.NOT_YET.value, f"{WAITING}: it is not approved yet.")
    found = [_met(one, facts) for one in owed_for(facts)]
    lines = [*(one.words for one in found), *stops]
    done = sum(one.is_met for one in found)
    words = f"{done} of {len(found)} things the decision asks for are in place."
    if not found:
        words = "The plan has no action of the EqIA yet."
    return Derived(_how_far(done, len(found), bool(stops)), words, tuple(lines))


def _stops(facts: ReadinessFacts) -> Iterator[str]:
    """Say what keeps the plan from being closed, and of whom its reader cannot be told if it does.

    Which figures it is about, the plan says to those who may see them.
    """
    yield from dict.fromkeys(
        f"Missing in the plan: {first_line(one.name)}. {one.fix}." for one in facts.blocking
    )
    if facts.outside:
        yield from (
            f"It cannot be told here whether these give cause for concern, as figures are hidden:"
            f" {one.words}."
            for one in facts.untold
        )


def _how_far(done: int, total: int, blocked: bool) -> str:
    if not done:
        return AnswerCode.NOT_YET.value
    whole = done == total and not blocked
    return (AnswerCode.YES if whole else AnswerCode.PARTLY).value


def _met(owed: Owed, facts: ReadinessFacts) -> Met:
    is_met, words = met(owed, facts)
    return Met(owed, is_met, f"{owed.title} {words}")


def _live(facts: ReadinessFacts) -> tuple[Version, ...]:
    alive = UNSIGNED | {Status.SIGNED}
    return tuple(one for one in facts.versions if one.status in alive)


def _asked(facts: ReadinessFacts, version: Version) -> tuple[str, ...]:
    """List the questions that show it: those named for the set, else by the parts they play."""
    asked, meaning = version.question_set, facts.meaning(version.question_set)
    view = shown(asked, version.answers)
    named = meaning.considered or (*asked.ids("summary"), *asked.ids("needs"))
    if meaning.considered_short and view.holds(asked.id_for("short_path")):
        named = meaning.considered_short
    # A later version of a set may ask otherwise.
    return tuple(one for one in named if asked.has_question(one))


def _blank(facts: ReadinessFacts, version: Version) -> tuple[str, ...]:
    seen = version.answers.visible(version.question_set)
    return tuple(one for one in _asked(facts, version) if is_blank(seen.values.get(one)))


def _says_all(facts: ReadinessFacts, version: Version) -> bool:
    return not _blank(facts, version)


def _listed(version: Version, questions: tuple[str, ...]) -> str:
    """Name questions by their ids and what they are about."""
    asked = (version.question_set.question(one) for one in questions)
    return ", ".join(f"{one.id} ({text_in(one.short)})" if one.short else one.id for one in asked)


#: what can answer an item, by the name a checklist gives it
DERIVED: Mapping[str, Callable[[ReadinessFacts], Derived]] = MappingProxyType(
    {
        "considered": _considered,
        "screened": _screened,
        "impact_measured": _impact_measured,
    }
)

"""What the decision of a screening asks for, and whether the plan has what answers it.

A matched rule says by the questions it reads what answers it: one that reads the question on
involvement wants people involved; one on worries, a reply; one on the stage, a review; every other
one a measure with readings of the groups it is about. Under a full EqIA each action is asked.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from eqia.domain.conditions import leaves
from eqia.domain.plans import ActionKind, ActionStatus
from eqia.domain.questions import QuestionSet, Rule
from eqia.domain.readiness_facts import DeedKind, ReadinessFacts


class Need(StrEnum):
    """What answers a rule or an action."""

    MEASURE = "measure"
    REPLY = "reply"
    INVOLVEMENT = "involvement"
    REVIEW = "review"
    FOUND_OUT = "found_out"


@dataclass(frozen=True, slots=True)
class Owed:
    """One thing the decision asks for."""

    #: the rule, or the action of the plan
    id: str
    title: str
    need: Need
    #: the groups it is about; none where any group will do
    groups: tuple[str, ...] = ()
    #: the measures that count; None where any of the plan does
    measures: frozenset[str] | None = None

    @property
    def deed(self) -> DeedKind | None:
        """Name what a person has to say was done, if no data show it."""
        return {Need.REPLY: DeedKind.REPLY, Need.INVOLVEMENT: DeedKind.INVOLVEMENT}.get(self.need)


#: what stands for a rule where a reviewer raised the outcome and no rule of that outcome matched
RAISED = "raised"


def owed_for(facts: ReadinessFacts) -> tuple[Owed, ...]:
    """List what the outcome in force asks for."""
    outcome = facts.question_set.outcome(facts.outcome)
    if outcome == facts.question_set.lowest:
        return ()
    if outcome.opens_eqia:
        return tuple(_by_actions(facts))
    found = tuple(_by_rules(facts))
    title = "The reviewer asked for conditions."
    return found or (Owed(RAISED, title, Need.MEASURE),)


def met(owed: Owed, facts: ReadinessFacts) -> tuple[bool, str]:
    """Say whether something is answered, and by what."""
    return _MET[owed.need](owed, facts)


def _by_rules(facts: ReadinessFacts) -> Iterable[Owed]:
    for reason in facts.decision.get("reasons", ()):
        rule = facts.question_set.rule(reason["rule"])
        if rule is None or reason["outcome"] != facts.outcome:
            continue
        groups = dict.fromkeys(one["group"] for one in reason["answers"] if one["group"])
        yield Owed(rule.id, reason["text"], _need_of(rule, facts), tuple(groups))


def _need_of(rule: Rule, facts: ReadinessFacts) -> Need:
    read = {test.question for test, _ in leaves(rule.when)}
    asked = facts.question_set
    for need, questions in (
        (Need.INVOLVEMENT, asked.ids("involvement")),
        (Need.REPLY, facts.meaning(asked).replies),
        (Need.REVIEW, asked.ids("stage")),
    ):
        if read & set(questions):
            return need
    return Need.MEASURE


def _by_actions(facts: ReadinessFacts) -> Iterable[Owed]:
    """Ask of every live action: to find out what is not known ends in knowing it."""
    groups = {one.id: one.group for one in facts.plan.findings}
    for action in facts.plan.actions:
        if not action.live:
            continue
        need = Need.FOUND_OUT if action.kind == ActionKind.DATA_GAP else Need.MEASURE
        about = tuple(sorted({groups[one] for one in action.findings if one in groups}))
        title = f"{action.title.splitlines()[0]}."
        yield Owed(action.id, title, need, about, action.measures)


def _measured(owed: Owed, facts: ReadinessFacts) -> tuple[bool, str]:
    counted = {
        group
        for measure, group in facts.read_by.items()
        if owed.measures is None or measure in owed.measures
    }
    if not owed.groups:
        return bool(counted), _READ if counted else "No measure has a reading of a group yet."
    missing = [one for one in owed.groups if one not in counted]
    if not missing:
        return True, _READ
    named = ", ".join(_label(facts.question_set, one, facts.language) for one in missing)
    return False, f"No measure has a reading of this group yet: {named}."


_READ = "A measure has readings split by group."


def _label(asked: QuestionSet, group: str, language: str) -> str:
    known = {one.id: one for listed in asked.groups for one in listed.groups}
    return known[group].label.get(language, group) if group in known else group


def _replied(owed: Owed, facts: ReadinessFacts) -> tuple[bool, str]:
    deed = facts.deeds.get(owed.id)
    if deed is None or deed.kind != DeedKind.REPLY or deed.on is None:
        return False, "No reply is recorded yet."
    return True, f"Replied on {_day(deed.on)}: {facts.written(deed.words)}"


def _involved(owed: Owed, facts: ReadinessFacts) -> tuple[bool, str]:
    deed = facts.deeds.get(owed.id)
    done = {one.id: one for one in facts.plan.actions if one.status == ActionStatus.DONE}
    if deed is None or deed.kind != DeedKind.INVOLVEMENT or deed.action not in done:
        return False, "No action to involve people is done yet."
    title = done[deed.action].title.splitlines()[0]
    return True, f"Done: {title}. {facts.written(deed.words)}"


def _reviewed(_owed: Owed, facts: ReadinessFacts) -> tuple[bool, str]:
    if facts.review_held is None:
        return False, "No review was held since it was signed."
    return True, f"A review was held on {_day(facts.review_held)}."


def _found_out(owed: Owed, facts: ReadinessFacts) -> tuple[bool, str]:
    done = any(one.id == owed.id and one.status == ActionStatus.DONE for one in facts.plan.actions)
    return done, "It was found out." if done else "It is not found out yet."


def _day(day: date) -> str:
    return f"{day.day} {day:%B %Y}"


_MET: Mapping[Need, Callable[[Owed, ReadinessFacts], tuple[bool, str]]] = {
    Need.MEASURE: _measured,
    Need.REPLY: _replied,
    Need.INVOLVEMENT: _involved,
    Need.REVIEW: _reviewed,
    Need.FOUND_OUT: _found_out,
}

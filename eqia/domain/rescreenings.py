"""Why a screening was begun again: the review that decided it, and what the readings showed then.

Measures.md section 3: a concern asks whether the screening still holds. The next version tells
whoever answers, reviews and signs it what that was, in the figures of that day.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import date
from typing import Any

from eqia.domain.answers import Answers
from eqia.domain.measures import OVERALL, Definition, Member
from eqia.domain.periods import period_name
from eqia.domain.pictures import MeasureFacts, Picture
from eqia.domain.plan_reviews import concern_key, contradiction_key
from eqia.domain.predictions import Prediction, Verdict
from eqia.domain.questions import QuestionSet
from eqia.domain.standings import Place
from eqia.domain.texts import first_line


@dataclass(frozen=True, slots=True, kw_only=True)
class Doubt:
    """Something the readings showed that put the screening in doubt, as told outside the team."""

    #: what a review was asked of it under
    key: str
    #: the group of the form it is about
    group: str
    #: whom it is about, and what is measured
    name: str
    measure: str
    #: what the screening said of the group, where the readings contradict that; else empty
    said: str = ""
    #: what gives concern, and the figures it was told with
    why: str = ""
    shows: str = ""
    #: what the review made of it, small numbers hidden
    answer: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Again:
    """The decision of a review to screen again that a version was begun for, or took in."""

    held_on: date
    who: str
    notes: str
    #: the number of the version that was put in doubt, and the plan whose review it was
    number: int
    plan: str = ""
    doubts: tuple[Doubt, ...] = ()

    @property
    def groups(self) -> frozenset[str]:
        """The groups of the form that are in doubt."""
        return frozenset(one.group for one in self.doubts if one.group)

    def about(self, groups: Iterable[str]) -> tuple[Doubt, ...]:
        """Give what is in doubt about some groups."""
        wanted = set(groups)
        return tuple(one for one in self.doubts if one.group in wanted)


def doubts_of(picture: Picture, predictions: Iterable[Prediction]) -> tuple[Doubt, ...]:
    """List what contradicts the screening or gives concern, whether or not it was answered."""
    contradicted = (one for one in predictions if one.verdict is Verdict.CONTRADICTED)
    return (*map(_contradicted, contradicted), *_concerns(picture))


def _contradicted(one: Prediction) -> Doubt:
    return Doubt(
        key=contradiction_key(one),
        group=one.said.group,
        name=one.name,
        measure=first_line(one.measure.title),
        said=one.said.effect,
        shows=" ".join((*_period(one.measure.place(one.member.code)), *one.shows)),
    )


def _concerns(picture: Picture) -> Iterator[Doubt]:
    for one in picture.measures:
        if one.concern is not None and one.live:
            title = first_line(one.title)
            yield Doubt(
                key=concern_key(one),
                group=one.definition.characteristic if one.definition else "",
                name=title,
                measure=title,
                why=one.concern[1],
                shows=" ".join(_figures(one, one.concern[1])),
            )


def _figures(measure: MeasureFacts, why: str) -> Iterator[str]:
    """Give the latest figures of everybody that a concern names."""
    for member in _members(measure.definition):
        place = measure.place(member.code)
        if member.label in why and place.latest is not None:
            before = f" (before: {place.before})" if place.before else ""
            yield f"{member.label}, {' '.join(_period(place))} {place.words}{before}."


def _members(definition: Definition | None) -> tuple[Member, ...]:
    whole = Member(OVERALL, "Everybody")
    return (whole, *definition.substantive) if definition is not None else ()


def _period(place: Place) -> tuple[str, ...]:
    return (f"{period_name(place.latest.period)}:",) if place.latest is not None else ()


def as_json(doubts: Iterable[Doubt]) -> list[dict[str, str]]:
    """Give what was in doubt as plain values, for the database."""
    return [asdict(one) for one in doubts]


_TOLD = ("name", "measure", "said", "why", "shows", "answer")


def told(again: Again) -> dict[str, Any]:
    """Give the decision and what was in doubt as plain values, for a record."""
    return {
        "held_on": again.held_on,
        "who": again.who,
        "notes": again.notes,
        "number": again.number,
        "doubts": [{name: getattr(one, name) for name in _TOLD} for one in again.doubts],
    }


def doubts_from(kept: Iterable[Mapping[str, Any]], answers: Mapping[str, str]) -> tuple[Doubt, ...]:
    """Read what was in doubt as it was kept, with what the review made of each."""
    read = (Doubt(**one) for one in kept)
    return tuple(replace(one, answer=answers.get(one.key, "")) for one in read)


def unexplained(
    question_set: QuestionSet, before: Answers, now: Answers, groups: Iterable[str]
) -> Iterator[tuple[str, str]]:
    """Walk the reasons still to be given anew: of a contradicted answer that stays as it was.

    A set that asks for no reason, or not of this group, leaves nothing to give.
    """
    seen = now.visible(question_set)
    for group in dict.fromkeys(groups):
        for effect, reason in _asked_together(question_set, group):
            stays = seen.get(effect, group) is not None and (
                seen.get(effect, group) == before.get(effect, group)
            )
            if stays and (now.get(reason, group) or "") == (before.get(reason, group) or ""):
                yield reason, group


def _asked_together(question_set: QuestionSet, group: str) -> Iterator[tuple[str, str]]:
    """Pair each question for the effect on a group with the one that asks why."""
    for effect in question_set.ids("effect"):
        scope = question_set.question(effect).scope
        if group in {one.id for one in question_set.groups_in(scope)}:
            for reason in question_set.ids("reason"):
                if set(question_set.question(reason).scope) & set(scope):
                    yield effect, reason

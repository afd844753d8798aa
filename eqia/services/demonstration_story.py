"""What the demonstration's story says, as projects, sources and answers."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from heapq import heappop, heappush
from typing import Any, TypedDict
from uuid import UUID

from sqlalchemy.orm import Session

from eqia.domain.answer_parsing import parse_answers
from eqia.domain.answers import Answers
from eqia.domain.edits import Place, Typed
from eqia.domain.evidence import Source
from eqia.domain.people import Person
from eqia.domain.projects import Project
from eqia.domain.questions import QuestionSet
from eqia.persistence.queries import people
from eqia.persistence.tables.people import PersonRow
from eqia.services.records import Printing

Story = Mapping[str, Any]
#: the question set every invented project uses
SET = "bhp-nhs"


#: a story told act by act: it gives the moment of each before the act
Acts = Iterator[datetime]


def in_order(stories: Iterable[Acts]) -> Acts:
    """Tell stories beside each other, so that what happened first is done first: the log is one.

    A story that waits goes on when it is asked for its next moment.
    """
    waiting: list[tuple[datetime, int, Acts]] = []
    for number, story in enumerate(stories):
        _wait(waiting, number, story)
    while waiting:
        moment, number, story = heappop(waiting)
        yield moment
        _wait(waiting, number, story)


def _wait(waiting: list[tuple[datetime, int, Acts]], number: int, story: Acts) -> None:
    moment = next(story, None)
    if moment is not None:
        heappush(waiting, (moment, number, story))


class By(TypedDict):
    """Who acts and when."""

    actor: Person
    now: datetime


@dataclass
class Stage:
    """The demonstration while it is made: who is there, and what day it is."""

    session: Session
    today: datetime
    people: dict[str, PersonRow]
    base: Story
    #: how records are made; its address is that of all records, without an id
    printing: Printing

    def printing_of(self, screening_id: UUID) -> Printing:
        """Say how the record of one screening is made."""
        address = self.printing.address
        return replace(self.printing, address=f"{address}{screening_id}" if address else "")

    def at(self, days: float) -> datetime:
        """Give the moment some days from the one it is made."""
        return self.today + timedelta(days=days)

    def day(self, days: int) -> date:
        """Give the same, as a day."""
        return self.at(days).date()

    def person(self, key: str, now: datetime) -> Person:
        """Somebody with the grants they have then."""
        found = people.person_with_grants(self.session, self.people[key].id, now)
        if found is None:
            raise LookupError(key)
        return found


def facts(stage: Stage, told: Story) -> Project:
    """Read a project's facts."""
    return Project(
        title=told["title"],
        summary=told["summary"],
        organisations=told["organisations"],
        question_set_id=SET,
        start_date=stage.day(told["start"]),
        end_date=stage.day(told["end"]),
        decision_date=stage.day(told["decision"]),
        sites=told["sites"],
        supplier=told["supplier"],
        groups_served=told["groups_served"],
        people_a_year=told["people_a_year"],
        bodies=tuple(told["bodies"]),
    )


def source(stage: Stage, told: Story) -> Source:
    """Read a source of evidence."""
    return Source(
        kind=told["kind"],
        title=told["title"],
        groups=tuple(told["groups"]),
        dated=stage.day(told["dated"]),
        link=told["link"],
    )


def answers(stage: Stage, told: Story, one: Story, *, asked: QuestionSet, again: bool) -> Answers:
    """Lay a project's own answers over the calm ones; a re-screen gives only what changed."""
    given = one["answers"] if again else _laid_over(stage.base, one["answers"])
    raw = {name: _plain(stage, value) for name, value in given.items()}
    if not again:
        raw[asked.id_for("decision_date")] = stage.day(told["decision"]).isoformat()
        raw[asked.id_for("review_date")] = stage.day(told["start"] + 365).isoformat()
        _give_one_reason(asked, raw, one.get("same_reason", told["summary"]))
    return parse_answers(asked, raw)


def _give_one_reason(asked: QuestionSet, raw: dict[str, Any], words: str) -> None:
    """Write the reason for the groups that fare no differently, once for all of them."""
    same = asked.codes("same_codes")
    for effect, reason in zip(asked.ids("effect"), asked.ids("reason"), strict=True):
        rows = raw.get(effect, {})
        shared = {group: words for group, code in rows.items() if code in same}
        raw[reason] = {**shared, **raw.get(reason, {})}


def _laid_over(base: Story, own: Story) -> dict[str, Any]:
    joined = dict(base)
    for name, value in own.items():
        under = joined.get(name)
        if isinstance(under, Mapping) and isinstance(value, Mapping):
            joined[name] = {**under, **value}
        else:
            joined[name] = value
    return joined


def _plain(stage: Stage, value: Any) -> Any:  # noqa: ANN401 - whatever TOML holds
    """Turn days counted from today into dates, however deep they lie."""
    if isinstance(value, int):
        return stage.day(value).isoformat()
    if isinstance(value, Mapping):
        return {key: _plain(stage, item) for key, item in value.items()}
    if isinstance(value, list):
        return [_plain(stage, item) for item in value]
    return value


def typed(given: Answers, asked: QuestionSet, section: str) -> dict[Place, Typed]:
    """List the answers of one section as its pages would send them."""
    found = given.items(asked)
    # Groups lie in the section of their list, not in that of the question asked of them.
    return {
        (question, group or ""): Typed(answer)
        for question, group, answer in found
        if _section_of(asked, question, group) == section
    }


def _section_of(asked: QuestionSet, question: str, group: str | None) -> str:
    lists = [one for one in asked.groups if any(g.id == group for g in one.groups)]
    return next((one.section for one in lists if one.section), asked.question(question).section)

"""What a review of a plan answers by name, and what follows from a decision to screen again.

Measures.md sections 1 and 3: a concern stays raised until a review has looked at it, and one that
screens again is done when the next version is signed, not when somebody said so.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from hashlib import sha256

from eqia.domain.judgements import HIDDEN_CONCERN
from eqia.domain.pictures import MeasureFacts, Picture
from eqia.domain.plans import Review
from eqia.domain.predictions import Prediction, Verdict
from eqia.domain.record_times import in_words
from eqia.domain.review_answers import Answer
from eqia.domain.standings import ENGINE
from eqia.domain.texts import first_line

#: what a question is asked under, before the id of its measure
_CONCERN, _SAID = "concern-", "said-"


@dataclass(frozen=True, slots=True)
class Question:
    """Something a review has to say what it makes of: what it is about, and why it is open."""

    key: str
    name: str
    asked: str
    since: date | None
    #: the first day of the latest period it rests on
    period: str

    @property
    def mark(self) -> str:
        """Tell what somebody was asked from what it has become since."""
        return sha256(f"{self.asked}|{self.since}|{self.period}".encode()).hexdigest()


def questions(picture: Picture, predictions: Iterable[Prediction]) -> tuple[Question, ...]:
    """List each concern and each contradiction that no review has answered yet."""
    return (*_concerns(picture), *map(_contradiction, unanswered(predictions, picture)))


def is_answered(picture: Picture, measure: MeasureFacts) -> bool:
    """Whether reviews have answered all that gives concern in a measure."""
    if measure.concern is None:
        return True
    since, why = measure.concern
    if picture.last_unasked is not None and picture.last_unasked >= since:
        # Before reviews were asked for an answer to each, one held after it answered everything.
        return True
    left = set(_sentences(why))
    for one in _answers(picture, concern_key(measure), since, _latest(measure)):
        if one.engine != ENGINE:
            # Another engine may have said the same in other words.
            return True
        left -= set(one.covers)
    return not left


@dataclass(frozen=True, slots=True)
class Settled:
    """A measure that gives concern, and the day of the review that answered it."""

    measure: str
    name: str
    on: date

    @property
    def words(self) -> str:
        """Say so."""
        return f"Answered by the review of {in_words(self.on)}"


def settled(picture: Picture) -> tuple[Settled, ...]:
    """List what gives concern and was answered, with the last review that did."""
    days = {
        one.id: [said.held_on for said in picture.answers if said.key == concern_key(one)]
        for one in picture.measures
        if one.concern is not None and is_answered(picture, one)
    }
    return tuple(
        Settled(one.id, first_line(one.title), max(held))
        for one in picture.measures
        if (held := [day for day in (*days.get(one.id, ()), picture.last_unasked) if day])
        and one.id in days
    )


def unanswered(predictions: Iterable[Prediction], picture: Picture) -> tuple[Prediction, ...]:
    """Give what contradicts the screening and no review has answered since."""
    return tuple(
        one
        for one in predictions
        if one.verdict is Verdict.CONTRADICTED and not _is_settled(one, picture)
    )


def answered(
    asked: Iterable[Question],
    review: Review,
    exact: Iterable[Question],
    outside: Iterable[Question],
) -> tuple[Answer, ...]:
    """Keep with each answer what it was an answer to, as the team and as people outside read it."""
    inside = {one.key: one.asked for one in exact}
    told = {one.key: one.asked for one in outside}
    return tuple(
        Answer(
            key=one.key,
            name=one.name,
            asked=one.asked,
            text=review.answers[one.key],
            told=told.get(one.key, ""),
            since=one.since,
            period=one.period,
            covers=_covered(one.asked, inside.get(one.key, ""), told.get(one.key, "")),
            engine=ENGINE,
            held_on=review.held_on,
        )
        for one in asked
    )


def _concerns(picture: Picture) -> Iterator[Question]:
    for one in picture.measures:
        if one.concern is not None and not is_answered(picture, one):
            since, why = one.concern
            yield Question(concern_key(one), first_line(one.title), why, since, _latest(one))


def _contradiction(one: Prediction) -> Question:
    title = first_line(one.measure.title)
    told = f"The screening said “{one.said.effect}”, and the readings of “{title}” contradict it."
    return Question(contradiction_key(one), one.name, told, *_when(one))


def _is_settled(one: Prediction, picture: Picture) -> bool:
    since, period = _when(one)
    if since is not None and picture.last_unasked is not None and picture.last_unasked >= since:
        return True
    return any(_answers(picture, contradiction_key(one), since, period))


def concern_key(measure: MeasureFacts) -> str:
    """Name what a review is asked about a measure that gives concern."""
    return _CONCERN + measure.id


def contradiction_key(one: Prediction) -> str:
    """Name what it is asked about an answer of the screening that readings contradict."""
    return f"{_SAID}{one.measure.id}-{one.said.group}-{one.member.code}"


def _when(one: Prediction) -> tuple[date | None, str]:
    """Say since when people could have seen a contradiction, and in which period."""
    latest = one.measure.place(one.member.code).latest
    days = [latest.entered] if latest is not None and latest.entered is not None else []
    days += [one.measure.concern[0]] if one.measure.concern else []
    return max(days, default=None), latest.period.start.isoformat() if latest is not None else ""


def _answers(picture: Picture, key: str, since: date | None, period: str) -> Iterator[Answer]:
    """Give the answers to something that were given when it was there already."""
    for one in picture.answers:
        given = min(one.since or date.min, one.held_on or date.min)
        if one.key == key and given >= (since or date.min) and one.period >= period:
            yield one


def _covered(asked: str, inside: str, told: str) -> tuple[str, ...]:
    """Give every sentence an answer is an answer to.

    Whoever reads exact figures answers for what others are told of them, and whoever was told
    only that there is something answers for all of it; but nobody for what they did not know.
    """
    is_all = asked == inside or HIDDEN_CONCERN in asked
    found = {*_sentences(asked), *(_sentences(inside) + _sentences(told) if is_all else ())}
    return tuple(sorted(found))


def _sentences(words: str) -> tuple[str, ...]:
    return tuple(one for one in words.removesuffix(".").split(". ") if one)


def _latest(measure: MeasureFacts) -> str:
    days = (one.period.start for one in measure.standing.figures)
    return max((one.isoformat() for one in days), default="")

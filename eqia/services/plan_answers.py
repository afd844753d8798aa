"""What a review is asked about a plan, and the answers it gave."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy.orm import Session

from eqia.domain.errors import Invalid, Problem
from eqia.domain.people import Person
from eqia.domain.permissions import Action, can
from eqia.domain.plan_reviews import Question, answered, questions
from eqia.domain.plans import Review, says_something
from eqia.domain.review_answers import Answer
from eqia.domain.untold import untold_in
from eqia.persistence.queries import measures as measure_queries
from eqia.persistence.queries import opened as opened_queries
from eqia.persistence.queries import plans as queries
from eqia.persistence.queries.predictions import predicted
from eqia.persistence.tables.plans import PlanRow
from eqia.services.acts import By
from eqia.services.plan_snapshots import seen

ANSWER = "Say what you make of it, and what happens now"
IN_WORDS = "Say in a few words what you make of it, and what happens now"


def asked(
    session: Session, actor: Person, plan: PlanRow, today: date, opened: Collection[UUID] = ()
) -> tuple[Question, ...]:
    """List what a review has to answer, as far as whoever holds it may know.

    `opened` are the measures whose exact figures somebody from outside the team opened.
    """
    return _open(session, plan, today, _reader(actor, plan, opened))


def given(
    session: Session, by: By, plan: PlanRow, review: Review, opened: Collection[UUID] = ()
) -> tuple[Answer, ...]:
    """Take the answer to each thing that is open now; refuse a review that leaves one out."""
    exact, told = (_open(session, plan, by.today, _Reader(outside=one)) for one in (False, True))
    wanted = _open(session, plan, by.today, _reader(by.actor, plan, opened))
    missing = [
        Problem(one.key, IN_WORDS if review.answers.get(one.key) else ANSWER)
        for one in wanted
        if not says_something(review.answers.get(one.key, ""))
    ]
    if missing:
        raise Invalid(missing)
    return answered(wanted, review, exact, told)


def blind_to(session: Session, by: By, plan: PlanRow, opened: Collection[UUID] = ()) -> list[str]:
    """List the measures of which whoever holds a review could not be told if they give concern."""
    reader = _reader(by.actor, plan, opened)
    if not reader.outside:
        return []
    known = {str(one) for one in reader.opened}
    untold = untold_in(seen(session, plan, by.today, outside=True))
    return [one.measure for one in untold if one.measure not in known]


@dataclass(frozen=True, slots=True)
class _Reader:
    """Whether somebody reads a plan from outside its team, and what they opened all the same."""

    outside: bool
    opened: Collection[UUID] = ()


def _reader(actor: Person, plan: PlanRow, opened: Collection[UUID]) -> _Reader:
    thing = queries.thing_of(plan)
    known = opened if can(actor, Action.OPEN_EXACT, thing) else ()
    return _Reader(not can(actor, Action.SEE_EXACT, thing), known)


def _open(session: Session, plan: PlanRow, today: date, reader: _Reader) -> tuple[Question, ...]:
    gathered = queries.gather(session, plan, outside=reader.outside)
    shown = opened_queries.shown_to(session, gathered, today, reader.opened)
    picture = measure_queries.picture(gathered, shown, today)
    return questions(picture, predicted(gathered, shown))

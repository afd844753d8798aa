"""What a review is asked about a plan, and the answers it gave."""

from datetime import date

from sqlalchemy.orm import Session

from eqia.domain.errors import Invalid, Problem
from eqia.domain.people import Person
from eqia.domain.permissions import Action, can
from eqia.domain.plan_reviews import Question, answered, questions
from eqia.domain.plans import Review
from eqia.domain.review_answers import Answer
from eqia.persistence.queries import measures as measure_queries
from eqia.persistence.queries import plans as queries
from eqia.persistence.queries.predictions import predicted
from eqia.persistence.tables.plans import PlanRow
from eqia.services.acts import By

ANSWER = "Say what you make of it, and what happens now"


def asked(session: Session, actor: Person, plan: PlanRow, today: date) -> tuple[Question, ...]:
    """List what a review has to answer, as far as whoever holds it may know."""
    outside = not can(actor, Action.SEE_EXACT, queries.thing_of(plan))
    return _open(session, plan, today, outside=outside)


def given(session: Session, by: By, plan: PlanRow, review: Review) -> tuple[Answer, ...]:
    """Take the answer to each thing that is open now; refuse a review that leaves one out."""
    exact, told = (_open(session, plan, by.today, outside=one) for one in (False, True))
    wanted = exact if can(by.actor, Action.SEE_EXACT, queries.thing_of(plan)) else told
    missing = [Problem(one.key, ANSWER) for one in wanted if not review.answers.get(one.key)]
    if missing:
        raise Invalid(missing)
    return answered(wanted, review, exact, told)


def _open(session: Session, plan: PlanRow, today: date, *, outside: bool) -> tuple[Question, ...]:
    gathered = queries.gather(session, plan, outside=outside)
    shown = measure_queries.shown(session, gathered, today)
    picture = measure_queries.picture(gathered, shown, today)
    return questions(picture, predicted(gathered, shown))

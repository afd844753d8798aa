"""The set a screening is asked with: today's, and the exact snapshot kept beside it."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from eqia.domain.errors import NotFound
from eqia.domain.flags import london_day
from eqia.domain.question_set_loading import in_force, load_question_sets
from eqia.domain.questions import QuestionSet
from eqia.persistence.queries import screenings as queries
from eqia.persistence.tables.screenings import QuestionSetRow


def current(session: Session, question_set_id: str, now: datetime) -> QuestionSet:
    """Give the set in force today, the organisation's own local groups joined in."""
    found = in_force(load_question_sets(), question_set_id, london_day(now))
    if found is None:
        raise NotFound("There is no such set of questions.")
    return found.with_local_groups(queries.local_groups(session))


def keep(session: Session, asked: QuestionSet) -> str:
    """Keep the set's snapshot once, and give the digest that names it."""
    there = select(QuestionSetRow.id).where(QuestionSetRow.digest == asked.digest)
    if session.scalar(there) is None:
        session.add(
            QuestionSetRow(
                digest=asked.digest,
                set_id=asked.id,
                set_version=asked.version,
                snapshot=asked.to_snapshot(),
            )
        )
        session.flush()
    return asked.digest

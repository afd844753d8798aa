"""The set a screening is asked with: today's, and the exact snapshot kept beside it."""

from datetime import datetime

from sqlalchemy import Table, select
from sqlalchemy.orm import Session

from eqia.domain.days import london_day
from eqia.domain.errors import NotFound
from eqia.domain.question_set_loading import in_force, load_question_sets
from eqia.domain.questions import QuestionSet
from eqia.persistence.queries import screenings as queries
from eqia.persistence.tables.base import Row
from eqia.persistence.tables.screenings import QuestionSetRow
from eqia.persistence.upserts import insert_into

_QUESTION_SET: Table = Row.metadata.tables["question_set"]


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
        new = insert_into(session, _QUESTION_SET).values(
            digest=asked.digest,
            set_id=asked.id,
            set_version=asked.version,
            snapshot=asked.to_snapshot(),
        )
        # Somebody else may be keeping the same set at this moment.
        session.execute(new.on_conflict_do_nothing())
    return asked.digest

"""Comments on single answers, and the team's replies; neither is an edit."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from eqia.domain.errors import NotFound
from eqia.domain.events import NO_CONTEXT, Context
from eqia.domain.people import Person
from eqia.domain.permissions import Action
from eqia.domain.questions import QuestionSet
from eqia.persistence.queries import reviews as queries
from eqia.persistence.queries import screenings
from eqia.persistence.tables.reviews import CommentRow
from eqia.persistence.tables.screenings import ScreeningRow
from eqia.services import acts


def comment(
    session: Session,
    *,
    actor: Person,
    now: datetime,
    screening: ScreeningRow,
    question: str,
    group: str,
    body: str,
    context: Context = NO_CONTEXT,
) -> CommentRow:
    """Challenge one answer, or the screening as a whole where no question is named."""
    by = acts.By(actor, now, context)
    asked = screenings.question_set_of(session, screening)
    if question and not _asks(asked, question, group):
        raise NotFound("There is no such question in this screening.")
    words = acts.words("body", body, "Enter a comment")
    with acts.acting(session, by, Action.COMMENT, screening, raises_version=False):
        row = CommentRow(
            screening_id=screening.id,
            question=question,
            group_id=group,
            body=words,
            author_id=actor.id,
            at=now,
        )
        session.add(row)
        session.flush()
        about = {"comment": str(row.id), "question": question, "group": group}
        acts.log(session, by, "comment.made", screening, about, {"body": words})
    return row


def reply(
    session: Session,
    *,
    actor: Person,
    now: datetime,
    screening: ScreeningRow,
    comment_id: UUID,
    body: str,
    context: Context = NO_CONTEXT,
) -> CommentRow:
    """Answer a comment; the answer on the form stays as it is."""
    by = acts.By(actor, now, context)
    words = acts.words("body", body, "Enter a reply")
    with acts.acting(session, by, Action.REPLY, screening, raises_version=False):
        to = queries.comment(session, comment_id)
        if to is None or to.screening_id != screening.id:
            raise NotFound("There is no such comment on this screening.")
        row = CommentRow(
            screening_id=screening.id,
            question=to.question,
            group_id=to.group_id,
            body=words,
            author_id=actor.id,
            at=now,
            reply_to_id=to.reply_to_id or to.id,
        )
        session.add(row)
        session.flush()
        about = {"comment": str(row.id), "reply_to": str(row.reply_to_id)}
        acts.log(session, by, "comment.replied", screening, about, {"body": words})
    return row


def _asks(asked: QuestionSet, question: str, group: str) -> bool:
    if not asked.has_question(question):
        return False
    groups = {one.id for one in asked.groups_for(asked.question(question))}
    return group in groups if groups else not group

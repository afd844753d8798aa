"""Changes of answers, written with their history: what every act that edits a draft shares."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from sqlalchemy import Table, insert, select
from sqlalchemy.orm import Session

from eqia.domain.answers import Answers
from eqia.domain.decisions import decide
from eqia.domain.edits import Edit, Place, Typed, plain
from eqia.domain.errors import Conflict, NotAllowed
from eqia.domain.events import Context
from eqia.domain.flags import london_day
from eqia.domain.people import Person
from eqia.domain.permissions import Action, Thing, can
from eqia.domain.questions import QuestionSet, canonical_json
from eqia.domain.screenings import EDITABLE, Status
from eqia.persistence.queries import screenings as queries
from eqia.persistence.tables.base import Row
from eqia.persistence.tables.screenings import (
    ScreeningRow,
    SectionRow,
)
from eqia.persistence.upserts import insert_into
from eqia.services import events, flags

_CHANGE: Table = Row.metadata.tables["answer_change"]
_SECTION: Table = Row.metadata.tables["section"]
_ANSWER: Table = Row.metadata.tables["answer"]
_PLACE = ["screening_id", "question", "group_id"]


#: place, what stood there, what stands there now
Change = tuple[Place, Typed, Typed]

SENT = "This screening has been sent, so its answers can no longer be changed."
OVERTAKEN = "Somebody else changed these answers while you had the page open."
OVERTAKEN_SINCE_CHECKED = "Somebody changed an answer after you opened this page. Check again."


def must(actor: Person, action: Action, screening: ScreeningRow) -> None:
    """Refuse an act on a screening that this person may not do now."""
    thing = Thing(project_id=screening.project_id, status=screening.status)
    permission = can(actor, action, thing)
    if not permission.allowed:
        raise NotAllowed(permission.reason, code=permission.code)


def open_for_edit(
    session: Session, screening: ScreeningRow, actor: Person, action: Action = Action.EDIT_SCREENING
) -> None:
    """Lock a screening for the rest of the act; refuse if it is frozen or not theirs to edit."""
    session.refresh(screening, with_for_update=True)
    must(actor, action, screening)
    if screening.status not in EDITABLE:
        raise NotAllowed(SENT, code="frozen")


def section_row(session: Session, screening: ScreeningRow, section: str) -> SectionRow | None:
    """Find the row of a section, if anybody saved to it."""
    return session.scalar(
        select(SectionRow).where(
            SectionRow.screening_id == screening.id, SectionRow.section == section
        )
    )


def first_row(
    session: Session, screening: ScreeningRow, section: str, actor: Person, now: datetime
) -> SectionRow:
    """Make the row of a section that nobody has saved to yet."""
    row = SectionRow(
        screening_id=screening.id,
        section=section,
        version=1,
        completed=False,
        updated_by=actor.id,
        updated_at=now,
    )
    session.add(row)
    session.flush()
    return row


def refuse_overwriting(
    session: Session, screening: ScreeningRow, edit: Edit, changes: Iterable[Change]
) -> None:
    """Refuse an edit of answers that changed since the version it was made against.

    Two people on different pages of one section overwrite nothing of each other, so only the
    places both touched count. Repeating what is already stored is no conflict.
    """
    version = queries.section_version(session, screening, edit.section)
    if version in (0, edit.version):
        return
    newer = queries.last_changes(session, screening, edit.section, edit.version)
    for place, before, after in changes:
        if place in newer:
            raise Conflict(
                OVERTAKEN,
                current=as_text(before),
                attempted=as_text(after),
                other=newer[place][1],
            )


def as_text(typed: Typed) -> str:
    """Write what stands in a place as text, to compare and to digest."""
    value = plain(typed.raw if typed.raw is not None else typed.value)
    return value if isinstance(value, str) else "" if value is None else canonical_json(value)


def name_of(place: Place) -> str:
    """Name a place in the log."""
    question, group = place
    return f"{question}.{group}" if group else question


def write(
    session: Session,
    *,
    screening: ScreeningRow,
    section: str,
    changes: Sequence[Change],
    actor: Person,
    now: datetime,
) -> int:
    """Store the changes and their history, and give the section's new version."""
    version = _raised(session, screening, section, {"updated_by": actor.id, "updated_at": now})
    _store(session, screening, changes)
    history = [
        {
            "screening_id": screening.id,
            "section": section,
            "section_version": version,
            "question": question,
            "group_id": group,
            "before": plain(before.raw if before.raw is not None else before.value),
            "after": plain(after.raw if after.raw is not None else after.value),
            "actor_id": actor.id,
            "at": now,
        }
        for (question, group), before, after in changes
    ]
    if history:
        session.execute(insert(_CHANGE), history)
    return version


def _raised(
    session: Session, screening: ScreeningRow, section: str, stamp: Mapping[str, object]
) -> int:
    """Raise the version of a section, making its row at the first save."""
    new = insert_into(session, _SECTION).values(
        screening_id=screening.id, section=section, version=1, completed=False, **stamp
    )
    step = new.on_conflict_do_update(
        index_elements=["screening_id", "section"],
        set_={"version": _SECTION.c.version + 1, **stamp},
    )
    version: int = session.scalars(step.returning(_SECTION.c.version)).one()
    return version


def _store(session: Session, screening: ScreeningRow, changes: Sequence[Change]) -> None:
    """Put the answers in their places past the unit of work, which would read them first."""
    rows = [
        {
            "screening_id": screening.id,
            "question": question,
            "group_id": group,
            "value": plain(after.value),
            "raw": plain(after.raw),
        }
        for (question, group), _, after in changes
    ]
    if rows:
        new = insert_into(session, _ANSWER)
        kept = {"value": new.excluded.value, "raw": new.excluded.raw}
        session.execute(new.on_conflict_do_update(index_elements=_PLACE, set_=kept), rows)


def touched(
    session: Session,
    *,
    screening: ScreeningRow,
    asked: QuestionSet,
    answers: Answers,
    now: datetime,
) -> None:
    """Bring everything that follows from the answers up to date after an edit."""
    reopen(screening, now)
    screening.version += 1
    screening.updated_at = now
    if screening.outcome_shown_at is None and complete(asked, answers, screening):
        screening.outcome_shown_at = now
    session.flush()
    flags.refresh(session, screening, london_day(now), answers)


def reopen(screening: ScreeningRow, now: datetime) -> None:
    """Make a returned screening a draft again at the first save after the return."""
    if screening.status is Status.RETURNED:
        screening.status = Status.DRAFT
        screening.updated_at = now


def complete(asked: QuestionSet, answers: Answers, screening: ScreeningRow) -> bool:
    """Whether every required question is answered, so that the outcome may be shown in full."""
    stopped = screening.stopped_at is not None
    if answers.missing(asked, stopped=stopped):
        return False
    outcome = decide(asked, answers).outcome
    return not answers.missing(asked, outcome=outcome, stopped=stopped)


def log(
    session: Session,
    now: datetime,
    actor: Person,
    action: str,
    screening: ScreeningRow,
    context: Context,
    *,
    payload: Mapping[str, object] | None = None,
    texts: Mapping[str, str] | None = None,
) -> None:
    """Log an act on a screening; the last thing an act does."""
    events.append(
        session,
        now=now,
        actor=actor,
        action=action,
        entity="screening",
        entity_id=screening.id,
        entity_version=screening.version,
        payload=payload,
        texts=texts,
        context=context,
    )

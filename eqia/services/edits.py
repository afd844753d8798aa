"""Changes of answers, written with their history: what every act that edits a draft shares."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Executable, Table, insert, select
from sqlalchemy.orm import Session

from eqia.domain.answers import Answers
from eqia.domain.days import london_day
from eqia.domain.decisions import decide
from eqia.domain.edits import Edit, Place, Typed, plain
from eqia.domain.errors import Conflict, NotAllowed
from eqia.domain.events import Context
from eqia.domain.flags import answers_move_flags
from eqia.domain.people import Person
from eqia.domain.permissions import Action, Thing, can
from eqia.domain.questions import QuestionSet, canonical_json
from eqia.domain.screenings import EDITABLE, Status
from eqia.persistence.queries import screenings as queries
from eqia.persistence.tables.base import Row
from eqia.persistence.tables.screenings import (
    AnswerChangeRow,
    ScreeningRow,
    SectionRow,
)
from eqia.persistence.upserts import Upsert, made_once
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


def _refuse_overwriting(
    actor: Person, changes: Iterable[Change], newer: Mapping[Place, tuple[AnswerChangeRow, str]]
) -> None:
    """Refuse an edit of answers that changed since the version it was made against.

    Two people on different pages of one section overwrite nothing of each other, so only the
    places both touched count. Repeating what is already stored is no conflict.
    """
    for place, before, after in changes:
        if place in newer:
            raise Conflict(
                OVERTAKEN,
                current=as_text(before),
                attempted=as_text(after),
                other=newer[place][1],
                own=newer[place][0].actor_id == actor.id,
            )


def as_text(typed: Typed) -> str:
    """Write what stands in a place as text, to compare and to digest."""
    value = plain(typed.raw if typed.raw is not None else typed.value)
    return value if isinstance(value, str) else "" if value is None else canonical_json(value)


def name_of(place: Place) -> str:
    """Name a place in the log."""
    question, group = place
    return f"{question}.{group}" if group else question


def texts_of(changes: Iterable[Change]) -> dict[str, str]:
    """Give what now stands in each place by its name, for the log's digests."""
    return {name_of(place): as_text(after) for place, _, after in changes}


def write(
    session: Session,
    *,
    screening: ScreeningRow,
    section: str,
    changes: Sequence[Change],
    actor: Person,
    now: datetime,
    against: int | None = None,
) -> int:
    """Store the changes and their history, and give the section's new version.

    Raises Conflict, which undoes the act, if somebody changed one of these answers since the
    version they were made `against`.
    """
    connection = session.connection()
    stamp = {"updated_by": actor.id, "updated_at": now}
    first = {"screening_id": screening.id, "section": section, "version": 1, "completed": False}
    version: int = connection.execute(_RAISE(session), {**first, **stamp}).scalar_one()
    if against is not None and version - 1 not in (0, against):
        _refuse_overwriting(
            actor, changes, queries.last_changes(session, screening, section, against)
        )
    if changes:
        connection.execute(_STORE(session), [_stored(screening, one) for one in changes])
        same = {"section": section, "section_version": version, "actor_id": actor.id, "at": now}
        connection.execute(_KEEP, [{**same, **_history(screening, one)} for one in changes])
    return version


# Past the unit of work, which would read every row first, and made once: others wait meanwhile.


def _raise_version(new: Upsert) -> Executable:
    fresh = {"updated_by": new.excluded.updated_by, "updated_at": new.excluded.updated_at}
    return new.on_conflict_do_update(
        index_elements=["screening_id", "section"],
        set_={"version": _SECTION.c.version + 1, **fresh},
    ).returning(_SECTION.c.version)


def _store_answer(new: Upsert) -> Executable:
    kept = {"value": new.excluded.value, "raw": new.excluded.raw}
    return new.on_conflict_do_update(index_elements=_PLACE, set_=kept)


_RAISE = made_once(_SECTION, _raise_version)
_STORE = made_once(_ANSWER, _store_answer)
_KEEP = insert(_CHANGE)


def _stored(screening: ScreeningRow, change: Change) -> dict[str, object]:
    (question, group), _, after = change
    place = {"screening_id": screening.id, "question": question, "group_id": group}
    return {**place, "value": plain(after.value), "raw": plain(after.raw)}


def _history(screening: ScreeningRow, change: Change) -> dict[str, object]:
    (question, group), before, after = change
    return {
        "screening_id": screening.id,
        "question": question,
        "group_id": group,
        "before": plain(before.raw if before.raw is not None else before.value),
        "after": plain(after.raw if after.raw is not None else after.value),
    }


@dataclass(frozen=True, slots=True)
class Consequences:
    """What follows from the answers as they stand after an act."""

    answers: Answers
    #: every required question is answered, so that the outcome may be shown in full
    complete: bool
    #: a flag may hold from another day than before
    moves_flags: bool


def consequences(
    asked: QuestionSet, screening: ScreeningRow, answers: Answers, before: Answers | None = None
) -> Consequences:
    """Work out what follows from the answers; without those before, every flag may move."""
    return Consequences(
        answers=answers,
        complete=screening.outcome_shown_at is None and complete(asked, answers, screening),
        moves_flags=before is None or answers_move_flags(asked, before, answers),
    )


@dataclass(frozen=True, slots=True)
class Worked:
    """An edit worked out against one version of the screening, before anybody waits for it."""

    version: int
    changes: tuple[Change, ...]
    follows: Consequences


def worked_out(session: Session, screening: ScreeningRow, edit: Edit) -> Worked:
    """Compare an edit with what is stored, and see what follows from it.

    The version is read first: if somebody saves in between, it no longer holds at the gate.
    """
    version = screening.version
    asked = queries.question_set_of(session, screening)
    stored = queries.typed_in(session, screening)
    changes = tuple(edit.differences(stored))
    before = queries.answers_from(asked, stored)
    after = queries.answers_from(asked, {**stored, **edit.typed}) if changes else before
    return Worked(version, changes, consequences(asked, screening, after, before))


def touched(
    session: Session, *, screening: ScreeningRow, now: datetime, follows: Consequences
) -> None:
    """Bring everything that follows from the answers up to date after an edit."""
    returned = screening.status is Status.RETURNED
    reopen(screening, now)
    screening.version += 1
    screening.updated_at = now
    if follows.complete:
        screening.outcome_shown_at = now
    session.flush()
    if follows.moves_flags or returned:
        flags.refresh(session, screening, london_day(now), follows.answers)


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

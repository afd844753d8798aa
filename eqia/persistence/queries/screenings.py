"""Screenings, their question sets, answers, history and authors."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import cast
from uuid import UUID

from sqlalchemy import CompoundSelect, bindparam, func, or_, select
from sqlalchemy.orm import Session

from eqia.domain.answers import Answer, Answers
from eqia.domain.edits import Place, Typed
from eqia.domain.permissions import Thing
from eqia.domain.question_set_loading import from_snapshot, load_question_sets
from eqia.domain.questions import QuestionSet
from eqia.domain.screenings import AUTHORS_ACTS, Status
from eqia.persistence.tables.events import EventRow
from eqia.persistence.tables.evidence import EvidenceRow
from eqia.persistence.tables.organisations import BodyRow, LocalGroupRow
from eqia.persistence.tables.people import PersonRow
from eqia.persistence.tables.reviews import CommentRow, ReviewRow
from eqia.persistence.tables.screenings import (
    AnswerChangeRow,
    AnswerRow,
    QuestionSetRow,
    ScreeningRow,
    SectionRow,
)

# Every page of a form asks these: built once, since building them costs more than running them.
_SCREENING = bindparam("screening", type_=AnswerRow.screening_id.type)
_TYPED = select(AnswerRow.question, AnswerRow.group_id, AnswerRow.value, AnswerRow.raw).where(
    AnswerRow.screening_id == _SCREENING
)
_SECTIONS = select(SectionRow).where(SectionRow.screening_id == _SCREENING)
_COMMENTS = (
    select(CommentRow, PersonRow.name)
    .join(PersonRow, PersonRow.id == CommentRow.author_id)
    .where(CommentRow.screening_id == _SCREENING)
    .order_by(CommentRow.at, CommentRow.id)
)
_BODIES = (
    select(BodyRow.code, BodyRow.name)
    .where(BodyRow.active)
    .order_by(func.lower(BodyRow.name), BodyRow.code)
)


def _authors() -> CompoundSelect[UUID]:
    reference = bindparam("reference", type_=ScreeningRow.reference.type)
    versions = select(ScreeningRow.id).where(ScreeningRow.reference == reference)
    edited = select(AnswerChangeRow.actor_id).where(AnswerChangeRow.screening_id.in_(versions))
    sourced = select(EvidenceRow.created_by).where(EvidenceRow.screening_id.in_(versions))
    submitted = select(ScreeningRow.submitted_by).where(
        ScreeningRow.reference == reference, ScreeningRow.submitted_by.is_not(None)
    )
    logged = (
        EventRow.entity == "screening",
        EventRow.entity_id.in_(versions),
        # Not IN: the list would be written out anew at every page.
        or_(*(EventRow.action == act for act in sorted(AUTHORS_ACTS))),
    )
    acted = select(EventRow.actor_id).where(*logged, EventRow.actor_id.is_not(None))
    for_whom = select(EventRow.on_behalf_of).where(*logged, EventRow.on_behalf_of.is_not(None))
    return edited.union(sourced, submitted, acted, for_whom)


_AUTHORS = _authors()

#: sets read back from their snapshots: a snapshot never changes, and its digest names it
_read: dict[str, QuestionSet] = {}
_MOST_READ = 200


def get(session: Session, screening_id: UUID) -> ScreeningRow | None:
    """Find a version of a screening."""
    return session.get(ScreeningRow, screening_id)


def thing_of(session: Session, screening: ScreeningRow) -> Thing:
    """Give the facts a permission depends on: authors are those of every version."""
    proposal = latest_review(session, screening, "propose_lowering")
    done = latest_review(session, screening, "confirm", "raise", "agree_lowering")
    return Thing(
        project_id=screening.project_id,
        status=screening.status,
        authors=authors_of(session, screening.reference),
        reviewer_id=done.reviewer_id if done else None,
        proposer_id=proposal.reviewer_id if proposal else None,
    )


def authors_of(session: Session, reference: str) -> frozenset[UUID]:
    """List everybody who changed, added evidence to or ever submitted any version of a reference.

    The row names the last submitter only; those before a return stand in the event log.
    """
    found = session.connection().execute(_AUTHORS, {"reference": reference})
    return frozenset(found.scalars())


def latest_review(session: Session, screening: ScreeningRow, *kinds: str) -> ReviewRow | None:
    """Find the last act of these kinds on the present submission; a return voids the others."""
    if screening.submitted_at is None:
        return None
    return session.scalar(
        select(ReviewRow)
        .where(
            ReviewRow.screening_id == screening.id,
            ReviewRow.kind.in_(kinds),
            ReviewRow.submitted_at == screening.submitted_at,
        )
        .order_by(ReviewRow.at.desc(), ReviewRow.id)
        .limit(1)
    )


def question_set_of(session: Session, screening: ScreeningRow) -> QuestionSet:
    """Give the exact set a screening is asked with, from its snapshot."""
    return question_set(session, screening.question_set_digest)


def question_set(session: Session, digest: str) -> QuestionSet:
    """Give the set with this digest."""
    found = _read.get(digest) or _bundled().get(digest)
    if found is None:
        statement = select(QuestionSetRow.snapshot).where(QuestionSetRow.digest == digest)
        found = from_snapshot(session.scalars(statement).one())
        if len(_read) < _MOST_READ:
            _read[digest] = found
    return found


def _bundled() -> Mapping[str, QuestionSet]:
    return {one.digest: one for one in load_question_sets().values()}


def typed_in(session: Session, screening: ScreeningRow) -> dict[Place, Typed]:
    """Give everything typed, place by place, parsed or not."""
    rows = session.connection().execute(_TYPED, {"screening": screening.id})
    return {(question, group): Typed(frozen(value), raw) for question, group, value, raw in rows}


def frozen(value: object) -> Answer | None:
    """Turn a stored JSON value back into an answer."""
    if isinstance(value, list):
        return cast("Answer", tuple(value))
    return cast("Answer | None", value)


def answers_of(session: Session, screening: ScreeningRow) -> Answers:
    """Give the answers of a version, hidden ones included; text that did not parse is none."""
    return answers_from(question_set_of(session, screening), typed_in(session, screening))


def answers_from(asked: QuestionSet, typed: Mapping[Place, Typed]) -> Answers:
    """Gather the parsed answers to the questions a set asks."""
    values: dict[str, Answer | Mapping[str, Answer]] = {}
    rows: dict[str, dict[str, Answer]] = {}
    for (question, group), one in typed.items():
        if one.value is None or not asked.has_question(question):
            continue
        if group:
            rows.setdefault(question, {})[group] = one.value
        else:
            values[question] = one.value
    return Answers({**values, **rows})


def sections_of(session: Session, screening: ScreeningRow) -> dict[str, SectionRow]:
    """Give the sections that somebody saved to, by their id."""
    rows = session.scalars(_SECTIONS, {"screening": screening.id})
    return {row.section: row for row in rows}


def section_version(session: Session, screening: ScreeningRow, section: str) -> int:
    """Give the version a form for this section carries; 0 before the first save."""
    statement = select(SectionRow.version).where(
        SectionRow.screening_id == screening.id, SectionRow.section == section
    )
    return session.scalar(statement) or 0


def versions(session: Session, reference: str) -> Sequence[ScreeningRow]:
    """List the versions under a reference, first one first."""
    return session.scalars(
        select(ScreeningRow)
        .where(ScreeningRow.reference == reference)
        .order_by(ScreeningRow.number, ScreeningRow.id)
    ).all()


def next_version(session: Session, screening: ScreeningRow) -> ScreeningRow | None:
    """Find the version made after this one; a withdrawn one does not stand in the way."""
    return _after(session, end_of_line(session, screening))


def end_of_line(session: Session, screening: ScreeningRow) -> ScreeningRow:
    """Find what another version hangs on: this one, or the last of those withdrawn after it.

    Each hangs on one before it, so that of two begun at once the database takes one.
    """
    row = screening
    while (after := _after(session, row)) is not None and after.status is Status.WITHDRAWN:
        row = after
    return row


def version_before(session: Session, screening: ScreeningRow) -> ScreeningRow | None:
    """Find the version this one follows: the signed one, whatever was withdrawn in between."""
    row = screening
    while row.previous_id is not None:
        row = session.get_one(ScreeningRow, row.previous_id)
        if row.status is not Status.WITHDRAWN:
            return row
    return None


def _after(session: Session, screening: ScreeningRow) -> ScreeningRow | None:
    return session.scalar(select(ScreeningRow).where(ScreeningRow.previous_id == screening.id))


def changes_since(
    session: Session, screening: ScreeningRow, moment: datetime
) -> Sequence[AnswerChangeRow]:
    """List the saved changes after a moment, oldest first."""
    return session.scalars(
        select(AnswerChangeRow)
        .where(AnswerChangeRow.screening_id == screening.id, AnswerChangeRow.at > moment)
        .order_by(AnswerChangeRow.at, AnswerChangeRow.section_version, AnswerChangeRow.id)
    ).all()


def changes_after_outcome_shown(
    session: Session, screening: ScreeningRow
) -> Sequence[AnswerChangeRow]:
    """List the answers changed after the team first saw what would change the outcome."""
    if screening.outcome_shown_at is None:
        return ()
    return changes_since(session, screening, screening.outcome_shown_at)


def last_changes(
    session: Session, screening: ScreeningRow, section: str, after_version: int
) -> dict[Place, tuple[AnswerChangeRow, str]]:
    """Give the newest change of each place of a section since a version, and who made it."""
    rows = session.execute(
        select(AnswerChangeRow, PersonRow.name)
        .join(PersonRow, PersonRow.id == AnswerChangeRow.actor_id)
        .where(
            AnswerChangeRow.screening_id == screening.id,
            AnswerChangeRow.section == section,
            AnswerChangeRow.section_version > after_version,
        )
        .order_by(AnswerChangeRow.section_version, AnswerChangeRow.id)
    )
    return {(row.question, row.group_id): (row, name) for row, name in rows}


def last_return(session: Session, screening: ScreeningRow) -> tuple[ReviewRow, str] | None:
    """Find the latest return of a version, with the name of whoever sent it back."""
    found = session.execute(
        select(ReviewRow, PersonRow.name)
        .join(PersonRow, PersonRow.id == ReviewRow.reviewer_id)
        .where(ReviewRow.screening_id == screening.id, ReviewRow.kind == "return")
        .order_by(ReviewRow.at.desc(), ReviewRow.id)
        .limit(1)
    ).one_or_none()
    return (found[0], found[1]) if found else None


def comments_on(
    session: Session, screening: ScreeningRow
) -> dict[Place, list[tuple[CommentRow, str]]]:
    """Give the comments and replies, oldest first, by the answer they are about."""
    rows = session.execute(_COMMENTS, {"screening": screening.id})
    found: dict[Place, list[tuple[CommentRow, str]]] = {}
    for row, name in rows:
        found.setdefault((row.question, row.group_id), []).append((row, name))
    return found


def local_groups(session: Session) -> tuple[tuple[str, str], ...]:
    """List the organisation's own groups as (code, label), in a fixed order."""
    rows = session.execute(
        select(LocalGroupRow.code, LocalGroupRow.label)
        .where(LocalGroupRow.active)
        .order_by(LocalGroupRow.code)
    )
    return tuple(rows.all())


def bodies(session: Session) -> dict[str, str]:
    """Give the organisations that may decide, code and name, by name."""
    rows = session.connection().execute(_BODIES)
    return dict(rows.all())


def name_of(session: Session, person_id: UUID | None) -> str:
    """Give a person's name, or "" for nobody."""
    if person_id is None:
        return ""
    return session.scalar(select(PersonRow.name).where(PersonRow.id == person_id)) or ""

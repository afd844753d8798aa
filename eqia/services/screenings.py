"""Acts of a project team on a screening: start it, save answers, finish a section, withdraw it."""

from datetime import datetime

from sqlalchemy import Table
from sqlalchemy.orm import Session

from eqia.domain.days import london_day
from eqia.domain.decisions import top_matches
from eqia.domain.edits import Edit
from eqia.domain.errors import Invalid, NotAllowed, NotFound, Problem
from eqia.domain.events import NO_CONTEXT, Context
from eqia.domain.people import Person
from eqia.domain.permissions import Action, Thing
from eqia.domain.references import screening_reference
from eqia.domain.screenings import UNSIGNED, Status
from eqia.domain.texts import clean_text
from eqia.persistence.database import writing
from eqia.persistence.queries import screenings as queries
from eqia.persistence.tables.base import Row
from eqia.persistence.tables.projects import ProjectRow
from eqia.persistence.tables.screenings import ScreeningRow
from eqia.persistence.upserts import insert_into
from eqia.services import edits, flags, question_sets, tokens
from eqia.services.guards import must
from eqia.services.submissions import content_digest_of, submit
from eqia.services.versions import move_to_newer_questions, new_version, newer_questions

__all__ = [
    "complete_section",
    "content_digest_of",
    "go_on_in_full",
    "move_to_newer_questions",
    "new_version",
    "newer_questions",
    "save",
    "start",
    "stop_here",
    "submit",
    "withdraw",
]

_REFERENCE: Table = Row.metadata.tables["reference"]


def start(
    session: Session,
    *,
    actor: Person,
    now: datetime,
    project: ProjectRow,
    question_set_id: str,
    language: str,
    token: str,
    context: Context = NO_CONTEXT,
) -> ScreeningRow:
    """Start the first version of a screening; a repeated token gives the first one back."""
    asked = question_sets.current(session, question_set_id, now)
    if language not in asked.languages:
        raise Invalid([Problem("language", "Choose one of the languages on the list")])
    with writing(session):
        # The lock makes a second click wait until the first one's token is there to be seen.
        session.refresh(project, with_for_update=True)
        must(actor, Action.START_SCREENING, Thing(project_id=project.id))
        used = tokens.result_of(session, token=token, actor=actor)
        if used is not None:
            return session.get_one(ScreeningRow, used)
        row = ScreeningRow(
            project_id=project.id,
            reference=_next_reference(session, london_day(now).year),
            question_set_digest=question_sets.keep(session, asked),
            language=language,
            created_by=actor.id,
            created_at=now,
            updated_at=now,
        )
        session.add(row)
        session.flush()
        flags.refresh(session, row, london_day(now))
        tokens.use(
            session, token=token, actor=actor, action="start_screening", now=now, result=row.id
        )
        edits.log(session, now, actor, "screening.started", row, context)
    return row


def _next_reference(session: Session, year: int) -> str:
    """Give out the next number of the year; the row's lock keeps two from getting the same."""
    first = insert_into(session, _REFERENCE).values(year=year, last=1)
    step = first.on_conflict_do_update(
        index_elements=["year"], set_={"last": _REFERENCE.c.last + 1}
    ).returning(_REFERENCE.c.last)
    number: int = session.scalars(step).one()
    return screening_reference(year, number)


def save(
    session: Session,
    *,
    actor: Person,
    now: datetime,
    screening: ScreeningRow,
    edit: Edit,
    context: Context = NO_CONTEXT,
) -> int:
    """Save what was typed on one page, complete or not, and give the section's new version.

    Raises Conflict if somebody else changed one of these answers since the page was opened.
    """
    worked = edits.worked_out(session, screening, edit)
    with writing(session):
        edits.open_for_edit(session, screening, actor)
        if screening.version != worked.version:
            worked = edits.worked_out(session, screening, edit)
        if not worked.changes:
            return queries.section_version(session, screening, edit.section)
        version = edits.write(
            session,
            screening=screening,
            section=edit.section,
            changes=worked.changes,
            actor=actor,
            now=now,
            against=edit.version,
        )
        edits.touched(session, screening=screening, now=now, follows=worked.follows)
        edits.log(
            session,
            now,
            actor,
            "screening.saved",
            screening,
            context,
            payload={"section": edit.section, "section_version": version},
            texts={
                edits.name_of(place): edits.as_text(after) for place, _, after in worked.changes
            },
        )
    return version


def complete_section(
    session: Session,
    *,
    actor: Person,
    now: datetime,
    screening: ScreeningRow,
    section: str,
    completed: bool,
    context: Context = NO_CONTEXT,
) -> None:
    """Note whether the team calls a section completed; nothing missing is waved through.

    On a returned screening this is the team's answer too: it becomes a draft, to be sent again.
    """
    asked = queries.question_set_of(session, screening)
    if section not in {one.id for one in asked.sections}:
        raise NotFound("There is no such section.")
    with writing(session):
        edits.open_for_edit(session, screening, actor)
        row = edits.section_row(session, screening, section) or edits.first_row(
            session, screening, section, actor, now
        )
        if row.completed == completed and screening.status is not Status.RETURNED:
            return
        row.completed = completed
        edits.reopen(screening, now)
        edits.log(
            session,
            now,
            actor,
            "screening.section_completed" if completed else "screening.section_reopened",
            screening,
            context,
            payload={"section": section},
        )


def stop_here(
    session: Session,
    *,
    actor: Person,
    now: datetime,
    screening: ScreeningRow,
    reason: str,
    context: Context = NO_CONTEXT,
) -> None:
    """Stop and go to the full EqIA, which only a rule of the top outcome allows."""
    why = _needed(reason, "reason", "Say why you stop here")
    with writing(session):
        edits.open_for_edit(session, screening, actor)
        asked = queries.question_set_of(session, screening)
        answers = queries.answers_of(session, screening)
        if not top_matches(asked, answers):
            raise NotAllowed(
                "You can stop here only once the answers call for the full assessment.",
                code="status",
            )
        screening.stopped_at, screening.stop_reason = now, why
        follows = edits.consequences(asked, screening, answers)
        edits.touched(session, screening=screening, now=now, follows=follows)
        edits.log(
            session, now, actor, "screening.stopped", screening, context, texts={"reason": why}
        )


def go_on_in_full(
    session: Session,
    *,
    actor: Person,
    now: datetime,
    screening: ScreeningRow,
    context: Context = NO_CONTEXT,
) -> None:
    """Take "Stop here" back and ask the remaining questions after all."""
    with writing(session):
        edits.open_for_edit(session, screening, actor)
        if screening.stopped_at is None:
            return
        screening.stopped_at, screening.stop_reason = None, ""
        asked = queries.question_set_of(session, screening)
        answers = queries.answers_of(session, screening)
        follows = edits.consequences(asked, screening, answers)
        edits.touched(session, screening=screening, now=now, follows=follows)
        edits.log(session, now, actor, "screening.went_on", screening, context)


def withdraw(
    session: Session,
    *,
    actor: Person,
    now: datetime,
    screening: ScreeningRow,
    reason: str,
    context: Context = NO_CONTEXT,
) -> None:
    """Withdraw an unsigned screening, for a reason that stays on file."""
    why = _needed(reason, "reason", "Say why you withdraw it")
    with writing(session):
        session.refresh(screening, with_for_update=True)
        edits.must(actor, Action.WITHDRAW, screening)
        if screening.status not in UNSIGNED:
            raise NotAllowed("A signed screening cannot be withdrawn.", code="frozen")
        screening.status, screening.withdrawn_reason = Status.WITHDRAWN, why
        screening.version += 1
        screening.updated_at = now
        session.flush()
        flags.refresh(session, screening, london_day(now))
        edits.log(
            session, now, actor, "screening.withdrawn", screening, context, texts={"reason": why}
        )


def _needed(text: str, field: str, message: str) -> str:
    cleaned = clean_text(text, field=field).strip()
    if not cleaned:
        raise Invalid([Problem(field, message)])
    return cleaned

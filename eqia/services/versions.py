"""A new version of a signed screening, and a draft's move to newer questions."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from sqlalchemy.orm import Session

from eqia.domain.answer_parsing import read_answers
from eqia.domain.days import london_day
from eqia.domain.edits import Place, Typed, plain
from eqia.domain.errors import Conflict, Invalid, NotAllowed, NotFound, Problem
from eqia.domain.events import NO_CONTEXT, Context
from eqia.domain.people import Person
from eqia.domain.permissions import Action
from eqia.domain.questions import QuestionSet
from eqia.domain.screenings import Status
from eqia.domain.texts import clean_text
from eqia.domain.versions import affected_sections, sections_about
from eqia.persistence.database import writing
from eqia.persistence.queries import evidence as evidence_queries
from eqia.persistence.queries import projects as project_queries
from eqia.persistence.queries import rescreenings
from eqia.persistence.queries import screenings as queries
from eqia.persistence.tables.evidence import EvidenceRow
from eqia.persistence.tables.projects import ProjectRow
from eqia.persistence.tables.screenings import AnswerRow, ScreeningRow, SectionRow
from eqia.services import edits, flags, question_sets, tokens


def new_version(
    session: Session,
    *,
    actor: Person,
    now: datetime,
    screening: ScreeningRow,
    summary: str,
    sections: Iterable[str],
    token: str,
    context: Context = NO_CONTEXT,
) -> ScreeningRow:
    """Start the next version of a signed screening: everything carried over, the rest asked.

    `sections` are those the team says the change touches; what the project's own facts touch, and
    what a review put in doubt, is added. The others count as given and are listed to be confirmed.
    """
    why = clean_text(summary, field="summary").strip()
    if not why:
        raise Invalid([Problem("summary", "Say what has changed since it was signed")])
    with writing(session):
        session.refresh(screening, with_for_update=True)
        used = tokens.result_of(session, token=token, actor=actor)
        if used is not None:
            return session.get_one(ScreeningRow, used)
        _may_follow(session, screening, actor)
        row = _next(session, screening=screening, actor=actor, now=now, why=why)
        _carry_over(session, old=screening, new=row, touched=set(sections), now=now)
        flags.refresh(session, row, london_day(now))
        tokens.use(session, token=token, actor=actor, action="new_version", now=now, result=row.id)
        payload = {"previous": str(screening.id)}
        texts = {"changes": why}
        edits.log(
            session, now, actor, "screening.versioned", row, context, payload=payload, texts=texts
        )
    return row


def _may_follow(session: Session, screening: ScreeningRow, actor: Person) -> None:
    edits.must(actor, Action.NEW_VERSION, screening)
    if screening.status is not Status.SIGNED:
        raise NotAllowed("Only a signed screening can have a new version.", code="status")
    if queries.next_version(session, screening) is not None:
        raise Conflict("A newer version of this screening has already been started.")


def _next(
    session: Session, *, screening: ScreeningRow, actor: Person, now: datetime, why: str
) -> ScreeningRow:
    old = queries.question_set_of(session, screening)
    asked = question_sets.current(session, old.id, now)
    last = queries.end_of_line(session, screening)
    row = ScreeningRow(
        project_id=screening.project_id,
        reference=screening.reference,
        number=last.number + 1,
        previous_id=last.id,
        question_set_digest=question_sets.keep(session, asked),
        language=screening.language,
        changes_summary=why,
        created_by=actor.id,
        created_at=now,
        updated_at=now,
    )
    session.add(row)
    session.flush()
    return row


def _carry_over(
    session: Session, *, old: ScreeningRow, new: ScreeningRow, touched: set[str], now: datetime
) -> None:
    """Copy answers and sources; mark the sections that nothing touched as completed."""
    asked = queries.question_set_of(session, new)
    typed = queries.typed_in(session, old)
    kept = carried(asked, typed)
    session.add_all(
        AnswerRow(
            screening_id=new.id,
            question=question,
            group_id=group,
            value=plain(one.value),
            raw=plain(one.raw),
        )
        for (question, group), one in kept.items()
    )
    _copy_sources(session, old=old, new=new)
    project = session.get_one(ProjectRow, new.project_id)
    current = project_queries.facts_of(project).snapshot()
    answers = queries.answers_from(asked, kept)
    ask = touched | affected_sections(asked, answers, old.project_snapshot or {}, current)
    again = rescreenings.behind(session, new)
    ask |= sections_about(asked, again.groups) if again else frozenset()
    session.add_all(
        SectionRow(
            screening_id=new.id,
            section=one.id,
            version=1,
            completed=one.id not in ask,
            updated_at=now,
        )
        for one in asked.sections
    )


def _copy_sources(session: Session, *, old: ScreeningRow, new: ScreeningRow) -> None:
    session.add_all(
        EvidenceRow(
            screening_id=new.id,
            kind=row.kind,
            title=row.title,
            dated=row.dated,
            groups=list(row.groups),
            link=row.link,
            note=row.note,
            created_by=row.created_by,
            created_at=row.created_at,
        )
        for row in evidence_queries.rows_of(session, old)
    )


def carried(asked: QuestionSet, typed: Mapping[Place, Typed]) -> dict[Place, Typed]:
    """Keep the answers that a set can still read; the others have to be given again."""
    kept = {}
    for (question, group), one in typed.items():
        if one.value is None or not asked.has_question(question):
            continue
        raw = {question: {group: one.value}} if group else {question: one.value}
        answers, problems = read_answers(asked, raw)
        if not problems and answers.get(question, group or None) is not None:
            kept[question, group] = Typed(answers.get(question, group or None))
    return kept


def newer_questions(session: Session, screening: ScreeningRow, now: datetime) -> QuestionSet | None:
    """Find the set in force today if it is not the one this draft was started with."""
    old = queries.question_set_of(session, screening)
    try:
        latest = question_sets.current(session, old.id, now)
    except NotFound:
        return None
    return latest if latest.digest != old.digest else None


def move_to_newer_questions(
    session: Session,
    *,
    actor: Person,
    now: datetime,
    screening: ScreeningRow,
    context: Context = NO_CONTEXT,
) -> None:
    """Ask a draft with the set in force today; answers stay where the questions stayed."""
    with writing(session):
        edits.open_for_edit(session, screening, actor)
        latest = newer_questions(session, screening, now)
        if latest is None:
            return
        screening.question_set_digest = question_sets.keep(session, latest)
        answers = queries.answers_of(session, screening)
        follows = edits.consequences(latest, screening, answers)
        edits.touched(session, screening=screening, now=now, follows=follows)
        payload = {"question_set": latest.digest, "question_set_version": latest.version}
        edits.log(session, now, actor, "screening.moved", screening, context, payload=payload)

"""Sending a screening to review: complete, decided, its answers frozen, its open points noted."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session

from eqia.domain.answers import Answers, Unanswered
from eqia.domain.days import london_day
from eqia.domain.decisions import Decision, decide
from eqia.domain.edits import Place, Typed
from eqia.domain.errors import Conflict, Invalid, NotAllowed, Problem
from eqia.domain.events import NO_CONTEXT, Context
from eqia.domain.evidence import uncovered
from eqia.domain.flags import day_answered
from eqia.domain.interchange import decision_as_json
from eqia.domain.journeys import page_asking, pages
from eqia.domain.people import Person
from eqia.domain.permissions import Action
from eqia.domain.questions import QuestionSet, text_in
from eqia.domain.records import content_digest
from eqia.domain.rescreenings import unexplained
from eqia.domain.screenings import EDITABLE, Status
from eqia.domain.what_would_change import what_would_change
from eqia.persistence.database import writing
from eqia.persistence.queries import evidence as evidence_queries
from eqia.persistence.queries import rescreenings
from eqia.persistence.queries import screenings as queries
from eqia.persistence.tables.evidence import EvidenceActionRow
from eqia.persistence.tables.screenings import ScreeningRow
from eqia.services import edits, flags, tokens

UNREADABLE = "What was typed here cannot be read. Change it or clear it"
NO_SOURCE = "No source you entered covers this group. Add one, or change the basis"
BLANK = "This has to be answered before you can send it"
#: what an answer that is there still lacks, by the type of its question
SHORT_OF = {
    "text": "Write at least {} characters",
    "many": "Tick all of these, or change the answer they go with",
    "list": "Fill in every part of each row",
}
#: names a problem with a whole section: `section.about`
SECTION = "section"
LOOK_AGAIN = "Look at this part again for the new version, and say it is completed"
CONTRADICTED = (
    "Readings contradict this answer. Change it, or say in your reason why it still holds"
)
#: what closes a point that a later submission answers, in the language of the screening
RESOLVED = {
    "en": "The answers sent later no longer leave this open.",
    "cy": "Nid yw'r atebion a anfonwyd wedyn yn gadael hyn ar agor mwyach.",
}


@dataclass(frozen=True, slots=True)
class Sheet:
    """A form as it stands: what it asks, what was typed and what that comes to."""

    asked: QuestionSet
    typed: Mapping[Place, Typed]
    answers: Answers
    decision: Decision
    stopped: bool


def sheet_of(session: Session, screening: ScreeningRow) -> Sheet:
    """Read a form as it stands and decide it."""
    asked = queries.question_set_of(session, screening)
    typed = queries.typed_in(session, screening)
    answers = queries.answers_from(asked, typed)
    decision = decide(asked, answers, language=screening.language)
    return Sheet(asked, typed, answers, decision, stopped=screening.stopped_at is not None)


def missing(sheet: Sheet) -> tuple[Unanswered, ...]:
    """List what has to be answered before it can be sent."""
    return sheet.answers.missing(sheet.asked, outcome=sheet.decision.outcome, stopped=sheet.stopped)


def problems_of(session: Session, screening: ScreeningRow, sheet: Sheet) -> tuple[Problem, ...]:
    """List everything that stands in the way of sending it, in form order."""
    sources = evidence_queries.sources_of(session, screening)
    blank = [_lacking(sheet, one) for one in missing(sheet)]
    named = {problem.field for problem in blank}
    rest = [problem for problem in _garbled(sheet) if problem.field not in named]
    bare = () if sheet.stopped else uncovered(sheet.asked, sheet.answers, sources)
    again = _not_looked_at(session, screening, sheet)
    doubted = [one for one in _contradicted(session, screening, sheet) if one.field not in named]
    unsourced = (Problem(_name(*place), NO_SOURCE) for place in bare)
    return (*blank, *rest, *unsourced, *doubted, *again)


def _lacking(sheet: Sheet, one: Unanswered) -> Problem:
    """Say what an answer lacks: all of it, some words, some ticks or some cells."""
    question = sheet.asked.question(one.question)
    held = sheet.typed.get((one.question, one.group or ""), Typed())
    message = BLANK
    if held.raw is not None and held.value is None:
        message = UNREADABLE
    elif held.value is not None and question.type in SHORT_OF:
        message = SHORT_OF[question.type].format(question.min_length)
    return Problem(_name(one.question, one.group or ""), message)


def _garbled(sheet: Sheet) -> Iterator[Problem]:
    """Walk what was typed on a page of the form and cannot be read."""
    for page in pages(sheet.asked, sheet.answers, stopped=sheet.stopped):
        for question in page.questions:
            for group in page.groups or ("",):
                if sheet.typed.get((question, group), Typed()).raw is not None:
                    yield Problem(_name(question, group), UNREADABLE)
            # Reasons that do not say which groups they are for wait under the page's own name.
            if page.groups and sheet.typed.get((question, page.id[:40]), Typed()).raw is not None:
                yield Problem(_name(question, page.id[:40]), UNREADABLE)


def _not_looked_at(session: Session, screening: ScreeningRow, sheet: Sheet) -> Iterator[Problem]:
    """Walk the sections of a new version that a change touches and nobody has completed."""
    if screening.previous_id is None:
        return
    rows = queries.sections_of(session, screening)
    found = {page.section for page in pages(sheet.asked, sheet.answers, stopped=sheet.stopped)}
    for section in sheet.asked.sections:
        row = rows.get(section.id)
        if section.id in found and row is not None and not row.completed:
            yield Problem(_name(SECTION, section.id), LOOK_AGAIN)


def _contradicted(session: Session, screening: ScreeningRow, sheet: Sheet) -> Iterator[Problem]:
    """Walk the answers that readings contradict, and that stay as they were without a new word."""
    again = rescreenings.behind(session, screening)
    followed = queries.version_before(session, screening)
    if again is None or followed is None:
        return
    before = queries.answers_of(session, followed)
    groups = [one.group for one in again.doubts if one.said]
    found = pages(sheet.asked, sheet.answers, stopped=sheet.stopped)
    for place in unexplained(sheet.asked, before, sheet.answers, groups):
        if page_asking(found, *place) is not None:
            yield Problem(_name(*place), CONTRADICTED)


def _name(question: str, group: str) -> str:
    return f"{question}.{group}" if group else question


def submit(
    session: Session,
    *,
    actor: Person,
    now: datetime,
    screening: ScreeningRow,
    token: str,
    version: int | None = None,
    context: Context = NO_CONTEXT,
) -> ScreeningRow:
    """Send a complete screening to review; a repeated token gives the first result back.

    `version` is the one the sender looked at: a later save by somebody else is told first.
    """
    with writing(session):
        session.refresh(screening, with_for_update=True)
        if tokens.result_of(session, token=token, actor=actor) is not None:
            return screening
        _may_submit(actor, screening)
        _refuse_unseen(screening, version)
        sheet = sheet_of(session, screening)
        problems = problems_of(session, screening, sheet)
        if problems:
            raise Invalid(problems)
        _send(session, screening=screening, sheet=sheet, actor=actor, now=now)
        flags.refresh(session, screening, london_day(now))
        tokens.use(session, token=token, actor=actor, action="submit", now=now, result=screening.id)
        payload = {"outcome": sheet.decision.outcome, "content_digest": screening.content_digest}
        edits.log(session, now, actor, "screening.submitted", screening, context, payload=payload)
    return screening


def _may_submit(actor: Person, screening: ScreeningRow) -> None:
    edits.must(actor, Action.SUBMIT, screening)
    if screening.status not in EDITABLE:
        raise NotAllowed(edits.SENT, code="frozen")


def _refuse_unseen(screening: ScreeningRow, version: int | None) -> None:
    if version is not None and version != screening.version:
        raise Conflict(edits.OVERTAKEN_SINCE_CHECKED)


def _send(
    session: Session, *, screening: ScreeningRow, sheet: Sheet, actor: Person, now: datetime
) -> None:
    changes = what_would_change(sheet.asked, sheet.answers, language=screening.language)
    screening.decision = decision_as_json(sheet.asked, sheet.decision, changes)
    screening.calculated_outcome = screening.outcome_in_force = sheet.decision.outcome
    screening.confirmed_outcome = ""
    screening.content_digest = content_digest_of(session, screening, "")
    _note_actions(session, screening=screening, sheet=sheet, actor=actor, now=now)
    screening.outcome_shown_at = screening.outcome_shown_at or now
    screening.status = Status.SUBMITTED
    screening.submitted_by, screening.submitted_at = actor.id, now
    screening.reviewer_id = screening.reviewer_id if screening.returned_at else None
    screening.reviewed_at = None
    screening.version += 1
    screening.updated_at = now
    session.flush()


def content_digest_of(session: Session, screening: ScreeningRow, confirmed_outcome: str) -> str:
    """Digest what a reader reads: question set, visible answers, evidence, confirmed outcome."""
    asked = queries.question_set_of(session, screening)
    answers = queries.answers_of(session, screening).visible(asked)
    sources = evidence_queries.entries_of(session, screening)
    return content_digest(asked.digest, answers.as_json(), sources, confirmed_outcome)


@dataclass(frozen=True, slots=True)
class _Open:
    """One point to find out."""

    cause: str
    text: str
    owner: str = ""
    due: date | None = None


def _note_actions(
    session: Session, *, screening: ScreeningRow, sheet: Sheet, actor: Person, now: datetime
) -> None:
    """Keep one action for each open point; close those that a later submission answers."""
    there = {row.cause: row for row in evidence_queries.actions_of(session, screening)}
    points = {point.cause: point for point in _open_points(sheet, screening.language)}
    for cause, point in points.items():
        row = there.get(cause)
        if row is None or row.done_at is not None:
            row = EvidenceActionRow(screening_id=screening.id, cause=cause, created_at=now)
            session.add(row)
        row.text, row.owner, row.due = point.text, point.owner, point.due
    for cause, row in there.items():
        if cause not in points and row.done_at is None:
            row.done_at, row.done_by = now, actor.id
            row.finding = text_in(RESOLVED, screening.language)


def _open_points(sheet: Sheet, language: str) -> Iterator[_Open]:
    """Walk the causes of an outcome nobody may sign, and the gaps the team listed."""
    decided = day_answered(sheet.asked, sheet.answers, "decision_date")
    before = decided - timedelta(days=1) if decided else None
    for reason in sheet.decision.reasons:
        if not sheet.asked.outcome(reason.outcome).signable:
            yield _Open(f"rule:{reason.rule}", reason.text, due=before)
    yield from _gaps(sheet, before, language)


def _gaps(sheet: Sheet, before: date | None, language: str) -> Iterator[_Open]:
    """Walk the rows of the list of gaps: what, how, who, by when."""
    question_id = sheet.asked.id_for("gaps")
    rows = sheet.answers.visible(sheet.asked).get(question_id) if question_id else None
    for index, row in enumerate(rows if isinstance(rows, tuple) else ()):
        columns = row if isinstance(row, Mapping) else {}
        fields = sheet.asked.question(question_id).fields
        words = [f"{text_in(f.label, language)} {columns.get(f.id, '')}" for f in fields[:2]]
        due = columns.get("due", "")
        yield _Open(
            f"gap:{index}",
            "\n".join(words),
            str(columns.get("owner", ""))[:200],
            date.fromisoformat(due) if due else before,
        )

"""Acts on the other sections of a plan: write in one, take an entry off, put it back."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from eqia.domain import plan_sections as rules
from eqia.domain.errors import NotFound
from eqia.domain.events import NO_CONTEXT, Context
from eqia.domain.people import Person
from eqia.domain.permissions import Action
from eqia.domain.plan_sections import EntryStatus, Section
from eqia.domain.texts import clean_text
from eqia.persistence.queries import plan_sections as queries
from eqia.persistence.tables.plan_parts import PlanEntryRow
from eqia.persistence.tables.plans import PlanRow
from eqia.services import tokens
from eqia.services.acts import By
from eqia.services.plan_acts import acting, log, made, same, touched


@dataclass(frozen=True, slots=True)
class Written:
    """What somebody wrote in a section."""

    section: Section
    words: Mapping[str, str]
    #: the entry that is changed; none for a new one
    entry_id: UUID | None = None
    #: the version of it that was seen; 0 when nothing was there
    version: int = 0


def write(
    session: Session,
    *,
    actor: Person,
    now: datetime,
    plan: PlanRow,
    written: Written,
    token: str = "",
    context: Context = NO_CONTEXT,
) -> PlanEntryRow:
    """Write in a section: change what is there, or begin it; a token counts once."""
    by, words = By(actor, now, context), _cleaned(written)
    with acting(session, by, Action.EDIT_PLAN, plan):
        used = tokens.result_of(session, token=token, actor=actor) if token else None
        if used is not None:
            return session.get_one(PlanEntryRow, used)
        row = _row(session, by, plan, written)
        row.words = words
        session.add(row)
        session.flush()
        if token:
            tokens.use(session, token=token, actor=actor, action="write", now=now, result=row.id)
        _log(session, by, "plan.section_written", plan, row)
    return row


def withdraw(
    session: Session,
    *,
    actor: Person,
    now: datetime,
    plan: PlanRow,
    written: Written,
    why: str = "",
    context: Context = NO_CONTEXT,
) -> None:
    """Take an entry off its list; it is kept and can be put back."""
    by, said = By(actor, now, context), clean_text(why, field="why").strip()
    with acting(session, by, Action.EDIT_PLAN, plan):
        row = _there(session, plan, written)
        row.status, row.withdrawn_why = EntryStatus.WITHDRAWN.value, said
        touched(row, by)
        _log(session, by, "plan.section_withdrawn", plan, row)


def put_back(
    session: Session,
    *,
    actor: Person,
    now: datetime,
    plan: PlanRow,
    written: Written,
    context: Context = NO_CONTEXT,
) -> None:
    """Put an entry back that was taken off."""
    by = By(actor, now, context)
    with acting(session, by, Action.EDIT_PLAN, plan):
        row = _there(session, plan, written)
        row.status = EntryStatus.LIVE.value
        touched(row, by)
        _log(session, by, "plan.section_put_back", plan, row)


def _cleaned(written: Written) -> dict[str, str]:
    """Keep what was typed in the boxes of the section, and nothing else."""
    texts = {
        box.code: clean_text(written.words.get(box.code, ""), field=box.code).strip()
        for box in written.section.boxes
    }
    rules.check_words(written.section, texts)
    return {code: text for code, text in texts.items() if text}


def _row(session: Session, by: By, plan: PlanRow, written: Written) -> PlanEntryRow:
    """Find what is changed, or begin a new entry in the next place."""
    code = written.section.code
    if written.entry_id is not None:
        row = _there(session, plan, written)
        touched(row, by)
        return row
    alone = None if written.section.is_list else queries.first(session, plan, code)
    if alone is not None:
        session.refresh(alone)
        same(written.version, alone.version)
        touched(alone, by)
        return alone
    place = queries.next_place(session, plan, code)
    return PlanEntryRow(plan_id=plan.id, section=code, place=place, **made(by))


def _there(session: Session, plan: PlanRow, written: Written) -> PlanEntryRow:
    """Read an entry anew; refuse one of another plan, or that somebody else changed."""
    row = None
    if written.entry_id is not None:
        row = queries.get(session, plan, written.section.code, written.entry_id)
    if row is None:
        raise NotFound("There is no such entry in this plan.")
    session.refresh(row)
    same(written.version, row.version)
    return row


def _log(session: Session, by: By, action: str, plan: PlanRow, row: PlanEntryRow) -> None:
    payload = {"entry": str(row.id), "section": row.section, "status": row.status}
    log(session, by, action, plan, payload, {**row.words, "why": row.withdrawn_why})

"""Acts on imports: take a file in, all of it or nothing, and take an import back."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import insert
from sqlalchemy.orm import Session

from eqia.domain.errors import Conflict, Invalid, NotFound, Problem
from eqia.domain.events import NO_CONTEXT, Context
from eqia.domain.imports.previews import MOST_CHANGES, Held, Preview
from eqia.domain.imports.questions import PREVIEW
from eqia.domain.imports.sheets import FILE
from eqia.domain.imports.takings import Given
from eqia.domain.imports.undoings import Left, larger_after
from eqia.domain.people import Person
from eqia.domain.permissions import Action
from eqia.domain.texts import clean_text
from eqia.persistence.queries import imports as queries
from eqia.persistence.queries import measures as measure_queries
from eqia.persistence.tables.imports import ImportBatchRow, ImportFileRow, ImportUndoRow
from eqia.persistence.tables.measures import MeasureVersionRow, ReadingRow
from eqia.persistence.tables.plans import PlanRow
from eqia.services import standings
from eqia.services.acts import By
from eqia.services.import_files import Opened, compared, found, taken_from, version_in_force
from eqia.services.plan_acts import acting, log
from eqia.services.readings import WHY

OVERTAKEN = "Readings or the measure were changed while you looked. See what would happen now."
NOTHING_NEW = "Everything in this file is there already. Nothing was changed."
FAULTY = "Some rows cannot be read, so nothing was taken in."
TOO_MANY = f"Take in {MOST_CHANGES:,} readings or fewer at once: send the file in parts."
BUILT_ON = "Later corrections build on this import. Undo those first, or correct the readings."
CONTRADICTS = (
    "Without this import a group would have more than everybody together. Correct the readings by"
    " hand instead."
)
AGREE = "Check the sums above. Tick the box if the figures are right, or put the file right"
#: readings written in one statement
_AT_ONCE = 2_000


@dataclass(frozen=True, slots=True)
class Yes:
    """What somebody says to what they saw would change."""

    #: the mark of what they saw: another change is told first
    seen: str
    #: why figures that were there already are corrected: one reason for all of the file
    why: str = ""
    #: that groups which do not add up to everybody are right all the same
    agreed: bool = False


def confirm(
    session: Session,
    *,
    actor: Person,
    now: datetime,
    plan: PlanRow,
    opened: Opened,
    yes: Yes,
    context: Context = NO_CONTEXT,
) -> ImportBatchRow:
    """Take a file in: all of it or nothing, and once only."""
    by, file, version_id = By(actor, now, context), opened.row, opened.version.id
    why = clean_text(yes.why, field="why").strip()
    if opened.asked().next_page != PREVIEW:
        raise Conflict(OVERTAKEN)
    taken = taken_from(opened, by)
    with acting(session, by, Action.ADD_READING, plan):
        session.refresh(file, with_for_update=True)
        if file.batch_id is not None:
            return session.get_one(ImportBatchRow, file.batch_id)
        measure = found(session, plan, file.measure_id)
        version = version_in_force(session, measure)
        told = compared(session, version, taken)
        if version.id != version_id or told.mark != yes.seen:
            raise Conflict(OVERTAKEN)
        if not told.may_go_on:
            raise Invalid([Problem(FILE, _why_not(told))])
        _ask(told, why, agreed=yes.agreed)
        batch = _batch(session, by, file, version, told)
        _write(session, by, batch, version, told, why)
        file.batch_id, file.content = batch.id, b""
        standings.refresh(session, measure)
        payload = {
            "measure": str(file.measure_id),
            "import": str(batch.id),
            "added": batch.added,
            "corrected": batch.corrected,
        }
        texts = {"file": batch.file_name} | ({"why": why} if told.replaces else {})
        log(session, by, "plan.readings_imported", plan, payload, texts)
    return batch


def undo(
    session: Session,
    *,
    actor: Person,
    now: datetime,
    plan: PlanRow,
    measure_id: UUID,
    batch_id: UUID,
    context: Context = NO_CONTEXT,
) -> None:
    """Take an import back: what it corrected counts again. Once is enough."""
    by = By(actor, now, context)
    with acting(session, by, Action.ADD_READING, plan):
        measure = found(session, plan, measure_id)
        batch = queries.batch_of(session, measure, batch_id)
        if batch is None:
            raise NotFound("There is no such import.")
        if queries.is_undone(session, batch):
            return
        if queries.built_on(session, batch).count:
            raise Conflict(BUILT_ON)
        if left_larger(session, batch):
            raise Conflict(CONTRADICTS)
        session.add(ImportUndoRow(batch_id=batch.id, created_by=actor.id, created_at=now))
        standings.refresh(session, measure)
        payload = {"measure": str(measure_id), "import": str(batch.id)}
        log(session, by, "plan.import_undone", plan, payload)


def left_larger(session: Session, batch: ImportBatchRow) -> tuple[Left, ...]:
    """Find the groups that the undoing of an import would leave with more than everybody."""
    version = session.get_one(MeasureVersionRow, batch.version_id)
    held, back = queries.held(session, version), queries.before(session, batch)
    return larger_after(held, back, measure_queries.definition_of(version))


def _why_not(told: Preview) -> str:
    if told.refused:
        return FAULTY
    return TOO_MANY if told.too_many else NOTHING_NEW


def _ask(told: Preview, why: str, *, agreed: bool) -> None:
    """Ask for whatever has to be said before figures are replaced or do not add up."""
    problems = []
    if told.doubts and not agreed:
        problems.append(Problem("agreed", AGREE))
    if told.replaces and not why:
        problems.append(Problem("why", WHY))
    if problems:
        raise Invalid(problems)


def _replaces(one: Given, before: Held | None) -> bool:
    return before is not None and one.figure != before.figure


def _batch(
    session: Session, by: By, file: ImportFileRow, version: MeasureVersionRow, told: Preview
) -> ImportBatchRow:
    row = ImportBatchRow(
        version_id=version.id,
        file_name=file.file_name,
        sha256=file.sha256,
        layout=file.layout,
        added=len(told.new),
        corrected=len(told.correcting),
        unchanged=len(told.unchanged),
        created_by=by.actor.id,
        created_at=by.now,
    )
    session.add(row)
    session.flush()
    return row


def _write(
    session: Session,
    by: By,
    batch: ImportBatchRow,
    version: MeasureVersionRow,
    told: Preview,
    why: str,
) -> None:
    undone = queries.undone_before(session, version)
    pairs = list(told.writes)
    common = {
        "version_id": version.id,
        "shape": version.shape,
        "import_batch_id": batch.id,
        "created_by": by.actor.id,
        "created_at": by.now,
    }
    for first in range(0, len(pairs), _AT_ONCE):
        rows = [
            {
                **common,
                "id": uuid4(),
                "period_start": one.period.start,
                "period_end": one.period.end,
                "member": one.figure.member,
                "numerator": one.figure.numerator,
                "denominator": one.figure.denominator,
                "value": one.figure.value,
                "lower": one.lower,
                "upper": one.upper,
                "state": one.figure.state,
                "comment": one.note,
                "why": why if _replaces(one, before) else "",
                "supersedes": before.id if before else None,
                "after_undone": undone.get(
                    (one.period, one.figure.member, before.id if before else None), 0
                ),
            }
            for one, before in pairs[first : first + _AT_ONCE]
        ]
        session.execute(insert(ReadingRow), rows)

"""A file of figures on its way in: sent, kept, said how to be read, and looked at beforehand."""

import json
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from hashlib import sha256
from importlib import import_module
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from eqia.documents import incoming
from eqia.domain.categories import CategorySet
from eqia.domain.errors import Conflict, Invalid, NotAllowed, NotFound, Problem
from eqia.domain.events import NO_CONTEXT, Context
from eqia.domain.exported_readings import TEMPLATE
from eqia.domain.imports.layouts import Layout, fitting
from eqia.domain.imports.own_forms import MeasureName, blank_rows
from eqia.domain.imports.presets import heading_faults
from eqia.domain.imports.previews import Preview, compare
from eqia.domain.imports.questions import Asked
from eqia.domain.imports.rows import Terms, take
from eqia.domain.imports.sheets import FILE, Sheet, sheet_from_json
from eqia.domain.imports.takings import Taken
from eqia.domain.people import Person
from eqia.domain.permissions import Action
from eqia.domain.spreadsheets import csv_text
from eqia.domain.texts import clean_text
from eqia.persistence.database import writing
from eqia.persistence.queries import category_sets
from eqia.persistence.queries import imports as queries
from eqia.persistence.queries import measures as measure_queries
from eqia.persistence.tables.imports import ImportFileRow, ImportLayoutRow
from eqia.persistence.tables.measures import MeasureRow, MeasureVersionRow
from eqia.persistence.tables.plans import PlanRow
from eqia.services import category_sets as groups
from eqia.services.acts import By
from eqia.services.plan_acts import NOT_DEFINED, acting

MOST_BYTES = incoming.MOST_BYTES
KEPT_FOR = timedelta(hours=24)
#: files somebody may have on their way at the same time; the oldest goes first
MOST_FILES = 5
TAKEN = "This file was taken in already."
_LONGEST_NAME = 200
#: a byte order mark, by which spreadsheet programs know that letters have accents
_MARK = "\ufeff"


@dataclass(frozen=True, slots=True)
class Sent:
    """A file as somebody sends it."""

    name: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Opened:
    """A file on its way in, with the measure it is for."""

    row: ImportFileRow
    measure: MeasureRow
    version: MeasureVersionRow
    sheets: tuple[Sheet, ...]
    #: what our own form calls the measure
    name: MeasureName
    #: every set of groups there is, by its key
    sets: Mapping[str, CategorySet]

    def asked(self, layout: Layout | None = None) -> Asked:
        """Give what has to be asked, by what was said so far or what is said now."""
        chosen = layout or Layout.from_json(self.row.layout)
        names = {one.name: one for one in self.sheets}
        definition = measure_queries.definition_of(self.version)
        return Asked(
            raw=names.get(chosen.sheet, self.sheets[0]),
            given=chosen,
            definition=definition,
            schedule=measure_queries.schedule_of(self.measure),
            standard=self.sets.get(definition.category_set),
            sets=tuple(self.sets.values()),
        )


def send(
    session: Session,
    *,
    actor: Person,
    now: datetime,
    plan: PlanRow,
    measure_id: UUID,
    sent: Sent,
    context: Context = NO_CONTEXT,
) -> ImportFileRow:
    """Read a file and keep it until it is taken in; forget what was left lying for a day."""
    by = By(actor, now, context)
    # Outside the gate: nobody waits for somebody else's file to be read.
    read = incoming.read(sent.content)
    name = " ".join(clean_text(sent.name, field=FILE).split())[:_LONGEST_NAME] or "readings"
    row = ImportFileRow(
        person_id=actor.id,
        measure_id=measure_id,
        file_name=name,
        sha256=sha256(sent.content).hexdigest(),
        content=_packed(read.sheets),
        layout={},
        rows=sum(len(one.lines) for one in read.sheets),
        note=read.note,
        created_at=now,
    )
    with acting(session, by, Action.ADD_READING, plan):
        version_in_force(session, found(session, plan, measure_id))
        _clear(session, by)
        session.add(row)
    return row


def open_file(session: Session, measure: MeasureRow, file: ImportFileRow) -> Opened:
    """Unpack a file that is on its way in."""
    if not file.content:
        raise Conflict(TAKEN)
    kept = json.loads(zlib.decompress(file.content))
    sheets = tuple(sheet_from_json(one) for one in kept)
    version = version_in_force(session, measure)
    name = queries.name_of(session, measure)
    return Opened(file, measure, version, sheets, name, category_sets.every(session))


def begin(
    session: Session,
    *,
    actor: Person,
    now: datetime,
    opened: Opened,
    kind: str,
    sheet: str,
) -> Asked:
    """Say what kind of file it is; how it was read the last time is offered again."""
    names = {one.name: one for one in opened.sheets}
    chosen = names.get(sheet, opened.sheets[0])
    faults = heading_faults(kind, chosen)
    if faults:
        raise Invalid([Problem("kind", fault) for fault in faults])
    before = queries.layout_of(session, actor.id, opened.measure.id, kind)
    layout = Layout(kind=kind, sheet=chosen.name)
    if before is not None:
        layout = replace(fitting(Layout.from_json(before.layout), chosen), kind=kind)
    return say(session, actor=actor, now=now, opened=opened, layout=layout)


def say(session: Session, *, actor: Person, now: datetime, opened: Opened, layout: Layout) -> Asked:
    """Keep what somebody said about how to read a file, also for the next one of its kind."""
    file, measure_id = opened.row, opened.measure.id
    with writing(session):
        file.layout = layout.as_json()
        row = queries.layout_of(session, actor.id, measure_id, layout.kind)
        if row is None:
            row = ImportLayoutRow(person_id=actor.id, measure_id=measure_id, kind=layout.kind)
            session.add(row)
        row.layout, row.updated_at = layout.as_json(), now
    return opened.asked(layout)


def preview(session: Session, opened: Opened, *, actor: Person, now: datetime) -> Preview:
    """Tell what taking a file in would change."""
    return compared(session, opened.version, taken_from(opened, By(actor, now)))


def compared(session: Session, version: MeasureVersionRow, taken: Taken) -> Preview:
    """Tell what some readings would change of those there are by a definition."""
    definition = measure_queries.definition_of(version)
    apart = groups.under_others(session, definition)
    return compare(taken, queries.held(session, version), definition, apart)


def taken_from(opened: Opened, by: By) -> Taken:
    """Read the rows of a file as it was said that they are to be read."""
    asked = opened.asked()
    terms = Terms(
        definition=asked.definition,
        schedule=asked.schedule,
        today=by.today,
        hints=asked.hints,
        name=opened.name,
    )
    return take(asked.sheet, asked.layout, terms)


@dataclass(frozen=True, slots=True)
class BlankForm:
    """Our own form for a measure, to be filled in."""

    name: str
    text: str
    book: bytes


def blank_form(session: Session, measure: MeasureRow, *, actor: Person, now: datetime) -> BlankForm:
    """Make our own form with the periods and groups of a measure, as CSV and as a spreadsheet."""
    definition = measure_queries.definition_of(version_in_force(session, measure))
    schedule = measure_queries.schedule_of(measure)
    if schedule is None or measure.first_period is None:
        raise NotAllowed(NOT_DEFINED, code="status")
    days = (measure.first_period, By(actor, now).today)
    name = queries.name_of(session, measure)
    rows = list(blank_rows(name.reference, definition, schedule, days))
    # Loaded with the first workbook: few people want one, and it takes time and memory.
    sheets = import_module("eqia.documents.sheets")
    book = sheets.workbook("Readings", TEMPLATE, rows)
    return BlankForm(name.file, _MARK + csv_text(TEMPLATE, rows), book)


def _packed(sheets: tuple[Sheet, ...]) -> bytes:
    plain = json.dumps([one.as_json() for one in sheets], ensure_ascii=False)
    return zlib.compress(plain.encode(), 1)


def _clear(session: Session, by: By) -> None:
    session.execute(delete(ImportFileRow).where(ImportFileRow.created_at < by.now - KEPT_FOR))
    mine = session.scalars(
        select(ImportFileRow.id)
        .where(ImportFileRow.person_id == by.actor.id)
        .order_by(ImportFileRow.created_at.desc(), ImportFileRow.id)
        .offset(MOST_FILES - 1)
    ).all()
    session.execute(delete(ImportFileRow).where(ImportFileRow.id.in_(mine)))


def found(session: Session, plan: PlanRow, measure_id: UUID) -> MeasureRow:
    """Find a measure of a plan."""
    row = measure_queries.get(session, plan, measure_id)
    if row is None:
        raise NotFound("There is no such measure in this plan.")
    return row


def version_in_force(session: Session, measure: MeasureRow) -> MeasureVersionRow:
    """Give the definition in force."""
    version = measure_queries.version_of(session, measure)
    if version is None:
        raise NotAllowed(NOT_DEFINED, code="status")
    return version

"""Acts on a measure: define it, set its baseline and target, add readings and correct them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import sha256
from uuid import UUID

from sqlalchemy.orm import Session

from eqia.domain import measures as rules
from eqia.domain import readings
from eqia.domain.adjustments import check_baseline_fits
from eqia.domain.errors import Conflict, Invalid, NotAllowed, NotFound, Problem
from eqia.domain.events import NO_CONTEXT, Context
from eqia.domain.measures import Baseline, Definition, MeasureKind, Routine, Target
from eqia.domain.people import Person
from eqia.domain.periods import Period
from eqia.domain.permissions import Action
from eqia.domain.readings import Figure
from eqia.domain.rescheduling import begins_anew
from eqia.domain.suppression import Profile
from eqia.domain.texts import clean_text
from eqia.persistence.queries import adjustments
from eqia.persistence.queries import imports as import_queries
from eqia.persistence.queries import measures as queries
from eqia.persistence.queries import plans as plan_queries
from eqia.persistence.queries.readings import read_until
from eqia.persistence.tables.measures import (
    BaselineRow,
    MeasureRow,
    MeasureVersionRow,
    ReadingRow,
    TargetRow,
)
from eqia.persistence.tables.plans import PlanRow
from eqia.services import acts, category_sets, plan_actions, standings, tokens
from eqia.services.acts import By
from eqia.services.plan_acts import acting, log, same, touched

NOT_DEFINED = "Say first what exactly this measure counts."
OVERTAKEN = "Somebody else entered readings for this period while you had the page open."


@dataclass(frozen=True, slots=True)
class Defined:
    """Everything the form of a measure says."""

    routine: Routine
    definition: Definition
    #: the actions it shows the effect of
    actions: tuple[UUID, ...] = ()
    #: the measure that is changed, and the version of it that was seen; none for a new one
    measure_id: UUID | None = None
    version: int = 0
    #: whether the person means to leave one set of groups for another
    moves: bool = False


@dataclass(frozen=True, slots=True)
class Entry:
    """The readings of one period as somebody enters them."""

    period: Period
    figures: tuple[Figure, ...]
    comment: str = ""
    #: the mark of the readings as the person saw them: another change is told first
    seen: str = ""


def define(
    session: Session,
    *,
    actor: Person,
    now: datetime,
    plan: PlanRow,
    defined: Defined,
    token: str = "",
    context: Context = NO_CONTEXT,
) -> MeasureRow:
    """Say what a measure counts, or change it: another definition starts a new series."""
    by = By(actor, now, context)
    routine, definition = _cleaned(defined)
    with acting(session, by, Action.EDIT_PLAN, plan):
        used = tokens.result_of(session, token=token, actor=actor) if token else None
        if used is not None:
            return session.get_one(MeasureRow, used)
        row = _row(session, by, plan, defined)
        before = queries.schedule_of(row)
        _write(row, routine)
        session.add(row)
        session.flush()
        if not defined.moves:
            category_sets.ask_before_leaving(session, queries.version_of(session, row), definition)
        anew = begins_anew(before, queries.schedule_of(row), read_until(session, row))
        number = _define(session, by, row, definition, anew=anew)
        _link(session, by, plan, row, defined.actions)
        standings.refresh(session, row)
        if token:
            tokens.use(
                session, token=token, actor=actor, action="define_measure", now=now, result=row.id
            )
        payload = {"measure": str(row.id), "definition": number}
        log(session, by, "plan.measure_defined", plan, payload, {"title": row.title})
    return row


def set_target(
    session: Session,
    *,
    actor: Person,
    now: datetime,
    plan: PlanRow,
    measure_id: UUID,
    target: Target,
    context: Context = NO_CONTEXT,
) -> None:
    """Set a target; the one before stays in the history."""
    by = By(actor, now, context)
    source = clean_text(target.source, field="source").strip()
    with acting(session, by, Action.EDIT_PLAN, plan):
        version = _version(session, plan, measure_id)
        rules.check_target(target, queries.definition_of(version))
        row = TargetRow(
            version_id=version.id,
            member=target.member,
            kind=target.kind,
            value=target.value,
            from_date=target.from_date,
            to_date=target.to_date,
            source=source,
            created_by=actor.id,
            created_at=now,
        )
        session.add(row)
        standings.refresh(session, session.get_one(MeasureRow, measure_id))
        payload = {"measure": str(measure_id), "value": str(target.value)}
        log(session, by, "plan.target_set", plan, payload)


def set_baseline(
    session: Session,
    *,
    actor: Person,
    now: datetime,
    plan: PlanRow,
    measure_id: UUID,
    baseline: Baseline,
    context: Context = NO_CONTEXT,
) -> None:
    """Say which periods a measure is compared with, or why there are none earlier."""
    by = By(actor, now, context)
    clean = replace(baseline, note=clean_text(baseline.note, field="note").strip())
    rules.check_baseline(clean)
    with acting(session, by, Action.EDIT_PLAN, plan):
        version = _version(session, plan, measure_id)
        check_baseline_fits(clean, adjustments.around(session, version))
        row = BaselineRow(
            version_id=version.id,
            from_date=clean.from_date,
            to_date=clean.to_date,
            state=clean.state,
            note=clean.note,
            created_by=actor.id,
            created_at=now,
        )
        session.add(row)
        standings.refresh(session, session.get_one(MeasureRow, measure_id))
        payload = {"measure": str(measure_id), "from": row.from_date.isoformat()}
        log(session, by, "plan.baseline_set", plan, payload)


def add_readings(
    session: Session,
    *,
    actor: Person,
    now: datetime,
    plan: PlanRow,
    measure_id: UUID,
    entry: Entry,
    context: Context = NO_CONTEXT,
) -> int:
    """Enter the readings of a period; one that differs from what is there corrects it."""
    by, period = By(actor, now, context), entry.period
    said = clean_text(entry.comment, field="comment").strip()
    readings.check_period(period, by.today)
    with acting(session, by, Action.ADD_READING, plan):
        version = _version(session, plan, measure_id)
        measure = session.get_one(MeasureRow, measure_id)
        _in_schedule(measure, period)
        live = queries.live_readings(session, version, period)
        given = _checked(queries.definition_of(version), entry, by)
        new = [one for one in given if one.member not in live or _differs(live[one.member], one)]
        if new and entry.seen and entry.seen != mark_of(live):
            raise Conflict(OVERTAKEN)
        undone = import_queries.undone_before(session, version, period)
        for one in new:
            row = _reading(version, period, one, said, live.get(one.member), by)
            row.after_undone = undone.get((period, row.member, row.supersedes), 0)
            session.add(row)
        standings.refresh(session, measure)
        payload = {
            "measure": str(measure_id),
            "period": period.start.isoformat(),
            "added": sum(one.member not in live for one in new),
            "corrected": sum(one.member in live for one in new),
        }
        log(session, by, "plan.readings_added", plan, payload, {"comment": said})
    return len(new)


def mark_of(live: Mapping[str, ReadingRow]) -> str:
    """Give a short text that changes with any reading of a period, for forms that carry it."""
    ids = ",".join(sorted(str(row.id) for row in live.values()))
    return sha256(ids.encode()).hexdigest()


def _cleaned(defined: Defined) -> tuple[Routine, Definition]:
    routine, definition = defined.routine, defined.definition
    routine = replace(
        routine,
        title=clean_text(routine.title, field="title").strip(),
        owner=acts.short(routine.owner, 200, "owner"),
        source=clean_text(routine.source, field="source").strip(),
    )
    definition = replace(
        definition,
        unit=acts.short(definition.unit, 100, "unit"),
        numerator=clean_text(definition.numerator, field="numerator").strip(),
        denominator=clean_text(definition.denominator, field="denominator").strip(),
        inclusion=clean_text(definition.inclusion, field="inclusion").strip(),
        exclusion=clean_text(definition.exclusion, field="exclusion").strip(),
    )
    problems = [*rules.routine_problems(routine), *rules.definition_problems(definition)]
    if problems:
        raise Invalid(problems)
    return routine, definition


def _row(session: Session, by: By, plan: PlanRow, defined: Defined) -> MeasureRow:
    if defined.measure_id is None:
        return MeasureRow(
            plan_id=plan.id,
            created_by=by.actor.id,
            created_at=by.now,
            updated_by=by.actor.id,
            updated_at=by.now,
        )
    row = _found(session, plan, defined.measure_id)
    same(defined.version, row.version)
    touched(row, by)
    return row


def _write(row: MeasureRow, routine: Routine) -> None:
    row.title, row.owner, row.source = routine.title, routine.owner, routine.source
    row.kind = MeasureKind(routine.kind).value
    row.frequency, row.first_period = routine.frequency, routine.first_period
    row.lag_days = routine.lag_days


def _define(
    session: Session, by: By, measure: MeasureRow, definition: Definition, *, anew: bool
) -> int:
    held = queries.version_of(session, measure)
    if held is not None and not anew and queries.definition_of(held) == definition:
        return held.number
    row = MeasureVersionRow(
        measure_id=measure.id,
        number=held.number + 1 if held else 1,
        shape=definition.shape,
        per=definition.per,
        unit=definition.unit,
        numerator=definition.numerator,
        denominator=definition.denominator,
        inclusion=definition.inclusion,
        exclusion=definition.exclusion,
        direction=definition.direction,
        characteristic=definition.characteristic,
        category_set=definition.category_set,
        members=[member.as_json() for member in definition.members],
        reference=definition.reference,
        conflict_rule=definition.conflict,
        suppression=Profile(definition.suppression).value,
        created_by=by.actor.id,
        created_at=by.now,
    )
    session.add(row)
    session.flush()
    return row.number


def _link(
    session: Session, by: By, plan: PlanRow, measure: MeasureRow, wanted: Iterable[UUID]
) -> None:
    """Link the actions it shows the effect of; a link once made stays."""
    known = {row.id for row in plan_queries.actions(session, plan)}
    more = set(wanted) - set(queries.actions_of(session, measure))
    if not more <= known:
        raise Invalid([Problem("actions", "Choose actions from the list")])
    plan_actions.link_measure(session, by, measure, sorted(more))


def _found(session: Session, plan: PlanRow, measure_id: UUID) -> MeasureRow:
    row = queries.get(session, plan, measure_id)
    if row is None:
        raise NotFound("There is no such measure in this plan.")
    return row


def _version(session: Session, plan: PlanRow, measure_id: UUID) -> MeasureVersionRow:
    version = queries.version_of(session, _found(session, plan, measure_id))
    if version is None:
        raise NotAllowed(NOT_DEFINED, code="status")
    return version


def _in_schedule(measure: MeasureRow, period: Period) -> None:
    """Refuse a period that is none of the measure's, so that no two overlap."""
    schedule = queries.schedule_of(measure)
    if schedule is None or schedule.around(period.start) != period:
        raise Invalid([Problem("period", "Choose one of the periods of this measure")])


def _checked(definition: Definition, entry: Entry, by: By) -> list[Figure]:
    """Check every figure given, so that all problems are told at once."""
    known = {one.code for one in definition.places}
    found: list[Figure] = []
    problems: list[Problem] = []
    for figure in entry.figures:
        if figure.is_blank:
            continue
        if figure.member not in known:
            problems.append(Problem("figure.", "Choose a group of this measure"))
            continue
        try:
            found.append(readings.checked(definition, figure, entry.period, by.today))
        except Invalid as refusal:
            problems += refusal.problems
    if not found and not problems:
        problems.append(Problem("figure.", "Enter at least one figure"))
    if problems:
        raise Invalid(problems)
    return found


def _differs(row: ReadingRow, figure: Figure) -> bool:
    return queries.figure_of(row) != figure


def _reading(
    version: MeasureVersionRow,
    period: Period,
    figure: Figure,
    comment: str,
    before: ReadingRow | None,
    by: By,
) -> ReadingRow:
    return ReadingRow(
        version_id=version.id,
        shape=version.shape,
        period_start=period.start,
        period_end=period.end,
        member=figure.member,
        numerator=figure.numerator,
        denominator=figure.denominator,
        value=figure.value,
        state=figure.state,
        comment=comment,
        supersedes=before.id if before else None,
        created_by=by.actor.id,
        created_at=by.now,
    )

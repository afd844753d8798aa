"""Acts on a measure: define it, set its baseline and target, add readings and correct them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from eqia.domain import measures as rules
from eqia.domain.adjustments import check_baseline_fits
from eqia.domain.errors import Invalid, Problem
from eqia.domain.events import NO_CONTEXT, Context
from eqia.domain.measure_versions import Change, check_change, may_go_on, words_of
from eqia.domain.measures import Baseline, BaselineState, Definition, MeasureKind, Routine
from eqia.domain.people import Person
from eqia.domain.permissions import Action
from eqia.domain.plan_reviews import is_answered
from eqia.domain.record_times import in_words
from eqia.domain.rescheduling import begins_anew
from eqia.domain.suppression import Profile
from eqia.domain.texts import clean_text
from eqia.persistence.queries import adjustments
from eqia.persistence.queries import measure_versions as versions
from eqia.persistence.queries import measures as queries
from eqia.persistence.queries import plans as plan_queries
from eqia.persistence.queries.readings import read_until
from eqia.persistence.tables.measures import (
    BaselineRow,
    MeasureRow,
    MeasureVersionRow,
    MeasureWordingRow,
)
from eqia.persistence.tables.plans import PlanRow
from eqia.services import acts, category_sets, measure_links, plan_snapshots, standings, tokens
from eqia.services.acts import By
from eqia.services.plan_acts import acting, defined_version, log, measure_of, same, touched

REVIEW_FIRST = (
    "The readings give cause for concern that no review has answered."
    " Hold a review of the plan first: what is compared cannot be changed before"
)

#: the code of a refusal that only asks about a baseline that reaches into the change
LATE = "asks_late_baseline"
RUNS_INTO = (
    "The change starts on {day}, so this baseline would show some of it already. End it before, or"
    " save it again as it is"
)
READ_BEFORE = (
    "There are earlier figures: version {number} of this measure was read for {days}."
    " Choose another answer, and say in the note how the two differ"
)


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
    #: what another definition means for the readings so far, and why something else is counted
    change: str = ""
    reason: str = ""


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
    """Say what a measure counts, or change it.

    Its series goes on where the same is said in other words; something else that is counted starts
    a new one beside it, with a reason.
    """
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
        number = _define(session, by, plan, row, replace(defined, definition=definition), anew=anew)
        _link(session, by, plan, row, defined.actions)
        standings.refresh(session, row)
        if token:
            tokens.use(
                session, token=token, actor=actor, action="define_measure", now=now, result=row.id
            )
        payload = {"measure": str(row.id), "definition": number}
        log(session, by, "plan.measure_defined", plan, payload, {"title": row.title})
    return row


def set_baseline(
    session: Session,
    *,
    actor: Person,
    now: datetime,
    plan: PlanRow,
    measure_id: UUID,
    baseline: Baseline,
    sure: bool = False,
    context: Context = NO_CONTEXT,
) -> None:
    """Say which periods a measure is compared with, or why there are none earlier.

    One that reaches into the change is taken only from somebody who is `sure` of it.
    """
    by = By(actor, now, context)
    clean = replace(baseline, note=clean_text(baseline.note, field="note").strip())
    rules.check_baseline(clean)
    with acting(session, by, Action.EDIT_PLAN, plan):
        version = defined_version(session, plan, measure_id)
        _refuse_none_earlier(session, version, clean)
        if not sure and plan.change_start and rules.runs_into(clean, plan.change_start):
            words = RUNS_INTO.format(day=in_words(plan.change_start))
            raise Invalid([Problem("to_date", words)], code=LATE)
        around = adjustments.around(session, version)
        check_baseline_fits(clean, around)
        if around.baseline is not None:
            _refuse_silencing(session, by, plan, measure_id, "from_date")
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


def _refuse_none_earlier(session: Session, version: MeasureVersionRow, wanted: Baseline) -> None:
    """Refuse to say that there are no earlier figures where an earlier version has them."""
    if wanted.state != BaselineState.NONE_EARLIER:
        return
    for number, stands in versions.read_before(session, version):
        raise Invalid([Problem("state", READ_BEFORE.format(number=number, days=stands.days))])


def _refuse_silencing(
    session: Session, by: By, plan: PlanRow, measure_id: UUID, field: str
) -> None:
    """Refuse to change what a concern is seen by until a review has answered it (rule C14)."""
    picture = plan_snapshots.seen(session, plan, by.today)
    for one in picture.measures:
        if one.id == str(measure_id) and one.live and not is_answered(picture, one):
            raise Invalid([Problem(field, REVIEW_FIRST)])


def _row(session: Session, by: By, plan: PlanRow, defined: Defined) -> MeasureRow:
    if defined.measure_id is None:
        return MeasureRow(
            plan_id=plan.id,
            created_by=by.actor.id,
            created_at=by.now,
            updated_by=by.actor.id,
            updated_at=by.now,
        )
    row = measure_of(session, plan, defined.measure_id)
    same(defined.version, row.version)
    touched(row, by)
    return row


def _write(row: MeasureRow, routine: Routine) -> None:
    row.title, row.owner, row.source = routine.title, routine.owner, routine.source
    row.kind = MeasureKind(routine.kind).value
    row.frequency, row.first_period = routine.frequency, routine.first_period
    row.lag_days = routine.lag_days


def _define(
    session: Session,
    by: By,
    plan: PlanRow,
    measure: MeasureRow,
    defined: Defined,
    *,
    anew: bool,
) -> int:
    definition, held = defined.definition, queries.version_of(session, measure)
    reason = ""
    if held is not None:
        before = queries.definition_of(held)
        if not anew and before == definition:
            return held.number
        if versions.standing_on(session, held):
            reason = clean_text(defined.reason, field="reason").strip()
            goes_on = not anew and may_go_on(before, definition)
            if not goes_on:
                _refuse_silencing(session, by, plan, measure.id, "numerator")
            change = check_change(defined.change, reason, goes_on=goes_on)
            if change is Change.SAME:
                return _reword(session, by, plan, held, definition)
        _refuse_silencing(session, by, plan, measure.id, "numerator")
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
        reason=reason,
        created_by=by.actor.id,
        created_at=by.now,
    )
    session.add(row)
    session.flush()
    return row.number


def _reword(
    session: Session, by: By, plan: PlanRow, held: MeasureVersionRow, definition: Definition
) -> int:
    """Say the same in other words: the series goes on, and what was said before is kept."""
    before, words = words_of(queries.definition_of(held)), words_of(definition)
    session.add(
        MeasureWordingRow(
            version_id=held.id,
            number=versions.next_wording(session, held),
            before=before,
            words=words,
            created_by=by.actor.id,
            created_at=by.now,
        )
    )
    session.flush()
    session.expire(held, ["worded"])
    payload = {"measure": str(held.measure_id), "definition": held.number}
    log(session, by, "plan.measure_reworded", plan, payload, _changed_words(before, words))
    return held.number


def _changed_words(before: Mapping[str, str], after: Mapping[str, str]) -> dict[str, str]:
    """Give what was said and what is said, where the two differ."""
    changed = [name for name in after if before[name] != after[name]]
    return {
        f"{name}_{side}": said[name]
        for name in changed
        for side, said in (("before", before), ("after", after))
    }


def _link(
    session: Session, by: By, plan: PlanRow, measure: MeasureRow, wanted: Iterable[UUID]
) -> None:
    """Link the actions it shows the effect of; those there are stay until somebody ends them."""
    known = {row.id for row in plan_queries.actions(session, plan)}
    more = set(wanted) - set(queries.actions_of(session, measure))
    if not more <= known:
        raise Invalid([Problem("actions", "Choose actions from the list")])
    measure_links.link(session, by, measure, sorted(more))

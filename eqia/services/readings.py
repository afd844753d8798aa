"""Enter the readings of a period, and correct them: a correction says why, and nothing is lost."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from uuid import UUID

from sqlalchemy.orm import Session

from eqia.domain import readings as rules
from eqia.domain import wholes
from eqia.domain.errors import Conflict, Invalid, Problem
from eqia.domain.events import NO_CONTEXT, Context
from eqia.domain.measures import OVERALL, Definition
from eqia.domain.people import Person
from eqia.domain.periods import Period, period_name
from eqia.domain.permissions import Action
from eqia.domain.readings import Figure
from eqia.domain.texts import clean_text
from eqia.domain.wholes import Count
from eqia.persistence.queries import imports as import_queries
from eqia.persistence.queries import measures as queries
from eqia.persistence.tables.measures import MeasureRow, MeasureVersionRow, ReadingRow
from eqia.persistence.tables.plans import PlanRow
from eqia.services import category_sets, standings
from eqia.services.acts import By
from eqia.services.plan_acts import acting, defined_version, log

WHY = "Say why the figures are corrected"
SUMS = (
    "Check the figures. If they are right, because somebody is in no group or in two, save them"
    " again as they are"
)
#: the box beside which a count that does not fit is told
_BOXES = {count: "of." if count is Count.OUT_OF else "figure." for count in Count}
#: the code of a refusal that only asks: the same figures sent again are taken
ASKS = "asks"
OVERTAKEN = "Somebody else entered readings for this period while you had the page open."


@dataclass(frozen=True, slots=True)
class Entry:
    """The readings of one period as somebody enters them."""

    period: Period
    figures: tuple[Figure, ...]
    comment: str = ""
    #: the mark of the readings as the person saw them: another change is told first
    seen: str = ""
    #: why figures that were there already are corrected
    why: str = ""
    #: the mark of figures that do not add up and are right all the same
    agreed: str = ""

    @property
    def mark(self) -> str:
        """A short text that changes with any of its figures."""
        return sha256(repr(self.figures).encode()).hexdigest()


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
    said, why = (
        clean_text(text, field=name).strip()
        for name, text in (("comment", entry.comment), ("why", entry.why))
    )
    rules.check_period(period, by.today)
    with acting(session, by, Action.ADD_READING, plan):
        version = defined_version(session, plan, measure_id)
        measure = session.get_one(MeasureRow, measure_id)
        _in_schedule(measure, period)
        definition = queries.definition_of(version)
        live = queries.live_readings(session, version, period)
        held = {member: queries.figure_of(row) for member, row in live.items()}
        new = [one for one in _checked(definition, entry, by) if held.get(one.member) != one]
        if new and entry.seen and entry.seen != mark_of(live):
            raise Conflict(OVERTAKEN)
        _ask_why(held, new, why)
        _check_wholes(session, definition, entry, held, new)
        undone = import_queries.undone_before(session, version, period)
        for one in new:
            row = _reading(version, period, one, said, live.get(one.member), by)
            row.why = why if one.member in live else ""
            row.after_undone = undone.get((period, row.member, row.supersedes), 0)
            session.add(row)
        standings.refresh(session, measure)
        payload = {
            "measure": str(measure_id),
            "period": period.start.isoformat(),
            "added": sum(one.member not in live for one in new),
            "corrected": sum(one.member in live for one in new),
        }
        texts = {"comment": said} | ({"why": why} if live else {})
        log(session, by, "plan.readings_added", plan, payload, texts)
    return len(new)


def mark_of(live: Mapping[str, ReadingRow]) -> str:
    """Give a short text that changes with any reading of a period, for forms that carry it."""
    ids = ",".join(sorted(str(row.id) for row in live.values()))
    return sha256(ids.encode()).hexdigest()


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
            found.append(rules.checked(definition, figure, entry.period, by.today))
        except Invalid as refusal:
            whose = f"{definition.label(figure.member)}, {period_name(entry.period)}"
            problems += [
                Problem(one.field, f"{whose}: {one.message[0].lower()}{one.message[1:]}")
                for one in refusal.problems
            ]
    if not found and not problems:
        problems.append(Problem("figure.", "Enter at least one figure"))
    if problems:
        raise Invalid(problems)
    return found


def _ask_why(held: Mapping[str, Figure], new: Iterable[Figure], why: str) -> None:
    """Refuse to correct a figure that stood without saying why; an early one was to be replaced."""
    corrects = any(one.member in held and rules.is_correction(held[one.member], one) for one in new)
    if corrects and not why:
        raise Invalid([Problem("why", WHY)])


def _check_wholes(
    session: Session,
    definition: Definition,
    entry: Entry,
    held: Mapping[str, Figure],
    new: Iterable[Figure],
) -> None:
    """Refuse groups larger than everybody, and ask once about figures that do not add up.

    The same sent again are taken as they are. Nothing that stood before stops other figures.
    """
    given = {one.member: one for one in new}
    if not given:
        return
    figures, when = {**held, **given}, period_name(entry.period)
    larger = [
        Problem(
            _BOXES[one.count] + one.member,
            f"{definition.label(one.member)}, {when}: {one.words}. {wholes.PART_OF}",
        )
        for one in wholes.larger_than_everybody(definition, figures)
        if one.member in given or OVERALL in given
    ]
    if larger:
        raise Invalid(larger)
    apart = category_sets.under_others(session, definition)
    sums = wholes.sums_of(definition, figures, apart)
    if sums and entry.agreed != entry.mark:
        told = wholes.sums_told(sums)
        raise Invalid([Problem(_BOXES[sums[0].count], f"{told} {SUMS}")], code=ASKS)


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

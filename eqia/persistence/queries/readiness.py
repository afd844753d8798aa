"""The readiness checklist of a plan and the live data it reads, in a fixed number of statements."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from eqia.domain.coverage import blocking, covered, items
from eqia.domain.days import london_day
from eqia.domain.edits import Place, Typed
from eqia.domain.measures import MemberKind, members_of
from eqia.domain.readiness import Checklist, Gate, Given
from eqia.domain.readiness_facts import Cycle, Deed, ReadinessFacts, Version
from eqia.domain.readiness_loading import in_force, load_checklists
from eqia.domain.readings import ReadingState
from eqia.domain.references import with_version
from eqia.domain.screenings import Status
from eqia.domain.untold import untold_in
from eqia.persistence.queries import eqias
from eqia.persistence.queries import measures as measure_queries
from eqia.persistence.queries import plans as plan_queries
from eqia.persistence.queries import screenings as screening_queries
from eqia.persistence.queries.plans import LIVE, Gathered
from eqia.persistence.tables.eqias import FollowUpRow
from eqia.persistence.tables.measures import ReadingRow
from eqia.persistence.tables.plan_parts import PdsaRow
from eqia.persistence.tables.plans import PlanRow
from eqia.persistence.tables.readiness import ReadinessAnswerRow, ReadinessDeedRow, ReadinessRow
from eqia.persistence.tables.screenings import AnswerRow, ScreeningRow

#: a figure that was read, also where its source hides it; an early one is not confirmed yet
_READ = (ReadingState.FINAL.value, ReadingState.MASKED.value)


@dataclass(frozen=True, slots=True)
class Kept:
    """The checklist of a plan as it was answered, and the version of the list it answers."""

    row: ReadinessRow | None
    checklist: Checklist
    #: the answer that stands, by part
    standing: Mapping[str, ReadinessAnswerRow]
    #: how many answers each part was ever given, by part
    counts: Mapping[str, int]

    @property
    def answers(self) -> dict[str, Given]:
        """What people answered."""
        return {part: given_of(row) for part, row in self.standing.items()}

    def seen(self, gate: Gate) -> int:
        """Count the answers a gate was ever given: what a form was opened with."""
        return sum(self.counts.get(part.id, 0) for part in gate.parts)


def kept(session: Session, plan: PlanRow, today: date) -> Kept:
    """Read the checklist of a plan; before its first answer, the version in force."""
    row = session.scalar(select(ReadinessRow).where(ReadinessRow.plan_id == plan.id))
    if row is None:
        return Kept(None, in_force(today), {}, {})
    standing = {one.part: one for one in answers(session, row)}
    counts = {part: one.number for part, one in standing.items()}
    return Kept(row, load_checklists()[row.list_version], standing, counts)


def answers(session: Session, row: ReadinessRow) -> Sequence[ReadinessAnswerRow]:
    """List the answers that stand."""
    newest = (
        select(ReadinessAnswerRow.part, func.max(ReadinessAnswerRow.number).label("number"))
        .where(ReadinessAnswerRow.readiness_id == row.id)
        .group_by(ReadinessAnswerRow.part)
        .subquery()
    )
    return session.scalars(
        select(ReadinessAnswerRow)
        .join(
            newest,
            (newest.c.part == ReadinessAnswerRow.part)
            & (newest.c.number == ReadinessAnswerRow.number),
        )
        .where(ReadinessAnswerRow.readiness_id == row.id)
        .order_by(ReadinessAnswerRow.part)
    ).all()


def history(session: Session, row: ReadinessRow, part: str) -> Sequence[ReadinessAnswerRow]:
    """List every answer a part was ever given, the newest first."""
    return session.scalars(
        select(ReadinessAnswerRow)
        .where(ReadinessAnswerRow.readiness_id == row.id, ReadinessAnswerRow.part == part)
        .order_by(ReadinessAnswerRow.number.desc())
    ).all()


def given_of(row: ReadinessAnswerRow) -> Given:
    """Read a row as the answer it holds."""
    return Given(
        answer=row.answer,
        note=row.note,
        for_whom=row.for_whom,
        link=row.link,
        owner=row.owner,
        on=row.on_date,
    )


def deeds(session: Session, plan: PlanRow) -> dict[str, ReadinessDeedRow]:
    """Give what was done about each rule, the last word on it."""
    rows = session.scalars(
        select(ReadinessDeedRow)
        .where(ReadinessDeedRow.plan_id == plan.id)
        .order_by(ReadinessDeedRow.created_at, ReadinessDeedRow.id)
    )
    return {row.rule: row for row in rows}


def facts_of(
    session: Session,
    plan: PlanRow,
    checklist: Checklist,
    today: date,
    *,
    outside: bool = True,
) -> ReadinessFacts:
    """Read everything the live items of a checklist look at, as their reader may know it.

    What stops a plan may rest on small numbers, which people outside the team are not told.
    """
    versions = screening_queries.versions(session, plan.reference)
    followed = next(one for one in versions if one.id == plan.screening_id)
    read = _relevant(versions, followed)
    typed = _typed_in(session, [one.id for one in read])
    seen = {one.id: _version(session, one, typed.get(one.id, {})) for one in read}
    gathered = plan_queries.gather(session, plan, outside=outside)
    picture = measure_queries.picture(
        gathered, measure_queries.shown(session, gathered, today), today
    )
    missing = items(picture)
    coverage = covered(picture, missing)
    approved = eqias.of_screening(session, followed)
    return ReadinessFacts(
        versions=tuple(seen[one.id] for one in read if one.status is not Status.SUPERSEDED),
        question_set=seen[followed.id].question_set,
        answers=seen[followed.id].answers,
        decision=followed.decision or {},
        outcome=followed.outcome_in_force,
        language=followed.language,
        eqia_approved=approved is not None and approved.status == "approved",
        plan=picture,
        blocking=blocking(missing),
        untold=untold_in(picture),
        outside=outside,
        groups=plan_queries.groups_of(gathered),
        coverage=(coverage.done, coverage.total, coverage.words),
        read_by=_read_by(session, gathered),
        deeds={
            rule: Deed(row.kind, row.on_date, row.words, str(row.action_id or ""))
            for rule, row in deeds(session, plan).items()
        },
        review_held=_review_held(session, followed),
        cycles=tuple(
            Cycle(title=row.objective, decided=bool(row.decision)) for row in _cycles(session, plan)
        ),
        meanings=checklist.sets,
    )


def _relevant(versions: Sequence[ScreeningRow], followed: ScreeningRow) -> tuple[ScreeningRow, ...]:
    """Give the version the plan follows and those that are in force or may be, newest first."""
    out = {Status.WITHDRAWN, Status.SUPERSEDED}
    return tuple(one for one in reversed(versions) if one.status not in out or one is followed)


def _typed_in(session: Session, ids: Sequence[UUID]) -> dict[UUID, dict[Place, Typed]]:
    rows = session.execute(
        select(
            AnswerRow.screening_id, AnswerRow.question, AnswerRow.group_id, AnswerRow.value
        ).where(AnswerRow.screening_id.in_(ids))
    )
    found: dict[UUID, dict[Place, Typed]] = {}
    for screening_id, question, group, value in rows:
        place = found.setdefault(screening_id, {})
        place[question, group] = Typed(screening_queries.frozen(value))
    return found


def _version(session: Session, row: ScreeningRow, typed: Mapping[Place, Typed]) -> Version:
    asked = screening_queries.question_set_of(session, row)
    said = screening_queries.answers_from(asked, typed)
    return Version(str(row.id), with_version(row.reference, row.number), row.status, asked, said)


def _read_by(session: Session, gathered: Gathered) -> dict[str, str]:
    """Give the measures whose definition in force has a reading of a group, and which groups."""
    newest = {row.measure_id: row for row in gathered.versions}
    live = [
        newest[one.id] for one in gathered.measures if one.status == "live" and one.id in newest
    ]
    split = {row.id: row for row in live if row.characteristic}
    rows = session.execute(
        select(ReadingRow.version_id, ReadingRow.member)
        .where(
            ReadingRow.version_id.in_(list(split)),
            ReadingRow.member != "",
            ReadingRow.state.in_(_READ),
            LIVE,
        )
        .distinct()
    )
    return {
        str(split[version_id].measure_id): split[version_id].characteristic
        for version_id, member in rows
        if member in _substantive(split[version_id].members)
    }


def _substantive(members: list[dict[str, str]]) -> frozenset[str]:
    found = members_of(members)
    return frozenset(one.code for one in found if one.kind is MemberKind.SUBSTANTIVE)


def _review_held(session: Session, followed: ScreeningRow) -> date | None:
    """Find the last review held since the version was signed: before, there was nothing to hold."""
    if followed.signed_at is None:
        return None
    return session.scalar(
        select(func.max(FollowUpRow.on_date)).where(
            FollowUpRow.screening_id == followed.id,
            FollowUpRow.kind == "review",
            FollowUpRow.on_date >= london_day(followed.signed_at),
        )
    )


def _cycles(session: Session, plan: PlanRow) -> Sequence[PdsaRow]:
    return session.scalars(
        select(PdsaRow).where(PdsaRow.plan_id == plan.id).order_by(PdsaRow.number)
    ).all()

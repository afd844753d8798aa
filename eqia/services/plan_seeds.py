"""What a screening found and promised, put into its plan so that nobody types twice."""

from collections.abc import Iterable, Mapping

from sqlalchemy.orm import Session

from eqia.domain.findings import (
    Direction,
    Finding,
    Promise,
    findings_of,
    fixes_of,
    gaps_of,
    measures_of,
)
from eqia.domain.plans import ActionKind
from eqia.persistence.queries import plans as queries
from eqia.persistence.queries import screenings
from eqia.persistence.tables.measures import MeasureRow
from eqia.persistence.tables.plans import (
    ActionMeasureRow,
    ActionRow,
    FindingActionRow,
    FindingRow,
    PlanRow,
)
from eqia.persistence.tables.screenings import ScreeningRow
from eqia.services.acts import By

FIXES = "The screening says so: it is what will be done about the harm to this group."
FINDS_OUT = "The screening says so: it is how what is not known will be found out."


def sow(session: Session, by: By, plan: PlanRow, screening: ScreeningRow) -> dict[str, int]:
    """Put in the findings of a version, and what it promised that is not there yet.

    Findings of a version before keep their row; an action linked to one is linked to the finding
    in its place.
    """
    asked = screenings.question_set_of(session, screening)
    answers = screenings.answers_of(session, screening)
    language = screening.language
    before = queries.findings(session, plan)
    rows = _findings(session, by, plan, screening, findings_of(asked, answers, language))
    _carry_over(session, by, before, rows.values())
    known = {row.cause for row in queries.actions(session, plan)}
    fixes = [one for one in fixes_of(asked, answers, language) if one.cause not in known]
    gaps = [one for one in gaps_of(asked, answers, language) if one.cause not in known]
    harmed = [row for row in rows.values() if row.direction == Direction.NEGATIVE]
    unknown = [row for row in rows.values() if row.direction == Direction.UNKNOWN]
    made = []
    for one in fixes:
        action = _action(session, by, plan, one, ActionKind.MITIGATION)
        mine = [row for row in harmed if one.group in {"", row.group_id}]
        _answers(session, by, action, mine, FIXES)
        made.append(action)
    for one in gaps:
        action = _action(session, by, plan, one, ActionKind.DATA_GAP)
        _answers(session, by, action, unknown, FINDS_OUT)
    measures = _measures(session, by, plan, measures_of(asked, answers, language), made)
    return {"findings": len(rows), "actions": len(fixes) + len(gaps), "measures": measures}


def _findings(
    session: Session,
    by: By,
    plan: PlanRow,
    screening: ScreeningRow,
    found: Iterable[Finding],
) -> Mapping[tuple[str, str], FindingRow]:
    rows = {
        one.place: FindingRow(
            plan_id=plan.id,
            screening_id=screening.id,
            question=one.question,
            group_id=one.group,
            label=one.label[:200],
            direction=one.direction.value,
            effect=one.effect,
            statement=one.statement,
            severity=one.severity,
            evidence=one.evidence,
            position=position,
            created_by=by.actor.id,
            created_at=by.now,
        )
        for position, one in enumerate(found)
    }
    session.add_all(rows.values())
    session.flush()
    return rows


def _carry_over(
    session: Session, by: By, before: Iterable[FindingRow], after: Iterable[FindingRow]
) -> None:
    """Link what answered a finding to the finding in its place, with the same reason."""
    places = {(row.question, row.group_id): row for row in after}
    old = {row.id: places.get((row.question, row.group_id)) for row in before}
    links = session.query(FindingActionRow).filter(FindingActionRow.finding_id.in_(list(old)))
    done = set()
    for link in links.order_by(FindingActionRow.created_at, FindingActionRow.id):
        new = old[link.finding_id]
        if new is None or (new.id, link.action_id) in done:
            continue
        done.add((new.id, link.action_id))
        session.add(
            FindingActionRow(
                finding_id=new.id,
                action_id=link.action_id,
                reason=link.reason,
                created_by=by.actor.id,
                created_at=by.now,
            )
        )
    session.flush()


def _action(
    session: Session, by: By, plan: PlanRow, promise: Promise, kind: ActionKind
) -> ActionRow:
    details = "".join(f"\n{label} {words}" for label, words in promise.details)
    row = ActionRow(
        plan_id=plan.id,
        title=f"{promise.title}{details}",
        owner=promise.owner,
        due=promise.due,
        kind=kind.value,
        cause=promise.cause,
        created_by=by.actor.id,
        created_at=by.now,
        updated_by=by.actor.id,
        updated_at=by.now,
    )
    session.add(row)
    session.flush()
    return row


def _answers(
    session: Session, by: By, action: ActionRow, findings: Iterable[FindingRow], reason: str
) -> None:
    session.add_all(
        FindingActionRow(
            finding_id=row.id,
            action_id=action.id,
            reason=reason,
            created_by=by.actor.id,
            created_at=by.now,
        )
        for row in findings
    )
    session.flush()


def _measures(
    session: Session,
    by: By,
    plan: PlanRow,
    promised: Iterable[Promise],
    actions: Iterable[ActionRow],
) -> int:
    """Make a measure of each promise; with one action and one measure, they belong together."""
    known = {row.cause for row in queries.measures(session, plan)}
    rows = [
        MeasureRow(
            plan_id=plan.id,
            title=one.title,
            owner=one.owner,
            promised=_told(one),
            cause=one.cause,
            created_by=by.actor.id,
            created_at=by.now,
            updated_by=by.actor.id,
            updated_at=by.now,
        )
        for one in promised
        if one.cause not in known
    ]
    session.add_all(rows)
    session.flush()
    done = list(actions)
    if len(rows) == len(done) == 1:
        session.add(
            ActionMeasureRow(
                action_id=done[0].id,
                measure_id=rows[0].id,
                created_by=by.actor.id,
                created_at=by.now,
            )
        )
        session.flush()
    return len(rows)


def _told(promise: Promise) -> list[list[str]]:
    looked = [["When will you look?", promise.due.isoformat()]] if promise.due else []
    return [*([label, words] for label, words in promise.details), *looked]

"""What the flags of a screening depend on, gathered from all over."""

from collections.abc import Iterable, Sequence
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from eqia.domain.answers import Answers
from eqia.domain.days import london_day
from eqia.domain.eqias import approval_day
from eqia.domain.flags import (
    Facts,
    OpenAction,
    TriggerSeen,
    day_answered,
    decided_first,
    ticked_triggers,
)
from eqia.domain.project_changes import differences
from eqia.domain.questions import QuestionSet
from eqia.domain.screenings import Status
from eqia.persistence.queries import projects, screenings
from eqia.persistence.queries.reviews import follow_ups, sign_off_of
from eqia.persistence.tables.eqias import EqiaRow, FollowUpRow
from eqia.persistence.tables.evidence import EvidenceActionRow
from eqia.persistence.tables.organisations import OrganisationRow
from eqia.persistence.tables.projects import ProjectRow
from eqia.persistence.tables.screenings import ScreeningRow

#: when the organisation has not said otherwise
STALE_MONTHS = 24


def facts_of(
    session: Session, screening: ScreeningRow, today: date, answers: Answers | None = None
) -> Facts:
    """Gather all that the flags of one version depend on.

    A draft is saved often and most flags need a submission, so it is not asked for the rest; an
    act that has the answers at hand passes them.
    """
    asked = screenings.question_set_of(session, screening)
    answers = screenings.answers_of(session, screening) if answers is None else answers
    sent = screening.submitted_at is not None
    project = session.get_one(ProjectRow, screening.project_id)
    logged = follow_ups(session, screening)
    approvals = _approvals(session, screening.reference) if sent else ()
    changed = _changed(asked, screening, project)
    return Facts(
        status=screening.status,
        created_on=london_day(screening.created_at),
        submitted_on=london_day(screening.submitted_at) if screening.submitted_at else None,
        signed_on=london_day(screening.signed_at) if screening.signed_at else None,
        decided_first=decided_first(asked, answers),
        stated_decision=day_answered(asked, answers, "decision_date") or project.decision_date,
        logged_decision=min(
            (one.on_date for one in logged if one.kind == "decision"), default=None
        ),
        earlier_in_time=_earlier_in_time(session, screening),
        outcome_is_top=screening.outcome_in_force == asked.top.id,
        eqia_approved=any(row.screening_id == screening.id for row in approvals),
        eqia_approved_on=min(
            (day for row in approvals if (day := approval_day(row))), default=None
        ),
        project_start=project.start_date,
        changed=changed,
        changed_since=_since(screening.stale_from, today) if changed else None,
        review_due=_review_due(session, screening, asked, answers),
        review_held=any(_held_after(one, screening) for one in logged),
        stale_months=_stale_months(session) if screening.signed_at else STALE_MONTHS,
        triggers=_triggers(asked, answers, logged),
        actions=_open_actions(session, screening) if sent else (),
    )


def _stale_months(session: Session) -> int:
    return session.scalar(select(OrganisationRow.stale_months)) or STALE_MONTHS


def _first(days: Iterable[date | None]) -> date | None:
    return min((day for day in days if day is not None), default=None)


def _since(stored: date | None, today: date) -> date:
    """Keep the day on which a change was first seen; a later edit does not move it."""
    return stored if stored is not None and stored <= today else today


def _changed(asked: QuestionSet, screening: ScreeningRow, project: ProjectRow) -> tuple[str, ...]:
    if screening.status is not Status.SIGNED or screening.project_snapshot is None:
        return ()
    current = projects.facts_of(project).snapshot()
    return differences(asked, screening.project_snapshot, current)


def _approvals(session: Session, reference: str) -> Sequence[EqiaRow]:
    return session.scalars(
        select(EqiaRow)
        .join(ScreeningRow, ScreeningRow.id == EqiaRow.screening_id)
        .where(ScreeningRow.reference == reference, EqiaRow.status == "approved")
    ).all()


def _earlier_in_time(session: Session, screening: ScreeningRow) -> bool:
    """Tell whether an earlier version was signed before the decision: then this is not late."""
    if screening.number == 1:
        return False
    found = session.scalar(
        select(func.count())
        .select_from(ScreeningRow)
        .where(
            ScreeningRow.reference == screening.reference,
            ScreeningRow.number < screening.number,
            ScreeningRow.signed_at.is_not(None),
            ScreeningRow.late_from.is_(None),
        )
    )
    return bool(found)


def _review_due(
    session: Session, screening: ScreeningRow, asked: QuestionSet, answers: Answers
) -> date | None:
    answered = day_answered(asked, answers, "review_date")
    if answered is not None or screening.signed_at is None:
        return answered
    sign_off = sign_off_of(session, screening)
    supplied = sign_off.supplied.get("review_date", "") if sign_off else ""
    return date.fromisoformat(supplied) if supplied else None


def _held_after(one: FollowUpRow, screening: ScreeningRow) -> bool:
    signed = screening.signed_at
    return one.kind == "review" and signed is not None and one.on_date >= london_day(signed)


def _triggers(
    asked: QuestionSet, answers: Answers, logged: Iterable[FollowUpRow]
) -> tuple[TriggerSeen, ...]:
    ticked = ticked_triggers(asked, answers)
    return tuple(
        TriggerSeen(one.trigger, trigger_label(asked, one.trigger), one.on_date)
        for one in logged
        if one.kind == "trigger" and one.trigger in ticked
    )


def trigger_label(asked: QuestionSet, code: str) -> str:
    """Give the words for a trigger, from the question that offers it where there is one."""
    question = asked.id_for("review_triggers")
    words = asked.question(question).label_of(code) if question else code
    return words if words != code else code.replace("_", " ").capitalize()


def _open_actions(session: Session, screening: ScreeningRow) -> tuple[OpenAction, ...]:
    rows = session.execute(
        select(EvidenceActionRow.text, EvidenceActionRow.due).where(
            EvidenceActionRow.screening_id == screening.id, EvidenceActionRow.done_at.is_(None)
        )
    )
    return tuple(OpenAction(text, due) for text, due in rows)

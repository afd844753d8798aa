"""Acts on a plan: open it for a signed screening, act on what was found, review."""

from collections.abc import Collection
from dataclasses import replace
from datetime import date, datetime
from uuid import UUID

from sqlalchemy.orm import Session

from eqia.domain import plans as rules
from eqia.domain.days import london_day
from eqia.domain.errors import NotFound
from eqia.domain.events import NO_CONTEXT, Context
from eqia.domain.people import Person
from eqia.domain.permissions import Action
from eqia.domain.plans import Plan, Review
from eqia.domain.review_answers import as_json
from eqia.domain.small_numbers import hidden_outside
from eqia.domain.texts import clean_text
from eqia.persistence.queries import plans as queries
from eqia.persistence.tables.eqias import FollowUpRow
from eqia.persistence.tables.plans import (
    FindingRow,
    PlanReviewRow,
    PlanRow,
)
from eqia.persistence.tables.screenings import ScreeningRow
from eqia.services import acts, flags, plan_answers, plan_seeds, standings, tokens
from eqia.services.acts import By
from eqia.services.plan_acts import acting, log, made, same, touched
from eqia.services.plan_snapshots import snapshot


def open_plan(
    session: Session,
    *,
    actor: Person,
    now: datetime,
    screening: ScreeningRow,
    plan: Plan,
    context: Context = NO_CONTEXT,
) -> PlanRow:
    """Open the plan of a signed screening; what the screening promised is in it already.

    There is one for all versions: opening it again gives the one there is.
    """
    by = By(actor, now, context)
    clean = _cleaned(plan)
    with acts.acting(session, by, Action.OPEN_PLAN, screening, raises_version=False):
        there = queries.of_reference(session, screening.reference)
        if there is not None:
            return there
        row = PlanRow(
            project_id=screening.project_id,
            screening_id=screening.id,
            reference=screening.reference,
            **made(by),
        )
        _write(row, clean)
        session.add(row)
        session.flush()
        counts = plan_seeds.sow(session, by, row, screening)
        log(session, by, "plan.opened", row, {"screening": str(screening.id), **counts})
    return row


def change(
    session: Session,
    *,
    actor: Person,
    now: datetime,
    row: PlanRow,
    version: int,
    plan: Plan,
    context: Context = NO_CONTEXT,
) -> None:
    """Change what a plan says about itself."""
    by = By(actor, now, context)
    clean = _cleaned(plan)
    with acting(session, by, Action.EDIT_PLAN, row):
        same(version, row.version)
        _write(row, clean)
        touched(row, by)
        log(session, by, "plan.changed", row, texts={"aim": row.aim})


def no_action(
    session: Session,
    *,
    actor: Person,
    now: datetime,
    plan: PlanRow,
    row: FindingRow,
    reason: str,
    context: Context = NO_CONTEXT,
) -> None:
    """Sign why nothing is done about a finding."""
    by = By(actor, now, context)
    why = acts.words("reason", reason, "Say why nothing is done, and why that is fair")
    with acting(session, by, Action.EDIT_PLAN, plan):
        session.refresh(row)
        if row.plan_id != plan.id:
            raise NotFound("There is no such finding in this plan.")
        row.no_action_reason, row.no_action_by, row.no_action_at = why, actor.id, now
        log(session, by, "plan.no_action", plan, {"finding": str(row.id)}, {"reason": why})


def hold_review(
    session: Session,
    *,
    actor: Person,
    now: datetime,
    plan: PlanRow,
    review: Review,
    opened: Collection[UUID] = (),
    token: str = "",
    context: Context = NO_CONTEXT,
) -> PlanReviewRow:
    """Keep what a review saw and decided, with what was covered and what was open that day.

    `opened` are the measures whose exact figures somebody from outside the team opened.
    It is a review of the screening too, whose own review date it answers.
    """
    by = By(actor, now, context)
    clean = _cleaned_review(review)
    first = min(plan.start_date or date.max, london_day(plan.created_at))
    rules.check_review(clean, by.today, begins=first, ends=plan.end_date)
    again = clean.decision == rules.ReviewDecision.RESCREEN
    with acting(session, by, Action.HOLD_REVIEW, plan):
        used = tokens.result_of(session, token=token, actor=actor) if token else None
        if used is not None:
            return session.get_one(PlanReviewRow, used)
        given = plan_answers.given(session, by, plan, clean, opened)
        row = PlanReviewRow(
            plan_id=plan.id,
            planned_on=plan.next_review,
            held_on=clean.held_on,
            attendees=clean.attendees,
            decision=clean.decision,
            notes=clean.notes,
            answers=[as_json(one) for one in given],
            rescreen_by=clean.rescreen_by,
            rescreen_due=clean.rescreen_due,
            snapshot={
                **snapshot(session, plan, by.today, screens_again=again),
                "blind": plan_answers.blind_to(session, by, plan, opened),
            },
            created_by=actor.id,
            created_at=now,
        )
        session.add(row)
        # What somebody changed on a chart is looked at by now.
        standings.refresh_reviewed(session, plan)
        plan.next_review = clean.next_review
        touched(plan, by)
        _tell_the_screening(session, by, plan, row)
        if token:
            tokens.use(
                session, token=token, actor=actor, action="hold_review", now=now, result=row.id
            )
        payload = {"review": str(row.id), "decision": row.decision}
        texts = {"notes": row.notes} | {one.key: one.text for one in given}
        log(session, by, "plan.reviewed", plan, payload, texts)
    return row


def take_over(
    session: Session,
    *,
    actor: Person,
    now: datetime,
    plan: PlanRow,
    context: Context = NO_CONTEXT,
) -> None:
    """Take over the findings of the newest signed version, with the links that still fit."""
    by = By(actor, now, context)
    with acting(session, by, Action.EDIT_PLAN, plan):
        newest = queries.newest_signed(session, plan.reference)
        if newest is None or newest.id == plan.screening_id:
            return
        plan.screening_id = newest.id
        touched(plan, by)
        counts = plan_seeds.sow(session, by, plan, newest)
        log(session, by, "plan.taken_over", plan, {"screening": str(newest.id), **counts})


def _cleaned(plan: Plan) -> Plan:
    clean = replace(
        plan,
        aim=clean_text(plan.aim, field="aim").strip(),
        lead=acts.short(plan.lead, 200, "lead"),
        sponsor=acts.short(plan.sponsor, 200, "sponsor"),
    )
    rules.check_plan(clean)
    return clean


def _write(row: PlanRow, plan: Plan) -> None:
    row.aim, row.lead, row.sponsor = plan.aim, plan.lead, plan.sponsor
    row.start_date, row.end_date = plan.start_date, plan.end_date
    row.change_start, row.next_review = plan.change_start, plan.next_review


def _cleaned_review(review: Review) -> Review:
    """Clean what was typed; who screens again is kept only with the decision to do so."""
    again = review.decision == rules.ReviewDecision.RESCREEN
    return replace(
        review,
        notes=clean_text(review.notes, field="notes").strip(),
        attendees=clean_text(review.attendees, field="attendees").strip(),
        rescreen_by=acts.short(review.rescreen_by, 200, "rescreen_by") if again else "",
        rescreen_due=review.rescreen_due if again else None,
        answers={key: clean_text(text, field=key).strip() for key, text in review.answers.items()},
    )


def _tell_the_screening(session: Session, by: By, plan: PlanRow, review: PlanReviewRow) -> None:
    screening = session.get_one(ScreeningRow, plan.screening_id)
    decided = rules.DECISION_LABELS[review.decision]
    # Everybody signed in may read what a screening was followed by.
    seen = hidden_outside(review.notes, queries.groups_of(queries.gather(session, plan)))
    session.add(
        FollowUpRow(
            screening_id=screening.id,
            kind="review",
            on_date=review.held_on,
            note=f"Review of the plan: {decided}. {seen}",
            logged_by=by.actor.id,
            at=by.now,
        )
    )
    session.flush()
    flags.refresh_versions(session, screening, by.today)

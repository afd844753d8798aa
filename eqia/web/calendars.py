"""Calendar files: what is due of plans, for the calendar program of whoever is signed in."""

from collections.abc import Iterable, Iterator

from flask import Blueprint, Response, url_for

from eqia.domain.calendars import Entry, calendar_of
from eqia.domain.due_dates import DueItem
from eqia.domain.periods import period_name
from eqia.domain.permissions import Action
from eqia.domain.plans import ActionStatus, PlanStatus
from eqia.domain.texts import first_line
from eqia.persistence.queries import measures as measure_queries
from eqia.persistence.queries import plans as queries
from eqia.persistence.queries.measures import Shown
from eqia.persistence.tables.plans import ActionRow, PlanRow
from eqia.web.access import allowed, current_person, requires
from eqia.web.clock import now
from eqia.web.extensions import db
from eqia.web.plan_pages import PlanPage, pages_of, the_plan

blueprint = Blueprint("calendars", __name__)

#: what a name of ours ends in, so that no other program gives the same one (RFC 5545, 3.8.4.7)
_OURS = "eqia"


@blueprint.get("/plans/<uuid:plan_id>/calendar.ics")
@requires(Action.READ_PLAN, load=the_plan)
def plan(plan: PlanRow) -> Response:
    """Give the readings, actions and the review of a plan as days in a calendar."""
    page = PlanPage(db.session, plan)
    return _file(f"Plan: {page.project.title}", _of_plan(page), f"{plan.reference}.ics")


@blueprint.get("/readings/calendar.ics")
@requires(Action.SEE_HOME)
def readings() -> Response:
    """Give the days on which readings are due in the projects of whoever asks."""
    plans = queries.of_person(db.session, current_person().id)
    entries = (one for page in pages_of(db.session, plans) for one in _readings(page))
    return _file("Readings due", entries, "readings.ics")


def _of_plan(page: PlanPage) -> Iterator[Entry]:
    yield from _readings(page)
    plan = page.plan
    if plan.status == PlanStatus.CLOSED:
        return
    for row in page.rows.actions:
        if row.status == ActionStatus.OPEN and row.due:
            title = f"Action due: {first_line(row.title)} ({plan.reference})"
            yield Entry(f"action-{row.id}@{_OURS}", row.due, title, _action(page, row))
    again = page.rows.again
    if again is not None and again.due and not again.status:
        title = f"Screen again: start version {again.number} ({plan.reference})"
        yield Entry(f"screen-again-{plan.id}@{_OURS}", again.due, title, _address(plan))
    if plan.next_review:
        title = f"Review of the plan: {page.project.title} ({plan.reference})"
        yield Entry(f"review-{plan.id}@{_OURS}", plan.next_review, title, _review(page))


def _readings(page: PlanPage) -> Iterator[Entry]:
    """Give a day for every reading that waits; only an open plan asks for any."""
    if page.plan.status != PlanStatus.OPEN:
        return
    for shown in page.measures:
        for item in measure_queries.coming(page.rows, shown, page.today):
            yield _reading(page, shown, item)


def _reading(page: PlanPage, shown: Shown, item: DueItem) -> Entry:
    title = f"Reading due: {first_line(shown.row.title)}, {period_name(item.period)}"
    start = item.period.start.isoformat()
    return Entry(
        f"reading-{shown.row.id}-{start}@{_OURS}",
        item.due,
        f"{title} ({page.plan.reference})",
        _boxes(page, shown, start),
    )


def _boxes(page: PlanPage, shown: Shown, start: str) -> str:
    """Lead to the boxes of a reading, or to its measure where somebody else enters them."""
    plan, measure = page.plan.id, shown.row.id
    if not allowed(Action.ADD_READING, page.thing):
        return url_for("measures.show", plan_id=plan, measure_id=measure, _external=True)
    return url_for(
        "measures.readings", plan_id=plan, measure_id=measure, start=start, _external=True
    )


def _action(page: PlanPage, row: ActionRow) -> str:
    """Lead to where it is said how an action ended, or to the plan where somebody else does."""
    if not allowed(Action.EDIT_PLAN, page.thing):
        return _address(page.plan)
    return url_for("plans.finish", plan_id=page.plan.id, step_id=row.id, _external=True)


def _review(page: PlanPage) -> str:
    """Lead to the review, or to the plan where somebody else holds it."""
    if not allowed(Action.HOLD_REVIEW, page.thing):
        return _address(page.plan)
    return url_for("plans.review", plan_id=page.plan.id, _external=True)


def _address(plan: PlanRow) -> str:
    return url_for("plans.show", plan_id=plan.id, _external=True)


def _file(name: str, entries: Iterable[Entry], filename: str) -> Response:
    ordered = sorted(entries, key=lambda one: (one.day, one.title, one.uid))
    return Response(
        calendar_of(name, ordered, now()),
        content_type="text/calendar; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{filename}"'},
    )

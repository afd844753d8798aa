"""What happened: to one screening, and to everything."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from flask import Blueprint, render_template, request, url_for
from sqlalchemy.orm import Session

from eqia.domain.permissions import Action
from eqia.persistence.queries import events as queries
from eqia.persistence.queries import people
from eqia.persistence.queries.events import Named
from eqia.persistence.tables.events import EventRow
from eqia.persistence.tables.screenings import ScreeningRow
from eqia.web.access import requires
from eqia.web.extensions import db
from eqia.web.loaders import the_screening
from eqia.web.paging import paged

blueprint = Blueprint("events", __name__)

#: what the log can be narrowed to
ABOUT: Mapping[str, str] = {
    "": "Everything",
    "plans": "Plans and measures",
    "screenings": "Screenings",
    "people": "People and settings",
}
NOBODY_NAMED = Named({}, {}, {})

#: what an event's action is called on a page; one without words here shows its own name
WORDS: Mapping[str, str] = {
    "screening.started": "Screening started",
    "screening.saved": "Answers saved",
    "screening.section_completed": "Section marked as completed",
    "screening.section_reopened": "Section opened again",
    "screening.stopped": "Stopped to go to the full EqIA",
    "screening.went_on": "Went on with the whole form",
    "screening.submitted": "Sent to review",
    "screening.withdrawn": "Withdrawn",
    "screening.versioned": "Next version started",
    "screening.moved": "Moved to the newer questions",
    "screening.signed": "Signed off",
    "publication.published": "Published",
    "publication.taken_down": "Taken out of what is published",
    "request.made": "Another look asked for",
    "request.answered": "Request for another look answered",
    "evidence.added": "Source added",
    "evidence.changed": "Source changed",
    "evidence.removed": "Source taken off",
    "review.claimed": "Taken by a reviewer",
    "review.reassigned": "Handed to another reviewer",
    "review.returned": "Returned to the team",
    "review.confirmed": "Outcome confirmed",
    "review.raised": "Outcome raised",
    "review.lowering_proposed": "Lower outcome proposed",
    "review.lowering_agreed": "Lower outcome agreed",
    "receipt.given": "Read by a decision-maker",
    "comment.made": "Comment made",
    "comment.replied": "Comment answered",
    "eqia.changed": "EqIA details changed",
    "eqia.approved": "EqIA approved",
    "eqia.date_stated": "Earlier EqIA date stated",
    "eqia.date_accepted": "Earlier EqIA date accepted",
    "follow_up.decision": "Decision logged",
    "follow_up.review": "Review logged",
    "follow_up.trigger": "Reason for another look logged",
    "evidence_action.closed": "Something was found out",
    "plan.opened": "Plan opened",
    "plan.changed": "Plan changed",
    "plan.action_added": "Action added to the plan",
    "plan.action_changed": "Action of the plan changed",
    "plan.action_finished": "Action of the plan ended",
    "plan.not_measurable": "Reason given why an action cannot be measured",
    "plan.no_action": "Reason given why nothing is done about a finding",
    "plan.measure_defined": "Measure defined",
    "plan.measure_reworded": "Measure put in other words",
    "plan.measure_unlinked": "Link of an action to a measure ended",
    "plan.baseline_set": "Baseline set",
    "plan.target_set": "Target set",
    "plan.target_changed": "Target changed",
    "plan.target_removed": "Target removed",
    "plan.readings_added": "Readings entered",
    "plan.readings_imported": "Readings imported from a file",
    "plan.import_undone": "Import of readings undone",
    "plan.chart_adjusted": "Chart of a measure changed",
    "plan.chart_restored": "Change to a chart taken back",
    "plan.likelihood": "Said how likely a finding is",
    "plan.risk_added": "Risk or issue added to the plan",
    "plan.risk_changed": "Risk or issue of the plan changed",
    "plan.risk_closed": "Risk or issue of the plan closed",
    "plan.risk_reopened": "Risk or issue of the plan opened again",
    "plan.cycle_begun": "PDSA cycle added",
    "plan.cycle_changed": "PDSA cycle changed",
    "plan.section_written": "Section of the plan written",
    "plan.section_withdrawn": "Entry taken off a section of the plan",
    "plan.section_put_back": "Entry put back into a section of the plan",
    "plan.exact_opened": "Exact figures of a measure opened by somebody outside the team",
    "plan.exact_exported": "Exact figures taken out of the service",
    "plan.reviewed": "Plan reviewed",
    "plan.taken_over": "Findings of a newer version taken over",
    "plan.open": "Plan opened again",
    "plan.paused": "Plan paused",
    "plan.closed": "Plan closed",
    "readiness.answered": "Readiness checklist answered",
    "readiness.told": "Said what was done about a rule of the screening",
    "person.confirmed_identity": "Proved again who they are",
    "person.signed_in": "Signed in",
}


@dataclass(frozen=True, slots=True)
class Entry:
    """One event as a page shows it."""

    seq: int
    title: str
    when: datetime
    who: str
    text: str = ""
    #: what it is about, and where that is
    about: str = ""
    href: str = ""


@blueprint.get("/screenings/<uuid:screening_id>/events")
@requires(Action.SEE_EVENTS, load=the_screening)
def timeline(screening: ScreeningRow) -> str:
    """Show everything that happened to one version, in order."""
    told = timeline_of(db.session, screening)
    return render_template("events/timeline.html", screening=screening, entries=told)


@blueprint.get("/events")
@requires(Action.SEE_ALL_EVENTS)
def index() -> str:
    """Show the whole log, the newest first, for auditors."""
    about = request.args.get("about", "")
    about = about if about in ABOUT else ""
    total = queries.count(db.session, about)
    page, pages = paged(request.args.get("page", type=int), total, queries.PAGE_SIZE)
    rows = queries.latest(db.session, page=page, about=about)
    return render_template(
        "events/index.html",
        entries=entries(rows, queries.named(db.session, rows)),
        about=about,
        choices=ABOUT,
        query={"about": about} if about else {},
        page=page,
        pages=pages,
        total=total,
        head=queries.head(db.session),
    )


def timeline_of(session: Session, screening: ScreeningRow) -> list[Entry]:
    """Put in words what happened to a version, and to the plan that follows it."""
    rows = queries.timeline(session, screening)
    plan = [row for row in rows if row.entity == "plan"]
    return entries(rows, queries.named(session, plan) if plan else NOBODY_NAMED)


def entries(rows: Sequence[EventRow], named: Named = NOBODY_NAMED) -> list[Entry]:
    """Put events in words, in the order given, with what each is about where that is named."""
    names = people.names(db.session, {row.actor_id for row in rows if row.actor_id})
    why = queries.reasons(db.session, rows)
    return [
        Entry(
            row.seq,
            WORDS.get(row.action, _own_name(row.action)),
            row.at_utc,
            _who(row, names),
            _why(row, why),
            *_about(row, named),
        )
        for row in rows
    ]


def _why(row: EventRow, reasons: Mapping[tuple[UUID, datetime], str]) -> str:
    if row.entity_id is None or row.action not in queries.MOVES:
        return ""
    return reasons.get((row.entity_id, row.at_utc), "")


def _about(row: EventRow, named: Named) -> tuple[str, str]:
    """Name the plan, measure or screening of an event, and give its address."""
    if row.entity_id is None:
        return "", ""
    if row.entity_id in named.screenings:
        title, name = named.screenings[row.entity_id]
        return f"{title}, {name}", url_for("screenings.show", screening_id=row.entity_id)
    if row.entity_id not in named.plans:
        return "", ""
    title, reference = named.plans[row.entity_id]
    measure = named.measures.get(row.payload.get("measure", ""))
    whole = f"Plan of {title}, {reference}"
    if not measure:
        return whole, url_for("plans.show", plan_id=row.entity_id)
    address = url_for("measures.show", plan_id=row.entity_id, measure_id=row.payload["measure"])
    return f"{whole}: {measure}", address


#: who acts where nobody is signed in
_NOBODY = {"request.made": "Somebody outside"}


def _who(row: EventRow, names: Mapping[UUID, str]) -> str:
    name = names.get(row.actor_id, "") if row.actor_id else _NOBODY.get(row.action, "The service")
    return f"{name} ({row.role_used})" if row.role_used else name


def _own_name(action: str) -> str:
    return action.replace(".", ": ").replace("_", " ").capitalize()

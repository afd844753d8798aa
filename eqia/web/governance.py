"""All plans for those who watch over them: what is overdue, stuck, or gives concern."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from flask import Blueprint, Response, render_template, request, url_for

from eqia.domain.coverage import Item
from eqia.domain.governance import (
    PAGE_SIZE,
    STATUS_CHOICES,
    TROUBLE_LABELS,
    Among,
    lately,
    latest_told,
)
from eqia.domain.measures import MemberKind
from eqia.domain.permissions import Action
from eqia.domain.pictures import MeasureFacts
from eqia.domain.plans import PLAN_LABELS, PlanStatus
from eqia.domain.spreadsheets import csv_text
from eqia.domain.texts import first_line
from eqia.persistence.queries import governance as queries
from eqia.persistence.queries.governance import Line
from eqia.persistence.tables.plans import PlanRow
from eqia.web.access import requires
from eqia.web.clock import today
from eqia.web.extensions import db
from eqia.web.forms.register import read_plan_filter
from eqia.web.paging import paged

blueprint = Blueprint("governance", __name__)

CSV_HEADING = (
    "Reference",
    "Project",
    "Status",
    "Readings overdue",
    "Of these for more than a period",
    "Overdue before a pause",
    "Stops it being closed",
    "What stops it",
    "Needed before the next screening is signed",
    "Cause for concern, no review since",
    "To be screened again",
    "Cannot be told here: figures are hidden",
    "Actions overdue",
    "Next review",
)


@blueprint.get("/governance")
@requires(Action.SEE_GOVERNANCE)
def index() -> tuple[str, int]:
    """Show the plans that the filter finds, those in most trouble first, a page at a time."""
    groups = queries.groups(db.session)
    search = read_plan_filter(request.args, groups)
    lines = queries.lines(db.session, search.filter, today())
    number, pages = paged(search.filter.page, len(lines), PAGE_SIZE)
    here = lines[(number - 1) * PAGE_SIZE : number * PAGE_SIZE]
    html = render_template(
        "governance/index.html",
        search=search,
        lines=here,
        icons=_icons(here),
        total=len(lines),
        closed=queries.closed_lately(db.session, search.filter, today()),
        closed_since=lately(today()),
        closed_query=_closed_query(),
        page=number,
        pages=pages,
        choices=_choices(groups),
        statuses=PLAN_LABELS,
        troubles=TROUBLE_LABELS,
        today=today(),
        query=_query(),
    )
    return html, 422 if search.problems else 200


@blueprint.get("/governance/plans.csv")
@requires(Action.SEE_GOVERNANCE)
def download() -> Response:
    """Give the same filter as a spreadsheet file; no figures and no names of people."""
    search = read_plan_filter(request.args, queries.groups(db.session))
    found = queries.lines(db.session, search.filter, today())
    # The byte-order mark lets spreadsheet programs see that this is UTF-8.
    return Response(
        "\ufeff" + csv_text(CSV_HEADING, (_row(line) for line in found)),
        mimetype="text/csv",
        headers={"Content-Disposition": f'attachment; filename="plans-{today()}.csv"'},
    )


def _choices(groups: dict[str, str]) -> dict[str, dict[str, str]]:
    return {
        "trouble": dict(TROUBLE_LABELS),
        "group": groups,
        "status": dict(STATUS_CHOICES),
    }


def _closed_query() -> dict[str, str]:
    """Look for the same among closed plans: of most trouble they are free."""
    asked = {name: value for name, value in _query().items() if name in {"text", "group"}}
    return {**asked, "status": Among.LATELY_CLOSED.value}


def _query() -> dict[str, str]:
    return {name: value for name, value in request.args.items() if name != "page" and value}


@dataclass(frozen=True, slots=True)
class Told:
    """What the latest figures of some groups say, with the addresses of plan and measure."""

    reference: str
    plan_href: str
    measure: str
    href: str
    labels: tuple[str, ...]
    words: str

    @property
    def who(self) -> str:
        """Name the groups; a name may hold commas."""
        return "; ".join(self.labels)


def _icons(lines: list[Line]) -> list[Told]:
    """Say in words what the icons of each measure tell, of everybody and of each group.

    What needs somebody comes first, icons or none: it may be told of fewer readings too.
    """
    found = [one for line in lines for one in _told(line)]
    return [told for _, told in sorted(found, key=lambda one: one[0])]


def _told(line: Line) -> Iterator[tuple[int, Told]]:
    plan_href = url_for("plans.show", plan_id=line.plan.id)
    for shown in line.measures:
        href = url_for("measures.show", plan_id=line.plan.id, measure_id=shown.row.id)
        about = (line.plan.reference, plan_href, first_line(shown.row.title), href)
        for (rank, words), labels in _said(shown.view).items():
            yield rank, Told(*about, tuple(labels), ". ".join(words))


def _said(view: MeasureFacts) -> dict[tuple[int, tuple[str, ...]], list[str]]:
    """Name everybody of whom the same is told, each thing once."""
    found: dict[tuple[int, tuple[str, ...]], list[str]] = {}
    for member in view.definition.places if view.definition else ():
        told = latest_told(view, member)
        if told[1] and member.kind is not MemberKind.UNKNOWN:
            found.setdefault(told, []).append(member.label)
    return found


def _row(line: Line) -> tuple[object, ...]:
    found = line.watched
    # None that is known is not the same as none.
    none = "Cannot be told" if found.untold else 0
    return (
        line.plan.reference,
        line.title,
        PLAN_LABELS[line.plan.status],
        found.late,
        found.longest,
        found.resting if line.plan.status == PlanStatus.PAUSED else 0,
        len(found.blockers) or none,
        _listed(found.blockers),
        _listed(found.owed),
        len(found.concerns) or none,
        found.again.words if found.again else "",
        " | ".join(one.words for one in found.untold),
        found.actions,
        _next_review(line.plan),
    )


def _next_review(plan: PlanRow) -> str:
    """Give the day of the next review; of a closed plan there is none."""
    due = plan.next_review if plan.status != PlanStatus.CLOSED else None
    return due.isoformat() if due else ""


def _listed(items: Iterable[Item]) -> str:
    """Put what is missing in words, with the number of its rule at the end."""
    return "; ".join(f"{one.words} ({one.rule})" for one in items)

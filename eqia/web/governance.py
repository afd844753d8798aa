"""All plans for those who watch over them: what is overdue, stuck, or gives concern."""

from collections.abc import Iterator

from flask import Blueprint, Response, render_template, request

from eqia.domain.governance import PAGE_SIZE, TROUBLE_LABELS
from eqia.domain.measures import MemberKind
from eqia.domain.permissions import Action
from eqia.domain.plans import PLAN_LABELS
from eqia.domain.spreadsheets import csv_text
from eqia.persistence.queries import governance as queries
from eqia.persistence.queries.governance import Line
from eqia.web.access import requires
from eqia.web.clock import today
from eqia.web.extensions import db
from eqia.web.forms.register import ANY_STATUS, read_plan_filter

blueprint = Blueprint("governance", __name__)

CSV_HEADING = (
    "Reference",
    "Project",
    "Status",
    "Readings overdue",
    "Of these for more than a period",
    "Stops it being closed",
    "Which rules",
    "Cause for concern, no review since",
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
    first = (search.filter.page - 1) * PAGE_SIZE
    page = render_template(
        "governance/index.html",
        search=search,
        lines=lines[first : first + PAGE_SIZE],
        icons=list(_icons(lines[first : first + PAGE_SIZE])),
        total=len(lines),
        pages=max(1, -(-len(lines) // PAGE_SIZE)),
        choices=_choices(groups),
        statuses=PLAN_LABELS,
        troubles=TROUBLE_LABELS,
        today=today(),
        query=_query(),
    )
    return page, 422 if search.problems else 200


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
        "status": {ANY_STATUS: "Open, paused or closed", **PLAN_LABELS},
    }


def _query() -> dict[str, str]:
    return {name: value for name, value in request.args.items() if name != "page" and value}


def _icons(lines: list[Line]) -> Iterator[tuple[str, str, str, str]]:
    """Say in words what the icons of each measure tell, of everybody and of each group."""
    for line in lines:
        for shown in line.measures:
            definition = shown.view.definition
            for member in definition.places if definition else ():
                told = shown.view.place(member.code).icons
                if told and member.kind is not MemberKind.UNKNOWN:
                    title = next(iter(shown.row.title.splitlines()), "")
                    yield line.plan.reference, title, member.label, ". ".join(told)


def _row(line: Line) -> tuple[object, ...]:
    found = line.watched
    return (
        line.plan.reference,
        line.title,
        PLAN_LABELS[line.plan.status],
        found.late,
        found.longest,
        len(found.blockers),
        ", ".join(sorted({one.rule for one in found.blockers})),
        len(found.concerns),
        found.actions,
        line.plan.next_review.isoformat() if line.plan.next_review else "",
    )

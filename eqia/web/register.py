"""The register, its CSV, and the report over a period."""

from dataclasses import replace
from datetime import date

from flask import Blueprint, Response, render_template, request

from eqia.domain.permissions import Action
from eqia.domain.question_set_loading import load_question_sets
from eqia.domain.questions import QuestionSet, text_in
from eqia.domain.references import with_version
from eqia.domain.register import (
    EQIA_STATES,
    FLAGS,
    PAGE_SIZE,
    Outcomes,
    Report,
    outcomes_of,
    periodic_report,
)
from eqia.domain.screenings import Status
from eqia.domain.spreadsheets import csv_text
from eqia.persistence.queries import organisations, publications
from eqia.persistence.queries import register as queries
from eqia.web.access import current_person, requires
from eqia.web.clock import today
from eqia.web.extensions import db
from eqia.web.filters import status_label
from eqia.web.forms.register import Search, read_filter, read_period
from eqia.web.paging import paged

blueprint = Blueprint("register", __name__, url_prefix="/register")

CSV_HEADING = (
    "Reference",
    "Version",
    "Project",
    "Question set",
    "Status",
    "Calculated outcome",
    "Confirmed outcome",
    "EqIA",
    "Flags",
    "Started",
    "Submitted",
    "Signed",
    "Decision date",
    "Review due",
)


@blueprint.get("")
@requires(Action.SEE_REGISTER)
def index() -> tuple[str, int]:
    """Show what the filter finds, a page at a time."""
    found = _read()
    search = _search(found)
    total = queries.count(db.session, search)
    number, pages = paged(found.filter.page, total, PAGE_SIZE)
    lines = queries.page(db.session, replace(search, filter=replace(found.filter, page=number)))
    ids = [line.screening.id for line in lines]
    page = render_template(
        "register/index.html",
        search=found,
        lines=lines,
        published=publications.published_among(db.session, ids),
        asked=publications.open_requests(db.session, ids),
        total=total,
        page=number,
        pages=pages,
        today=today(),
        choices=_choices(),
        outcomes=_outcomes(),
        query=_query(),
    )
    return page, 422 if found.problems else 200


@blueprint.get("/register.csv")
@requires(Action.SEE_REGISTER)
def download() -> Response:
    """Give the same filter as a spreadsheet file; roles and references, no names."""
    search = _search(_read())
    rows = (_row(line) for line in queries.every_line(db.session, search))
    return _csv(csv_text(CSV_HEADING, rows), f"screenings-{today().isoformat()}.csv")


@blueprint.get("/report")
@requires(Action.SEE_REPORT)
def report() -> tuple[str, int]:
    """Show what a committee asks about a period, ready to print."""
    period = read_period(request.args, today())
    page = render_template(
        "register/report.html",
        period=period,
        report=_report(period.since, period.until),
        outcomes=_outcomes(),
        titles={s.id: text_in(s.title) for s in load_question_sets().values()},
        organisation=organisations.host(db.session),
    )
    return page, 422 if period.problems else 200


@blueprint.get("/report.csv")
@requires(Action.SEE_REPORT)
def report_download() -> Response:
    """Give the report's figures as a spreadsheet file."""
    period = read_period(request.args, today())
    found = _report(period.since, period.until)
    name = f"screenings-{period.since.isoformat()}-to-{period.until.isoformat()}.csv"
    return _csv(csv_text(("Figure", "Of", "Number"), _figures(found)), name)


def _read() -> Search:
    return read_filter(request.args, _outcomes(), _groups())


def _search(found: Search) -> queries.Search:
    return queries.Search(
        filter=found.filter,
        person=current_person(),
        today=today(),
        opening=_outcomes().opening,
        called_like=_outcomes().called_like(found.filter.outcome),
        effects=_effects(),
    )


def _query() -> dict[str, str]:
    return {name: value for name, value in request.args.items() if name != "page" and value}


def _sets() -> list[QuestionSet]:
    return list(load_question_sets().values())


def _outcomes() -> Outcomes:
    return outcomes_of(_sets())


def _groups() -> dict[str, str]:
    local = {row.code: row.label for row in organisations.local_groups(db.session)}
    bundled = {
        group.id: text_in(group.label)
        for question_set in _sets()
        for group_list in question_set.groups
        for group in group_list.groups
    }
    return {**bundled, **local}


def _effects() -> list[tuple[str, str]]:
    """Every effect question with the codes that mean a group is affected, or not yet known."""
    return sorted(
        {
            (question, code)
            for question_set in _sets()
            for question in question_set.ids("effect")
            for code in question_set.question(question).codes
            if code not in question_set.codes("same_codes")
        }
    )


def _choices() -> dict[str, dict[str, str]]:
    return {
        "outcome": _outcomes().offered,
        "status": {status.value: status_label(status) for status in Status},
        "flag": FLAGS,
        "eqia": EQIA_STATES,
        "group": _groups(),
    }


def _row(line: queries.Line) -> tuple[object, ...]:
    screening, labels = line.screening, _outcomes().labels
    return (
        screening.reference,
        with_version(screening.reference, screening.number),
        line.project_title,
        line.question_set_id,
        status_label(screening.status),
        labels.get(screening.calculated_outcome, ""),
        labels.get(screening.confirmed_outcome, ""),
        EQIA_STATES.get(line.eqia_status, ""),
        "; ".join(FLAGS[name] for name in line.flags(today())),
        _day(screening.created_at),
        _day(screening.submitted_at),
        _day(screening.signed_at),
        screening.decision_date or "",
        screening.review_due or "",
    )


def _day(moment: object) -> str:
    return str(moment)[:10] if moment else ""


def _report(since: date, until: date) -> Report:
    entries = queries.entries(db.session, since=since, until=until)
    return periodic_report(entries, _outcomes(), since=since, until=until)


def _figures(found: Report) -> list[tuple[object, ...]]:
    labels = _outcomes().labels
    rows: list[tuple[object, ...]] = [
        ("Screenings submitted", "", found.submitted),
        ("Screenings signed", "", found.signed),
    ]
    for name, counts in found.outcomes.items():
        rows.extend((labels.get(outcome, outcome), name, n) for outcome, n in counts.items())
    rows += [
        ("Full EqIAs triggered", "", found.triggered),
        ("EqIAs not started", "", found.not_started),
        ("EqIAs started", "", found.started),
        ("EqIAs done", "", found.done),
        ("Decided without EqIA", "", found.decided_without),
        ("Screened late", "", found.late),
        ("Outcomes raised by a reviewer", "", found.raised),
        ("Outcomes lowered by two reviewers", "", found.lowered),
    ]
    rows += [
        (f"{s.label}: median days", f"{s.count} screenings", s.median_days) for s in found.stages
    ]
    return rows


def _csv(text: str, name: str) -> Response:
    # The byte-order mark lets spreadsheet programs see that this is UTF-8.
    return Response(
        "\ufeff" + text,
        mimetype="text/csv",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )

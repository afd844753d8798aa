"""Files of readings: small numbers hidden, unless a member of the team asks for exact figures."""

from collections.abc import Sequence
from pathlib import Path
from uuid import UUID

from flask import Blueprint, Response, current_app, render_template, request

from eqia.domain.days import london_day
from eqia.domain.errors import NotFound
from eqia.domain.exported_readings import Exported
from eqia.domain.gap_series import gap_series_of
from eqia.domain.measure_gaps import GAP_HEADING, gaps_drawn
from eqia.domain.measure_series import chart_of
from eqia.domain.permissions import Action
from eqia.domain.pictures import MeasureView
from eqia.domain.plan_contents import contents
from eqia.domain.records import as_plain
from eqia.domain.small_numbers import small_numbers_beside
from eqia.domain.spreadsheets import csv_text
from eqia.domain.suppression import PROFILE_WORDS, Profile
from eqia.persistence.queries import acts_done, outside
from eqia.persistence.queries import exports as queries
from eqia.persistence.queries import measures as measure_queries
from eqia.persistence.queries.measures import Shown
from eqia.persistence.queries.readings import EarlierView, earlier_views_of
from eqia.persistence.tables.measures import MeasureRow
from eqia.persistence.tables.plans import PlanRow
from eqia.services import annexes, readiness_files
from eqia.services import exports as services
from eqia.web.access import requires
from eqia.web.acts import by
from eqia.web.clock import now
from eqia.web.extensions import db
from eqia.web.forms.exports import KINDS, ExactForm
from eqia.web.measure_pages import FIGURES_HEADING, chart_rows, found
from eqia.web.plan_pages import PlanPage, the_plan
from eqia.web.plan_prints import heading_of, standing_of

blueprint = Blueprint("exports", __name__)

Notes = dict[UUID, queries.ByPlace]
Page = str | Response | tuple[str, int]
#: what an address ends in, and whether the file begins with the byte-order mark
_KINDS = {"csv": ("csv", False), "marked": ("csv", True), "xlsx": ("xlsx", False)} | {
    "json": ("json", False)
}
_NO_GAP = "There is no gap to show of this measure."
_NO_CHART = "There is no chart of this group."


@blueprint.get("/plans/<uuid:plan_id>/export")
@requires(Action.READ_PLAN, load=the_plan)
def plan(plan: PlanRow) -> Page:
    """Offer the readings of all measures of a plan as files."""
    return _offer(PlanPage(db.session, plan), None, ExactForm())


@blueprint.get("/plans/<uuid:plan_id>/measures/<uuid:measure_id>/export")
@requires(Action.READ_PLAN, load=the_plan)
def measure(plan: PlanRow, measure_id: UUID) -> Page:
    """Offer the readings of a measure as files."""
    page = PlanPage(db.session, plan)
    return _offer(page, _one(page, measure_id), ExactForm())


@blueprint.get("/plans/<uuid:plan_id>/export/<any(csv,marked,xlsx,json):filetype>")
@requires(Action.READ_PLAN, load=the_plan)
def plan_file(plan: PlanRow, filetype: str) -> Response:
    """Give the readings of all measures of a plan, small numbers hidden."""
    page = PlanPage(db.session, plan)
    return _file(page, page.measures, filetype, exact=False)


@blueprint.get(
    "/plans/<uuid:plan_id>/measures/<uuid:measure_id>/export/<any(csv,marked,xlsx,json):filetype>"
)
@requires(Action.READ_PLAN, load=the_plan)
def measure_file(plan: PlanRow, measure_id: UUID, filetype: str) -> Response:
    """Give the readings of a measure, small numbers hidden."""
    page = PlanPage(db.session, plan)
    return _file(page, [_one(page, measure_id)], filetype, exact=False)


@blueprint.post("/plans/<uuid:plan_id>/export/exact")
@requires(Action.SEE_EXACT, load=the_plan)
def plan_exact(plan: PlanRow) -> Page:
    """Give a member of the team the exact readings of all measures, and log it."""
    return _exact(PlanPage(db.session, plan), None)


@blueprint.post("/plans/<uuid:plan_id>/measures/<uuid:measure_id>/export/exact")
@requires(Action.SEE_EXACT, load=the_plan)
def measure_exact(plan: PlanRow, measure_id: UUID) -> Page:
    """Give a member of the team the exact readings of a measure, and log it."""
    page = PlanPage(db.session, plan)
    return _exact(page, _one(page, measure_id))


@blueprint.post("/plans/<uuid:plan_id>/measures/<uuid:measure_id>/export/opened")
@requires(Action.OPEN_EXACT, load=the_plan)
def opened(plan: PlanRow, measure_id: UUID) -> Page:
    """Give the exact readings of a measure to somebody outside the team, and log it."""
    page = PlanPage(db.session, plan, opened=True)
    shown = _one(page, measure_id)
    services.export_exact(
        db.session,
        **by(),
        plan=plan,
        measures=[measure_id],
        kind=_KINDS["csv"][0],
        action=Action.OPEN_EXACT,
    )
    return _file(page, [shown], "csv", exact=True)


@blueprint.get("/plans/<uuid:plan_id>/plan.pdf")
@requires(Action.READ_PLAN, load=the_plan)
def pdf(plan: PlanRow) -> Response:
    """Give a plan with its measures and charts as a tagged PDF, small numbers hidden."""
    page = PlanPage(db.session, plan, outside=True)
    frozen = as_plain(annexes.of_plan(db.session, plan, page.today))
    whole = contents(frozen, heading_of(page), standing_of(page))
    folder = current_app.config["EQIA_SETTINGS"].font_folder
    made = readiness_files.pdf(whole, at=now(), font_folder=Path(folder) if folder else None)
    return _download(made, "application/pdf", f"{page.screening.reference}-plan.pdf")


@blueprint.get("/plans/<uuid:plan_id>/measures/<uuid:measure_id>/chart.csv")
@requires(Action.READ_PLAN, load=the_plan)
def chart(plan: PlanRow, measure_id: UUID) -> Response:
    """Give the figures of a chart as whoever asks sees them."""
    page = PlanPage(db.session, plan)
    shown = found(page, measure_id)
    done = acts_done.by_measure(db.session, page.rows)[measure_id]
    draw = gap_series_of if request.args.get("of") == "gap" else chart_of
    picture = draw(shown.view, request.args.get("group", ""), tuple(done))
    if picture is None:
        raise NotFound(_NO_CHART)
    text = csv_text(FIGURES_HEADING, chart_rows(picture))
    return _csv(page, text, f"chart-{_number(page, measure_id)}")


@blueprint.get("/plans/<uuid:plan_id>/measures/<uuid:measure_id>/gaps.csv")
@requires(Action.READ_PLAN, load=the_plan)
def gaps(plan: PlanRow, measure_id: UUID) -> Response:
    """Give the gaps of a measure as whoever asks sees them."""
    page = PlanPage(db.session, plan)
    picture = gaps_drawn(found(page, measure_id).view)
    if picture is None:
        raise NotFound(_NO_GAP)
    return _csv(page, csv_text(GAP_HEADING, picture.rows), f"gaps-{_number(page, measure_id)}")


def _one(page: PlanPage, measure_id: UUID) -> Shown:
    shown = next((one for one in page.measures if one.row.id == measure_id), None)
    if shown is None:
        raise NotFound("There is no such measure in this plan.")
    return shown


def _offer(page: PlanPage, shown: Shown | None, form: ExactForm) -> Page:
    some = page.measures if shown is None else [shown]
    defined = [one.view.definition for one in some if one.view.definition is not None]
    hidden = dict.fromkeys(Profile(one.suppression) for one in defined)
    html = render_template(
        "exports/show.html",
        page=page,
        shown=shown,
        form=form,
        kinds=KINDS,
        hidden=[PROFILE_WORDS[one] for one in hidden],
        telling=_telling(page, some),
    )
    return html, 422 if form.problems else 200


def _telling(page: PlanPage, some: Sequence[Shown]) -> list[str]:
    """Find the notes with a small number beside the name of a group, as they were written."""
    if not page.is_exact:
        return []
    notes = queries.beside(db.session, [one.row.id for one in some])
    versions = {one.version.id: one.view.definition for one in some if one.version}
    for earlier in _before([one.row for one in some], exact=True).values():
        versions |= {one.version.id: one.view.definition for one in earlier}
    return list(
        dict.fromkeys(
            told.note
            for version, definition in versions.items()
            for told in notes.get(version, {}).values()
            if definition is not None and small_numbers_beside(told.note, definition.labels)
        )
    )


def _exact(page: PlanPage, shown: Shown | None) -> Page:
    form = ExactForm()
    if not form.validate_on_submit():
        return _offer(page, shown, form)
    some = page.measures if shown is None else [shown]
    chosen = form.kind.data or ""
    services.export_exact(
        db.session,
        **by(),
        plan=page.plan,
        measures=[one.row.id for one in some],
        kind=_KINDS[chosen][0],
    )
    return _file(page, some, chosen, exact=True)


def _file(page: PlanPage, some: Sequence[Shown], chosen: str, *, exact: bool) -> Response:
    kind, marked = _KINDS[chosen]
    ids = [one.row.id for one in some]
    rows = [one.row for one in some]
    if exact:
        views: outside.Views = measure_queries.views_of(db.session, rows)
    else:
        views = outside.views(db.session, outside.kin(db.session, rows) if rows else rows)
    before = _before(rows, exact=exact)
    notes = queries.beside(db.session, ids)
    exported = [
        made
        for one in some
        for made in (
            *(_earlier(told, notes, exact=exact) for told in before.get(one.row.id, ())),
            _now(one, views[one.row.id], notes, exact=exact),
        )
    ]
    name = page.screening.reference if len(some) > 1 or not some else _name(page, ids[0])
    made = services.file_of(exported, kind, f"{name}-readings", marked=marked)
    return _download(made.content, made.mimetype, made.name)


def _before(rows: Sequence[MeasureRow], *, exact: bool) -> dict[UUID, list[EarlierView]]:
    """Give what was read by earlier definitions, as whoever gets the file may see it."""
    if not rows:
        return {}
    read = earlier_views_of if exact else outside.earlier
    return read(db.session, rows)


def _earlier(one: EarlierView, notes: Notes, *, exact: bool) -> Exported:
    beside = notes.get(one.version.id, {})
    return Exported(one.view, exact, beside, one.version.number, london_day(one.until))


def _now(one: Shown, view: MeasureView, notes: Notes, *, exact: bool) -> Exported:
    if one.version is None:
        return Exported(view, exact)
    return Exported(view, exact, notes.get(one.version.id, {}), one.version.number)


def _csv(page: PlanPage, text: str, name: str) -> Response:
    # A file goes its own ways, so that its name says what it holds.
    suffix = "-exact-for-the-team-only" if page.is_exact else ""
    name = f"{page.screening.reference}-{name}{suffix}.csv"
    return _download(("\ufeff" + text).encode(), "text/csv", name)


def _name(page: PlanPage, measure_id: UUID) -> str:
    return f"{page.screening.reference}-measure-{_number(page, measure_id)}"


def _number(page: PlanPage, measure_id: UUID) -> int:
    """Say which of the plan's measures it is: a title is too long for the name of a file."""
    return next(at for at, one in enumerate(page.rows.measures, start=1) if one.id == measure_id)


def _download(content: bytes, mimetype: str, name: str) -> Response:
    answer = Response(content, mimetype=mimetype)
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer

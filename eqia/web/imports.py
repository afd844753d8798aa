"""Pages of an import: send a file, say how to read it, see what would change, undo it."""

from collections.abc import Callable, Iterable
from uuid import UUID

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from werkzeug.exceptions import RequestEntityTooLarge

from eqia.domain.errors import NotFound, Problem
from eqia.domain.imports.checks import column_problems, group_problems, row_problems
from eqia.domain.imports.layouts import Layout
from eqia.domain.imports.presets import PRESETS, recognise
from eqia.domain.imports.questions import COLUMNS, GROUPS, PREVIEW, ROWS, Asked
from eqia.domain.permissions import Action
from eqia.persistence.queries import imports as queries
from eqia.persistence.queries import measures as measure_queries
from eqia.persistence.tables.measures import MeasureRow, MeasureVersionRow
from eqia.persistence.tables.plans import PlanRow
from eqia.services import import_files, imports
from eqia.services.import_files import KEPT_FOR, MOST_BYTES, Opened, Sent
from eqia.web import small_numbers
from eqia.web.access import current_person, requires
from eqia.web.acts import CONFLICT, DONE, by, tried
from eqia.web.clock import now
from eqia.web.concerns import told_with
from eqia.web.extensions import csrf, db
from eqia.web.forms import imports as forms
from eqia.web.forms.base import Form
from eqia.web.forms.imports import ConfirmForm, UploadForm, kind_form
from eqia.web.import_lists import KINDS, PAGE_SIZE, Lists, left_in_words, written
from eqia.web.import_pages import address, measure_of, on_file, page_of, step_address, told
from eqia.web.paging import paged
from eqia.web.plan_pages import Answer, PlanPage, planned, the_plan

blueprint = Blueprint(
    "imports", __name__, url_prefix="/plans/<uuid:plan_id>/measures/<uuid:measure_id>/imports"
)

#: what stands around the file in the request
_AROUND = 64_000
_LISTS = ", ".join(f"'{one}'" for one in KINDS)
_TOO_LARGE = f"The file must have {MOST_BYTES // 1_000_000} MB or less"
_FORMS = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


@blueprint.route("", methods=["GET", "POST"])
@requires(Action.ADD_READING, load=the_plan)
def index(plan: PlanRow, measure_id: UUID) -> Answer:
    """Offer our own form, take a file, and list what was imported."""
    measure = measure_of(plan, measure_id)
    version = measure_queries.version_of(db.session, measure)
    if version is None:
        return redirect(url_for("measures.edit", plan_id=plan.id, measure_id=measure_id))
    form, status = _sent(), 200
    if form.is_submitted():
        status = 413 if form.file.errors == [_TOO_LARGE] else tried(form, lambda: None, lambda: 0)
        if status == DONE:
            file = _kept(plan, measure, form)
            if file is not None:
                return redirect(address("kind", plan, measure, file_id=file))
            status = 422
    html = render_template(
        "imports/index.html",
        page=PlanPage(db.session, plan),
        measure=measure,
        form=form,
        batches=queries.batches_of(db.session, version),
        waiting=queries.files_of(db.session, current_person().id, measure, now() - KEPT_FOR),
        kinds=PRESETS,
    )
    return html, status


# The token would be looked for before the size of the file is known to be allowed; `index` asks
# for it itself.
csrf.exempt(index)


@blueprint.get("/form.<any(csv, xlsx):ending>")
@requires(Action.ADD_READING, load=the_plan)
def template(plan: PlanRow, measure_id: UUID, ending: str) -> Response:
    """Give our own form with the periods and groups of the measure."""
    measure = measure_of(plan, measure_id)
    made = import_files.blank_form(db.session, measure, actor=current_person(), now=now())
    content = made.text if ending == "csv" else made.book
    response = Response(content, content_type=_FORMS[ending])
    response.headers["Content-Disposition"] = f'attachment; filename="{made.name}.{ending}"'
    return response


@blueprint.route("/files/<uuid:file_id>/kind", methods=["GET", "POST"])
@requires(Action.ADD_READING, load=the_plan)
@on_file
def kind(plan: PlanRow, opened: Opened) -> Answer:
    """Ask what kind of file it is; what its headings tell is chosen already."""
    said = Layout.from_json(opened.row.layout)
    offered = said.kind or recognise(opened.sheets[0])
    form = kind_form(opened.sheets, offered, said.sheet)
    asked: list[Asked] = []

    def act() -> None:
        at = int(form["sheet"].data) if "sheet" in form else 0
        asked.append(
            import_files.begin(
                db.session,
                actor=current_person(),
                now=now(),
                opened=opened,
                kind=form.kind.data or "",
                sheet=opened.sheets[at].name,
            )
        )

    status = tried(form, act, lambda: 0) if form.is_submitted() else 200
    if status == DONE:
        return redirect(step_address(plan, opened, asked[0].next_page))
    told = not said.kind and PRESETS[offered].label
    return page_of("kind", plan, opened, form, recognised=told), status


@blueprint.route("/files/<uuid:file_id>/columns", methods=["GET", "POST"])
@requires(Action.ADD_READING, load=the_plan)
@on_file
def columns(plan: PlanRow, opened: Opened) -> Answer:
    """Ask which column says what."""
    return _step(COLUMNS, plan, opened)


@blueprint.route("/files/<uuid:file_id>/rows", methods=["GET", "POST"])
@requires(Action.ADD_READING, load=the_plan)
@on_file
def rows(plan: PlanRow, opened: Opened) -> Answer:
    """Ask which rows count, and how their periods are written."""
    return _step(ROWS, plan, opened)


@blueprint.route("/files/<uuid:file_id>/groups", methods=["GET", "POST"])
@requires(Action.ADD_READING, load=the_plan)
@on_file
def groups(plan: PlanRow, opened: Opened) -> Answer:
    """Ask which label of the file is which group of the measure."""
    return _step(GROUPS, plan, opened)


@blueprint.route("/files/<uuid:file_id>/preview", methods=["GET", "POST"])
@requires(Action.ADD_READING, load=the_plan)
@on_file
def preview(plan: PlanRow, opened: Opened) -> Answer:
    """Show what would change, and take it in when somebody says yes."""
    if not opened.row.layout:
        return redirect(step_address(plan, opened, "kind"))
    asked = opened.asked()
    if asked.next_page != PREVIEW:
        return redirect(step_address(plan, opened, asked.next_page))
    form = ConfirmForm()

    def act() -> None:
        small_numbers.look_again(form, asked.definition.labels)
        batch = imports.confirm(db.session, **by(), plan=plan, opened=opened, yes=form.yes)
        told = f"{batch.added:,} readings were added and {batch.corrected:,} were corrected."
        flash(*told_with(told, plan, opened.measure.id))

    status = tried(form, act, lambda: 0) if form.is_submitted() else 200
    if status == DONE:
        return redirect(address("index", plan, opened.measure))
    if status == CONFLICT:
        db.session.rollback()
    found = import_files.preview(db.session, opened, actor=current_person(), now=now())
    form.ask(found)
    lists = Lists(asked, found)
    html = page_of("preview", plan, opened, form, asked=asked, preview=found, **told(lists))
    return html, status


@blueprint.get(f"/files/<uuid:file_id>/preview/<any({_LISTS}):which>")
@requires(Action.ADD_READING, load=the_plan)
@on_file
def listed(plan: PlanRow, opened: Opened, which: str) -> Answer:
    """Show every row of a file to which the same would happen, page by page."""
    asked = opened.asked() if opened.row.layout else None
    if asked is None or asked.next_page != PREVIEW:
        return redirect(step_address(plan, opened, PREVIEW))
    found = import_files.preview(db.session, opened, actor=current_person(), now=now())
    lists = Lists(asked, found)
    total = lists.counts[which]
    number, pages = paged(request.args.get("page", type=int), total, PAGE_SIZE)
    return page_of(
        "listed",
        plan,
        opened,
        Form(),
        list=KINDS[which],
        which=which,
        total=total,
        rows=lists.rows(which, (number - 1) * PAGE_SIZE, PAGE_SIZE),
        number=number,
        pages=pages,
    )


@blueprint.route("/<uuid:batch_id>/undo", methods=["GET", "POST"])
@requires(Action.ADD_READING, load=the_plan)
def undo(plan: PlanRow, measure_id: UUID, batch_id: UUID) -> Answer:
    """Take an import back, unless later corrections build on it."""
    measure = measure_of(plan, measure_id)
    batch = queries.batch_of(db.session, measure, batch_id)
    if batch is None:
        raise NotFound("There is no such import.")
    page, form = PlanPage(db.session, plan), Form()

    def act() -> None:
        imports.undo(db.session, **by(), plan=plan, measure_id=measure_id, batch_id=batch_id)

    version = db.session.get_one(MeasureVersionRow, batch.version_id)
    definition = measure_queries.definition_of(version)
    schedule = measure_queries.schedule_of(measure)
    written_by, built_on = (
        queries.written_by(db.session, batch),
        queries.built_on(db.session, batch),
    )
    return planned(
        "imports/undo",
        page,
        form,
        act,
        "The import was undone. What it corrected counts again.",
        to=address("index", plan, measure),
        measure=measure,
        batch=batch,
        undone=queries.is_undone(db.session, batch),
        built_on=built_on.count,
        left=left_in_words(imports.left_larger(db.session, batch), definition, schedule),
        later=written(built_on, definition, schedule),
        lines=written(written_by, definition, schedule),
    )


_MAKE: dict[str, Callable[[Asked], Form]] = {
    COLUMNS: forms.columns_form,
    ROWS: forms.rows_form,
    GROUPS: forms.groups_form,
}
_READ: dict[str, Callable[[Form, Asked], Layout]] = {
    COLUMNS: forms.columns_said,
    ROWS: forms.rows_said,
    GROUPS: forms.groups_said,
}
_CHECK: dict[str, Callable[[Asked], Iterable[Problem]]] = {
    COLUMNS: column_problems,
    ROWS: row_problems,
    GROUPS: group_problems,
}


def _step(name: str, plan: PlanRow, opened: Opened) -> Answer:
    """Ask one page of questions; what is said is kept, and the next open page follows."""
    if not opened.row.layout:
        return redirect(step_address(plan, opened, "kind"))
    asked = opened.asked()
    if name not in asked.pages:
        return redirect(step_address(plan, opened, asked.next_page))
    form, status = _MAKE[name](asked), 200
    if form.is_submitted():
        said = asked
        if form.validate():
            said = opened.asked(_READ[name](form, asked))
            form.refuse(_CHECK[name](said))
        status = 422 if form.problems else DONE
        if status == DONE:
            said = import_files.say(
                db.session, actor=current_person(), now=now(), opened=opened, layout=said.given
            )
            return redirect(step_address(plan, opened, said.next_page))
    return page_of(name, plan, opened, form, asked=asked), status


def _sent() -> UploadForm:
    """Read the posted file, or say that it is too large."""
    request.max_content_length = MOST_BYTES + _AROUND
    try:
        csrf.protect()
        form = UploadForm()
        large = len(form.file.data or b"") > MOST_BYTES
    except RequestEntityTooLarge:
        form, large = UploadForm(formdata=None), True
    if large:
        form.file.refuse(_TOO_LARGE)
    return form


def _kept(plan: PlanRow, measure: MeasureRow, form: UploadForm) -> UUID | None:
    """Keep the file; what is wrong with it goes beside the box it was chosen in."""
    found: list[UUID] = []

    def act() -> None:
        sent = Sent(form.file.file_name, form.file.data)
        row = import_files.send(db.session, **by(), plan=plan, measure_id=measure.id, sent=sent)
        found.append(row.id)

    tried(form, act, lambda: 0)
    return found[0] if found else None

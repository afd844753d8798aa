"""Pages of the risks and issues of a plan."""

from uuid import UUID

from flask import Blueprint, render_template, url_for

from eqia.domain.errors import NotFound
from eqia.domain.permissions import Action
from eqia.domain.plans import ActionStatus
from eqia.domain.risks import RISK_LABELS, SCORE_WORDS, RiskStatus, is_high, score, score_words
from eqia.persistence.queries import gathered
from eqia.persistence.queries import risks as queries
from eqia.persistence.tables.plan_parts import RiskRow
from eqia.persistence.tables.plans import PlanRow
from eqia.services import risks as services
from eqia.web.access import requires
from eqia.web.acts import by, one_use
from eqia.web.extensions import db
from eqia.web.forms.risks import CloseForm, RiskForm, VersionForm, risk_form
from eqia.web.plan_pages import Answer, PlanPage, planned, the_plan

blueprint = Blueprint("risks", __name__, url_prefix="/plans/<uuid:plan_id>/risks")


@blueprint.get("")
@requires(Action.READ_PLAN, load=the_plan)
def index(plan: PlanRow) -> str:
    """List the risks and issues, the open ones first and the highest of them first."""
    rows = queries.of_plan(db.session, plan)
    open_rows = [row for row in rows if row.status == RiskStatus.OPEN]
    actions = {row.id: row for row in gathered.actions(db.session, plan)}
    return render_template(
        "risks/index.html",
        page=PlanPage(db.session, plan),
        open_rows=open_rows,
        closed_rows=rows[len(open_rows) :],
        high=sum(is_high(score(row.likelihood, row.impact)) for row in open_rows),
        actions=actions,
        kinds=RISK_LABELS,
        score=score,
        score_words=score_words,
        explained=SCORE_WORDS,
    )


@blueprint.route("/new", methods=["GET", "POST"])
@requires(Action.EDIT_PLAN, load=the_plan)
def new(plan: PlanRow) -> Answer:
    """Add a risk or an issue."""
    page, form = PlanPage(db.session, plan), _form(plan)
    form.token.data = one_use(form.token.data)

    def act() -> None:
        services.add(db.session, **by(), plan=plan, risk=form.risk, token=form.token.data or "")

    return planned("risks/new", page, form, act, "It was added.", to=_list(plan))


@blueprint.route("/<uuid:risk_id>", methods=["GET", "POST"])
@requires(Action.EDIT_PLAN, load=the_plan)
def edit(plan: PlanRow, risk_id: UUID) -> Answer:
    """Change a risk or an issue."""
    page, row = PlanPage(db.session, plan), _row(plan, risk_id)
    form = _form(plan, row)

    def act() -> None:
        services.change(
            db.session,
            **by(),
            plan=plan,
            risk_id=risk_id,
            version=form.version.data,
            risk=form.risk,
        )

    said = "It was changed."
    return planned("risks/edit", page, form, act, said, to=_list(plan), newest=row.version)


@blueprint.route("/<uuid:risk_id>/close", methods=["GET", "POST"])
@requires(Action.EDIT_PLAN, load=the_plan)
def close(plan: PlanRow, risk_id: UUID) -> Answer:
    """Close a risk, with why."""
    page, row = PlanPage(db.session, plan), _row(plan, risk_id)
    form = CloseForm(data={"version": row.version})

    def act() -> None:
        services.close(
            db.session,
            **by(),
            plan=plan,
            risk_id=risk_id,
            version=form.version.data,
            why=form.why.data or "",
        )

    said = "It was closed."
    return planned(
        "risks/close", page, form, act, said, to=_list(plan), newest=row.version, row=row
    )


@blueprint.post("/<uuid:risk_id>/reopen")
@requires(Action.EDIT_PLAN, load=the_plan)
def reopen(plan: PlanRow, risk_id: UUID) -> Answer:
    """Open a closed risk again."""
    page, row = PlanPage(db.session, plan), _row(plan, risk_id)
    form = VersionForm()

    def act() -> None:
        services.reopen(db.session, **by(), plan=plan, risk_id=risk_id, version=form.version.data)

    said = "It is open again."
    return planned(
        "risks/reopen", page, form, act, said, to=_list(plan), newest=row.version, row=row
    )


def _row(plan: PlanRow, risk_id: UUID) -> RiskRow:
    row = queries.get(db.session, plan, risk_id)
    if row is None:
        raise NotFound("There is no such risk in this plan.")
    return row


def _form(plan: PlanRow, row: RiskRow | None = None) -> RiskForm:
    """Offer the groups of the question set and the actions that count, and what is chosen now."""
    groups = queries.groups(db.session, plan)
    if row is not None and row.group_id:
        groups.setdefault(row.group_id, row.group_label)
    linked = row.action_id if row is not None else None
    actions = {
        str(one.id): one.title.splitlines()[0][:200]
        for one in gathered.actions(db.session, plan)
        if one.status != ActionStatus.CANCELLED or one.id == linked
    }
    return risk_form(groups, actions, row)


def _list(plan: PlanRow) -> str:
    return url_for("risks.index", plan_id=plan.id)

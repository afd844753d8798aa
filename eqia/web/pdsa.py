"""Pages of the PDSA cycles of a plan."""

from uuid import UUID

from flask import Blueprint, render_template, url_for

from eqia.domain.errors import NotFound
from eqia.domain.pdsa import CYCLE_LABELS
from eqia.domain.permissions import Action
from eqia.persistence.queries import gathered
from eqia.persistence.queries import pdsa as queries
from eqia.persistence.tables.plans import PlanRow
from eqia.services import pdsa as services
from eqia.web.access import requires
from eqia.web.acts import by, one_use
from eqia.web.extensions import db
from eqia.web.forms.pdsa import cycle_form
from eqia.web.plan_pages import Answer, PlanPage, planned, the_plan

blueprint = Blueprint("pdsa", __name__, url_prefix="/plans/<uuid:plan_id>/pdsa")


@blueprint.get("")
@requires(Action.READ_PLAN, load=the_plan)
def index(plan: PlanRow) -> str:
    """Show every cycle, the newest first."""
    return render_template(
        "pdsa/index.html",
        page=PlanPage(db.session, plan),
        cycles=queries.of_plan(db.session, plan),
        measures=queries.measures(db.session, plan),
        decisions=CYCLE_LABELS,
    )


@blueprint.route("/new", methods=["GET", "POST"])
@requires(Action.EDIT_PLAN, load=the_plan)
def new(plan: PlanRow) -> Answer:
    """Begin a cycle."""
    page, form = PlanPage(db.session, plan), cycle_form(_measures(plan))
    form.token.data = one_use(form.token.data)

    def act() -> None:
        services.begin(db.session, **by(), plan=plan, cycle=form.cycle, token=form.token.data or "")

    return planned("pdsa/new", page, form, act, "The cycle was added.", to=_list(plan))


@blueprint.route("/<uuid:cycle_id>", methods=["GET", "POST"])
@requires(Action.EDIT_PLAN, load=the_plan)
def edit(plan: PlanRow, cycle_id: UUID) -> Answer:
    """Write down more of a cycle, or what it ended in."""
    row = queries.get(db.session, plan, cycle_id)
    if row is None:
        raise NotFound("There is no such cycle in this plan.")
    links = queries.links(db.session, row)
    ticked = [str(one) for one, link in links.items() if link.live]
    page, form = PlanPage(db.session, plan), cycle_form(_measures(plan), row, ticked)

    def act() -> None:
        services.change(
            db.session,
            **by(),
            plan=plan,
            cycle_id=cycle_id,
            version=form.version.data,
            cycle=form.cycle,
        )

    said = "The cycle was changed."
    return planned("pdsa/edit", page, form, act, said, to=_list(plan), newest=row.version, row=row)


def _measures(plan: PlanRow) -> dict[str, str]:
    return {
        str(row.id): row.title.splitlines()[0][:200] for row in gathered.measures(db.session, plan)
    }


def _list(plan: PlanRow) -> str:
    return url_for("pdsa.index", plan_id=plan.id)

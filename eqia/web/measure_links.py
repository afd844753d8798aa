"""The page on which the link of a measure to an action is ended."""

from uuid import UUID

from flask import Blueprint, url_for

from eqia.domain.errors import NotFound
from eqia.domain.permissions import Action
from eqia.domain.texts import first_line
from eqia.persistence.queries import measures as queries
from eqia.persistence.tables.plans import PlanRow
from eqia.services import measure_links as services
from eqia.web.access import requires
from eqia.web.acts import by
from eqia.web.extensions import db
from eqia.web.forms.plans import WhyForm
from eqia.web.measure_pages import to_change
from eqia.web.plan_pages import Answer, planned, the_plan

blueprint = Blueprint("measure_links", __name__)


@blueprint.route(
    "/plans/<uuid:plan_id>/measures/<uuid:measure_id>/actions/<uuid:step_id>/unlink",
    methods=["GET", "POST"],
)
@requires(Action.EDIT_PLAN, load=the_plan)
def end(plan: PlanRow, measure_id: UUID, step_id: UUID) -> Answer:
    """End the link to an action that the measure does not show the effect of."""
    page, shown = to_change(plan, measure_id)
    linked = set(queries.actions_of(db.session, shown.row))
    row = next((one for one in page.rows.actions if one.id == step_id), None)
    if row is None or step_id not in linked:
        raise NotFound(services.NO_LINK)
    form = WhyForm()

    def act() -> None:
        services.unlink(
            db.session,
            **by(),
            plan=plan,
            measure_id=measure_id,
            action_id=step_id,
            reason=form.reason.data or "",
        )

    said = "The measure is not linked to the action any more."
    to = url_for("measures.edit", plan_id=plan.id, measure_id=measure_id)
    about = first_line(row.title)
    return planned("measures/unlink", page, form, act, said, to=to, shown=shown, about=about)

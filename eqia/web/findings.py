"""The page on which a team says how likely a finding is."""

from uuid import UUID

from flask import Blueprint

from eqia.domain.errors import Conflict, NotFound
from eqia.domain.permissions import Action
from eqia.persistence.queries import plans as queries
from eqia.persistence.tables.plans import PlanRow
from eqia.services import findings as services
from eqia.web.access import requires
from eqia.web.acts import by
from eqia.web.extensions import db
from eqia.web.forms.findings import LikelihoodForm
from eqia.web.plan_pages import Answer, PlanPage, planned, the_plan

blueprint = Blueprint("findings", __name__)


@blueprint.route(
    "/plans/<uuid:plan_id>/findings/<uuid:finding_id>/likelihood", methods=["GET", "POST"]
)
@requires(Action.EDIT_PLAN, load=the_plan)
def likelihood(plan: PlanRow, finding_id: UUID) -> Answer:
    """Say how likely it is that a finding comes about."""
    row = queries.finding(db.session, plan, finding_id)
    if row is None:
        raise NotFound("There is no such finding in this plan.")
    page = PlanPage(db.session, plan)
    form = LikelihoodForm(data={"likelihood": row.likelihood, "seen": row.likelihood})

    def act() -> None:
        try:
            services.judge_likelihood(
                db.session,
                **by(),
                plan=plan,
                row=row,
                likelihood=form.likelihood.data or "",
                seen=form.seen.data or "",
            )
        except Conflict:
            # Sent again after a look at what is there now, it counts.
            form.seen.data, form.seen.typed = row.likelihood, None
            raise

    said = "How likely it is was kept."
    return planned("findings/likelihood", page, form, act, said, row=row)

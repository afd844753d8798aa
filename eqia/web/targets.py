"""Pages on which a target of a measure is changed or given up, and what is told of targets."""

from dataclasses import replace
from uuid import UUID

from flask import Blueprint

from eqia.domain.errors import NotFound
from eqia.domain.measures import Target, target_words
from eqia.domain.permissions import Action
from eqia.persistence.queries import targets as queries
from eqia.persistence.queries.measures import Read
from eqia.persistence.queries.targets import Ended
from eqia.persistence.tables.plans import PlanRow
from eqia.services import targets as services
from eqia.web.access import requires
from eqia.web.acts import by
from eqia.web.extensions import db
from eqia.web.forms.targets import TargetEndForm, target_form
from eqia.web.measure_pages import address_of, to_change
from eqia.web.plan_pages import Answer, PlanPage, planned, the_plan

blueprint = Blueprint("targets", __name__, url_prefix="/plans/<uuid:plan_id>/measures")


@blueprint.route(
    "/<uuid:measure_id>/targets/<uuid:target_id>",
    methods=["GET", "POST"],
)
@requires(Action.EDIT_PLAN, load=the_plan)
def change(plan: PlanRow, measure_id: UUID, target_id: UUID) -> Answer:
    """Put another target in the place of one; the one before stays told."""
    page, shown, before = _target(plan, measure_id, target_id)
    if shown.view.definition is None:
        raise NotFound(services.NO_SUCH)
    form = target_form(shown.view.definition, before)

    def act() -> None:
        services.change_target(
            db.session,
            **by(),
            plan=plan,
            measure_id=measure_id,
            change=services.Change(target_id, form.target, form.reason.data or ""),
        )

    said, to = "The target was changed.", address_of(plan, measure_id)
    return planned("measures/change_target", page, form, act, said, to=to, shown=shown)


@blueprint.route(
    "/<uuid:measure_id>/targets/<uuid:target_id>/remove",
    methods=["GET", "POST"],
)
@requires(Action.EDIT_PLAN, load=the_plan)
def remove(plan: PlanRow, measure_id: UUID, target_id: UUID) -> Answer:
    """Give a target up; it stays told."""
    page, shown, before = _target(plan, measure_id, target_id)
    form = TargetEndForm()

    def act() -> None:
        services.remove_target(
            db.session,
            **by(),
            plan=plan,
            measure_id=measure_id,
            target_id=target_id,
            reason=form.reason.data or "",
        )

    said, to = "The target was removed.", address_of(plan, measure_id)
    told = target_words(shown.view.definition, before) if shown.view.definition else ""
    return planned("measures/remove_target", page, form, act, said, to=to, shown=shown, told=told)


def held(page: PlanPage, shown: Read) -> list[tuple[UUID, Target]]:
    """List the targets that hold, as far as a reader may know what was said of them."""
    found = queries.standing(db.session, shown.version) if shown.version else ()
    return [(one, _written(page, target)) for one, target in found]


def ended(page: PlanPage, shown: Read) -> list[Ended]:
    """List those that were changed or given up, with the reasons."""
    found = queries.ended(db.session, shown.version) if shown.version else ()
    return [
        replace(one, target=_written(page, one.target), reason=page.written(one.reason))
        for one in found
    ]


def _target(plan: PlanRow, measure_id: UUID, target_id: UUID) -> tuple[PlanPage, Read, Target]:
    """Find a target of the definition in force, whether it holds or not."""
    page, shown = to_change(plan, measure_id)
    row = queries.get(db.session, shown.version, target_id) if shown.version else None
    if row is None:
        raise NotFound(services.NO_SUCH)
    return page, shown, queries.value_of(row)


def _written(page: PlanPage, target: Target) -> Target:
    return replace(target, source=page.written(target.source))

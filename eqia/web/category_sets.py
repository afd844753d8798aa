"""Pages of the sets of groups: the standard ones, and those the organisation defines."""

from flask import Blueprint, flash, redirect, render_template, request, url_for

from eqia.domain.categories import load_category_sets
from eqia.domain.errors import NotFound
from eqia.domain.permissions import Action
from eqia.domain.question_set_loading import load_question_sets
from eqia.domain.questions import text_in
from eqia.persistence.queries import category_sets as queries
from eqia.persistence.queries import organisations
from eqia.persistence.tables.category_sets import CategorySetRow
from eqia.services import category_sets as services
from eqia.web.access import requires
from eqia.web.acts import DONE, by, one_use, tried
from eqia.web.clock import today
from eqia.web.extensions import db
from eqia.web.forms.category_sets import category_set_form
from eqia.web.plan_pages import Answer

blueprint = Blueprint("category_sets", __name__, url_prefix="/organisation/category-sets")


@blueprint.get("")
@requires(Action.ADMINISTER)
def index() -> str:
    """List every set of groups a measure can be split by."""
    return render_template(
        "category_sets/index.html",
        own=queries.rows(db.session),
        bundled=sorted(load_category_sets().values(), key=lambda one: (one.label, one.edition)),
        groups=_groups(),
        today=today(),
    )


@blueprint.route("/new", methods=["GET", "POST"])
@requires(Action.ADMINISTER)
def new() -> Answer:
    """Define a set of groups, or another edition of one."""
    before = _before()
    form = category_set_form(_groups(), before)
    form.token.data = one_use(form.token.data)

    def act() -> None:
        services.define(
            db.session,
            **by(),
            wanted=form.own_set,
            code=before.code if before else "",
            token=form.token.data or "",
        )

    status = tried(form, act, lambda: 0) if form.is_submitted() else 200
    if status == DONE:
        flash("The set of groups can be used now.", "success")
        return redirect(url_for("category_sets.index"))
    return render_template("category_sets/new.html", form=form, before=before), status


def _before() -> CategorySetRow | None:
    """Find the set whose next edition is asked for."""
    code = request.args.get("of", "")
    if not code:
        return None
    found = queries.editions(db.session, code[:40])
    if not found:
        raise NotFound(services.NO_SUCH)
    return found[0]


def _groups() -> dict[str, str]:
    """Name the groups screenings ask about: those of every question set, and local ones."""
    asked = {
        group.id: text_in(group.label)
        for question_set in load_question_sets().values()
        for group_list in question_set.groups
        for group in group_list.groups
    }
    local = {row.code: row.label for row in organisations.local_groups(db.session)}
    return dict(sorted((asked | local).items(), key=lambda pair: pair[1]))

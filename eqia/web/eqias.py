"""Pages about the full EqIA of a screening and what happens after it."""

from collections.abc import Callable
from uuid import UUID

from flask import Blueprint, render_template
from werkzeug.wrappers import Response

from eqia.domain.eqias import EQIA_LABELS, FOLLOW_UP_LABELS, FollowUpKind
from eqia.domain.errors import NotFound
from eqia.domain.permissions import Action
from eqia.persistence.queries import eqias as queries
from eqia.persistence.queries import screenings
from eqia.persistence.queries.flags import trigger_label
from eqia.persistence.tables.screenings import ScreeningRow
from eqia.services import eqias as services
from eqia.web.access import requires
from eqia.web.acts import Page, acted, by
from eqia.web.clock import today
from eqia.web.extensions import db
from eqia.web.forms.eqias import (
    CloseForm,
    DoneForm,
    EqiaForm,
    StatedDateForm,
    follow_up_form,
)
from eqia.web.loaders import the_screening
from eqia.web.review_pages import ReviewPage

blueprint = Blueprint("eqias", __name__, url_prefix="/screenings/<uuid:screening_id>/eqia")

HERE = "eqias.show"


@blueprint.get("")
@requires(Action.READ_SCREENING, load=the_screening)
def show(screening: ScreeningRow) -> str:
    """Show the full EqIA, what was decided and logged, and what is still to find out."""
    page = ReviewPage(db.session, screening)
    return render_template(
        "eqias/show.html",
        page=page,
        statuses=EQIA_LABELS,
        kinds=FOLLOW_UP_LABELS,
        triggers=_triggers(page),
        today=today(),
    )


@blueprint.route("/edit", methods=["GET", "POST"])
@requires(Action.EDIT_EQIA, load=the_screening)
def edit(screening: ScreeningRow) -> Page | Response:
    """Say where the full EqIA is kept and how far it has come."""
    page = ReviewPage(db.session, screening)
    form = EqiaForm(obj=page.eqia)
    if not form.is_submitted() and page.eqia is None:
        form.version.data = 0

    def act() -> None:
        services.update(db.session, **by(), screening=screening, kept=form.kept)

    said = "The EqIA's details were saved."
    return acted("eqias/edit", page, form, act, said, to=HERE, newest=_version_of(screening))


@blueprint.route("/approve", methods=["GET", "POST"])
@requires(Action.APPROVE_EQIA, load=the_screening)
def approve(screening: ScreeningRow) -> Page:
    """Mark the full EqIA approved today."""
    page = ReviewPage(db.session, screening)
    form = DoneForm(obj=page.eqia)

    def act() -> None:
        services.approve(db.session, **by(), screening=screening)

    return acted("eqias/approve", page, form, act, "The EqIA is marked approved.", to=HERE)


@blueprint.route("/stated-date", methods=["GET", "POST"])
@requires(Action.EDIT_EQIA, load=the_screening)
def state_date(screening: ScreeningRow) -> Page:
    """State that the EqIA was approved on an earlier day."""
    page = ReviewPage(db.session, screening)
    form = StatedDateForm()

    def act() -> None:
        services.state_date(
            db.session,
            **by(),
            screening=screening,
            stated_date=form.stated_date.data,
            document=form.document.data,
            reason=form.reason.data,
        )

    said = "A reviewer has to accept this date before it counts."
    return acted("eqias/state_date", page, form, act, said, to=HERE)


@blueprint.route("/accept-date", methods=["GET", "POST"])
@requires(Action.ACCEPT_STATED_DATE, load=the_screening)
def accept_date(screening: ScreeningRow) -> Page:
    """Accept the earlier day that somebody stated."""
    page = ReviewPage(db.session, screening)
    if page.eqia is None or page.eqia.stated_date is None:
        raise NotFound("Nobody has stated an earlier date.")
    form = DoneForm(obj=page.eqia)

    def act() -> None:
        services.accept_stated_date(
            db.session, **by(), screening=screening, version=form.version.data
        )

    said, newest = "The earlier date counts now.", _version_of(screening)
    return acted("eqias/accept_date", page, form, act, said, to=HERE, newest=newest)


@blueprint.route("/log/<kind>", methods=["GET", "POST"])
@requires(Action.LOG_FOLLOW_UP, load=the_screening)
def log(screening: ScreeningRow, kind: str) -> Page:
    """Log a decision taken, a review held or a reason for another look."""
    if kind not in set(FollowUpKind):
        raise NotFound("There is nothing of this kind to log.")
    what = FollowUpKind(kind)
    page = ReviewPage(db.session, screening)
    versions = screenings.versions(db.session, screening.reference)
    form = follow_up_form(
        what,
        triggers=_triggers(page),
        versions={str(one.number): f"Version {one.number}" for one in versions},
    )

    def act() -> None:
        services.log_follow_up(
            db.session, **by(), screening=screening, follow_up=form.follow_up(what)
        )

    title = FOLLOW_UP_LABELS[what]
    return acted("eqias/log", page, form, act, "It was logged.", to=HERE, title=title)


@blueprint.route("/actions/<uuid:action_id>", methods=["GET", "POST"])
@requires(Action.CLOSE_EVIDENCE_ACTION, load=the_screening)
def close_action(screening: ScreeningRow, action_id: UUID) -> Page:
    """Close something to find out, with what was found."""
    action = queries.evidence_action(db.session, screening, action_id)
    if action is None:
        raise NotFound("There is nothing like this to find out for this screening.")
    page = ReviewPage(db.session, screening)
    form = CloseForm()

    def act() -> None:
        services.close_evidence_action(
            db.session,
            **by(),
            screening=screening,
            action_id=action_id,
            finding=form.finding.data,
        )

    said = "What you found out was kept."
    return acted("eqias/close_action", page, form, act, said, to=HERE, action=action)


def _version_of(screening: ScreeningRow) -> Callable[[], int]:
    def newest() -> int:
        row = queries.of_screening(db.session, screening)
        return row.version if row else 0

    return newest


def _triggers(page: ReviewPage) -> dict[str, str]:
    return {code: trigger_label(page.asked, code) for code in page.asked.review.triggers}

"""Pages of reviewers: the queue, the review page and each act on it."""

from dataclasses import replace
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request
from werkzeug.wrappers import Response

from eqia.domain.errors import NotFound
from eqia.domain.flags import FLAG_LABELS
from eqia.domain.people import Role
from eqia.domain.permissions import Action, can
from eqia.domain.question_set_loading import load_question_sets
from eqia.domain.register import outcomes_of
from eqia.domain.reviews import REVIEW_LABELS, barring_rules, higher_outcomes, lower_outcomes
from eqia.domain.screenings import Status
from eqia.persistence.queries import people
from eqia.persistence.queries import reviews as queries
from eqia.persistence.tables.screenings import ScreeningRow
from eqia.services import reviews as services
from eqia.web.access import current_person, requires
from eqia.web.acts import GENERAL, Page, acted, back, by, counts_once, one_use
from eqia.web.clock import now, today
from eqia.web.extensions import db
from eqia.web.forms.reviews import (
    STAGES,
    WHOSE,
    AgreeForm,
    CommentForm,
    ConfirmForm,
    ProposeForm,
    QueueSearch,
    RaiseForm,
    ReassignForm,
    ReplyForm,
    ReturnForm,
    outcome_choices,
)
from eqia.web.loaders import the_screening
from eqia.web.paging import paged
from eqia.web.review_pages import ReviewPage

blueprint = Blueprint("reviews", __name__)

ONE = "/screenings/<uuid:screening_id>/review"


@blueprint.get("/reviews")
@requires(Action.SEE_QUEUE)
def index() -> str:
    """Show what waits for reviewers and approvers, overdue first."""
    outcomes = outcomes_of(load_question_sets().values())
    search = QueueSearch.of(request.args, outcomes.labels, _first_look())
    wanted = search.filter_for(current_person().id)
    total = queries.queue_length(db.session, wanted, today())
    page, pages = paged(search.page, total, queries.PAGE_SIZE)
    return render_template(
        "reviews/index.html",
        lines=queries.queue(db.session, replace(wanted, page=page), today()),
        total=total,
        page=page,
        pages=pages,
        search=search,
        outcomes=outcomes,
        stages=STAGES,
        whose=WHOSE,
        flag_labels=FLAG_LABELS,
        today=today(),
    )


@blueprint.get(ONE)
@requires(Action.READ_SCREENING, load=the_screening)
def show(screening: ScreeningRow) -> str:
    """Show a screening as its reviewer, its approver and its team read it."""
    page = ReviewPage(db.session, screening)
    return render_template("reviews/show.html", page=page, acts=REVIEW_LABELS, today=today())


@blueprint.post(f"{ONE}/claim")
@requires(Action.CLAIM, load=the_screening)
def claim(screening: ScreeningRow) -> Response:
    """Take it as its reviewer."""
    services.claim(db.session, **by(), screening=screening)
    flash("You are now the reviewer of this screening.", "success")
    return redirect(back(screening))


@blueprint.route(f"{ONE}/reassign", methods=["GET", "POST"])
@requires(Action.CLAIM, load=the_screening)
def reassign(screening: ScreeningRow) -> Page:
    """Hand it to another reviewer."""
    page = ReviewPage(db.session, screening)
    form = ReassignForm()
    form.reviewer.choices = _reviewers(page)

    def act() -> None:
        services.reassign(db.session, **by(), screening=screening, reviewer_id=form.reviewer_id)

    return acted("reviews/reassign", page, form, act, "The screening was handed over.")


@blueprint.route(f"{ONE}/comment", methods=["GET", "POST"])
@requires(Action.COMMENT, load=the_screening)
def comment(screening: ScreeningRow) -> Page:
    """Comment on one answer, or on the whole."""
    page = ReviewPage(db.session, screening)
    form = CommentForm()
    if not form.is_submitted() and not form.question.data:
        form.question.data = request.args.get("question", "")
        form.group.data = request.args.get("group", "")
    question, group = form.question.data or "", form.group.data or ""
    line = page.sheet.lines().get((question, group))
    if question and line is None:
        raise NotFound("There is no such question in this screening.")

    def act() -> None:
        services.comment(
            db.session,
            **by(),
            screening=screening,
            question=question,
            group=group,
            body=form.body.data,
        )

    anchor = line.anchor if line else GENERAL
    return acted(
        "reviews/comment", page, form, act, "Your comment was added.", anchor=anchor, line=line
    )


@blueprint.route(f"{ONE}/comments/<uuid:comment_id>/reply", methods=["GET", "POST"])
@requires(Action.REPLY, load=the_screening)
def reply(screening: ScreeningRow, comment_id: UUID) -> Page:
    """Reply to a comment."""
    page = ReviewPage(db.session, screening)
    to = queries.comment(db.session, comment_id)
    if to is None or to.screening_id != screening.id:
        raise NotFound("There is no such comment on this screening.")
    form = ReplyForm()

    def act() -> None:
        services.reply(
            db.session, **by(), screening=screening, comment_id=comment_id, body=form.body.data
        )

    line = page.sheet.lines().get((to.question, to.group_id))
    anchor = line.anchor if line else GENERAL
    said = "Your reply was added."
    return acted("reviews/reply", page, form, act, said, anchor=anchor, line=line, answered=to)


@blueprint.route(f"{ONE}/return", methods=["GET", "POST"])
@requires(Action.RETURN, load=the_screening)
def send_back(screening: ScreeningRow) -> Page:
    """Return it to its team."""
    form = ReturnForm(obj=screening)

    def act() -> None:
        services.send_back(
            db.session,
            **by(),
            screening=screening,
            reason=form.reason.data,
            due=form.due.data,
            version=form.version.data,
        )

    page = ReviewPage(db.session, screening)
    return acted("reviews/send_back", page, form, act, "The screening was returned to its team.")


@blueprint.route(f"{ONE}/confirm", methods=["GET", "POST"])
@counts_once
@requires(Action.CONFIRM, load=the_screening)
def confirm(screening: ScreeningRow) -> Page:
    """Confirm the calculated outcome; a second click shows what the first one did."""
    form = ConfirmForm(obj=screening)
    form.token.data = one_use(form.token.data)

    def act() -> None:
        services.confirm(
            db.session,
            **by(),
            screening=screening,
            token=form.token.data or "",
            reason=form.reason.data or "",
            version=form.version.data,
        )

    page = ReviewPage(db.session, screening)
    return acted("reviews/confirm", page, form, act, "You confirmed the outcome.")


@blueprint.route(f"{ONE}/raise", methods=["GET", "POST"])
@requires(Action.RAISE, load=the_screening)
def raise_outcome(screening: ScreeningRow) -> Page:
    """Raise the outcome."""
    page = ReviewPage(db.session, screening)
    form = RaiseForm(obj=screening)
    higher = higher_outcomes(page.asked, screening.outcome_in_force)
    form.outcome.choices = outcome_choices(higher, page.language)

    def act() -> None:
        services.raise_outcome(
            db.session,
            **by(),
            screening=screening,
            outcome=form.outcome.data or "",
            reason=form.reason.data,
            version=form.version.data,
        )

    return acted(
        "reviews/raise_outcome", page, form, act, "You raised the outcome.", offered=higher
    )


@blueprint.route(f"{ONE}/propose", methods=["GET", "POST"])
@requires(Action.PROPOSE_LOWERING, load=the_screening)
def propose_lowering(screening: ScreeningRow) -> Page:
    """Propose a lower outcome, or learn why that is refused."""
    page = ReviewPage(db.session, screening)
    form = ProposeForm(obj=screening)
    lower = lower_outcomes(page.asked, screening.outcome_in_force)
    form.outcome.choices = outcome_choices(lower, page.language)
    barred = barring_rules(page.asked, services.matched_rules(screening))

    def act() -> None:
        services.propose_lowering(
            db.session,
            **by(),
            screening=screening,
            lowering=form.lowering,
            version=form.version.data,
        )

    said = "A second reviewer has to agree before the outcome is lower."
    return acted("reviews/propose_lowering", page, form, act, said, offered=lower, barred=barred)


@blueprint.route(f"{ONE}/agree", methods=["GET", "POST"])
@requires(Action.AGREE_LOWERING, load=the_screening)
def agree_lowering(screening: ScreeningRow) -> Page:
    """Agree a lower outcome that another reviewer proposed."""
    page = ReviewPage(db.session, screening)
    if page.proposal is None:
        raise NotFound("No lower outcome waits to be agreed.")
    form = AgreeForm(obj=screening)

    def act() -> None:
        services.agree_lowering(
            db.session,
            **by(),
            screening=screening,
            reason=form.reason.data,
            version=form.version.data,
        )

    return acted("reviews/agree_lowering", page, form, act, "You agreed the lower outcome.")


def _first_look() -> Status:
    """Where a person's own work waits: an approver who is no reviewer signs."""
    roles = current_person().roles
    signs = Role.APPROVER in roles and Role.REVIEWER not in roles
    return Status.REVIEWED if signs else Status.SUBMITTED


def _reviewers(page: ReviewPage) -> dict[str, str]:
    """Offer the reviewers who have no part in it."""
    rows = people.with_role(db.session, Role.REVIEWER, now())
    found = {row.id: people.with_grants(db.session, row, now()) for row in rows}
    return {
        str(person.id): person.name
        for person in found.values()
        if can(person, Action.CLAIM, page.thing) and person.id != page.screening.reviewer_id
    }

"""Pages of the approver and other decision-makers: read a version, then sign it."""

from http import HTTPStatus
from pathlib import Path

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for

from eqia.domain.permissions import Action
from eqia.domain.reviews import asks_for_measure, check_signable, review_day
from eqia.persistence.queries import reviews as queries
from eqia.persistence.tables.screenings import ScreeningRow
from eqia.services import reviews as services
from eqia.services.records import Printing
from eqia.services.sign_offs import is_after_decision
from eqia.web.access import allowed, current_person, requires
from eqia.web.acts import REVIEW, Page, acted, by, counts_once, one_use
from eqia.web.clock import today
from eqia.web.extensions import db
from eqia.web.forms.reviews import ReceiptForm, sign_form
from eqia.web.loaders import the_screening
from eqia.web.review_pages import ReviewPage
from eqia.web.verify import seals

blueprint = Blueprint("sign_offs", __name__, url_prefix="/screenings/<uuid:screening_id>/review")


@blueprint.route("/receipt", methods=["GET", "POST"])
@requires(Action.GIVE_RECEIPT, load=the_screening)
def receipt(screening: ScreeningRow) -> Page:
    """Read it, and say that you have."""
    page = ReviewPage(db.session, screening)
    form = ReceiptForm()
    form.read.choices = {"read": f"I have read version {screening.number} of {screening.reference}"}
    if not form.is_submitted():
        form.digest.data = screening.content_digest

    def act() -> None:
        digest = form.digest.data or ""
        services.give_receipt(db.session, **by(), screening=screening, digest=digest)

    given = queries.valid_receipt(db.session, screening, current_person().id)
    late = is_after_decision(db.session, screening, today())
    said = "Your receipt was kept."
    to = "sign_offs.sign" if allowed(Action.SIGN_OFF, page.thing) else REVIEW
    return acted("sign_offs/receipt", page, form, act, said, to=to, given=given, late=late)


@blueprint.route("/sign", methods=["GET", "POST"])
@counts_once
@requires(Action.SIGN_OFF, load=the_screening, reauth=True)
def sign(screening: ScreeningRow) -> Page:
    """Sign a reviewed screening; a second click shows what the first one did."""
    page = ReviewPage(db.session, screening)
    check_signable(page.asked, screening.confirmed_outcome)
    if page.open_points:
        status = HTTPStatus.FORBIDDEN if request.method == "POST" else HTTPStatus.OK
        return render_template("sign_offs/not_yet.html", page=page), status
    if queries.valid_receipt(db.session, screening, current_person().id) is None:
        flash("Read this version and say so. Then you can sign it.", "notice")
        return redirect(url_for("sign_offs.receipt", screening_id=screening.id))
    form = sign_form(
        page.asked,
        page.language,
        measure=asks_for_measure(page.asked, page.answers, screening.confirmed_outcome),
        review_date=review_day(page.asked, page.answers) is None,
    )
    if not form.is_submitted():
        form.digest.data = screening.content_digest
    form.token.data = one_use(form.token.data)

    def act() -> None:
        services.sign_off(
            db.session,
            **by(),
            screening=screening,
            signing=form.signing,
            token=form.token.data or "",
            printing=_printing(screening),
        )

    return acted(
        "sign_offs/sign", page, form, act, "You signed this screening. Its record is kept."
    )


def _printing(screening: ScreeningRow) -> Printing:
    settings = current_app.config["EQIA_SETTINGS"]
    return Printing(
        address=f"{request.url_root}records/{screening.id}",
        font_folder=Path(settings.font_folder) if settings.font_folder else None,
        production=settings.production,
        seals=seals(),
        verify_address=url_for("verify.index", _external=True),
    )

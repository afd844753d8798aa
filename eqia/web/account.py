"""Signing in and out, and what people can see and change of their own account."""

from uuid import UUID

from flask import Blueprint, flash, make_response, redirect, render_template, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from eqia.domain.errors import Invalid, NotFound
from eqia.domain.permissions import Action
from eqia.persistence.queries import organisations, people
from eqia.persistence.tables.people import InvitationRow
from eqia.services import accounts, invitations
from eqia.web import kept, sessions
from eqia.web.access import context, current_person, public, requires
from eqia.web.clock import now
from eqia.web.extensions import db
from eqia.web.forms.account import (
    ConfirmForm,
    FirstAdministratorForm,
    InvitationForm,
    PasswordForm,
    SignInForm,
)

blueprint = Blueprint("account", __name__)

Answer = str | Response | tuple[str, int]


@blueprint.route("/account/sign-in", methods=["GET", "POST"])
@public
def sign_in() -> Answer:
    """Sign in, and go on to the page that was asked for, with what was typed on it."""
    form = SignInForm()
    if not form.is_submitted():
        form.next.data = request.args.get("next", "")
        return _sign_in_page(form)
    if not form.validate():
        return _sign_in_page(form), 422
    try:
        token = accounts.sign_in(
            db.session,
            now=now(),
            email=form.email.data,
            password=form.password.data,
            browser=sessions.browser(),
            passwords=sessions.passwords(),
        )
    except accounts.TooManyTries as refusal:
        return _slow_down(form, refusal)
    except Invalid as refusal:
        form.refuse(refusal.problems)
        return _sign_in_page(form), 422
    return _go_on(token, form.next.data)


@blueprint.post("/account/sign-out")
@public
def sign_out() -> Response:
    """End this session."""
    signed_in = sessions.signed_in()
    if signed_in is not None:
        accounts.sign_out(
            db.session,
            actor=signed_in.person,
            now=now(),
            session_id=signed_in.row.id,
            context=context(),
        )
    sessions.forget()
    flash("You have signed out.")
    return redirect(url_for("account.sign_in"))


@blueprint.get("/account")
@requires(Action.MANAGE_OWN_ACCOUNT)
def show() -> str:
    """Show who you are here, and where you are signed in."""
    person = current_person()
    since = now() - sessions.limits().idle
    return render_template(
        "account/show.html",
        person=person,
        rows=people.sessions_of(db.session, person.id, since),
        this=sessions.current_row().id,
        idle_minutes=sessions.settings().idle_minutes,
    )


@blueprint.post("/account/sessions/<uuid:session_id>/end")
@requires(Action.MANAGE_OWN_ACCOUNT)
def end_session(session_id: UUID) -> Response:
    """End one of your sessions, on another device or this one."""
    this_one = sessions.current_row().id == session_id
    accounts.sign_out(
        db.session, actor=current_person(), now=now(), session_id=session_id, context=context()
    )
    if this_one:
        sessions.forget()
    flash("The session has ended.", "success")
    return redirect(url_for("account.sign_in" if this_one else "account.show"))


@blueprint.route("/account/password", methods=["GET", "POST"])
@requires(Action.MANAGE_OWN_ACCOUNT, reauth=True)
def password() -> Answer:
    """Change your password; every other session of yours ends."""
    form = PasswordForm()
    if form.is_submitted():
        if form.validate():
            try:
                return _change_password(form)
            except Invalid as refusal:
                form.refuse(refusal.problems)
        return render_template("account/password.html", form=form), 422
    return render_template("account/password.html", form=form)


@blueprint.route("/account/confirm", methods=["GET", "POST"])
@requires(Action.MANAGE_OWN_ACCOUNT)
def confirm() -> Answer:
    """Prove again who you are before something that counts."""
    form = ConfirmForm()
    if not form.is_submitted():
        form.next.data = request.args.get("next", "")
        return render_template("account/confirm.html", form=form)
    if not form.validate():
        return render_template("account/confirm.html", form=form), 422
    try:
        token = accounts.confirm_identity(
            db.session,
            actor=current_person(),
            now=now(),
            session_id=sessions.current_row().id,
            password=form.password.data,
            passwords=sessions.passwords(),
            browser=sessions.browser(),
            context=context(),
        )
    except accounts.TooManyTries as refusal:
        form.form_errors.append(refusal.message)
        return render_template("account/confirm.html", form=form), 429
    except Invalid as refusal:
        form.refuse(refusal.problems)
        return render_template("account/confirm.html", form=form), 422
    sessions.remember(token)
    return redirect(kept.safe_address(form.next.data))


@blueprint.route("/account/invitation/<token>", methods=["GET", "POST"])
@public
def invitation(token: str) -> Answer:
    """Use a one-time link: make your account, or set a new password."""
    try:
        row = invitations.open_invitation(db.session, token=token, now=now())
    except NotFound as refusal:
        return render_template("account/link_gone.html", message=refusal.message), 404
    form = _invitation_form(row)
    if form.is_submitted():
        if form.validate():
            try:
                return _accept(row, form, token)
            except Invalid as refusal:
                form.refuse(refusal.problems)
        return _invitation_page(row, form), 422
    return _invitation_page(row, form)


@blueprint.get("/accessibility")
@public
def accessibility() -> str:
    """Say how accessible the service is, and what was and was not checked."""
    host = organisations.host(db.session)
    return render_template("account/accessibility.html", mailbox=host.role_mailbox if host else "")


def _sign_in_page(form: SignInForm) -> str:
    return render_template(
        "account/sign_in.html", form=form, carried=kept.carried(), session_ended=False
    )


def _slow_down(form: SignInForm, refusal: accounts.TooManyTries) -> Response:
    form.form_errors.append(refusal.message)
    return make_response(_sign_in_page(form), 429, {"Retry-After": str(refusal.seconds)})


def _go_on(token: str, target: str | None) -> Response:
    sessions.remember(token)
    carried = kept.carried()
    address = kept.safe_address(target)
    if carried and current_user.is_authenticated:
        address = kept.keep(current_person().id, address, carried)
    return redirect(address)


def _change_password(form: PasswordForm) -> Response:
    host = organisations.host(db.session)
    token = accounts.change_password(
        db.session,
        actor=current_person(),
        now=now(),
        session_id=sessions.current_row().id,
        password=form.password.data,
        passwords=sessions.passwords(),
        words=(host.name,) if host else (),
        context=context(),
    )
    sessions.remember(token)
    flash("Your password has changed. You are signed out everywhere else.", "success")
    return redirect(url_for("account.show"))


def _invitation_form(row: InvitationRow) -> InvitationForm | PasswordForm:
    if row.kind == invitations.RESET:
        return PasswordForm()
    if row.kind == invitations.FIRST_ADMINISTRATOR:
        return FirstAdministratorForm()
    return InvitationForm(data={"name": row.name})


def _invitation_page(row: InvitationRow, form: InvitationForm | PasswordForm) -> str:
    return render_template("account/invitation.html", form=form, invited=row)


def _accept(row: InvitationRow, form: InvitationForm | PasswordForm, token: str) -> Response:
    given = form.data
    session_token = invitations.accept(
        db.session,
        now=now(),
        token=token,
        account=invitations.NewAccount(
            name=given.get("name") or row.name,
            email=given.get("email") or row.email,
            password=given["password"],
            job_title=given.get("job_title") or "",
            organisation=given.get("organisation") or "",
        ),
        passwords=sessions.passwords(),
        browser=sessions.browser(),
    )
    sessions.remember(session_token)
    flash("You are signed in. Welcome.")
    return redirect(url_for("start.home"))

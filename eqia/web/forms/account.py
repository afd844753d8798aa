"""The forms with which people sign in and look after their account."""

from eqia.web.forms.fields import EmailField, Form, HiddenField, PasswordField, TextField

_HINT = (
    "Use 12 characters or more. Three random words work well. You can paste it from a password"
    " manager."
)


class SignInForm(Form):
    """Who you are, and where to go on to."""

    email = EmailField("Email address", autocomplete="username", needed="Enter your email address")
    password = PasswordField(
        "Password", autocomplete="current-password", needed="Enter your password"
    )
    next = HiddenField()


class ConfirmForm(Form):
    """Your password again."""

    password = PasswordField(
        "Password", autocomplete="current-password", needed="Enter your password"
    )
    next = HiddenField()


class PasswordForm(Form):
    """A new password."""

    password = PasswordField(
        "New password",
        hint=_HINT,
        autocomplete="new-password",
        needed="Enter a new password",
    )


def _chosen_password() -> PasswordField:
    return PasswordField(
        "Password", hint=_HINT, autocomplete="new-password", needed="Enter a password"
    )


class InvitationForm(Form):
    """Your name and password, from an invitation."""

    name = TextField(
        "Your name",
        hint="As it should stand on the record.",
        autocomplete="name",
        limit=200,
        called="Your name",
        needed="Enter your name",
    )
    job_title = TextField(
        "Your job title", autocomplete="organization-title", limit=200, called="Your job title"
    )
    password = _chosen_password()


class FirstAdministratorForm(InvitationForm):
    """What an empty service must know first."""

    email = EmailField(
        "Your email address",
        hint="You sign in with it.",
        autocomplete="email",
        limit=254,
        called="Your email address",
        needed="Enter your email address",
    )
    organisation = TextField(
        "Your organisation's name",
        hint="It stands at the top of every page. You can change it later.",
        autocomplete="organization",
        limit=200,
        called="The name",
        needed="Enter your organisation's name",
    )
    # Once more, so that it is asked last.
    password = _chosen_password()

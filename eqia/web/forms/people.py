"""The forms about people and their roles."""

from datetime import UTC, date, datetime, time, timedelta

from eqia.domain.days import LONDON
from eqia.domain.people import Role
from eqia.web.forms.fields import (
    CheckboxesField,
    DayField,
    EmailField,
    Form,
    RadiosField,
    TextField,
    choice,
)

ROLE_LABELS = {
    Role.REVIEWER: "Reviewer",
    Role.APPROVER: "Approver",
    Role.AUDITOR: "Auditor",
    Role.ADMINISTRATOR: "Administrator",
}
_HINTS = {
    Role.REVIEWER: "Reads every screening, comments, returns and confirms outcomes",
    Role.APPROVER: "Reads and signs what was reviewed",
    Role.AUDITOR: "Reads everything and the event log, and changes nothing",
    Role.ADMINISTRATOR: "Looks after people and settings, and reads no more than anyone",
}
ROLES = tuple(choice(role.value, ROLE_LABELS[role], hint=_HINTS[role]) for role in Role)


class InviteForm(Form):
    """Whom to invite, and as what."""

    name = TextField("Name", limit=200, called="The name", needed="Enter their name")
    email = EmailField(
        "Email address",
        hint="They sign in with it.",
        limit=254,
        called="The address",
        needed="Enter their email address",
    )
    roles = CheckboxesField(
        "Roles for the whole organisation",
        hint="People on a project team need none.",
        choices=ROLES,
    )


class GrantForm(Form):
    """A role for somebody, for a time or for good."""

    role = RadiosField("Role", choices=ROLES, needed="Choose a role")
    from_day = DayField("From", hint="Leave it empty to start now.", called="The start")
    until_day = DayField("Until the end of", hint="Leave it empty for no end.", called="The end")


def start_of(day: date | None) -> datetime | None:
    """Give the moment a day begins in the United Kingdom."""
    return datetime.combine(day, time(), LONDON).astimezone(UTC) if day else None


def end_of(day: date | None) -> datetime | None:
    """Give the moment a day is over in the United Kingdom."""
    return start_of(day + timedelta(days=1)) if day else None

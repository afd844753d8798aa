"""The forms about the organisation."""

from eqia.web.forms.fields import (
    EmailField,
    Form,
    HiddenField,
    NumberField,
    RadiosField,
    SelectField,
    TextField,
    VersionField,
)

#: whether the equality gate only warns, or holds up what comes after it
GATE_CHOICES = {
    "warn": "They warn, and stop nothing",
    "enforce": "Until they are settled, the items on spread cannot be answered and the plan cannot"
    " be closed",
}


class OrganisationForm(Form):
    """The organisation's name, looks and settings."""

    name = TextField("Name", limit=200, called="The name", needed="Enter the organisation's name")
    logo_text = TextField(
        "Short name for the header",
        hint="It stands at the top of every page. Leave it empty to use the full name.",
        limit=60,
        called="The short name",
    )
    colour = TextField(
        "Header colour",
        hint="As # and six letters or digits, like #0f4c4f. White letters must be easy to read on"
        " it. Leave it empty for the usual colour.",
        limit=7,
        called="The colour",
        classes="govuk-input--width-10",
    )
    role_mailbox = EmailField(
        "Shared mailbox",
        hint="Printed on records and at the foot of every page.",
        limit=254,
        called="The address",
    )
    retention_years = NumberField(
        "How many years are records kept?",
        hint="After that they are listed for review. Nothing is deleted by itself.",
        called="How many years records are kept",
        needed="Enter a number of years",
        classes="govuk-input--width-3",
    )
    stale_months = NumberField(
        "After how many months is a signed screening stale?",
        called="The number of months",
        needed="Enter a number of months",
        classes="govuk-input--width-3",
    )
    grace_days = NumberField(
        "How many days after its due date is a reading overdue?",
        hint="0 means on the day after. The time it takes to get figures is set for each measure.",
        called="The number of days",
        needed="Enter a number of days",
        classes="govuk-input--width-3",
    )
    question_set_id = SelectField(
        "Questions used unless a project chooses others", needed="Choose the questions"
    )
    equality_gate = RadiosField(
        "What do the equality items of the readiness checklist do?",
        hint="They are answered from the screening and the plan. Nobody can tick them.",
        choices=GATE_CHOICES,
        needed="Choose what the equality items do",
    )
    version = VersionField()


class BodyForm(Form):
    """A body that may decide with you."""

    name = TextField(
        "Name of the organisation", limit=200, called="The name", needed="Enter its name"
    )


class LocalGroupForm(Form):
    """A group you want asked about."""

    label = TextField(
        "Name of the group",
        hint="For example: people who live in the most deprived areas.",
        limit=200,
        called="The name",
        needed="Enter the group's name",
    )


class EntryForm(Form):
    """Take an entry off a list, or put it back."""

    act = HiddenField()

"""The forms about a project and its people."""

from collections.abc import Mapping

from eqia.domain.people import MemberRole
from eqia.domain.projects import Project
from eqia.persistence.queries.projects import facts_of
from eqia.persistence.tables.projects import ProjectRow
from eqia.web.forms.fields import (
    ButtonsField,
    CheckboxesField,
    DayField,
    EmailField,
    Form,
    HiddenField,
    IdField,
    LongTextField,
    NumberField,
    SelectField,
    TextField,
    VersionField,
)


class ProjectForm(Form):
    """What a project is: only the title is needed to begin."""

    title = TextField(
        "Project title", limit=200, called="The title", needed="Enter a title for the project"
    )
    summary = LongTextField(
        "What is the project about?", hint="Two or three plain sentences. Leave out names."
    )
    organisations = TextField(
        "Which organisations carry it out?", limit=400, called="The organisations"
    )
    question_set_id = SelectField()
    start_date = DayField(
        "When does the change start?", hint="Your best estimate is fine.", called="The start date"
    )
    end_date = DayField(
        "When does it end?",
        hint="Leave it empty if it goes on for good.",
        called="The end date",
    )
    decision_date = DayField(
        "When will it be decided?",
        hint="Screen before this day, while you can still change the plan.",
        called="The decision date",
    )
    sites = LongTextField("Where does it happen?", hint="Sites, wards, areas.")
    supplier = LongTextField(
        "Is there a supplier or a device?", hint="Name the product and version."
    )
    groups_served = LongTextField("Who is it for?", hint="The people served, in plain words.")
    people_a_year = NumberField(
        "About how many people a year?",
        called="The number of people a year",
        classes="govuk-input--width-10",
    )
    bodies = CheckboxesField()
    version = VersionField()
    token = HiddenField()


class MemberForm(Form):
    """Whom to invite to write with you."""

    name = TextField("Name", limit=200, needed="Enter their name", autocomplete="off")
    email = EmailField(
        "Work email address", limit=254, needed="Enter their email address", autocomplete="off"
    )


class PersonForm(Form):
    """Which member an act is about, and what to do."""

    person = IdField(needed="Choose somebody who is in the project")
    act = ButtonsField(
        "What do you want to do?",
        choices={"lead": "Make them the lead", "leave": "Take them out of the project"},
        needed="Choose what to do",
    )


def project_form(
    *, bodies: Mapping[str, str], sets: Mapping[str, str], row: ProjectRow | None = None
) -> ProjectForm:
    """Make the form with the organisation's own bodies and the question sets there are."""
    known_bodies = {**dict.fromkeys(row.bodies if row else ()), **bodies}
    labels = {code: label or code for code, label in known_bodies.items()}

    class Offered(ProjectForm):
        """The form with what can be chosen, which has to be known before a post is read."""

        question_set_id = SelectField(
            "Which questions fit?",
            hint="Choose the nation and service whose duty applies.",
            needed="Choose which questions fit",
            choices=sets,
            blank="Choose one",
        )
        bodies = CheckboxesField(
            "Which organisations decide?",
            hint="Each one keeps its own equality duty, and records its own view.",
            choices=labels,
        )

    return Offered(obj=row)


def project_from(form: ProjectForm) -> Project:
    """Read a valid form as a project."""
    return Project(
        title=form.title.data,
        summary=form.summary.data or "",
        organisations=form.organisations.data or "",
        question_set_id=form.question_set_id.data,
        start_date=form.start_date.data,
        end_date=form.end_date.data,
        decision_date=form.decision_date.data,
        sites=form.sites.data or "",
        supplier=form.supplier.data or "",
        groups_served=form.groups_served.data or "",
        people_a_year=form.people_a_year.data,
        bodies=tuple(form.bodies.data or ()),
    )


def member_words(role: MemberRole) -> str:
    """Say what somebody is in the project."""
    return {MemberRole.LEAD: "Lead", MemberRole.MEMBER: "Member"}[role]


def differences(form: ProjectForm, row: ProjectRow) -> list[tuple[str, str, str]]:
    """List what the form would change: label, what stands now, what was typed."""
    labels = {field.name: str(field.label.text) for field in form}
    saved, typed = facts_of(row).snapshot(), project_from(form).snapshot()
    return [
        (labels.get(name, name), _words(saved[name]), _words(typed[name]))
        for name in typed
        if saved[name] != typed[name]
    ]


def _words(value: object) -> str:
    if isinstance(value, list):
        return ", ".join(map(str, value)) or "Nothing"
    return str(value) if value not in {None, ""} else "Nothing"

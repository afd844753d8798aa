"""The form for one source of evidence."""

from collections.abc import Mapping

from eqia.domain.evidence import LONGEST_LINK, LONGEST_TITLE, Source, fingerprint
from eqia.domain.questions import QuestionSet, text_in
from eqia.web.forms.fields import (
    CheckboxesField,
    DayField,
    Form,
    HiddenField,
    LongTextField,
    RadiosField,
    TextField,
)

#: prefix of the fields that hold the groups of one list each
GROUPS = "groups."


class SourceForm(Form):
    """One source: what it is, when, whom it covers and where to find it."""

    kind: RadiosField
    title = TextField(
        "What is it called?",
        hint="For example, “Waiting list figures by age and sex, 2025”.",
        limit=LONGEST_TITLE,
        called="The title",
        needed="Enter the title of the source",
    )
    dated = DayField("What is its date? (optional)", called="The date of the source")
    link = TextField(
        "Where can people find it? (optional)",
        hint="A web address, or a reference such as a file name or a minute number.",
        limit=LONGEST_LINK,
        called="The link",
    )
    token = HiddenField()
    seen = HiddenField()
    note = LongTextField(
        "What does it show, and what did it record? (optional)",
        hint="Say if it recorded sex or gender identity: they are two different things. "
        "Leave out anything that could point at one person.",
    )


def source_form(
    asked: QuestionSet,
    language: str,
    kinds: Mapping[str, str],
    *,
    source: Source | None = None,
    token: str = "",
) -> SourceForm:
    """Build the form with the set's groups, list by list; none is ticked beforehand."""
    fields: dict[str, object] = {
        "kind": RadiosField(
            "What kind of source is it?", choices=kinds, needed="Choose what kind of source it is"
        )
    }
    for one in asked.groups:
        label = text_in(one.label, language)
        choices = {group.id: text_in(group.label, language) for group in one.groups}
        fields[GROUPS + one.id] = CheckboxesField(
            f"Which groups does it cover? {label}", choices=choices
        )
    kind = type("SourceForm", (SourceForm,), fields)
    form: SourceForm = kind(data=_values(asked, source) if source else {"token": token})
    return form


def _values(asked: QuestionSet, source: Source) -> dict[str, object]:
    groups = {GROUPS + one.id: source.groups for one in asked.groups}
    return {
        "kind": source.kind,
        "title": source.title,
        "dated": source.dated,
        "link": source.link,
        "note": source.note,
        "seen": fingerprint(source),
        **groups,
    }


def source_from(form: SourceForm) -> Source:
    """Read a valid form as a source."""
    ticked = (group for box in form if box.name.startswith(GROUPS) for group in box.data or ())
    return Source(
        kind=form.kind.data or "",
        title=form.title.data or "",
        groups=tuple(dict.fromkeys(ticked)),
        dated=form.dated.data,
        link=form.link.data or "",
        note=form.note.data or "",
    )

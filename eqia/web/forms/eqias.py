"""Forms about the full EqIA and what happens after a screening."""

from __future__ import annotations

from typing import TYPE_CHECKING

from eqia.domain.eqias import EQIA_LABELS, EqiaStatus, FollowUpKind
from eqia.services.eqias import FollowUp, Kept
from eqia.web.forms.fields import (
    DayField,
    Form,
    LongTextField,
    RadiosField,
    SelectField,
    TextField,
    VersionField,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

HINT = "For example, 30 11 2026"


class EqiaForm(Form):
    """Where the full EqIA is kept and how far it has come."""

    reference = TextField("Its reference (optional)", limit=100, called="The reference")
    link = TextField(
        "Where it is kept",
        hint="A web address that starts with https://",
        limit=2000,
        called="The address",
    )
    status = RadiosField(
        "How far has it come?",
        choices={one.value: EQIA_LABELS[one] for one in EqiaStatus if one != "approved"},
        hint="Only an approver who is not one of the authors can mark it approved.",
        needed="Choose how far it has come",
    )
    version = VersionField()

    @property
    def kept(self) -> Kept:
        """What the form says."""
        texts = (self.reference.data or "", self.link.data or "", self.status.data or "")
        return Kept(*texts, version=self.version.data)


class StatedDateForm(Form):
    """An earlier day on which the EqIA was approved."""

    stated_date = DayField(
        "When was it approved?",
        hint=HINT,
        called="The day it was approved",
        needed="Enter the day the EqIA was approved",
    )
    document = TextField(
        "Which document shows this?",
        hint="Such as the minutes, and where to find them.",
        limit=2000,
        called="The document",
        needed="Say which document shows the date, and where it is",
    )
    reason = LongTextField(
        "Why was it not marked approved on the day?",
        needed="Say why it was not marked approved on the day",
    )


class DoneForm(Form):
    """One button, and the version it was made against."""

    version = VersionField()


class FollowUpForm(Form):
    """What happened after a screening was sent."""

    on_date = DayField("When did it happen?", hint=HINT, called="The day")
    trigger = RadiosField("What happened?")
    body = TextField("Who took the decision?", limit=200, hint="Such as the board's name.")
    version_read = SelectField(
        "Which version had they read?", blank="None, or not known", called="The version"
    )
    link = TextField(
        "Where are the minutes? (optional)",
        hint="A web address that starts with https://",
        limit=2000,
        called="The address",
    )
    note = LongTextField("In a sentence or two, what was found or what happened?")

    def follow_up(self, kind: FollowUpKind) -> FollowUp:
        """Give what is to be logged."""
        texts = {name: self[name].data or "" for name in _TEXTS if name in self}
        read = self["version_read"].data if "version_read" in self else ""
        return FollowUp(kind, self.on_date.data, version_read=int(read) if read else None, **texts)


_TEXTS = ("trigger", "body", "link", "note")
#: which fields each kind leaves out
_LEFT_OUT: Mapping[FollowUpKind, tuple[str, ...]] = {
    FollowUpKind.DECISION: ("trigger",),
    FollowUpKind.REVIEW: ("trigger", "body", "version_read"),
    FollowUpKind.TRIGGER: ("body", "version_read", "link"),
}


def follow_up_form(
    kind: FollowUpKind, *, triggers: Mapping[str, str], versions: Mapping[str, str]
) -> FollowUpForm:
    """Make the form for one kind of entry."""
    form = FollowUpForm()
    form.trigger.choices = triggers
    form.version_read.choices = versions
    for name in _LEFT_OUT[kind]:
        del form[name]
    return form


class CloseForm(Form):
    """What was found out."""

    finding = LongTextField("What did you find out?", needed="Say what you found out")

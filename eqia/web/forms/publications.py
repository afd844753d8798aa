"""Forms around public copies: what is published, why one is taken down, and another look."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from eqia.domain.publication_choices import LONGEST_REASON
from eqia.domain.publications import Choice, Decided, Why
from eqia.services.look_requests import LONGEST_CONTACT, LONGEST_REQUEST
from eqia.web.forms.fields import Form, HiddenField, LongTextField, RadiosField, TextField
from eqia.web.wording import marked

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from eqia.domain.publications import Part

_PUBLISH, _NAMES = "publish", "names"
REASON = "-reason"
_PUBLISH_IT, _ANOTHER = Markup("Publish “{}”?"), Markup("Another reason to withhold “{}”")
#: what can be done with a part; nothing is chosen for anybody
CHOICES: Mapping[str, str] = {
    _PUBLISH: "Publish it",
    Why.SMALL: "Suppress it: small numbers could point at a person",
    Why.PERSON: "Withhold it: it could point at a person",
    Why.CONFIDENTIAL: "Withhold it: it is confidential",
    Why.OTHER: "Withhold it for another reason, which you give",
}


class PublishForm(Form):
    """Every part of a record with a choice of its own, and names or roles."""

    names = RadiosField(
        "Names of people",
        choices={"roles": "Leave names out: give roles", _NAMES: "Give names and job titles"},
        needed="Choose if names are given",
    )
    token = HiddenField()

    def decided_about(self, parts: Iterable[Part]) -> Decided:
        """Give what was decided; a part nobody chose about has no choice."""
        choices = {
            part.id: _choice(self[part.id].data, self[part.id + REASON].data or "")
            for part in parts
            if self[part.id].data in CHOICES
        }
        return Decided(choices, names=self.names.data == _NAMES)

    @property
    def given(self) -> list[tuple[str, str]]:
        """List every box with what stands in it, to be sent again from the preview."""
        boxes = (field for field in self if isinstance(field, RadiosField | TextField))
        return [(one.name, one.data) for one in boxes if one.data]


def publish_form(parts: Iterable[Part], language: str) -> PublishForm:
    """Build the form of one record; its parts are named in its language."""
    fields: dict[str, Any] = {}
    for part in parts:
        label = part.labels[0]
        named = marked(language, label)
        # Sent with some answer missing, the form says at which part.
        fields[part.id] = RadiosField(
            _PUBLISH_IT.format(named), choices=CHOICES, needed=f"Choose what to do with “{label}”"
        )
        fields[part.id + REASON] = TextField(
            _ANOTHER.format(named),
            limit=LONGEST_REASON,
        )
    kind = type("PublishForm", (PublishForm,), fields)
    form: PublishForm = kind()
    if not form.is_submitted() and not form.names.data:
        form.names.data = "roles"
    return form


def _choice(code: str, reason: str) -> Choice:
    if code == _PUBLISH:
        return Choice()
    return Choice(Why(code), reason.strip() if code == Why.OTHER else "")


class UnpublishForm(Form):
    """Take a public copy down."""

    reason = LongTextField(
        "Why do you take it down?",
        hint="Only people who are signed in can read this.",
        needed="Say why it is taken down",
    )


class LookForm(Form):
    """Ask for another look at a published record; anyone may, and nobody signs in."""

    class Meta(Form.Meta):
        """Nobody's rights are used, so there is nothing to forge, and no cookie is needed."""

        csrf = False

    wrong = LongTextField(
        "What do you think is wrong or missing?",
        hint="Say which part you mean. Leave out details about your own or anybody's health.",
        limit=LONGEST_REQUEST,
        called="What you tell us",
        needed="Say what you think is wrong",
    )
    contact = TextField(
        "How can we reach you? (optional)",
        hint="An email address or a phone number, if you would like an answer.",
        limit=LONGEST_CONTACT,
        called="How we can reach you",
    )
    token = HiddenField()


class AnswerForm(Form):
    """Answer a request for another look."""

    answer = LongTextField(
        "Your answer",
        hint="Say what you looked at and what happens now. Everybody signed in can read it.",
        needed="Enter your answer",
    )

"""The small forms around the questions: start, complete, stop, send, withdraw, next version."""

from collections.abc import Mapping
from typing import Any

from eqia.web.forms.fields import (
    CheckboxesField,
    Form,
    HiddenField,
    LongTextField,
    RadiosField,
    VersionField,
)

LANGUAGES: Mapping[str, str] = {"en": "English", "cy": "Cymraeg (Welsh)"}


class StartForm(Form):
    """In which language the questions are asked, where there is a choice."""

    language = RadiosField("Which language do you want to answer in?")
    token = HiddenField()

    def offer(self, languages: tuple[str, ...]) -> None:
        """Offer the languages a set is written in; one alone needs no question."""
        box = self["language"]
        box.choices = {code: LANGUAGES.get(code, code) for code in languages}
        self._only = languages[0] if len(languages) == 1 else ""
        box.needed = "" if self._only else "Choose a language"

    @property
    def chosen(self) -> str:
        """The language to ask in."""
        return self._only or self["language"].data or ""


class SectionForm(Form):
    """Whether a section is completed."""

    completed = RadiosField()

    def __init__(self, **values: Any) -> None:
        super().__init__(**values)
        box = self["completed"]
        box.label.text, box.needed = self.say("completed"), self.say("completed_needed")
        box.choices = {one: self.say(f"completed_{one}") for one in ("yes", "no")}

    def holds(self, missing: int) -> bool:
        """Whether it is sent and may be taken: a section with blanks is not completed."""
        if not self.validate_on_submit():
            return False
        if self["completed"].data == "yes" and missing:
            self["completed"].refuse(self.say("not_completed", missing))
        return not self.problems


class SubmitForm(Form):
    """Send the screening to review, once."""

    confirm = CheckboxesField()
    token = HiddenField()
    version = VersionField()

    def ask_to_confirm(self, *, newer: bool) -> None:
        """Ask for the carried-over answers only where there are any."""
        if newer:
            box = self["confirm"]
            box.label.text, box.needed = self.say("carried_over"), self.say("carried_needed")
            box.choices = {"yes": self.say("carried_yes")}
        else:
            del self["confirm"]


class ReasonForm(Form):
    """Why: for an act that stays on file with its reason."""

    reason = LongTextField()

    def __init__(self, **values: Any) -> None:
        super().__init__(**values)
        box = self["reason"]
        box.label.text, box.needed = self.say("why_question"), self.say("why_needed")


class NewVersionForm(Form):
    """What has changed since a screening was signed."""

    summary = LongTextField()
    sections = CheckboxesField()
    token = HiddenField()

    def __init__(self, **values: Any) -> None:
        super().__init__(**values)
        for name in ("summary", "sections"):
            box = self[name]
            box.label.text, box.hint = self.say(f"new_{name}"), self.say(f"new_{name}_hint")
        self["summary"].needed = self.say("new_summary_needed")

    def offer(self, sections: Mapping[str, str]) -> None:
        """Offer the parts of the form."""
        self["sections"].choices = sections

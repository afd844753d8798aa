"""The small forms around the questions: start, complete, stop, send, withdraw, next version."""

from collections.abc import Mapping

from eqia.web.forms.fields import (
    CheckboxesField,
    Form,
    HiddenField,
    LongTextField,
    RadiosField,
    VersionField,
)
from eqia.web.wording import say

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

    completed = RadiosField(
        "Have you completed this section?",
        choices={"yes": "Yes, I have completed it", "no": "No, I will come back to it"},
        needed="Say whether you have completed this section",
    )

    def word(self, language: str) -> "SectionForm":
        """Ask in the screening's language."""
        box = self["completed"]
        box.label.text = say(language, "completed")
        box.choices = {one: say(language, f"completed_{one}") for one in ("yes", "no")}
        return self

    def holds(self, language: str, missing: int) -> bool:
        """Whether it is sent and may be taken: a section with blanks is not completed."""
        if not self.validate_on_submit():
            return False
        if self["completed"].data == "yes" and missing:
            self["completed"].refuse(say(language, "not_completed", missing))
        return not self.problems


class SubmitForm(Form):
    """Send the screening to review, once."""

    confirm = CheckboxesField(
        "Answers carried over",
        choices={"yes": "We checked the answers carried over, and they still hold"},
    )
    token = HiddenField()
    version = VersionField()

    def ask_to_confirm(self, *, newer: bool) -> None:
        """Ask for the carried-over answers only where there are any."""
        if newer:
            self["confirm"].needed = "Confirm that the answers carried over still hold"
        else:
            del self["confirm"]


class ReasonForm(Form):
    """Why: for an act that stays on file with its reason."""

    reason = LongTextField("Why?", needed="Say why")


class NewVersionForm(Form):
    """What has changed since a screening was signed."""

    summary = LongTextField(
        "What has changed since it was signed?",
        hint="A few plain sentences. They are printed in the new record.",
        needed="Say what has changed",
    )
    sections = CheckboxesField(
        "Which parts does the change touch?",
        hint="Tick all that fit. The other answers are carried over for you to confirm.",
    )
    token = HiddenField()

    def offer(self, sections: Mapping[str, str]) -> None:
        """Offer the parts of the form."""
        self["sections"].choices = sections

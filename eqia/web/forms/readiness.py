"""Forms of the readiness checklist: one gate at a time, and what was done about a rule."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from flask import request

from eqia.domain.readiness import ANSWER_LABELS, NOTHING, Gate, Given, Part
from eqia.domain.readiness_facts import DeedKind
from eqia.services.readiness import Confirmed
from eqia.services.readiness_deeds import Told
from eqia.web.forms.fields import (
    DayField,
    Form,
    HiddenField,
    LongTextField,
    RadiosField,
    SelectField,
    TextField,
    VersionField,
)

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from eqia.domain.readiness_sheets import Sheet

#: the boxes of one part, each named `1-3-note`
BOXES = ("answer", "note", "for_whom", "link", "owner", "on")
#: the button beside a suggestion: `1-3:yes`
CONFIRM = "confirm"


class GateForm(Form):
    """The items of one gate that people answer."""

    seen = VersionField()

    def given(self, sheet: Sheet, gate: Gate) -> dict[str, Given]:
        """Read what was said about each part; a part that was not sent stays as it is."""
        return {
            part.id: self._given(part)
            for part in gate.parts
            if any(f"{part.key}-{box}" in request.form for box in BOXES)
            or (not sheet.reads_only(part) and self._was_sent(part))
        }

    @property
    def confirmed(self) -> Confirmed | None:
        """Tell which suggestion was confirmed, if one was."""
        if not self.pressed(CONFIRM):
            return None
        key, _, answer = request.form[CONFIRM].partition(":")
        return Confirmed(key.replace("-", "."), answer)

    def boxes(self, part: Part) -> Mapping[str, object]:
        """Give the fields of one part, for the page."""
        return {box: self[name] for box in BOXES if (name := f"{part.key}-{box}") in self}

    def _was_sent(self, part: Part) -> bool:
        return any(name.startswith(f"{part.key}-on-") for name in request.form)

    def _given(self, part: Part) -> Given:
        if f"{part.key}-answer" not in self:
            # What is answered from live data has no boxes: let the service refuse it.
            return Given(answer=request.form.get(f"{part.key}-answer", ""))
        return Given(
            answer=self._data(part, "answer"),
            note=self._data(part, "note"),
            for_whom=self._data(part, "for_whom"),
            link=self._data(part, "link"),
            owner=self._data(part, "owner"),
            on=self._day(part),
        )

    def _data(self, part: Part, box: str) -> str:
        name = f"{part.key}-{box}"
        return str(self[name].data or "") if name in self else ""

    def _day(self, part: Part) -> date | None:
        found: date | None = self[f"{part.key}-on"].data
        return found


def gate_form(sheet: Sheet, gate: Gate, seen: int, today: date) -> GateForm:
    """Make the form with a set of boxes for each part that people answer."""
    fields: dict[str, object] = {}
    values: dict[str, object] = {"seen": seen}
    for part in gate.parts:
        if sheet.reads_only(part):
            continue
        fields |= _boxes(part, sheet.checklist.say(part.text, today), _hint(sheet, part, today))
        given = sheet.given.get(part.id, NOTHING)
        values |= {f"{part.key}-{box}": getattr(given, box) for box in BOXES}
    form: GateForm = type("GateForm", (GateForm,), fields)(data=values)
    return form


def _hint(sheet: Sheet, part: Part, today: date) -> str:
    return sheet.checklist.say(part.help, today)


def _boxes(part: Part, text: str, hint: str) -> dict[str, object]:
    """Make the boxes of one part, each labelled with whose it is."""
    boxes: dict[str, object] = {
        "answer": RadiosField(f"{part.id} {text}", hint=hint, choices=ANSWER_LABELS),
        "note": LongTextField(f"What shows it? ({part.id}, optional)"),
    }
    if part.equality:
        boxes["for_whom"] = LongTextField(
            f"For whom? ({part.id})",
            hint="Name the groups it is true for, and those it is not true for.",
        )
    boxes |= {
        "link": TextField(f"Link ({part.id}, optional)", limit=2000, called="The link"),
        "owner": TextField(f"Who sees to it? ({part.id}, optional)", limit=200, called="The owner"),
        "on": DayField(f"By when, or since when? ({part.id}, optional)", called="The date"),
    }
    return {f"{part.key}-{box}": field for box, field in boxes.items()}


class ReplyForm(Form):
    """A reply to people who raised a worry."""

    on = DayField("When did you reply?", called="The day", needed="Enter the day of the reply")
    words = LongTextField(
        "What did you say, and to whom?",
        hint="Roles or groups are enough. Do not name people.",
        needed="Say what was said, and to whom",
    )
    token = HiddenField()

    @property
    def told(self) -> Told:
        """What was typed."""
        return Told(self.on.data, self.words.data or "")


class InvolvementForm(Form):
    """An action of the plan by which people were involved."""

    action = SelectField(
        "Which action was it?",
        hint="Only actions that are done are listed.",
        blank="Choose an action",
        needed="Choose the action by which they were involved",
    )
    words = LongTextField(
        "Who was involved, and what did you learn?",
        hint="Name the groups. Do not name people.",
        needed="Say who was involved, and what you learned",
    )
    token = HiddenField()

    @property
    def told(self) -> Told:
        """What was typed."""
        return Told(None, self.words.data or "", UUID(self.action.data))


def told_form(kind: DeedKind, done: Mapping[str, str]) -> ReplyForm | InvolvementForm:
    """Make the form for what a rule asks for, with the actions that are done."""
    if kind is DeedKind.REPLY:
        return ReplyForm()
    form = InvolvementForm()
    form.action.choices = done
    return form

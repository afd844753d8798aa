"""Forms of what a measure is compared with: its baseline, and the targets it is to reach."""

from __future__ import annotations

from eqia.domain.measures import (
    BASELINE_LABELS,
    TARGET_LABELS,
    Baseline,
    Definition,
    Shape,
    Target,
)
from eqia.web.forms.fields import (
    DayField,
    DecimalField,
    HiddenField,
    LongTextField,
    RadiosField,
    SelectField,
)
from eqia.web.small_numbers import KeptForGood

_SHORT = "govuk-input--width-5"


class BaselineForm(KeptForGood):
    """The periods a measure is compared with."""

    from_date = DayField("From which day?", called="The first day", needed="Enter the first day")
    to_date = DayField("To which day?", called="The last day", needed="Enter the last day")
    state = RadiosField("How firm is it?", choices=BASELINE_LABELS, needed="Choose how firm it is")
    note = LongTextField(
        "Anything to know about it? (optional)",
        hint="If there are no earlier figures, say why.",
    )
    #: the last day that was asked about, as it reaches into the change
    late = HiddenField()

    @property
    def sure(self) -> bool:
        """Whether the same last day was asked about before."""
        return bool(self.late.data) and self.late.data == str(self.to_date.data)

    def ask(self) -> None:
        """Take the same last day when it is sent again."""
        self.late.data, self.late.typed = str(self.to_date.data), None

    @property
    def baseline(self) -> Baseline:
        """What was typed, as a baseline."""
        return Baseline(
            self.from_date.data, self.to_date.data, self.state.data or "", self.note.data or ""
        )


class TargetForm(KeptForGood):
    """Where a measure should be; of one that is changed also why."""

    kind = RadiosField(
        "What is the target for?", choices=TARGET_LABELS, needed="Choose what the target is for"
    )
    member = SelectField("For whom?", blank="Everybody")
    value = DecimalField("The target", classes=_SHORT, needed="Enter the target")
    from_date = DayField(
        "From which day does it hold?", called="The first day", needed="Enter the first day"
    )
    to_date = DayField(
        "To which day does it hold?",
        hint="By then it is to be reached.",
        called="The last day",
        needed="Enter the last day",
    )
    source = LongTextField("Where does it come from? (optional)")
    reason = LongTextField("Why do you change it?", needed="Say why the target is changed")

    @property
    def target(self) -> Target:
        """What was typed, as a target."""
        return Target(
            self.member.data or "",
            self.kind.data or "",
            self.value.data,
            self.from_date.data,
            self.to_date.data,
            self.source.data or "",
        )


class TargetEndForm(KeptForGood):
    """Why a target is given up."""

    reason = LongTextField("Why do you remove it?", needed="Say why the target is removed")


def target_form(definition: Definition, before: Target | None = None) -> TargetForm:
    """Make the form with the measure's own groups, filled with the target that is changed."""
    form = TargetForm(obj=before)
    # Chosen from after the form is made, so that each question stays in its place.
    form.member.choices = {one.code: one.label for one in definition.members}
    if definition.shape == Shape.PROPORTION:
        form.value.hint = "A percentage, such as 10; for a ratio, such as 1.2."
    if before is None:
        del form["reason"]
    return form

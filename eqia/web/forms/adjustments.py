"""Forms of what people change on the charts of a measure."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from eqia.domain.adjustments import Adjustment, AdjustmentKind
from eqia.web.forms.fields import DayField, HiddenField, LongTextField, SelectField
from eqia.web.small_numbers import KeptForGood

if TYPE_CHECKING:
    from collections.abc import Mapping

    from eqia.domain.measures import Definition

#: every chart of the measure, and everybody together; no group has such a code
_EVERY, _EVERYBODY = "", "*"


class AdjustmentForm(KeptForGood):
    """A change to a chart: whose, from when, and why."""

    member = SelectField("On which chart?")
    on = SelectField("Which period?")
    reason = LongTextField("Why?", needed="Say why")
    token = HiddenField()

    def adjustment(self, kind: AdjustmentKind) -> Adjustment:
        """Read what was typed as an adjustment."""
        chosen = self.member.data or _EVERY
        member = None if chosen == _EVERY else "" if chosen == _EVERYBODY else chosen
        return Adjustment(kind.value, _day(self.on.data), member, self.reason.data or "")


class TakeBackForm(KeptForGood):
    """Why a change to a chart no longer stands."""

    reason = LongTextField("Why does it no longer stand?", needed="Say why it no longer stands")
    token = HiddenField()


def new_limits_form(
    definition: Definition, periods: Mapping[str, str], chosen: str
) -> AdjustmentForm:
    """Make the form of new limits, from one of the periods that were read."""
    return _made(
        {
            "member": SelectField(
                "On which chart?", choices=_charts(definition), blank="Every chart of this measure"
            ),
            "on": SelectField(
                "From which period on?",
                choices=periods,
                blank="Choose a period",
                needed="Choose a period",
            ),
            "reason": LongTextField(
                "Why do the old limits no longer hold?",
                hint="What changed in the way things are done. A shift in the figures alone is no"
                " reason.",
                needed="Say why the old limits no longer hold",
            ),
        },
        {"on": chosen},
    )


def set_aside_form(definition: Definition, periods: Mapping[str, str]) -> AdjustmentForm:
    """Make the form that sets one reading aside."""
    return _made(
        {
            "member": SelectField(
                "Whose reading is it?",
                choices=_charts(definition),
                blank="Choose everybody or a group",
                needed="Choose whose reading it is",
            ),
            "on": SelectField(
                "Which period?", choices=periods, blank="Choose a period", needed="Choose a period"
            ),
            "reason": LongTextField(
                "Why does it not count?",
                hint="Something known that will not come again, such as a flood. A figure that is"
                " wrong is corrected instead.",
                needed="Say why it does not count",
            ),
        }
    )


def note_form(definition: Definition) -> AdjustmentForm:
    """Make the form of a note on the time axis."""
    return _made(
        {
            "member": SelectField(
                "On which chart?", choices=_charts(definition), blank="Every chart of this measure"
            ),
            "on": DayField("On which day?", called="The day", needed="Enter the day"),
            "reason": LongTextField(
                "What happened?",
                hint="The first line stands on the chart.",
                needed="Say what happened",
            ),
        }
    )


def _made(fields: dict[str, object], values: dict[str, object] | None = None) -> AdjustmentForm:
    form: AdjustmentForm = type("AdjustmentForm", (AdjustmentForm,), fields)(data=values)
    return form


def _charts(definition: Definition) -> dict[str, str]:
    return {one.code or _EVERYBODY: one.label for one in definition.places}


def _day(typed: date | str | None) -> date:
    """Read the first day of a period from the list, or the day as it was typed."""
    return typed if isinstance(typed, date) else date.fromisoformat(typed or "")

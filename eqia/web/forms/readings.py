"""The form of the readings of one period: everybody together, then each group."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from eqia.domain.measures import IN_PARTS, Definition, Member, Shape
from eqia.domain.periods import Period, period_name
from eqia.domain.readings import COUNTED, STATE_LABELS, Figure, ReadingState
from eqia.services.readings import Entry
from eqia.web.forms.fields import (
    DecimalField,
    HiddenField,
    LongTextField,
    NumberField,
    SelectField,
)
from eqia.web.small_numbers import HINT, KeptForGood

if TYPE_CHECKING:
    from collections.abc import Mapping

    from eqia.persistence.tables.measures import ReadingRow

_SHORT = "govuk-input--width-5"
EARLY = "Why do the figures differ from the early ones? (optional)"
#: names of the fields of one member's figure: how many, out of how many, or why not
FIGURE, OF, STATE = "figure.", "of.", "state."


class ReadingsForm(KeptForGood):
    """The readings of one period: everybody together, then each group."""

    why = LongTextField(
        "Why are figures corrected?",
        hint="Say it if you change a figure that was entered before.",
    )
    comment = LongTextField("Anything to know about these figures? (optional)", hint=HINT)
    seen = HiddenField()
    agreed = HiddenField()
    #: whether the figures as they are were asked about
    asks = False

    def entry(self, definition: Definition, period: Period) -> Entry:
        """Read what was typed as the readings of a period."""
        return Entry(
            period,
            self._figures(definition),
            self.comment.data or "",
            seen=self.seen.data or "",
            why=(self.why.data or "") if "why" in self else "",
            agreed=self.agreed.data or "",
        )

    def ask(self, mark: str) -> None:
        """Take the same figures as they are when they are sent again."""
        self.agreed.data, self.agreed.typed, self.asks = mark, None, True

    def _figures(self, definition: Definition) -> tuple[Figure, ...]:
        """Read what was typed, member by member."""
        return tuple(self._figure(definition, one.code) for one in definition.places)

    def _figure(self, definition: Definition, member: str) -> Figure:
        typed = self[FIGURE + member].data
        below = self[OF + member].data if OF + member in self else None
        state = self[STATE + member].data or ReadingState.FINAL.value
        if definition.shape == Shape.MEAN:
            return Figure(member, None, None, typed, state)
        return Figure(member, typed, below, None, state)


def readings_form(
    definition: Definition, period: Period, held: Mapping[str, ReadingRow], seen: str
) -> ReadingsForm:
    """Make the form with a box for every group, filled with what is there already."""
    fields: dict[str, object] = {}
    values: dict[str, object] = {"seen": seen}
    for one in definition.places:
        fields |= _boxes(definition, one, period_name(period))
        row = held.get(one.code)
        if row is not None:
            values[FIGURE + one.code] = _plain(
                row.value if definition.shape == Shape.MEAN else row.numerator
            )
            values[OF + one.code] = row.denominator
            values[STATE + one.code] = "" if row.state in COUNTED else row.state
    kind = type("ReadingsForm", (ReadingsForm,), fields)
    form: ReadingsForm = kind(data=values)
    if not held:
        del form["why"]
    elif all(row.state == ReadingState.PROVISIONAL for row in held.values()):
        form["why"].label.text = EARLY
    return form


def _plain(value: Decimal | int | None) -> object:
    return str(value) if isinstance(value, Decimal) else value


def _boxes(definition: Definition, member: Member, when: str) -> dict[str, object]:
    """Make the boxes of one member, each labelled with whose it is, and told so in its messages."""
    whose = f"{member.label}, {when}:"
    number = DecimalField if definition.shape == Shape.MEAN else NumberField
    counted = "Average" if definition.shape == Shape.MEAN else "How many"
    why = {
        state.value: STATE_LABELS[state]
        for state in (
            ReadingState.MASKED,
            ReadingState.NOT_COLLECTED,
            ReadingState.NOT_APPLICABLE,
        )
    }
    boxes: dict[str, object] = {
        FIGURE + member.code: number(
            f"{counted}: {member.label}", classes=_SHORT, called=f"{whose} {counted.lower()}"
        )
    }
    if definition.shape in IN_PARTS:
        boxes[OF + member.code] = NumberField(
            f"Out of how many: {member.label}", classes=_SHORT, called=f"{whose} out of how many"
        )
    boxes[STATE + member.code] = SelectField(
        f"If there is no figure, why: {member.label}", choices=why, blank="There is a figure"
    )
    return boxes

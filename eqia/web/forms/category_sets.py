"""The form of an organisation's own set of groups."""

from __future__ import annotations

from typing import TYPE_CHECKING

from eqia.domain.own_sets import LONGEST_EDITION, LONGEST_LABEL, OwnSet
from eqia.web.forms.fields import (
    DayField,
    Form,
    HiddenField,
    LongTextField,
    NamesField,
    SelectField,
    TextField,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from eqia.persistence.tables.category_sets import CategorySetRow


class CategorySetForm(Form):
    """One edition of a set of groups."""

    label = TextField(
        "What is the set called?",
        limit=LONGEST_LABEL,
        called="The name",
        hint="Such as “Unpaid carers”.",
        needed="Enter what the set is called",
    )
    edition = TextField(
        "Which edition is it?",
        limit=LONGEST_EDITION,
        called="The edition",
        classes="govuk-input--width-10",
        hint="Such as 2026. When groups change, define another edition: a new series starts.",
        needed="Enter which edition it is, such as 2026",
    )
    from_date = DayField(
        "From which day is it used?",
        called="The day",
        needed="Enter the day from which it is used",
    )
    characteristic = SelectField("Which group of the screening does it split? (optional)")
    groups = NamesField(
        "Which groups are counted apart?",
        hint="One a line, such as “Unpaid carer” and “Not a carer”. Everybody is in one of them.",
        needed="List two groups or more, one a line",
    )
    unknown = NamesField(
        "Under which names do people go whose group is not known? (optional)",
        hint="One a line, such as “Not recorded”.",
    )
    source = LongTextField("Where does it come from? (optional)")
    token = HiddenField()

    @property
    def own_set(self) -> OwnSet:
        """What was typed, as a set."""
        return OwnSet(
            label=self.label.data or "",
            edition=self.edition.data or "",
            from_date=self.from_date.data,
            characteristic=self.characteristic.data or "",
            groups=tuple(self.groups.data or ()),
            unknown=tuple(self.unknown.data or ()),
            source=self.source.data or "",
        )


def category_set_form(
    groups: Mapping[str, str], before: CategorySetRow | None = None
) -> CategorySetForm:
    """Make the form; for another edition, filled with the one before."""
    values: dict[str, object] = {}
    if before is not None:
        values = {
            "label": before.label,
            "characteristic": before.characteristic,
            "source": before.source,
            "groups": _labels(before, "substantive"),
            "unknown": _labels(before, "unknown"),
        }
    field = SelectField(
        "Which group of the screening does it split? (optional)",
        choices=groups,
        blank="None of these",
    )
    kind = type("CategorySetForm", (CategorySetForm,), {"characteristic": field})
    form: CategorySetForm = kind(data=values)
    return form


def _labels(row: CategorySetRow, kind: str) -> tuple[str, ...]:
    return tuple(one["label"] for one in row.members if one["kind"] == kind)

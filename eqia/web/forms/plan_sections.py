"""Forms of the other sections of a plan, made from the table of sections."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from eqia.domain.plan_sections import LONGEST_LINE, section
from eqia.web.forms.fields import (
    Form,
    HiddenField,
    HouseField,
    LongTextField,
    RadiosField,
    TextField,
    VersionField,
)

if TYPE_CHECKING:
    from eqia.domain.plan_sections import Box, Section
    from eqia.persistence.tables.plan_parts import PlanEntryRow


class SectionForm(Form):
    """What every section has beside its own boxes."""

    version = VersionField()
    token = HiddenField()

    def words(self, about: Section) -> dict[str, str]:
        """Give what was typed, by the codes of the boxes."""
        return {box.code: self[box.code].data or "" for box in about.boxes}


def section_form(about: Section, row: PlanEntryRow | None = None) -> SectionForm:
    """Make the form of a section, filled with what is there."""
    there = {**row.words, "version": row.version} if row else {"version": 0}
    return _kind(about.code)(data=there)


@cache
def _kind(code: str) -> type[SectionForm]:
    return type(
        "SectionForm", (SectionForm,), {box.code: _field(box) for box in section(code).boxes}
    )


def _field(box: Box) -> HouseField:
    label = box.label if box.needed else f"{box.label} (optional)"
    if box.choices:
        return RadiosField(label, hint=box.hint, choices=box.choices, needed=box.needed)
    if box.is_long:
        return LongTextField(label, hint=box.hint, needed=box.needed)
    return TextField(label, hint=box.hint, needed=box.needed, limit=LONGEST_LINE)


class TakeOffForm(Form):
    """Why an entry is taken off its list."""

    why = LongTextField("Why is it taken off? (optional)")
    version = VersionField()

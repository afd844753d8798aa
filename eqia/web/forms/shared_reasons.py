"""Reasons written once for several groups, each of them ticked by hand (interface.md 5.1)."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from markupsafe import Markup
from wtforms.utils import unset_value

from eqia.web.components import component
from eqia.web.forms.fields import CheckboxesField, HouseField, LongTextField

#: As many as there can be groups; far more than that are not even read.
MOST_BLOCKS = 60


class Block:
    """One reason and the groups it is for."""

    def __init__(self, owner: ReasonsField, number: int) -> None:
        self.number = number
        self.text: LongTextField = _bound(
            LongTextField(owner.say("reason", number)),
            owner,
            f"{owner.name}.why-{number}",
        )
        self.groups: CheckboxesField = _bound(
            CheckboxesField(owner.say("groups_for", number), choices=owner.groups),
            owner,
            f"{owner.name}.who-{number}",
        )

    @property
    def is_blank(self) -> bool:
        """Whether it says nothing."""
        return self.text.is_blank and not self.text.typed and not self.groups.ticked

    def process(self, formdata: Any, values: Mapping[str, Any]) -> None:
        """Read the reason and its ticks."""
        self.text.process(formdata, values.get("text"))
        self.groups.process(formdata, values.get("groups"))
        for box in (self.text, self.groups):
            box.errors = list(box.process_errors)


class ReasonsField(HouseField):
    """Blocks of a reason and its groups, with an empty one to add to; no tick-all."""

    def __init__(
        self,
        label: str = "",
        validators: Sequence[Any] | None = None,
        *,
        groups: Mapping[str, str],
        **options: Any,
    ) -> None:
        self.groups = groups
        self.blocks: tuple[Block, ...] = ()
        super().__init__(label, validators, widget=draw, **options)

    @property
    def anchor(self) -> str:
        """Id of the first box."""
        return self.blocks[0].text.anchor if self.blocks else self.id

    @property
    def own_error(self) -> str:
        """Messages stand at the boxes."""
        return ""

    @property
    def by_group(self) -> dict[str, str]:
        """Give each ticked group its reason."""
        return {
            group: str(block.text.data)
            for block in self.blocks
            if not block.text.is_blank
            for group in block.groups.data or ()
        }

    @property
    def raw_for_keeping(self) -> Any:
        """Give every block as typed."""
        return [
            {"text": block.text.shown, "groups": sorted(block.groups.ticked & set(self.groups))}
            for block in self.blocks
            if not block.is_blank
        ]

    def problems(self) -> list[tuple[str, str]]:
        """Give the message of every box."""
        found = [
            problem
            for block in self.blocks
            for box in (block.text, block.groups)
            for problem in box.problems()
        ]
        return found or super().problems()

    def process(
        self,
        formdata: Any,
        data: Any = unset_value,
        extra_filters: Any = None,
    ) -> None:
        """Read the blocks that are there, and add an empty one."""
        given = data if isinstance(data, list | tuple) else ()
        super().process(None, given, extra_filters)
        self.pressed = formdata is not None and f"{self.name}-add" in formdata
        numbers = self._posted(formdata) if formdata is not None else range(1, len(given) + 1)
        found = []
        for number in numbers:
            block = Block(self, number)
            values = given[number - 1] if formdata is None else {}
            block.process(formdata, values if isinstance(values, Mapping) else {})
            found.append(block)
        filled = [block for block in found if not block.is_blank]
        spare = Block(self, max((block.number for block in filled), default=0) + 1)
        spare.process(None, {})
        self.blocks = (*filled, spare)

    def validate(self, form: Any, extra_validators: Any = ()) -> bool:  # noqa: ARG002 - WTForms' signature
        """Ask that every reason has groups, every tick a reason, and no group two."""
        seen: set[str] = set()
        for block in self.blocks[:-1]:
            ticked = block.groups.ticked
            if block.text.is_blank and not block.text.errors:
                block.text.refuse(self.say("no_reason"))
            if not ticked:
                block.groups.refuse(self.say("no_groups"))
            elif ticked & seen:
                block.groups.refuse(self.say("twice"))
            seen |= ticked
        self.errors = [
            message
            for block in self.blocks
            for box in (block.text, block.groups)
            for message in box.errors
        ]
        return not self.errors

    def _posted(self, formdata: Any) -> list[int]:
        shape = re.compile(rf"{re.escape(self.name)}\.(?:why|who)-([1-9]\d?)", re.ASCII)
        matches = (shape.fullmatch(str(key)) for key in formdata)
        return sorted({int(match[1]) for match in matches if match})[:MOST_BLOCKS]


def draw(field: ReasonsField, **_look: Any) -> Markup:
    """Draw every block under one legend."""
    inside = Markup("").join(_block(field, block) for block in field.blocks)
    inside += component(
        "govukButton",
        {
            "name": f"{field.name}-add",
            "value": "1",
            "text": field.say("add_reason"),
            "classes": "govuk-button--secondary",
        },
    )
    hint = Markup("")
    described = ""
    if field.hint:
        described = f"{field.id}-hint"
        hint = component("govukHint", {"id": described, "text": field.hint})
    legend = {"text": field.label.text, "classes": "govuk-fieldset__legend--m"}
    drawn = component(
        "govukFieldset",
        {"legend": legend, "describedBy": described, "role": "group", "html": hint + inside},
    )
    return Markup('<div class="govuk-form-group">{}</div>').format(drawn)


def _block(field: ReasonsField, block: Block) -> Markup:
    spare = block is field.blocks[-1] and len(field.blocks) > 1
    note = component("govukHint", {"text": field.say("spare_reason")})
    inside = block.text() + block.groups(small=True)
    return Markup('<div class="eqia-row">{}{}</div>').format(note if spare else "", inside)


def _bound(unbound: Any, owner: HouseField, name: str) -> Any:
    return unbound.bind(form=None, name=name, _meta=owner.meta)

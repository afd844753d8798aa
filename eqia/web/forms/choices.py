"""Fields with given choices: radios, checkboxes and lists. No post makes them raise."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any

from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # not in the stubs

from eqia.web import widgets
from eqia.web.forms.simple import HouseField, presentable

__all__ = [
    "ButtonsField",
    "CheckboxesField",
    "ChoiceField",
    "Choices",
    "RadiosField",
    "SelectChoice",
    "SelectField",
    "choice",
]

Choices = Mapping[str, str] | Iterable[SelectChoice]


def choice(
    value: str, label: str, *, hint: str = "", exclusive: bool = False, group: str | None = None
) -> SelectChoice:
    """Give one choice: a hint under it, alone after an "or", or in a named group of a list."""
    return SelectChoice(value, label, {"hint": hint, "exclusive": exclusive}, group)


@lru_cache(maxsize=500)
def _plain_choices(pairs: tuple[tuple[str, str], ...]) -> tuple[SelectChoice, ...]:
    """Make choices of codes and labels once: a page of ten groups would make fifty each time."""
    return tuple(SelectChoice(value, label) for value, label in pairs)


class ChoiceField(HouseField):
    """What fields with given choices have in common."""

    blank = ""

    def __init__(
        self,
        label: str = "",
        validators: Sequence[Any] | None = None,
        *,
        choices: Choices = (),
        **options: Any,
    ) -> None:
        self.choices = choices
        self.posted: tuple[str, ...] | None = None
        super().__init__(label, validators, **options)

    @property
    def choices(self) -> tuple[SelectChoice, ...]:
        """What can be chosen, in order."""
        return self._choices

    @choices.setter
    def choices(self, given: Choices) -> None:
        if isinstance(given, Mapping):
            given = _plain_choices(tuple(given.items()))
        self._choices = tuple(given)
        posted = getattr(self, "posted", None)
        if posted is not None:
            # Offered after the post was read, as a view does: read the post again against them.
            self._take_again(posted)

    def _take_again(self, posted: tuple[str, ...]) -> None:
        self.process_errors = []
        try:
            self.process_formdata(list(posted))
        except ValueError as error:
            self.process_errors.append(str(error))

    @property
    def codes(self) -> tuple[str, ...]:
        """Every code that can be chosen."""
        return tuple(choice.value for choice in self._choices)

    @property
    def ticked(self) -> frozenset[str]:
        """What is shown as chosen."""
        if self.posted is not None:
            return frozenset(self.posted)
        return frozenset([self.data] if isinstance(self.data, str) else self.data or ())

    @property
    def raw_for_keeping(self) -> Any:
        """Every code that was posted, known or not."""
        return [presentable(code) for code in self.posted] if self.posted else self.data


class RadiosField(ChoiceField):
    """One of some choices, none of them chosen beforehand."""

    widget = staticmethod(widgets.radios)

    def process_data(self, value: Any) -> None:
        """Take a stored code; anything else is no choice."""
        self.data = value if isinstance(value, str) and value else None

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Take one known code."""
        self.data = None
        self.posted = tuple(dict.fromkeys(str(value) for value in valuelist if value))
        if len(self.posted) > 1:
            raise ValueError(self.say("one_only"))
        for code in self.posted:
            if code not in self.codes:
                raise ValueError(self.say("not_offered"))
            self.data = code


class SelectField(RadiosField):
    """One of many choices, in a drop-down list; `blank` is what it says before a choice."""

    widget = staticmethod(widgets.select)

    def __init__(self, *args: Any, **options: Any) -> None:
        self.blank: str = options.pop("blank", "")
        super().__init__(*args, **options)


class ButtonsField(RadiosField):
    """One of some choices, made by the button the form is sent with; the page draws the buttons."""

    has_box = False


class CheckboxesField(ChoiceField):
    """Any of some choices, in the order they are offered."""

    widget = staticmethod(widgets.checkboxes)

    def process_data(self, value: Any) -> None:
        """Take stored codes; anything else is no choice."""
        listed = isinstance(value, list | tuple | set | frozenset)
        self.data = tuple(v for v in value if isinstance(v, str)) if listed else ()

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Take known codes; an exclusive one stands alone."""
        self.data = ()
        self.posted = tuple(dict.fromkeys(str(value) for value in valuelist if value))
        if not set(self.posted) <= set(self.codes):
            raise ValueError(self.say("not_offered"))
        alone = [
            c.label for c in self.choices if c.render_kw.get("exclusive") and c.value in self.posted
        ]
        if alone and len(self.posted) > 1:
            raise ValueError(self.say("not_both", alone[0]))
        self.data = tuple(code for code in self.codes if code in self.posted)

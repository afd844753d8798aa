"""Fields with one box. No post, however odd, makes them raise."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import TYPE_CHECKING, Any
from uuid import UUID

from wtforms import Field
from wtforms.validators import StopValidation

from eqia.domain.errors import Invalid
from eqia.domain.texts import NO_CHARACTERS, clean_text
from eqia.web import widgets
from eqia.web.wording import said, say

if TYPE_CHECKING:
    from collections.abc import Sequence

#: Neither may go back into a page: a lone surrogate cannot be sent, a control is no HTML.
_UNSHOWABLE = re.compile(
    rf"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef{NO_CHARACTERS}]"
)
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s.]+")
_DECIMAL = re.compile(r"-?[0-9]{1,12}(\.[0-9]{1,8})?")
_LARGEST = 1_000_000_000

BAD_EMAIL = "Enter an email address like name@example.org"
BAD_NUMBER = "Enter a whole number, like 120"
BAD_DECIMAL = "Enter a number, like 12.5"


def presentable(text: str) -> str:
    """Give what was typed as far as a page can show it at all."""
    # Nearly all text is fine, and asking Python so is thirty times quicker than the pattern.
    if text.replace("\n", "").isprintable():
        return text
    return _UNSHOWABLE.sub("\N{REPLACEMENT CHARACTER}", text)


class HouseField(Field):
    """What every field here has in common; `needed` is the message when it is left blank."""

    classes = ""
    #: whether a person sees a box for it, which a message can lead to
    has_box = True
    #: whether a button inside it was pressed, which saves and shows the same page again
    pressed = False

    def __init__(
        self, label: str = "", validators: Sequence[Any] | None = None, **options: Any
    ) -> None:
        self.hint: str = options.pop("hint", "")
        self.needed: str = options.pop("needed", "")
        #: what messages call it, such as "The review date"
        self.called: str = options.pop("called", "")
        self.limit: int = options.pop("limit", 0)
        super().__init__(label, list(validators or ()), **options)

    def say(self, key: str, *values: object) -> str:
        """Give words of ours in the form's language."""
        return say(self.meta.language, key, *values)

    @property
    def anchor(self) -> str:
        """Id of the box the error summary leads to."""
        return self.id

    @property
    def own_error(self) -> str:
        """The message about the field as a whole."""
        return self.errors[0] if self.errors else ""

    @property
    def is_blank(self) -> bool:
        """Whether nothing was answered."""
        return not self.data

    @property
    def raw_for_keeping(self) -> Any:
        """What was typed, as a JSON value that any database can store."""
        return self.data

    def problems(self) -> list[tuple[str, str]]:
        """Give (anchor, message) for the error summary, in the words shown at the field."""
        return [(self.anchor, self.errors[0])] if self.errors else []

    def refuse(self, message: str) -> None:
        """Add a message found later, such as by a service."""
        self.errors = [*self.errors, said(self.meta.language, message)]

    def pre_validate(self, form: Any) -> None:  # noqa: ARG002 - WTForms' own signature
        """Stop at a missing answer only if one is needed."""
        if self.needed and self.is_blank and not self.process_errors:
            raise StopValidation(self.needed)


class TextField(HouseField):
    """One line of text."""

    widget = staticmethod(widgets.text_input)
    input_type = "text"
    inputmode = ""
    multiline = False

    def __init__(
        self, label: str = "", validators: Sequence[Any] | None = None, **options: Any
    ) -> None:
        self.autocomplete: str = options.pop("autocomplete", "")
        self.classes: str = options.pop("classes", "")
        self.typed: str | None = None
        super().__init__(label, validators, **options)

    @property
    def shown(self) -> str:
        """What stands in the box: what was typed, also where it cannot be used."""
        text = self.typed if self.typed is not None else self.data
        return presentable("" if text is None else str(text))

    @property
    def is_blank(self) -> bool:
        """Whether nothing but white space was typed."""
        return self.data is None or not str(self.data).strip()

    @property
    def raw_for_keeping(self) -> Any:
        """What was typed, with what no database takes replaced."""
        return self.shown

    def process_data(self, value: Any) -> None:
        """Take a stored answer, or what was typed and never parsed."""
        self.data = value if value is None or isinstance(value, int) else str(value)

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Take what was posted; several different values are no answer."""
        values = [str(value) for value in valuelist]
        self.typed = "\n".join(dict.fromkeys(values))
        self.data = None
        if len(set(values)) > 1:
            raise ValueError(self.say("one_only"))
        self.data = self.parse(self._cleaned(self.typed))

    def parse(self, text: str) -> Any:
        """Turn clean text into the value; ValueError with words for the page if it is none."""
        return text

    def _cleaned(self, text: str) -> str:
        try:
            cleaned = clean_text(text, field=self.name)
        except Invalid as refusal:
            raise ValueError(said(self.meta.language, refusal.problems[0].message)) from None
        if not self.multiline:
            cleaned = cleaned.replace("\n", " ").strip()
        # The page's own counter counts UTF-16 units.
        if self.limit and len(cleaned.encode("utf-16-le")) // 2 > self.limit:
            called = self.called or self.say("this_answer")
            raise ValueError(self.say("too_long", called, f"{self.limit:,}"))
        return cleaned


class LongTextField(TextField):
    """Several lines of text; give `limit` only where there is a real one."""

    widget = staticmethod(widgets.text_area)
    multiline = True


class NamesField(LongTextField):
    """An open list of names, one a line."""

    @property
    def shown(self) -> str:
        """Give the names, one a line."""
        if self.typed is None and isinstance(self.data, list | tuple):
            return presentable("\n".join(map(str, self.data)))
        return super().shown

    @property
    def is_blank(self) -> bool:
        """Whether there is no name."""
        return not self.data

    def process_data(self, value: Any) -> None:
        """Take stored names, or lines that never parsed."""
        self.data = value if isinstance(value, list | tuple) else self.parse(str(value or ""))

    def parse(self, text: str) -> tuple[str, ...]:
        """Give each name once."""
        names = (line.strip() for line in text.split("\n"))
        return tuple(dict.fromkeys(name for name in names if name))


class EmailField(TextField):
    """An email address."""

    input_type = "email"

    def parse(self, text: str) -> str:
        """Take what can be an address at all; only a message sent tells more."""
        if text and not _EMAIL.fullmatch(text):
            raise ValueError(BAD_EMAIL)
        return text


class NumberField(TextField):
    """A whole number; commas between thousands are taken."""

    inputmode = "numeric"

    def parse(self, text: str) -> int | None:
        """Read the digits."""
        digits = text.replace(",", "").replace(" ", "")
        if not digits:
            return None
        if not (digits.isascii() and digits.isdigit()) or int(digits[:12]) > _LARGEST:
            message = f"{self.called} must be a whole number, like 120"
            raise ValueError(message if self.called else BAD_NUMBER)
        return int(digits)


class DecimalField(TextField):
    """A number with or without decimals, kept to the digit."""

    inputmode = "decimal"

    def parse(self, text: str) -> Decimal | None:
        """Read the digits; a percent sign at the end is taken."""
        digits = text.replace(",", "").replace(" ", "").removesuffix("%")
        if not digits:
            return None
        if not _DECIMAL.fullmatch(digits):
            message = f"{self.called} must be a number, like 12.5"
            raise ValueError(message if self.called else BAD_DECIMAL)
        return Decimal(digits)


class PasswordField(TextField):
    """A password: taken as typed, never shown again and never kept."""

    widget = staticmethod(widgets.password_input)
    shown = ""
    raw_for_keeping = None

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Take the password to the letter; only a broken character or a huge text is refused."""
        self.data = str(valuelist[0]) if len(valuelist) == 1 else ""
        if len(set(valuelist)) > 1:
            raise ValueError(self.say("one_only"))
        try:
            clean_text(self.data, field=self.name)
        except Invalid as refusal:
            self.data = ""
            raise ValueError(refusal.problems[0].message) from None


class HiddenField(TextField):
    """A value the page carries; an odd one counts as none."""

    widget = staticmethod(widgets.hidden_input)
    has_box = False

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Never complain: nobody typed it."""
        try:
            super().process_formdata(valuelist)
        except ValueError:
            self.data = self.parse("")


class IdField(HiddenField):
    """The id of something on the page; an odd one counts as none."""

    def parse(self, text: str) -> UUID | None:
        """Read the id."""
        try:
            return UUID(text)
        except ValueError:
            return None


class VersionField(HiddenField):
    """The version of what is being changed; an odd one matches nothing and ends in a conflict."""

    def parse(self, text: str) -> int:
        """Read the number."""
        known = text.isascii() and text.isdigit() and len(text) < len(str(_LARGEST))
        return int(text) if known else -1

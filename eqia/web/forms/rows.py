"""Answers made of several boxes, and lists of such rows; they work with JavaScript off."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from wtforms.utils import unset_value

from eqia.web import widgets
from eqia.web.forms.choices import Choices, RadiosField, SelectField
from eqia.web.forms.days import DayField
from eqia.web.forms.simple import HouseField, LongTextField, TextField

#: A list takes no more rows than the answers do; far more than that are not even shown again.
MOST_ROWS = 200
_MOST_SHOWN = 500

_FIELDS: Mapping[str, type[HouseField]] = {
    "text": TextField,
    "long": LongTextField,
    "one": RadiosField,
    "select": SelectField,
    "date": DayField,
}
_CHOOSING = frozenset({"one", "select"})


@dataclass(frozen=True, slots=True)
class Column:
    """One box of a row: `text`, `long`, `one`, `select` or `date`."""

    id: str
    label: str
    kind: str = "text"
    choices: Choices = field(default_factory=dict)
    hint: str = ""
    needed: str = ""

    def bind(self, owner: HouseField, name: str) -> HouseField:
        """Make the field for one row."""
        options: dict[str, Any] = {"hint": self.hint, "needed": self.needed}
        if self.kind in _CHOOSING:
            options["choices"] = self.choices
        unbound: Any = _FIELDS[self.kind](self.label, **options)
        bound: HouseField = unbound.bind(form=None, name=name, _meta=owner.meta)
        return bound


@dataclass(slots=True)
class Row:
    """The boxes of one row, as they are on the page."""

    index: str
    columns: tuple[str, ...]
    fields: tuple[HouseField, ...]

    @property
    def is_blank(self) -> bool:
        """Whether nothing stands in any box."""
        return not any(str(raw).strip() for raw in self.raw.values() if raw)

    @property
    def values(self) -> dict[str, str]:
        """Give what could be read, column by column, blanks left out."""
        pairs = zip(self.columns, self.fields, strict=True)
        read = {column: one.iso if isinstance(one, DayField) else one.data for column, one in pairs}
        return {
            column: value
            for column, value in read.items()
            if value is not None and str(value).strip()
        }

    @property
    def raw(self) -> dict[str, Any]:
        """Give what was typed, column by column."""
        pairs = zip(self.columns, self.fields, strict=True)
        return {column: one.raw_for_keeping for column, one in pairs}

    def problems(self) -> list[tuple[str, str]]:
        """Give what is wrong in which box."""
        return [problem for one in self.fields for problem in one.problems()]


class _RowsField(HouseField):
    """What rows and lists of rows share."""

    def __init__(
        self,
        label: str = "",
        validators: Sequence[Any] | None = None,
        *,
        columns: Sequence[Column] = (),
        **options: Any,
    ) -> None:
        self.columns = tuple(columns)
        self.whole_error = ""
        super().__init__(label, validators, **options)

    @property
    def own_error(self) -> str:
        """The message about the whole, not about one box."""
        return self.whole_error

    @property
    def all_rows(self) -> tuple[Row, ...]:
        """Every row on the page."""
        raise NotImplementedError

    @property
    def anchor(self) -> str:
        """Id of the first box, or of the first one that is wrong."""
        rows = self.all_rows
        found = [one for row in rows for one in row.fields]
        wrong = [one for one in found if one.errors]
        return (wrong or found)[0].anchor if found else self.id

    def problems(self) -> list[tuple[str, str]]:
        """Give the message about the whole, then those about boxes."""
        whole = [(self.anchor, self.whole_error)] if self.whole_error else []
        return whole + [problem for row in self.all_rows for problem in row.problems()]

    def refuse(self, message: str) -> None:
        """Add a message about the whole."""
        self.whole_error = message
        super().refuse(message)

    def validate(self, form: Any, extra_validators: Any = ()) -> bool:
        """Check the boxes of rows that hold anything, then the whole."""
        self.whole_error = ""
        inside: list[str] = []
        for row in self.all_rows:
            if row.is_blank and not self.needed:
                continue
            for one in row.fields:
                if not one.validate(form):
                    inside += one.errors[:1]
        super().validate(form, extra_validators)
        self.whole_error = self.errors[0] if self.errors else ""
        self.errors = [*self.errors, *inside]
        return not self.errors

    def _row(self, index: str, formdata: Any, values: Any) -> Row:
        prefix = f"{self.name}-{index}-" if index else f"{self.name}-"
        fields = tuple(column.bind(self, prefix + column.id) for column in self.columns)
        given = values if isinstance(values, Mapping) else {}
        for column, one in zip(self.columns, fields, strict=True):
            one.process(formdata, given.get(column.id))
            one.errors = list(one.process_errors)
        return Row(index, tuple(column.id for column in self.columns), fields)


class ColumnsField(_RowsField):
    """Several boxes that make one answer; `data` holds what could be read."""

    widget = staticmethod(widgets.columns)
    row: Row

    @property
    def all_rows(self) -> tuple[Row, ...]:
        """The one row."""
        return (self.row,)

    @property
    def raw_for_keeping(self) -> Any:
        """Give every box as typed, or nothing if all are empty."""
        return None if self.row.is_blank else self.row.raw

    @property
    def is_blank(self) -> bool:
        """Whether all boxes are empty."""
        return self.row.is_blank

    def process(
        self,
        formdata: Any,
        data: Any = unset_value,
        extra_filters: Any = None,
    ) -> None:
        """Read the boxes."""
        given = None if data is unset_value else data
        self.row = self._row("", formdata, given)
        super().process(None, given, extra_filters)
        self.data = self.row.values


class MitigationField(ColumnsField):
    """What will be done about harm, by whom, by when, and what harm is left."""


class ListField(_RowsField):
    """Rows of boxes: the filled ones and an empty one to add to; `data` holds the filled rows.

    A view that sees `pressed` saves as always and shows the same page again.
    """

    widget = staticmethod(widgets.rows)

    def __init__(self, *args: Any, **options: Any) -> None:
        self.rows: tuple[Row, ...] = ()
        self.pressed = False
        super().__init__(*args, **options)

    @property
    def all_rows(self) -> tuple[Row, ...]:
        """Every row, the empty one last."""
        return self.rows

    @property
    def raw_for_keeping(self) -> Any:
        """Give every filled row as typed."""
        return [row.raw for row in self.rows if not row.is_blank]

    @property
    def is_blank(self) -> bool:
        """Whether no row holds anything."""
        return all(row.is_blank for row in self.rows)

    def process(
        self,
        formdata: Any,
        data: Any = unset_value,
        extra_filters: Any = None,
    ) -> None:
        """Read the rows that were posted, less a removed one."""
        given = data if isinstance(data, list | tuple) else ()
        if formdata is None:
            found = [self._row(str(n), None, row) for n, row in enumerate(given, 1)]
        else:
            found = [self._row(index, formdata, None) for index in self._indexes(formdata)]
        filled = [row for row in found if not row.is_blank]
        super().process(None, given, extra_filters)
        if len(filled) > MOST_ROWS:
            self.process_errors = [self.say("too_many_rows", MOST_ROWS)]
        spare = max((int(row.index) for row in filled), default=0) + 1
        self.rows = (*filled, self._row(str(spare), None, None))
        self.data = tuple(row.values for row in filled)

    def _indexes(self, formdata: Any) -> list[str]:
        removed = set(map(str, formdata.getlist(f"{self.name}-remove")))
        self.pressed = bool(removed) or f"{self.name}-add" in formdata
        known = "|".join(re.escape(column.id) for column in self.columns)
        shape = re.compile(
            rf"{re.escape(self.name)}-([1-9]\d{{0,3}})-(?:{known})(?:-\w+)?", re.ASCII
        )
        matches = (shape.fullmatch(str(key)) for key in formdata)
        found = {match[1] for match in matches if match} - removed
        return sorted(found, key=int)[:_MOST_SHOWN]

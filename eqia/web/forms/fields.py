"""The fields and the form every page is built from, in one place to import."""

from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # not in the stubs

from eqia.web.forms.base import Form
from eqia.web.forms.days import DayField
from eqia.web.forms.rows import Column, ColumnsField, ListField, MitigationField, Row
from eqia.web.forms.simple import (
    CheckboxesField,
    EmailField,
    HiddenField,
    HouseField,
    LongTextField,
    NamesField,
    NumberField,
    PasswordField,
    RadiosField,
    SelectField,
    TextField,
    VersionField,
    choice,
)

__all__ = [
    "CheckboxesField",
    "Column",
    "ColumnsField",
    "DayField",
    "EmailField",
    "Form",
    "HiddenField",
    "HouseField",
    "ListField",
    "LongTextField",
    "MitigationField",
    "NamesField",
    "NumberField",
    "PasswordField",
    "RadiosField",
    "Row",
    "SelectChoice",
    "SelectField",
    "TextField",
    "VersionField",
    "choice",
]

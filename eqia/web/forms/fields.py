"""The fields and the form every page is built from, in one place to import."""

from eqia.web.forms.base import Form
from eqia.web.forms.choices import (
    ButtonsField,
    CheckboxesField,
    RadiosField,
    SelectChoice,
    SelectField,
    choice,
)
from eqia.web.forms.days import DayField
from eqia.web.forms.rows import Column, ColumnsField, ListField, MitigationField, Row
from eqia.web.forms.simple import (
    DecimalField,
    EmailField,
    HiddenField,
    HouseField,
    IdField,
    LongTextField,
    NamesField,
    NumberField,
    PasswordField,
    TextField,
    VersionField,
)

__all__ = [
    "ButtonsField",
    "CheckboxesField",
    "Column",
    "ColumnsField",
    "DayField",
    "DecimalField",
    "EmailField",
    "Form",
    "HiddenField",
    "HouseField",
    "IdField",
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

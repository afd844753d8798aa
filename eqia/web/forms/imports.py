"""Forms of an import: the file, what kind it is, its columns, its rows, its groups."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from flask import request
from flask_wtf.form import _Auto
from werkzeug.datastructures import CombinedMultiDict

from eqia.domain.imports.checks import (
    APART,
    BY,
    LENGTH,
    ORDER,
    PERIOD,
    YEAR,
    choice_field,
    column_field,
    group_field,
)
from eqia.domain.imports.layouts import LEFT_OUT, NO_GROUPS, ORDERS, YEARS, Layout, Role
from eqia.domain.imports.presets import PLAIN, PRESETS
from eqia.domain.imports.questions import MOST_CHOICES, Asked
from eqia.domain.measures import Shape
from eqia.domain.periods import FREQUENCY_LABELS
from eqia.services.import_files import MOST_BYTES
from eqia.services.imports import Yes
from eqia.web.forms.fields import (
    CheckboxesField,
    Form,
    HiddenField,
    LongTextField,
    RadiosField,
    SelectField,
    TextField,
    choice,
)
from eqia.web.forms.files import FileField
from eqia.web.small_numbers import HINT, KeptForGood

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from eqia.domain.imports.previews import Preview
    from eqia.domain.imports.sheets import Sheet

_FEW = 6
_EVERYBODY = "everybody"
_BLANK = "(blank)"
_UNSAID = "?"
_LONGEST_LABEL = 120
_ROLE_LABELS: Mapping[Role, str] = {
    Role.PERIOD: "Which column says the period?",
    Role.NUMERATOR: "Which column says how many?",
    Role.MINUS: "Or which column is to be taken away from out of how many? (optional)",
    Role.DENOMINATOR: "Which column says out of how many?",
    Role.VALUE: "Which column holds the average?",
    Role.LOWER: "Which column holds the lower limit? (optional)",
    Role.UPPER: "Which column holds the upper limit? (optional)",
    Role.NOTE: "Which column holds notes? (optional)",
}
_ROLE_HINTS: Mapping[Role, str] = {
    Role.MINUS: "Such as: in time = all visits less those that were late.",
    Role.LOWER: "Limits are kept as the file has them.",
}


class UploadForm(Form):
    """The file with the figures."""

    class Meta(Form.Meta):
        """Fields and files together."""

        def wrap_formdata(self, form: Any, formdata: Any) -> Any:
            """Take the file with the rest of what was posted."""
            if formdata is _Auto and request.method == "POST":
                return CombinedMultiDict([request.files, request.form])
            return super().wrap_formdata(form, formdata)

    file = FileField(
        "Choose a file with readings",
        hint=f"CSV or a spreadsheet (.xlsx) of at most {MOST_BYTES // 1_000_000} MB."
        " Nothing is changed before you have seen what would happen.",
        accept=".csv,.txt,.xlsx,text/csv",
        most=MOST_BYTES,
        needed="Choose a file",
    )


class KindForm(Form):
    """What kind of file it is, and which of its sheets counts."""

    kind = RadiosField(
        "What kind of file is it?",
        choices=[choice(one.kind, one.label, hint=one.hint) for one in PRESETS.values()],
        needed="Choose what kind of file it is",
    )


class ConfirmForm(KeptForGood):
    """What somebody saw before they said yes, and what they say to it."""

    seen = HiddenField()
    agreed = CheckboxesField(
        "If the sums differ",
        choices={"yes": "The figures are right: somebody is in no group, or in two"},
    )
    why = LongTextField(
        "Why are figures corrected?",
        hint=f"One reason for all figures that the file replaces. {HINT}",
    )

    def ask(self, found: Preview) -> None:
        """Ask only what these changes need."""
        self.seen.data, self.seen.typed = found.mark, None
        for name, needed in {"agreed": found.doubts, "why": found.replaces}.items():
            if not (needed and found.may_go_on):
                del self[name]

    @property
    def yes(self) -> Yes:
        """What was said to the changes that were seen."""
        return Yes(self.seen.data or "", self.why.data or "", agreed=bool(self.agreed.data))


def kind_form(sheets: Sequence[Sheet], offered: str, sheet: str) -> KindForm:
    """Make the form; the kind that the headings tell of is chosen already."""
    fields: dict[str, object] = {}
    if len(sheets) > 1:
        names = {str(at): f"{one.name} ({len(one.lines):,} rows)" for at, one in enumerate(sheets)}
        fields["sheet"] = RadiosField(
            "Which sheet holds the readings?", choices=names, needed="Choose a sheet"
        )
    at = next((str(n) for n, one in enumerate(sheets) if one.name == sheet), None)
    kind = type("KindForm", (KindForm,), fields)
    form: KindForm = kind(data={"kind": offered, "sheet": at})
    return form


def columns_form(asked: Asked) -> Form:
    """Make the form that finds the columns among the headings."""
    headings = {str(at): one[:_LONGEST_LABEL] for at, one in enumerate(asked.sheet.headings) if one}
    codes = {asked.sheet.headings[int(at)]: at for at in headings}
    fields: dict[str, object] = {}
    values: dict[str, object] = {}
    for role in asked.roles:
        name, label = column_field(role), _role_label(role, asked)
        hint = _ROLE_HINTS.get(role, "")
        fields[name] = SelectField(label, choices=headings, blank="None", hint=hint)
        values[name] = codes.get(asked.layout.role(role))
    if asked.asks_by:
        own = {codes[one]: one[:_LONGEST_LABEL] for one in asked.by_options}
        own[NO_GROUPS] = "None: the rows are about everybody together"
        fields[BY] = RadiosField("Which column says which group a row is about?", choices=own)
        values[BY] = codes.get(asked.given.by, asked.given.by or None)
    if asked.given.kind == PLAIN:
        fields[APART] = CheckboxesField(
            "Are there rows of other organisations, places or people? (optional)",
            choices=headings,
            hint="Tick the columns that tell them apart. We ask next which ones count.",
        )
        values[APART] = tuple(codes[one] for one in asked.given.apart if one in codes)
    return _made(fields, values)


def columns_said(form: Form, asked: Asked) -> Layout:
    """Read which columns were chosen."""
    headings = asked.sheet.headings
    columns = {
        role.value: headings[int(code)]
        for role in asked.roles
        if (code := form[column_field(role)].data)
    }
    by = form[BY].data if BY in form else ""
    apart = asked.given.apart
    if APART in form:
        apart = tuple(headings[int(code)] for code in form[APART].data)
    named = headings[int(by)] if by and by != NO_GROUPS else by
    return replace(asked.given, columns=columns, by=named or "", apart=apart)


def rows_form(asked: Asked) -> Form:
    """Make the form that asks which rows count and how their periods are written."""
    fields: dict[str, object] = {}
    values: dict[str, object] = {}
    for number, (heading, words) in enumerate(asked.choices.items()):
        name, codes = choice_field(number), list(words)
        called = asked.preset.apart.get(heading) or heading
        label = f"Which “{called[:_LONGEST_LABEL]}” counts?"
        fields[name] = _choice(label, {str(at): words[one] for at, one in enumerate(codes)})
        chosen = asked.given.chosen.get(heading)
        if chosen in codes:
            values[name] = chosen if len(codes) > MOST_CHOICES else str(codes.index(chosen))
    if asked.asks_length:
        label = "Only the first day of a period is given. How long is a period?"
        fields[LENGTH] = RadiosField(label, choices=_LENGTHS)
        values[LENGTH] = asked.given.length
    if asked.asks_order:
        fields[ORDER] = RadiosField("What comes first in its days?", choices=ORDERS)
        values[ORDER] = asked.given.order
    if asked.preset.asks_year:
        fields[YEAR] = RadiosField("Which years does it mean?", choices=YEARS)
        values[YEAR] = asked.given.year
    if asked.preset.asks_period:
        hint = "The table does not say. Write it such as 2025/26, 2025/26 Q1, 2026 or April 2026."
        fields[PERIOD] = TextField("Of which period are the figures?", limit=40, hint=hint)
        values[PERIOD] = asked.given.period
    return _made(fields, values)


def rows_said(form: Form, asked: Asked) -> Layout:
    """Read which rows were chosen."""
    chosen = dict(asked.given.chosen)
    for number, (heading, words) in enumerate(asked.choices.items()):
        said, codes = form[choice_field(number)].data, list(words)
        chosen.pop(heading, None)
        if len(codes) > MOST_CHOICES:
            chosen |= {heading: said} if said in codes else {}
        elif said:
            chosen[heading] = codes[int(said)]
    length, order, year, period = (
        form[name].data or "" if name in form else getattr(asked.given, name)
        for name in (LENGTH, ORDER, YEAR, PERIOD)
    )
    return replace(asked.given, chosen=chosen, length=length, order=order, year=year, period=period)


def groups_form(asked: Asked) -> Form:
    """Make the form that matches each label of the file to a group of the measure."""
    codes = _group_codes(asked)
    choices = {codes[one.code]: one.label for one in asked.definition.places}
    choices[codes[LEFT_OUT]] = "Leave these rows out"
    fields: dict[str, object] = {}
    values: dict[str, object] = {}
    for number, (label, count) in enumerate(asked.labels.items()):
        name = group_field(number)
        rows = "1 row" if count == 1 else f"{count:,} rows"
        called = f"{label[:_LONGEST_LABEL] or _BLANK} ({rows})"
        fields[name] = SelectField(called, choices=choices, blank="Choose a group")
        code = asked.offer.get(label)
        values[name] = (
            LEFT_OUT if code == LEFT_OUT else codes.get(code) if code is not None else None
        )
    return _made(fields, values)


def groups_said(form: Form, asked: Asked) -> Layout:
    """Read which label is which group; what other files' labels were is kept beside."""
    codes = {code: member for member, code in _group_codes(asked).items()}
    members = dict(asked.given.members)
    for number, label in enumerate(asked.labels):
        said = form[group_field(number)].data
        members.pop(label, None)
        if said:
            members[label] = codes[said]
    return replace(asked.given, members=members)


_LENGTHS = {
    code.value: label.replace("Every", "A").replace("A half", "Half a")
    for code, label in FREQUENCY_LABELS.items()
}


def _role_label(role: Role, asked: Asked) -> str:
    if role is Role.NUMERATOR and asked.definition.shape != Shape.COUNT:
        return f"{_ROLE_LABELS[role]} (or choose the next one)"
    return _ROLE_LABELS[role]


def _choice(label: str, words: Mapping[str, str]) -> object:
    """Offer few values one by one, many in a list, and very many to be typed."""
    if len(words) > MOST_CHOICES:
        hint = f"Type it exactly as in the file, such as {next(iter(words.values()))[:80]}."
        return TextField(label, limit=200, hint=hint)
    if len(words) > _FEW:
        return SelectField(label, choices=words, blank="Choose one")
    return RadiosField(label, choices=words)


def _group_codes(asked: Asked) -> dict[str, str]:
    """Give each group a code that is never blank: everybody has none of their own."""
    known = {one.code: one.code or _EVERYBODY for one in asked.definition.places}
    return {**known, LEFT_OUT: LEFT_OUT}


def _made(fields: Mapping[str, object], values: Mapping[str, object]) -> Form:
    kind = type("ImportForm", (Form,), dict(fields))
    form: Form = kind(data=dict(values))
    return form

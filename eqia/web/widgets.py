"""Form fields drawn with the official GOV.UK macros.

Each widget takes a field of `eqia.web.forms` and how it should look: `classes`, `label_classes`,
`heading=True` (the label is the page's h1), `rows`, `inline`, `small`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from eqia.web.components import component

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from eqia.web.forms.choices import ChoiceField
    from eqia.web.forms.days import DayField
    from eqia.web.forms.files import FileField
    from eqia.web.forms.rows import ColumnsField, ListField, Row
    from eqia.web.forms.simple import HouseField, TextField

_INLINE = "govuk-radios--inline"
_END_OF_GROUP = Markup("</optgroup>")
_SELECTED = Markup(" selected")


def text_input(field: TextField, **look: Any) -> Markup:
    """Draw one line of text."""
    params = _labelled(field, look) | {
        "type": field.input_type,
        "value": field.shown,
        "inputmode": field.inputmode,
        "autocomplete": field.autocomplete,
        "spellcheck": False if field.input_type == "email" else None,
    }
    return component("govukInput", params)


def password_input(field: TextField, **look: Any) -> Markup:
    """Draw a password, never filled in."""
    params = _labelled(field, look) | {"autocomplete": field.autocomplete}
    return component("govukPasswordInput", params)


def text_area(field: TextField, **look: Any) -> Markup:
    """Draw several lines of text; the characters are counted only where there is a real limit."""
    # A first line feed inside <textarea> is dropped by every browser, so one more is given.
    shown = field.shown
    shown = f"\n{shown}" if shown.startswith("\n") else shown
    params = _labelled(field, look) | {"value": shown, "rows": look.get("rows", 5)}
    if not field.limit:
        return component("govukTextarea", params)
    # The threshold keeps short answers quiet (interface.md 5.2).
    return component("govukCharacterCount", params | {"maxlength": field.limit, "threshold": 75})


def file_upload(field: FileField, **look: Any) -> Markup:
    """Draw a box to choose a file with."""
    params = _labelled(field, look)
    if field.accept:
        params["attributes"] = {"accept": field.accept}
    return component("govukFileUpload", params)


def hidden_input(field: TextField, **_look: Any) -> Markup:
    """Draw a hidden value; no id, as a page may hold several forms."""
    return Markup('<input type="hidden" name="{}" value="{}">').format(field.name, field.shown)


def radios(field: ChoiceField, **look: Any) -> Markup:
    """Draw one choice; the first button carries the field's own id, for the error summary."""
    classes = _joined(_INLINE if look.get("inline") else "", _small(look, "radios"), look)
    params = _grouped(field, look) | {"classes": classes, "items": _items(field)}
    return component("govukRadios", params)


def checkboxes(field: ChoiceField, **look: Any) -> Markup:
    """Draw several choices; an exclusive one stands after a divider."""
    params = _grouped(field, look) | {
        "classes": _joined(_small(look, "checkboxes"), look),
        "items": _items(field),
    }
    return component("govukCheckboxes", params)


def select(field: ChoiceField, **look: Any) -> Markup:
    """Draw a drop-down list; the official macro knows no option groups, so options are ours."""
    params = _labelled(field, look) | {"items": []}
    drawn = component("govukSelect", params)
    options = Markup("").join(_options(field))
    return drawn.replace("</select>", options + Markup("</select>"))


def day(field: DayField, **look: Any) -> Markup:
    """Draw a date as three boxes."""
    wrong = field.wrong_part
    items = [
        {
            "name": part,
            "label": field.say(part),
            "id": f"{field.id}-{part}",
            "value": field.shown_part(part),
            "inputmode": "text" if part == "month" else "numeric",
            "classes": _width(part) + (" govuk-input--error" if part in wrong else ""),
        }
        for part in ("day", "month", "year")
    ]
    params = _grouped(field, look) | {"id": field.id, "namePrefix": field.name, "items": items}
    return component("govukDateInput", params)


def columns(field: ColumnsField, **look: Any) -> Markup:
    """Draw several boxes that make one answer, under one legend."""
    return _fieldset(field, _boxes(field.row), look)


def rows(field: ListField, **look: Any) -> Markup:
    """Draw rows that can be added and taken away without JavaScript."""
    parts = [_row(field, row, number) for number, row in enumerate(field.rows, 1)]
    parts.append(_button(f"{field.name}-add", "1", field.say("row_add"), secondary=True))
    return _fieldset(field, Markup("").join(parts), look)


def _row(field: ListField, row: Row, number: int) -> Markup:
    title = field.say("row_number", number)
    inside = _boxes(row)
    if row.is_blank:
        title = field.say("row_spare", title) if number > 1 else title
    else:
        inside += _button(f"{field.name}-remove", row.index, field.say("row_remove", number))
    legend = {"text": title, "classes": "govuk-fieldset__legend--s"}
    drawn = component("govukFieldset", {"legend": legend, "html": inside})
    return Markup('<div class="govuk-form-group eqia-row">{}</div>').format(drawn)


def _boxes(row: Row) -> Markup:
    return Markup("").join(field() for field in row.fields)


def _button(name: str, value: str, text: str, *, secondary: bool = True) -> Markup:
    classes = "govuk-button--secondary" if secondary else ""
    return component(
        "govukButton", {"name": name, "value": value, "text": text, "classes": classes}
    )


def _fieldset(field: HouseField, inside: Markup, look: Mapping[str, Any]) -> Markup:
    """Draw a group with its own hint and message; the target of the error summary is inside."""
    described, before = [], Markup("")
    if field.hint:
        described.append(f"{field.id}-hint")
        before += component("govukHint", {"id": described[-1], "text": field.hint})
    own = field.own_error
    if own:
        described.append(f"{field.id}-error")
        before += component("govukErrorMessage", {"id": described[-1], **_error(field, own)})
    drawn = component(
        "govukFieldset",
        {
            "legend": _legend(field, look),
            "describedBy": " ".join(described),
            "role": "group",
            "html": before + inside,
        },
    )
    error = " govuk-form-group--error" if own else ""
    return Markup('<div class="govuk-form-group{}">{}</div>').format(error, drawn)


def _labelled(field: HouseField, look: Mapping[str, Any]) -> dict[str, Any]:
    label = {
        "text": field.label.text,
        "classes": look.get("label_classes", "govuk-label--l" if look.get("heading") else ""),
        "isPageHeading": bool(look.get("heading")),
    }
    return {
        "id": field.id,
        "name": field.name,
        "label": label,
        "classes": look.get("classes", field.classes),
        **_told(field),
    }


def _grouped(field: HouseField, look: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "idPrefix": field.id,
        "name": field.name,
        "fieldset": {"legend": _legend(field, look)},
        **_told(field),
    }


def _legend(field: HouseField, look: Mapping[str, Any]) -> dict[str, Any]:
    """Give the group its name; styling it never takes its words away."""
    heading = bool(look.get("heading"))
    default = "govuk-fieldset__legend--l" if heading else "govuk-fieldset__legend--s"
    return {
        "text": field.label.text,
        "classes": look.get("label_classes", default),
        "isPageHeading": heading,
    }


def _told(field: HouseField) -> dict[str, Any]:
    """Give the hint and the first message; neither leaves an empty element behind."""
    told: dict[str, Any] = {}
    if field.hint:
        told["hint"] = {"text": field.hint}
    if field.errors:
        told["errorMessage"] = _error(field, field.errors[0])
    return told


def _error(field: HouseField, message: str) -> dict[str, Any]:
    """Give a message with the word that a screen reader says before it."""
    return {"text": message, "visuallyHiddenText": field.say("error")}


def _items(field: ChoiceField) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = []
    ticked = field.ticked
    for choice in field.choices:
        exclusive = choice.render_kw.get("exclusive")
        if exclusive and items:
            items.append({"divider": field.say("or")})
        item: dict[str, Any] = {
            "value": choice.value,
            "text": choice.label,
            "checked": choice.value in ticked,
        }
        if choice.render_kw.get("hint"):
            item["hint"] = {"text": choice.render_kw["hint"]}
        if exclusive:
            item["behaviour"] = "exclusive"
        items.append(item)
    return items


def _options(field: ChoiceField) -> Iterable[Markup]:
    group = None
    ticked = field.ticked
    yield Markup('<option value="">{}</option>').format(field.blank)
    for choice in field.choices:
        if choice.optgroup != group:
            yield _END_OF_GROUP if group else Markup()
            group = choice.optgroup
            yield Markup('<optgroup label="{}">').format(group) if group else Markup()
        chosen = _SELECTED if choice.value in ticked else Markup()
        yield Markup('<option value="{}"{}>{}</option>').format(choice.value, chosen, choice.label)
    yield _END_OF_GROUP if group else Markup()


def _width(part: str) -> str:
    return "govuk-input--width-4" if part == "year" else "govuk-input--width-2"


def _small(look: Mapping[str, Any], block: str) -> str:
    return f"govuk-{block}--small" if look.get("small") else ""


def _joined(*names: str | Mapping[str, Any]) -> str:
    words = (name if isinstance(name, str) else name.get("classes", "") for name in names)
    return " ".join(word for word in words if word)

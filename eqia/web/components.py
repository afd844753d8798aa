"""The official GOV.UK macros, rendered once per shape and filled with each request's words.

operations.md 10: the macros cost 9 ms a page. A rendered component depends on the *shape* of its
parameters alone (which are there, which are empty, how many items); the words only have to be put
in, escaped. So a rendered shape is kept with holes, and nothing a person typed is ever kept.
"""

from __future__ import annotations

from functools import lru_cache, partial
from typing import TYPE_CHECKING, Any

from jinja2 import Environment, PackageLoader, PrefixLoader
from markupsafe import Markup, escape

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from flask import Flask

#: macro -> folder of the package
COMPONENTS: Mapping[str, str] = {
    "govukBackLink": "back-link",
    "govukBreadcrumbs": "breadcrumbs",
    "govukButton": "button",
    "govukCharacterCount": "character-count",
    "govukCheckboxes": "checkboxes",
    "govukDateInput": "date-input",
    "govukDetails": "details",
    "govukErrorMessage": "error-message",
    "govukErrorSummary": "error-summary",
    "govukFieldset": "fieldset",
    "govukGenericHeader": "generic-header",
    "govukHint": "hint",
    "govukInput": "input",
    "govukInsetText": "inset-text",
    "govukLabel": "label",
    "govukNotificationBanner": "notification-banner",
    "govukPagination": "pagination",
    "govukPanel": "panel",
    "govukPasswordInput": "password-input",
    "govukPhaseBanner": "phase-banner",
    "govukRadios": "radios",
    "govukSelect": "select",
    "govukServiceNavigation": "service-navigation",
    "govukSkipLink": "skip-link",
    "govukSummaryList": "summary-list",
    "govukTable": "table",
    "govukTag": "tag",
    "govukTaskList": "task-list",
    "govukTextarea": "textarea",
    "govukWarningText": "warning-text",
}

#: What a macro compares, changes or writes unescaped: it belongs to the shape. All else is a hole.
_SHAPE = frozenset(
    {
        *("autocapitalize", "autocomplete", "behaviour", "classes", "containerClasses", "element"),
        *("disableAutoFocus", "format", "headingLevel", "inputmode", "maxlength", "maxwords"),
        *("navigationClasses", "preventDoubleClick", "role", "rows", "threshold", "type"),
    }
)
#: Numbers the macros count with; any other number is somebody's and goes into a hole.
_COUNTS = frozenset({"rows", "maxlength", "maxwords", "threshold", "headingLevel", "colspan"})

# Private-use characters: untouched by escaping, trimming and indenting. A hole's number stands
# between them. The words themselves are never searched for holes.
_OPEN, _CLOSE = "\ue0f0", "\ue0f1"
_HOLE = ("hole",)
#: A component with more holes than this (a long table) is rendered, not kept.
_MOST_HOLES = 600
MOST_SHAPES = 1024

Shape = Any

# Undefined names are part of how the official macros work, so they have their own environment;
# our templates keep StrictUndefined.
_environment = Environment(
    loader=PrefixLoader({"govuk_frontend_jinja": PackageLoader("govuk_frontend_jinja")}),
    autoescape=True,
    trim_blocks=True,
    lstrip_blocks=True,
)


@lru_cache(maxsize=len(COMPONENTS))
def official(name: str) -> Callable[[Mapping[str, Any]], str]:
    """Find a macro as the package wrote it."""
    source = f"govuk_frontend_jinja/components/{COMPONENTS[name]}/macro.html"
    macro: Callable[[Mapping[str, Any]], str] = getattr(
        _environment.get_template(source).module, name
    )
    return macro


def component(name: str, params: Mapping[str, Any]) -> Markup:
    """Render an official macro; every word in `params` is escaped unless it is Markup."""
    holes: list[Markup] = []
    shape = _shape_of(_with_ticks(params), "", holes)
    make = skeleton if len(holes) <= _MOST_HOLES else skeleton.__wrapped__
    literals, order = make(name, shape)
    parts = list(literals)
    for place, number in enumerate(order):
        parts[2 * place + 1] = holes[number]
    return Markup("".join(parts))  # noqa: S704 - literals come from the macros, holes are escaped


def _with_ticks(params: Mapping[str, Any]) -> Mapping[str, Any]:
    """Say at each item whether it is ticked: the macros compare values, which are holes here."""
    items = params.get("items")
    if not items or not ("value" in params or "values" in params):
        return params
    ticked = params.get("values") or [params.get("value")]
    rest = {key: value for key, value in params.items() if key not in {"value", "values"}}
    rest["items"] = [
        item if not item or "divider" in item else _ticked(item, item.get("value") in ticked)
        for item in items
    ]
    return rest


def _ticked(item: Mapping[str, Any], chosen: bool) -> Mapping[str, Any]:
    return {"checked": chosen, "selected": chosen, **item}


def _shape_of(value: object, key: str, holes: list[Markup]) -> Shape:
    """Turn parameters into a hashable shape, moving every word into `holes`."""
    if isinstance(value, dict):
        return ("map", *((k, _shape_of(v, k, holes)) for k, v in value.items()))
    if isinstance(value, list | tuple):
        return ("row", *(_shape_of(item, key, holes) for item in value))
    if _belongs_to_shape(value, key):
        return value
    holes.append(escape(value))
    return _HOLE


def _belongs_to_shape(value: object, key: str) -> bool:
    if value is None or value == "" or isinstance(value, bool):
        return True
    if isinstance(value, int):
        return key in _COUNTS
    return key in _SHAPE and type(value) is str


@lru_cache(maxsize=MOST_SHAPES)
def skeleton(name: str, shape: Shape) -> tuple[list[Markup], tuple[int, ...]]:
    """Render a shape: literal, hole, literal …, and which word goes into which hole."""
    numbers = iter(range(1_000_000))
    rendered = official(name)(_filled(shape, numbers)).strip()
    literals: list[Markup] = []
    order: list[int] = []
    first, *rest = rendered.split(_OPEN)
    literals.append(Markup(first))  # noqa: S704 - the macros' own text
    for piece in rest:
        number, literal = piece.split(_CLOSE, 1)
        order.append(int(number))
        literals += [Markup(), Markup(literal)]  # noqa: S704
    return literals, tuple(order)


def _filled(shape: Shape, numbers: Any) -> Any:  # noqa: ANN401 - whatever JSON-like value it was
    if shape is _HOLE or shape == _HOLE:
        return Markup(f"{_OPEN}{next(numbers)}{_CLOSE}")  # noqa: S704 - no mark-up in it
    if not isinstance(shape, tuple):
        return shape
    kind, *items = shape
    if kind == "map":
        return {key: _filled(value, numbers) for key, value in items}
    return [_filled(item, numbers) for item in items]


def init_app(app: Flask) -> None:
    """Offer every macro to the templates as `govukButton({...})` and the like."""
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    app.jinja_env.globals.update({name: partial(component, name) for name in COMPONENTS})


def warm() -> None:
    """Compile every macro, so that no visitor waits for it (179 ms at the first page)."""
    for name in COMPONENTS:
        official(name)

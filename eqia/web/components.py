"""The official GOV.UK macros, rendered once per shape and filled with each request's words.

operations.md 10: the macros cost 9 ms a page. A rendered component depends on the *shape* of its
parameters alone (which are there, which are empty, how many items); the words only have to be put
in, escaped. So a rendered shape is kept with holes, and nothing a person typed is ever kept.
"""

from __future__ import annotations

import re
from functools import lru_cache, partial
from itertools import count
from typing import TYPE_CHECKING, Any

from jinja2 import Environment, PackageLoader, PrefixLoader
from markupsafe import Markup, escape

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

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
    "govukFileUpload": "file-upload",
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
_MARKED = re.compile(f"{_OPEN}(\\d+){_CLOSE}")
_SPECIAL = re.compile("[&<>'\"]").search
#: What stands in a row of parts for a word, for the start of a map or a list, and for its end.
_HOLE, _MAP, _ROW, _END = object(), object(), object(), object()
#: A component with more holes than this (a long table) is rendered, not kept.
_MOST_HOLES = 600
MOST_SHAPES = 1024

Shape = tuple[Any, ...]

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
    parts: list[Any] = []
    holes: list[str] = []
    _take_apart(_with_ticks(params), parts, holes)
    make = skeleton if len(holes) <= _MOST_HOLES else skeleton.__wrapped__
    frame, order = make(name, tuple(parts))
    words = tuple([holes[number] for number in order])
    return Markup(frame % words)  # noqa: S704 - the frame comes from the macros, words are escaped


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


def _take_apart(params: Mapping[str, Any], parts: list[Any], holes: list[str]) -> None:
    """Write parameters down as one flat row of parts, moving every word into `holes`.

    One row is hashed faster than maps within maps, and the words and ticks of a map are taken in
    the loop: a call for each would double the cost of a page.
    """
    parts.append(_MAP)
    for name, item in params.items():
        parts.append(name)
        kind = type(item)
        if kind is bool:
            parts.append(item)
        elif kind is not str:
            _take_one(item, parts, holes, name)
        elif not item or name in _SHAPE:
            parts.append(item)
        else:
            holes.append(item if _SPECIAL(item) is None else str(escape(item)))
            parts.append(_HOLE)
    parts.append(_END)


def _take_one(value: Any, parts: list[Any], holes: list[str], key: str) -> None:  # noqa: ANN401 - whatever JSON-like value it is
    kind = type(value)
    if kind is dict:
        _take_apart(value, parts, holes)
    elif kind is list or kind is tuple:
        parts.append(_ROW)
        for item in value:
            _take_one(item, parts, holes, key)
        parts.append(_END)
    elif not value or kind is bool or _belongs_to_shape(kind, key):
        parts.append(value)
    else:
        holes.append(str(escape(value)))
        parts.append(_HOLE)


def _belongs_to_shape(kind: type, key: str) -> bool:
    return key in _SHAPE if kind is str else kind is int and key in _COUNTS


@lru_cache(maxsize=MOST_SHAPES)
def skeleton(name: str, shape: Shape) -> tuple[str, tuple[int, ...]]:
    """Render a shape to a frame with `%s` for each hole, and say which word goes into which."""
    parts = iter(shape)
    rendered = official(name)(_filled(next(parts), parts, count()))
    rendered = rendered.strip().replace("%", "%%")
    order = tuple(int(number) for number in _MARKED.findall(rendered))
    return str(_MARKED.sub("%s", rendered)), order


def _filled(part: object, parts: Iterator[Any], numbers: Iterator[int]) -> Any:  # noqa: ANN401 - whatever JSON-like value it was
    """Put together again what was taken apart, with a mark in place of each word."""
    if part is _HOLE:
        return Markup(f"{_OPEN}{next(numbers)}{_CLOSE}")  # noqa: S704 - no mark-up in it
    if part is _MAP:
        return {name: _filled(next(parts), parts, numbers) for name in iter(parts.__next__, _END)}
    if part is _ROW:
        return [_filled(item, parts, numbers) for item in iter(parts.__next__, _END)]
    return part


def init_app(app: Flask) -> None:
    """Offer every macro to the templates as `govukButton({...})` and the like."""
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    app.jinja_env.globals.update({name: partial(component, name) for name in COMPONENTS})


def warm() -> None:
    """Compile every macro, so that no visitor waits for it (179 ms at the first page)."""
    for name in COMPONENTS:
        official(name)

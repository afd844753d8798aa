"""A page that came back, read as a browser reads it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from werkzeug.datastructures import MultiDict

from tests.markup import parsed

if TYPE_CHECKING:
    from collections.abc import Mapping
    from xml.etree.ElementTree import Element

    from werkzeug.test import TestResponse

BOXES = ("input", "select", "textarea")


def text_of(element: Element) -> str:
    """The text of an element, white space folded."""
    return " ".join("".join(element.itertext()).split())


@dataclass(frozen=True)
class FormOnPage:
    """A form as a browser sees it."""

    action: str
    method: str
    #: what a browser would send without anybody touching it
    values: MultiDict[str, str]
    #: every name that can be sent, buttons among them
    names: frozenset[str]
    #: name and value of each button, in order
    buttons: tuple[tuple[str, str], ...]
    #: name -> values that can be chosen, for radios, checkboxes and lists
    choices: Mapping[str, tuple[str, ...]]
    hidden: frozenset[str]
    #: boxes somebody types in
    typed: frozenset[str]
    element: Element = field(repr=False)


class Page:
    """What came back, parsed."""

    def __init__(self, response: TestResponse, url: str) -> None:
        self.response = response
        self.status = response.status_code
        self.headers = response.headers
        self.url = url
        self.is_html = response.mimetype == "text/html" and bool(response.data)
        self.html = response.get_data(as_text=True) if self.is_html else ""
        self._tree: Element | None = None

    @property
    def location(self) -> str:
        """Path and query the answer sends the browser to."""
        parts = urlsplit(self.headers.get("Location", ""))
        return parts.path + (f"?{parts.query}" if parts.query else "")

    @property
    def tree(self) -> Element:
        if self._tree is None:
            self._tree = parsed(self.html)
        return self._tree

    @property
    def text(self) -> str:
        """All words of the main part."""
        return text_of(next(self.tree.iter("main")))

    @property
    def title(self) -> str:
        return text_of(next(self.tree.iter("title")))

    @property
    def h1(self) -> str:
        return text_of(next(self.tree.iter("h1")))

    @property
    def errors(self) -> list[str]:
        """The messages of the error summary."""
        summaries = self.having_class("govuk-error-summary")
        return [text_of(item) for one in summaries for item in one.iter("li")]

    @property
    def links(self) -> dict[str, str]:
        """Text -> address of every link."""
        return {text_of(a): a.get("href", "") for a in self.tree.iter("a")}

    @property
    def forms(self) -> list[FormOnPage]:
        return [_read_form(form, self.url) for form in self.tree.iter("form")]

    def form(self, action: str | None = None) -> FormOnPage:
        """The form of the main part, or the one with an action ending so."""
        main = next(self.tree.iter("main"))
        found = [_read_form(one, self.url) for one in main.iter("form")]
        if action is not None:
            found = [one for one in found if urlsplit(one.action).path.endswith(action)]
        else:
            found = [one for one in found if one.method == "post"] or found
        assert found, f"no form {action or ''} on {self.url}: {self.h1}"
        return found[0]

    def having_class(self, name: str) -> list[Element]:
        return [e for e in self.tree.iter() if name in (e.get("class") or "").split()]


def _read_form(form: Element, page_url: str) -> FormOnPage:
    boxes = [box for box in form.iter() if box.get("name") and box.tag in {*BOXES, "button"}]
    buttons = [box for box in boxes if box.tag == "button" or box.get("type") == "submit"]
    values: MultiDict[str, str] = MultiDict()
    choices: dict[str, tuple[str, ...]] = {}
    for box in boxes:
        name = box.get("name", "")
        if box not in buttons:
            for value in _sent(box):
                values.add(name, value)
            if offered := _offered(box):
                choices[name] = (*choices.get(name, ()), *offered)
    return FormOnPage(
        action=form.get("action") or page_url,
        method=(form.get("method") or "get").lower(),
        values=values,
        names=frozenset(box.get("name", "") for box in boxes),
        buttons=tuple((box.get("name", ""), box.get("value", "")) for box in buttons),
        choices=choices,
        hidden=frozenset(box.get("name", "") for box in boxes if box.get("type") == "hidden"),
        typed=frozenset(box.get("name", "") for box in boxes if _is_typed(box)),
        element=form,
    )


def _offered(box: Element) -> list[str]:
    """The values a box lets somebody choose from."""
    if box.tag == "select":
        return [option.get("value", text_of(option)) for option in box.iter("option")]
    return [box.get("value", "on")] if box.get("type") in {"radio", "checkbox"} else []


def _is_typed(box: Element) -> bool:
    kinds = {"text", "email", "search", "tel", "url", "number"}
    return box.tag == "textarea" or (box.tag == "input" and box.get("type", "text") in kinds)


def _sent(box: Element) -> list[str]:
    """What a browser sends for a box nobody touched."""
    if box.get("disabled") is not None:
        return []
    if box.tag == "textarea":
        return ["".join(box.itertext()).replace("\n", "\r\n")]
    if box.tag == "select":
        options = list(box.iter("option"))
        chosen = [o for o in options if o.get("selected") is not None] or options[:1]
        return [o.get("value", text_of(o)) for o in chosen]
    if box.get("type") in {"radio", "checkbox"} and box.get("checked") is None:
        return []
    return [box.get("value", "on" if box.get("type") == "checkbox" else "")]

"""Mark-up read as a browser reads it, strictly; what is built the same is read faster."""

from __future__ import annotations

import re
from itertools import zip_longest
from typing import TYPE_CHECKING
from xml.etree.ElementTree import TreeBuilder

import html5lib
from lxml import etree

if TYPE_CHECKING:
    from collections.abc import Mapping
    from xml.etree.ElementTree import Element

#: What only the strict reader knows how to take, or to refuse: control characters, a carriage
#: return, an ampersand that begins no plain reference, a line feed that a box would swallow.
_ODD = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f]|&(?!(?:amp|lt|gt|quot|nbsp|#34|#39);)"
    r"|<(?:textarea|pre)\b[^>]*>\n"
)
_WORDS = re.compile(r"(?<=>)\s*[^<\s][^<]*")
_VALUE = re.compile(r'"[^"]*"')
#: skeleton -> whether the fast reader made the same of it as the strict one
_known: dict[int, bool] = {}


def parsed(html: str) -> Element:
    """Read a page; anything a browser would have to guess at is an error.

    Whether mark-up is sound hangs on its tags and on where words stand, not on which words. Once
    a page was read strictly, others that differ in words and values alone are read by libxml2,
    unless it made something else of the first.
    """
    skeleton = None if _ODD.search(html) else hash(_VALUE.sub('""', _WORDS.sub("x", html)))
    if skeleton is not None and _known.get(skeleton):
        return _fast(html)
    tree = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False).parse(html)
    if skeleton is not None and skeleton not in _known:
        _known[skeleton] = _alike(tree, _fast(html))
    return tree


class _Target:
    """What libxml2 tells of a page is built into the same kind of tree."""

    def __init__(self) -> None:
        self._tree = TreeBuilder()
        self.data, self.end, self.close = self._tree.data, self._tree.end, self._tree.close

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        """Begin an element."""
        self._tree.start(tag, dict(attributes))


def _fast(html: str) -> Element:
    return etree.fromstring(html, etree.HTMLParser(target=_Target()))


def _alike(one: Element, other: Element) -> bool:
    """Whether two trees have the same elements, attributes and words."""
    return (
        one.tag == other.tag
        and dict(one.attrib) == dict(other.attrib)
        and _said(one.text) == _said(other.text)
        and _said(one.tail) == _said(other.tail)
        and all(
            a is not None and b is not None and _alike(a, b) for a, b in zip_longest(one, other)
        )
    )


def _said(words: str | None) -> str:
    """Give words as they stand; space alone says nothing, wherever it was put."""
    return words if words and words.strip() else ""

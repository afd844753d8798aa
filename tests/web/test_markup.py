"""The tests' own reader of pages: strict about each, however many like it were read before."""

from __future__ import annotations

import pytest
from html5lib.html5parser import ParseError

from tests.markup import parsed

PAGE = """<!DOCTYPE html>
<html lang="en"><head><title>{title}</title></head>
<body><main><h1 class="big">{title}</h1><table><tbody><tr><td>{cell}</td></tr></tbody></table>
<textarea name="why">{typed}</textarea><input value="{value}"></main></body></html>
"""
SOUND = {"title": "One", "cell": "a", "typed": "b", "value": "c"}


def page(**words):
    return PAGE.format(**{**SOUND, **words})


def test_what_is_read_faster_is_read_the_same():
    first = parsed(page())
    again = parsed(page(title="Two &amp; three", cell="&lt;b&gt;", typed="x\ny", value="&#34;"))
    assert [one.tag for one in again.iter()] == [one.tag for one in first.iter()]
    assert again.find(".//h1").text == "Two & three"
    assert again.find(".//h1").attrib == {"class": "big"}
    assert again.find(".//td").text == "<b>"
    assert again.find(".//textarea").text == "x\ny"
    assert again.find(".//input").get("value") == '"'


@pytest.mark.parametrize(
    "wrong",
    [
        {"cell": "<b>a"},
        {"cell": "a & b &nosuch; c"},
        {"value": "&nosuch;"},
        {"cell": "a\x01b"},
        {"title": "</title><p>"},
    ],
)
def test_a_sound_page_excuses_no_other_one(wrong):
    parsed(page())
    parsed(page(cell="z"))
    with pytest.raises(ParseError):
        parsed(page(**wrong))


def test_a_line_feed_that_a_box_swallows_is_swallowed():
    parsed(page())
    assert parsed(page(typed="\n\nafter")).find(".//textarea").text == "\nafter"

"""Memoised macros give what the official ones give, and keep nothing a person typed."""

from __future__ import annotations

import re

import pytest
from markupsafe import Markup

from eqia.web import components
from eqia.web.components import COMPONENTS, component

TAG = {"text": "Draft", "classes": "govuk-tag--grey"}
CASES = {
    "back link": ("govukBackLink", {"href": "/a?b=1&c=2", "text": "Back"}),
    "button": (
        "govukButton",
        {"text": "Save & go", "name": "x", "value": "1", "attributes": {"data-a": "b"}},
    ),
    "button link": ("govukButton", {"text": "Start", "href": "/x", "isStartButton": True}),
    "checkboxes": (
        "govukCheckboxes",
        {
            "name": "a",
            "fieldset": {"legend": {"text": "Which?"}},
            "values": ["y"],
            "items": [
                {"value": "x", "text": "X"},
                {"value": "y", "text": "Y", "hint": {"text": "why"}},
                {"divider": "or"},
                {"value": "z", "text": "Z", "behaviour": "exclusive"},
            ],
        },
    ),
    "character count": (
        "govukCharacterCount",
        {"name": "q", "maxlength": 200, "label": {"text": "L"}, "value": "v"},
    ),
    "date": (
        "govukDateInput",
        {
            "id": "d",
            "namePrefix": "d",
            "fieldset": {"legend": {"text": "When?"}},
            "items": [{"name": "day", "label": "Day", "value": "3"}],
        },
    ),
    "details": ("govukDetails", {"summaryText": "More", "text": "All of it", "open": True}),
    "error summary": (
        "govukErrorSummary",
        {"titleText": "There is a problem", "errorList": [{"text": "No", "href": "#a"}]},
    ),
    "header": ("govukGenericHeader", {"url": "/", "logoText": "Example <Trust>"}),
    "input": (
        "govukInput",
        {
            "id": "a",
            "name": "a",
            "label": {"text": "A"},
            "value": "<b>",
            "type": "email",
            "hint": {"text": "h"},
            "errorMessage": {"text": "e"},
        },
    ),
    "menu": (
        "govukServiceNavigation",
        {
            "serviceName": "S",
            "serviceUrl": "/",
            "navigation": [
                {"text": "A", "href": "/a", "current": True},
                {"text": "B", "href": "/b"},
            ],
        },
    ),
    "pages": (
        "govukPagination",
        {
            "previous": {"href": "/1"},
            "next": {"href": "/3"},
            "items": [
                {"number": 1, "href": "/1"},
                {"number": 2, "href": "/2", "current": True},
                {"ellipsis": True},
            ],
        },
    ),
    "password": (
        "govukPasswordInput",
        {"id": "p", "name": "p", "label": {"text": "P"}, "autocomplete": "new-password"},
    ),
    "radios": (
        "govukRadios",
        {
            "name": "a",
            "value": "y",
            "fieldset": {"legend": {"text": "A <b>", "isPageHeading": True}},
            "items": [{"value": "x", "text": "X"}, {"value": "y", "text": "Y"}],
        },
    ),
    "select": (
        "govukSelect",
        {
            "name": "a",
            "label": {"text": "A"},
            "value": "2",
            "items": [{"value": "1", "text": "one"}, {"value": "2", "text": "two"}],
        },
    ),
    "summary list": (
        "govukSummaryList",
        {
            "card": {"title": {"text": "C"}},
            "rows": [
                {
                    "key": {"text": "K"},
                    "value": {"text": "V"},
                    "actions": {
                        "items": [{"href": "/c", "text": "Change", "visuallyHiddenText": "k"}]
                    },
                }
            ],
        },
    ),
    "table": (
        "govukTable",
        {
            "caption": "T",
            "firstCellIsHeader": True,
            "head": [{"text": "H"}],
            "rows": [[{"text": "a"}, {"text": "1", "format": "numeric"}]],
        },
    ),
    "tag": ("govukTag", TAG),
    "task list": (
        "govukTaskList",
        {"idPrefix": "t", "items": [{"title": {"text": "A"}, "href": "/", "status": {"tag": TAG}}]},
    ),
    "text area": (
        "govukTextarea",
        {"name": "q", "id": "q", "label": {"text": "L"}, "value": "</textarea><script>"},
    ),
    "warning": ("govukWarningText", {"text": "Mind", "iconFallbackText": "Warning"}),
}


def squeezed(html: str) -> str:
    return re.sub(r"\s+", " ", html).strip()


@pytest.mark.parametrize("case", CASES)
def test_a_memoised_macro_gives_what_the_official_one_gives(case: str):
    name, params = CASES[case]
    official = squeezed(components.official(name)(params))
    assert squeezed(component(name, params)) == official
    assert squeezed(component(name, params)) == official


@pytest.mark.parametrize("name", COMPONENTS)
def test_every_macro_is_there(name: str):
    assert callable(components.official(name))


def test_nothing_a_person_typed_is_kept():
    components.skeleton.cache_clear()
    for word in ("secret-one", "secret-two"):
        params = {
            "name": "q",
            "label": {"text": "L"},
            "value": word,
            "errorMessage": {"text": word},
        }
        assert component("govukTextarea", params).count(word) == 2
    assert components.skeleton.cache_info().currsize == 1


def test_words_that_look_like_a_hole_stay_words():
    sneaky = "\ue0f00\ue0f1"
    drawn = component("govukInput", {"name": "q", "label": {"text": "secret"}, "value": sneaky})
    assert sneaky in drawn
    assert drawn.count("secret") == 1


def test_html_is_escaped_unless_it_is_markup():
    assert "<b>" not in component("govukInsetText", {"html": "<b>bold</b>"})
    assert "<b>" in component("govukInsetText", {"html": Markup("<b>bold</b>")})


def test_lines_of_a_text_keep_their_beginnings():
    drawn = component("govukTextarea", {"name": "q", "label": {"text": "L"}, "value": "a\n  b\nc"})
    assert ">a\n  b\nc</textarea>" in drawn


def test_the_number_of_kept_shapes_is_bounded():
    for number in range(components.MOST_SHAPES + 50):
        component("govukTag", {"text": "t", "classes": f"c{number}"})
    assert components.skeleton.cache_info().currsize <= components.MOST_SHAPES


def test_a_very_long_table_is_drawn_but_not_kept():
    components.skeleton.cache_clear()
    rows = [[{"text": str(number)}] for number in range(700)]
    assert component("govukTable", {"rows": rows}).count("<tr") == 700
    assert components.skeleton.cache_info().currsize == 0

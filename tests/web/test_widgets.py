"""Fields as drawn; the six faults of the package we do not use are each ruled out here."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import html5lib
import pytest
from flask import Flask
from werkzeug.datastructures import MultiDict

from eqia.domain.errors import Problem
from eqia.web import components
from eqia.web.forms.fields import (
    CheckboxesField,
    Column,
    DayField,
    Form,
    HiddenField,
    ListField,
    LongTextField,
    MitigationField,
    RadiosField,
    SelectField,
    TextField,
    choice,
)
from tests.pages import text_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from xml.etree.ElementTree import Element

COLUMNS = (
    Column("what", "What will you measure?"),
    Column("due", "By when?", "date"),
    Column("left", "What is left?", "one", {"none": "None", "major": "Serious"}),
)


class Example(Form):
    title = TextField("Title", hint="A few words", needed="Enter a title")
    why = LongTextField("Why?", limit=50, called="Your reason")
    notes = LongTextField("Notes")
    age = RadiosField("Age", choices={"good": "Better", "bad": "Worse"}, needed="Choose for age")
    evidence = CheckboxesField(
        "Evidence",
        choices=[choice("data", "Data"), choice("nothing", "None of these", exclusive=True)],
    )
    body = SelectField(
        "Body", choices=[choice("a", "A", group="Trusts"), choice("b", "B", group="Councils")]
    )
    review = DayField("Review date", called="The review date")
    action = MitigationField("What will you do?", columns=COLUMNS)
    measures = ListField("Measures", columns=COLUMNS)
    version = HiddenField()


@pytest.fixture(autouse=True)
def app() -> Iterator[Flask]:
    app = Flask("tiny")
    app.config.update(SECRET_KEY="not a secret", WTF_CSRF_ENABLED=False)
    components.init_app(app)
    with app.test_request_context("/", method="POST"):
        yield app


def posted(**values: Any) -> Example:
    pairs = {name.replace("__", "-"): value for name, value in values.items()}
    return Example(MultiDict(pairs))


def tree(html: str) -> Element:
    page = f'<!DOCTYPE html><html lang="en"><title>t</title>{html}</html>'
    return html5lib.HTMLParser(strict=True, namespaceHTMLElements=False).parse(page)


def ids(html: str) -> set[str]:
    return {e.get("id", "") for e in tree(html).iter()} - {""}


def whole(form: Form) -> str:
    return str(form.hidden) + "".join(str(f()) for f in form if f.name != "version")


@pytest.mark.parametrize("name", ["age", "evidence", "review", "action", "measures"])
@pytest.mark.parametrize(
    "look", [{}, {"label_classes": "big"}, {"heading": True}, {"classes": "x"}]
)
def test_a_styled_legend_keeps_its_words(name: str, look: dict[str, Any]):
    form = Example(None)
    first = next(tree(form[name](**look)).iter("legend"))
    assert text_of(first) == form[name].label.text


@pytest.mark.parametrize(
    "given",
    [
        {},
        {"review-day": "1"},
        {"review-day": ["1", "2"], "review-month": "3", "review-year": "2027"},
        {"review": "2027-01-01"},
        {"review-day": "x", "review-month": "<script>", "review-year": "\x00"},
        {"review-day": "1", "review-month": "1", "review-year": "2027", "review-hour": "5"},
        {"review-day": "\ud800", "review-month": "٣", "review-year": "20270"},
        {"review-day": "9" * 5000, "review-month": "1", "review-year": "2027"},
    ],
)
def test_any_number_of_date_boxes_is_taken_without_raising(given: dict[str, Any]):
    form = Example(MultiDict(given))
    form.validate()
    drawn = form.review()
    assert "<script>" not in drawn
    drawn.encode()


@pytest.mark.parametrize(
    ("day", "month", "year", "message", "box"),
    [
        ("", "3", "2027", "The review date must include a day", "day"),
        ("3", "", "", "The review date must include a month and a year", "month"),
        (
            "31",
            "2",
            "2027",
            "The review date must be a real date: the day must be from 1 to 28",
            "day",
        ),
        (
            "3",
            "13",
            "2027",
            "The review date needs a month from 1 to 12, or a name such as June",
            "month",
        ),
        ("3", "3", "27", "The review date needs a year with 4 numbers, like 2027", "year"),
    ],
)
def test_a_date_says_what_is_wrong_and_leads_to_that_box(
    day: str, month: str, year: str, message: str, box: str
):
    form = posted(title="t", age="good", review__day=day, review__month=month, review__year=year)
    assert not form.validate()
    assert form.problems == [{"href": f"#review-{box}", "text": message}]
    assert f"review-{box}" in ids(form.review())
    assert message in form.review()
    assert f'value="{day}"' in form.review() or not day


@pytest.mark.parametrize("month", ["6", "06", "June", "june", "Jun", "Mehefin", "jun."])
def test_a_month_may_be_a_name(month: str):
    form = posted(review__day="30", review__month=month, review__year="2027")
    assert form.review.iso == "2027-06-30"


def test_a_summary_link_for_a_date_leads_to_its_first_box():
    form = posted(title="t", age="good")
    form.validate()
    form.review.refuse("Too late")
    assert form.problems[0]["href"] == "#review-day"


def test_a_real_limit_is_counted_and_held():
    form = posted(title="t", age="good", why="x" * 51)
    assert not form.validate()
    assert 'data-maxlength="50"' in form.why()
    assert "govuk-js-character-count" in form.why()
    assert form.problems == [{"href": "#why", "text": "Your reason must be 50 characters or fewer"}]
    assert "x" * 51 in form.why()


def test_no_limit_no_counter():
    assert "character-count" not in Example(None).notes()


def test_characters_are_counted_as_the_page_counts_them():
    assert posted(title="t", age="good", why="😀" * 25).validate()
    assert not posted(title="t", age="good", why="😀" * 26).validate()
    assert posted(title="t", age="good", why="a\r\n" * 25).validate()


@pytest.mark.parametrize("name", ["title", "why", "age", "evidence", "body", "review", "measures"])
def test_nothing_points_at_an_empty_hint(name: str):
    drawn = tree(Example(None)[name]())
    known = {e.get("id") for e in drawn.iter()}
    for element in drawn.iter():
        assert set((element.get("aria-describedby") or "").split()) <= known
        if "govuk-hint" in (element.get("class") or ""):
            assert text_of(element)


def test_option_groups_and_the_divider_are_drawn():
    form = Example(None)
    assert '<optgroup label="Trusts"><option value="a">A</option></optgroup>' in form.body()
    assert "checkboxes__divider" in form.evidence()
    assert 'data-behaviour="exclusive"' in form.evidence()


def test_a_message_about_the_whole_form_has_a_real_target():
    form = posted(title="t", age="good")
    form.validate()
    form.refuse([Problem("", "Somebody else has this title")])
    assert form.problems == [{"href": "#title", "text": "Somebody else has this title"}]
    assert "title" in ids(whole(form))


@pytest.mark.parametrize(
    ("field", "target"),
    [
        ("title", "title"),
        ("age", "age"),
        ("measures[1].what", "measures-1-what"),
        ("no.such", "title"),
    ],
)
def test_what_a_service_refuses_stands_at_its_field(field: str, target: str):
    form = posted(title="t", age="good")
    form.validate()
    form.refuse([Problem(field, "No")])
    assert form.problems == [{"href": f"#{target}", "text": "No"}]
    assert target in ids(whole(form))


def test_every_link_of_a_summary_reaches_a_box_and_says_the_same_words():
    form = posted(why="x" * 60, review__day="1", measures__1__due__day="5", action__due__day="7")
    assert not form.validate()
    assert len(form.problems) == 6
    drawn = whole(form)
    for problem in form.problems:
        assert problem["href"][1:] in ids(drawn)
        assert problem["text"] in text_of(tree(drawn))


def test_a_whole_form_is_strict_html_without_repeated_ids():
    drawn = tree(whole(posted(title="<b>", measures__1__what="x")))
    found = [e.get("id") for e in drawn.iter() if e.get("id")]
    assert len(found) == len(set(found))


def test_nothing_is_chosen_beforehand():
    assert "checked" not in Example(None).age()
    assert "checked" not in Example(None).evidence()

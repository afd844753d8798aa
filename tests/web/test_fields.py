"""What fields make of what is posted: values, messages, and what was typed kept."""

from __future__ import annotations

import json
from datetime import date
from typing import TYPE_CHECKING, Any
from uuid import UUID

import pytest
from flask import Flask, g
from hypothesis import given, settings
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict

from eqia.web.forms.fields import (
    CheckboxesField,
    Column,
    DayField,
    EmailField,
    Form,
    IdField,
    ListField,
    LongTextField,
    MitigationField,
    NamesField,
    NumberField,
    PasswordField,
    RadiosField,
    TextField,
    VersionField,
    choice,
)
from eqia.web.forms.rows import MOST_ROWS
from eqia.web.wording import say
from tests.web.test_widgets import whole

if TYPE_CHECKING:
    from collections.abc import Iterator

ONE_ONLY, NOT_OFFERED = say("en", "one_only"), say("en", "not_offered")
COLUMNS = (
    Column("what", "What?"),
    Column("due", "When?", "date"),
    Column("left", "Left?", "one", {"none": "None", "major": "Serious"}),
)


class Example(Form):
    title = TextField("Title")
    story = LongTextField("Story")
    email = EmailField("Email")
    people = NumberField("People")
    names = NamesField("Names")
    password = PasswordField("Password")
    age = RadiosField("Age", choices={"good": "Better", "bad": "Worse"})
    kinds = CheckboxesField(
        "Kinds", choices=[choice("a", "A"), choice("b", "B"), choice("no", "None", exclusive=True)]
    )
    when = DayField("When?")
    action = MitigationField("Action", columns=COLUMNS)
    rows = ListField("Rows", columns=COLUMNS)
    thing = IdField()
    version = VersionField()


app = Flask("tiny")
app.config.update(SECRET_KEY="not a secret", WTF_CSRF_ENABLED=False)


@pytest.fixture(autouse=True)
def _request() -> Iterator[None]:
    with app.test_request_context("/", method="POST"):
        yield


def posted(values: dict[str, Any]) -> Example:
    return Example(MultiDict(values))


@pytest.mark.parametrize(
    ("name", "value", "data"),
    [
        ("title", "  Two\nwords ", "Two words"),
        ("title", "a\x00b", "ab"),
        ("title", "Cafe\u0301", "Café"),
        ("story", "one\r\ntwo\rthree", "one\ntwo\nthree"),
        ("story", "\u202eabc", "\u202eabc"),
        ("story", "<script>alert(1)</script>", "<script>alert(1)</script>"),
        ("people", "1,200", 1200),
        ("people", "", None),
        ("names", "A\n\nB\nA\n", ("A", "B")),
        ("age", "bad", "bad"),
        ("age", "", None),
        ("kinds", ["b", "a", "b"], ("a", "b")),
        ("kinds", [], ()),
        ("thing", "00000000-0000-0000-0000-00000000000a", UUID(int=10)),
        ("thing", "00000000'; --", None),
        ("version", "12", 12),
        ("version", "12; drop", -1),
        ("version", ["1", "2"], -1),
        ("password", " pass\u00a0word ", " pass\u00a0word "),
    ],
)
def test_good_and_odd_posts_are_read(name: str, value: Any, data: Any):
    form = posted({name: value})
    assert form.validate()
    assert form[name].data == data


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("title", "x" * 20_001, "Use 20,000 characters or fewer"),
        ("title", ["a", "b"], ONE_ONLY),
        ("story", "a\ud800b", "This text holds a broken character. Type it again"),
        ("email", "nobody", "Enter an email address like name@example.org"),
        ("people", "many", "Enter a whole number, like 120"),
        ("people", "-3", "Enter a whole number, like 120"),
        ("people", "9" * 4000, "Enter a whole number, like 120"),
        ("people", "٣", "Enter a whole number, like 120"),
        ("age", "good'; --", NOT_OFFERED),
        ("age", ["good", "bad"], ONE_ONLY),
        ("kinds", ["a", "zzz"], NOT_OFFERED),
        ("kinds", ["a", "no"], "Choose “None” or other answers, not both"),
    ],
)
def test_what_cannot_be_used_is_refused_and_kept(name: str, value: Any, message: str):
    form = posted({name: value})
    assert not form.validate()
    assert [problem["text"] for problem in form.problems] == [message]
    kept = form[name].raw_for_keeping
    json.dumps(kept).encode()
    shown = form[name]()
    shown.encode()
    first = value[0] if isinstance(value, list) else value
    assert first.replace("\ud800", "\N{REPLACEMENT CHARACTER}") in str(kept)


def test_too_long_a_text_is_shown_again():
    form = posted({"story": "y" * 30_000})
    assert not form.validate()
    assert "y" * 30_000 in form.story()


def test_a_password_is_never_shown_or_kept():
    form = posted({"password": "hunter2"})
    assert form.password.data == "hunter2"
    assert "hunter2" not in form.password()
    assert form.password.raw_for_keeping is None


def test_a_leading_line_survives_the_text_area():
    assert ">\n\nfirst</textarea>" in posted({"story": "\nfirst"}).story()


def test_a_blank_field_matters_only_where_it_is_needed():
    class Strict(Form):
        a = TextField("A", needed="Enter a")
        b = DayField("B", needed="Enter b")
        c = RadiosField("C", choices={"x": "X"}, needed="Choose c")
        d = TextField("D")

    form = Strict(MultiDict({"a": "   "}))
    assert not form.validate()
    assert form.problems == [
        {"href": "#a", "text": "Enter a"},
        {"href": "#b-day", "text": "Enter b"},
        {"href": "#c", "text": "Choose c"},
    ]


@pytest.mark.parametrize(
    "stored",
    [
        {"title": "t", "when": "2027-06-30", "age": "good", "kinds": ["a"], "names": ["A"]},
        {"when": date(2027, 6, 30), "rows": [{"what": "x", "due": "2027-01-31", "left": "none"}]},
        {"when": {"day": "31", "month": "2", "year": "x"}, "kinds": "zzz", "age": ["a", "b"]},
        {"rows": [{"what": "x", "due": {"day": "1"}}], "action": {"what": "y", "left": "zzz"}},
        {"rows": "nonsense", "action": [], "names": None, "people": "many", "title": 7},
    ],
)
def test_stored_answers_and_stored_raw_text_fill_the_form(stored: dict[str, Any]):
    form = Example(None, data=stored)
    whole(form).encode()


def test_raw_text_comes_back_as_typed():
    typed = {"when-day": "31", "when-month": "2", "when-year": "2027"}
    raw = posted(typed).when.raw_for_keeping
    again = Example(None, data={"when": raw})
    assert [again.when.shown_part(part) for part in ("day", "month", "year")] == ["31", "2", "2027"]


def test_columns_make_one_answer():
    form = posted(
        {
            "action-what": "Ring",
            "action-due-day": "31",
            "action-due-month": "1",
            "action-due-year": "2027",
            "action-left": "none",
        }
    )
    assert form.validate()
    assert form.action.data == {"what": "Ring", "due": "2027-01-31", "left": "none"}


def test_a_list_shows_its_rows_and_an_empty_one():
    form = Example(None, data={"rows": [{"what": "a"}, {"what": "b"}]})
    assert [row.is_blank for row in form.rows.rows] == [False, False, True]
    assert form.rows.data == ({"what": "a"}, {"what": "b"})


def test_empty_rows_are_dropped_and_gaps_closed():
    form = posted(
        {"rows-1-what": "a", "rows-2-what": " ", "rows-9-what": "b", "rows-10-due-day": ""}
    )
    assert form.validate()
    assert form.rows.data == ({"what": "a"}, {"what": "b"})


def test_a_row_can_be_added_and_removed_without_javascript():
    form = posted({"rows-1-what": "a", "rows-2-what": "b", "rows-remove": "1"})
    assert form.stays
    assert form.rows.data == ({"what": "b"},)
    assert posted({"rows-1-what": "a", "rows-add": "1"}).stays
    assert not posted({"rows-1-what": "a"}).stays
    assert 'value="2" name="rows-remove"' in form.rows()
    assert 'name="rows-add"' in form.rows()


def test_a_bad_box_in_a_row_is_named_at_that_box():
    form = posted({"rows-1-what": "a", "rows-1-due-day": "40", "rows-1-left": "zzz"})
    assert not form.validate()
    assert [problem["href"] for problem in form.problems] == ["#rows-1-due-month", "#rows-1-left"]
    assert form.rows.raw_for_keeping == [
        {"what": "a", "due": {"day": "40", "month": "", "year": ""}, "left": ["zzz"]}
    ]


def test_too_many_rows_are_refused_and_kept():
    form = posted({f"rows-{n}-what": "x" for n in range(1, MOST_ROWS + 10)})
    assert not form.validate()
    assert form.problems == [{"href": "#rows-1-what", "text": f"Use {MOST_ROWS} rows or fewer"}]
    assert len(form.rows.raw_for_keeping) == MOST_ROWS + 9


def test_what_was_kept_refills_the_form_when_it_is_opened_again():
    with app.test_request_context("/"):
        g.kept = MultiDict({"title": "typed before", "rows-1-what": "x"})
        form = Example()
        assert form.title.data == "typed before"
        assert form.rows.data == ({"what": "x"},)
        assert not form.problems


def test_an_empty_post_is_a_post():
    form = Example()
    assert form.kinds.posted == ()


NAMES = st.sampled_from(
    [
        "title",
        "story",
        "email",
        "people",
        "names",
        "age",
        "kinds",
        "version",
        "when",
        "when-day",
        "when-month",
        "when-year",
        "action-what",
        "action-due-day",
        "action-left",
        "rows-1-what",
        "rows-1-due-year",
        "rows-0-what",
        "rows-99999-what",
        "rows-2-left",
        "rows-add",
        "rows-remove",
        "rows--what",
        "rows-1-",
        "action-",
        "password",
    ]
)
TEXTS = st.one_of(
    st.text(),
    st.text(st.characters(codec=None), max_size=20),
    st.sampled_from(["\x00", "\ud800", "\u202e", "<script>", "9" * 5000, "2027", "good", "a", "1"]),
)


@given(st.dictionaries(NAMES, st.lists(TEXTS, max_size=3), max_size=12))
@settings(max_examples=150, deadline=None)
def test_no_post_makes_a_field_raise(values: dict[str, list[str]]):
    with app.test_request_context("/", method="POST"):
        form = posted(values)
        if not form.validate():
            assert form.problems
        whole(form).encode()
        for field in form:
            json.dumps(field.raw_for_keeping).encode()

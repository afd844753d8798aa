import pytest

from eqia.domain.answer_parsing import parse_answers, read_answers
from eqia.domain.errors import Invalid
from tests.domain.forms import effects, health_form, parsed, question_set

GAP = {"gap": "g", "how": "h", "owner": "o", "due": "2027-01-31"}


def refused(**changed):
    with pytest.raises(Invalid) as caught:
        parsed({**health_form(), **changed})
    return {problem.field: problem.message for problem in caught.value.problems}


@pytest.mark.parametrize(
    ("changed", "field", "words"),
    [
        ({"Z9": "x"}, "Z9", "Unknown question"),
        ({"": "x"}, "", "Unknown question"),
        ({"B1": "maybe"}, "B1", "Unknown code 'maybe'"),
        ({"B1": "Yes"}, "B1", "Unknown code"),
        ({"B1": True}, "B1", "one code"),
        ({"B1": 1}, "B1", "one code"),
        ({"B1": ["yes"]}, "B1", "one code"),
        ({"B1": {"age": "yes"}}, "B1", "one code"),
        ({"A2": "new"}, "A2", "list of codes"),
        ({"A2": [1]}, "A2", "list of codes"),
        ({"A2": [None]}, "A2", "list of codes"),
        ({"A2": {"new": True}}, "A2", "list of codes"),
        ({"A2": ["newish"]}, "A2", "Unknown code"),
        ({"A2": ["new", "new"]}, "A2", "twice"),
        ({"A3": ["nobody", "staff"]}, "A3", "cannot stand beside"),
        ({"C2": effects(["nothing", "data"])}, "C2.age", "cannot stand beside"),
        ({"A1": 3}, "A1", "text"),
        ({"A1": ["x"]}, "A1", "text"),
        ({"A1": "x" * 20_001}, "A1", "20,000"),
        ({"A1": "x" * 1_000_000}, "A1", "20,000"),
        ({"A1": "\ud800"}, "A1", "broken character"),
        ({"A5_who": "x" * 201}, "A5_who", "200 characters"),
        ({"A5_date": "30/06/2027"}, "A5_date", "not a real date"),
        ({"A5_date": "2027-02-29"}, "A5_date", "not a real date"),
        ({"A5_date": "20270630"}, "A5_date", "not a real date"),
        ({"A5_date": 20270630}, "A5_date", "date"),
        ({"A5_date": "٢٠٢٧-٠٦-٣٠"}, "A5_date", "not a real date"),
        ({"C1": "none"}, "C1", "one answer per group"),
        ({"C1": ["none"]}, "C1", "one answer per group"),
        ({"C1": effects(age="awful")}, "C1.age", "Unknown code"),
        ({"C1": {**effects(), "aliens": "none"}}, "C1.aliens", "Unknown group"),
        ({"C1": {**effects(), "org-x": "none"}}, "C1.org-x", "Unknown group"),
        ({"C1": effects(age=["none"])}, "C1.age", "one code"),
        ({"C1": effects(age="minor"), "C4": {"age": "later"}}, "C4.age", "one answer per column"),
        ({"C1": effects(age="minor"), "C4": {"age": {"when": "x"}}}, "C4.age.when", "column"),
        ({"C1": effects(age="minor"), "C4": {"age": {"due": "soon"}}}, "C4.age.due", "real date"),
        (
            {"C1": effects(age="minor"), "C4": {"age": {"residual": "lots"}}},
            "C4.age.residual",
            "Unknown code",
        ),
        ({"C1": effects(age="minor"), "C4": {"age": {"owner": 5}}}, "C4.age.owner", "text"),
        ({"F2": {"gap": "x"}}, "F2", "list of rows"),
        ({"F2": ["x"]}, "F2[1]", "one answer per column"),
        ({"F2": [GAP, {**GAP, "due": "x"}]}, "F2[2].due", "real date"),
        ({"F2": [{**GAP, "why": "x"}]}, "F2[1].why", "Unknown column"),
        ({"F2": [GAP] * 201}, "F2", "200 rows"),
        ({"A7": [""] * 201}, "A7", "200"),
        ({"A7": "one"}, "A7", "list of codes"),
        ({"A7": [{"id": 1}]}, "A7", "list of codes"),
    ],
)
def test_what_cannot_be_used_is_refused_at_its_field(changed, field, words):
    problems = refused(**changed)
    assert field in problems
    assert words in problems[field]


def test_every_problem_is_named_at_once():
    problems = refused(B1="maybe", A2="new", Z9=1, C1=effects(age="awful"))
    assert set(problems) == {"B1", "A2", "Z9", "C1.age"}


def test_a_long_wrong_code_is_not_repeated_in_full():
    assert len(refused(B1="x" * 1_000_000)["B1"]) < 100


@pytest.mark.parametrize("rubbish", ["maybe", 1, [[]], {"x": 1}, None, "\ud800", "x" * 1_000_000])
def test_what_is_hidden_is_not_read(rubbish):
    form = health_form(
        B2="no",
        A5_urgent=rubbish,
        B9=rubbish,
        C1=effects(marriage_cp=rubbish),
        C4={"age": rubbish, "marriage_cp": rubbish},
    )
    assert parsed(form).get("C1", "marriage_cp") is None


def test_a_group_that_does_not_exist_is_named_even_in_a_row_that_is_hidden():
    assert "C4.aliens" not in refused(C4={"aliens": {}}, B1="maybe")
    assert "C4.aliens" in refused(C4={"aliens": {}}, C1=effects(age="minor"))


def test_what_parses_is_kept_beside_what_does_not():
    answers, problems = read_answers(question_set(), {"B1": "maybe", "B2": "yes", "A1": "ok"})
    assert answers.as_json() == {"B2": "yes", "A1": "ok"}
    assert [problem.field for problem in problems] == ["B1"]


def test_organisations_may_have_any_name():
    answers = parsed({"A7": ["University Hospitals", "ICB <North>", "University Hospitals", " "]})
    assert answers.get("A7") == ("University Hospitals", "ICB <North>")


def test_ticks_are_put_in_the_order_of_the_form():
    assert parsed({"A2": ["policy", "new"]}).get("A2") == ("new", "policy")


def test_words_are_kept_as_typed():
    typed = "<b>bold</b> \u202eabc\u202c \U0001f44d"
    assert parsed({"A1": typed}).get("A1") == typed
    assert parsed({"A1": "a\x00b"}).get("A1") == "ab"


def test_answers_go_out_in_the_shape_they_came_in():
    form = health_form(F2=[GAP], C4={"age": {"action": "a"}}, C1=effects(age="minor"))
    assert parsed(form).as_json() == form


def test_answers_are_listed_in_form_order():
    listed = [(q, g) for q, g, _ in parsed({"B1": "no", "A4": "dk"}).items(question_set())]
    assert listed == [("A4", None), ("B1", None)]


def test_a_mapping_of_the_set_is_needed():
    with pytest.raises(Invalid):
        parse_answers(question_set("ni-s75"), {"A1": "x"})

"""Every loader error of questions.md section 7, one row each."""

import json
from datetime import date

import pytest

from eqia.domain.errors import Invalid
from eqia.domain.question_set_loading import (
    QuestionSetInvalid,
    digests,
    from_snapshot,
    in_force,
    load_question_sets,
    read_question_set,
)
from tests.domain.forms import question_set

#: The shape questions.md prints, and a little more.
EXAMPLE = """
id = "example"
version = 1
title = {en = "Example"}
effective_from = 2027-01-01
jurisdiction = "england"
languages = ["en"]
default = "more_info"
law = [{ref = "Equality Act 2010 s.149(1)", as_at = 2026-11-23}]
outcomes = [{id = "not_required", rank = 0, label = {en = "Not needed"}}, {id = "more_info", rank = 1, label = {en = "More needed"}}]

[[groups.pc]]
id = "age"
label = {en = "Age"}

[[groups.other]]
id = "carers"
label = {en = "Carers"}

[[questions]]
id = "A1"
type = "many"
choices = [{code = "new", label = {en = "New"}}, {code = "old", label = {en = "Old"}}]
text = {en = "What is it?"}

[[questions]]
id = "C1"
scope = ["pc"]
type = "one"
choices = [{code = "none", label = {en = "No different"}}, {code = "dk", label = {en = "Don't know yet"}}]
text = {en = "What is the likely effect on {group}?"}

[[questions]]
id = "C4"
scope = ["pc"]
type = "mitigation"
required_if = false
text = {en = "What will you do?"}
fields = [{id = "action", type = "text", label = {en = "What"}}, {id = "residual", type = "one", label = {en = "Left"}, choices = [{code = "minor", label = {en = "Small"}}]}]

[conditions]
OPEN = {some = {over = "pc", where = {not = {is = ["C1", "none"]}}}}

[[rules]]
id = "X1"
outcome = "not_required"
when = {not = {use = "OPEN"}}
reason = {en = "No group is affected differently."}

[[rules]]
id = "X2"
outcome = "more_info"
when = {use = "OPEN"}
reason = {en = "Find out about {groups}."}

[[duties]]
id = "D"
raised_when = {has = ["A1", "new"]}
requires = {en = "Something else."}

[signoff]
roles = ["approver"]

[uses]
effect = ["C1"]
"""  # noqa: E501


def faults(text, **given):
    with pytest.raises(QuestionSetInvalid) as caught:
        read_question_set(text, name="x.toml", **given)
    return [(problem.field, problem.message) for problem in caught.value.problems]


def test_the_example_of_the_design_can_be_loaded():
    found = read_question_set(EXAMPLE)
    assert [question.id for question in found.questions] == ["A1", "C1", "C4"]
    assert found.outcome("not_required").signable
    assert found.top.id == "more_info"


def swap(old, new, count=1):
    assert old in EXAMPLE
    return EXAMPLE.replace(old, new, count)


WHEN = 'when = {not = {use = "OPEN"}}'
BAD = [
    # unknown or missing key
    ("version = 1", 'version = 1\ncolour = "red"', "top level", "unknown key 'colour'"),
    ('jurisdiction = "england"\n', "", "top level", "missing key 'jurisdiction'"),
    ('id = "A1"\n', 'id = "A1"\nhint = "x"\n', "questions A1", "unknown key 'hint'"),
    ('outcome = "not_required"\n', "", "rules X1", "missing key 'outcome'"),
    (WHEN + "\n", "", "rules X1", "missing key 'when'"),
    ('id = "age"\n', 'id = "age"\nsize = 1\n', "groups.pc age", "unknown key 'size'"),
    ("effect =", "affect =", "uses", "unknown key 'affect'"),
    ("rank = 0, ", "", "outcomes not_required", "missing key 'rank'"),
    ('languages = ["en"]', "languages = []", "top level", "needs a language"),
    ("[[groups.other]]", '[[groups."other one"]]', "groups", "bad id 'other one'"),
    # wrong type
    ("version = 1", 'version = "1"', "top level", "should be a whole number"),
    ("version = 1", "version = true", "top level", "should be a whole number"),
    ('id = "example"', "id = 5", "top level", "'id' should be text"),
    ("effective_from = 2027-01-01", 'effective_from = "soon"', "top level", "should be a date"),
    ('title = {en = "Example"}', 'title = "Example"', "top level", "'title' should hold texts"),
    # bad id, code or version
    ('id = "example"', 'id = "1 example"', "top level", "bad id"),
    ('id = "A1"', 'id = "A 1"', "questions A 1", "bad id"),
    ('code = "new"', 'code = "new!"', "questions A1", "bad code"),
    ("version = 1", "version = 0", "top level", "bad version"),
    # duplicate id or code
    ('id = "C4"', 'id = "C1"', "questions", "duplicate id 'C1'"),
    ('id = "X2"', 'id = "X1"', "rules", "duplicate id 'X1'"),
    ('code = "old"', 'code = "new"', "questions A1", "duplicate code 'new'"),
    ('[[groups.other]]\nid = "carers"', '[[groups.pc]]\nid = "age"', "groups.pc", "duplicate id"),
    ('id = "more_info", rank', 'id = "not_required", rank', "outcomes", "duplicate id"),
    ('languages = ["en"]', 'languages = ["en", "en"]', "top level", "duplicate language"),
    # text or label missing in a declared language
    ('languages = ["en"]', 'languages = ["en", "cy"]', "questions A1", "missing in language 'cy'"),
    ('label = {en = "Age"}', 'label = {en = " "}', "groups.pc age", "missing in language 'en'"),
    ('label = {en = "Age"}', 'label = {fr = "Âge"}', "groups.pc age", "undeclared language 'fr'"),
    ('label = {en = "Age"}\n', "", "groups.pc age", "missing 'label'"),
    # unknown name
    ('scope = ["pc"]', 'scope = ["all"]', "questions C1", "unknown group list 'all'"),
    ('["C1", "none"]', '["C9", "none"]', "rules X1", "unknown question 'C9'"),
    ('["C1", "none"]', '["C1", "nil"]', "rules X1", "unknown code 'nil'"),
    ('over = "pc"', 'over = "all"', "rules X1", "unknown group list 'all'"),
    (WHEN, 'when = {use = "SHUT"}', "rules X1", "unknown condition 'SHUT'"),
    ('outcome = "not_required"', 'outcome = "fine"', "rules X1", "unknown outcome 'fine'"),
    ('roles = ["approver"]', 'roles = ["boss"]', "signoff", "unknown role 'boss'"),
    ("No group is", "No {people} are", "rules X1", "unknown placeholder {people}"),
    ("What is it?", "What is {group}?", "questions A1", "unknown placeholder {group}"),
    ('effect = ["C1"]', 'effect = ["C7"]', "uses", "unknown question 'C7'"),
    ('effect = ["C1"]', 'short_path = "SHUT"', "uses", "unknown condition 'SHUT'"),
    ('type = "many"', 'type = "several"', "questions A1", "unknown type 'several'"),
    ('type = "many"', 'type = "many"\nrequired_for = ["fine"]', "questions A1", "unknown outcome"),
    ('type = "many"', 'type = "many"\nsection = "z"', "questions A1", "unknown section 'z'"),
    ('type = "many"', 'type = "many"\ncompanion_of = "z"', "questions A1", "unknown question 'z'"),
    ('type = "many"', 'type = "many"\nworse = [{gain = ["z"]}]', "questions A1", "unknown code"),
    ('type = "many"', 'type = "many"\nworse = [{to = ["new"]}]', "questions A1", "does not fit"),
    ('type = "many"', 'type = "many"\nsteps = [{}]', "questions A1 steps", "exactly one of"),
    # not exactly one operator
    (WHEN, "when = {}", "rules X1", "exactly one operator"),
    (WHEN, 'when = {blank = "A1", all = []}', "rules X1", "exactly one operator"),
    (WHEN, "when = {never = []}", "rules X1", "unknown operator 'never'"),
    (WHEN, "when = true", "rules X1", "exactly one operator"),
    (WHEN, 'when = ["A1"]', "rules X1", "exactly one operator"),
    (WHEN, 'when = {is = "A1"}', "rules X1", "needs a question and its code"),
    (WHEN, 'when = {has = ["A1", 5]}', "rules X1", "needs a code or a list of codes"),
    (WHEN, 'when = {all = {blank = "A1"}}', "rules X1", "needs a list of conditions"),
    # operator unfit for the type
    (WHEN, 'when = {is = ["A1", "new"]}', "rules X1", "'is' does not fit 'A1'"),
    ('{is = ["C1", "none"]}', '{has = ["C1", "none"]}', "rules X1", "'has' does not fit 'C1'"),
    ('{is = ["C1", "none"]}', '{is = ["C4", "x"]}', "rules X1", "'is' does not fit 'C4'"),
    ('{is = ["C1", "none"]}', '{has = ["C4.residual", "minor"]}', "rules X1", "does not fit"),
    ('{is = ["C1", "none"]}', '{is = ["C4.owner", "x"]}', "rules X1", "unknown part 'C4.owner'"),
    ('{is = ["C1", "none"]}', '{is = ["C4.complete", "so"]}', "rules X1", "unknown code 'so'"),
    # row question outside some or count, or on a list it is not asked for
    (WHEN, 'when = {is = ["C1", "none"]}', "rules X1", "use 'some' or 'count'"),
    ('over = "pc"', 'over = "other"', "rules X1", "not asked of group list 'other'"),
    (
        '{is = ["C1", "none"]}',
        '{some = {over = "pc", where = {is = ["C1", "none"]}}}',
        "rules X1",
        "'some' inside another",
    ),
    # count
    (
        WHEN,
        'when = {count = {over = "pc", n = 0, where = {is = ["C1", "none"]}}}',
        "rules X1",
        "from 1 to 1",
    ),
    (
        WHEN,
        'when = {count = {over = "pc", n = 2, where = {is = ["C1", "none"]}}}',
        "rules X1",
        "from 1 to 1",
    ),
    (
        WHEN,
        'when = {count = {over = "pc", n = "many", where = {is = ["C1", "none"]}}}',
        "rules X1",
        "whole number or a limit",
    ),
    (WHEN, 'when = {count = {over = "pc", where = {blank = "C1"}}}', "rules X1", "'count' needs"),
    # circular conditions
    ("[conditions]", '[conditions]\nA = {use = "B"}\nB = {use = "A"}', "conditions A", "circular"),
    ("OPEN = {", 'OPEN = {all = [{use = "OPEN"}]}\nUNUSED = {', "rules X1", "circular"),
    ("OPEN = {", 'SHUT = {is = ["C1", 5]}\nOPEN = {', "conditions SHUT", "needs one code"),
    # show_if reading a later question
    (
        'id = "A1"\n',
        'id = "A1"\nshow_if = {some = {over = "pc", where = {is = ["C1", "dk"]}}}\n',
        "questions A1",
        "later",
    ),
    ('id = "A1"\n', 'id = "A1"\nshow_if = {has = ["A1", "new"]}\n', "questions A1", "later"),
    (
        'id = "age"\n',
        'id = "age"\nshow_if = {some = {over = "pc", where = {is = ["C1", "dk"]}}}\n',
        "groups.pc age",
        "later",
    ),
    # ranks, default, reason, law, dates
    ("rank = 1", "rank = 2", "outcomes", "ranks should run from 0 to 1"),
    ('default = "more_info"\n', "", "top level", "missing key 'default'"),
    ('default = "more_info"', 'default = "not_required"', "top level", "is the lowest outcome"),
    ('default = "more_info"', 'default = "maybe"', "top level", "unknown outcome 'maybe'"),
    ('reason = {en = "No group is affected differently."}\n', "", "rules X1", "missing 'reason'"),
    (", as_at = 2026-11-23", "", "law Equality Act 2010 s.149(1)", "missing key 'as_at'"),
    (
        "effective_from = 2027-01-01",
        "effective_from = 2027-01-01\neffective_to = 2026-01-01",
        "top level",
        "is before 'effective_from'",
    ),
    (
        'type = "many"',
        (
            'type = "many"\nrecord_only = true\n[[rules]]\nid = "X0"\noutcome = "more_info"\n'
            'when = {has = ["A1", "new"]}\nreason = {en = "x"}\n[[questions]]\nid="A0"\ntype="many"'
        ),
        "rules X0",
        "for the record only",
    ),
]


@pytest.mark.parametrize(
    ("old", "new", "where", "words"), BAD, ids=[f"{i} {row[3]}" for i, row in enumerate(BAD)]
)
def test_a_contradiction_is_refused_where_it_stands(old, new, where, words):
    found = faults(swap(old, new))
    assert any(field == f"x.toml: {where}" and words in message for field, message in found), found


def test_all_faults_are_named_at_once():
    broken = swap("rank = 1", "rank = 2").replace("as_at = 2026-11-23", "note = 'x'")
    broken = broken.replace('["C1", "none"]', '["C1", "nil"]').replace(
        'type = "many"', 'type = "x"'
    )
    fields = {field for field, _ in faults(broken)}
    assert len(fields) >= 5


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("id = ", "is not TOML"),
        ("", "missing key 'id'"),
        ("x = " + "[" * 5000 + "]" * 5000, "nested"),
        ('id = "a"\nid = "b"', "is not TOML"),
        ("questions = 5", "should be a list"),
        ("questions = [5]", "should be a table"),
        ("groups = {pc = 5}", "should be a table"),
        ("outcomes = [[]]", "should be a table"),
        ("rules = {}", "should be a list"),
        ('id = "a\\u0000b"', "bad id"),
    ],
)
def test_a_file_that_is_no_question_set_is_refused(text, words):
    assert any(words in message for _, message in faults(text))


def test_conditions_without_end_are_refused_in_good_time():
    doubling = "\n".join(
        f'L{i} = {{all = [{{use = "L{i + 1}"}}, {{use = "L{i + 1}"}}]}}' for i in range(30)
    )
    text = swap("[conditions]", f'[conditions]\n{doubling}\nL30 = {{blank = "A1"}}')
    assert any("too deep or too large" in message for _, message in faults(text))


def test_a_missing_file_is_refused(tmp_path):
    with pytest.raises(QuestionSetInvalid) as caught:
        read_question_set(tmp_path / "none.toml")
    assert "cannot be read" in caught.value.problems[0].message


def test_a_file_that_is_not_utf_8_is_refused(tmp_path):
    path = tmp_path / "latin.toml"
    path.write_bytes('title = "\xe9"'.encode("latin-1"))
    with pytest.raises(Invalid):
        read_question_set(path)


def test_a_known_version_with_other_content_is_refused():
    known = digests([read_question_set(EXAMPLE)])
    assert read_question_set(EXAMPLE, known=known).key == ("example", 1)
    assert (
        "x.toml: example version 1",
        "is already known with other content: give it a new version",
    ) in faults(swap("What is it?", "What is that?"), known=known)
    assert read_question_set(swap("version = 1", "version = 2"), known=known).version == 2


@pytest.mark.parametrize("name", ["bhp-nhs", "ni-s75", "scot-psed-fsd", "wales-reg8"])
def test_a_snapshot_brings_the_same_set_back(name):
    found = question_set(name)
    again = from_snapshot(json.loads(json.dumps(found.to_snapshot())))
    assert (again.digest, again.key) == (found.digest, found.key)
    assert again == found
    assert again.rules == found.rules
    assert again.effective_from == date(2026, 11, 1)


def test_a_digest_covers_every_word():
    first = read_question_set(EXAMPLE)
    assert len(first.digest) == 64
    assert read_question_set(EXAMPLE + "# a remark\n").digest == first.digest
    assert read_question_set(swap("What is it?", "What is that?")).digest != first.digest


def test_a_snapshot_can_be_changed_without_changing_the_set():
    found = read_question_set(EXAMPLE)
    found.to_snapshot()["questions"].clear()
    assert len(found.to_snapshot()["questions"]) == 3


def test_four_sets_are_bundled():
    names = {set_id for set_id, _ in load_question_sets()}
    assert names == {"bhp-nhs", "ni-s75", "scot-psed-fsd", "wales-reg8"}


def test_the_latest_version_in_force_is_used():
    def version(number, first, last=""):
        dates = f"effective_from = {first}" + (f"\neffective_to = {last}" if last else "")
        text = swap("version = 1", f"version = {number}")
        return read_question_set(text.replace("effective_from = 2027-01-01", dates))

    sets = {
        found.key: found
        for found in (
            version(1, "2026-01-01", "2026-12-31"),
            version(2, "2027-01-01"),
            version(3, "2028-01-01"),
        )
    }
    assert in_force(sets, "example", date(2026, 6, 1)).version == 1
    assert in_force(sets, "example", date(2027, 6, 1)).version == 2
    assert in_force(sets, "example", date(2028, 1, 1)).version == 3
    assert in_force(sets, "example", date(2025, 1, 1)).version == 1
    assert in_force(sets, "other", date(2027, 6, 1)) is None

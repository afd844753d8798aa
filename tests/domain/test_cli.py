"""`eqia decide` and `eqia check-question-sets`, as a shell sees them (section 9)."""

import json
import os
import subprocess
import sys

import pytest
from click.testing import CliRunner

from eqia.cli import main
from eqia.domain.question_set_loading import FOLDER
from tests.domain.forms import health_form, scottish_form, short_form

GOOD = {"question_set": "bhp-nhs", "answers": health_form()}


def run(*arguments, given=None):
    return CliRunner().invoke(main, list(arguments), input=given)


def lines(*forms):
    return "".join(json.dumps(form) + "\n" for form in forms)


def test_forms_on_standard_input_are_decided_in_order():
    forms = [
        GOOD,
        {"question_set": "bhp-nhs", "answers": health_form(D1="yes")},
        {"question_set": "scot-psed-fsd", "answers": scottish_form()},
        {"question_set": "bhp-nhs", "answers": short_form()},
    ]
    result = run("decide", "-", given="\n" + lines(*forms) + "\n\n")
    outcomes = [json.loads(line)["outcome"] for line in result.stdout.splitlines()]
    assert outcomes == ["not_required", "full", "declaration_not_required", "not_required"]
    assert (result.exit_code, result.stderr) == (0, "")


def test_files_are_decided_in_order(tmp_path):
    one, two = tmp_path / "one.json", tmp_path / "two.jsonl"
    one.write_text(json.dumps(GOOD, indent=2))
    two.write_text(lines({**GOOD, "answers": {}}, GOOD))
    result = run("decide", str(one), str(two))
    outcomes = [json.loads(line)["outcome"] for line in result.stdout.splitlines()]
    assert outcomes == ["not_required", "more_info", "not_required"]


def test_a_bad_form_is_named_by_line_and_field_and_nothing_follows_it():
    bad = {"question_set": "bhp-nhs", "answers": {"Q\x1b[31m": 1, "B1": "maybe"}}
    result = run("decide", "-", given=lines(GOOD, bad, GOOD, {"answers": {}}))
    assert result.exit_code == 2
    assert len(result.stdout.splitlines()) == 1
    assert result.stderr.splitlines() == [
        "standard input line 2: Q\\x1b[31m: Unknown question",
        "standard input line 2: B1: Unknown code 'maybe'",
        "standard input line 4: question_set: Should name a question set",
    ]


def test_a_bad_file_is_named_by_file_and_field(tmp_path):
    path = tmp_path / "form.json"
    path.write_text(json.dumps({"question_set": "bhp-nhs", "answers": {"C1": {"age": "bad"}}}))
    result = run("decide", str(path))
    assert result.exit_code == 2
    assert result.stderr == f"{path}: C1.age: Unknown code 'bad'\n"


def test_a_missing_file_is_named(tmp_path):
    result = run("decide", str(tmp_path / "none.json"))
    assert result.exit_code == 2
    assert "none.json: cannot be read" in result.stderr


def test_no_file_at_all_is_a_mistake_in_the_command():
    assert run("decide").exit_code == 2


@pytest.mark.parametrize(
    "form",
    [
        b"\xff\xfe\x00",
        b'{"question_set": "bhp-nhs", "answers": {"A1": "\xff"}}',
        b'{"question_set": "bhp-nhs", "answers": {"\xff": "x"}}',
        b'{"question_set": "bhp-nhs", "answers": {"\\ud800": "x"}}',
        b'{"question_set": "\\ud800", "answers": {}}',
        b'{"question_set": "bhp-nhs", "answers": {"B1": "\\u202e\\u0000"}}',
        b"{" * 100_000,
        b"x" * 1_000_000,
    ],
    ids=["not text", "text", "key", "lone key", "lone set", "bidi and nul", "deep", "megabyte"],
)
def test_hostile_bytes_are_refused_in_words(form):
    result = run("decide", "-", given=form)
    assert result.exit_code == 2
    assert result.stderr.startswith("standard input line 1: ")
    assert len(result.stderr) < 1000
    assert "Traceback" not in result.stderr


def test_a_byte_order_mark_is_let_pass():
    result = run("decide", "-", given=b"\xef\xbb\xbf" + lines(GOOD).encode())
    assert result.exit_code == 0


def test_it_needs_no_instance_secret_or_database(tmp_path):
    bare = {k: v for k, v in os.environ.items() if not k.startswith("EQIA_")}
    done = subprocess.run(
        [sys.executable, "-c", "from eqia.cli import main; main()", "decide", "-"],
        input=lines(GOOD),
        capture_output=True,
        text=True,
        cwd=tmp_path,
        env={**bare, "EQIA_INSTANCE_PATH": "not/absolute", "LC_ALL": "C"},
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert json.loads(done.stdout)["outcome"] == "not_required"
    assert list(tmp_path.iterdir()) == []


def test_the_bundled_sets_can_be_used():
    result = run("check-question-sets")
    assert result.exit_code == 0
    assert len(result.stdout.splitlines()) == 4
    assert "37 of 37 rules fired" in result.stdout


def test_a_good_file_says_so(tmp_path):
    path = tmp_path / "next.toml"
    text = (FOLDER / "scot-psed-fsd-1.toml").read_text(encoding="utf-8")
    path.write_text(text.replace("version = 1", "version = 2"), encoding="utf-8")
    result = run("check-question-sets", str(path))
    assert result.exit_code == 0
    assert "scot-psed-fsd version 2 can be used" in result.stdout


def test_a_changed_published_version_is_refused(tmp_path):
    path = tmp_path / "same.toml"
    text = (FOLDER / "scot-psed-fsd-1.toml").read_text(encoding="utf-8")
    path.write_text(text.replace("Four short questions", "4 short questions"), encoding="utf-8")
    result = run("check-question-sets", str(path))
    assert result.exit_code == 2
    assert "already known with other content" in result.stderr


def test_every_fault_of_every_file_is_listed(tmp_path):
    one, two = tmp_path / "one.toml", tmp_path / "two.toml"
    one.write_text("id = 5")
    two.write_bytes(b"\xff")
    result = run("check-question-sets", str(one), str(two), str(tmp_path / "three.toml"))
    assert result.exit_code == 2
    assert f"{one}: top level: 'id' should be text" in result.stderr
    assert f"{one}: top level: missing key 'version'" in result.stderr
    assert f"{two}: is not TOML" in result.stderr
    assert "three.toml: cannot be read" in result.stderr


def test_an_unsafe_set_is_refused(tmp_path):
    path = tmp_path / "unsafe.toml"
    text = (FOLDER / "wales-reg8-1.toml").read_text(encoding="utf-8")
    start = text.index('[[rules]]\nid = "L5"')
    end = text.index("[[duties]]")
    path.write_text((text[:start] + text[end:]).replace("version = 1", "version = 2"))
    result = run("check-question-sets", str(path))
    assert result.exit_code == 2
    assert "P1: W3" in result.stderr

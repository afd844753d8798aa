"""`eqia verify` in a terminal: what it prints, and what it tells the shell."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import select

from eqia.cli import main
from eqia.documents.examining import MOST_BYTES
from eqia.documents.seal_keys import pem_of
from eqia.persistence.tables import RecordRow
from eqia.services import demonstration
from eqia.web import instances
from eqia.web.extensions import db
from eqia.web.factory import create_app
from tests.builders import NOW
from tests.documents.seal_material import NAME, seal_key
from tests.documents.sealed_records import sealed, short_record, unsealed

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(autouse=True)
def _nowhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No instance of whoever runs the tests."""
    monkeypatch.setenv("EQIA_INSTANCE_PATH", str(tmp_path / "instance"))
    monkeypatch.setenv("EQIA_ENV", "development")


@pytest.fixture
def known(tmp_path: Path) -> str:
    return written(tmp_path, "known.pem", pem_of([seal_key().certificate]).encode())


def written(folder: Path, name: str, content: bytes) -> str:
    (folder / name).write_bytes(content)
    return str(folder / name)


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["verify", *arguments])


def states(told: Result) -> list[str]:
    words = ("holds", "fails", "not checked")
    lines = (line.strip() for line in told.output.splitlines())
    return [w for line in lines for w in words if line.startswith(w)]


def test_with_the_right_certificate_a_record_holds(tmp_path: Path, known: str) -> None:
    told = run("--certificate", known, written(tmp_path, "record.pdf", sealed()))
    assert told.exit_code == 0, told.output
    assert states(told) == [*["holds"] * 3, "not checked", "holds", "holds"]
    assert "unchanged since it was sealed with the certificate you gave" in told.output
    assert f"“{NAME}”" in told.output
    assert short_record()["name"] in told.output
    assert "Same outcome: " in told.output


def test_with_another_certificate_it_does_not(tmp_path: Path) -> None:
    other = written(tmp_path, "other.pem", pem_of([seal_key(number=1).certificate]).encode())
    told = run("--certificate", other, written(tmp_path, "record.pdf", sealed()))
    assert told.exit_code == 1
    assert "with a key we do not know" in told.output


def test_without_any_certificate_nobody_is_sure(tmp_path: Path) -> None:
    told = run(written(tmp_path, "record.pdf", sealed()))
    assert told.exit_code == 1
    assert "who sealed it could not be checked" in told.output
    assert seal_key().seal.fingerprint[:8] in told.output


@pytest.mark.parametrize(
    ("content", "code", "words"),
    [
        (sealed() + b"junk", 1, "Something was added"),
        (sealed()[:-500], 1, "No seal was found"),
        (unsealed(), 1, "No seal was found"),
        (b"", 2, "This file is empty"),
        (b"<html>", 2, "This file is not a PDF"),
        (b"%PDF-1.7" + bytes(MOST_BYTES), 2, "larger than 5 MB"),
    ],
    ids=["added", "cut", "unsealed", "empty", "no PDF", "large"],
)
def test_the_shell_is_told_what_is_wrong(
    tmp_path: Path, known: str, content: bytes, code: int, words: str
) -> None:
    told = run("--certificate", known, written(tmp_path, "record.pdf", content))
    assert told.exit_code == code
    assert words in told.output


def test_of_several_files_the_worst_counts_and_each_is_told(tmp_path: Path, known: str) -> None:
    good = written(tmp_path, "good.pdf", sealed())
    bad = written(tmp_path, "bad.pdf", sealed() + b"\n")
    assert run("--certificate", known, good, bad, good).exit_code == 1
    told = run("--certificate", known, str(tmp_path / "nothing.pdf"), good)
    assert told.exit_code == 2
    assert "nothing.pdf: cannot be read" in told.output
    assert "good.pdf: This file is unchanged" in told.output


def test_a_certificate_that_is_none_is_told(tmp_path: Path) -> None:
    file = written(tmp_path, "record.pdf", sealed())
    told = run("--certificate", file, file)
    assert told.exit_code == 2
    assert "record.pdf holds no certificate" in told.output


def test_structure_is_checked_too(tmp_path: Path, known: str) -> None:
    told = run("--structure", "--certificate", known, written(tmp_path, "r.pdf", sealed()))
    assert told.exit_code == 0
    assert "Tagged and archival" in told.output
    bad = sealed().replace(b"/StructTreeRoot", b"/StructTreeRoom")
    told = run("--structure", "--certificate", known, written(tmp_path, "r.pdf", bad))
    assert told.exit_code == 1


def test_a_file_name_cannot_play_tricks_on_a_terminal(tmp_path: Path, known: str) -> None:
    file = written(tmp_path, "\x1b[31mred\u202e.pdf", sealed())
    told = run("--certificate", known, file)
    assert "\x1b" not in told.output
    assert "\u202e" not in told.output


def test_with_an_instance_its_records_are_asked(tmp_path: Path) -> None:
    instances.set_up()
    app = create_app()
    with app.app_context():
        printing = instances.printing(app, "https://eqia.example")
        demonstration.make(db.session, now=NOW, printing=printing)
        row = db.session.scalars(select(RecordRow).order_by(RecordRow.created_at)).first()
        db.dispose()
    told = run("--structure", written(tmp_path, "record.pdf", row.pdf))
    assert told.exit_code == 0, told.output
    assert states(told) == ["holds"] * 6
    assert "only for trying the service out" in told.output
    assert run(written(tmp_path, "record.pdf", row.pdf + b"\n")).exit_code == 1
    assert run(written(tmp_path, "record.pdf", sealed())).exit_code == 1


def test_an_instance_without_tables_is_told(tmp_path: Path) -> None:
    instances.write_config(instances.instance_folder())
    told = run(written(tmp_path, "record.pdf", sealed()))
    assert told.exit_code == 2
    assert "database of the instance cannot be read" in told.output

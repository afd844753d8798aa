"""What other programs say of our files; each is asked only where it is installed."""

from __future__ import annotations

import shutil
import subprocess
from functools import cache
from typing import TYPE_CHECKING

import pytest

from eqia.documents.checking import check
from eqia.documents.records import render
from eqia.domain.records import record_of
from tests.documents.fixtures import ALL_SETS
from tests.documents.rich import RICH

if TYPE_CHECKING:
    from pathlib import Path

PROFILES = ("record", "publication")
BOTH = [pytest.param(n, p, id=f"{n}-{p}") for n in RICH for p in PROFILES]


@cache
def made(name: str, profile: str) -> bytes:
    return render(record_of(RICH[name]()), profile)


def run(tmp_path: Path, pdf: bytes, *command: str) -> subprocess.CompletedProcess[str]:
    if shutil.which(command[0]) is None:
        pytest.skip(f"{command[0]} is not installed")
    path = tmp_path / "record.pdf"
    path.write_bytes(pdf)
    words = [str(path) if word == "FILE" else word for word in command]
    return subprocess.run(words, capture_output=True, text=True, errors="replace", check=False)


def test_there_are_six_rich_records_of_all_four_nations() -> None:
    assert len(RICH) == 6
    assert set(ALL_SETS) <= set(RICH)


@pytest.mark.parametrize(("name", "profile"), BOTH)
def test_our_own_check_passes(name: str, profile: str) -> None:
    check(made(name, profile), profile)


@pytest.mark.parametrize(("name", "profile"), BOTH)
def test_qpdf_finds_no_fault(name: str, profile: str, tmp_path: Path) -> None:
    done = run(tmp_path, made(name, profile), "qpdf", "--check", "FILE")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "WARNING" not in done.stdout + done.stderr


@pytest.mark.parametrize(("name", "profile"), BOTH)
def test_ghostscript_draws_every_page_without_a_word(
    name: str, profile: str, tmp_path: Path
) -> None:
    pdf = made(name, profile)
    done = run(tmp_path, pdf, "gs", "-q", "-dNOPAUSE", "-dBATCH", "-sDEVICE=nullpage", "FILE")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


@pytest.mark.parametrize(("name", "profile"), BOTH)
def test_poppler_reads_the_tags_in_order(name: str, profile: str, tmp_path: Path) -> None:
    done = run(tmp_path, made(name, profile), "pdfinfo", "-struct-text", "FILE")
    assert (done.returncode, done.stderr) == (0, "")
    lines = done.stdout.splitlines()
    assert lines[0] == "Document"
    sections = [lines[n + 1].strip(' "') for n, line in enumerate(lines) if line == "  H2 (block)"]
    numbers = [int(words.split(".")[0]) for words in sections if words[0].isdigit()]
    assert numbers == list(range(1, 11))


@pytest.mark.parametrize(("name", "profile"), BOTH)
def test_verapdf_passes_both_standards(name: str, profile: str, tmp_path: Path) -> None:
    flavour = {"record": "3a", "publication": "2a"}[profile]
    for wanted in (flavour, "ua1"):
        done = run(tmp_path, made(name, profile), "verapdf", "-f", wanted, "FILE")
        assert 'isCompliant="true"' in done.stdout

"""A test that was passed over stops the run, unless it may be."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize(
    ("reason", "exit_code"),
    [
        ("no Chromium on the PATH", 1),
        ("", 1),
        ("shared data absent", 0),
        ("verapdf is not installed", 0),
    ],
)
def test_a_skipped_test_stops_the_run(tmp_path: Path, reason: str, exit_code: int):
    report = tmp_path / "report.xml"
    skip = f'<skipped type="pytest.skip" message="{reason}"/>'
    report.write_text(
        f'<testsuites><testcase classname="a" name="b">{skip}</testcase></testsuites>'
    )
    command = [sys.executable, ROOT / ".ci" / "skipped.py", report]
    assert subprocess.run(command, check=False).returncode == exit_code


def test_the_run_script_is_sound_and_tests_what_the_readme_says():
    script = ROOT / ".ci" / "run"
    assert subprocess.run(["/bin/bash", "-n", script], check=False).returncode == 0
    assert "README.md" in script.read_text()

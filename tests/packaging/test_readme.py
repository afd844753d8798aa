"""The README's two commands are lines a person can copy, and .ci/run uses the second."""

from __future__ import annotations

import re
import tomllib
from dataclasses import fields
from pathlib import Path

import pytest
from packaging.requirements import Requirement

from eqia.cli import main
from eqia.web.settings import Settings

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("ending", ["eqia demo", "-m pytest"])
def test_each_command_is_one_line_in_a_block_of_its_own(ending: str):
    blocks = re.findall(r"```sh\n(.*?)```", README, re.DOTALL)
    (command,) = [block for block in blocks if block.strip().endswith(ending)]
    assert command.count("\n") == 1
    assert command.startswith("python3 -m venv .venv && ")


def test_heading_of_every_part_is_there():
    headings = re.findall(r"^## (.+)$", README, re.MULTILINE)
    assert headings[-7:] == [
        "First real set-up",
        "Settings",
        "Command line",
        "The seal, and how anyone checks a record",
        "Benchmarks",
        "Decisions",
        "Accessibility statement",
    ]


def test_every_setting_is_explained():
    names = {f"EQIA_{item.name.upper()}" for item in fields(Settings) if item.name != "testing"}
    assert names - set(re.findall(r"`(EQIA_\w+)`", README)) == set()


def test_every_command_is_explained():
    flasks_own = {"run", "shell", "routes", "db"}
    explained = set(re.findall(r"`eqia ([\w-]+)", README))
    assert set(main.commands) - flasks_own - explained == set()


def test_constraints_are_exact_versions_without_hashes_or_addresses():
    lines = (ROOT / "constraints.txt").read_text().splitlines()
    assert [line for line in lines if not re.fullmatch(r"[\w.-]+==[\w.]+", line)] == []


def test_every_dependency_has_a_constraint():
    pinned = {
        _plain(line.partition("==")[0])
        for line in (ROOT / "constraints.txt").read_text().splitlines()
    }
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    needs = project["dependencies"] + project["optional-dependencies"]["test"]
    wanted = {_plain(Requirement(need).name) for need in needs}
    assert wanted
    assert wanted - pinned == set()


def _plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()

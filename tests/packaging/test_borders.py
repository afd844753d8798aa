"""The layers keep their borders, and the domain stays pure."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

import eqia

ROOT = Path(__file__).parents[2]
DOMAIN = Path(eqia.__file__).parent / "domain"


def test_every_import_contract_is_kept():
    program = "from importlinter.cli import lint_imports_command as lint; lint()"
    command = [sys.executable, "-c", program, "--no-cache"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "0 broken" in done.stdout


@pytest.mark.parametrize(
    "path", sorted(DOMAIN.rglob("*.py")), ids=lambda path: path.relative_to(DOMAIN).as_posix()
)
def test_domain_imports_the_standard_library_alone(path: Path):
    foreign = {
        name
        for name in _imports(ast.parse(path.read_text(encoding="utf-8")))
        if name.partition(".")[0] not in sys.stdlib_module_names
        and name != "eqia.domain"
        and not name.startswith("eqia.domain.")
    }
    assert foreign == set()


def test_a_foreign_import_is_noticed():
    tree = ast.parse("import flask.views\nfrom sqlalchemy import orm\nfrom . import x\n")
    assert _imports(tree) == {"flask.views", "sqlalchemy", "eqia.domain"}


def _imports(tree: ast.AST) -> set[str]:
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            found.add("eqia.domain" if node.level else node.module or "")
    return found

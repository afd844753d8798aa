"""What goes into the wheel and the sdist, built as a release builds them."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest

from eqia.web.assets.build import is_fresh
from tests.requirements import missing

ROOT = Path(__file__).parents[2]
FONTS = ("NotoSans-Regular.ttf", "NotoSans-Bold.ttf", "NotoNaskhArabic-Regular.ttf")


def _build(target: str, folder: Path) -> Path:
    # `-m hatchling` takes the hook's needs from this environment, so nothing is downloaded.
    command = [sys.executable, "-m", "hatchling", "build", "-t", target, "-d", str(folder)]
    environment = {**os.environ, "EQIA_NODE": "system"}
    done = subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return next(folder.iterdir())


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> frozenset[str]:
    if not is_fresh(ROOT) and not shutil.which("npm"):
        missing("the design system was not built and there is no npm", "EQIA_ASSETS")
    with zipfile.ZipFile(_build("wheel", tmp_path_factory.mktemp("wheel"))) as archive:
        return frozenset(archive.namelist())


@pytest.fixture(scope="module")
def sdist(tmp_path_factory: pytest.TempPathFactory) -> frozenset[str]:
    with tarfile.open(_build("sdist", tmp_path_factory.mktemp("sdist"))) as archive:
        return frozenset(name.partition("/")[2] for name in archive.getnames())


@pytest.mark.parametrize("ending", [".css", ".css.br", ".css.gz", ".js", ".js.br", ".js.gz"])
def test_wheel_holds_the_hashed_and_compressed_front_end(wheel: frozenset[str], ending: str):
    folder = "eqia/web/static/dist/app-"
    assert [n for n in wheel if n.startswith(folder) and n.endswith(ending)]


@pytest.mark.parametrize(
    "name",
    [
        "eqia/web/static/dist/manifest.json",
        "eqia/web/static/dist/NOTICE.txt",
        "eqia/web/static/plain.css",
        "eqia/web/static/plain.js",
        "eqia/web/static/favicon.svg",
        "eqia/documents/dist/NOTICE.txt",
        "eqia/documents/dist/LICENSE-NotoSans.txt",
        "eqia/documents/dist/LICENSE-NotoNaskhArabic.txt",
        *(f"eqia/documents/dist/{font}" for font in FONTS),
    ],
)
def test_wheel_holds(wheel: frozenset[str], name: str):
    assert name in wheel


@pytest.mark.parametrize(
    "folder",
    ["eqia/domain/question_sets", "eqia/persistence/migrations", "eqia/cli.py", "eqia/web/assets"],
)
def test_wheel_holds_every_file_of(wheel: frozenset[str], folder: str):
    assert _sources(folder) <= wheel


def test_wheel_holds_every_template(wheel: frozenset[str]):
    templates = {f"eqia/{name}" for name in _sources("templates")}
    assert templates
    assert templates <= wheel


def test_wheel_holds_a_question_set_and_the_migration_pattern(wheel: frozenset[str]):
    assert any(n.startswith("eqia/domain/question_sets/") and n.endswith(".toml") for n in wheel)
    assert "eqia/persistence/migrations/script.py.mako" in wheel


@pytest.mark.parametrize("folder", ["tests/", "instance/", "node_modules/"])
def test_wheel_leaves_out(wheel: frozenset[str], folder: str):
    assert [name for name in wheel if name.startswith(folder) or f"/{folder}" in name] == []


def test_sdist_holds_sources_only(sdist: frozenset[str]):
    assert "pyproject.toml" in sdist
    assert "eqia/web/assets/.npmrc" in sdist
    assert "eqia/web/assets/package-lock.json" in sdist
    assert [name for name in sdist if "/dist/" in name or name.startswith("instance")] == []


def _sources(folder: str) -> set[str]:
    """Files under folder that git knows, as a checkout or a release would see them."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "--", folder]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if listed.returncode != 0:
        pytest.skip("shared data absent: not a git checkout")
    return set(listed.stdout.splitlines())

